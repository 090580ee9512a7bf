#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# setup.bin as MeshCentral's own tool writes and reads it (amt/amt-setupbin.js, run with node).
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
USBKEY=${USBKEY:-$OBJ/bin/usbkey}
peer=$BUILD/deps/meshcentral/amt/amt-setupbin.js

fail() {
    echo "setupbin.sh: $*" >&2
    exit 1
}
skip() {
    echo "$*"
    exit 77
}

command -v node >/dev/null || skip "node is not installed"
[ -f "$peer" ] || skip "amt-setupbin.js is not in $BUILD/deps/meshcentral/amt"

# write.js PEER OUT VERSION FILE-FLAGS RECORD-FLAGS MODULE/VARIABLE=VALUE...; %xx in a value is a byte
cat >"$work/write.js" <<'END'
const [peer, out, version, flags, recordFlags, ...entries] = process.argv.slice(2);
const stack = require(peer)();
const file = stack.AmtSetupBinCreate(+version, +flags);
file.records.push({
    typeIdentifier: 1, flags: +recordFlags, chunkCount: 0, headerByteCount: 0, number: 0,
    variables: entries.map((e) => {
        const [, module, variable, value] = /^(\d+)\/(\d+)=(.*)$/s.exec(e);
        const bytes = value.replace(/%([0-9a-f]{2})/g, (m, hex) => String.fromCharCode(parseInt(hex, 16)));
        return { moduleid: +module, varid: +variable, length: -1, value: bytes };
    }),
});
require('fs').writeFileSync(out, Buffer.from(stack.AmtSetupBinEncode(file), 'binary'));
END
# read.js PEER FILE: one line for each entry
cat >"$work/read.js" <<'END'
const file = require(process.argv[2])().AmtSetupBinDecode(
    require('fs').readFileSync(process.argv[3]).toString('binary'));
if (!file) { console.log('refused'); process.exit(0); }
console.log(`version ${file.majorVersion}.${file.minorVersion} flags ${file.flags}`);
for (const r of file.records)
    for (const v of r.variables) console.log(`${v.moduleid}/${v.varid}=${v.value}`);
END

write() { node "$work/write.js" "$peer" "$work/key.bin" "$@" || fail "the peer cannot write $*"; }
# check STATUS RELEASE LINE...: the exit status, and lines that the output has
check() {
    local status=$1 release=$2 got
    shift 2
    "$USBKEY" check "$work/key.bin" --release "$release" >"$work/out" 2>&1
    got=$?
    [ $got -eq "$status" ] || fail "check on $release: status $got: $(cat "$work/out")"
    for line in "$@"; do
        grep -qxF -- "$line" "$work/out" || fail "no \"$line\" in $(cat "$work/out")"
    done
}

pps=NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ
dashed=NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ
begins='outcome            pre-shared key entered: set-up begins'
for version in 1 2; do
    for scrambled in 1 3; do # valid; valid and scrambled
        write $version 0 $scrambled 1/1=admin '1/2=Str0ng!pw' 2/1=0000-037M "2/2=$dashed"
        check 0 5.0.3 "$begins" "PID                0000-037M"
        # In the machine: the key is taken, and the hello that follows carries its PID.
        printf '%s\n' 'device 5.0.3 oem-bmp off' 'lan option15 corp.example' \
            'dns provisionserver.corp.example 10.0.0.5' 'sca 10.0.0.5 listen' \
            'at 1m usb key.bin' 'at 2m expect state "In process"' \
            'expect hello bytes 0100020000000000443322116655887799aabbccddeeff00303030303033374d' \
            >"$work/key.scn"
        "$PROVISO" run "$work/key.scn" --quiet || fail "version $version: no PSK hello follows"
        write $version 1 $scrambled 2/2=$pps 2/1=0000037M '1/2=Str0ng!pw' 1/1=admin # it sorts them
        check 0 5.0.3 "$begins" "PID                0000-037M"
        check 0 5.0.2 "$begins"
    done
done
check 0 3.0 "$begins"
check 1 2.6 "refused: this release does not read this format"
write 1 0 1 1/1=admin 1/2=weak 2/1=0000037M 2/2=$pps
check 1 5.0.3 "refused: record 1, entry 1/2 (new MEBx password), a value is not allowed"

# What MeshCentral itself makes of it: for bare metal, with its root's hash and its address. 2/28=1 is its "start".
hash="%02$(printf '%%5a%.0s' {1..32})%0bMeshCentral"
write 3 1 1 1/1=admin '1/2=Str0ng!pw' "2/8=$hash" 2/3=mesh.example 2/4=mesh.example \
    2/17=%01%4d%a8%c0 2/18=9971 2/28=1
check 0 6.0 "outcome            set-up begins" "PKI DNS suffix     mesh.example" \
    "server FQDN        mesh.example" "server address     192.168.77.1" "user hash          MeshCentral"
check 1 5.0.3 "refused: this release does not read this format"

# The other way: it reads ours.
expected="version 2.1 flags 1
1/1=admin
1/2=Str0ng!pw
2/1=0000037M
2/2=$pps
2/3=a.example
2/15=$(printf '\036@')
2/16=2
2/17=$(printf '\001M\302\250\303\200')
2/18=9971"
for how in --plain --scramble; do
    "$USBKEY" make "$work/key.bin" --format 2.1 --new-password 'Str0ng!pw' --pid 0000-037M \
        --pps $dashed --no-consume --suffix a.example --server 192.168.77.1:9971 --mode smb \
        --idle-timeout 30 $how || fail "make $how"
    node "$work/read.js" "$peer" "$work/key.bin" >"$work/out" || fail "the peer cannot read $how"
    got=$(tr '\0' '@' <"$work/out")
    [ "$got" = "$expected" ] || fail "$how: the peer reads"$'\n'"$got"$'\n'"not"$'\n'"$expected"
done
