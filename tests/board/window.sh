#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The 24 hours of a device that nobody answers, on the boards' models with instruction counting, far
# faster than real time: the same attempts at the same times, to the millisecond, as in the virtual
# world (sim/scenarios/day-without-an-answer.scn), and the same end of the window.
set -u
source "$(dirname "$0")/common.bash"

scenario=$root/sim/scenarios/day-without-an-answer.scn
# The same menu, the same keys.
keys=$(sed -n 's/.*mebx keys "\(.*\)"$/\1/p' "$scenario")
# shellcheck disable=SC2059 # its backslashes are keys
printf "$keys" | "$PROVISO" mebx --release 5.0.2 --state "$work/state" >"$work/menu" 2>&1 ||
    fail "proviso mebx: $(tail -n 2 "$work/menu")"
"$PROVISO" run "$scenario" --quiet --trace "$work/trace" || fail "the scenario fails"

# The attempts' times in ms, counted from the first one.
relative() { awk 'NR == 1 { first = $1 } { print $1 - first }'; }
sed -nE 's/.*"t_us":([0-9]+)[0-9]{3},.*"event":"attempt".*/\1/p' "$work/trace" | relative >"$work/want"
(($(wc -l <"$work/want") == 40)) || fail "the trace was not understood: $(head -c 300 "$work/trace")"

# times EVENT: of the board's trace, in ms
times() {
    tr -d '\r' <"$work/uart" | sed -nE "s/^ *([0-9]+)\.([0-9]{3})  $1([ :].*|)\$/\1\2/p" | sed 's/^0*//'
}

for board in mps2-an385 lm3s6965evb; do
    start=$EPOCHREALTIME
    QEMU_EXTRA=(-icount 'shift=5,sleep=off')
    cp "$work/state" "$work/used"
    # Two threads of QEMU hand over to each other; on one processor that is fast.
    pin=(taskset -c 0)
    boot "$board" 5.0.2-intel --state "$work/used"
    eventually said window-closed || fail "the window does not end"
    seconds=$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $start }")
    sleep 1 # an hour and more of its time: nothing may follow
    off
    times attempt | relative >"$work/got"
    diff "$work/want" "$work/got" >"$work/diff" || fail "not as in the virtual world (<): $(<"$work/diff")"
    left=$(tr -d '\r' <"$work/uart" | sed -nE 's/.*window-open for ([0-9]+) s.*/\1/p')
    open=$(($(times window-closed) - $(times window-open)))
    # The menu took of the 24 hours what it took, and what is said is in whole seconds.
    ((left >= 86395 && open >= left * 1000 && open < left * 1000 + 1000)) ||
        fail "$left s were left, it was open for $open ms"
    echo "$board: 24 h of 40 attempts in $seconds s"
done
