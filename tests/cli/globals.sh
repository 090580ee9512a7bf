#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The firmware keeps its state in what its caller gives it: no object of fw/ has a variable.
# once: it looks at the objects as they are shipped
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
objects=()
for source in fw/*.c fw/*/*.c fw/*/*/*.c; do
    object=$OBJ/${source%.c}.o
    [[ ! -f $object ]] || objects+=("$object")
done
((${#objects[@]})) || {
    echo "no object of fw/ in $OBJ"
    exit 1
}
# ASan's own one-byte marks are not the firmware's, nor are the counters of COV=1.
variables() { nm -A "$@" | awk '$(NF - 1) ~ /^[bBdDC]$/ && $NF !~ /^(__odr_asan|__gcov)/'; }

[[ $(variables "$OBJ/lwip.o") ]] || {
    echo "the check does not find lwIP's variables"
    exit 1
}
found=$(variables "${objects[@]}")
[[ -z $found ]] || {
    echo "$found"
    exit 1
}
