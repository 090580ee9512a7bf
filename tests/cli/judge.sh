#!/usr/bin/env bash
# The virtual set-up server shares no code with the firmware: mistakes in the firmware's XML, digest and
# TLS, which it would make alike if it did, are seen by a scenario each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

! grep -nE '#include +("fw/(manage|net/(tls|md5))|<mbedtls/)' sim/server/*.[ch] || {
    echo "the set-up server is made of what it judges"
    exit 1
}
VARIANT=${OBJ##*/} tests/explore/mutants J1 J2 J3
