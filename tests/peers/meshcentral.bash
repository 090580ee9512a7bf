# SPDX-License-Identifier: BSD-3-Clause
# MeshCentral's provisioning server, and a network on which a device finds it; to be sourced in a network
# namespace and an empty folder, $work, by a script that has the functions fail and eventually.

# shellcheck disable=SC2034,SC2154 # shared with the scripts that source this
device=192.168.77.50 host=192.168.77.1
device_name=amt.site1.example server_name=provisionserver.site1.example
mebx_before='Passw0rd!' mebx_password='MEBx@12345' admin_password='Adm1n@policy'
modules=$BUILD/deps/meshcentral
server=''

# meshcentral_needs: what the script that sources this has to skip for
meshcentral_needs() {
    local tool
    for tool in node openssl dnsmasq; do
        command -v $tool >/dev/null || skip "$tool is not installed"
    done
    [[ -f $modules/amtprovisioningserver.js ]] || skip "MeshCentral is not in $modules"
}

# lan: tap0, DHCP and DNS, the latter also for the programs here. MeshCentral asks for the name of the
# device's address and calls that name.
lan() {
    ip link set lo up
    ip tuntap add dev tap0 mode tap
    ip addr add $host/24 dev tap0
    ip link set tap0 up
    echo "nameserver $host" >resolv.conf
    mount --bind resolv.conf "$(readlink -f /etc/resolv.conf)"
    mkdir -m 755 dns
    dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces \
        --no-ping --pid-file= --dhcp-leasefile="$work/dns/leases" --log-facility="$work/dns/log" \
        --dhcp-range=$device,$device,255.255.255.0,1h \
        --dhcp-option=option:domain-name,site1.example --local=/site1.example/ \
        --host-record=$server_name,$host --host-record=$device_name,$device &
    helpers+=($!)
    eventually test -s dns/log || fail "dnsmasq does not start"
}

source "$root/tests/openssl.bash"
server_settings() {
    openssl_settings <<'END'
[ca]
basicConstraints = critical,CA:TRUE
[setup]
extendedKeyUsage = serverAuth,2.16.840.1.113741.1.2.3
END
}

tool() { openssl "$@" 2>err || fail "openssl $*: $(<err)"; }

# signed NAME SUBJECT EXTENSIONS DIGEST ISSUER: NAME.pem for NAME.key
signed() {
    tool genrsa -out "$1.key" 2048
    tool req -new -key "$1.key" -subj "$2" -out request
    tool x509 -req -in request -CA "$5.pem" -CAkey "$5.key" -set_serial 0x$RANDOM -days 3000 "-$4" \
        -extfile openssl.cnf -extensions "$3" -out "$1.pem"
}

# chain DIGEST: in the folder DIGEST what the server shows, leaf, intermediate and root of our own, and a root from
# which it issues itself; and for each root an OEM profile that trusts it
chain() {
    mkdir "$1"
    tool genrsa -out ca.key 2048
    tool req -x509 -new -key ca.key -subj '/CN=Test root' -days 3000 "-$1" -extensions ca -out ca.pem
    signed middle '/CN=Test intermediate' ca "$1" ca
    signed leaf "/CN=$server_name" setup "$1" middle
    cp leaf.pem "$1/chain0.pem"
    cp middle.pem "$1/chain1.pem"
    cp ca.pem "$1/chain2.pem"
    cp leaf.key "$1/leaf.key"
    tool req -x509 -newkey rsa:2048 -nodes -keyout "$1/root.key" -subj '/CN=MeshCentralRoot-000001' \
        -days 3000 -sha256 -extensions ca -out "$1/root.pem"
    trust "$1/chain2.pem" "$1/test.oem"
    trust "$1/root.pem" "$1/own.oem"
}

# trust CERTIFICATE FILE: an OEM profile that adds this root to the list
trust() { printf 'name test\nhash sha1 %s "Test root"\n' "$(fingerprint "$1")" >"$2"; }
fingerprint() { openssl x509 -in "$1" -outform der | openssl dgst -sha1 -r | cut -d' ' -f1; }

# serve FOLDER [TLS]: MeshCentral with that folder's chain; speaks no newer TLS than that
serve() {
    rm -f "$1"/{amtactivation.log,db.json}
    : >server.log
    node "$root/tests/peers/meshcentral.js" "$modules" "$work/$1" \
        "$(printf '{"fqdn": "%s", "ip": "%s", "mebx": "%s", "password": "%s", "tls": "%s"}' \
            $server_name $host "$mebx_password" "$admin_password" "${2:-}")" >>server.log 2>&1 &
    server=$!
    helpers+=("$server")
    eventually server_says "certificate: $server_name: " || fail "MeshCentral: $(<server.log)"
}

stop_serving() {
    [[ $server ]] || return 0
    kill "$server"
    wait "$server"
    server=''
} 2>/dev/null

server_says() { grep -qF -- "$1" server.log; }

# activated FOLDER: the server has activated a device, once, and keeps it so
activated() {
    eventually server_says 'event: addnode' || fail "MeshCentral: $(<server.log)"
    node -e '
        const fs = require("fs"), assert = require("assert").strict;
        const [folder, ip, host, mebx, pass] = process.argv.slice(1);
        const lines = fs.readFileSync(`${folder}/amtactivation.log`, "utf8").trim().split("\r\n").map(JSON.parse);
        const [{ time, amtUuid, amtRealm, ...entry }, ...more] = lines;
        assert.equal(more.length, 0);
        assert.match(amtUuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assert.match(amtRealm, /^Digest:[0-9A-Fa-f]{32}$/);
        assert.deepEqual(entry, { action: "acmactivate-bare-metal", domain: "", newmebx: mebx, mesh: "mesh//devices",
            amtver: "5.0.3", host, ip, user: "admin", pass, tls: 1 });
        const nodes = JSON.parse(fs.readFileSync(`${folder}/db.json`));
        assert.equal(nodes.length, 1);
        assert.equal(nodes[0].host, host);
        assert.deepEqual(nodes[0].intelamt, { ver: "5.0.3", user: "admin", pass, tls: 1, state: 2,
            realm: amtRealm, flags: 4 }); // state 2: activated; flag 4: by its administrator
        ' "$1" $device $device_name "$mebx_password" "$admin_password" >record 2>&1 ||
        fail "MeshCentral's record: $(<record)"
    rm record # it has the passwords in it
}

# What MeshCentral does then, 5 s later: it reads the device with the new password, and does not manage one
# that lacks what newer releases have.
lets_go() {
    eventually server_says 'amt: amt: Remove device: ' || fail "MeshCentral: $(<server.log)"
    sed -n "s/^amtsca: //p; /Initial Contact Response/p; /^connectivity/p" server.log >said
    cat >expected <<END
Got hello from $device
$device_name: Launching TLS connection...
$device_name: Succesful TLS connection, Intel AMT v5.0.3
$device_name: Setting MEBx password...
$device_name: MEBx password set. Setting admin password...
$device_name: Admin password set.
$device_name: Performing clock sync.
$device_name: Intel AMT has 1 certificate(s) and 1 private keys(s).
$device_name: Intel AMT has TLS already enabled.
$device_name: Performing commit...
$device_name: Commited, holding 5 seconds...
$device_name: Intel AMT ACM activation completed.
connectivity: 4: 7
amt: amt: Initial Contact Response: 400
END
    diff expected said >difference || fail "MeshCentral says: $(<difference)"
}

# walked TRACE: each request that the device has answered until MeshCentral let go, in order. It meets a 401 first,
# on every connection it calls for.
walked() {
    sed -n 's/\r$//; s/^ *[0-9.]*  request //p' "$1" >requests
    diff - requests >difference <<'END' || fail "the requests differ: $(<difference)"
401: /wsman
200: Get AMT_GeneralSettings
200: Enumerate CIM_SoftwareIdentity
200: Pull CIM_SoftwareIdentity
200: Get AMT_SetupAndConfigurationService
200: SetMEBxPassword AMT_SetupAndConfigurationService
200: SetAdminAclEntryEx AMT_AuthorizationService
200: GetLowAccuracyTimeSynch AMT_TimeSynchronizationService
200: SetHighAccuracyTimeSynch AMT_TimeSynchronizationService
200: Enumerate AMT_PublicKeyCertificate
200: Pull AMT_PublicKeyCertificate
200: Enumerate AMT_PublicPrivateKeyPair
200: Pull AMT_PublicPrivateKeyPair
200: Enumerate AMT_TLSSettingData
200: Pull AMT_TLSSettingData
200: Enumerate AMT_TLSCredentialContext
200: Pull AMT_TLSCredentialContext
200: CommitChanges AMT_SetupAndConfigurationService
401: /wsman
200: Get AMT_GeneralSettings
400: Get IPS_HostBasedSetupService
END
}

# amttool_reads: over https, with the new password and no other. The device's certificate is signed by nobody
# else, and names no host.
amttool_reads() {
    local got wrong
    openssl s_client -connect $device_name:16993 </dev/null 2>err | openssl x509 -out device.pem 2>>err ||
        fail "no certificate from port 16993: $(<err)"
    got=$(amt "$admin_password" info) || fail "amttool info: $got"
    grep -qE '^AMT version:  5\.0\.3$' <<<"$got" || fail "amttool info: $got"
    grep -qE '^Powerstate:   S0 *$' <<<"$got" || fail "amttool info: $got"
    got=$(amt "$admin_password" netinfo) || fail "amttool netinfo: $got"
    grep -qE "LocalAddress +${device//./\\.}" <<<"$got" || fail "amttool netinfo: $got"
    for wrong in admin "$mebx_password" "$admin_password!" ''; do
        got=$(amt "$wrong" info) && fail "amttool with a wrong password: $got"
        [[ $got == '401 Unauthorized'* ]] || fail "amttool with a wrong password: $got"
    done
}

# amt PASSWORD COMMAND
amt() {
    AMT_PASSWORD=$1 PERL_LWP_SSL_CA_FILE=$work/device.pem PERL_LWP_SSL_VERIFY_HOSTNAME=0 \
        timeout 300 amttool $device_name:16993 "$2" 2>&1
}

# one_hello TRACE: the device has sent one, the server has seen one
one_hello() {
    (($(grep -c 'hello-delivered' "$1") == 1)) || fail "not one hello"
    (($(grep -c 'Got hello' server.log) == 1)) || fail "MeshCentral: $(<server.log)"
}

# capture: what passes between the device and port 9971, from now on
capture() {
    : >capture.log
    dumpcap -q -i tap0 -f 'tcp port 9971' -w frames >capture.log 2>&1 &
    capture=$!
    helpers+=("$capture")
    eventually grep -q 'Capturing on' capture.log || fail "dumpcap: $(<capture.log)"
}

# silent_for SECONDS TRACE: no further hello is sent nor tried, after the one in the capture
silent_for() {
    local tries
    sleep "$1"
    kill -INT "$capture"
    wait "$capture"
    tries=$(tshark -r frames -Y 'tcp.dstport == 9971 && tcp.flags.syn == 1' 2>/dev/null | wc -l)
    ((tries == 1)) || fail "$tries connections to port 9971"
    (($(grep -c '  attempt ' "$2") == 1)) || fail "not one attempt"
    one_hello "$2"
}

# no_secrets FOLDER TRACE: shows no password, nor what the administrator's is hashed to
no_secrets() {
    local realm hash
    realm=$(sed 's/.*"amtRealm":"\([^"]*\)".*/\1/' "$1/amtactivation.log")
    hash=$(printf 'admin:%s:%s' "$realm" "$admin_password" | openssl dgst -md5 -r)
    ! grep -qiF -e "$mebx_password" -e "$admin_password" -e "${hash%% *}" "$2" || fail "the trace shows a secret"
}
