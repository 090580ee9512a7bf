#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `make lint` finds one planted flaw with each checker, and a suppression without a reason; and in the
# sources it finds nothing.
# once: it reads the sources
# early: a minute and a half of checkers
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf '%s\n' "$@"
    exit 1
}

cat >"$work/clean.c" <<'END'
int clean(int value);

int clean(int value)
{
    return value + 1;
}
END
cat >"$work/clang-tidy.c" <<'END'
int both(int value);

int both(int value)
{
    return value > 1 && value > 1;
}
END
cat >"$work/cppcheck.c" <<'END'
int last(void);

int last(void)
{
    int list[4] = {0};

    list[4] = 1;
    return list[3];
}
END
cat >"$work/gcc.c" <<'END'
#include <stdlib.h>

void freed(int often);

static void give_back(void *block, int often)
{
    for (int i = 0; i < often; i++)
        free(block);
}

void freed(int often)
{
    give_back(malloc(4), often ? 2 : 1);
}
END
printf '#!/bin/bash\nrm $1\n' >"$work/shellcheck.sh"
echo "All that is reci""eved is read." >"$work/codespell.md"

# Shows "TOOL=FINDINGS ..." of the table.
lint() {
    said=$(tools/lint "$@" 2>&1)
    status=$?
    ((status != 77)) || {
        echo "$said"
        exit 77
    }
    found=$(awk 'table { printf "%s=%s ", $1, $4 } /^tool / { table = 1 }' <<<"$said")
}

lint "$work/clean.c"
[[ $status == 0 && $found == 'clang-tidy=0 cppcheck=0 gcc=0 shellcheck=0 codespell=0 ' ]] ||
    fail "of a clean file it says with status $status:" "$said"
tools=(clang-tidy cppcheck gcc shellcheck codespell)
planted=()
for tool in "${tools[@]}"; do planted+=("$work/$tool".*); done
lint "${planted[@]}"
((status == 1)) || fail "of what was planted it says with status $status:" "$said"
for tool in "${tools[@]}"; do
    flaw=("$work/$tool".*)
    [[ $found == *"$tool="[1-9]* && $said == *"$tool: ${flaw[0]}:"* ]] ||
        fail "$tool does not find what was planted:" "$said"
done

# A suppression counts with its reason only.
printf '#!/bin/bash\n# %s disable=SC2086 # two words\nrm $1\n' shellcheck >"$work/reason.sh"
printf '#!/bin/bash\n# %s disable=SC2086\nrm $1\n' shellcheck >"$work/silent.sh"
sed 's|    return|    // NOLINTNEXTLINE(misc-redundant-expression): planted\n&|' "$work/clang-tidy.c" >"$work/reason.c"
sed 's|    return|    // NOLINTNEXTLINE\n&|' "$work/clang-tidy.c" >"$work/silent.c"
lint "$work"/reason.{c,sh}
((status == 0)) || fail "with a reason it says with status $status:" "$said"
lint "$work"/silent.{c,sh}
[[ $status == 1 && $found == 'clang-tidy=1 cppcheck=0 gcc=0 shellcheck=1 codespell=0 ' ]] ||
    fail "without a reason it says with status $status:" "$said"

lint
cat <<<"$said"
((status == 0)) || fail "the sources are to be mended, or it is to be said why not (tools/lint)"
