#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A minute after MeshCentral has provisioned `proviso live`: not one further hello, and the device still answers.
# The ten minutes and more are played in virtual time: on a board (tests/board/meshcentral.sh) and in
# sim/scenarios/set-up-by-server.scn.
# once: it waits; sim/scenarios/set-up-by-server.scn has the silence with sanitizers
# early: a minute of silence
set -u
source "$(dirname "$0")/../namespace.bash" amttool tshark timeout
source "$root/tests/peers/meshcentral.bash"
meshcentral_needs

server_settings
chain sha1
lan
capture
serve sha1
"$PROVISO" live --tap tap0 --release 5.0.3 --oem ./sha1/test.oem --state state --control control >>log 2>&1 &
activated sha1
silent_for 60 log
[[ $("$PROVISO" control --socket control state) == Completed ]] || fail "does not stay completed"
amttool_reads
