#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A board's image is the same whatever folder it is built in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
board=mps2-an385 name=test-5.0.2-intel

command -v arm-none-eabi-gcc >/dev/null || {
    echo "arm-none-eabi-gcc is not installed"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/a/deeper/tree"
cp -a Makefile fw hal tests tools "$work/a/deeper/tree"
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u O -u BUILD make -C "$work/a/deeper/tree" O="$work/out" DEPS_DIR="$(realpath "$BUILD/deps")" \
    BOARD=$board RELEASE=5.0.2 OEM=intel SEED=000102030405060708090a0b0c0d0e0f IMAGE=$name image \
    >"$work/log" 2>&1 || {
    tail "$work/log"
    exit 1
}
# The ELF file beside it may name a source of lwIP twice, where one build folder's name is absolute.
cmp "$BUILD/$board/$name/firmware.bin" "$work/out/$board/$name/firmware.bin"
