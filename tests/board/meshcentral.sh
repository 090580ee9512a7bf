#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# MeshCentral's provisioning server, as it is, provisions a board from hello to CommitChanges. The board's flash
# comes from `proviso mebx`, where somebody typed the hash of the server's root in; then amttool reads the board
# over https, and hours of virtual time bring no further hello.
set -u
source "$(dirname "$0")/../peers/meshcentral-board.bash"

# minutes_are_over: the trace has come to the time, of the board's own, at which this is asked
minutes_are_over() {
    agent -discovery >agent.log || true
    (($(tr -d '\r' <uart | sed -nE 's/^ *([0-9]+)\.[0-9]{3}  amthi .*/\1/p' | tail -n 1) >= 600))
}

# silent: with an address and a set-up server's typed in by hand, so that nothing but its state keeps it from saying
# hello, it lets ten minutes of its time pass, in which one that is not provisioned makes its first attempts
# (tests/board/window.sh).
silent() {
    # As shipped, a password that somebody at the menu has chosen stays.
    printf '%b' "$mebx_before\r3\r2\r1\r1\r3\r10.0.0.50\r4\r255.255.255.0\r0\r4\r1\r10.0.0.9\r\r0\r0\r4\ry\r" |
        "$PROVISO" mebx --release 5.0.3 --state state >menu 2>&1
    grep -q 'The changes are stored' menu || fail "MEBx stores nothing: $(tail -n 5 menu)"
    QEMU_EXTRA=(-icount 'shift=5,sleep=off')
    boot "$board" 5.0.3-intel --state "$work/state"
    eventually minutes_are_over || fail "ten minutes do not pass"
    said "address 10.0.0.50" || fail "has not the address that was typed in"
    ! said ' attempt ' || fail "says hello when it is provisioned"
    off
}

# shellcheck disable=SC2043 # the only board with TLS
for board in mps2-an385; do
    serve sha1
    start_board "$board"
    activated sha1
    completed
    lets_go
    walked uart
    one_hello uart
    amttool_reads # the server keeps its connection: who is silent makes room
    stop_serving
    no_secrets sha1 uart
    stack_left 5.0.3-intel
    silent
done
