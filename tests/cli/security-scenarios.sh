#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a release does when it is attacked: plays each scenario of sim/scenarios/security once for every
# release of its line "# releases: R R ...".
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

failed=0
for file in sim/scenarios/security/*.scn; do
    releases=$(sed -n 's/^# releases: //p' "$file")
    if [[ -z $releases ]]; then
        echo "$file: no line \"# releases: R R ...\""
        failed=1
    fi
    for release in $releases; do
        "$PROVISO" run --quiet --release "$release" "$file" || failed=1
    done
done
exit "$failed"
