#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `usbkey make|show|check`: the bytes of each format, every option, bad input, what a device would do.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
USBKEY=${USBKEY:-$OBJ/bin/usbkey}

fail() {
    echo "usbkey.sh: $*" >&2
    exit 1
}

# run EXPECTED-STATUS ARGUMENT...
run() {
    local expected=$1 status
    shift
    "$USBKEY" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ $status -eq "$expected" ] || fail "$*: status $status, not $expected: $(cat "$work/err")"
    ! grep -qE 'Str0ng!pw|NKLD|Secr3t' "$work/err" "$work/out" || fail "$*: shows a secret"
}

# expect_error TEXT ARGUMENT...: status 2, one line that begins so, nothing written
expect_error() {
    local expected=$1
    shift
    rm -f "$work/bad.bin"
    run 2 "$@"
    [ ! -s "$work/out" ] || fail "$*: printed something in spite of its error"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$*: not one line: $(cat "$work/err")"
    [[ $(cat "$work/err") == "usbkey: $expected"* ]] ||
        fail "$*: expected \"$expected\", got \"$(cat "$work/err")\""
    [ ! -e "$work/bad.bin" ] || fail "$*: wrote a file in spite of its error"
}

# expect_bytes NAME HEX...: each HEX is one 512-byte chunk less its zeros at the end
expect_bytes() {
    local name=$1 want="" chunk got
    shift
    for chunk in "$@"; do
        chunk=${chunk//[[:space:]]/}
        want+=$chunk$(printf "%0$((1024 - ${#chunk}))d" 0)
    done
    got=$(od -An -v -tx1 "$work/key.bin" | tr -d ' \n')
    [ "$got" = "$want" ] || fail "$name: expected"$'\n'"$want"$'\n'"but got"$'\n'"$got"
}

expect_lines() {
    local name=$1 expected=$2
    [ "$(cat "$work/out")" = "$expected" ] ||
        fail "$name: expected"$'\n'"$expected"$'\n'"but got"$'\n'"$(cat "$work/out")"
}

pid=0000-037M
pps=NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ
key=(--pid "$pid" --pps "$pps")
new=(--new-password 'Str0ng!pw')
g1=742c3192e607e424eb4549542be1bbc53e6174e2

# --- bytes ---------------------------------------------------------------------------------------
passwords="0100 0100 0500 0000 61646d696e 000000  0100 0200 0900 0000 537472306e67217077 000000"
bare="0200 0100 0800 0000 303030303033374d  0200 0200 2000 0000
    4e4b4c4447354443 52524e514539595a 5a494a4c374c464c 564a45443639584a"
guid1=b516fb7187cbf94ab441ca7b383578f9
guid2=96b28158cf6b724c8b91a15e512e99c4
record="01000000 01000000 0000000000000000 0100 1800"

run 0 make "$work/key.bin" --format 1 "${new[@]}" "${key[@]}"
expect_bytes "format 1" \
    "$guid1 0100 2e00 00000000 01 00 0000 01000000 00000000 0100 0000 0100 0200 0000" \
    "$record 01000000 $passwords $bare"
[ "$(stat -c %a "$work/key.bin")" = 600 ] || fail "others may read the key file"

run 0 make "$work/key.bin" --format=2.0 "${new[@]}" --no-consume --records 2 --manageability amt
expect_bytes "format 2.0" \
    "$guid2 0100 2c00 00000000 02 00 0100 02000000 00000000 0100 0000 0100 0000" \
    "$record 01000000 $passwords 0100 0300 0100 0000 01" \
    "$record 02000000 $passwords 0100 0300 0100 0000 01"

run 0 make "$work/key.bin" --format 2.1 "${new[@]}" --password-policy anytime --mode smb \
    --server 10.0.0.5:9971 --address 10.0.0.9,255.255.255.0,10.0.0.1,10.0.0.2,0.0.0.0 \
    --dhcp off --domain r --host pc --redirection sol,user --hash "sha1:$g1:one" --rcfg off \
    --builtin-hashes off --fqdn s.r --suffix r --idle-timeout 30 \
    --power-package "Desktop: ON in S0, S3" --password admin
expect_bytes "format 2.1" \
    "$guid2 0100 2e00 00000000 02 01 0000 01000000 00000000 0100 0000 0100 0200 0000" \
    "$record 01000000 $passwords 0100 0600 1000 0000 a18600ab9a7f4c42a6e6bb243a295d9e
     0200 0300 0100 0000 72 000000  0200 0400 0300 0000 732e72 00
     0200 0500 0100 0000 00 000000  0200 0600 0100 0000 00 000000  0200 0700 0100 0000 01 000000
     0200 0800 1900 0000 01 $g1 03 6f6e65 000000
     0200 0a00 0100 0000 05 000000  0200 0b00 0200 0000 7063 0000  0200 0c00 0100 0000 72 000000
     0200 0d00 0100 0000 01 000000  0200 0f00 0200 0000 1e00 0000
     0200 1000 0100 0000 02 000000  0200 1100 0400 0000 0500000a  0200 1200 0200 0000 f326 0000
     0200 1300 1400 0000 0900000a 00ffffff 0100000a 0200000a 00000000
     0200 1500 0100 0000 02"
run 0 check "$work/key.bin" --release 5.0.3
expect_lines "check 2.1" "record             1
outcome            manual set-up: provisioned at once
MEBx password      ********
power package      Desktop: ON in S0, S3
idle time-out      30
mode               SMB
remote config      off
PKI DNS suffix     r
server FQDN        s.r
server address     10.0.0.5
host name          pc
domain             r
DHCP               off
address            10.0.0.9
mask               255.255.255.0
gateway            10.0.0.1
DNS 1              10.0.0.2
redirection        5
password policy    2
built-in hashes    off
user hash          one"

# G-restore: no choice of mode from 6.0 on
run 0 make "$work/key.bin" --format 3.0 "${new[@]}" --mode smb
run 1 check "$work/key.bin" --release 6.0
grep -qx 'refused: record 1, entry 2/16 (provisioning mode), a value is not allowed' "$work/out" || fail "small business on 6.0: $(cat "$work/out")"

# --- scrambled, many machines --------------------------------------------------------------------
printf '# PID,PPS\r\n%s,%s\r\n\n%s, %s' $pid $pps ${pid/-/} ${pps//-/} >"$work/pairs"
run 0 make "$work/key.bin" --format 1 "${new[@]}" --pairs "$work/pairs"
expect_bytes "pairs" \
    "$guid1 0100 2e00 00000000 01 00 0000 02000000 00000000 0100 0000 0100 0200 0000" \
    "$record 01000000 $passwords $bare" "$record 02000000 $passwords $bare"
run 0 make "$work/plain.bin" --format 1 "${new[@]}" "${key[@]}" --plain
run 0 make "$work/key.bin" --format 1 "${new[@]}" "${key[@]}" --scramble
od -An -v -w1 -tu1 "$work/plain.bin" | awk '{ print (NR == 517 ? 3 : NR > 536 ? ($1 + 17) % 256 : $1) }' \
    >"$work/want"
od -An -v -w1 -tu1 "$work/key.bin" | awk '{ print $1 }' | cmp -s - "$work/want" ||
    fail "a scrambled file is not the plain one with 17 added to each byte from 24 on"
run 0 show "$work/key.bin"
expect_lines "show" "format    1.0
records   1, 0 used
record 1, scrambled
  1/1    current MEBx password        ********
  1/2    new MEBx password            ********
  2/1    PID                          0000037M
  2/2    PPS                          ********"
"$USBKEY" show "$work/key.bin" --secrets >"$work/out" || fail "show --secrets"
grep -qx "  1/1    current MEBx password        admin" "$work/out" || fail "no old password"
grep -qx "  1/2    new MEBx password            Str0ng!pw" "$work/out" || fail "no new password"
grep -qx "  2/2    PPS                          ${pps//-/}" "$work/out" || fail "no PPS"

# --- what a device does --------------------------------------------------------------------------
applied="record             1
outcome            pre-shared key entered: set-up begins
MEBx password      ********
PID                0000-037M
PPS                ********"
for release in 2.1 3.0 4.0 5.0.2 5.0.3 6.0; do
    run 0 check "$work/key.bin" --release $release
    expect_lines "check on $release" "$applied"
done
run 0 check "$work/key.bin" --release 5.0.3 --state setup
expect_lines "in setup" "$applied"
run 1 check "$work/key.bin" --release 5.0.3 --state setup --oem psk-loaded
expect_lines "in setup with a key" "refused: set-up has gone too far for a key"
run 1 check "$work/key.bin" --release 2.2 --state setup
expect_lines "in setup on 2.2" "refused: set-up has gone too far for a key"
run 1 check "$work/key.bin" --release 5.0.3 --state=provisioned
expect_lines "provisioned" "refused: set-up has gone too far for a key"
run 0 check "$work/key.bin" --release 5.0.3 --state factory --oem bmp-off
run 1 check "$work/key.bin" --release 5.0.3 --password-changed
expect_lines "changed" "refused: the MEBx password is no longer the factory default"
run 0 make "$work/key.bin" --format 2.0 "${new[@]}" --password 'Secr3t!old' --suffix a.b
run 1 check "$work/key.bin" --release 5.0.3
expect_lines "wrong password" \
    "refused: record 1, entry 1/1 (current MEBx password), the current MEBx password is a different one"
run 1 check "$work/key.bin" --release 2.1
expect_lines "format" "refused: this release does not read this format"
run 0 make "$work/key.bin" --format 3.0 "${new[@]}" --hash "sha256:$g1$(printf '%024d' 0):two"
run 0 check "$work/key.bin" --release 6.0
run 1 check "$work/key.bin" --release 5.0.3
run 0 make "$work/key.bin" --format 2.1 "${new[@]}" --power-package "Mobile: ON in S0, S3/AC"
run 0 check "$work/key.bin" --release 4.0
run 1 check "$work/key.bin" --release 5.0.3
expect_lines "package" "refused: record 1, entry 1/6 (power package), a value is not allowed"
head -c 900 "$work/key.bin" >"$work/short.bin"
run 1 check "$work/short.bin" --release 4.0
expect_lines "short" "refused: a length, count or offset does not fit"
expect_error "$work/short.bin: a length" show "$work/short.bin"
run 1 check /dev/null --release 4.0
expect_lines "empty" "refused: not a setup.bin file"

# --- bad input -----------------------------------------------------------------------------------
expect_error "make, show or check is required"
expect_error "unknown command \"mak\"; expected make, show or check" mak
expect_error "a file to check is required" check
expect_error "--release R is required" check "$work/key.bin"
expect_error "too many arguments; check expects one file" check a b
expect_error "--release requires a value" check a --release
expect_error "unknown release \"5.0\"" check a --release 5.0
expect_error "--release given more than once" check a --release 5.0.3 --release 5.0.2
expect_error "unknown OEM profile \"x\"" check a --release 5.0.3 --oem x
expect_error "unknown state \"PRE\"; expected" check a --release 5.0.3 --state PRE
expect_error "--password-changed takes no value" check a --release 5.0.3 --password-changed=1
expect_error "unknown option --relase" check a --relase 5.0.3
expect_error "cannot open $work/none" check "$work/none" --release 5.0.3
expect_error "cannot read $work" show "$work"
expect_error "a file to show is required" show
expect_error "too many arguments; show expects one file" show a b
expect_error "unknown option --secret" show a --secret
bad=(make "$work/bad.bin" --format 2.1 "${new[@]}")
expect_error "a file to write is required" make --format 1 "${new[@]}"
expect_error "--format F is required" make "$work/bad.bin" "${new[@]}"
expect_error "--new-password-file FILE is required" make "$work/bad.bin" --format 1
expect_error "too many arguments; make writes one file" "${bad[@]}" other
expect_error "unknown format \"2\"; expected" make "$work/bad.bin" --format 2 "${new[@]}"
expect_error "--format given more than once" "${bad[@]}" --format 1
expect_error "invalid value for --records; expected" "${bad[@]}" --records 0
expect_error "invalid value for --records; expected" "${bad[@]}" --records 20001
expect_error "invalid value for --records; expected" "${bad[@]}" --records 1x
expect_error "invalid value for --records; expected" "${bad[@]}" --records ''
expect_error "--plain and --scramble cannot be used together" "${bad[@]}" --plain --scramble
expect_error "--pairs and --records cannot be used together" "${bad[@]}" --pairs "$work/pairs" --records 2
expect_error "--pairs and --pid cannot be used together" "${bad[@]}" --pairs "$work/pairs" --pid $pid
expect_error "--pairs and --pps cannot be used together" "${bad[@]}" --pairs "$work/pairs" --pps $pps
expect_error "cannot open $work/none" "${bad[@]}" --pairs "$work/none"
expect_error "--no-consume requires" make "$work/bad.bin" --format 1 "${new[@]}" --no-consume
expect_error "--suffix requires a newer" make "$work/bad.bin" --format 1 "${new[@]}" --suffix a.b
expect_error "--server requires a newer" make "$work/bad.bin" --format 2.0 "${new[@]}" --server 1.2.3.4
expect_error "--new-password: a value" make "$work/bad.bin" --format 1 --new-password weak
echo weak >"$work/weak"
printf '%033d\n' 0 >"$work/long"
echo $pps >"$work/pps"
# What a file held is called by the file's option.
expect_error "--new-password-file: a value" make "$work/bad.bin" --format 1 --new-password-file "$work/weak"
expect_error "invalid value for --password-file; expected at most" "${bad[@]}" --password-file "$work/long"
expect_error "invalid value for --password; expected at most" "${bad[@]}" --password "$(cat "$work/long")"
expect_error "--pps-file requires --pid" "${bad[@]}" --pps-file "$work/pps"
expect_error "--pairs and --pps-file cannot be used together" "${bad[@]}" --pairs "$work/pairs" --pps-file "$work/pps"
expect_error "--new-password given more than once" "${bad[@]}" --new-password 'Str0ng!pw'
expect_error "--pid requires --pps-file or --pps" "${bad[@]}" --pid $pid
expect_error "--pps requires --pid" "${bad[@]}" --pps $pps
expect_error "invalid value for --pid" "${bad[@]}" --pid 0000-037N --pps $pps
expect_error "invalid value for --pps" "${bad[@]}" --pid $pid --pps ${pps/J/K}
expect_error "--suffix: a value" "${bad[@]}" --suffix a_b
expect_error "invalid value for --suffix" "${bad[@]}" --suffix "$(printf '%0256d' 0)"
expect_error "--host: a value" "${bad[@]}" --host a.b
for wrong in 1.2.3 1.2.3.4.5 1.2.3.256 1.2.3.4: 1.2.3.4:65536 a.b.c.d ''; do
    expect_error "invalid value for --server" "${bad[@]}" --server "$wrong"
done
expect_error "--server: a value" "${bad[@]}" --server 1.2.3.4:0
expect_error "--server: a value" "${bad[@]}" --server 127.0.0.1
expect_error "invalid value for --address" "${bad[@]}" --address 1.2.3.4,255.0.0.0
expect_error "--address: a value" "${bad[@]}" --address 1.2.3.4,255.0.255.0,0.0.0.0,0.0.0.0,0.0.0.0
expect_error "invalid value for --mode" "${bad[@]}" --mode SMB
expect_error "invalid value for --dhcp" "${bad[@]}" --dhcp 1
expect_error "invalid value for --redirection" "${bad[@]}" --redirection sol,,user
expect_error "invalid value for --idle-timeout" "${bad[@]}" --idle-timeout 0
expect_error "invalid value for --idle-timeout" "${bad[@]}" --idle-timeout 65536
expect_error "invalid value for --power-package" "${bad[@]}" --power-package ON
for wrong in sha1 "$g1:x" "sha1:$g1" "sha1:$g1:" "sha1:${g1}0:x" "sha1:${g1/7/x}:x" "md5:$g1:x" \
    "sha1:$g1:$(printf '%033d' 0)"; do
    expect_error "invalid value for --hash" "${bad[@]}" --hash "$wrong"
done
expect_error "--hash: a value" "${bad[@]}" --hash "sha256:$g1$(printf '%024d' 0):two"
three=(--hash "sha1:$g1:1" --hash "sha1:$g1:2" --hash "sha1:$g1:3")
run 0 make "$work/key.bin" --format 2.1 "${new[@]}" "${three[@]}"
expect_error "--hash: a value" "${bad[@]}" "${three[@]}" --hash "sha1:$g1:4"
echo "$pid" >"$work/bad-pairs"
expect_error "$work/bad-pairs:1: invalid pair; expected" "${bad[@]}" --pairs "$work/bad-pairs"
printf '\n%s,%s\n%s,%s\n' $pid $pps $pid ${pps/J/K} >"$work/bad-pairs"
expect_error "$work/bad-pairs:3: invalid pair; expected" "${bad[@]}" --pairs "$work/bad-pairs"
echo '# none' >"$work/bad-pairs"
expect_error "$work/bad-pairs: no pair" "${bad[@]}" --pairs "$work/bad-pairs"
expect_error "cannot create $work/none/x" make "$work/none/x" --format 2.1 "${new[@]}"
