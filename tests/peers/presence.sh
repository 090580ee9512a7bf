#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Who looks for devices with RMCP presence pings finds those that answer, and what they say: MeshCmd amtscan, rmcpping
# of FreeIPMI, nmap. Whichever of them is missing is left out, and the bytes are compared all the same.
# once: other people's programs look at one program from outside
set -u
source "$(dirname "$0")/../namespace.bash" dnsmasq perl
agents=$BUILD/deps/meshcentral/agents
device=192.168.77.50 password='Passw0rd!'

leased_wire $device

meshcmd=''
if [[ $(uname -m) == x86_64 && -f $agents/meshcmd.min.js ]] && command -v node >/dev/null; then
    node "$root/tests/peers/meshcmd.js" "$agents" meshcmd >>log 2>&1 || fail "MeshCmd cannot be put together"
    meshcmd=$work/meshcmd
fi

# provisioned RELEASE: by hand, in small business mode: TLS is off
provisioned() {
    printf '%b' "admin\r$password\r$password\r3\r1\rpc1\r3\r2\r0\r4\ry\r" |
        "$PROVISO" mebx --release "$1" --state "state-$1" >screen || fail "mebx: $(<screen)"
}

# start RELEASE
start() {
    : >log
    "$PROVISO" live --tap tap0 --release "$1" --state "state-$1" >>log 2>&1 &
    pid=$!
    eventually grep -q "address $device: site1.example$" log || fail "$1: no lease"
}

stop() {
    kill "$pid"
    wait "$pid"
}

# asked HEX: what comes back to a datagram from its port, "refused" for an ICMP error, "" for nothing
asked() {
    perl -MIO::Socket::INET -MIO::Select -e '
        my ($to, $ping) = @ARGV;
        my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => $to, PeerPort => 623) or die;
        $s->send(pack "H*", $ping);
        if (IO::Select->new($s)->can_read(length($ping) == 24 && $ping =~ /^0600..06000011be80..0000$/ ? 300 : 1)) {
            my $got = "";
            print defined $s->recv($got, 1000) ? unpack "H*", $got : "refused";
        }' $device "$1"
}

# finds RELEASE DATA [MESHCMD-LINE]: what it answers with; MeshCmd knows devices by a bit that 5.0 has elsewhere
finds() {
    local got
    got=$(asked 06000006000011be80a50000)
    [[ $got == "0600ff06000011be40a50010$2" ]] || fail "$1 answers \"$got\""
    if [[ $meshcmd ]]; then
        got=$(timeout 300 "$meshcmd" amtscan --scan $device </dev/null 2>&1 | tr -d '\r' | tail -n 1)
        [[ $got == "${3:-No Intel AMT found.}" ]] || fail "$1: MeshCmd amtscan says \"$got\""
    fi
    if command -v rmcpping >/dev/null; then
        got=$(rmcpping -c 2 $device 2>&1)
        grep -q '^2 pings transmitted, 2 pongs received in time' <<<"$got" || fail "$1: rmcpping: $got"
    fi
    if command -v nmap >/dev/null; then
        # From 7.94 on it would ask for IPMI.
        got=$(nmap -n -Pn -sU -p 623 --data 06000006000011be80a50000 $device 2>&1)
        grep -qE '^623/udp +open( |\|filtered)' <<<"$got" || fail "$1: nmap: $got"
    fi
}

for release in 3.2.2 5.0.3 5.1; do provisioned $release; done

start 3.2.2
got=$(asked 06000006000011be80a50000)
[[ $got == refused ]] || fail "3.2.2 answers \"$got\""
stop

start 5.0.3
finds 5.0.3 00000157000000002100000000000000
# What is no ping is answered as to any other port, and changes nothing.
for other in 06 06000006000011be80a5000000 06000006000011be40a50000 06000007000011be80a50000 \
    0600ff0700000000000000000009201881; do
    got=$(asked $other)
    [[ $got == refused ]] || fail "$other is answered: \"$got\""
done
finds 5.0.3 00000157000000002100000000000000
stop

start 5.1
finds 5.1 00000157000000000120000000000000 "$device - Intel AMT v0.0, NotActivated."
stop

# It says that it is in set-up.
start 6.1
finds 6.1 00000157000061010120000000000000 "$device - Intel AMT v6.1, InActivation."
