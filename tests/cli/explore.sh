#!/usr/bin/env bash
# What anybody can do to the device, to a small depth (`make explore` goes further), and each path on
# which something was once wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

explore() { "$OBJ/explore/explore" --certificates "$BUILD/certificates" "$@"; }

explore --plan small
explore --replay tests/explore/paths/*.path
