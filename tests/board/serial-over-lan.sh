#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# amtterm at the machine behind a board: the board's second UART is the serial port of the virtual PC, whose power goes
# over the board's console. The device was configured by hand in MEBx.
set -u
for tool in amtterm amttool curl script; do
    command -v $tool >/dev/null || {
        echo "no $tool"
        exit 77
    }
done
perl -MSOAP::Lite -e 1 2>/dev/null || {
    echo "SOAP::Lite is not installed"
    exit 77
}
source "$(dirname "$0")/common.bash"
cd "$work" || exit 1

board=mps2-an385 password='Passw0rd!'
image() { echo "$BUILD/$1-tls-manage-machine/test-$2/firmware.bin"; }
logged() { said "$1"; }
has_address() { device=$(sed -n 's/.*address \(192\.168\.77\.[0-9]*\).*/\1/p' uart | tail -n 1) && [[ $device ]]; }
source "$root/tests/peers/amtterm.bash"

network
printf '%b' "admin\r$password\r$password\r3\r1\rpc1\r3\r2\r0\r4\ry\r" |
    "$PROVISO" mebx --release 5.0.3 --state state >screen || fail "mebx: $(<screen)"
# shellcheck disable=SC2034 # common.bash's
QEMU_EXTRA=(-serial "unix:$work/pc,server=on,wait=off")
boot "$board" 5.0.3-intel --tap tap0 --state "$work/state"
"$PROVISO" pc --serial "$work/pc" --console "$work/serial" >pc.log 2>&1 &
helpers+=($!)
eventually has_address || fail "no lease"

opens_one_line
types_and_sees
watches_a_reboot
[[ $(grep -c '^reset ' pc.log) == 2 ]] || fail "the machine was not reset twice: $(<pc.log)"
! grep -qF "$password" uart || fail "the trace shows the password"
off
