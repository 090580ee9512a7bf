#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso releases`: every row and every field of release.h, each with value and source, in both
# forms; the values that the forum thread turns on.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "releases.sh: $*" >&2
    exit 1
}

"$PROVISO" releases >"$work/text" 2>"$work/err" || fail "status $?: $(cat "$work/err")"
"$PROVISO" releases --json >"$work/json" 2>>"$work/err" || fail "--json: status $?"
[ ! -s "$work/err" ] || fail "unexpected complaint: $(cat "$work/err")"

# block HEADING: the lines of one block
block() {
    awk -v heading="$1" '/^[^ ]/ { on = $0 == heading } on && /^ /' "$work/text"
}

# expect HEADING NAME VALUE KEY: that row stands in that block, and KEY among its sources
expect() {
    block "$1" | awk -F '  +' -v n="$2" -v v="$3" -v s="$4" \
        '$2 == n && $3 == v && index($5, s) { found = 1 } END { exit !found }' ||
        fail "$1: expected $2, $3, $4 in"$'\n'"$(block "$1")"
}

# fields STRUCT: the names of its members of type struct rule
fields() {
    awk -v start="struct $1 {" '$0 == start { on = 1 } /^};/ { on = 0 }
        on && $1 == "struct" && $2 == "rule" { sub(";", "", $3); print $3 }' "$root/fw/core/release.h"
}

# names STRUCT: the names of the rows in release.c
names() {
    awk -F '"' -v start="^const struct $1 [a-z0-9_]+ = \\{" '$0 ~ start { on = 1 } /^};/ { on = 0 }
        on && $1 ~ /^ *(RELEASE\(|\.name = TEXT\()$/ { print $2 }' "$root/fw/core/release.c"
}

[ "$(fields release | wc -l)" -ge 16 ] || fail "struct release was not understood"
[ "$(fields oem_profile | wc -l)" -ge 4 ] || fail "struct oem_profile was not understood"
[ "$(names release | wc -l)" -ge 13 ] || fail "the table of releases was not understood"
[ "$(names oem_profile | wc -l)" -ge 7 ] || fail "the table of OEM profiles was not understood"

[ "$(sed -n 's/^release //p' "$work/text")" = "$(names release)" ] || fail "not every release, in order"
[ "$(sed -n 's/^oem //p' "$work/text")" = "$(names oem_profile)" ] || fail "not every OEM profile, in order"
# shows KIND STRUCT: each block of that kind has a row for each field
shows() {
    fields "$2" | awk -v kind="$1" 'NR == FNR { fields[$1]; next }
        function judge(name) { if (block) for (name in fields) if (!(name in shown)) print block " does not show " name }
        /^[^ ]/ { judge(); split("", shown); block = index($0, kind " ") == 1 ? $0 : "" }
        /^  [^ ]/ { shown[$1] }
        END { judge() }' - "$work/text"
}
missing=$(shows release release; shows oem oem_profile)
[ -z "$missing" ] || fail "$missing"

# Four columns in every line, none of them empty, the last one aligned throughout; the third says what
# the last one does.
awk -F '  +' '/^  / {
        if (NF != 5 || $2 == "" || $3 == "" || $4 == "" || $5 == "") { print "not four columns: " $0; exit 1 }
        if (column && column != length($0) - length($5)) { print "not aligned: " $0; exit 1 }
        column = length($0) - length($5)
        if ($4 != ($5 ~ /assumed/ ? "assumed" : $5 ~ /against/ ? "conflicting" : "sourced")) {
            print "wrongly marked: " $0; exit 1 }
    } END { if (!column) { print "no lines"; exit 1 } }' "$work/text" >"$work/err" ||
    fail "$(cat "$work/err")"

# The shares: so many lines of each, and far fewer assumed ones than the half that there once were.
for mark in sourced conflicting assumed; do
    count=$(grep -cE "^  .*  $mark +[^ ]" "$work/text")
    tail -n 1 "$work/text" | grep -q " $count $mark (" || fail "not $count $mark: $(tail -n 1 "$work/text")"
done
[ "$(tail -n 1 "$work/text" | sed 's/.* assumed (\([0-9]*\) %)$/\1/')" -lt 30 ] || fail "more is assumed than before"

minutes="0 1 2 3 4 5 15 25 35 45 55 115 175 235 295"
expect "schedule A" attempt_minutes "$minutes" CUTLER
expect "schedule A" retry_max 14 G-hello
expect "schedule B" attempt_minutes "0 1 2 3 4 5 10 15 20 25 30 35 40 45 50" SCCM
expect "release 2.0" commanded_schedule A CUTLER
expect "release 3.0" bare_metal_schedule A assumed
expect "release 3.2.1" bare_metal_schedule B SCCM
for release in 5.0.2 5.0.3; do
    expect "release $release" commanded_schedule A CUTLER
    expect "release $release" bare_metal_schedule B SCCM
    expect "release $release" intel_bmp_hours 24 S0
    expect "release $release" commanded_hours 6 S1
    expect "release $release" "root Starfield Class 2 CA" \
        sha1:ad7e1c28b064ef8f6003402014c3d0e3370eb58a S0
    [ "$(block "release $release" | grep -c '^  root ')" -eq 5 ] || fail "$release: not five roots"
done
# roots RELEASE COUNT: so many stand in its block, and it says so
roots() {
    expect "release $1" root_count "$2" "$3"
    [ "$(block "release $1" | grep -c '^  root ')" -eq "$2" ] || fail "$1: not $2 roots"
}
roots 2.0 0 S3
roots 2.2 5 assumed
roots 2.6 5 VSFW
roots 4.0 5 G2LIST
expect "release 3.0" "root VeriSign Class 3 Primary CA-G1" \
    sha1:742c3192e607e424eb4549542be1bbc53e6174e2 MESHCMD81
roots 5.1 5 VSFW
roots 5.2 6 5.1.10
roots 6.0 6 VSFW
roots 6.1 7 VSFW
expect "release 6.2" version 6.2.61 MC3576
expect "release 6.2" build 3535 MC3576
expect "release 3.2.2" protocols "EOI, WS-Man" S4
# Versions have three parts; what is known of them was read from real machines.
expect "release 2.5" version 2.5.0 MEINFO25
expect "release 2.5" build 1084 MEINFO25
expect "release 2.5" sku 0xc MEINFO25
expect "release 6.0" version 6.0.0 MC3576
expect "release 6.0" build 1184 PT332
expect "release 6.0" sku 0x6008 MC3576
expect "release 2.2" sku 0x0 G-codever
expect "release 2.0" commanded_hours 24 S2
expect "release 2.0" ac_reopens_window yes RCT
expect "release 2.0" pki_by_agent no S3
expect "release 2.0" amthi none G-start
expect "release 2.0" setup_bin 1 G-usbver
expect "release 2.2" commanded_hours 6 S1
expect "release 2.2" pki_bare_metal no LANDESK
expect "release 2.6" pki_bare_metal yes ACT08
expect "release 2.2" pki_by_agent yes S3
expect "release 2.2" suffix equal COMM1395
expect "release 2.6" platform mobile S3
expect "release 2.6" suffix "last two labels" COMM1395
expect "release 3.0" protocols EOI S4
expect "release 3.0" setup_bin "1, 2.0" G-usbver
expect "release 3.2.1" protocols "EOI, WS-Man" S4
expect "release 4.0" amthi "agent, environment, remote access" RPC
expect "release 5.2" key_bits_max 2048 S4
expect "release 6.0" setup_bin "1, 2.0, 2.1, 3" G-usbver
expect "release 6.0" platform both HP6
expect "release 6.0" key_bits_max 4096 SCCM12
expect "oem intel" power_package "Desktop: ON in S0" HP5
expect "oem intel" pid none G-cksum
expect "oem hp-timer-0" bmp_hours 0 HPnb
expect "oem psk-loaded" pid 0000037M G-cksum
expect "oem own-domain" default_domain oem.example S1
expect "oem own-hashes" "root VeriSign Class 3 Primary CA-G5" \
    sha1:4eb6d578499b1ccf5f581ead56be3d9b6744a5e5 G2LIST
! grep -q NKLD "$work/text" "$work/json" || fail "a PPS is shown"
expect "release 5.0.2" unprovision_to "Intel's default" S0
expect "release 5.0.3" unprovision_to "OEM's default" S0
expect "oem intel" bmp_hours "Intel's default" S0
expect "oem bmp-off" bmp_hours 0 HPnb
expect "oem bmp-off" host_label ProvisionServer GAEL
expect "oem bmp-off" default_domain none S1

# The JSON form says the same; read by a JSON reader where the machine has one.
[ "$(grep -o '"value":' "$work/json" | wc -l)" -eq "$(grep -oE '"source":"[^"]+"' "$work/json" | wc -l)" ] ||
    fail "--json: a value without a source"
[ "$(grep -o '"value":' "$work/json" | wc -l)" -eq "$(grep -c '^  ' "$work/text")" ] ||
    fail "--json: not as many values as the text shows"
grep -qF "\"attempt_minutes\":{\"value\":[${minutes// /,}]," "$work/json" ||
    fail "--json: the attempts' minutes are not $minutes"
for field in version $(fields release) $(fields oem_profile) pid default_domain host_label root_count roots \
    schedules; do
    grep -qF "\"$field\":" "$work/json" || fail "--json: no $field"
done

cat >"$work/check.js" <<'END'
const { releases, oem } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const by = (list, name) => list.find((row) => row.name === name);
const expect = (got, value, key) => {
    if (JSON.stringify(got.value) !== JSON.stringify(value) || !got.source.includes(key))
        throw new Error(`expected ${JSON.stringify(value)} from ${key}, got ${JSON.stringify(got)}`);
};
expect(by(releases, '5.0.2').unprovision_to, 'intel', 'S0');
expect(by(releases, '5.0.3').unprovision_to, 'oem', 'S0');
expect(by(releases, '5.0.2').commanded_hours, 6, 'S1');
expect(by(releases, '5.0.2').pki_by_agent, true, 'S0');
expect(by(releases, '5.0.2').roots[4], { name: 'Starfield Class 2 CA', algorithm: 'sha1',
    hash: 'ad7e1c28b064ef8f6003402014c3d0e3370eb58a' }, 'S0');
expect(by(releases, '2.0').root_count, 0, 'S3');
expect(by(releases, '2.0').amthi, [], 'G-start');
expect(by(releases, '3.0').setup_bin, ['1', '2.0'], 'G-usbver');
expect(by(releases, '5.0.3').amthi, ['agent', 'environment', 'remote access'], 'PTHI.h');
expect(by(releases, '5.0.3').protocols, ['EOI', 'WS-Man'], 'S4');
expect(by(releases, '5.0.3').suffix, 'last two labels', 'COMM1395');
expect(by(releases, '6.0').platform, 'both', 'HP6');
if (by(releases, '2.0').roots.length !== 0) throw new Error('2.0 has roots');
expect(by(oem, 'intel').power_package, 'Desktop: ON in S0', 'HP5');
expect(by(oem, 'psk-loaded').pid, '0000037M', 'G-cksum');
expect(by(oem, 'own-hashes').roots[0], { name: 'VeriSign Class 3 Primary CA-G5', algorithm: 'sha1',
    hash: '4eb6d578499b1ccf5f581ead56be3d9b6744a5e5' }, 'G2LIST');
expect(by(oem, 'intel').bmp_hours, 'intel', 'S0');
expect(by(oem, 'bmp-off').bmp_hours, 0, 'S0');
expect(by(oem, 'bmp-off').default_domain, '', 'S1');
END

# expect_error EXPECTED ARGUMENT...: status 2, one line that begins so, no output
expect_error() {
    local expected=$1 status
    shift
    "$PROVISO" releases "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ $status -eq 2 ] || fail "releases $*: status $status instead of 2"
    [ ! -s "$work/out" ] || fail "releases $*: printed something in spite of its error"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "releases $*: not one line: $(cat "$work/err")"
    [[ $(cat "$work/err") == "proviso releases: $expected"* ]] ||
        fail "releases $*: expected \"$expected\", got \"$(cat "$work/err")\""
}
expect_error "unknown option --xml" --xml
expect_error "unexpected argument \"5.0.2\"" 5.0.2
expect_error "--json given more than once" --json --json

if ! command -v node >/dev/null; then
    echo "releases.sh: all but the parsed JSON holds: node is not installed"
    exit 77
fi
node "$work/check.js" <"$work/json" >"$work/err" 2>&1 || fail "--json: $(cat "$work/err")"
