#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Option 15 as kea, ISC dhcpd, dnsmasq and busybox's udhcpd send it: each form and server with a `proviso live` of its own.
# Which domain the device has taken is judged by what it asks a name server for; what it has refused, by its trace.
# once: programs without sanitizers; tests/unit/net/test_witness.c has the forms with them
set -u
source "$(dirname "$0")/../namespace.bash" dnsmasq
source "$root/tests/servers.bash"
in_namespaces kea dhcpd dnsmasq udhcpd

# form | what is configured; \xNN a byte | the domain that the device has to take, - none | refused: with a line in the trace
forms=(
    'plain|site1.example|site1.example|'
    'final dot|site1.example.|site1.example|'
    'blank behind|site1.example\x20|site1.example|'
    'dot and blank|site1.example.\x20|site1.example|'
    'underscore|corp_net.example|corp_net.example|'
    'upper case|Site1.EXAMPLE|Site1.EXAMPLE|'
    'one label|corp|corp|'
    'NUL behind|site1.example\x00|site1.example|'
    'NUL inside|site1\x00example|-|refused'
    'two, blank|site1.example\x20site2.example|-|refused'
    'two, comma|site1.example,site2.example|-|refused'
    'empty label|site1..example|-|refused'
    'UTF-8|b\xc3\xbcro.example|-|refused'
    'missing||-|'
    'overload|site1.example|site1.example|'
    'last first|site1.example|site1.example|'
)
field() { local IFS='|' parts; read -ra parts <<<"${forms[$1]}"; echo "${parts[$2 - 1]}"; }
hex() { printf '%b' "$(field "$1" 2)" | od -An -v -tx1 | tr -d ' \n'; }
is_plain() { [[ $(field "$1" 2) =~ ^[A-Za-z0-9._-]+$ ]]; }

# many N SEPARATOR COUNT: long lists of servers, so that option 15 has room only where the fields file and sname are. The last
# list leaves room for the end of the options: where they fill a message, dhcpd leaves the end out, and lwIP refuses that.
many() {
    local k
    for ((k = 1; k <= $3; k++)); do printf '%s10.9.%d.%d' "$( ((k == 1)) || echo "$2")" "$1" $((k + 9)); done
}

# --- one network for each form: subnet n is on tap n

kea_subnet() {
    local n=$1 i=$(($1 + 1)) data=''
    is_plain "$n" && data=", { \"name\": \"domain-name\", \"data\": \"$(field "$n" 2)\" }"
    [[ $data || ! $(hex "$n") ]] || data=", { \"code\": 15, \"csv-format\": false, \"data\": \"$(hex "$n")\" }"
    cat <<END
{ "id": $i, "subnet": "10.9.$i.0/24", "interface": "tap$i", "pools": [ { "pool": "10.9.$i.100 - 10.9.$i.120" } ],
  "option-data": [ { "name": "domain-name-servers", "data": "10.9.$i.1" }$data ] }
END
}

start_kea() {
    local n subnets=''
    for n in "${!forms[@]}"; do skipped "$n" || subnets+="${subnets:+, }$(kea_subnet "$n")"; done
    kea '"valid-lifetime": 600' "$subnets"
}

start_dhcpd() {
    local n i value list
    {
        echo 'authoritative; default-lease-time 600; option domain-name-servers 10.9.0.1;'
        for n in "${!forms[@]}"; do
            i=$((n + 1)) value=$(hex "$n")
            echo "subnet 10.9.$i.0 netmask 255.255.255.0 { range 10.9.$i.100 10.9.$i.120; option domain-name-servers 10.9.$i.1;"
            # shellcheck disable=SC2001 # each byte
            [[ ! $value ]] || echo "option domain-name \"$(sed 's/../\\x&/g' <<<"$value")\";"
            case $(field "$n" 1) in
            overload)
                echo 'option dhcp-parameter-request-list 1,3,41,42,44,48,6,15;'
                for list in routers nis-servers ntp-servers netbios-name-servers; do echo "option $list $(many "$i" ', ' 63);"; done
                echo "option font-servers $(many "$i" ', ' 47);"
                ;;
            'last first') echo 'option dhcp-parameter-request-list 15,6,3,1;' ;;
            esac
            echo '}'
        done
    } >dhcpd.conf
    : >leases
    unpacked dhcpd -4 -f -d --no-pid -cf dhcpd.conf -lf leases >server.log 2>&1 &
    eventually grep -q 'Sending on   Socket/fallback' server.log || fail "dhcpd does not start: $(<server.log)"
}

start_dnsmasq() {
    local n i value ranges=()
    for n in "${!forms[@]}"; do
        ! skipped "$n" || continue
        i=$((n + 1))
        ranges+=("--dhcp-range=set:n$i,10.9.$i.100,10.9.$i.120,255.255.255.0,600" "--dhcp-option=tag:n$i,6,10.9.$i.1")
        [[ ! $(field "$n" 2) ]] || ranges+=("--dhcp-option=tag:n$i,option:domain-name,$(printf '%b' "$(field "$n" 2)")")
        [[ $(field "$n" 1) != overload ]] || for value in 3 41 42 44 48; do
            ranges+=("--dhcp-option-force=tag:n$i,$value,$(many "$i" , 63)")
        done
    done
    dnsmasq -k -C /dev/null -u root -p 0 --no-ping --pid-file= --dhcp-leasefile="$work/leases" --log-dhcp \
        --log-facility="$work/server.log" "${ranges[@]}" &
    eventually grep -qs 'DHCP, IP range' server.log || fail "dnsmasq does not start"
}

start_udhcpd() {
    local n i
    for n in "${!forms[@]}"; do
        ! skipped "$n" || continue
        i=$((n + 1))
        {
            printf '%s\n' "interface tap$i" "start 10.9.$i.100" "end 10.9.$i.120" 'max_leases 21' "lease_file $work/leases$i" \
                "pidfile $work/pid$i" 'opt subnet 255.255.255.0' "opt dns 10.9.$i.1"
            if is_plain "$n"; then echo "opt domain $(field "$n" 2)"; elif [[ $(hex "$n") ]]; then echo "opt 15 $(hex "$n")"; fi
        } >"udhcpd$i.conf"
        : >"leases$i"
        unpacked busybox udhcpd -f "udhcpd$i.conf" >"udhcpd$i.log" 2>&1 &
        eventually grep -qs started "udhcpd$i.log" || fail "udhcpd does not start: $(<"udhcpd$i.log")"
    done
}

# What a server does not do, or cannot be told to.
skipped() {
    case $(field "$1" 1) in
    NUL*) [[ $SERVER == dnsmasq ]] ;;
    overload) [[ $SERVER == kea || $SERVER == udhcpd ]] ;;
    'last first') [[ $SERVER != dhcpd ]] ;;
    *) false ;;
    esac
}

# --- the devices

ip link set lo up
for n in "${!forms[@]}"; do
    skipped "$n" || start_device $((n + 1)) --oem intel
done
dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --local=/#/ --log-queries --log-facility="$work/asked" --pid-file= &
eventually test -s asked || fail "dnsmasq does not start"
"start_$SERVER"

attempted() { grep -q ' attempt-failed ' "live$1"; }
for n in "${!forms[@]}"; do
    skipped "$n" || eventually attempted $((n + 1)) || fail "$SERVER, $(field "$n" 1): no attempt: $(<"live$((n + 1))") $(tail -n 5 server.log)"
done

# The domain of the second name that is looked up, behind the host label alone. Newer versions of dnsmasq note names in
# small letters.
taken() { sed -n "s/.*query\[A\] [Pp]rovision[Ss]erver\.\([^ ]*\) from 10\.9\.$1\.1[0-9][0-9]\$/\1/p" asked | sort -u | paste -sd ' '; }
bad=0
for n in "${!forms[@]}"; do
    i=$((n + 1)) said=''
    skipped "$n" && continue
    got=$(taken $i)
    refusal=$(grep -c ' option15 0$' "live$i")
    ((!refusal)) || said=refused
    printf '%-8s %-14s %-30s %-17s %s\n' "$SERVER" "$(field "$n" 1)" "$(field "$n" 2)" "${got:--}" "$said"
    got=${got:--} want=$(field "$n" 3)
    [[ ${got,,} == "${want,,}" && $said == "$(field "$n" 4)" ]] || {
        echo "$SERVER, $(field "$n" 1): takes ${got:--}, ${said:-does not refuse}; expected $(field "$n" 3) $(field "$n" 4)"
        sed 's/^/    /' "live$i"
        bad=1
    }
done
exit $bad
