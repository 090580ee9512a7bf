#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Each board's firmware fits: its worst-case stack what is reserved, its flash and RAM the limits in the
# Makefile, with TLS and the configuration service those of that. And the stored baselines, which hal/README.md prints, are not far from what is measured.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

skip() {
    echo "$1"
    exit 77
}
command -v arm-none-eabi-gcc >/dev/null || skip "arm-none-eabi-gcc is not installed"
arm-none-eabi-gcc --specs=picolibc.specs -E -include stdint.h -x c /dev/null >/dev/null 2>&1 ||
    skip "picolibc for arm-none-eabi is not installed"

failed=0
complain() {
    echo "size.sh: $*"
    failed=1
}

# The make that runs this test has its own jobs, options and variables.
measure() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MAKEOVERRIDES -u BOARD -u DIFF make "$@" 2>&1; }

# The stack first: its bound is worth knowing also where the limits are exceeded.
measure stack || complain "make stack fails"
measure size >build/size.txt || complain "make size fails"
cat build/size.txt
for place in flash RAM; do
    grep -q "^mps2-an385-tls-manage: all takes .* bytes of $place, " build/size.txt ||
        complain "make size does not hold the $place of the image with TLS against its limit"
done
# An image that does not fit is measured, too, and does not become one that could be run.
awk -F '\t' '$1 == "lm3s6965evb-tls-manage" { ram[$2] = $4 }
    END { exit ram["all"] == 0 || ram["memory"] == 0 || ram["all"] < ram["memory"] }' build/size.tsv ||
    complain "what lm3s6965evb lacks for TLS is not measured"
[[ ! -e build/lm3s6965evb-tls-manage/size/firmware.bin ]] || complain "an image that does not fit was made"

# close_to BASELINE MEASURED: the sums within 2 %
close_to() {
    awk -F '\t' '$2 !~ /^(fw|base|all|total|reserved)$/ { next }
        { name = $1 ", " $2; bytes = $3 + $4 }
        NR == FNR { was[name] = bytes; next }
        (bytes > was[name] ? bytes - was[name] : was[name] - bytes) > was[name] / 50 {
            print "  " name ": " bytes " bytes, stored: " was[name]; far = 1
        }
        END { exit far }' "$1" "$2"
}
for kind in size stack; do
    stored=tools/$kind-baseline.tsv
    # Another compiler has other numbers.
    [[ $(head -n 1 "$stored") == "# $(arm-none-eabi-gcc --version | head -n 1);"* ]] || continue
    close_to <(grep -v '^#' "$stored") "build/$kind.tsv" ||
        complain "$stored is out of date; make size-baseline stack-baseline, then tools/readme-sync"
done
exit $failed
