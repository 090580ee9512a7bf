#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The benchmark of instructions runs on a board's image and prints its lines; what they say is nobody's limit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

said=$(tests/bench/instructions.sh board)
if [[ $said == 'mps2-an385: cannot be counted: '* ]]; then
    echo "$said"
    exit 77
fi
for line in 'hand-shake, TLS 1.0, certificates' 'hand-shake, TLS 1.2, certificates' \
    'hand-shake, TLS 1.0, pre-shared key' 'hand-shake, TLS 1.2, pre-shared key' \
    "the device's own key of 1024 bits, this time"; do
    grep -qE "^  $line +[1-9][0-9,]*\$" <<<"$said" || {
        printf 'no figure of "%s" in:\n%s\n' "$line" "$said"
        exit 1
    }
done
