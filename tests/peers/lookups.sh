#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The set-up server's name as dnsmasq, unbound and named answer for it: each case with a `proviso live` of its own, which a
# listener must hear from at the right address, or that must say that the name has none.
# once: it waits
set -u
source "$(dirname "$0")/../namespace.bash" dnsmasq perl
source "$root/tests/servers.bash"
in_namespaces dnsmasq unbound named

# case | records | numbers of the name servers | who gets the hello, - nobody, * anybody. N stands for 10.9.c.N in case c. Nobody has 2
# or 9; all from 128 on are the listener's. 3 answers with SERVFAIL for the case's domain, with REFUSED for others.
cases=(
    'one address|A 1|1|1'
    'second of two|A 2 1|1|1'
    'chain of aliases|CNAME 3 1|1|1'
    'capitals|A 1|1|1'
    'no such name|none|1|-'
    'alias of nothing|CNAME 1 -|1|-'
    'truncated|A 128:187|1|*'
    'first server dead|A 1|9 1|1'
    'first one fails|A 1|3 1|1'
    'only one, fails|A 1|3|-'
)
# Of an answer that does not fit, these send nothing: unbound, and dnsmasq from 2.91 on.
all_or_nothing() {
    [[ $SERVER == unbound ]] ||
        { [[ $SERVER == dnsmasq ]] && printf '%s\n' 2.91 "$(dnsmasq --version | awk 'NR == 1 { print $3 }')" | sort -CV; }
}
field() { local IFS='|' parts; read -ra parts <<<"${cases[$1]}"; echo "${parts[$2 - 1]}"; }
domain() { if [[ $(field "$1" 1) == capitals ]]; then echo "C$(($1 + 1)).EXAMPLE"; else echo "c$(($1 + 1)).example"; fi; }
zone() { domain "$1" | tr '[:upper:]' '[:lower:]'; }

# records N: "A owner address" and "CNAME owner target" a line, names within the zone
records() {
    local i=$(($1 + 1)) kind first words number owner=provisionserver
    read -r kind words < <(field "$1" 2)
    if [[ $kind == CNAME ]]; then
        read -r number words <<<"$words"
        for (( ; number > 0; number--)); do
            echo "CNAME $owner alias$number"
            owner=alias$number
        done
        [[ $words != - ]] || return 0
    fi
    for first in $words; do
        for ((number = ${first%:*}; number <= ${first#*:}; number++)); do echo "A $owner 10.9.$i.$number"; done
    done
}

# addresses TEXT: a line for each case, with its number instead of c
addresses() { local i; for ((i = 1; i <= ${#cases[@]}; i++)); do echo "${1//.c./.$i.}"; done; }

# --- the servers

start_dnsmasq() {
    local n kind owner target options=()
    for n in "${!cases[@]}"; do
        while read -r kind owner target; do
            if [[ $kind == A ]]; then
                echo "$target $owner.$(zone "$n")" >>hosts
            elif [[ $kind == CNAME ]]; then
                options+=("--cname=$owner.$(zone "$n"),$target.$(zone "$n")")
            fi
        done < <(records "$n")
        options+=("--listen-address=10.9.$((n + 1)).1")
    done
    dnsmasq -k -C /dev/null -u root --no-hosts --addn-hosts="$work/hosts" --no-resolv --local=/#/ --bind-interfaces --pid-file= \
        --log-facility="$work/server.log" "${options[@]}" &
    eventually grep -qs "read $work/hosts" server.log || fail "dnsmasq does not start: $(<server.log)"
}

zone_files() {
    local n kind owner target
    for n in "${!cases[@]}"; do
        {
            # shellcheck disable=SC2016 # the zone file's own word
            printf '$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\nns A 10.9.%d.1\n' $((n + 1))
            while read -r kind owner target; do
                [[ ! $kind ]] || echo "$owner $kind $target"
            done < <(records "$n")
        } >"$(zone "$n").zone"
    done
}

start_unbound() {
    local n
    zone_files
    {
        printf '%s\n' 'server:' 'access-control: 10.9.0.0/16 allow' 'do-daemonize: no' 'username: ""' 'chroot: ""' \
            "directory: $work" 'pidfile: ""' 'use-syslog: no' 'module-config: "iterator"' 'verbosity: 1' \
            'local-zone: "provisionserver." always_nxdomain'
        addresses 'interface: 10.9.c.1'
        printf 'remote-control:\ncontrol-enable: no\n'
        for n in "${!cases[@]}"; do
            printf 'auth-zone:\nname: "%s"\nzonefile: "%s.zone"\nfor-downstream: yes\nfor-upstream: yes\n' "$(zone "$n")" "$(zone "$n")"
        done
    } >unbound.conf
    unpacked unbound -d -c unbound.conf >server.log 2>&1 &
    eventually grep -q 'start of service' server.log || fail "unbound does not start: $(<server.log)"
}

# named_on NAME ADDRESSES: of each zone the file ZONE.NAME, where there is one
named_on() {
    local n
    {
        echo "options { directory \"$work\"; listen-on { $2 }; listen-on-v6 { none; }; recursion no; pid-file none;"
        echo 'session-keyfile none; querylog yes; notify no; dnssec-validation no; }; controls { };'
        for n in "${!cases[@]}"; do
            echo "zone \"$(zone "$n")\" { type primary; file \"$(zone "$n").$1\"; };"
        done
    } >"$1.conf"
    unpacked named -g -c "$1.conf" >"$1.log" 2>&1 &
    eventually grep -q ' running$' "$1.log" || fail "named does not start: $(<"$1.log")"
}

start_named() {
    zone_files
    named_on zone "$(addresses '10.9.c.1;')"
}

start_dhcp() {
    local n i number servers ranges=()
    for n in "${!cases[@]}"; do
        i=$((n + 1)) servers=''
        for number in $(field "$n" 3); do servers+=,10.9.$i.$number; done
        ranges+=("--dhcp-range=set:n$i,10.9.$i.100,10.9.$i.120,255.255.255.0,600" "--dhcp-option=tag:n$i,6$servers"
            "--dhcp-option=tag:n$i,option:domain-name,$(domain "$n")")
    done
    dnsmasq -k -C /dev/null -u root -p 0 --no-ping --pid-file= --dhcp-leasefile="$work/leases" \
        --log-facility="$work/dhcp.log" "${ranges[@]}" &
}

# --- the devices, and one listener for all

ip link set lo up
perl -MIO::Socket::INET -e '
    my $listener = IO::Socket::INET->new(LocalPort => 9971, Listen => 20, ReuseAddr => 1) or die;
    open my $out, ">>", "hellos" or die;
    $out->autoflush;
    while (my $peer = $listener->accept) {
        my $bytes = do { local $/; <$peer> };
        print $out $peer->peerhost, " ", $peer->sockhost, " ", length($bytes // ""), "\n";
    }' &
: >hellos
for n in "${!cases[@]}"; do
    i=$((n + 1))
    start_device $i --oem intel
    ip addr add 10.9.$i.3/24 dev tap$i
    ip route add local 10.9.$i.128/25 dev tap$i
done
"start_$SERVER"
named_on nothing "$(addresses '10.9.c.3;')"
start_dhcp

# The address that got a hello from the device, or - when it has said that its server's name has no address.
heard() { sed -n "s/^10\.9\.$1\.1[0-9]* 10\.9\.$1\.\([0-9]*\) 135\$/\1/p" hellos | head -n 1; }
ended() { [[ $(heard "$1") ]] || { [[ $2 == - ]] && grep -qiF "lookup-failed: provisionserver.$3" "live$1"; }; }
bad=0
for n in "${!cases[@]}"; do
    i=$((n + 1)) want=$(field "$n" 4)
    [[ $want != '*' ]] || ! all_or_nothing || want=-
    eventually ended $i "$want" "$(domain "$n")" || bad=1
    got=$(heard $i)
    printf '%-8s %-18s %-12s %-5s %s\n' "$SERVER" "$(field "$n" 1)" "$(field "$n" 2)" "$(field "$n" 3)" "${got:--}"
    [[ ${got:--} == "$want" || ($got && $want == '*') ]] || {
        echo "$SERVER, $(field "$n" 1): hello to ${got:--} instead of $want"
        sed 's/^/    /' "live$i"
        bad=1
    }
done
# A question without EDNS has no E among its flags.
! grep -q 'IN A +[^ ]*E' ./*.log || fail "asks with EDNS"
exit $bad
