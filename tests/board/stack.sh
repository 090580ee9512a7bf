#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# How deep the stack was after a run in QEMU, against the bound of tools/stack: lease, look-up of two
# names, hello, agent, a menu that stores something. RAM starts as zeros in QEMU, and the stack's end is
# the lowest word of its region that is none any more.
set -u
source "$(dirname "$0")/common.bash"
cd "$root" || exit 1

pid=0000-037M pps=NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ

symbol() { arm-none-eabi-nm "$elf" | awk -v name="$1" '$3 == name { print "0x" $1 }'; }

# bound IMAGE: what tools/stack says
bound() {
    local at=$BUILD/$board folder su=()
    for folder in hal shared/. lwip/. mbedtls/. "test-$1"; do su+=(--su "$at/$folder"); done
    CROSS=arm-none-eabi- tools/stack --calls tools/stack-calls.txt --tsv "${su[@]}" "image=$elf" |
        awk -F '\t' '$2 == "total" { print $3 }'
}

# check IMAGE: stops the machine that runs it for good
check() {
    local bottom top bytes used most
    elf=$(image "$board" "$1")
    elf=${elf%.bin}.elf
    bottom=$(symbol cm_stack_bottom) top=$(symbol cm_stack_top)
    bytes=$((top - bottom))
    perl "$root/tests/board/cut.pl" "$work/gdb" "$bottom" "$bytes" 0 "$work/ready" "$work/stack" >/dev/null ||
        fail "cannot read the stack"
    [[ $(stat -c %s "$work/stack") == "$bytes" ]] || fail "read $(stat -c %s "$work/stack") bytes of $bytes"
    used=$(perl -e 'local $/; my @words = unpack "V*", <STDIN>; shift @words while @words && !$words[0];
        print 4 * @words' <"$work/stack")
    most=$(bound "$1")
    [[ $most ]] || fail "tools/stack gives no bound for $elf"
    echo "$board, $1: $used bytes of the stack were used, at most $most can be, $bytes are reserved"
    ((used > 0 && used <= most)) || fail "the bound does not hold"
    off
}

# run RELEASE OEM MAC
run() {
    local before
    before=$(hellos)
    rm -f "$work/gdb"
    QEMU_EXTRA=(-gdb "unix:$work/gdb,server=on,wait=off")
    boot "$board" "$1-$2" --tap tap0 --mac "$3"
    if [[ $2 == bmp-off ]]; then
        sleep 1
        agent -activate >"$work/agent" || fail "ztcagent -activate: $(<"$work/agent")"
    fi
    eventually hellos_are $((before + 1)) || fail "no hello"
    agent -discovery >"$work/agent" || fail "ztcagent -discovery: $(<"$work/agent")"
    # The menu shows every hash, takes a PSK and stores it.
    type_until shown 'Leaving the menu' <<<$'\x10admin\rPassw0rd!\rPassw0rd!\r3\r4\r5\r3\r0\r0\r2\r'"$pid"$'\r'"$pps"$'\r0\r0\r4\ry\r'
    eventually hellos_are $((before + 2)) || fail "no hello after MEBx"
    agent -discovery >"$work/agent" || fail "ztcagent -discovery after MEBx: $(<"$work/agent")"
    check "$1-$2"
}

network
number=1
for board in mps2-an385 lm3s6965evb; do
    run 5.0.2 intel 02:a3:7e:00:04:0$number
    run 5.0.3 bmp-off 02:a3:7e:00:05:0$number
    ((number++))
done
