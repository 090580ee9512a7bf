#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What anybody can do to the device, to a small depth (`make explore` goes further), and each path on
# which something was once wrong.
# once: what it drives runs with sanitizers in the unit and fuzz tests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

explore() { "$OBJ/explore/explore" --certificates "$BUILD/certificates" "$@"; }

# refused TEXT ARGUMENT...: status 2, one line that begins so, and nothing is explored
refused() {
    local text=$1 got status=0
    shift
    got=$(explore "$@" 2>&1) || status=$?
    [[ $status == 2 && $got == "explore: $text"* && $got != *$'\n'* ]] || {
        echo "explore $*: status $status, \"$got\" instead of 2, \"$text\""
        exit 1
    }
}
for wrong in x 5x '' 0 -1 128 99999999999999999999; do
    refused '--depth: expected a number from 1 to 127' --depth "$wrong"
done
for wrong in x 5x '' 0 -1 nan 1e9; do
    refused '--seconds: expected a number above 0' --seconds "$wrong"
done
refused 'unknown option "--dept"' --dept 5
refused 'unknown option "--replays"' --replays tests/explore/paths/spoofed-ack.path
refused 'a value is missing after "--depth"' --depth
refused 'a file is missing after "--replay"' --replay
refused 'a file is missing after "--replay"' --replay --verbose
refused 'a file needs --replay before it: "small"' small
refused '--replay takes no "--plan"' --plan small --replay tests/explore/paths/spoofed-ack.path
refused 'unknown root "moon"' --root moon
refused 'unknown release "5"' --release 5
refused 'unknown OEM profile "x"' --oem x
refused 'unknown group in "time,nobody"' --acts time,nobody
refused 'unknown plan "big"' --plan big
refused 'none.path: cannot be read' --replay none.path

explore --plan small
explore --replay tests/explore/paths/*.path
# An option between two files is none of them.
[[ $(explore --replay tests/explore/paths/spoofed-ack.path --probe tests/explore/paths/menu-overtaken.path |
    grep -c ': holds$') == 2 ]]
