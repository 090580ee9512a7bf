#!/usr/bin/env bash
# MeshCentral's provisioning server, as it is, provisions a board from hello to CommitChanges. The board's flash
# comes from `proviso mebx`, where somebody typed the hash of the server's root in; then amttool reads the board
# over https.
set -u
source "$(dirname "$0")/../peers/meshcentral-board.bash"

# shellcheck disable=SC2043 # the only board with TLS
for board in mps2-an385; do
    serve sha1
    start_board "$board"
    activated sha1
    completed
    lets_go
    walked uart
    one_hello uart
    amttool_reads # the server keeps its connection: who is silent makes room
    stop_serving
    no_secrets sha1 uart
    stack_left 5.0.3-intel
done
