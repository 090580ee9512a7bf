#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Which clients are served, and what each asks: a table, in the file clients beside the programs. A device that was
# configured by hand, without TLS, and one that MeshCentral has provisioned, with TLS; in a network namespace.
# once: what the clients ask is asked with sanitizers in unit/manage and unit/device
set -u
source "$(dirname "$0")/../namespace.bash" amttool curl dnsmasq openssl timeout
source "$root/tests/peers/meshcentral.bash"
meshcentral_needs
perl -MSOAP::Lite -MIO::Socket::SSL -e 1 2>/dev/null || skip "SOAP::Lite or IO::Socket::SSL is not installed"
table=$OBJ/clients
: >"$table"
refused=0
pid=''

row() { printf '%-20s %-10s %-60s %s\n' "$@" >>"$table"; }

# served CLIENT VERSION WHAT PATTERN COMMAND...: the output of the command has a line like the pattern
served() {
    local said=served
    timeout 300 "${@:5}" >out 2>&1 </dev/null
    if ! grep -qaE -e "$4" out; then
        said='NOT SERVED'
        refused=1
        { echo "$1, $3: no $4 in" && cat out; } >>log
    fi
    row "$1" "$2" "$3" "$said"
}
absent() { row "$1" "$2" "$3" "not run: $4"; }
version_of() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | sed 's/^[0-9]*://; s/[-+~].*//'; }

start() {
    : >log
    "$PROVISO" live --tap tap0 --release 5.0.3 "$@" --control control >>log 2>&1 &
    pid=$!
    eventually grep -q "address $device" log || fail "the device has no address"
}
stop() {
    kill $pid
    wait $pid
} 2>/dev/null

# What the clients send that ask for nothing but a connection's bytes.
line() { printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" $device; }
post() {
    curl -sS -i -m 100 --digest -u "admin:$password" --data-binary '<s:Envelope
        xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><i:Identify
        xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>' "$@"
}
page() { curl -sS -m 100 --digest -u "admin:$password" "$@"; }
export -f post page
libraries=("0.7.99 $modules/amt" "1.1.55 $modules-1.1.55/amt")

# library PORT: both versions of MeshCentral's WS-Man client
library() {
    local it
    for it in "${libraries[@]}"; do
        if [[ -f ${it#* }/amt.js ]]; then
            served 'MeshCentral, library' "${it%% *}" "Get and Enumerate, port $1" '^version 5\.0\.3$' \
                node "$root/tests/peers/clients.js" "${it#* }" $device "$1" "$password"
            grep -qxF 'Get: 200' out && grep -qxF 'Enumerate: 200' out || fail "MeshCentral's library: $(<out)"
        else
            absent 'MeshCentral, library' "${it%% *}" "Get and Enumerate, port $1" 'it could not be fetched'
        fi
    done
}

# probes PORT: which service nmap takes it for
probes() {
    if command -v nmap >/dev/null; then
        served nmap "$(version_of nmap)" "its probes for a service's version, port $1" \
            'Intel Active Management Technology.* 5\.0\.3' nmap -Pn -n -sV -p "$1" $device
    else
        absent nmap - "its probes for a service's version, port $1" 'it is not installed'
    fi
}

# meshcmd PORT [OPTION]
meshcmd() {
    local login=(--host "$device" --user admin --pass "$password" "${@:2}")
    if [[ ! -x meshcmd ]]; then
        absent MeshCmd 1.1.55 "amtpower, amtddns, amtfeatures, port $1" 'it is for x86-64, or could not be fetched'
        return
    fi
    served MeshCmd 1.1.55 "amtpower, port $1" '^Current power state: Power on' ./meshcmd amtpower "${login[@]}"
    served MeshCmd 1.1.55 "amtddns, port $1" '^Intel AMT DDNS mode: Enabled' ./meshcmd amtddns "${login[@]}"
    # It asks a second time on a connection, and a third time not before the device has ended that.
    ./meshcmd amtfeatures "${login[@]}" >out 2>&1 </dev/null &
    eventually grep -q 'request [0-9]*: Get AMT_RedirectionService, without Host' log ||
        fail "MeshCmd's second request on a connection: $(<out)"
    kill $!
    row MeshCmd 1.1.55 "amtfeatures: a second request, without Host, port $1" served
}

# As wsl.sh, which has it set a device up too.
wsl_reads() {
    local home=$work/wsl way=(env HOME="$work/wsl" PATH="$work/wsl:$PATH" WSENDPOINT="$device:16992" WSNOSSL=true WSUSER=admin
        "WSPASS=$password" KEEPHISTORY=0 OUTLEVEL=1)
    if ! command -v wsl >/dev/null; then
        absent wsl - 'WS-Man: Enumerate of references, Get, port 16992' 'it is not installed'
        return
    fi
    mkdir "$home"
    echo digest >"$home/.curlrc"
    printf '#!/bin/sh\ncat /proc/sys/kernel/random/uuid\n' >"$home/uuidgen"
    chmod +x "$home/uuidgen"
    served wsl "$(version_of wsl)" 'WS-Man: Enumerate of references, port 16992' 'Selector Name="InstanceID"' \
        "${way[@]}" wsl enum CIM_SoftwareIdentity -mode epr
    served wsl "$(version_of wsl)" 'WS-Man: Get by its key, port 16992' '<g:VersionString>5\.0\.3<' \
        "${way[@]}" wsl get CIM_SoftwareIdentity InstanceID=AMT
}

agents=$modules-1.1.55/agents
[[ $(uname -m) != x86_64 || ! -f $agents/meshagent_x86-64 ]] ||
    node "$root/tests/peers/meshcmd.js" "$agents" meshcmd || fail "MeshCmd is not made"
server_settings
chain sha1
lan
curl=$(version_of curl)
printf '%-20s %-10s %-60s %s\n' client version 'what it asks' '' >"$table"

# --- port 16992

export password=admin
start
"$PROVISO" control --socket control mebx manual >/dev/null || fail "configured by hand: not possible"
url=http://$device:16992
served curl "$curl" 'WS-Man Identify, digest' '<.*IdentifyResponse' bash -c "post $url/wsman"
served curl "$curl" 'the same, waits for 100 Continue' 'HTTP/1.1 100 Continue' \
    bash -c "post -H 'Expect: 100-continue' --expect100-timeout 100 $url/wsman"
grep -q IdentifyResponse out || fail "curl with Expect: $(<out)"
served curl "$curl" 'the same in chunks' IdentifyResponse bash -c "post -H 'Transfer-Encoding: chunked' $url/wsman"
served curl "$curl" 'the same without Host' IdentifyResponse bash -c "post -H Host: $url/wsman"
served curl "$curl" 'the same, by HTTP/1.0' IdentifyResponse bash -c "post --http1.0 $url/wsman"
served curl "$curl" 'the same, absolute target as to a proxy' IdentifyResponse \
    bash -c "post -x $url http://$device_name/wsman"
served curl "$curl" '/, follows to the log-on page' 'Log On' bash -c "page -L $url"
served curl "$curl" '/index.htm, digest' 'System Status' bash -c "page $url/index.htm"
served amttool "$(version_of amtterm)" 'SOAP: info' '^AMT version:  5\.0\.3$' \
    env AMT_PASSWORD=$password amttool $device info
library 16992
meshcmd 16992
wsl_reads
probes 16992
grep -q 'request 200: Identify, without Host' log || fail "a request without Host is not traced"
stop

# --- port 16993: MeshCentral's server provisions it, then others read it

password=$admin_password
rm -f control
serve sha1
start --oem ./sha1/test.oem
activated sha1
lets_go
row 'MeshCentral, server' 0.7.99 'from hello to CommitChanges' served
url=https://$device:16993
openssl=$(openssl version | cut -d' ' -f2)
line /logon.htm >request
served 'openssl s_client' "$openssl" '/logon.htm' 'Log On' \
    bash -c "openssl s_client -quiet -connect $device:16993 <request"
line /index.htm >request
served 'openssl s_client' "$openssl" '/index.htm without a password' '^HTTP/1.1 401 ' \
    bash -c "openssl s_client -quiet -connect $device:16993 <request"
if command -v gnutls-cli >/dev/null; then
    served gnutls-cli "$(version_of gnutls-bin)" '/index.htm without a password' '^HTTP/1.1 401 ' \
        bash -c "gnutls-cli --insecure --no-ca-verification --priority NORMAL:+RSA:+VERS-TLS1.0:%VERIFY_ALLOW_SIGN_WITH_SHA1:%NO_EXTENSIONS \
            -p 16993 $device <request"
else
    absent gnutls-cli - '/index.htm without a password' 'it is not installed'
fi
served curl "$curl" 'WS-Man Identify, digest, https' IdentifyResponse bash -c "post -k $url/wsman"
served curl "$curl" '/index.htm, digest, https' 'System Status' bash -c "page -k $url/index.htm"
library 16993
meshcmd 16993 --tls
probes 16993
amttool_reads
row amttool "$(version_of amtterm)" 'SOAP: info and netinfo, https' served
stop

# --- those that do not run here

absent MeshCommander 0.9.5 'WS-Man, redirection' 'it needs a browser'
absent wsman-messages - 'WS-Man: all classes' 'it is a library in Go, without a program'
((refused == 0)) || fail "not all clients are served: $(<"$table")"
