#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# amtterm at a machine's serial line, over port 16994 of a device that was configured by hand: a wrong password is
# refused, a second one is told that the line is busy, silence is survived; the machine is reset, not switched off.
# once: amtterm is a program of Debian's
set -u
source "$(dirname "$0")/../namespace.bash" amtterm amttool dnsmasq script perl
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
AMT_PASSWORD=$password amttool $device powerdown <<<y >answer 2>&1
grep -q 'invalid command' answer || fail "switched off with a session open: $(<answer)"
AMT_PASSWORD=$password amttool $device reset <<<y >answer 2>&1
grep -q 'pt_status: success' answer || fail "not reset: $(<answer)"
! logged 'SOL closed' || fail "the reset has ended the session"
! grep -qF "$password" log || fail "the trace shows the password"
exit 0
