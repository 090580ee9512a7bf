#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tools/cov: what it counts of a program of three lines, and what it says to less than a limit.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
command -v gcov >/dev/null || {
    echo "gcov is needed (gcc)"
    exit 77
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir -p fw/core sim objects/fw/core objects/sim other
cat >fw/core/half.h <<'END'
static inline int half(int a)
{
    return a > 5 ? a / 2 : 0;
}
END
cat >fw/core/a.c <<'END'
#include <assert.h>
#include "half.h"
int a(int n)
{
    assert(n > 0);
    if (n > 1 && n < 9)
        return half(n);
    return -1;
}
END
cat >sim/main.c <<'END'
#include "../fw/core/half.h"
int a(int n);
int never(void)
{
    return 1;
}
int main(int argc, char **argv)
{
    (void)argv;
    return half(argc) + a(argc) == -1 ? 0 : 1;
}
END
for part in fw/core/a sim/main; do gcc -O0 --coverage -c $part.c -o objects/$part.o; done
gcc --coverage objects/fw/core/a.o objects/sim/main.o -o program

# expect STATUS ARGUMENT...: what tools/cov says is in $said then
expect() {
    local wanted=$1 status=0
    shift
    said=$("$root/tools/cov" "$@" 2>&1) || status=$?
    ((status == wanted)) || {
        echo "tools/cov $*: exit status $status instead of $wanted"
        echo "$said"
        exit 1
    }
}
# says TEXT...: each of them is a line of it, whatever the blanks
says() {
    local line
    for line in "$@"; do
        tr -s ' ' <<<"$said" | grep -qFx -- "$line" || {
            echo "no line \"$line\" in:"
            echo "$said"
            exit 1
        }
    done
}

expect 2 objects
says "cov: nothing has run in objects yet"
./program
# a.c has 5 lines that run, the header 2; a's first operand went one way, half()'s condition, too.
expect 0 --missed - objects
says "fw/core 6/7 85.7% - 2/6 33.3% -" "sim 2/4 50.0% - 0/0 100.0% -" \
    "fw/core/a.c:6: 3 of 4 branches not taken" "fw/core/a.c:7: not reached" \
    "fw/core/half.h:3: 1 of 2 branches not taken" "sim/main.c:3: not reached" "sim/main.c:5: not reached"
# A second run adds to the first; a header counts once, whoever includes it.
./program 2 3 4 5 6 7 || true
expect 0 --missed missed --limit fw/core=100/80 objects
says "fw/core 7/7 100.0% 100% 5/6 83.3% 80%"
grep -qFx "fw/core/a.c:6: 1 of 4 branches not taken" missed
expect 1 --limit fw/core=100/90 objects
says "fw/core 7/7 100.0% 100% 5/6 83.3% 90% too little"
expect 2 --limit fw/nowhere=1/1 objects
expect 2 --limit fw/core=some objects
expect 2 other
expect 2
expect 0 --clear objects
expect 2 objects
