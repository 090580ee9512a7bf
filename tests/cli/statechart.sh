#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso statechart`: list, mermaid and dot show the same machine, whole and well-formed, with the
# transitions that the specification names.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "statechart.sh: $*" >&2
    exit 1
}

for format in mermaid dot list; do
    "$PROVISO" statechart --format $format >"$work/$format" 2>"$work/err" ||
        fail "$format: status $?: $(cat "$work/err")"
    [ ! -s "$work/err" ] || fail "$format: unexpected complaint: $(cat "$work/err")"
done
"$PROVISO" statechart >"$work/default" || fail "without --format: status $?"
cmp -s "$work/default" "$work/mermaid" || fail "mermaid is not the default"

# Every line of each form is one that the form allows.
state='(factory|setup|in-process|provisioned|locked)'
id=${state/-/_}
label='[A-Za-z][A-Za-z ]*( \[[a-z0-9_]+\])?'
bad() { grep -nvE "$1" "$2"; }
if bad "^stateDiagram-v2\$|^    state \"$state\" as $id\$|^    \[\*\] --> factory\$|^    $id --> $id : $label\$" \
    "$work/mermaid"; then
    fail "these lines are no stateDiagram-v2"
fi
if bad "^digraph setup \{\$|^    (node|start) \[[a-z=, ]+\];\$|^    \"$state\";\$|^    start -> \"factory\";\$|^    \"$state\" -> \"$state\" \[label=\"$label\"\];\$|^\}\$" \
    "$work/dot"; then
    fail "these lines are no digraph"
fi
if bad "^$state(, $state)*: $label -> ($state|stays): [^()].* \([^()].*\)\$" "$work/list"; then
    fail "these lines of the list lack something"
fi
[ "$(head -n 1 "$work/mermaid")" = stateDiagram-v2 ] || fail "mermaid: no stateDiagram-v2 first"
[ "$(grep -c '\[\*\]' "$work/mermaid")" -eq 1 ] || fail "mermaid: not one initial state"
[ "$(grep -c '^    start ->' "$work/dot")" -eq 1 ] || fail "dot: not one initial state"
[ "$(tail -n 1 "$work/dot")" = "}" ] || fail "dot: not closed"
for name in factory setup in-process provisioned locked; do
    grep -qxF "    state \"$name\" as ${name/-/_}" "$work/mermaid" || fail "mermaid: no state $name"
    grep -qxF "    \"$name\";" "$work/dot" || fail "dot: no state $name"
done

# One edge "from|to|label" for each state that a row leaves from; a row that stays loops.
awk '{
        colon = index($0, ": "); rest = substr($0, colon + 2)
        arrow = index(rest, " -> "); label = substr(rest, 1, arrow - 1)
        to = substr(rest, arrow + 4); sub(/:.*/, "", to)
        n = split(substr($0, 1, colon - 1), from, ", ")
        for (i = 1; i <= n; i++)
            print from[i] "|" (to == "stays" ? from[i] : to) "|" label
    }' "$work/list" >"$work/edges"
sed -nE "s/^    ($id) --> ($id) : (.*)/\1|\3|\5/p" "$work/mermaid" | sed 's/in_process/in-process/g' \
    >"$work/mermaid-edges"
sed -nE "s/^    \"$state\" -> \"$state\" \[label=\"(.*)\"\];/\1|\2|\3/p" "$work/dot" >"$work/dot-edges"
for format in mermaid dot; do
    diff "$work/edges" "$work/$format-edges" >"$work/diff" ||
        fail "$format and list differ:"$'\n'"$(cat "$work/diff")"
done

events=$(grep -cE '^ +SETUP_EV_[A-Z_]+,' "$root/fw/core/setup.h")
[ "$events" -ge 12 ] || fail "the events in setup.h were not understood"
shown=$(cut -d '|' -f 3 "$work/edges" | sed 's/ \[.*//' | sort -u | wc -l)
[ "$shown" -eq "$events" ] || fail "the charts show $shown of $events events"

# has FROM TO EVENT: with or without a guard
has() {
    grep -qE "^$1\|$2\|$3( \[|\$)" "$work/edges" || fail "no edge from $1 to $2 by $3"
}
has factory setup "time"
has factory setup "start configuration"
has factory setup "key entered"
has factory provisioned "manual"
has setup in-process "hello delivered"
has setup setup "hello failed"
has setup provisioned "commit"
has in-process provisioned "commit"
has in-process in-process "time"
has in-process setup "start configuration"
has provisioned provisioned "start configuration"
has provisioned setup "partial unprovision"
for from in factory setup in-process provisioned; do
    has $from factory "full unprovision"
    has $from factory "CMOS lost"
done
# A locked device stays so, but for who stands at it.
for event in boot time "start configuration" "store lost"; do
    if grep -E "^locked\|(factory|setup|in-process|provisioned)\|$event" "$work/edges"; then
        fail "a locked device gets out by $event"
    fi
done
has locked factory "full unprovision"
has locked factory "CMOS lost"
if grep -E '^provisioned\|(factory|setup|in-process)\|(start|stop) configuration' "$work/edges"; then
    fail "a command of the agent leaves provisioned"
fi
if grep -E '^(factory|setup|in-process)\|provisioned\|' "$work/edges" | grep -vE '\|(manual|commit)( \[|$)'; then
    fail "something other than commit and manual leads to provisioned"
fi

# expect_error EXPECTED ARGUMENT...: status 2, one line that begins so, no output
expect_error() {
    local expected=$1 status
    shift
    "$PROVISO" statechart "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ $status -eq 2 ] || fail "statechart $*: status $status instead of 2"
    [ ! -s "$work/out" ] || fail "statechart $*: printed something in spite of its error"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "statechart $*: not one line: $(cat "$work/err")"
    [[ $(cat "$work/err") == "proviso statechart: $expected"* ]] ||
        fail "statechart $*: expected \"$expected\", got \"$(cat "$work/err")\""
}
expect_error "unknown format \"svg\"; expected mermaid, dot or list" --format svg
expect_error "unknown format \"\"; expected mermaid, dot or list" --format=
expect_error "--format requires a value (mermaid, dot or list)" --format
expect_error "--format given more than once" --format dot --format dot
expect_error "unexpected argument \"dot\"" dot

if command -v dot >/dev/null; then
    dot -Tsvg "$work/dot" >"$work/svg" 2>"$work/err" || fail "Graphviz: $(cat "$work/err")"
    [ "$(grep -c 'class="edge"' "$work/svg")" -eq $(($(wc -l <"$work/edges") + 1)) ] ||
        fail "Graphviz does not draw every edge"
fi
exit 0
