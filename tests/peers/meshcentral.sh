#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# MeshCentral's provisioning server, as it is, provisions `proviso live` from hello to CommitChanges: with
# chains signed with SHA-1 and SHA-256, over TLS 1.2 and 1.0, and with a leaf that it issues itself; then
# amttool reads the device over https. In a network namespace of its own.
# once: what the server asks for is asked with sanitizers in peers/tls.sh, peers/psk.sh and the scenarios
set -u
source "$(dirname "$0")/../namespace.bash" amttool timeout
source "$root/tests/peers/meshcentral.bash"
meshcentral_needs
perl -MSOAP::Lite -MIO::Socket::SSL -e 1 2>/dev/null || skip "SOAP::Lite or IO::Socket::SSL is not installed"
pid=''

state() { "$PROVISO" control --socket control state; }

# start OEM: a new device
start() {
    rm -f state
    : >log
    "$PROVISO" live --tap tap0 --release 5.0.3 --oem "$1" --state state --control control --host-socket hs \
        >>log 2>&1 &
    pid=$!
}

stop() {
    kill $pid
    wait $pid
    stop_serving
} 2>/dev/null

# provisioned FOLDER TLS OEM: by a server with that folder's chain, over that version of TLS
provisioned() {
    serve "$1" "$2"
    start "$3"
    activated "$1"
    [[ $(state) == Completed ]] || fail "state $(state)"
    [[ $(grep '^tls: ' server.log | sort -u) == "tls: $2" ]] || fail "not $2 alone: $(<server.log)"
    one_hello log
    no_secrets "$1" log
}

server_settings
chain sha1
chain sha256
lan

provisioned sha1 TLSv1.2 ./sha1/test.oem
lets_go
walked log
"$ZTCAGENT" --socket hs -discovery >agent || fail "ztcagent: $(<agent)"
grep -q '^Setup and Configuration: Completed$' agent || fail "ztcagent says $(<agent)"
# The server keeps its connection: who is silent makes room.
amttool_reads
no_secrets sha1 log
stop

provisioned sha1 TLSv1 ./sha1/test.oem
stop
provisioned sha256 TLSv1.2 ./sha256/test.oem
stop
provisioned sha256 TLSv1 ./sha256/test.oem
stop
provisioned sha1 TLSv1.2 ./sha1/own.oem
stop

# --- not without the root

serve sha1 TLSv1.2
start ./sha256/test.oem
eventually server_says "$device_name: Unable to find a matching ACM activation certificate." ||
    fail "MeshCentral: $(<server.log)"
[[ $(state) == 'In process' ]] || fail "state $(state)"
stop
