#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A scenario's server that sets the device up: no secret in any output, and the same seed gives the same
# bytes, hand-shakes and all.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "server.sh: $*" >&2
    exit 1
}

cat >"$work/server.scn" <<END
device 5.0.3 oem $PWD/build/certificates/certificates.oem
lan option15 corp.example
dns provisionserver.corp.example 10.0.0.5
sca 10.0.0.5 provision soap certificate $PWD/build/certificates/sha1/right.pem device-certificate \
$PWD/build/certificates/sha1/device.pem password "" admin-password "Se&cret1" mebx-password "Mebx<Secret2"
start factory
at 1m   expect sca stage 2 accepted
        sca 10.0.0.5 ask SetTLSPSK 0000037M NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ
at 2m   expect sca operation SetTLSPSK status 0
END
sed 's/stage 2 accepted/stage 2 refused/' "$work/server.scn" >"$work/fails.scn"

# run NAME STATUS SCENARIO: everything that a run puts out, in the files NAME.*
run() {
    "$PROVISO" run "$work/$3.scn" --pcap "$work/$1.pcapng" --trace "$work/$1.jsonl" \
        >"$work/$1.out" 2>"$work/$1.err" </dev/null
    (($? == $2)) || fail "status is not $2: $(cat "$work/$1.err")"
}
run a 0 server
run b 0 server
run c 1 fails

for kind in out pcapng jsonl; do
    cmp -s "$work/a.$kind" "$work/b.$kind" || fail "another run, another $kind"
done
for secret in 'Se&cret1' 'Mebx<Secret2' Se.amp NKLDG5DC; do
    grep -qa "$secret" "$work"/[abc].* && fail "$secret is in $(grep -la "$secret" "$work"/[abc].*)"
done
grep -q '"kind":"sca-log",.*"text":"SecurityAdministration.CommitChanges finished' "$work/a.jsonl" ||
    fail "no log in the trace file"
grep -q '"kind":"sca-operation",.*"http":200,"status":0,"text":"CommitChanges"' "$work/a.jsonl" ||
    fail "no operation in the trace file"
grep -q '"kind":"sca-stage",.*"stage":"2","text":"accepted"' "$work/a.jsonl" ||
    fail "no stage in the trace file"
grep -q ' sca    Finished 1st stage provision on AMT device pc1.corp.example. Sleep 5 seconds' \
    "$work/a.out" || fail "no log in the transcript"
[[ $(<"$work/c.err") == "$work/fails.scn:6: at 1m: expected <sca stage 2 refused>, seen <accepted> (release 5.0.3)" ]] ||
    fail "$(<"$work/c.err")"
