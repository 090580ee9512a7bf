#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso live` in real time on a TAP interface, with dnsmasq as DHCP and DNS server, a TCP listener
# as set-up application and ztcagent on the host interface; in a network namespace of its own.
set -u
source "$(dirname "$0")/../namespace.bash" dnsmasq perl
mkdir -m 755 dns
pid=''

hellos() { wc -l <hellos.txt; }
hellos_are() { (($(hellos) == $1)); }
logged() { grep -q "$1" log; }
linked_again() { tail -n 1 log | grep -q 'link up$'; }

# start STATE ARGUMENT...
start() {
    : >log
    "$PROVISO" live --tap tap0 --state "$1" --host-socket host --control control "${@:2}" >>log 2>&1 &
    pid=$!
    eventually test -S control || fail "does not start"
}

gone() { ! readlink "/proc/$pid/exe" >/dev/null; }
# ends EXPECTED: with this status
ends() {
    local status
    eventually gone || fail "does not end"
    wait $pid
    status=$?
    ((status == $1)) || fail "ended with status $status instead of $1"
} 2>/dev/null # the shell reports who was killed

# control EXPECTED WORD...: status 0 and this answer
control() {
    local got
    got=$("$PROVISO" control --socket control "${@:2}" 2>&1) || fail "control ${*:2}: $got"
    [[ $got == "$1" ]] || fail "control ${*:2}: \"$got\" instead of \"$1\""
}

# refused EXPECTED WORD...: status 1 and a complaint that begins so
refused() {
    local got status
    got=$("$PROVISO" control --socket control "${@:2}" 2>&1)
    status=$?
    [[ $status == 1 && $got == "proviso control: $1"* ]] ||
        fail "control ${*:2}: status $status, \"$got\" instead of 1, \"$1\""
}

# agent STATUS TEXT ARGUMENT...: exit status, and a line of the output
agent() {
    local got status
    got=$("$ZTCAGENT" --socket host "${@:3}" 2>&1)
    status=$?
    ((status == $1)) || fail "ztcagent ${*:3}: status $status instead of $1: $got"
    grep -qF -- "$2" <<<"$got" || fail "ztcagent ${*:3}: no \"$2\" in: $got"
}

# next_hello: one more, the same bytes, from the one port
next_hello() {
    local count=$1 line
    eventually hellos_are "$count" || fail "no hello $count, $(hellos) until now"
    line=$(tail -n 1 hellos.txt)
    [[ $line == "16994 $expected" ]] || fail "hello $count: \"$line\" instead of \"16994 $expected\""
}

sent_frames() { awk '$1 == "tap0:" { print $3 }' /proc/net/dev; }

# asleep SECONDS WHEN: waits that long; the device must not keep the processor busy meanwhile. A loop
# that does not sleep takes all of the time, in ticks of 10 ms.
asleep() {
    local before
    before=$(awk '{ print $14 + $15 }' /proc/$pid/stat)
    sleep "$1"
    (($(awk '{ print $14 + $15 }' /proc/$pid/stat) - before < 30)) || fail "does not sleep $2"
}

# The host asks who has the device's address, and sends to it.
call_device() { echo >/dev/udp/192.168.77.50/9; } 2>/dev/null
answers_from() { [[ $(ip neigh show 192.168.77.50 dev tap0) == *" lladdr $1 "* ]]; }

# --- the network

ip link set lo up
ip tuntap add dev tap0 mode tap
ip addr add 192.168.77.1/24 dev tap0
ip link set tap0 up

dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces \
    --no-ping --pid-file= --dhcp-leasefile="$work/dns/leases" --log-facility="$work/dns/log" \
    --dhcp-range=192.168.77.50,192.168.77.50,255.255.255.0,1h \
    --dhcp-option=option:domain-name,site1.example --local=/site1.example/ \
    --host-record=provisionserver.site1.example,192.168.77.1 &

# One line for each connection: the peer's port and what it sent.
: >hellos.txt
perl -MIO::Socket::INET -e '
    my $listener = IO::Socket::INET->new(LocalPort => 9971, Listen => 8, ReuseAddr => 1) or die;
    open my $ready, ">", "listening" or die;
    while (my $peer = $listener->accept) {
        my $bytes = do { local $/; <$peer> };
        open my $out, ">>", "hellos.txt" or die;
        print $out $peer->peerport, " ", unpack("H*", $bytes // ""), "\n";
    }' &
eventually test -e listening || fail "the listener does not start"
eventually test -s dns/log || fail "dnsmasq does not start"

# Connects to the client with this GUID (as on the wire), prints the reply, holds on while it runs.
hostbus() {
    exec perl -MSocket -e '
        $| = 1;
        socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die;
        connect($s, pack_sockaddr_un($ARGV[0])) or die;
        syswrite($s, "C" . pack("H*", $ARGV[1])) or die;
        sysread($s, my $reply, 100) // die;
        print unpack("H*", $reply), "\n";
        sleep $ARGV[2];' host "$@"
}
amthi=2800f812b7b42d4baca846e0ff65814c

uuid=11223344-5566-7788-99aa-bbccddeeff00
expected=$("$PROVISO" hello encode --release 5.0.2 --version 3 --retry 0 --uuid $uuid)
((${#expected} == 2 * 135)) || fail "the hello to expect is not 135 bytes long"

# --- 15 s without AC and battery begin here, on a machine of their own

"$PROVISO" live --tap tap9 --control drained >drained.log 2>&1 &
eventually test -S drained || fail "does not start on an interface that it has to create"
for words in 'cmos out' 'ac off'; do
    # shellcheck disable=SC2086 # they are words
    "$PROVISO" control --socket drained $words >/dev/null || fail "control $words"
done
# Not the wall clock, which may be set meanwhile.
read -r drained_at _ </proc/uptime

# --- a lease, one hello, the agent

start state --release 5.0.2 --oem intel
next_hello 1
logged 'address 192.168.77.50: site1.example$' || fail "no lease with option 15"
agent 0 'Setup and Configuration: In process' -discovery
control 'In process' state
call_device
eventually answers_from 02:a3:7e:00:00:01 || fail "$(ip neigh) instead of the device's MAC"
[[ $(stat -c %a host) == 600 && $(stat -c %a control) == 600 ]] ||
    fail "the sockets are not for their owner alone"
hellos_are 1 || fail "more than one hello"

# --- one connection to AMTHI at a time, other clients unknown

hostbus $amthi 10 >first &
holder=$!
eventually test -s first || fail "no reply to the connect request"
[[ $(cat first) == 43000014000001000000 ]] || fail "connect: $(cat first)"
[[ $(hostbus $amthi 0) == 43020014000001000000 ]] || fail "the second connection is not refused"
agent 3 busy -discovery
[[ $(hostbus 00000000000000000000000000000000 0) == 43010014000001000000 ]] ||
    fail "an unknown client is not refused"
kill $holder
wait $holder 2>/dev/null
agent 0 'In process' -discovery

# --- nobody else gets at its parts

another=$("$PROVISO" live --tap tap1 --host-socket host 2>&1)
[[ $? == 2 && $another == "proviso live: socket host is in use by another process" ]] ||
    fail "a second process on the same socket: $another"
another=$("$PROVISO" live --tap tap1 --state state 2>&1)
[[ $? == 2 && $another == "proviso live: state file state is in use by another process" ]] ||
    fail "a second process on the same state file: $another"
another=$("$PROVISO" live --tap tap0 2>&1)
[[ $? == 2 && $another == "proviso live: interface tap0 is in use by another process" ]] ||
    fail "a second process on the same interface: $another"
another=$("$PROVISO" live --tap lo 2>&1)
[[ $? == 2 && $another == "proviso live: interface lo is not a TAP interface" ]] ||
    fail "not a TAP interface: $another"

another=$(timeout 300 "$PROVISO" live --tap tap1 2>&1 >/dev/full)
[[ $? == 2 && $another == "proviso live: cannot write to standard output" ]] ||
    fail "goes on although nobody can see what it says: $another"

# --- killed, it goes on where it was

kill -KILL $pid
ends 137
[[ -S host && -S control ]] || fail "a killed process cannot have removed its sockets"
start state --release 5.0.2 --oem intel
next_hello 2
agent 0 'Setup and Configuration: In process' -discovery

# --- AC and CMOS

control ok ac off
control 'AC off' state
agent 3 'cannot reach a device' -discovery
ip neigh flush dev tap0
frames=$(sent_frames)
call_device
asleep 1 'without power'
(($(sent_frames) == frames)) || fail "sends without power"
refused 'AC is off' unprovision full
control ok ac on
next_hello 3
agent 0 'Setup and Configuration: In process' -discovery
refused 'AC is on' cmos clear
control ok ac off
control ok cmos out
control ok cmos in
control ok ac on
next_hello 4
! logged restored || fail "a moment without battery loses the CMOS"
control ok ac off
control ok cmos clear
control ok ac on
next_hello 5
logged 'restored bare-metal 24 h: Intel default' || fail "the jumper does not restore the defaults"
control 'In process' state

# --- the PC's keyboard and screen

on_screen() { "$PROVISO" control --socket control screen | grep -qF -- "$1"; }

eventually on_screen 'Press DEL for set-up' || fail "the PC shows no start"
control ok press del
eventually on_screen '> System information' || fail "the PC shows no set-up"
control ok press esc
eventually on_screen 'Press DEL for set-up' || fail "the PC does not start again"
control ok press power
eventually on_screen '(the screen is black)' || fail "the PC is not off"
control 'ME off' state
refused 'the ME has no power while the PC is off; press power first' mebx manual
refused 'the machine is not on' press reset
control ok press power
eventually on_screen 'Northwind' || fail "the PC does not start"
control 'In process' state

# --- the keyboard

control ok unprovision full
next_hello 6
control 'In process' state
control ok mebx server 192.168.77.1 9971
control ok mebx domain site1.example
refused 'invalid value: the device rejects it' mebx domain bad_name
for words in 'on' 'ac' 'ac up' 'ac on now' 'mebx server' 'mebx server 1.2.3.4 5 6' 'state now'; do
    # shellcheck disable=SC2086 # they are words
    refused 'unknown command; expected state, screen, ac on, ac off, ' $words
done
refused 'invalid address; expected an IPv4 address' mebx server 1.2.3
refused 'invalid port; expected a number' mebx server 192.168.77.1 65536
refused 'invalid command; expected one line of text' $'ac\non'
control 'In process' state
control ok mebx manual
refused 'refused: the device is provisioned; unprovision it first' mebx server 192.168.77.2
refused 'refused: the device is provisioned; unprovision it first' mebx manual
control 'Completed' state

# --- the end

kill -TERM $pid
ends 0
[[ ! -e host && ! -e control ]] || fail "leaves its sockets behind"
for socket in host control; do
    : >$socket
    another=$("$PROVISO" live --tap tap0 "--$([[ $socket == host ]] && echo host-socket || echo control)" "$socket" 2>&1)
    [[ $? == 2 && $another == "proviso live: $socket exists and is not a socket" ]] ||
        fail "replaces a file that is no socket: $another"
    rm $socket
done

# --- 5.0.3 without bare-metal provisioning: silent until the agent comes

count=$(hellos)
frames=$(sent_frames)
start fresh --release 5.0.3 --oem bmp-off
asleep 3 'while nothing happens'
(($(sent_frames) == frames)) || fail "sends $(($(sent_frames) - frames)) frames before it is asked to"
agent 0 'Setup and Configuration: Not started' -discovery
# Nothing else would wake it.
ip link set tap0 down
eventually logged 'link down$' || fail "does not see the link go down"
ip link set tap0 up
eventually linked_again || fail "does not see the link come up"
(($(sent_frames) == frames)) || fail "discovery makes it send"
agent 0 'Start Configuration command succeeded.' -activate
next_hello $((count + 1))
control 'In process' state

# --- 15 s are over

read -r now _ </proc/uptime
sleep "$(awk "BEGIN { left = $drained_at + 15.05 - $now; print (left > 0 ? left : 0) }")"
"$PROVISO" control --socket drained cmos in >/dev/null || fail "control cmos in"
! grep -q restored drained.log || fail "restores the defaults before it starts"
"$PROVISO" control --socket drained ac on >/dev/null || fail "control ac on"
grep -q restored drained.log || fail "15 s without AC and battery do not lose the CMOS: $(cat drained.log)"
grep -q '^proviso live: release .*, interface tap9, flash in memory only$' drained.log ||
    fail "$(cat drained.log)"

# --- the interface goes away

ip link del tap0
ends 1
logged '^proviso live: interface tap0 was removed$' || fail "does not say that the interface was removed"
[[ ! -e host && ! -e control ]] || fail "leaves its sockets behind when the interface goes away"
pid=''
