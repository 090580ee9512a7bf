#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# amtterm at a machine's serial line, over port 16994 of a device that was configured by hand: a wrong password is
# refused, a second one is told that the line is busy, silence is survived; what is typed is echoed; the machine is
# reset, not switched off, and its start is seen from the BIOS's first line to the log-in.
# once: amtterm is a program of Debian's
set -u
source "$(dirname "$0")/../namespace.bash" amtterm amttool curl dnsmasq script perl
perl -MSOAP::Lite -e 1 2>/dev/null || skip "SOAP::Lite is not installed"

# shellcheck disable=SC2034 # for what is sourced
device=192.168.77.50 password='Passw0rd!'
logged() { grep -q "$1" log; }
source "$root/tests/peers/amtterm.bash"

leased_wire $device
printf '%b' "admin\r$password\r$password\r3\r1\rpc1\r3\r2\r0\r4\ry\r" |
    "$PROVISO" mebx --release 5.0.3 --state state >screen || fail "mebx: $(<screen)"
"$PROVISO" live --tap tap0 --release 5.0.3 --state state --control control >>log 2>&1 &
eventually logged "address $device: site1.example$" || fail "no lease"

opens_one_line
types_and_sees
watches_a_reboot
! grep -qF "$password" log || fail "the trace shows the password"
exit 0
