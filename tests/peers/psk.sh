#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A device with a PID and a PPS is set up over TLS-PSK, 1.0: by MeshCentral's WS-Man library, up to
# CommitChanges, beside openssl with the right PPS and wrong ones; in a network namespace of its own.
set -u
source "$(dirname "$0")/../namespace.bash" node openssl dnsmasq timeout
source "$root/tests/peers/meshcentral.bash"
meshcentral_needs

pid=0000037M pps=NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ
key=$(printf %s $pps | od -An -v -tx1 | tr -d ' \n')
new_password='Str0ng!pw'
printf '%s\n' 'name keyed' 'pid 0000-037M' "pps $pps" >keyed.oem

logged() { grep -q "$1" log; }
state() { "$PROVISO" control --socket control state; }

# client PID KEY: openssl as the server; what it says is in the file out
client() {
    timeout 300 openssl s_client -connect $device:16993 -psk_identity "$1" -psk "$2" -tls1 \
        -cipher 'PSK-AES128-CBC-SHA:@SECLEVEL=0' </dev/null >out 2>&1
}

# walk EXPECTED ARGUMENT...: the library's operations and their outcomes are exactly these
walk() {
    local got
    got=$(timeout 300 node "$root/tests/peers/psk.js" "$modules" $device "${@:2}" 2>&1)
    [[ $got == "$1" ]] || fail "${*:2:1}: $got"$'\n'"    instead of"$'\n'"$1"
}

server_settings
lan
"$PROVISO" live --tap tap0 --release 5.0.3 --oem ./keyed.oem --state state --control control >>log 2>&1 &
eventually logged "address $device" || fail "the device has no address"

client $pid "${key%?}b" && fail "a wrong PPS is taken"
grep -q 'SSL alert number 20$' out || fail "a wrong PPS: $(<out)"
client 0000037N "$key" && fail "a wrong PID is taken"
grep -q 'SSL alert number 115$' out || fail "a wrong PID: $(<out)"
client $pid "$key" || fail "the right PPS is not taken: $(<out)"
grep -qE 'Protocol  : TLSv1$' out || fail "not TLS 1.0: $(<out)"

logged 'tls-accepted .*: 0000037M$' || fail "no trace of the right one"

# --- the library

alert='connection: SSL alert number 20'
walk "$alert"$'\n'"$alert"$'\n'"$alert"$'\n'"$alert"$'\n'"$alert
Get AMT_GeneralSettings: 408" $pid "${pps%?}K" admin "$new_password"
walk 'Get AMT_GeneralSettings: 401' $pid $pps wrong "$new_password"
[[ $(state) != Completed ]] || fail "completed by nobody"
walk 'Get AMT_GeneralSettings: 200
Enumerate CIM_SoftwareIdentity: 200
Get AMT_SetupAndConfigurationService: 200
SetMEBxPassword: 200, ReturnValue 16
SetAdminAclEntryEx: 200, ReturnValue 0
GetLowAccuracyTimeSynch: 200, ReturnValue 0
SetHighAccuracyTimeSynch: 200, ReturnValue 0
CommitChanges: 200, ReturnValue 2057
Enumerate AMT_TLSSettingData: 200
Put AMT_TLSSettingData: 200
CommitChanges: 200, ReturnValue 0' $pid $pps admin "$new_password"
[[ $(state) == Completed ]] || fail "state $(state)"

# --- afterwards: the new password alone, on the port without TLS, which opens when the reply has left

opens() { (exec 3<>/dev/tcp/$device/"$1") 2>/dev/null; }
eventually opens 16992 || fail "port 16992 does not open"
walk 'Get AMT_GeneralSettings: 200' - - "$new_password" -
walk 'Get AMT_GeneralSettings: 401' - - admin -
opens 16993 && fail "port 16993 is open"
! grep -qF -e "$pps" -e "${pps:4:20}" -e "$new_password" log || fail "the trace shows a secret"
