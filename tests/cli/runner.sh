#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The test runner counts right, and says no when a test fails, dies, or none runs.
# once: it runs tests/run
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
unset ONLY NO_SKIP MEANWHILE TAP JOBS TEST_TIMEOUT TEST_CPU_LIMIT
mkdir -p "$tree"/tests/{unit/room,cli} "$tree"/sim/scenarios/claims "$tree"/build/v/{unit,bin}
cp tests/run "$tree/tests/run"

# program FILE LINES STATUS
program() {
    printf '#!/bin/sh\n%b\nexit %s\n' "$2" "$3" >"$tree/$1"
    chmod +x "$tree/$1"
}
unit_test() {
    : >"$tree/tests/unit/room/test_$1.c"
    program "build/v/unit/test_$1" "$2" "$3"
}
expect() {
    local want=$1 status=0 got
    shift
    got=$("$tree/tests/run" "$@" 2>/dev/null | tail -n 1) || status=1
    [[ "$status $got" == "$want" ]] || {
        echo "tests/run $*: expected \"$want\", got \"$status $got\""
        exit 1
    }
}

expect '1 0 passed, 0 failed' v=unit,scn,sh
unit_test good 'echo ok 1 - a; echo ok 2 - b; echo "not ok 3 # SKIP c"' 0
expect '0 2 passed, 0 failed, 1 skipped' v=unit
unit_test bad 'echo ok 1 - a; echo not ok 2 - b; echo not ok 3 - c' 2
expect '1 3 passed, 2 failed, 1 skipped' v=unit
unit_test bad 'echo ok 1 - a' 1
expect '1 3 passed, 1 failed, 1 skipped' v=unit
unit_test bad : 0
expect '1 2 passed, 1 failed, 1 skipped' v=unit
rm "$tree/build/v/unit/test_bad"
expect '1 2 passed, 1 failed, 1 skipped' v=unit
rm "$tree/tests/unit/room/test_bad.c"
expect '0 4 passed, 0 failed, 2 skipped' v=unit v=unit

program emulator '[ "$1" = first ] && shift && exec "$@"' '$?'
echo "$tree/emulator first" >"$tree/build/v/run-with"
expect '0 2 passed, 0 failed, 1 skipped' v=unit
echo "$tree/emulator" >"$tree/build/v/run-with"
expect '1 0 passed, 1 failed' v=unit
echo 'not installed: compiler' >"$tree/build/v/skip"
expect '1 0 passed, 0 failed, 1 skipped' v=unit
NO_SKIP=1 expect '1 0 passed, 1 failed' v=unit
echo >"$tree/build/v/skip"
rm "$tree/build/v/run-with"
expect '0 2 passed, 0 failed, 1 skipped' v=unit

: >"$tree/sim/scenarios/holds.scn"
: >"$tree/sim/scenarios/claims/fails.scn"
program build/v/bin/proviso '[ "$1" = run ] && [ "$2" = sim/scenarios/holds.scn ]\nexit $?' 0
expect '1 1 passed, 1 failed' v=scn
ONLY=holds expect '0 1 passed, 0 failed' v=scn
ONLY=nothing expect '1 0 passed, 0 failed' v=scn,unit
# complaint ONLY: what it says beside the results
# shellcheck disable=SC2069 # only what it says of an error
complaint() { ONLY=$1 "$tree/tests/run" v=scn,unit 2>&1 >"$tree/said" || true; }
[[ $(complaint nothing) == 'tests/run: v=scn,unit has no test with "nothing" in its name' ]] || {
    echo "does not say that no test was meant: $(complaint nothing)"
    exit 1
}
[[ ! $(complaint holds) ]] || {
    echo "complains: $(complaint holds)"
    exit 1
}

program tests/cli/pass.sh 'test -x "$PROVISO"' '$?'
program tests/cli/skip.sh 'echo no network' 77
expect '0 1 passed, 0 failed, 1 skipped' v=sh
program tests/cli/slow.sh 'sleep 20' 0
TEST_TIMEOUT=2 expect '1 1 passed, 1 failed, 1 skipped' v=sh
rm "$tree"/tests/cli/*.sh


# --- several at once

said=$tree/said
told() {
    local line
    for line; do grep -qE -- "$line" "$said" || {
        echo "no line \"$line\" in:"
        cat "$said"
        exit 1
    }; done
}
# A zombie, which a container without an init keeps, has ended.
ended() { ! grep -qs '^State:\s[^Z]' "/proc/$(<"$tree/pid")/status"; }
runs() { "$tree/tests/run" "$@" >"$said" 2>&1; }

# Two that wait for each other pass only beside each other.
for pair in 'one two' 'two one'; do
    program "tests/cli/${pair% *}.sh" "touch $tree/${pair% *}; until [ -e $tree/${pair#* } ]; do sleep 0.1; done" 0
done
JOBS=2 expect '0 2 passed, 0 failed' v=sh
rm "$tree"/one "$tree"/two
TEST_TIMEOUT=2 JOBS=1 expect '1 1 passed, 1 failed' v=sh

# What failed is shown with its output, whole, and what comes to no end is ended and counted.
program tests/cli/one.sh 'for i in 1 2 3; do echo says $i; sleep 0.1; done' 3
program tests/cli/two.sh 'for i in 1 2 3; do echo other $i; sleep 0.1; done' 3
program tests/cli/hangs.sh "echo \$\$ >$tree/pid; trap : TERM; while :; do sleep 0.1; done" 0
program tests/cli/good.sh : 0
TEST_TIMEOUT=5 JOBS=4 TAP=$tree/tap runs v=sh && {
    echo "failed tests, and tests/run says that all is well"
    exit 1
}
[[ $(tail -n 1 "$said") == '1 passed, 3 failed' ]] || told 'totals'
told '^PASS  v sh cli/good.sh  [0-9.]+ s$' '^FAIL  v sh cli/hangs.sh \(exit status 137\)' '^      no end within 5 s' \
    '^[0-9]+ s of processor time' \
    '^ +[0-9.]+ s +[0-9.]+ s  v sh cli/hangs.sh$'
[[ $(grep -A 3 'sh cli/one.sh (' "$said" | tail -n 3 | tr -s ' \n' ' ') == ' says 1 says 2 says 3 ' ]] || told 'what one.sh says'
ended || told 'hangs.sh is ended'
said=$tree/tap told '^1\.\.4$' '^not ok [0-9]+ - v sh cli/one.sh$' '^# says 2$' '^ok [0-9]+ - v sh cli/good.sh$'
[[ $(tail -n 1 "$tree/build/test-totals") == '1 passed, 3 failed' ]] || told 'build/test-totals'
rm "$tree"/tests/cli/{one,two,hangs}.sh
program tests/cli/spins.sh 'while :; do :; done' 0
! TEST_CPU_LIMIT=1 runs v=sh || told 'spins.sh fails'
told '^FAIL  v sh cli/spins.sh \(exit status 152\)' '^      no end within 1 s of processor time' '^1 passed, 1 failed$'
rm "$tree/tests/cli/spins.sh"

# Interrupted, it ends what runs and says so.
rm "$tree/pid"
program tests/cli/hangs.sh "echo \$\$ >$tree/pid; while :; do sleep 0.1; done" 0
for signal in INT TERM; do
    rm -f "$tree/pid"
    # A shell without job control has its background processes ignore INT.
    perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$tree/tests/run" v=sh >"$said" 2>&1 &
    until [[ -s $tree/pid ]] && grep -q good "$said"; do sleep 0.1; done
    kill -$signal $!
    status=0
    wait $! || status=$?
    [[ $status == 130 && $(tail -n 1 "$said") == '1 passed, 0 failed, 1 not run: interrupted' ]] || told "status 130, not $status"
    ended || told 'hangs.sh is ended'
done
rm "$tree"/tests/cli/*.sh

# Of the first variant, what mostly waits begins before what is built meanwhile; the others come after that.
mkdir -p "$tree"/tests/{live,security,peers,board}
program tests/security/waits.sh "echo begins >>$said; until grep -q test $said; do sleep 0.1; done; echo ends >>$said" 0
program tests/cli/pass.sh "echo test >>$said" 0
program meanwhile "until grep -q begins $said; do sleep 0.1; done; echo built >>$said" 0
: >"$said"
MEANWHILE=$tree/meanwhile expect '0 2 passed, 0 failed' v=sh,siege
[[ $(<"$said") == $'begins\nbuilt\ntest\nends' ]] || told 'begins, built, test, ends, in this order'
program meanwhile : 1
MEANWHILE=$tree/meanwhile expect '1 ' v=sh
# How another variant's programs run is known when they are built.
unit_test good 'echo ok 1' 0
program meanwhile "mkdir -p build/w/unit; mv build/v/unit/test_good build/w/unit; echo $tree/emulator first >build/w/run-with" 0
program tests/security/waits.sh : 0
program tests/cli/pass.sh : 0
MEANWHILE=$tree/meanwhile expect '0 3 passed, 0 failed' v=sh,siege w=unit
program meanwhile 'echo no compiler >build/w/skip' 0
MEANWHILE=$tree/meanwhile expect '0 2 passed, 0 failed, 1 skipped' v=sh,siege w=unit
rm -r "$tree/build/w"
unit_test good 'echo ok 1 - a; echo ok 2 - b; echo "not ok 3 # SKIP c"' 0
program meanwhile : 0
program tests/security/waits.sh '[ -z "$MEANWHILE" ]' '$?'
MEANWHILE=$tree/meanwhile expect '0 1 passed, 0 failed' v=siege
expect '1 ' v=sh,none
rm "$tree"/tests/cli/*.sh

# What runs once runs with no sanitizers and on no other machine.
mkdir -p "$tree"/build/v-san
program tests/cli/pass.sh '# once: why' 0
program tests/live/pass.sh : 0
expect '0 2 passed, 0 failed' v=sh
expect '0 1 passed, 0 failed' v-san=sh
expect '0 2 passed, 0 failed, 1 skipped' v=unit
echo '// once: why' >"$tree/tests/unit/room/test_good.c"
expect '0 2 passed, 0 failed, 1 skipped' v=unit
echo "$tree/emulator first" >"$tree/build/v/run-with"
expect '1 0 passed, 0 failed' v=unit
rm "$tree"/tests/*/*.sh

program tests/peers/reads.sh : 0
program tests/board/meshcentral.sh : 0
program tests/board/other.sh : 1
expect '0 2 passed, 0 failed' v=peers
