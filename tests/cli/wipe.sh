#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What held a secret is cleared by wipe(), and no compiler leaves it out.
# once: it looks at the objects as they are shipped
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

complain() {
    echo "$*"
    status=1
}

# --- no memset() of what is called like a secret: a compiler may leave it out
secret='passw|secret|digest|\bha?1\b|key\b|pps|prime|otp|\bpin\b|nonce|pending|->(request|message|local|answer|room)|\bauth\b'
forgotten() {
    find "$@" -name "*.[ch]" ! -path fw/core/wipe.c -print0 |
        xargs -0 grep -HnEi "memset\(&?[^,]*($secret)[^,]*, *0," || true
}
mkdir "$work/fw"
cat >"$work/fw/wrong.c" <<'END'
    memset(h1, 0, sizeof(h1));
    memset(s->pps, 0, sizeof(s->pps));
    memset(&d->pending, 0, sizeof(d->pending));
    memset(old_password, 0, 33);
END
(($(forgotten "$work/fw" | wc -l) == 4)) || complain "the search does not find what is wrong with wrong.c"
found=$(forgotten fw hal sim tools)
[[ -z $found ]] || complain "memset() where wipe() belongs:"$'\n'"$found"

# --- every wipe() of a source is a call in its object
calls() { objdump -dr "$1" | grep -cE 'R_[A-Z0-9_]+[[:space:]]+wipe\b' || true; }
seen=0
while IFS=: read -r source written; do
    object=$OBJ/${source%.c}.o
    [[ $written -gt 0 && -f $object && $source != fw/core/wipe.c ]] || continue
    ((seen += 1))
    (($(calls "$object") >= written)) ||
        complain "$source wipes $written times, $object calls wipe() $(calls "$object") times"
done < <(grep -rcE '^[^*/]*\bwipe\(' --include='*.c' fw sim tools)
((seen >= 15)) || complain "only $seen objects in $OBJ wipe anything"

# --- nor where the compiler sees caller and wipe() at once
probe() { # probe COMPILER FLAGS CLEAR
    # shellcheck disable=SC2086 # they are several words
    "$1" -std=c11 $2 -I. "-DCLEAR=$3" tests/cli/wipe.c -o "$work/probe" && "$work/probe"
}
tried=0
for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || continue
    ((tried += 1))
    for level in -O0 -O1 -O2 -O3 -Os; do
        probe "$compiler" "$level" 'wipe(secret, sizeof(secret))' ||
            complain "$compiler $level: wipe() leaves the secret"
    done
    # The same with memset() shows that the search finds what is left.
    ! probe "$compiler" -O2 'memset(secret, 0, sizeof(secret))' ||
        complain "$compiler -O2: memset() is not left out, so that this test shows nothing"
done
((tried)) || complain "no compiler to try"
exit $status
