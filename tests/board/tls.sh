#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# TLS on a board's set-up port, with openssl on the other side: the device's own key and certificate,
# chains whose root it knows and does not know, as long as its memory must hold, a pre-shared key right and
# wrong; and that the stack, whose bound is worked out for images without TLS only, has room left.
set -u
command -v openssl >/dev/null || {
    echo "no openssl"
    exit 77
}
source "$(dirname "$0")/common.bash"

board=mps2-an385
USBKEY=${USBKEY:-$OBJ/bin/usbkey}
image() { echo "$BUILD/$1-tls/test-$2/firmware.bin"; }
cd "$work" || exit 1

source "$root/tests/authority.bash"

# shows BITS ARGUMENT...: with that chain
shows() { client -cert "$1/leaf.pem" -key "$1/key" -cert_chain "$1/chain" "${@:2}"; }

{
    openssl genrsa -out key 2048 && root_certificate '/CN=Foreign root' &&
        certificate cert root '/CN=sca.site1.example' server && authority 2048 && authority 4096
} >certificates.log 2>&1 || fail "openssl: $(<certificates.log)"

device() { sed -n 's/.*address \(192\.168\.77\.[0-9]*\).*/\1/p' uart | tail -n 1; }
client() { timeout 300 openssl s_client -connect "$(device):16993" "$@" </dev/null >out 2>&1; }
tls_lines() { grep -c '  tls-' uart; }
tls_lines_are() { (($(tls_lines) == $1)); }

# ends LINE COMMAND...: the console says so of the connection
ends() {
    local lines
    lines=$(tls_lines)
    "${@:2}"
    eventually tls_lines_are $((lines + 1)) || fail "${*:2}: no trace; $(tail -n 5 out)"
    grep '  tls-' uart | tail -n 1 | grep -qE "  $1" || fail "${*:2}: not $1"
}

# starts RELEASE-OEM MAC [BITS]: a device with the hash of that authority's root
starts() {
    local before state=()
    before=$(hellos)
    allow_gdb
    if [[ ${3:-} ]]; then
        trusting "${1%-*}" "$3" >menu 2>&1 || fail "MEBx: $(<menu)"
        state=(--state state)
    fi
    boot "$board" "$1" --tap tap0 --mac "$2" "${state[@]}"
    eventually hellos_are $((before + 1)) || fail "no hello"
}

network
starts 5.0.2-intel 02:a3:7e:00:06:01 2048
for version in tls1 tls1_2; do
    ends 'tls-refused 192.168.77.1: no certificate of the chain has an active hash' \
        client -cert cert.pem -key key -cert_chain root.pem "-$version"
    grep -qa 'SSL alert number 48$' out || fail "no alert 48"
    grep -qaE '^subject=CN ?= ?iAMT$' out || fail "not the device's own certificate"
    grep -qa 'Server public key is 1024 bit' out || fail "not a key of 1024 bits"
    ends 'tls-refused 192.168.77.1: the server presented no certificate' client "-$version"
    ends 'tls-accepted 192.168.77.1: sca.site1.example' shows 2048 "-$version"
    ends 'tls-failed 192.168.77.1: ' client "-$version" -cipher 'DHE-RSA-AES128-SHA:@SECLEVEL=0'
done
agent -discovery >agent.log || fail "ztcagent -discovery: $(<agent.log)"
stack_left 5.0.2-intel

starts 6.0-intel 02:a3:7e:00:06:03 4096
for version in tls1 tls1_2; do
    ends 'tls-accepted 192.168.77.1: sca.site1.example' shows 4096 "-$version"
done
grep -qa 'Server public key is 2048 bit' out || fail "not a key of 2048 bits"
stack_left 6.0-intel

pps=$(printf %s NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ | od -An -v -tx1 | tr -d ' \n')
psk() { client -psk_identity "$1" -psk "$2" "-$3" -cipher 'PSK-AES128-CBC-SHA:@SECLEVEL=0'; }
starts 5.0.3-psk-loaded 02:a3:7e:00:06:02
for version in tls1 tls1_2; do
    ends "tls-refused 192.168.77.1: the client's key is not the PPS" psk 0000037M "${pps%?}b" $version
    ends "tls-refused 192.168.77.1: the client's identity is not the PID" psk 0000037N "$pps" $version
    ends 'tls-accepted 192.168.77.1: 0000037M' psk 0000037M "$pps" $version
done
stack_left 5.0.3-psk-loaded
