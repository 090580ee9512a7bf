#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program as a whole: its help, its version, what it says to a command that it does not know.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "proviso.sh: $*" >&2
    exit 1
}

run() {
    "$PROVISO" "$@" >"$work/out" 2>"$work/err" </dev/null
}

run --version || fail "--version: status $?"
grep -qxE 'proviso [0-9]+\.[0-9]+\.[0-9]+' "$work/out" || fail "--version: $(cat "$work/out")"

run --help || fail "--help: status $?"
[ ! -s "$work/err" ] || fail "--help: writes to standard error"
mapfile -t commands < <(sed -nE 's/^  ([a-z]+) +[A-Za-z].*/\1/p' "$work/out")
for name in run compare live control pc mebx hello releases statechart; do
    [[ " ${commands[*]} " == *" $name "* ]] || fail "--help does not list $name"
done

for name in "${commands[@]}"; do
    run "$name" --help || fail "$name --help: status $?"
    [ ! -s "$work/err" ] || fail "$name --help: writes to standard error"
    head -n 1 "$work/out" | grep -q "^usage: proviso $name" ||
        fail "$name --help does not begin with its usage: $(head -n 1 "$work/out")"
    run "$name" --no-such-option
    [ $? -eq 2 ] || fail "$name: an unknown option does not end with status 2"
    [ ! -s "$work/out" ] || fail "$name: an unknown option prints a result"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$name: an unknown option takes more than one line"
    grep -q "^proviso $name: .*--no-such-option" "$work/err" ||
        fail "$name does not name the unknown option: $(cat "$work/err")"
done

# refuses WHY ARGUMENT...: `proviso pc` with these, which no board is behind
refuses() {
    run pc "${@:2}"
    [ $? -eq 2 ] || fail "pc ${*:2}: not status 2"
    [ "$(cat "$work/err")" = "proviso pc: $1" ] || fail "pc ${*:2}: $(cat "$work/err")"
}
: >"$work/file"
refuses '--serial PATH is required' --console "$work/file"
refuses '--console PATH is required' --serial "$work/file"
refuses "cannot open $work/none: No such file or directory" --serial "$work/none" --console "$work/file"
refuses "cannot open $work/file: not a terminal" --serial "$work/file" --console "$work/file"

run
[ $? -eq 2 ] || fail "without a command: not status 2"
[ ! -s "$work/out" ] || fail "without a command: prints a result"
grep -q '^usage: proviso' "$work/err" || fail "without a command: no usage"
run frobnicate
[ $? -eq 2 ] || fail "unknown command: not status 2"
[ "$(cat "$work/err")" = "proviso: unknown command \"frobnicate\"; \`proviso --help\` lists them" ] ||
    fail "unknown command: $(cat "$work/err")"

if [ -w /dev/full ]; then
    for arguments in "--help" "releases" "releases --json" "statechart" "hello --help"; do
        # shellcheck disable=SC2086 # the words of one command line
        "$PROVISO" $arguments >/dev/full 2>"$work/err"
        [ $? -eq 2 ] || fail "$arguments: a full output is not noticed"
        grep -q 'cannot write' "$work/err" || fail "$arguments: $(cat "$work/err")"
    done
fi
exit 0
