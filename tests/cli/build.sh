#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The build as people use it: another folder gives the same programs, O= and CROSS_COMPILE= are heard, a
# dry run writes nothing, a second run does nothing, and what is touched is built anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Sanitizers and coverage change nothing here, and one build is long enough.
[[ $(basename "$OBJ") == gcc ]] || exit 0
command -v python3 >/dev/null || {
    echo "python3 is not installed"
    exit 77
}

fail() {
    echo "build.sh: $*"
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/a/deeper/tree out=$work/out
mkdir -p "$tree"
cp -a Makefile CHANGELOG.md LICENSE fw hal sim tests tools "$tree"

# Variables given to the make that runs this, as CFLAGS=, are those of the build in OBJ.
unset MAKELEVEL O BUILD
deps=$(realpath "$OBJ/../deps")
make() { command make -C "$tree" --no-print-directory CC=gcc O="$out" DEPS_DIR="$deps" "$@" 2>"$work/errors" || { cat "$work/errors"; return 1; }; }

# Of what is built in each of the ways that there are, and with each library's headers, one is enough.
files=(bin/ztcagent bin/usbkey bin/meirun meipreload.so fw/net/ip_stack.o fw/net/tls.o sim/server/tls_client.o sim/server/http_reply.o
    lwip/src/core/tcp.o mbedtls/library/x509_crt.o)
some=("${files[@]/#/$out/gcc/}")
make "${some[@]}" >"$work/log" || fail "cannot build elsewhere: $(tail "$work/log")"
for file in "${files[@]}"; do
    cmp "$OBJ/$file" "$out/gcc/$file" || fail "$file is another one when it is built elsewhere"
done
[[ ! -e $tree/build ]] || fail "O= builds in build/, too: $(ls "$tree/build")"

make "${some[@]}" >"$work/log"
! grep -vE "is up to date|Nothing to be done" "$work/log" || fail "a second make does something: $(cat "$work/log")"

state() { find "$work/a" "$out" -printf '%p %T@ %s\n' | sort; }
state >"$work/before"
for flags in CFLAGS=-O1 SAN=1 CROSS=s390x test BOARD=mps2-an385; do
    command make -n -C "$tree" O="$out" "$flags" >"$work/log" 2>&1 || fail "make -n $flags: $(tail "$work/log")"
    [[ $flags != CFLAGS* ]] || grep -q -- '-O1.* -c fw/core/hello.c' "$work/log" ||
        fail "make -n $flags builds nothing anew"
done
make -n CROSS_COMPILE=s390x-linux-gnu- >"$work/log"
grep -q "^s390x-linux-gnu-gcc .* -o $out/s390x/fw/core/hello.o" "$work/log" || fail "CROSS_COMPILE= is not heard"
state | diff "$work/before" - || fail "make -n changes files"

touch "$tree/fw/core/hello.h"
anew=$(make -n V=1 "${some[@]}" | grep -oE -- ' -c [^ ]+ -o ' | cut -d ' ' -f 3 | sort)
users=$(cd "$out/gcc" && grep -rl --include='*.d' 'fw/core/hello\.h' | sed 's/d$/c/' | sort)
[[ $users && $anew == "$users" ]] || fail "a touched header builds anew: $anew; expected: $users"

make "${some[@]}" >"$work/log"
rm "$tree"/tools/usbkey/check.c
make -n "${some[@]}" >"$work/log"
grep -q -- "-o $out/gcc/bin/usbkey" "$work/log" || fail "a source that has gone stays in the program"

listed=$(make help | sed -n 's/^  \([a-z][a-z_.-]*\) .*/\1/p')
[[ $listed == *install*explore* ]] || fail "make help lists only: $listed"
twice=$(sort <<<"$listed" | uniq -d)
[[ ! $twice ]] || fail "make help lists twice: $twice"

make compile_commands.json >"$work/log"
python3 - "$out/compile_commands.json" <<'END'
import json, sys
entries = {e["file"]: e for e in json.load(open(sys.argv[1]))}
assert " -c fw/core/hello.c " in entries["fw/core/hello.c"]["command"], entries["fw/core/hello.c"]
END
