#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# amttool switches the machine behind a device off and on, which was configured by hand, and is told when it cannot; a
# user with the event log's realm alone reads that and gets nothing else, by both protocols.
# once: amttool and curl are programs of Debian's
set -u
source "$(dirname "$0")/../namespace.bash" amttool curl dnsmasq perl
perl -MSOAP::Lite -e 1 2>/dev/null || skip "SOAP::Lite is not installed"

device=192.168.77.50 password='Passw0rd!'
control() { "$PROVISO" control --socket control "$@"; }
on_screen() { control screen | grep -qF -- "$1"; }

# --- power

# amt COMMAND [SPECIAL]: what amttool says
amt() { AMT_PASSWORD=$password timeout 60 amttool $device "$@" <<<y 2>&1; }
does() { [[ $(amt "$@") == *'pt_status: success'* ]]; }
power_is() { amt info | grep -qE "^Powerstate: +$1\$"; }
refused() { # STATUS COMMAND...
    local said
    said=$(amt "${@:2}")
    [[ $said == *"pt_status: $1"* ]] || fail "amttool ${*:2}: not \"$1\": $said"
}

# The ME has power whatever the machine's state; its passwords may come in clear.
printf '%b' "admin\r$password\r$password\r2\r2\r3\r0\r3\r1\rpc1\r3\r2\r0\r4\ry\r" |
    "$PROVISO" mebx --release 5.0.3 --state state >screen || fail "mebx: $(<screen)"
leased_wire $device
"$PROVISO" live --tap tap0 --release 5.0.3 --state state --control control >>log 2>&1 &
eventually grep -q "address $device" log || fail "no lease"
power_is S0 || fail "$(amt info)"
refused 'invalid command' powerup
does powerdown || fail "powerdown"
eventually power_is 'S5 \(soft-off\)' || fail "not off: $(amt info)"
refused 'invalid command' powerdown
refused 'invalid command' reset
does powerup || fail "powerup"
eventually on_screen BIOS && eventually power_is S0 || fail "not on: $(amt info)"
eventually does reset pxe || fail "reset pxe"
eventually on_screen "no boot server answers" || fail "does not boot from the network: $(control screen)"
eventually does powercycle bios || fail "powercycle bios"
eventually on_screen "BIOS set-up" || fail "not in its set-up: $(control screen)"

# --- a user who reads the log

schema=http://intel.com/wbem/wscim/1/amt-schema/1 cim=http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2
# ask USER:PASSWORD ACTION CLASS [BODY]: WS-Man; leaves the status in status, the reply in reply
ask() {
    status=$(curl -s -m 20 -o reply -w '%{http_code}' --digest -u "$1" "http://$device:16992/wsman" --data-binary "<s:Envelope
        xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"
        xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>$2</a:Action><a:To>/wsman</a:To>
        <w:ResourceURI>$3</w:ResourceURI><a:MessageID>1</a:MessageID></s:Header><s:Body>${4:-}</s:Body></s:Envelope>")
}
invoke() { ask "$1" "$schema/$2/$3" "$schema/$2" "<r:$3_INPUT xmlns:r=\"$schema/$2\">${4:-}</r:$3_INPUT>"; }
get=http://schemas.xmlsoap.org/ws/2004/09/transfer/Get

realm=$(curl -s -D - -o /dev/null "http://$device:16992/wsman" --data-binary x | sed -n 's/.*Digest realm="\([^"]*\)".*/\1/p')
hash=$(printf 'reader:%s:%s' "$realm" 'R3ader!!' | openssl md5 -binary | base64)
invoke "admin:$password" AMT_AuthorizationService AddUserAclEntryEx "<r:DigestUsername>reader</r:DigestUsername>
    <r:DigestPassword>$hash</r:DigestPassword><r:AccessPermission>2</r:AccessPermission><r:Realms>19</r:Realms>"
grep -q 'ReturnValue>0<' reply || fail "no user is added: $(<reply)"
reader='reader:R3ader!!'
invoke "$reader" AMT_MessageLog PositionToFirstRecord
[[ $status == 200 ]] && grep -q 'ReturnValue>0<' reply || fail "the log: $status $(<reply)"
invoke "$reader" AMT_MessageLog GetRecords '<r:IterationIdentifier>1</r:IterationIdentifier><r:MaxReadRecords>390</r:MaxReadRecords>'
(($(grep -o '<g:RecordArray>' reply | wc -l) > 5)) || fail "the starts are not in the log: $(<reply)"
for class in $schema/AMT_BootSettingData $schema/AMT_EthernetPortSettings $cim/CIM_Chassis $schema/AMT_RedirectionService; do
    ask "$reader" "$get" "$class"
    [[ $status == 400 ]] && grep -q AccessDenied reply || fail "$class: $status $(<reply)"
done
invoke "$reader" AMT_MessageLog ClearLog
! grep -q 'ReturnValue>0<' reply || fail "who may only read clears the log"
# soap SERVICE METHOD: EOI; its status
soap() {
    curl -s -m 20 --digest -u "$reader" "http://$device:16992/$1" --data-binary "<s:Envelope
        xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><$2/></s:Body></s:Envelope>" |
        sed -n 's/.*<Status>\([0-9]*\)<.*/\1/p'
}
[[ $(soap EventManagerService ReadEventLog) == 0 ]] || fail "EOI: the log"
[[ $(soap RemoteControlService GetSystemPowerState) == 16 ]] || fail "EOI: the power state"
[[ $(soap SecurityAdministrationService EnumerateUserAclEntries) == 16 ]] || fail "EOI: the users"
! grep -qF -e "$password" -e 'R3ader' -e "$hash" log || fail "the trace shows a password"
exit 0
