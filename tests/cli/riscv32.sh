#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Nothing in fw is for one processor only: all of it, lwIP, mbedTLS and the port to begin with
# (hal/template) are compiled for bare-metal RV32IMAC against no C library, and linked with libgcc alone.
# once: it builds what it looks at
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cc=riscv64-unknown-elf-gcc
command -v $cc >/dev/null || {
    echo "$cc is not installed"
    exit 77
}
dir=$BUILD/riscv32
rm -rf "$dir"
mkdir -p "$dir/include"

# What the libraries include and hardly use.
cat >"$dir/include/string.h" <<'END'
#include <stddef.h>
void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *a, const void *b, size_t len);
void *memchr(const void *bytes, int value, size_t len);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t len);
char *strchr(const char *s, int c);
char *strncpy(char *restrict to, const char *restrict from, size_t len);
END
echo 'int atoi(const char *s);' >"$dir/include/stdlib.h"
: >"$dir/include/stdio.h"
echo '#define assert(condition) ((void)0)' >"$dir/include/assert.h"

target=(-march=rv32imac -mabi=ilp32 -ffreestanding)
flags=("${target[@]}" -std=c11 -O0 -ffunction-sections -fdata-sections -I. -Ifw/net
    -I"$dir" -isystem "$dir/include" -isystem "${LWIP_DIR:-build/deps/lwip}/src/include"
    -isystem "${MBEDTLS_DIR:-build/deps/mbedtls}/include"
    -DMBEDTLS_CONFIG_FILE='"fw/net/mbedtls_config.h"' -Wall -Wextra)

# compile SOURCE FLAG...
compile() {
    local source=$1 object=$dir/${1//\//_}.o
    shift
    $cc "${flags[@]}" "$@" -c "$source" -o "$object"
    objects+=("$object")
}

tools/board-config "$dir" template 6.0 intel '' ''
objects=()
for source in fw/*.c fw/*/*.c fw/*/*/*.c hal/template/*.c; do
    compile "$source" -Werror -Wshadow -Wundef
done
# The variant's own build tells which sources of the libraries there are.
libraries=(lwip "${LWIP_DIR:-build/deps/lwip}" mbedtls "${MBEDTLS_DIR:-build/deps/mbedtls}")
for ((i = 0; i < ${#libraries[@]}; i += 2)); do
    mapfile -t found < <(cd "$OBJ/${libraries[i]}" && find . -name '*.o')
    ((${#found[@]})) || {
        echo "no objects of ${libraries[i]} in $OBJ"
        exit 1
    }
    for object in "${found[@]}"; do compile "${libraries[i + 1]}/${object%.o}.c"; done
done
# Or the compiler makes memcpy call memcpy.
compile tests/cli/libc.c -Werror -fno-tree-loop-distribute-patterns

# link NAME FLAG...
link() {
    local name=$1
    shift
    $cc "${target[@]}" -nostdlib -Wl,-e,main "$@" "${objects[@]}" -lgcc -o "$dir/$name"
}

# The check itself: what nobody has must be missed, also where nothing calls for it.
echo 'int elsewhere(void); int wrong(void); int wrong(void) { return elsewhere(); }' >"$dir/wrong.c"
if link wrong "$dir/wrong.c" 2>"$dir/wrong.log" || ! grep -q 'undefined.*elsewhere' "$dir/wrong.log"; then
    echo "the check does not find what wrong.c lacks: $(cat "$dir/wrong.log")"
    exit 1
fi

link whole
link board -Wl,--gc-sections
