#!/usr/bin/env bash
# Nothing in fw is for one processor only: all of it, lwIP and the least board (board.c) are compiled
# for bare-metal RV32IMAC against no C library, and linked with libgcc alone.
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

# What fw/net/arch/cc.h does not keep lwIP from including.
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
END
echo 'int atoi(const char *s);' >"$dir/include/stdlib.h"
: >"$dir/include/stdio.h"

target=(-march=rv32imac -mabi=ilp32 -ffreestanding)
flags=("${target[@]}" -std=c11 -Os -ffunction-sections -fdata-sections -I. -Ifw/net
    -isystem "$dir/include" -isystem "${LWIP_DIR:-build/deps/lwip}/src/include" -Wall -Wextra)

# compile SOURCE FLAG...
compile() {
    local source=$1 object=$dir/${1//\//_}.o
    shift
    $cc "${flags[@]}" "$@" -c "$source" -o "$object"
    objects+=("$object")
}

objects=()
for source in fw/*.c fw/*/*.c; do
    [[ $source == fw/main.c ]] || compile "$source" -Werror -Wshadow -Wundef
done
# The variant's own build tells which sources of lwIP there are.
mapfile -t lwip < <(cd "$OBJ/lwip" && find . -name '*.o')
for object in "${lwip[@]}"; do
    define=()
    [[ $object != */md5.o ]] || define=(-DPPP_SUPPORT=1 -DLWIP_INCLUDED_POLARSSL_MD5=1)
    compile "${LWIP_DIR:-build/deps/lwip}/${object%.o}.c" "${define[@]}"
done
# Or the compiler makes memcpy call memcpy.
compile tests/cli/board.c -Werror -fno-tree-loop-distribute-patterns

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
