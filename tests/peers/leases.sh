#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Leases of several lengths, from kea and from dnsmasq, for LEASE_SECONDS of real time (40; `make peers`: 600), each with a
# `proviso live` of its own over which curl keeps one connection busy. What the servers have noted and a capture must say:
# one address, renewed at T1 (RFC 2131 4.4.5) from the server that gave it, no connection reset.
# once: it waits
set -u
source "$(dirname "$0")/../namespace.bash" curl dumpcap tshark
source "$root/tests/servers.bash"
in_namespaces kea dnsmasq

seconds=${LEASE_SECONDS:-40}
all=(10 16 30 60 80 89 90 119 120 600)

# Those whose T1 comes twice, and ten of them at most.
leases=()
for lease in "${all[@]}"; do
    ((lease > seconds)) || leases+=("$lease")
done

# --- the servers; pools are large enough for an address to change

kea_subnet() {
    cat <<END
{ "id": $1, "subnet": "10.9.$1.0/24", "interface": "tap$1", "pools": [ { "pool": "10.9.$1.50 - 10.9.$1.99" } ],
  "valid-lifetime": $2, "min-valid-lifetime": $2, "max-valid-lifetime": $2,
  "option-data": [ { "name": "domain-name", "data": "site1.example" } ] }
END
}

start_kea() {
    local n subnets=''
    for n in "${!leases[@]}"; do
        subnets+="${subnets:+, }$(kea_subnet $((n + 1)) "${leases[n]}")"
    done
    kea '"valid-lifetime": 600' "$subnets"
}

# dnsmasq leases for two minutes at least; T1 and T2 can be shorter than that.
start_dnsmasq() {
    local n lease ranges=()
    for n in "${!leases[@]}"; do
        lease=${leases[n]}
        ranges+=("--dhcp-range=set:n$n,10.9.$((n + 1)).50,10.9.$((n + 1)).99,255.255.255.0,$lease")
        ((lease >= 120)) || ranges+=("--dhcp-option=tag:n$n,option:T1,$((lease / 2))" "--dhcp-option=tag:n$n,option:T2,$((lease * 7 / 8))")
    done
    dnsmasq -k -C /dev/null -u root -p 0 --no-ping --pid-file= --dhcp-leasefile="$work/current" \
        --log-facility="$work/server.log" --log-dhcp --dhcp-option=option:domain-name,site1.example "${ranges[@]}" &
    eventually grep -qs 'DHCP, IP range' server.log || fail "dnsmasq does not start"
}

# MAC and address of each lease that the server has noted
noted_by_kea() { awk -F, 'NR > 1 { print $2, $1 }' noted; }
noted_by_dnsmasq() { sed -n 's/.* DHCPACK(tap[0-9]*) \([0-9.]*\) \([0-9a-f:]*\).*/\2 \1/p' server.log; }

# --- the capture

# messages N: time, type, destination, yiaddr, lease and T1 of each DHCP message of that device
messages() {
    tshark -r frames -Y "dhcp && dhcp.hw.mac_addr == $(mac_of "$1")" -T fields -E occurrence=f -e frame.time_epoch \
        -e dhcp.option.dhcp -e ip.dst -e dhcp.ip.your -e dhcp.option.ip_address_lease_time -e dhcp.option.renewal_time_value 2>>log
}

resets() { tshark -r frames -Y "tcp.flags.reset == 1 && eth.addr == $(mac_of "$1")" 2>>log | wc -l; }

# What RFC 2131 lets a client send: after the first ACK only renewals, each to the server alone, when T1 has come (a tick of a
# second earlier at the most) and the lease has not ended. Half of them come within a second and a half of T1.
judge='
    function wrong(what) { printf "%s at %.1f s\n", what, $1 - start; bad = 1 }
    NR == 1 { start = $1 }
    $2 == 3 && acked {
        after = $1 - acked
        if ($3 == "255.255.255.255") wrong("asks every server")
        if (after < t1 - 1) wrong(sprintf("renews %.1f s after the lease, T1 is %d", after, t1))
        if (after >= lease) wrong(sprintf("renews %.1f s after a lease of %d s", after, lease))
        if (after < t1 + 1.5) punctual++
        if (!renewals || after < least) least = after
        if (after > most) most = after
        renewals++
        acked = 0
        asked = $1
    }
    $2 == 5 {
        if (address && $4 != address) wrong($4 " instead of " address)
        address = $4; lease = $5; t1 = $6 ? $6 : $5 / 2; acked = $1
    }
    $2 == 1 && address { wrong("discovers again") }
    $2 == 4 || $2 == 6 || $2 == 7 { wrong("message " $2) }
    END {
        if (!address) { print "no lease"; exit 1 }
        expected = int((end - start) / (t1 + 1)) - 2
        if (renewals < expected) wrong(renewals " renewals instead of " expected)
        if (punctual * 2 < renewals) wrong(punctual " of " renewals " renewals at T1")
        printf "%d %g %d %s %.1f %.1f\n", lease, t1, renewals, address, least, most
        exit bad
    }'

# A request every two seconds or three, all on one connection. The page asks for no password, as a 401 would close it.
busy() {
    exec curl -s -o /dev/null --rate 25/m -w '%{stderr}%{http_code} %{num_connects}\n' \
        "http://$2:16992/logon.htm?[1-$((seconds / 3))]" 2>"busy$1"
}

# --- the devices, for that long

ip link set lo up
interfaces=()
for n in "${!leases[@]}"; do
    i=$((n + 1))
    start_device $i --oem bmp-off
    "$PROVISO" control --socket "control$i" mebx manual >>log || fail "mebx manual"
    interfaces+=(-i "tap$i")
done
capture_on 'udp port 67 or tcp port 16992' "${interfaces[@]}"
"start_$SERVER"
leased() { "noted_by_$SERVER" | grep -q "^$(mac_of "$1") "; }
for n in "${!leases[@]}"; do
    eventually leased $((n + 1)) || fail "$SERVER has no lease of ${leases[n]} s: $(tail -n 5 server.log)"
    busy $((n + 1)) "$("noted_by_$SERVER" | sed -n "s/^$(mac_of $((n + 1))) //p" | head -n 1)" &
done
sleep "$seconds"
end_capture

bad=0
wrong() {
    echo "$SERVER, lease of ${leases[n]} s: $*"
    bad=1
}
printf '%-8s %7s %7s %7s  %8s  %-10s %s\n' server asked granted T1 renewals address 'after the lease'
for n in "${!leases[@]}"; do
    i=$((n + 1))
    row=$(messages $i | awk -F '\t' -v end="$EPOCHREALTIME" "$judge") || wrong "$row"
    read -r lease t1 renewals address least most < <(tail -n 1 <<<"$row")
    printf '%-8s %5d s %5d s %5s s  %8d  %-10s %s to %s s\n' \
        "$SERVER" "${leases[n]}" "$lease" "$t1" "$renewals" "$address" "$least" "$most"
    [[ $("noted_by_$SERVER" | grep "^$(mac_of $i) " | sort -u | wc -l) == 1 ]] || wrong "$SERVER has noted two addresses"
    (($(resets $i) == 0)) || wrong "$(resets $i) connections were reset"
    awk 'NR > 1 && $2 != 0 { again = 1 } END { exit again || !NR }' "busy$i" || wrong "curl had to connect again: $(sort "busy$i" | uniq -c)"
done
exit $bad
