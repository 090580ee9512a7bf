#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The virtual set-up server shares no code with the firmware: mistakes in the firmware's XML, digest and
# TLS, which it would make alike if it did, are seen by a scenario each. That it includes none of that code,
# layers.sh looks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

VARIANT=${OBJ##*/} tests/explore/mutants J1 J2 J3
