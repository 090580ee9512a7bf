# SPDX-License-Identifier: BSD-3-Clause
# MeshCentral's network with a board that it finds; to be sourced instead of tests/board/common.bash.
source "$(dirname "${BASH_SOURCE[0]}")/../board/common.bash"
command -v amttool >/dev/null || skip "amttool is not installed"
cd "$work" || exit 1
source "$root/tests/peers/meshcentral.bash"
meshcentral_needs
server_settings
chain sha1
lan

image() { echo "$BUILD/$1-tls-manage/test-$2/firmware.bin"; }

# start_board BOARD: with the root of the chain sha1 among its hashes
start_board() {
    rm -f state
    printf '%b' "admin\r$mebx_before\r$mebx_before\r3\r4\r5\r3\r3\r$(fingerprint sha1/chain2.pem)\rTest root\r" \
        "0\r0\r0\r0\r4\ry\r" | "$PROVISO" mebx --release 5.0.3 --oem intel --state state >menu 2>&1
    grep -q 'The changes are stored' menu || fail "MEBx stores nothing: $(tail -n 5 menu)"
    allow_gdb
    boot "$1" 5.0.3-intel --tap tap0 --mac 02:a3:7e:00:08:01 --state "$work/state"
}

completed() {
    agent -discovery >agent.log || fail "ztcagent -discovery: $(<agent.log)"
    grep -q '^Setup and Configuration: Completed' agent.log || fail "ztcagent says $(<agent.log)"
}
