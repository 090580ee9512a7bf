#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `tests/claims`: the table of claims is complete, its rows run, and a table that leaves something out
# or lies is refused.
# once: its scenarios and unit tests run with sanitizers as such
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset ONLY # it names tests, not rows
VARIANT=$(basename "$OBJ")
export VARIANT

fail() {
    echo "claims.sh: $*" >&2
    exit 1
}

# A copy of the folder that may be changed, with what its scenarios name beside it.
copy=$work/sim/scenarios
fresh() {
    rm -rf "$copy"
    mkdir -p "$copy"
    ln -sfn "$PWD/build" "$work/build"
    cp -r sim/scenarios/claims sim/scenarios/usb "$copy" || fail "cannot copy"
    table=$copy/claims/CLAIMS.tsv
}

# claims STATUS [FILE]
claims() {
    local expected=$1 status
    tests/claims "${@:2}" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ $status -eq "$expected" ] || fail "status $status instead of $expected: $(cat "$work/err" "$work/out")"
}

# refused TEXT: the table in its present form
refused() {
    claims 2 "$table"
    [ ! -s "$work/out" ] || fail "runs rows of a bad table"
    grep -qF -- "$1" "$work/err" || fail "\"$1\" is not in $(cat "$work/err")"
}

claims 0
[ "$(tail -n 1 "$work/out")" = '87 passed, 0 failed' ] || fail "totals: $(tail -n 1 "$work/out")"
[ "$(grep -oE '^[TBAMG][0-9]{2} ' "$work/out" | sort -u | wc -l)" -eq 87 ] || fail "not 87 claims"
# Several rows are one claim.
ONLY=B09 claims 0
[ "$(tail -n 1 "$work/out")" = "1 passed, 0 failed" ] || fail "B09: $(cat "$work/out")"

# --- a claim that does not hold fails, with its command and the reason ---------------------------

fresh
sed -i 's/expect hello count == 1$/expect hello count == 77/' "$copy"/claims/b01-*.scn
ONLY=B01 claims 1 "$table"
grep -q '^B01  FAIL ' "$work/out" || fail "B01 did not fail: $(cat "$work/out")"
grep -q "run $copy/claims/b01-[a-z-]*.scn --release 2.2\$" "$work/out" || fail "no command for B01"
grep -q '! .*at [0-9a-z]*: expected <hello count == 77>, seen <1> (release 2.2)' "$work/out" || fail "no reason"
[[ $(tail -n 1 "$work/out") == *", 1 failed" ]] || fail "totals: $(tail -n 1 "$work/out")"

# It must hold on every release of its line, and be one that is there.
fresh
echo 'at 2h expect state "Completed" when 5.0.3' >>"$(echo "$copy"/claims/b01-*.scn)"
ONLY=B01 claims 1 "$table"
grep -q -- '--release 5.0.3$' "$work/out" || fail "does not name the release: $(cat "$work/out")"
fresh
sed -i 's/^# releases:.*/& 9.9/' "$copy"/claims/b01-*.scn
ONLY=B01 claims 1 "$table"

# --- a unit test that is not there is no pass ----------------------------------------------------

fresh
sed -i 's/G15_has_releases_of_both_rules/G15_is_not_there/' "$table"
ONLY=G15 claims 1 "$table"

# --- what a table must not be --------------------------------------------------------------------

fresh
sed -i '/^T11\t/d' "$table"
refused "no row for T11"
fresh
printf 'T99\tone too many\tscn\tt12-five-roots.scn\n' >>"$table"
refused 'unknown ID "T99"'
fresh
cp "$copy/claims/t12-five-roots.scn" "$copy/claims/t12b-four-roots.scn"
refused "t12b-four-roots.scn is in no row"
fresh
sed -i 's/t12-five-roots\.scn/t12-no-roots.scn/' "$table"
refused "no scenario $copy/claims/t12-no-roots.scn"
fresh
sed -i '/^T12\t/s/t12-five-roots/t11-one-touch-without-network/' "$table"
refused "T12: t11-one-touch-without-network.scn is not called t12-what-it-shows.scn"
fresh
sed -i 's/^T11\t\(.*\)\tscn\t/T11\t\1\tseen\t/' "$table"
refused 'kind "seen"; expected scn or unit'
claims 2 "$work/none.tsv"
