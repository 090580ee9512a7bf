#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Each board's image in QEMU's model of it, on a network of its own: a lease with option 15, the
# look-up, the hello, equal byte for byte to the one of `proviso live` with the same identity; a
# device without bare-metal provisioning sends nothing until the agent comes over the serial line; the
# MEBx menu on the console; an idle board leaves the processor alone.
set -u
source "$(dirname "$0")/common.bash"
network

pid=0000-037M pps=NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ

# live MAC: the hello of the live world's device in this place
live() {
    local before
    before=$(hellos)
    "$PROVISO" live --tap tap0 --release 5.0.2 --oem intel --mac "$1" \
        --uuid "50524f56-4953-494f-8000-${1//:/}" >"$work/live.log" 2>&1 &
    local pid=$!
    eventually hellos_are $((before + 1)) || fail "no hello of proviso live: $(<"$work/live.log")"
    kill $pid
    wait $pid
    sed -n '$s/.* //p' "$work/hellos"
}

fields() { tshark -r "$work/capture" -Y "$1" -T fields -E occurrence=a "${@:2}" 2>/dev/null; }

# Both ends of the connection are on the disk.
captured() { (($(fields 'tcp.flags.fin == 1' -e frame.number | wc -l) >= 2)); }

# What tshark says of the board's frames: option 15 asked for, the look-up, the ports, who closes.
check_capture() {
    local mac=$1
    fields "dhcp.option.dhcp == 3 && eth.src == $mac" -e dhcp.option.request_list_item |
        grep -qE '(^|,)15(,|$)' || fail "does not ask for option 15"
    fields "dns && eth.src == $mac && ip.src == 192.168.77.0/24" -e dns.qry.name >"$work/names"
    [[ $(<"$work/names") == $'ProvisionServer\nProvisionServer.site1.example' ]] ||
        fail "looks up $(<"$work/names")"
    fields "tcp.flags.syn == 1 && tcp.flags.ack == 0" -e tcp.srcport -e tcp.dstport >"$work/ports"
    [[ $(<"$work/ports") == $'16994\t9971' ]] || fail "connects $(<"$work/ports")"
    [[ $(fields "tcp.len > 0" -e tcp.len) == 135 ]] || fail "not one segment of 135 bytes"
    [[ $(fields "tcp.flags.fin == 1" -e eth.src | head -n 1) == "$mac" ]] ||
        fail "the board is not the first to close"
    ! fields "tcp.flags.reset == 1" -e frame.number | grep -q . || fail "the connection is reset"
}

# The share of one processor, in percent, over three seconds in which nothing happens.
idle_percent() {
    local before
    before=$(awk '{ print $14 + $15 }' "/proc/$qemu/stat")
    sleep 3
    awk -v before="$before" '{ printf "%d", ($14 + $15 - before) / 3 }' "/proc/$qemu/stat"
}

bare_metal() {
    local mac=$1 expected percent before
    before=$(hellos)
    : >"$work/tshark.log"
    tshark -q -i tap0 -w "$work/capture" >"$work/tshark.log" 2>&1 &
    helpers+=($!)
    eventually grep -q 'Capturing on' "$work/tshark.log" || fail "tshark: $(<"$work/tshark.log")"
    boot "$board" 5.0.2-intel --tap tap0 --mac "$mac"
    eventually hellos_are $((before + 1)) || fail "no hello"
    eventually said 'state in-process' || fail "does not notice the delivery"
    said "address 192.168.77.[0-9]*: site1.example" || fail "no lease with option 15"
    percent=$(idle_percent)
    echo "$board: idle, QEMU uses $percent % of a processor"
    ((percent < 10)) || fail "does not sleep"
    off
    eventually captured || fail "no end of the connection in the capture"
    kill "${helpers[-1]}"
    wait "${helpers[-1]}"
    unset 'helpers[-1]'
    check_capture "$mac"
    expected=$(live "$mac")
    [[ $(sed -n "$((before + 1))p" "$work/hellos") == "16994 $expected" ]] ||
        fail "its hello is not that of proviso live: $(cat "$work/hellos")"
    ((${#expected} == 270)) || fail "the hello has not 135 bytes"
}

agent_says() {
    local want=$1 got
    shift
    got=$(agent "$@" 2>&1) || fail "ztcagent $*: $got"
    grep -qF -- "$want" <<<"$got" || fail "ztcagent $*: no \"$want\" in $got"
}

by_agent() {
    local before sent
    before=$(hellos)
    boot "$board" 5.0.3-bmp-off --tap tap0 --mac "$1"
    sent=$(frames)
    sleep 2
    agent_says 'Setup and Configuration: Not started' -discovery
    (($(frames) == sent)) || fail "sends $(($(frames) - sent)) frames before it is asked to"
    agent_says 'Start Configuration command succeeded.' -activate
    eventually hellos_are $((before + 1)) || fail "no hello after -activate"
    agent_says 'Setup and Configuration: In process' -discovery
    off
}

# The keys of a person who opens the menu at power-up, changes the password and enters a PSK. Nobody
# else is on the console meanwhile.
by_menu() {
    local before
    before=$(hellos)
    boot "$board" 5.0.3-bmp-off --tap tap0 --mac "$1"
    type_until hellos_are $((before + 1)) \
        <<<$'\x10admin\rPassw0rd!\rPassw0rd!\r3\r4\r2\r'"$pid"$'\r'"$pps"$'\r0\r0\r4\ry\r'
    [[ $(tail -n 1 "$work/hellos") == "16994 0100020000000000"*303030303033374d ]] ||
        fail "not a PSK hello: $(tail -n 1 "$work/hellos")"
    shown 'Number: ' || fail "shows no menu"
    ! shown "$pps" && ! shown 'Passw0rd!' || fail "shows a secret"
    agent_says 'Setup and Configuration: In process' -discovery
    off
}

number=1
for board in mps2-an385 lm3s6965evb; do
    bare_metal 02:a3:7e:00:01:0$number
    by_agent 02:a3:7e:00:02:0$number
    by_menu 02:a3:7e:00:03:0$number
    ((number++))
done
