#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Nobody shuts the owner out of the service, nor of the serial line: `proviso live` on a TAP interface, both ports
# besieged from its owner's address and from others, without TLS and with it; in a network namespace of its own.
# Each attack is tried once from strangers without TLS and once from the owner's address with it; SIEGE=long tries each, and more,
# from both, on both ports, twice. Siege for siege, in the device's own time, tests/unit/net/test_siege.c has them.
# early: each siege waits for its end
set -u
source "$(dirname "$0")/../namespace.bash" openssl dnsmasq python3 timeout
source "$root/tests/openssl.bash"
mkdir -m 755 dns
USBKEY=${USBKEY:-$(dirname "$PROVISO")/usbkey}
device=192.168.77.50 owner=192.168.77.1 word='P@ssw0rd!' status=0

ip tuntap add dev tap0 mode tap
ip link set lo up
ip link set tap0 up
# shellcheck disable=SC2086 # several addresses
for address in $owner 192.168.77.2 192.168.77.3; do ip addr add $address/24 dev tap0; done
dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces --no-ping \
    --pid-file= --dhcp-leasefile=dns/leases --log-facility="$PWD/dns/log" \
    --dhcp-range=$device,$device,255.255.255.0,1h --dhcp-option=option:domain-name,site1.example &

logged() { grep -q "$1" log; }

# start STATE
start() {
    : >log
    "$PROVISO" live --release 5.0.3 --tap tap0 --state "$1" --host-socket host --control control >log 2>&1 &
    pid=$!
    eventually logged ' address 192' || fail "has no address"
}
stop() {
    kill $pid
    wait $pid
} 2>/dev/null

long=$([[ ${SIEGE:-} != long ]] || echo long)
besiege() { # PORT STRANGER...
    SIEGE_TRIES=${SIEGE_TRIES:-${long:+2}} python3 "$root/tests/security/siege.py" $device "$1" admin "$word" $owner "${@:2}" || status=1
}

# --- a set-up server's certificate, the root's hash and the password on a key

openssl_settings <<'END'
[ca]
basicConstraints = critical,CA:TRUE
[leaf]
extendedKeyUsage = serverAuth,2.16.840.1.113741.1.2.3
END
openssl genrsa -out key 2048 2>/dev/null
openssl req -x509 -new -key key -subj /CN=Root -days 3000 -extensions ca -out root.pem
openssl req -new -key key -subj /CN=sca.site1.example |
    openssl x509 -req -CA root.pem -CAkey key -set_serial 5 -days 300 -extfile openssl.cnf -extensions leaf \
        -out leaf.pem 2>/dev/null
cat leaf.pem root.pem >chain.pem
hash=$(openssl x509 -in root.pem -outform der | openssl dgst -sha1 -r)
echo "$word" >word
"$USBKEY" make key.bin --format 2.1 --new-password-file word --hash "sha1:${hash%% *}:Root" >/dev/null ||
    fail "no key"
"$PROVISO" mebx --release 5.0.3 --state setup --usb key.bin >/dev/null </dev/null || fail "the key is not taken"

# --- without TLS: configured by hand

cp setup state
start state
"$PROVISO" control --socket control mebx manual >/dev/null || fail "not configured by hand"
besiege 16992 192.168.77.2 192.168.77.3
[[ ! $long ]] || besiege 16992 $owner
besiege 16992 $owner 192.168.77.2 192.168.77.3
stop

# --- with TLS: by the server

cp setup state
start state
timeout 300 python3 -W ignore::DeprecationWarning - $device "$word" >out 2>&1 <<'END' || fail "not set up: $(tail -n 1 out)"
import hashlib, re, socket, ssl, sys, time
device, word = sys.argv[1:]
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
c.minimum_version = ssl.TLSVersion.TLSv1
c.set_ciphers('ALL:@SECLEVEL=0')
c.load_cert_chain('chain.pem', 'key')
connect = lambda: c.wrap_socket(socket.create_connection((device, 16993), 30))
s = connect()
md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
nonce = realm = None
count = 0

def ask(path, method, arguments=''):
    global s, nonce, realm, count
    body = f'<E:Envelope xmlns:E="x"><E:Body><{method}>{arguments}</{method}></E:Body></E:Envelope>'
    head = ''
    if nonce:
        count += 1
        right = md5(f'{md5(f"admin:{realm}:{word}")}:{nonce}:{count:08x}:c:auth:{md5(f"POST:{path}")}')
        head = (f'Authorization: Digest username="admin", realm="{realm}", nonce="{nonce}", uri="{path}", '
                f'response="{right}", qop=auth, nc={count:08x}, cnonce="c"\r\n')
    s.sendall(f'POST {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}'.encode())
    reply = ''
    while not reply.endswith(('\r\n0\r\n\r\n', '</html>')):
        piece = s.recv(4096).decode()
        assert piece, reply
        reply += piece
    if not nonce:
        realm, nonce = re.search(r'realm="([^"]+)", nonce="([^"]+)"', reply).groups()
        s.close()  # the challenge ends its connection
        s = connect()
        return ask(path, method, arguments)
    assert '<Status>0</Status>' in reply, reply
    return reply

security, network, clock = (f'/{n}Service' for n in ('SecurityAdministration', 'NetworkAdministration',
                                                     'NetworkTime'))
realm_of = lambda: realm
ask(network, 'SetHostName', '<HostName>pc1</HostName>')
ask(security, 'SetAdminAclEntryEx',
    f'<Username>admin</Username><DigestPassword>{md5(f"admin:{realm_of()}:{word}")}</DigestPassword>')
then = re.search(r'Ta0>(\d+)', ask(clock, 'GetLowAccuracyTimeSynch')).group(1)
now = int(time.time())
ask(clock, 'SetHighAccuracyTimeSynch', f'<Ta0>{then}</Ta0><Tm1>{now}</Tm1><Tm2>{now}</Tm2>')
ask(security, 'CommitChanges')
END
sleep 2
timeout 300 python3 -W ignore::DeprecationWarning - $device "$word" >out 2>&1 <<'END' || fail "the serial line is not switched on: $(tail -n 1 out)"
import hashlib, re, socket, ssl, sys
device, word = sys.argv[1:]
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
c.minimum_version = ssl.TLSVersion.TLSv1
c.set_ciphers('ALL:@SECLEVEL=0')
md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
path = '/RedirectionService'

def post(head, body):
    with c.wrap_socket(socket.create_connection((device, 16993), 30)) as s:
        s.sendall(f'POST {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}'.encode())
        reply = ''
        while not reply.endswith(('\r\n0\r\n\r\n', '</html>')):
            piece = s.recv(4096).decode()
            assert piece, reply
            reply += piece
    return reply

for method, argument in (('RequestStateChange', '<RequestedState>32770</RequestedState>'),
                         ('SetRedirectionListenerState', '<State>true</State>')):
    body = f'<E:Envelope xmlns:E="x"><E:Body><{method}>{argument}</{method}></E:Body></E:Envelope>'
    realm, nonce = re.search(r'realm="([^"]+)", nonce="([^"]+)"', post('', '')).groups()
    right = md5(f'{md5(f"admin:{realm}:{word}")}:{nonce}:00000001:c:auth:{md5(f"POST:{path}")}')
    reply = post(f'Authorization: Digest username="admin", realm="{realm}", nonce="{nonce}", uri="{path}", '
                 f'response="{right}", qop=auth, nc=00000001, cnonce="c"\r\n', body)
    assert '<Status>0</Status>' in reply, reply
END
[[ ! $long ]] || besiege 16993 192.168.77.2 192.168.77.3
besiege 16993 $owner
besiege 16993 $owner 192.168.77.2 192.168.77.3
stop
exit $status
