#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The pages say what is so: generated parts are what the program prints now, commands run, scenarios hold,
# and what is named is there (pages.pl). The map has no circle. The README is a front door of 10 KB.
# once: it reads the pages and runs their commands
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "pages.sh: $*"
    exit 1
}

# --- the checks themselves -----------------------------------------------------------------------

mkdir -p "$work/wrong/tools" "$work/plays"
{
    printf 'See [it](none.md), [there](#nowhere), `make nothing`, `fw/none.c`.\n'
    printf '```\nls\n```\n<!-- not run: too long -->\n```sh\nls\n```\n    make run\n```sh\ntrue\n'
} >"$work/wrong/page.md"
perl tests/cli/pages.pl "$work/commands" "$work/plays" "$work/wrong/page.md" >"$work/found"
for text in none.md '#nowhere' 'target nothing' fw/none.c 'block of ""' 'REASON; see PATH' 'fenced block' 'does not end'; do
    grep -qF -- "$text" "$work/found" || fail "pages.pl does not find \"$text\" in a page that is wrong: $(<"$work/found")"
done
printf '<!-- generated: claims -->\nold\n<!-- end -->\n' >"$work/wrong/old.md"
! tools/pages-sync --check "$work/wrong/old.md" >"$work/found" || fail "pages-sync takes an old page"
for pair in 'fw/core/a.h fw/net/b.h' 'sim/base/a.h sim/world/b.h' 'hal/a.h tests/unit/b.h' 'tools/a.h sim/cmd/b.h'; do
    read -r one other <<<"$pair"
    rm -rf "$work/circle"
    mkdir -p "$work/circle/${one%/*}" "$work/circle/${other%/*}"
    echo "#include \"$other\"" >"$work/circle/$one"
    : >"$work/circle/$other"
    tools/map "$work/circle" >"$work/found" || fail "the map finds a circle in $pair, where there is none yet"
    grep -q -- '-->' "$work/found" || fail "the map has no arrow for $pair"
    echo "#include \"$one\"" >"$work/circle/$other"
    ! tools/map "$work/circle" >"$work/found" 2>&1 || fail "the map does not find the circle of $pair"
    grep -q "$one includes $other" "$work/found" || fail "the map does not name the includes of $pair"
done

# --- the pages -----------------------------------------------------------------------------------

mapfile -t pages < <(find . -name '*.md' -not -path './build*' -not -path './.git/*' | sed 's,^\./,,' | sort)
((${#pages[@]} >= 10)) || fail "only ${#pages[@]} pages found"
size=$(wc -c <README.md)
((size <= 10000)) || fail "README.md has $size bytes, more than 10,000: what is not for everybody belongs to its room"

tools/map >/dev/null || fail "no map"
tools/pages-sync --check || fail "run \`make pages\`"
perl tests/cli/pages.pl "$work/commands" "$work/plays" "${pages[@]}" >"$work/found"
[[ ! -s $work/found ]] || fail "$(cat "$work/found")"

# Commands run in a tree of their own: what they write is no part of this one.
mkdir -p "$work/tree/build"
for part in fw hal sim tests tools Makefile; do ln -s "$root/$part" "$work/tree"; done
ln -s "$BUILD/deps" "$work/tree/build"
# A command of the pages makes the certificates anew, while other tests read those in build/.
cp -r "$BUILD/certificates" "$work/tree/build"
ln -s "$OBJ/bin" "$work/tree/build/bin"
ln -s "$OBJ" "$work/tree/build/$(basename "$OBJ")"
cd "$work/tree"
count=$(wc -l <"$work/commands")
((count >= 15)) || fail "only $count commands found"
while read -r command; do
    bash -euo pipefail -c "$command" >"$work/out" 2>&1 </dev/null || fail "a page's command failed: $command: $(tail -5 "$work/out")"
done < <(sed -e ':join' -e '/\\$/{N;s/\\\n/ /;b join' -e '}' "$work/commands")
for scenario in "$work"/plays/*.scn; do
    "$PROVISO" run "$scenario" >"$work/out" 2>&1 || fail "a page's scenario does not hold: $(tail -5 "$work/out")"
done

# --- sources -------------------------------------------------------------------------------------

# Every key that stands beside a value or a rule is in the list of sources.
cd "$root"
{
    "$PROVISO" releases | awk -F '  +' 'NF >= 5 { print $5 }'
    "$PROVISO" statechart --format list | sed 's/.*(\(.*\))$/\1/'
} | tr ';' '\n' | sed -E 's/^ *//; s/[ :,].*//' | grep -E '^[A-Z]' | sort -u >"$work/keys"
[[ $(wc -l <"$work/keys") -ge 30 ]] || fail "the sources' keys were not understood"
awk -F '|' '/^## Where/ { exit } /^\|/ { print $2; print $4 }' fw/core/SOURCES.md | tr ',' '\n' | sed 's/^ *//; s/ *$//' >"$work/listed"
while read -r key; do
    grep -qxF -- "$key" "$work/listed" || fail "fw/core/SOURCES.md does not list $key"
done <"$work/keys"
