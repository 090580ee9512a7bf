#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The pure core needs nothing but the four functions that a compiler itself may call: it is compiled
# for a Cortex-M3 against no C library, joined, and asked what it lacks and what it stores.
# once: it builds what it looks at
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v arm-none-eabi-gcc >/dev/null || {
    echo "arm-none-eabi-gcc is not installed"
    exit 77
}
dir=$BUILD/freestanding
rm -rf "$dir"
mkdir -p "$dir"
cat >"$dir/string.h" <<'END'
#include <stddef.h>
void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *a, const void *b, size_t len);
END

# join NAME FILE...: compiles and joins; libgcc has the 64-bit divisions that every program links.
join() {
    local name=$1 source objects=() flags=(-mcpu=cortex-m3 -mthumb -ffreestanding)
    shift
    for source in "$@"; do
        objects+=("$dir/$(basename "$source" .c).o")
        arm-none-eabi-gcc "${flags[@]}" -std=c11 -Os -Wall -Wextra -Werror -I. -isystem "$dir" \
            -c "$source" -o "${objects[-1]}"
    done
    arm-none-eabi-gcc "${flags[@]}" -nostdlib -r "${objects[@]}" -lgcc -o "$dir/$name.o"
}

complaints() {
    arm-none-eabi-nm -u "$1" | awk '$2 !~ /^mem(cpy|move|set|cmp)$/ { print "needs " $2 }'
    arm-none-eabi-nm "$1" | awk '$2 ~ /^[bBdDC]$/ { print "keeps a variable: " $3 }'
}

# The check itself: a function from elsewhere and a variable must be found.
cat >"$dir/wrong.c" <<'END'
int elsewhere(void);
static int calls;
int wrong(void);
int wrong(void)
{
    return elsewhere() + ++calls;
}
END
join joined-wrong "$dir/wrong.c"
(($(complaints "$dir/joined-wrong.o" | wc -l) == 2)) || {
    echo "the check does not find what is wrong with wrong.c"
    exit 1
}

join joined-core fw/core/*.c
found=$(complaints "$dir/joined-core.o")
[[ -z $found ]] || {
    echo "fw/core $found"
    exit 1
}
