#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso hello`: the specification's vectors both ways, input forms, bad input, real captures.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "hello.sh: $*" >&2
    exit 1
}

# expect_output NAME EXPECTED ARGUMENT...: status 0, this output, nothing on standard error
expect_output() {
    local name=$1 expected=$2 got
    shift 2
    got=$("$PROVISO" "$@" 2>"$work/err") || fail "$name: status $?: $(cat "$work/err")"
    [ "$got" = "$expected" ] || fail "$name: expected"$'\n'"$expected"$'\n'"but got"$'\n'"$got"
    [ ! -s "$work/err" ] || fail "$name: unexpected complaint: $(cat "$work/err")"
}

# expect_error EXPECTED ARGUMENT...: status 2, one line that begins so, no output
expect_error() {
    local expected=$1 status said
    shift
    "$PROVISO" hello "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ $status -eq 2 ] || fail "hello $*: status $status instead of 2"
    [ ! -s "$work/out" ] || fail "hello $*: printed something in spite of its error"
    mapfile -t said <"$work/err"
    [ ${#said[@]} -eq 1 ] || fail "hello $*: not one line: $(cat "$work/err")"
    [[ ${said[0]} == "proviso hello: $expected"* ]] ||
        fail "hello $*: expected \"$expected\", got \"${said[0]}\""
}

uuid=11223344-5566-7788-99aa-bbccddeeff00
head3=0100030000000000443322116655887799aabbccddeeff00
psk=0100020000000000443322116655887799aabbccddeeff00303030303033374d
g1=742c3192e607e424eb4549542be1bbc53e6174e2
g3=132d0d45534b6997cdb2d5c339e25576609b5cc6
godaddy=2796bae63f1801e277261ba0d77770028f20eee4
comodo=d1eb23a46d17d68fd92564c2f1f1601764d8e349
starfield=ad7e1c28b064ef8f6003402014c3d0e3370eb58a
pki=${head3}050114${g1}0114${g3}0114${godaddy}0114${comodo}0114${starfield}

psk_text="version          2 PSK
credentials set  yes
retry            0
UUID             $uuid
PID              0000-037M"
pki_text="version          3 PKI
credentials set  yes
retry            0
UUID             $uuid
hashes           5
hash 1           sha1 $g1 VeriSign Class 3 Primary CA-G1
hash 2           sha1 $g3 VeriSign Class 3 Primary CA-G3
hash 3           sha1 $godaddy Go Daddy Class 2 CA
hash 4           sha1 $comodo Comodo AAA CA
hash 5           sha1 $starfield Starfield Class 2 CA"

expect_output "decode PSK" "$psk_text" hello decode "$psk"
expect_output "decode PKI" "$pki_text" hello decode "$pki"
expect_output "decode upper case with spaces" "$psk_text" hello decode \
    "0100 0200 00000000  44332211 6655 8877 99AABBCCDDEEFF00"$'\n\t'"30 30 30 30 30 33 37 4D"
expect_output "decode standard input" "$pki_text" hello decode - <<<"$(fold -w 60 <<<"$pki")"
for ((i = 0; i < ${#pki}; i += 2)); do
    printf '%b' "\\x${pki:i:2}"
done >"$work/pki.bin"
[ "$(wc -c <"$work/pki.bin")" -eq 135 ] || fail "the PKI vector is not 135 bytes long"
expect_output "decode a file" "$pki_text" hello decode "@$work/pki.bin"
expect_output "decode PSK as JSON" \
    "{\"version\":2,\"credentials_set\":true,\"retry\":0,\"uuid\":\"$uuid\",\"pid\":\"0000-037M\"}" \
    hello decode --json "$psk"
expect_output "decode a PID that cannot be shown as JSON" \
    "{\"version\":2,\"credentials_set\":false,\"retry\":14,\"uuid\":\"$uuid\",\"pid_hex\":\"0030303030303030\"}" \
    hello decode --json 000002000e000000443322116655887799aabbccddeeff000030303030303030
expect_output "decode a PID that JSON has to escape" \
    "{\"version\":2,\"credentials_set\":true,\"retry\":0,\"uuid\":\"$uuid\",\"pid\":\"00\\\"\\\\-0000\"}" \
    hello decode --json 0100020000000000443322116655887799aabbccddeeff003030225c30303030
# Begins as a known root does, but is of another algorithm: no name.
sha256=${starfield}000000000000000000000000
expect_output "decode hashes as JSON" \
    "{\"version\":3,\"credentials_set\":true,\"retry\":0,\"uuid\":\"$uuid\",\"hashes\":[{\"algorithm\":\"sha1\",\"hash\":\"$starfield\",\"name\":\"Starfield Class 2 CA\"},{\"algorithm\":\"sha256\",\"hash\":\"$sha256\",\"name\":null}]}" \
    hello decode --json "${head3}020114${starfield}0220${sha256}"
expect_output "decode version 1" "version          1 head only
credentials set  no
retry            4294967295
UUID             $uuid" hello decode 00000100ffffffff443322116655887799aabbccddeeff00

expect_output "encode PSK" "$psk" hello encode --version 2 --uuid $uuid --pid 0000-037M
expect_output "encode PKI" "$pki" hello encode --version 3 --retry 0 --uuid $uuid \
    --hash sha1:$g1 --hash sha1:$g3 --hash=sha1:$godaddy --hash sha1:${comodo^^} --hash sha1:$starfield
for release in 5.0.2 5.0.3; do
    expect_output "encode with the roots of $release" "$pki" \
        hello encode --version=3 --uuid=$uuid --release=$release
done
expect_output "encode version 1" 00000100ffffffff443322116655887799aabbccddeeff00 \
    hello encode --version 1 --retry 4294967295 --uuid ${uuid^^} --no-credentials
expect_output "encode SHA-256" "${head3}010220$sha256" \
    hello encode --version 3 --uuid $uuid "--hash=sha256:$sha256"
expect_output "encode no hash" "${head3}00" hello encode --version 3 --uuid $uuid

# To look for leaks takes longer than to decode; the errors below do.
for ((len = 0; len < 270; len += 2)); do
    ASAN_OPTIONS=detect_leaks=0 expect_error "byte $((len / 2)): the message ends inside a field" decode "${pki:0:len}"
done
expect_error "byte 32: bytes after the last field" decode "${psk}00"
expect_error "byte 0: credentials field" decode "02${psk:2}"
expect_error "byte 2: version" decode "0100040000000000"
expect_error "byte 24: more hashes" decode "${head3}22"
expect_error "byte 25: unknown hash algorithm" decode "${head3}0104"
expect_error "byte 26: unknown hash algorithm, or a length" decode "${head3}010120"
expect_error "character 3: 'g' is not a hexadecimal digit" decode "01g0"
expect_error "character 3: byte 0x7f is not" decode $'01\x7f0'
expect_error "character 4: the text ends in the middle" decode "010"
expect_error "byte 1676: longer than any hello" decode "$(printf '00%.0s' {1..1677})"
expect_error "cannot open $work/none" decode "@$work/none"
expect_error "cannot read $work" decode "@$work"
head -c 4096 /dev/zero >"$work/long.bin"
expect_error "$work/long.bin is longer than any hello" decode "@$work/long.bin"
expect_error "byte 0: the message ends" decode -
expect_error "a message is required: decode HEX, " decode
expect_error "decode expects one message" decode 01 00
expect_error "unknown option --jason" decode --jason "$psk"
expect_error "--json takes no value" decode --json=1 "$psk"
expect_error "--json given more than once" decode --json --json "$psk"
expect_error "decode or encode is required"
expect_error "unknown command \"show\"; expected decode or encode" show

v3=(encode --version 3 --uuid "$uuid")
expect_error "--version 1, 2 or 3 is required" encode --uuid $uuid
expect_error "--uuid UUID is required" encode --version 1
expect_error "unexpected argument \"3\"" encode 3
expect_error "invalid value \"4\" for --version; expected a number from 1 to 3" encode --version 4 --uuid $uuid
expect_error "invalid value \"0\" for --version; expected a number from 1 to 3" encode --version 0 --uuid $uuid
expect_error "invalid value \"4294967296\" for --retry; expected a number from 0 to 4294967295" \
    "${v3[@]}" --retry 4294967296
expect_error "invalid value \"-1\" for --retry; expected a number" "${v3[@]}" --retry -1
expect_error "invalid value \"0x10\" for --retry; expected a number" "${v3[@]}" --retry 0x10
expect_error "invalid value \"\" for --retry; expected a number" "${v3[@]}" --retry=
expect_error "invalid value \"99999999999999999999999999\" for --retry; expected a number" "${v3[@]}" --retry 99999999999999999999999999
expect_error "--retry requires a value (N)" "${v3[@]}" --retry
expect_error "invalid UUID \"${uuid}0\"; expected" encode --version 1 --uuid ${uuid}0
expect_error "invalid UUID \"${uuid:0:35}\"; expected" encode --version 1 --uuid ${uuid:0:35}
expect_error "invalid UUID \"${uuid/4/g}\"; expected" encode --version 1 --uuid ${uuid/4/g}
expect_error "invalid UUID \"${uuid//-/0}\"; expected" encode --version 1 --uuid ${uuid//-/0}
expect_error "--uuid given more than once" "${v3[@]}" --uuid $uuid
expect_error "invalid UUID \"a?b\"; expected" encode --version 1 --uuid $'a\nb'
expect_error "invalid PID \"0000037M\"; expected PPPP-PPPP" encode --version 2 --uuid $uuid --pid 0000037M
expect_error "invalid PID \"0000-037m\"; expected PPPP-PPPP" encode --version 2 --uuid $uuid --pid 0000-037m
expect_error "invalid PID \"0000-037MM\"; expected PPPP-PPPP" encode --version 2 --uuid $uuid --pid 0000-037MM
expect_error "--version 2 requires --pid" encode --version 2 --uuid $uuid
expect_error "--pid requires --version 2" "${v3[@]}" --pid 0000-037M
expect_error "--hash requires --version 3" encode --version 1 --uuid $uuid --hash sha1:$g1
expect_error "--release requires --version 3" encode --version 1 --uuid $uuid --release 5.0.2
expect_error "unknown release \"4.9.9\"" "${v3[@]}" --release 4.9.9
expect_error "--release and --hash cannot be used together" "${v3[@]}" --release 5.0.2 --hash sha1:$g1
expect_error "invalid hash \"md5:$g1\"; expected sha1:HEX" "${v3[@]}" --hash md5:$g1
expect_error "invalid hash \"$g1\"; expected sha1:HEX" "${v3[@]}" --hash $g1
expect_error "invalid hash; expected 40 hexadecimal digits after \"sha1:\"" "${v3[@]}" --hash sha1:${g1}0
expect_error "invalid hash; expected 64 hexadecimal digits" "${v3[@]}" --hash sha256:$g1
expect_error "invalid hash; expected 96 hexadecimal digits" "${v3[@]}" --hash sha384:
expect_error "invalid hash; expected 40 hexadecimal digits" "${v3[@]}" --hash sha1:${g1/7/x}
many=()
for i in {1..33}; do many+=(--hash "sha1:$g1"); done
"$PROVISO" hello "${v3[@]}" "${many[@]}" >"$work/out" || fail "33 hashes were refused"
expect_error "too many hashes; a hello carries at most 33" "${v3[@]}" "${many[@]}" --hash sha1:$g1

# Hellos of real, newer firmware stand in MeshCentral's parser as comments.
captures=
for candidate in "$BUILD/deps" "$BUILD/../deps"; do
    [ -f "$candidate/meshcentral/amtprovisioningserver.js" ] &&
        captures=$candidate/meshcentral/amtprovisioningserver.js
done
if [ -z "$captures" ]; then
    echo "hello.sh: vectors hold; real captures skipped: amtprovisioningserver.js is not in $BUILD/deps/meshcentral"
    exit 77
fi
mapfile -t captured < <(grep -oE '[0-9a-fA-F]{200,}' "$captures")
[ ${#captured[@]} -eq 3 ] || fail "expected 3 captures in $captures, found ${#captured[@]}"
bytes=(807 841 841)
hashes=(23 24 24)
for i in 0 1 2; do
    hex=${captured[i],,}
    [ ${#hex} -eq $((2 * bytes[i])) ] || fail "capture $i: $((${#hex} / 2)) bytes, not ${bytes[i]}"
    "$PROVISO" hello decode "$hex" >"$work/out" || fail "capture $i does not decode"
    grep -qx "version          3 PKI" "$work/out" || fail "capture $i is not a PKI hello"
    grep -qx "hashes           ${hashes[i]}" "$work/out" || fail "capture $i: not ${hashes[i]} hashes"
    [ "$(grep -cE '^hash [0-9]+ +sha256 [0-9a-f]{64}$' "$work/out")" -eq "${hashes[i]}" ] ||
        fail "capture $i: not all hashes are SHA-256"
    arguments=()
    while read -r key value more; do
        case $key in
        retry) arguments+=(--retry "$value") ;;
        UUID) arguments+=(--uuid "$value") ;;
        hash) arguments+=(--hash "${more/ /:}") ;;
        esac
    done < <(tr -s ' ' <"$work/out")
    expect_output "capture $i encoded again" "$hex" hello encode --version 3 "${arguments[@]}"
done
