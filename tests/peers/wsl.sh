#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# wsl, WS-Man in shell scripts over curl or wget, as it is: it sets a device up over TLS to its end, with what its Put
# and Invoke need first, which is endpoint references; then it reads one that was configured by hand, over HTTP. In a
# network namespace of its own.
# once: what wsl sends is sent with sanitizers in unit/manage/test_wsman.c
set -u
source "$(dirname "$0")/../namespace.bash" wsl curl wget xmllint dnsmasq openssl
source "$root/tests/peers/meshcentral.bash"
pid=''

amt=http://intel.com/wbem/wscim/1/amt-schema/1

# Not every machine has this program, which wsl asks for a MessageID.
mkdir bin
printf '#!/bin/sh\ncat /proc/sys/kernel/random/uuid\n' >bin/uuidgen
chmod +x bin/uuidgen
export PATH=$work/bin:$PATH HOME=$work WSUSER=admin KEEPHISTORY=0 OUTLEVEL=1

# wsl_says LINE... -- COMMAND...: its answer, which has these pieces in this order
wsl_says() {
    local pieces=() rest before piece
    while [[ $1 != -- ]]; do
        pieces+=("$1")
        shift
    done
    wsl "${@:2}" >answer 2>&1
    rest=$(tr -d '\n' <answer | sed 's/> */>/g; s/ *</</g')
    for piece in "${pieces[@]}"; do
        before=$rest
        rest=${rest#*"$piece"}
        [[ $rest != "$before" ]] || fail "wsl ${*:2}: no \"$piece\" in: $(<answer)"
    done
}

state() { "$PROVISO" control --socket control state; }

# value NAME: of the last answer
value() { sed -n "s/.*<g:$1>\(.*\)<\/g:$1>.*/\1/p" answer; }

start() {
    : >log
    "$PROVISO" live --tap tap0 --release 5.0.3 --state "$1" --control control "${@:2}" >>log 2>&1 &
    pid=$!
    eventually grep -q "  address $device" log || fail "no lease"
}

server_settings
chain sha256
lan

# --- a new device, over TLS: the client shows a chain that the device trusts

general='InstanceID=Intel(r) AMT: General Settings'
cat sha256/chain[012].pem >shown.pem
printf '%s\n' digest "cert = $work/shown.pem" "key = $work/sha256/leaf.key" >.curlrc
export WSENDPOINT=$device:16993 WSPASS=admin
start new --oem ./sha256/test.oem
wsl_says '<b:ProductVendor>Intel(r)' '<b:ProductVersion>AMT 5.0.3' -- id check
wsl_says '<d:EnumerationContext/>' '<c:Items>' '<g:InstanceID>AMT<' '<c:EndOfSequence/>' -- enum CIM_SoftwareIdentity
wsl_says '<g:HostName/>' -- get $amt/AMT_GeneralSettings "$general"
wsl_says '/PutResponse<' '<g:HostName>pc7<' -- put $amt/AMT_GeneralSettings HostName=pc7
wsl_says '<g:HostName>pc7<' -- get $amt/AMT_GeneralSettings "$general"
wsl_says '<g:ReturnValue>0<' -- invoke $amt/AMT_TimeSynchronizationService GetLowAccuracyTimeSynch
ta0=$(value Ta0) now=$(date +%s)
wsl_says '<g:ReturnValue>0<' -- invoke $amt/AMT_TimeSynchronizationService SetHighAccuracyTimeSynch \
    Ta0="$ta0" Tm1="$now" Tm2="$now"
wsl_says '<g:ReturnValue>0<' -- invoke $amt/AMT_SetupAndConfigurationService CommitChanges
[[ $(state) == Completed ]] || fail "state $(state)"
for line in 'Put AMT_GeneralSettings' 'CommitChanges AMT_SetupAndConfigurationService'; do
    grep -q "  request 200: $line\$" log || fail "the trace has no \"$line\""
done
kill $pid
wait $pid

# --- one that was configured by hand, over HTTP, by wget

export WSENDPOINT=$device:16992 WSNOSSL=true USEWGET=true
start by-hand
"$PROVISO" control --socket control mebx manual >/dev/null || fail "mebx manual"
eventually grep -q '  state provisioned' log || fail "not provisioned"
wsl_says '<g:HostName/>' -- get $amt/AMT_GeneralSettings "$general"
wsl_says '<b:EndpointReference>' '/CIM_SoftwareIdentity</c:ResourceURI>' 'Name="InstanceID">AMT</c:Selector>' \
    -- enum CIM_SoftwareIdentity -mode epr
wsl_says '<c:Items>' '<g:InstanceID>Sku<' '<c:EndOfSequence/>' -- enum CIM_SoftwareIdentity \
    -dialect http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter -filter InstanceID=Sku
wsl_says '<g:PowerState>2<' -- enum CIM_AssociatedPowerManagementService
# Of its MaxElements nothing is left: then it pulls without.
WSENUMOPTIMIZE='' WSENUMMAXELEM='' wslenum CIM_SoftwareIdentity >answer 2>&1
[[ $(grep -c '<g:CIM_SoftwareIdentity>' answer) == 10 && $(grep -c '<d:PullResponse>' answer) == 1 ]] ||
    fail "not all in one pull: $(<answer)"

# A name is not committed when set-up is over.
wsl_says '/PutResponse<' '<g:HostName>pc8<' -- put $amt/AMT_GeneralSettings HostName=pc8

# --- what it does not get has a name. wget keeps no reply with an error: curl again

unset USEWGET
echo digest >.curlrc
wsl_says 'c:InvalidSelectors<' 'faultDetail/InvalidValue<' -- get CIM_SoftwareIdentity InstanceID=None
wsl_says 'd:FilterDialectRequestedUnavailable<' -- enum CIM_SoftwareIdentity -filter 'select * from CIM_SoftwareIdentity'
wsl_says 'd:FilterDialectRequestedUnavailable<' -- enum CIM_ComputerSystem -associators Name=ManagedSystem
wsl_says 'b:DestinationUnreachable<' -- enum CIM_NumericSensor
wsl_says '<g:HostName>pc8<' -- put $amt/AMT_GeneralSettings HostName=pc8
wsl_says 'faultDetail/FragmentLevelAccess<' -- put $amt/AMT_GeneralSettings -fragment HostName=pc8
kill $pid
wait $pid
