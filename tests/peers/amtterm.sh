#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# amtterm at a machine's serial line, over port 16994 of a device that was configured by hand: a wrong password is
# refused, a second one is told that the line is busy, silence is survived; what is typed is echoed; the machine is
# reset, not switched off, and its start is seen from the BIOS's first line to the log-in.
# once: amtterm is a program of Debian's
set -u
source "$(dirname "$0")/../namespace.bash" amtterm amttool curl dnsmasq script perl
perl -MSOAP::Lite -e 1 2>/dev/null || skip "SOAP::Lite is not installed"

device=192.168.77.50 password='Passw0rd!'
logged() { grep -q "$1" log; }
seen() { grep -qsF "$2" "$1"; }

# sees SCREEN TEXT
sees() { eventually seen "$1" "$2" || fail "amtterm does not show \"$2\": $(cat -v "$1")"; }

# terminal NAME PASSWORD: amtterm on a terminal, which types what is written to NAME.keys; its screen is NAME
terminal() {
    mkfifo "$1.keys"
    AMT_PASSWORD=$2 script -qfc "amtterm $device" "$1" <"$1.keys" >/dev/null 2>&1 &
}

leased_wire $device
printf '%b' "admin\r$password\r$password\r3\r1\rpc1\r3\r2\r0\r4\ry\r" |
    "$PROVISO" mebx --release 5.0.3 --state state >screen || fail "mebx: $(<screen)"
"$PROVISO" live --tap tap0 --release 5.0.3 --state state --control control >>log 2>&1 &
eventually logged "address $device: site1.example$" || fail "no lease"

terminal wrong "$password!"
exec 3>wrong.keys
eventually logged 'redirection-refused: wrong password' || fail "a wrong password is not refused"
sees wrong 'ERROR'

terminal one "$password"
exec 4>one.keys
sees one 'connected now'
sees one 'DTR is asserted on the COM Port'
terminal two "$password"
exec 5>two.keys
sees two 'redirection session start failed'
logged 'redirection-refused: busy' || fail "the second one is not told that the line is busy"

sleep 21 # amtterm leaves a device that says nothing for 20 s
! logged 'SOL closed' || fail "the session has ended: $(cat -v one)"

# The machine's operating system runs by now.
printf '\r' >&4
sees one 'login:'
printf 'root\r' >&4
sees one 'login: root'
sees one 'Password:'
printf 'anything\r' >&4
sees one 'root@pc1'
printf 'uptime\r' >&4
sees one 'uptime'
sees one 'up 0:'

AMT_PASSWORD=$password amttool $device powerdown <<<y >answer 2>&1
grep -q 'invalid command' answer || fail "switched off with a session open: $(<answer)"
AMT_PASSWORD=$password amttool $device reset <<<y >answer 2>&1
grep -q 'pt_status: success' answer || fail "not reset: $(<answer)"
! logged 'SOL closed' || fail "the reset has ended the session"

# invoke CLASS METHOD BODY, put CLASS BODY: WS-Man, as MeshCommander asks
schema=http://intel.com/wbem/wscim/1/amt-schema/1 cim=http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2
ask() { # ACTION CLASS BODY
    curl -sf -m 20 --digest -u "admin:$password" "http://$device:16992/wsman" --data-binary "<s:Envelope
        xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"
        xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>$1</a:Action><a:To>/wsman</a:To>
        <w:ResourceURI>$2</w:ResourceURI><a:MessageID>1</a:MessageID></s:Header><s:Body>$3</s:Body></s:Envelope>" >reply ||
        fail "$1: $(cat reply)"
}
invoke() {
    ask "$cim/$1/$2" "$cim/$1" "<r:$2_INPUT xmlns:r=\"$cim/$1\">$3</r:$2_INPUT>"
    grep -q 'ReturnValue>0<' reply
}
ask http://schemas.xmlsoap.org/ws/2004/09/transfer/Put $schema/AMT_BootSettingData \
    "<r:AMT_BootSettingData xmlns:r=\"$schema/AMT_BootSettingData\"><r:UseSOL>true</r:UseSOL></r:AMT_BootSettingData>"
invoke CIM_BootService SetBootConfigRole '<r:Role>1</r:Role>' || fail "SetBootConfigRole: $(<reply)"
! seen one 'BIOS' || fail "the BIOS is on the line unasked: $(cat -v one)"
# Not while the machine is about to do what it was asked for before.
eventually invoke CIM_PowerManagementService RequestPowerStateChange '<r:PowerState>10</r:PowerState>' ||
    fail "RequestPowerStateChange: $(<reply)"
sees one 'BIOS'
sees one 'Memory:'
logins=$(grep -c 'login:' one)
more_logins() { (($(grep -c 'login:' one) > logins)); }
eventually more_logins || fail "no log-in after the start: $(cat -v one)"
printf '\035q' >&4
eventually logged 'SOL closed' || fail "amtterm does not end"
! logged 'redirection-refused: not a message' || fail "amtterm's end is not understood"

! grep -qF "$password" log || fail "the trace shows the password"
exit 0
