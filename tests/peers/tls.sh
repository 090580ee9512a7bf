#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The set-up port's TLS as openssl sees it: `proviso live` on a TAP interface, with certificates that
# openssl makes now; in a network namespace of its own.
set -u
source "$(dirname "$0")/../namespace.bash" openssl dnsmasq perl timeout
source "$root/tests/openssl.bash"
mkdir -m 755 dns
device=192.168.77.50 host=192.168.77.1
: >out
pid='' dns=''

# what the device said, and openssl
fail() {
    echo "$name: $*"
    sed 's/^/    /' log
    grep -aE 'alert|error|Protocol|Cipher  ' out | sed 's/^/    openssl: /'
    exit 1
}

logged() { grep -q "$1" log; }

# --- certificates

names() { printf 'DNS:server-%04d.site1.example,' $(seq "$1"); }
export NAMES=DNS:sca.site1.example
openssl_settings <<'END'
[ca]
basicConstraints = critical,CA:TRUE
[oid]
extendedKeyUsage = serverAuth,2.16.840.1.113741.1.2.3
[web]
extendedKeyUsage = serverAuth
[oid-only]
extendedKeyUsage = 2.16.840.1.113741.1.2.3
[long]
extendedKeyUsage = serverAuth,2.16.840.1.113741.1.2.3
subjectAltName = $ENV::NAMES
[end]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
END
# For a client as they were before RFC 7366 and RFC 7627.
sed 's/^MinProtocol.*/&\nOptions = -EncryptThenMac,-ExtendedMasterSecret/' openssl.cnf >before.cnf
tool() { openssl "$@" 2>err || fail "openssl $*: $(<err)"; }

for bits in 512 1024 2048 3072; do tool genrsa -out rsa$bits.key $bits; done
tool genrsa -out root.key 2048
tool genrsa -out ca.key 1024

# root NAME SUBJECT: signs itself
root() {
    tool req -x509 -new -key root.key -subj "$2" -days 3000 -sha1 -extensions ca -out "$1.pem"
    [[ $1 == root ]] || cp root.key "$1.key"
    : >"$1.chain"
}

# cert NAME SUBJECT EXTENSIONS [BITS [ISSUER [DIGEST]]]: NAME.pem with NAME.key, and NAME.chain, what
# lies above it
cert() {
    local key=rsa${4:-2048}.key issuer=${5:-root}
    [[ $3 != ca ]] || key=ca.key
    tool req -new -key "$key" -subj "$2" -out request.pem
    tool x509 -req -in request.pem -CA "$issuer.pem" -CAkey "$issuer.key" -set_serial $RANDOM \
        -days 3000 "-${6:-sha1}" -extfile openssl.cnf -extensions "$3" -out "$1.pem"
    cat "$issuer.pem" "$issuer.chain" >"$1.chain"
    cp "$key" "$1.key"
}

intel='/OU=Intel(R) Client Setup Certificate'
root root '/CN=Test root'
root foreign '/CN=Foreign root'
cert right '/CN=sca.site1.example' oid
cert sha256 '/CN=sca.site1.example' oid 2048 root sha256
cert unit "/CN=sca.site1.example$intel" web
cert neither '/CN=sca.site1.example' web
cert almost "/CN=sca.site1.example$intel." web
cert no-server '/CN=sca.site1.example' oid-only
cert key512 '/CN=sca.site1.example' oid 512
cert key1024 '/CN=sca.site1.example' oid 1024
cert key3072 '/CN=sca.site1.example' oid 3072
cert elsewhere '/CN=sca.site2.example' oid
cert unknown '/CN=sca.site1.example' oid 2048 foreign
cert ca1 '/CN=Middle 1' ca
cert ca2 '/CN=Middle 2' ca 1024 ca1
cert ca3 '/CN=Middle 3' ca 1024 ca2
cert four '/CN=sca.site1.example' oid 2048 ca2 sha256
cert five '/CN=sca.site1.example' oid 2048 ca3
NAMES=$(names 150)DNS:sca.site1.example cert long '/CN=sca.site1.example' long
NAMES=$(names 200)DNS:sca.site1.example cert longer '/CN=sca.site1.example' long
cert shop '/CN=shop.example' end 1024
cert stolen '/CN=sca.site1.example' oid 2048 shop
cert two-names '/CN=sca.site1.example/CN=sca.site2.example' oid
cert two-names-turned '/CN=sca.site2.example/CN=sca.site1.example' oid
cert md5 '/CN=sca.site1.example' oid 2048 root md5
cp right.key broken.key
cp right.chain broken.chain
tool x509 -in right.pem -outform der -out right.der
perl -0777 -pe 'substr($_, -5, 1) ^= "\1"' right.der >broken.der
tool x509 -inform der -in broken.der -out broken.pem

hash=$(openssl x509 -in root.pem -outform der | openssl dgst -sha1 -r | cut -d' ' -f1)
printf '%s\n' 'name test' "hash sha1 $hash \"Test root\"" >test.oem
pps=NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ
printf '%s\n' 'name keyed' 'pid 0000-037M' "pps $pps" >keyed.oem

# --- the network and the device

ip link set lo up
ip tuntap add dev tap0 mode tap
ip addr add $host/24 dev tap0
ip link set tap0 up

# network OPTION15: the DHCP server hands out this domain from now on
network() {
    if [[ $dns ]]; then
        kill $dns
        wait $dns
    fi 2>/dev/null
    rm -f dns/log
    dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces \
        --no-ping --pid-file= --dhcp-leasefile="$work/dns/leases" --log-facility="$work/dns/log" \
        --dhcp-range=$device,$device,255.255.255.0,1h \
        --dhcp-option=option:domain-name,"$1" --local="/$1/" &
    dns=$!
    eventually test -s dns/log || fail "dnsmasq does not start"
}

stop() {
    [[ $pid ]] || return 0
    kill $pid
    wait $pid
    pid=''
} 2>/dev/null

# start RELEASE OEM [KEYS]: a new device, into whose MEBx menu these keys were typed
start() {
    stop
    rm -f state
    if [[ ${3:-} ]]; then
        printf "admin\nPassw0rd!\nPassw0rd!\n%b" "$3" |
            "$PROVISO" mebx --release "$1" --oem "$2" --state state >menu 2>&1 || fail "MEBx: $(<menu)"
        grep -q 'The changes are stored' menu || fail "MEBx stores nothing: $(tail -n 5 menu)"
    fi
    : >log
    "$PROVISO" live --tap tap0 --release "$1" --oem "$2" --state state --control control >>log 2>&1 &
    pid=$!
    eventually logged "address $device" || fail "the device has no address"
}

state() { "$PROVISO" control --socket control state; }

# --- the client

# client ARGUMENT...: connects, sends nothing, closes; what openssl says is in the file out
client() { timeout 300 openssl s_client -connect $device:16993 "$@" </dev/null >out 2>&1; }
# shows NAME ARGUMENT...: with this certificate and all that lies above it
shows() { client -cert "$1.pem" -key "$1.key" -cert_chain "$1.chain" "${@:2}"; }

tls_lines() { grep -c '  tls-' log; }
last_tls() { grep '  tls-' log | tail -n 1; }
tls_lines_are() { (($(tls_lines) == $1)); }

# accepted WHO COMMAND...
accepted() {
    local lines
    lines=$(tls_lines)
    "${@:2}" || fail "${*:2}: openssl fails"
    eventually tls_lines_are $((lines + 1)) || fail "${*:2}: no trace"
    last_tls | grep -qE "  tls-accepted $host: $1\$" || fail "${*:2}: not accepted as $1"
}

# refused ALERT WHY COMMAND...
refused() {
    local lines before
    lines=$(tls_lines)
    before=$(state)
    "${@:3}"
    eventually tls_lines_are $((lines + 1)) || fail "${*:3}: no trace"
    last_tls | grep -qE "  tls-refused $host: $2( \[.*\])?\$" || fail "${*:3}: not refused: $2"
    grep -qa "SSL alert number $1\$" out || fail "${*:3}: no alert $1"
    [[ $(state) == "$before" ]] || fail "${*:3}: the state changes to $(state)"
}

# --- certificates

network site1.example
start 5.0.3 ./test.oem
[[ $(state) == 'In process' ]] || fail "state $(state)"

for version in tls1:TLSv1 tls1_1:TLSv1.1 tls1_2:TLSv1.2; do
    for name in right sha256 unit key1024 four; do
        accepted sca.site1.example shows $name "-${version%:*}"
        grep -qaE "Protocol  : ${version#*:}\$" out || fail "not ${version#*:}"
        grep -qaE '^subject=CN ?= ?iAMT$' out || fail "not the device's own certificate"
        grep -qa 'Server public key is 1024 bit' out || fail "not a key of 1024 bits"
    done
done
for suite in AES128-SHA AES256-SHA AES128-SHA256 AES256-SHA256 AES128-GCM-SHA256 AES256-GCM-SHA384; do
    accepted sca.site1.example shows right -tls1_2 -cipher "$suite:@SECLEVEL=0"
    grep -qaE "Cipher    : $suite\$" out || fail "not $suite"
done
client -tls1_2 -cipher 'ECDHE-RSA-AES128-SHA:DHE-RSA-AES128-SHA:@SECLEVEL=0'
eventually logged 'tls-failed .*: no cipher suite in common' || fail "a suite with Diffie-Hellman is not refused"
client -tls1_3 && fail "TLS 1.3 is not refused"
eventually tls_lines_are 23 || fail "no trace of it"

# both YES|NO: what openssl and the device have agreed upon
both() {
    grep -qaE "Extended master secret: ${1,,}\$" out || fail "extended master secret is not agreed upon: $1"
    [[ $(grep -ca 'server extension "encrypt-then-mac"' out) == "$([[ $1 == YES ]] && echo 1 || echo 0)" ]] ||
        fail "encrypt-then-MAC is not agreed upon: $1"
}
for version in tls1 tls1_1 tls1_2; do
    accepted sca.site1.example shows right -$version -cipher 'AES128-SHA:@SECLEVEL=0' -tlsextdebug
    both YES
    OPENSSL_CONF=$PWD/before.cnf \
        accepted sca.site1.example shows right -$version -cipher 'AES128-SHA:@SECLEVEL=0' -tlsextdebug
    both NO
done

refused 40 'the server presented no certificate' client -tls1_2
refused 40 'the server presented no certificate' client -tls1
refused 48 'no certificate of the chain has an active hash' shows unknown
refused 48 'no certificate of the chain has an active hash' client -cert right.pem -key right.key
refused 43 'the certificate has neither the Intel OID nor the Intel OU' shows neither
refused 43 'the certificate has neither the Intel OID nor the Intel OU' shows almost
refused 43 'the certificate is not for TLS web server authentication' shows no-server
refused 42 'a key of the chain is too short' shows key512 -tls1
refused 42 'a key of the chain is too long' shows key3072
refused 42 'the certificate is for another domain' shows elsewhere
refused 42 'a certificate is not signed by the next one of the chain' shows broken
refused 42 'a certificate is not signed by the next one of the chain' shows md5
refused 42 "a certificate was signed by one that is not a CA's" shows stolen
refused 42 'the certificate has more than one common name' shows two-names
refused 42 'the certificate has more than one common name' shows two-names-turned
refused 42 'the certificate chain is too long' shows five
refused 22 'the certificate chain is too long' shows longer
accepted sca.site1.example shows long
accepted sca.site1.example shows right

# Behind the hand-shake there is the configuration service. What is no request ends the session.
echo 'Hm?' | timeout 300 openssl s_client -quiet -connect $device:16993 -cert right.pem -key right.key \
    -cert_chain right.chain >answer 2>out # -quiet: it does not leave by itself
[[ ${PIPESTATUS[1]} == 0 ]] || fail "the session does not end: $(<answer)"
[[ $(head -n 1 answer) == $'HTTP/1.1 400 Bad Request\r' ]] || fail "no HTTP answer: $(<answer)"

# --- 200 clients who mean no good

perl -MIO::Socket::INET -MSocket -e '
    my ($device, $count) = @ARGV;
    my $hello = pack("H*", "16030100310100002d0301" . "5a" x 32 . "00" . "0006" . "002f003500ff" . "0100");
    $SIG{PIPE} = "IGNORE";
    srand 1;
    for my $i (1 .. $count) {
        my $s = IO::Socket::INET->new(PeerAddr => $device, PeerPort => 16993, Timeout => 5) or next;
        my $kind = $i % 8;
        my $bytes = $kind == 0 ? "" : $kind == 1 ? "GET / HTTP/1.1\r\n\r\n"
            : $kind == 2 ? pack("C*", map { int rand 256 } 1 .. 3000)
            : $kind == 3 ? substr($hello, 0, 1 + $i % (length($hello) - 1))
            : $kind == 4 ? $hello . pack("C*", map { int rand 256 } 1 .. 500)
            : $kind == 5 ? "\x16\x03\x01\xff\xff" . "x" x 2000
            : $kind == 6 ? $hello : "\x80\x2e\x01\x00\x02" . "\0" x 44;
        setsockopt($s, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0)) if $i % 3 == 0;
        syswrite($s, $bytes) if length $bytes;
        select(undef, undef, undef, 0.01);
        close $s;
    }' $device 200
# Of so many only some have a line of their own: a hundred a minute.
failed=$(grep -c '  tls-failed' log)
((failed > 30 && failed <= 100)) || fail "$failed lines of 200 clients who mean no good"
served() { shows right && last_tls | grep -q '  tls-accepted'; }
eventually served || fail "a right client is not served after 200 others"
accepted sca.site1.example shows right
[[ $(state) == 'In process' ]] || fail "state $(state)"

# --- who says nothing, or begins and says no more, keeps nobody out

exec 5<>/dev/tcp/$device/16993 || fail "cannot connect"
served || fail "a right client is not served beside one that says nothing"
printf '\x16' >&5
served || fail "a right client is not served after one that has begun"
exec 5>&-
served || fail "a right client is not served after one that left"

# --- the domain: each of three mends it

network site2.example
start 5.0.3 ./test.oem
accepted sca.site2.example shows elsewhere
refused 42 'the certificate is for another domain' shows right
network site1.example
start 5.0.3 ./test.oem '3\n4\n5\n2\nsite2.example\n0\n0\n0\n4\ny\n' # PKI DNS suffix
accepted sca.site2.example shows elsewhere
start 5.0.3 ./test.oem '3\n4\n4\nsca.site2.example\n0\n0\n4\ny\n' # configuration server FQDN
accepted sca.site2.example shows elsewhere

# --- the hash is there, but not active

start 5.0.3 ./test.oem '3\n4\n5\n3\n2\n6\n0\n0\n0\n0\n4\ny\n'
refused 48 'no certificate of the chain has an active hash' shows right

# --- 6.0 takes longer keys, and has one

start 6.0 ./test.oem
accepted sca.site1.example shows key3072
grep -qa 'Server public key is 2048 bit' out || fail "not a key of 2048 bits"

# --- a pre-shared key

hex=$(printf %s $pps | od -An -v -tx1 | tr -d ' \n')
psk() { client -psk_identity "$1" -psk "$2" "-$3" -tlsextdebug -cipher 'PSK-AES128-CBC-SHA:@SECLEVEL=0'; }
start 5.0.3 ./keyed.oem
for version in tls1 tls1_1 tls1_2; do
    accepted 0000037M psk 0000037M "$hex" "$version"
    both YES
    OPENSSL_CONF=$PWD/before.cnf accepted 0000037M psk 0000037M "$hex" "$version"
    both NO
done
refused 115 "the client's identity is not the PID" psk 0000037N "$hex" tls1
refused 115 "the client's identity is not the PID" psk 0000-037M "$hex" tls1
refused 20 "the client's key is not the PPS" psk 0000037M "${hex%?}b" tls1
refused 20 "the client's key is not the PPS" psk 0000037M "${hex%?}b" tls1_2
accepted 0000037M psk 0000037M "$hex" tls1
! grep -q "${pps:4:20}" log || fail "the PPS is in the log"
stop
