#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso compare`: the forum thread side by side, where it parts and why; failures; bad usage.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
thread=sim/scenarios/thread.scn
both=(--release 5.0.2 --release 5.0.3)

fail() {
    echo "compare.sh: $*" >&2
    exit 1
}

# compare STATUS ARGUMENT...: ends with this status
compare() {
    local expected=$1 status
    shift
    "$PROVISO" compare "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ $status -eq "$expected" ] ||
        fail "compare $*: status $status instead of $expected: $(cat "$work/err")"
}

# bad TEXT ARGUMENT...: status 2, no output, one line of complaint that holds TEXT
bad() {
    local text=$1
    shift
    compare 2 "$@"
    [ ! -s "$work/out" ] || fail "compare $*: printed something in spite of its error"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "compare $*: not one line: $(cat "$work/err")"
    grep -qF -- "$text" "$work/err" || fail "compare $*: \"$text\" is not in $(cat "$work/err")"
}

compare 0 $thread "${both[@]}"
[ ! -s "$work/err" ] || fail "complains: $(cat "$work/err")"
# Two columns: the same row shows what each says.
grep -q 'Setup and Configuration: In process .*| agent  Setup and Configuration: Not started' \
    "$work/out" || fail "the two states do not stand side by side"
[ "$(awk '{ print length }' "$work/out" | sort -n | tail -n 1)" -le 138 ] || fail "rows are too long"
expected='First divergence at 0:01:00.000:
  5.0.2    me: restored to Intel default: bare-metal provisioning 24 h [S0]
  5.0.3    me: restored to OEM default: bare-metal provisioning 0 h [S0]
Reason:
  5.0.2    full unprovision returns to Intel'\''s factory default [S0]
  5.0.3    full unprovision returns to the OEM'\''s factory-defined state [S0]'
[ "$(sed -n '/^First divergence/,/^$/p' "$work/out" | sed '/^$/d')" = "$expected" ] ||
    fail "divergence: $(sed -n '/^First divergence/,$p' "$work/out")"
sed '/^First divergence/,$d' "$work/out" >"$work/columns"

# The order of the releases is the order of the columns.
compare 0 $thread --release 5.0.3 --release 5.0.2 --quiet
[ "$(head -n 1 "$work/out")" = 'First divergence at 0:01:00.000:' ] || fail "--quiet: $(cat "$work/out")"
[[ $(sed -n 2p "$work/out") == '  5.0.3 '* ]] || fail "the order of releases is lost"

# After an upgrade `when` asks for the release that runs: the line is played on both sides, and is no difference of theirs.
printf '%s\n' 'device 5.0.2 oem-bmp off' 'lan option15 corp.example' 'start factory' 'at 1m upgrade 5.0.3 when 5.0.2' \
    'at 2m mebx domain corp.example when 5.0.3' 'at 3m expect state "Not started" when 5.0.3' >"$work/upgraded.scn"
compare 0 "$work/upgraded.scn" "${both[@]}"
[ "$(grep -c 'line [0-9]*: upgrade 5.0.3$' "$work/out")" -eq 1 ] || fail "the upgrade is not named: $(cat "$work/out")"
! grep -q 'line [0-9]*: mebx domain' "$work/out" || fail "a line of both is a difference: $(cat "$work/out")"
[ "$(grep -c 'Not started.*: ok.*Not started.*: ok' "$work/out")" -eq 1 ] || fail "not judged on both sides: $(cat "$work/out")"

# Where only names differ there is no divergence.
printf '%s\n' 'device 5.0.2 oem-bmp off' 'lan option15 corp.example' 'start factory' \
    'at 1m agent -discovery' '   expect state "Not started"' 'at 2m agent -activate' 'end 7h' \
    >"$work/same.scn"
compare 0 "$work/same.scn" "${both[@]}"
grep -qx 'No divergence.' "$work/out" || fail "$(sed -n '/^First/,$p' "$work/out")"
# A device says its version in three parts, also where the release's name has two.
for pair in '3.0 3.2.1' '5.0.3 5.1' '6.1 6.2'; do
    compare 0 "$thread" --release "${pair% *}" --release "${pair#* }" --quiet
    grep -qx 'No divergence.' "$work/out" || fail "$pair: $(cat "$work/out")"
done

# Where a value of the release shows, a rule that fired alike on both sides is not the reason.
compare 0 $thread --release 6.0 --release 6.1 --quiet
grep -qF 'Friendly Name = VeriSign Class 3 Primary CA-G5' "$work/out" || fail "root: $(cat "$work/out")"
[ "$(sed -n '/^Reason/,/^$/p' "$work/out" | sed -n 2p)" = \
    '  no rule that fired: a value of the release; see `proviso releases`' ] || fail "root: $(cat "$work/out")"

# A failure on one side: file, line, what was expected, what was seen, and where.
changed=$work/changed.scn
sed 's/expect state "Not started" /expect state "Completed"/' $thread >"$changed"
line=$(grep -n 'expect state "Completed".*>=5.0.3' "$changed" | cut -d: -f1)
compare 1 "$changed" "${both[@]}"
expected="$changed:$line: at 5m: expected <state \"Completed\">, seen <state \"Not started\"> (release 5.0.3)"
[ "$(cat "$work/err")" = "$expected" ] || fail "expected: $expected"$'\n'"got: $(cat "$work/err")"
grep -qx '5\.0\.2: [0-9]* expectations held' "$work/out" || fail "5.0.2 does not hold"
grep -qx '5\.0\.3: 1 of [0-9]* expectations failed' "$work/out" || fail "5.0.3 does not fail"

# Same seed, same text; the files carry the release in their names.
compare 0 $thread "${both[@]}" --seed 1 --pcap "$work/x.pcapng" --trace "$work/x.jsonl"
sed '/^First divergence/,$d' "$work/out" | cmp - "$work/columns" || fail "seed 1 is not the default"
for release in 5.0.2 5.0.3; do
    "$PROVISO" run $thread --release $release --pcap "$work/alone.pcapng" \
        --trace "$work/alone.jsonl" >"$work/out" || fail "run $release"
    cmp "$work/alone.pcapng" "$work/x-$release.pcapng" || fail "$release: another capture than alone"
    cmp "$work/alone.jsonl" "$work/x-$release.jsonl" || fail "$release: another trace than alone"
done

# Two domains: what the scenario itself does otherwise comes first, and is not the reason.
compare 0 sim/scenarios/compare-two-domains.scn "${both[@]}" --quiet
expected='The scenario itself differs:
  5.0.2    line 5: lan option15 one.example
  5.0.3    line 6: lan option15 two.example
  5.0.2    line 7: dns provisionserver.one.example 10.0.0.5
  5.0.3    line 8: dns provisionserver.two.example 10.0.0.5
  5.0.3    line 13: agent -activate

First divergence at 0:01:00.000:
  5.0.2    me: restored to Intel default: bare-metal provisioning 24 h [S0]
  5.0.3    me: restored to OEM default: bare-metal provisioning 0 h [S0]
Reason:
  5.0.2    that is this release'\''s rule [S0]
  5.0.3    that is this release'\''s rule [S0]'
[ "$(head -n 13 "$work/out")" = "$expected" ] || fail "two domains: $(cat "$work/out")"
grep -qx '1 before it, from 0:00:00.001 on: by no rule, or by the scenario itself' "$work/out" ||
    fail "two domains: $(cat "$work/out")"
! grep -q witnessed "$work/out" || fail "not asked for all differences"
compare 0 sim/scenarios/compare-two-domains.scn "${both[@]}" --quiet --all
grep -qx '  5.0.2    me: witnessed the OS.s lease: 10.0.0.50, option 15 "one.example"' "$work/out" ||
    fail "--all: $(cat "$work/out")"
grep -qx '0:02:00.000, where the scenario itself differs' "$work/out" || fail "--all: $(cat "$work/out")"
sed '/^[0-9]* differences:/,$d' "$work/out" >"$work/short"
[ "$(tail -n 2 "$work/short")" = '--all lists every difference.' ] || fail "$(cat "$work/short")"

# On a terminal the columns are as wide as it is, or as COLUMNS says; elsewhere they have a width of their own.
widest() { tr -d '\r' <"$work/terminal" | awk '/ \|/ && length > w { w = length } END { print w }'; }
if command -v script >/dev/null; then
    for wide in 100 180; do
        COLUMNS=$wide script -qc "$PROVISO compare $thread --release 5.0.2 --release 5.0.3" /dev/null \
            >"$work/terminal" 2>&1 </dev/null
        [ "$(widest)" -le $wide ] && [ "$(widest)" -gt $((wide - 12)) ] || fail "COLUMNS=$wide: $(widest)"
    done
    script -qc "stty cols 120 && unset COLUMNS && $PROVISO compare $thread --release 5.0.2 --release 5.0.3" \
        /dev/null >"$work/terminal" 2>&1 </dev/null
    [ "$(widest)" -le 120 ] && [ "$(widest)" -gt 108 ] || fail "120 columns: $(widest)"
fi
COLUMNS=100 compare 0 $thread "${both[@]}"
sed '/^First divergence/,$d' "$work/out" | cmp - "$work/columns" || fail "no terminal, and COLUMNS counts"

bad 'at least two releases are required' $thread
bad 'at least two releases are required' $thread --release 5.0.2
bad '--release 5.0.2 given more than once' $thread --release 5.0.2 --release 5.0.2
bad 'unknown release "7.1"' $thread --release 5.0.2 --release 7.1
bad '--bogus' $thread "${both[@]}" --bogus
bad 'a scenario file is required' "${both[@]}"
bad 'cannot write' $thread "${both[@]}" --pcap "$work/none/x.pcapng"
printf 'device 5.0.2\nat 1m jump\n' >"$work/bad.scn"
bad "$work/bad.scn:2: unknown action \"jump\"" "$work/bad.scn" "${both[@]}"

# Any two releases can be compared: a divergence is named, or that there is none.
mapfile -t releases < <("$PROVISO" releases | sed -n 's/^release //p')
[ "${#releases[@]}" -ge 13 ] || fail "only ${#releases[@]} releases"
for ((i = 0; i < ${#releases[@]}; i++)); do
    for ((j = i + 1; j < ${#releases[@]}; j++)); do
        compare 0 $thread --release "${releases[i]}" --release "${releases[j]}"
        grep -qE '^(First divergence at [0-9:.]+:|No divergence\.)$' "$work/out" ||
            fail "${releases[i]} and ${releases[j]}: neither a divergence nor none"
    done
done
