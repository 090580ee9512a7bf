#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso run`: failed expectations, bad scenarios, bad usage, output files, same seed same bytes.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
thread=sim/scenarios/thread.scn

fail() {
    echo "run.sh: $*" >&2
    exit 1
}

# run STATUS ARGUMENT...: ends with this status
run() {
    local expected=$1 status
    shift
    "$PROVISO" run "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ $status -eq "$expected" ] ||
        fail "run $*: status $status instead of $expected: $(cat "$work/err")"
}

# bad TEXT ARGUMENT...: status 2, no output, one line of complaint that holds TEXT
bad() {
    local text=$1
    shift
    run 2 "$@"
    [ ! -s "$work/out" ] || fail "run $*: printed something in spite of its error"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "run $*: not one line: $(cat "$work/err")"
    grep -qF -- "$text" "$work/err" || fail "run $*: \"$text\" is not in $(cat "$work/err")"
}

# --- what holds, what fails --------------------------------------------------------------------

run 0 $thread
[ ! -s "$work/err" ] || fail "complains about a scenario that holds: $(cat "$work/err")"
grep -q 'release 5\.0\.2, .*seed 1$' "$work/out" || fail "the head does not name release and seed"
grep -q 'state "In process": ok$' "$work/out" || fail "no line for an expectation that held"
run 0 sim/scenarios/security/spoofed-ack.scn
grep -qE '  lan +spoof ack option15 elsewhere' "$work/out" || fail "what is done to the segment is not shown once"
run 0 $thread --release 5.0.3
grep -q 'state "Not started": ok$' "$work/out" || fail "--release 5.0.3 does not replace the release"
run 0 $thread --quiet
[ ! -s "$work/out" ] || fail "--quiet prints something"

changed=$work/changed.scn
sed 's/expect state "In process" /expect state "Completed"/' $thread >"$changed"
line=$(grep -n 'expect state "Completed"' "$changed" | cut -d: -f1)
[ -n "$line" ] || fail "thread.scn has no line to change"
run 1 "$changed"
expected="$changed:$line: at 5m: expected <state \"Completed\">, seen <state \"In process\"> (release 5.0.2)"
[ "$(cat "$work/err")" = "$expected" ] || fail "expected: $expected"$'\n'"got: $(cat "$work/err")"
grep -q 'state "Completed": FAILED, seen state "In process"' "$work/out" ||
    fail "the transcript does not show the failure"
grep -q '^1 of [0-9]* expectations failed$' "$work/out" || fail "the summary does not count it"
# It went on: what comes later was still checked.
grep -q 'status PT_STATUS_INVALID_PT_MODE: ok' "$work/out" || fail "the run ended at the failure"
run 0 "$changed" --release 5.0.3

# What judges nothing fails unless it says so, also where only its expectations are for others.
judged=$work/judged.scn
printf 'device 5.0.2\nat 1m expect state "In process" when 5.0.3\n' >"$judged"
run 1 "$judged"
grep -q "^proviso run: $judged judges nothing: no expectation was reached; add " "$work/err" ||
    fail "nothing is judged: $(cat "$work/err")"
grep -qx 'no expectation was judged' "$work/out" || fail "the summary: $(tail -n 1 "$work/out")"
printf 'device 5.0.2\njudges nothing\nat 1m ac off\n' >"$judged"
run 0 "$judged"
printf 'device 5.0.2\njudges nothing\nat 1m mebx host none\nac off\nmebx host none\n' >"$judged"
run 1 "$judged"
grep -qx '1 of 1 expectations failed' "$work/out" || fail "the summary: $(tail -n 1 "$work/out")"

# An action that changes nothing says so, and why.
printf '%s\n' 'device 5.0.2' 'judges nothing' 'at 1m link down' 'link down' 'cmos out' 'cmos in' 'lan dhcp on' \
    'ac on' 'at 2m ac off' 'power s0' 'os up' 'os renew' 'host reset' 'cmos out for 5s' 'at 3m cmos out for 20s' \
    'end 4m' >"$work/idle.scn"
run 0 "$work/idle.scn"
while read -r line; do
    grep -qF "$line" "$work/out" || fail "nothing says \"$line\": $(cat "$work/out")"
done <<'END'
pc     link down: nothing happens, the cable is out already
pc     CMOS battery out; while AC is on nothing is lost
lan    dhcp on: nothing happens, it is so already
pc     ac on: nothing happens, AC is on already
pc     power s0: nothing happens, AC is off
pc     os up: nothing happens, AC is off
pc     os renew: nothing happens, the operating system does not run
pc     host reset: nothing happens, AC is off
pc     CMOS kept: less than 15 s without AC and battery
pc     CMOS lost: 15 s or more without AC and battery
END

# An action that the firmware refuses fails, too, and says why.
printf 'device 5.0.2\nat 1m ac off\nat 2m unprovision full\n' >"$work/refused.scn"
run 1 "$work/refused.scn"
[ "$(cat "$work/err")" = \
    "$work/refused.scn:3: at 2m: expected <unprovision full>, seen <refused: the ME has no power> (release 5.0.2)" ] ||
    fail "refused action: $(cat "$work/err")"

# --- OEM ---------------------------------------------------------------------------------------

printf '%s\n' 'device 5.0.3 oem-bmp off' 'start factory' 'at 1m expect state "Not started"' \
    >"$work/oem.scn"
run 0 "$work/oem.scn"
run 1 "$work/oem.scn" --oem intel
grep -q 'seen <state "In process">' "$work/err" || fail "--oem intel: $(cat "$work/err")"
printf '%s\n' 'device 5.0.3 oem-bmp 2' 'at 1h59m expect trace window-closed == 0' \
    'at 2h1m expect trace window-closed == 1' >"$work/hours.scn"
run 0 "$work/hours.scn"
grep -q 'OEM profile intel+bmp-2,' "$work/out" || fail "the head does not name the profile"

# An OEM file, for the scenario beside it and on the command line.
printf '%s\n' 'name acme' 'bmp-hours 3' >"$work/acme.oem"
printf '%s\n' 'device 5.0.3 oem acme.oem' 'at 2h59m expect trace window-closed == 0' \
    'at 3h1m expect trace window-closed == 1' >"$work/acme.scn"
run 0 "$work/acme.scn"
grep -q 'OEM profile acme,' "$work/out" || fail "the head does not name the file's profile"
run 1 "$work/acme.scn" --oem bmp-off
run 0 "$work/acme.scn" --oem "$work/acme.oem"
sed -i 's/oem acme.oem/oem acme.oem oem-bmp 2/' "$work/acme.scn"
run 1 "$work/acme.scn"
run 0 "$work/acme.scn" --oem "$work/acme.oem"

# --- bad scenarios, bad usage: nothing is played -------------------------------------------------

printf 'device 5.0.2\nat 1m expect state "Completed"\nat 2m jump\n' >"$work/bad.scn"
bad "$work/bad.scn:3: unknown action \"jump\"; expected one of device, start" "$work/bad.scn"
bad "cannot open $work/missing.scn: No such file" "$work/missing.scn"
bad '--bogus' $thread --bogus
bad 'a scenario file is required'
bad 'unexpected argument "second.scn"' $thread second.scn
bad 'unknown release "9.9"; expected one of ' $thread --release 9.9
bad 'unknown OEM profile "acme"; expected one of ' $thread --oem acme
bad "cannot open $work/none.oem: No such file" $thread --oem "$work/none.oem"
printf 'name acme\nbmp-hours many\n' >"$work/wrong.oem"
bad "$work/wrong.oem:2: " $thread --oem "$work/wrong.oem"
printf 'device 5.0.3 oem wrong.oem\n' >"$work/bad.scn"
bad "$work/bad.scn:1: $work/wrong.oem:2: " "$work/bad.scn"
bad '--seed requires a value' $thread --seed
bad 'invalid value "one" for --seed; expected a number' $thread --seed one
bad '--release given more than once' $thread --release 5.0.2 --release 5.0.3
bad "cannot write $work/none/x.pcapng: No such file" $thread --pcap "$work/none/x.pcapng"
bad "cannot write $work/none/x.jsonl: No such file" $thread --trace "$work/none/x.jsonl"
if [ -w /dev/full ]; then
    run 2 $thread --trace /dev/full
    grep -q 'cannot write /dev/full' "$work/err" || fail "a full disk goes unnoticed"
fi

# --- same seed, same bytes -----------------------------------------------------------------------

for name in a b; do
    run 0 $thread --seed 7 --pcap "$work/$name.pcapng" --trace "$work/$name.jsonl"
    mv "$work/out" "$work/$name.txt"
done
run 0 $thread --seed 8 --pcap "$work/c.pcapng" --trace "$work/c.jsonl"
for kind in pcapng jsonl txt; do
    cmp "$work/a.$kind" "$work/b.$kind" || fail "the same seed gives another $kind"
done
for kind in pcapng jsonl; do
    ! cmp -s "$work/a.$kind" "$work/c.$kind" || fail "another seed gives the same $kind"
done

# --- the trace -----------------------------------------------------------------------------------

grep -qv '^{"t_us":[0-9]*,"kind":"[a-z]*".*}$' "$work/a.jsonl" && fail "a line is no object"
grep -q '"kind":"device","event":"restored","value":24,"text":"Intel default","source":"S0"}$' \
    "$work/a.jsonl" || fail "the trace lacks the firmware's record"
grep -q '"kind":"frame","from":"me",.*"proto":"tcp",.*"flags":"S","data":0}$' "$work/a.jsonl" ||
    fail "the trace lacks a SYN of the ME"
grep -q '"kind":"hello","from":"10.0.0.50","port":16994,"version":3,"retry":0,"bytes":"01000300' \
    "$work/a.jsonl" || fail "the trace lacks the hello"
sed -E 's/^.*"t_us":([0-9]+),.*$/\1/' "$work/a.jsonl" | sort -nc || fail "the trace goes back in time"
if command -v python3 >/dev/null; then
    python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' <"$work/a.jsonl" ||
        fail "the trace is no JSON"
fi

# Passwords appear nowhere.
printf '%s\n' 'device 5.0.3 oem-bmp off' 'lan option15 corp.example' \
    'at 1m agent -activate -otp Geheimnis7' '   expect state "Completed"' >"$work/otp.scn"
run 1 "$work/otp.scn" --trace "$work/otp.jsonl"
! grep -q Geheimnis "$work/out" "$work/err" "$work/otp.jsonl" || fail "a password is printed"
grep -q 'agent -activate -otp \*' "$work/out" || fail "the agent's command is not shown"

printf '%s\n' 'device 5.0.3 oem-bmp off' \
    'at 1m mebx psk 0000-037M NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ password Geheimnis7!' \
    'refused mebx password geheimnis' 'refused mebx keys "Geheimnis7!\n4\ny\n"' \
    'expect state "Completed"' >"$work/psk.scn"
run 1 "$work/psk.scn" --trace "$work/psk.jsonl"
! grep -qi -e geheimnis -e NKLD "$work/out" "$work/err" "$work/psk.jsonl" || fail "a key is printed"
grep -q 'PID and PPS entered in MEBx' "$work/out" || fail "the visit to MEBx is not shown"

# --- what must be refused ------------------------------------------------------------------------

printf '%s\n' 'device 5.0.3 oem-bmp off' 'at 1m refused mebx host under_score' \
    'refused mebx host good' 'mebx psk 0000-037M NKLD' 'usb again' 'mebx address 10.0.0.60 255.0.255.0 10.0.0.1 10.0.0.2' \
    'mebx address 10.0.0.60 255.255.255.0 10.0.0.1 224.0.0.1' >"$work/refusals.scn"
run 1 "$work/refusals.scn"
grep -q 'refused mebx host under_score: ok, not a host name$' "$work/out" || fail "no line for a refusal that held"
grep -qF "refusals.scn:3: at 1m: expected <refused mebx host good>, seen <accepted>" "$work/err" ||
    fail "an accepted action passes for a refused one: $(cat "$work/err")"
grep -qF "refusals.scn:4: at 1m: expected <mebx psk 0000-037M ****>, seen <refused: MEBx takes no key while the password is the default one>" "$work/err" ||
    fail "a refused action passes: $(cat "$work/err")"
grep -qF "refusals.scn:5: at 1m: expected <usb again>, seen <refused: no USB key has been in the machine>" "$work/err" ||
    fail "no reason: $(cat "$work/err")"
[ "$(grep -c '<refused: not a mask, or not an address that a machine can have>' "$work/err")" -eq 2 ] ||
    fail "MEBx takes an address that no machine can have: $(cat "$work/err")"
