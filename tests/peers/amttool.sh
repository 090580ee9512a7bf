#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# amttool (EOI) and curl (WS-Man) read a device that was configured by hand in MEBx, over HTTP on port
# 16992, in a network namespace of their own.
set -u
source "$(dirname "$0")/../namespace.bash" amttool curl dnsmasq perl
perl -MSOAP::Lite -e 1 2>/dev/null || skip "SOAP::Lite is not installed"
pid=''

device=192.168.77.50 password='Passw0rd!'
logged() { grep -q "$1" log; }

# by_hand RELEASE STATE: host name pc1, small business mode
by_hand() {
    printf '%b' "admin\r$password\r$password\r3\r1\rpc1\r3\r2\r0\r4\ry\r" |
        "$PROVISO" mebx --release "$1" --state "$2" >screen || fail "mebx: $(<screen)"
}

# start RELEASE STATE
start() {
    : >log
    "$PROVISO" live --tap tap0 --release "$1" --state "$2" --control control >>log 2>&1 &
    pid=$!
    eventually logged "address $device: site1.example$" || fail "no lease"
}

stop() {
    kill $pid
    wait $pid
    pid=''
}

# amt PASSWORD COMMAND
amt() { AMT_PASSWORD=$1 timeout 300 amttool $device "$2" 2>&1; }

# says COMMAND LINE...: amttool with the right password prints these lines
says() {
    local got line
    got=$(amt "$password" "$1") || fail "amttool $1: $got"
    for line in "${@:2}"; do
        grep -qE "^$line *$" <<<"$got" || fail "amttool $1: no \"$line\" in: $got"
    done
}

wsman() { # EXPECTED-STATUS PASSWORD BODY [curl options]: reply
    local status
    status=$(curl -s -m 20 -o reply -w '%{http_code}' ${2:+--digest -u "admin:$2"} --data-binary "$3" \
        "${@:4}" "http://$device:16992/wsman")
    [[ $status == "$1" ]] || fail "WS-Man: status $status instead of $1: $(cat reply)"
}

# request ACTION CLASS [BODY]
request() {
    echo "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"
        xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"
        xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>$1</a:Action>
        <a:To>/wsman</a:To><w:ResourceURI>$2</w:ResourceURI><a:MessageID>1</a:MessageID></s:Header>
        <s:Body>${3:-}</s:Body></s:Envelope>"
}

# in_reply ELEMENT TEXT
in_reply() {
    grep -qE "<(.:)?$1>$2</(.:)?$1>" reply || fail "no $1 \"$2\" in: $(cat reply)"
}

# refuses_connections PORT
refuses_connections() {
    ! (exec 3<>"/dev/tcp/$device/$1") 2>/dev/null || fail "port $1 is open"
}

# --- the network

leased_wire $device

# --- amttool

by_hand 5.0.2 state
start 5.0.2 state
says info 'AMT version:  5\.0\.2' 'Hostname:     pc1\.site1\.example' 'Powerstate:   S0' \
    '    OemDefinedCapabilities +IDER SOL BiosSetup BiosPause' \
    '    SpecialCommandsSupported +PXE-boot HD-boot diag-boot cd-boot' \
    '    SystemCapabilitiesSupported +powercycle powerdown powerup reset'
says netinfo 'Network Interface 0:' '    InterfaceMode +SHARED_MAC_ADDRESS' \
    "        LocalAddress +${device//./\\.}" '        SubnetMask +255\.255\.255\.0' \
    '        DefaultGatewayAddress +192\.168\.77\.1' '        PrimaryDnsAddress +192\.168\.77\.1'
for wrong in admin "$password!" ''; do
    got=$(amt "$wrong" info) && fail "amttool with a wrong password: $got"
    [[ $got == '401 Unauthorized'* ]] || fail "amttool with a wrong password: $got"
done

# --- curl

transfer=http://schemas.xmlsoap.org/ws/2004/09/transfer
enumeration=http://schemas.xmlsoap.org/ws/2004/09/enumeration
amt=http://intel.com/wbem/wscim/1/amt-schema/1
cim=http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2

get=$(request $transfer/Get $amt/AMT_GeneralSettings)
wsman 401 '' "$get"
wsman 401 wrong "$get"
wsman 200 "$password" "$get" -D head
in_reply HostName pc1
in_reply DomainName site1.example
in_reply DigestRealm "$(sed -n 's/.*Digest realm="\([^"]*\)".*/\1/p' head)"
grep -q $'^Server: Intel(R) Active Management Technology 5.0.2\r$' head || fail "$(cat head)"
wsman 200 "$password" "$get" -H 'Transfer-Encoding: chunked'
in_reply HostName pc1
wsman 200 "$password" "$(request $transfer/Get $amt/AMT_SetupAndConfigurationService)"
in_reply ProvisioningMode 2
in_reply ProvisioningState 2
wsman 200 "$password" "$(request $enumeration/Enumerate $cim/CIM_SoftwareIdentity)"
context=$(sed -n 's/.*<d:EnumerationContext>\([^<]*\)<.*/\1/p' reply)
wsman 200 "$password" "$(request $enumeration/Pull $cim/CIM_SoftwareIdentity \
    "<e:Pull xmlns:e=\"$enumeration\"><e:EnumerationContext>$context</e:EnumerationContext>
    <e:MaxElements>999</e:MaxElements></e:Pull>")"
grep -qF '<g:InstanceID>AMT</g:InstanceID><g:IsEntity>true</g:IsEntity><g:VersionString>5.0.2<' reply ||
    fail "$(cat reply)"
wsman 400 "$password" "$(request $transfer/Get $amt/IPS_HostBasedSetupService)"
wsman 200 "$password" '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
    <i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body>
    </s:Envelope>'
in_reply ProductVersion 'AMT 5\.0\.2'

# --- the trace says what was asked for, and nothing secret

for line in 'request 401: /SecurityAdministrationService' 'request 200: GetCoreVersion' \
    'request 200: Get AMT_GeneralSettings' 'request 200: Pull CIM_SoftwareIdentity' \
    'request 400: Get IPS_HostBasedSetupService' 'request 200: Identify'; do
    logged "  $line\$" || fail "the trace has no \"$line\""
done
! grep -qF -e "$password" -e admin log || fail "the trace shows user or password"

# --- the ports of TLS are not SMB mode's (S3)

refuses_connections 16993
refuses_connections 16995

# --- another address: the reply comes from the old one. amttool drops the first argument behind netconf,
# and takes the second number of an address times 62976 instead of 65536: most masks are none then

# netconf IP MASK GATEWAY: what amttool says
netconf() { AMT_PASSWORD=$password timeout 60 amttool $device netconf - 0 1 "$@" 2>&1; }

[[ $(netconf 192.168.77.60 255.255.255.0 192.168.77.1) == *'pt_status: invalid parameter' ]] || fail "a wrong mask"
says netinfo '    InterfaceMode +SHARED_MAC_ADDRESS' "        LocalAddress +${device//./\\.}"
[[ $(netconf 10.0.0.60 255.0.0.0 10.0.0.1) == *'pt_status: success' ]] || fail "netconf"
ip addr add 10.0.0.1/8 dev tap0
device=10.0.0.60
eventually logged "address 10\.0\.0\.60" || fail "no new address: $(tail -3 log)"
says netinfo '    InterfaceMode +SEPARATE_MAC_ADDRESS' '        LocalAddress +10\.0\.0\.60' \
    '        DefaultGatewayAddress +10\.0\.0\.1'
: >log
[[ $(netconf) == *'pt_status: success' ]] || fail "netconf: back to DHCP"
device=192.168.77.50
eventually logged "address $device" || fail "no lease: $(tail -3 log)"
says netinfo '    InterfaceMode +SHARED_MAC_ADDRESS' "        LocalAddress +${device//./\\.}"

# --- un-provisioned, nothing answers any more

"$PROVISO" control --socket control unprovision full >/dev/null || fail "unprovision"
refuses_connections 16992
stop

# --- before 3.2.1 SOAP only (S4)

for release in 2.2 2.6; do
    by_hand $release "state-$release"
    start $release "state-$release"
    says info "AMT version:  ${release/./\\.}\\.0"
    wsman 401 '' "$get"
    wsman 404 "$password" "$get"
    stop
done
