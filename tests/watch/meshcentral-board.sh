#!/usr/bin/env bash
# Ten minutes after MeshCentral has provisioned a board: not one further hello, and the board still answers.
set -u
source "$(dirname "$0")/../board/common.bash"
command -v amttool >/dev/null || skip "amttool is not installed"
cd "$work" || exit 1
source "$root/tests/peers/meshcentral.bash"
source "$root/tests/peers/meshcentral-board.bash"
meshcentral_needs

server_settings
chain sha1
lan
capture
serve sha1
start_board mps2-an385
activated sha1
silent_for 600 uart
completed
amttool_reads
