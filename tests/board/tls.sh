#!/usr/bin/env bash
# TLS on a board's set-up port, with openssl on the other side: the device's own key and certificate, a
# chain whose root it does not know, a pre-shared key right and wrong; and that the stack, whose bound is
# worked out for images without TLS only, has room left.
set -u
command -v openssl >/dev/null || {
    echo "no openssl"
    exit 77
}
source "$(dirname "$0")/common.bash"

board=mps2-an385
image() { echo "$BUILD/$1-tls/test-$2/firmware.bin"; }
cd "$work" || exit 1

cat >openssl.cnf <<'END'
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
CipherString = DEFAULT:@SECLEVEL=0
MinProtocol = TLSv1
[req]
distinguished_name = none
[none]
[oid]
extendedKeyUsage = serverAuth,2.16.840.1.113741.1.2.3
[ca]
basicConstraints = critical,CA:TRUE
END
export OPENSSL_CONF=$work/openssl.cnf
{
    openssl genrsa -out key 2048
    openssl req -x509 -new -key key -subj '/CN=Foreign root' -days 3000 -sha256 -extensions ca -out root.pem
    openssl req -new -key key -subj '/CN=sca.site1.example' -out request
    openssl x509 -req -in request -CA root.pem -CAkey key -set_serial 1 -days 3000 -sha256 \
        -extfile openssl.cnf -extensions oid -out cert.pem
} >certificates.log 2>&1 || fail "openssl: $(<certificates.log)"

device() { sed -n 's/.*address \(192\.168\.77\.[0-9]*\).*/\1/p' uart | tail -n 1; }
client() { timeout 60 openssl s_client -connect "$(device):16993" "$@" </dev/null >out 2>&1; }
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

# starts RELEASE-OEM MAC
starts() {
    local before
    before=$(hellos)
    allow_gdb
    boot "$board" "$1" --tap tap0 --mac "$2"
    eventually hellos_are $((before + 1)) || fail "no hello"
}

network
starts 5.0.2-intel 02:a3:7e:00:06:01
for version in tls1 tls1_2; do
    ends 'tls-refused 192.168.77.1: no certificate of the chain has an active hash' \
        client -cert cert.pem -key key -cert_chain root.pem "-$version"
    grep -qa 'SSL alert number 48$' out || fail "no alert 48"
    grep -qa '^subject=CN = iAMT$' out || fail "not the device's own certificate"
    grep -qa 'Server public key is 1024 bit' out || fail "not a key of 1024 bits"
    ends 'tls-refused 192.168.77.1: the server presented no certificate' client "-$version"
    ends 'tls-failed 192.168.77.1: ' client "-$version" -cipher 'DHE-RSA-AES128-SHA:@SECLEVEL=0'
done
agent -discovery >agent.log || fail "ztcagent -discovery: $(<agent.log)"
stack_left 5.0.2-intel

pps=$(printf %s NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ | od -An -v -tx1 | tr -d ' \n')
psk() { client -psk_identity "$1" -psk "$2" "-$3" -cipher 'PSK-AES128-CBC-SHA:@SECLEVEL=0'; }
starts 5.0.3-psk-loaded 02:a3:7e:00:06:02
for version in tls1 tls1_2; do
    ends "tls-refused 192.168.77.1: the client's key is not the PPS" psk 0000037M "${pps%?}b" $version
    ends "tls-refused 192.168.77.1: the client's identity is not the PID" psk 0000037N "$pps" $version
    ends 'tls-accepted 192.168.77.1: 0000037M' psk 0000037M "$pps" $version
done
stack_left 5.0.3-psk-loaded
