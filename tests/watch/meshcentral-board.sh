#!/usr/bin/env bash
# Ten minutes after MeshCentral has provisioned a board: not one further hello, and the board still answers.
set -u
source "$(dirname "$0")/../peers/meshcentral-board.bash"

capture
serve sha1
start_board mps2-an385
activated sha1
silent_for 600 uart
completed
amttool_reads
