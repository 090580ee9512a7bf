#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `make BOARD=... run` as a user types it: QEMU's own network with its domain name, the console on the
# terminal, the store in a file that the next run and `proviso mebx` find; and what is refused.
set -u
source "$(dirname "$0")/common.bash"
unset MAKEFLAGS MAKELEVEL
ip link set lo up
command -v gdb-multiarch >/dev/null || skip "no gdb-multiarch"
board=mps2-an385

# QEMU's network passes look-ups on to the machine's name server: here it is ours.
echo 'nameserver 127.0.0.1' >"$work/resolv.conf"
mount --bind "$work/resolv.conf" "$(readlink -f /etc/resolv.conf)"
dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --listen-address=127.0.0.1 --bind-interfaces \
    --pid-file= --local=/example/ --host-record=provisionserver.proviso.example,10.0.2.2 &
helpers+=($!)
listen

# refused EXPECTED COMMAND...: status 2 and this complaint
refused() {
    local want=$1 got status
    shift
    got=$("$@" 2>&1)
    status=$?
    [[ $status == 2 && $got == *"$want"* ]] || fail "$*: status $status, $got"
}
refused 'unknown board "none"; there are: lm3s6965evb mps2-an385' make -C "$root" BOARD=none
refused 'unknown RELEASE=9.9; expected one of: 2.0 2.1 ' make -C "$root" BOARD=$board RELEASE=9.9
refused 'unknown OEM=none; expected one of: intel bmp-off ' make -C "$root" BOARD=$board OEM=none
refused 'invalid SEED; expected 32 to 128 hexadecimal digits' make -C "$root" BOARD=$board SEED=1234
refused 'invalid UUID=1; expected 8-4-4-4-12' make -C "$root" BOARD=$board UUID=1
refused 'OpenOCD does not know it' make -C "$root" BOARD=$board flash
head -c 100 /dev/zero >"$work/short"
refused 'has 100 bytes, expected 16384' "$root/tools/board-run" $board "$(image $board 5.0.2-intel)" \
    --state "$work/short"
refused 'unknown option --nic' "$root/tools/board-run" $board "$(image $board 5.0.2-intel)" --nic x
refused 'cannot find image none' "$root/tools/board-run" $board none

# gdb: stops at the first instruction, and finds its way
gdb=$(printf '%s\n' 'break device_boot' 'continue' 'info symbol $pc' 'kill' |
    make -C "$root" BOARD=$board RELEASE=5.0.2 TAP= gdb 2>&1)
grep -q '^(gdb) device_boot in section .text' <<<"$gdb" || fail "make gdb: $gdb"

# run: from another terminal, until the hello; then Ctrl-A x
run() {
    rm -f "$work/keys"
    mkfifo "$work/keys"
    : >"$work/uart"
    make -C "$root" BOARD=$board RELEASE=5.0.2 TAP= STATE="$work/state" run <"$work/keys" \
        >"$work/uart" 2>&1 &
    helpers+=($!)
    exec 8>"$work/keys"
    eventually said 'hello-delivered' || fail "no hello"
    printf '\x01x' >&8
    exec 8>&-
    wait "${helpers[-1]}" || fail "does not end well"
    unset 'helpers[-1]'
}
run
said 'address 10.0.2.15: proviso.example' || fail "no lease with option 15"
hellos_are 1 || fail "$(hellos) hellos"
[[ $(stat -c %s "$work/state") == 16384 && $(head -c 4 "$work/state") == PRVS ]] || fail "nothing is stored"
printf 'admin\r' | "$PROVISO" mebx --release 5.0.2 --state "$work/state" >"$work/menu" 2>&1
grep -q 'Change the default password first' "$work/menu" || fail "proviso mebx does not read it: $(<"$work/menu")"
run
hellos_are 2 || fail "$(hellos) hellos"
