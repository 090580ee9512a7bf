#!/usr/bin/env bash
# The test runner counts right, and says no when a test fails, dies, or none runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
unset ONLY NO_SKIP MEANWHILE
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

# A watch begins before what is built meanwhile and before the other tests, and ends after them.
mkdir -p "$tree"/tests/{watch,peers,board}
said=$tree/said
program tests/watch/good.sh "echo begins >>$said; until grep -q test $said; do sleep 0.1; done; echo ends >>$said" 0
program tests/cli/pass.sh "echo test >>$said" 0
program meanwhile "until grep -q begins $said; do sleep 0.1; done; echo built >>$said" 0
: >"$said"
MEANWHILE=$tree/meanwhile expect '0 2 passed, 0 failed' v=sh,watch
[[ $(<"$said") == $'begins\nbuilt\ntest\nends' ]] || {
    echo "the order is: $(<"$said")"
    exit 1
}
expect '0 1 passed, 0 failed' v=sh
program tests/watch/bad.sh : 1
program tests/watch/skip.sh 'echo no network' 77
expect '1 2 passed, 1 failed, 1 skipped' v=watch,sh
program tests/watch/bad.sh 'sleep 20' 0
WATCH_TIMEOUT=2 ONLY=bad expect '1 0 passed, 1 failed' v=watch
program meanwhile : 1
MEANWHILE=$tree/meanwhile expect '1 ' v=watch,sh
program meanwhile : 0
program tests/watch/bad.sh '[ -z "$MEANWHILE" ]' '$?'
MEANWHILE=$tree/meanwhile ONLY=bad expect '0 1 passed, 0 failed' v=watch
expect '1 ' v=sh,none

program tests/peers/reads.sh : 0
program tests/board/meshcentral.sh : 0
program tests/board/other.sh : 1
expect '0 2 passed, 0 failed' v=peers
