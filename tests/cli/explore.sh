#!/usr/bin/env bash
# What anybody can do to the device, to a small depth (`make explore` goes further), and each path on
# which something was once wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

plan=small
[[ $OBJ != *-san ]] || plan=smallest # which takes ten times as long
"$OBJ/explore/explore" --plan "$plan"
"$OBJ/explore/explore" --replay tests/explore/paths/*.path
