#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The configuration service of a board: configured by hand in MEBx on the console, then read by amttool
# (EOI) and curl (WS-Man), with the right password and a wrong one, and un-provisioned.
set -u
command -v amttool >/dev/null && command -v curl >/dev/null || {
    echo "no amttool, or no curl"
    exit 77
}
source "$(dirname "$0")/common.bash"

image() { echo "$BUILD/$1-manage/test-$2/firmware.bin"; }
cd "$work" || exit 1
password='Passw0rd!'

device() { awk -v mac="$mac" '$2 == mac { print $3 }' dns/leases; }

# post PASSWORD PATH BODY: the HTTP status, the rest in the file answer
post() {
    curl -sS -o answer -w '%{http_code}' --digest -u "admin:$1" --data "$3" "http://$(device):16992$2"
}
identify() {
    post "$1" /wsman '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>'
}

has_address() { [[ $(device) ]]; }

network
number=1
for board in mps2-an385 lm3s6965evb; do
    mac=02:a3:7e:00:07:0$number
    allow_gdb
    boot "$board" 5.0.3-bmp-off --tap tap0 --mac $mac
    type_until shown 'Leaving the menu' <<<$'\x10admin\rPassw0rd!\rPassw0rd!\r3\r1\rpc1\r3\r2\r0\r4\ry\r'
    eventually has_address || fail "no address"
    # shellcheck disable=SC2094 # device() reads another file
    AMT_PASSWORD=$password timeout 300 amttool "$(device)" info >info 2>&1 </dev/null || fail "amttool: $(<info)"
    grep -qE 'AMT version: +5\.0\.3$' info || fail "amttool: no version: $(<info)"
    grep -qE 'Hostname: +pc1\.site1\.example' info || fail "amttool: no host name: $(<info)"
    # shellcheck disable=SC2094 # device() reads another file
    AMT_PASSWORD=wrong timeout 300 amttool "$(device)" info >info 2>&1 </dev/null
    ! grep -q '5\.0\.3' info || fail "reads with a wrong password: $(<info)"
    [[ $(identify wrong) == 401 ]] || fail "a wrong password gets $(<answer)"
    [[ $(identify $password) == 200 ]] || fail "WS-Man answers $(<answer)"
    grep -q 'IdentifyResponse' answer || fail "WS-Man answers $(<answer)"
    [[ $(post $password /SecurityAdministrationService \
        '<Envelope><Body><Unprovision/></Body></Envelope>') == 200 ]] || fail "Unprovision: $(<answer)"
    grep -q '<Status>0</Status>' answer || fail "Unprovision: $(<answer)"
    eventually shown 'state factory' || fail "still provisioned"
    ! shown "$password" || fail "shows the password"
    stack_left 5.0.3-bmp-off
    ((number++))
done
