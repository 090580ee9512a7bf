#!/usr/bin/env bash
# The README says what the program does: its generated parts are what the program prints now, its
# commands run, and the files it links to exist.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "readme.sh: $*"
    exit 1
}

tools/readme-sync >"$dir/README.md"
diff README.md "$dir/README.md" >"$dir/diff" ||
    fail "generated parts are out of date (tools/readme-sync makes them anew): $(head -20 "$dir/diff")"

mkdir -p build
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' README.md |
    sed "s|^build/bin/proviso|$PROVISO|" >"$dir/commands"
[ "$(wc -l <"$dir/commands")" -ge 10 ] || fail "no commands found"
bash -euo pipefail "$dir/commands" >"$dir/out" 2>&1 || fail "a command failed: $(tail -5 "$dir/out")"

grep -oE '\]\([^)#]+\)' README.md | tr -d '()]' | grep -v '^http' | sort -u >"$dir/links"
while read -r link; do
    [ -e "$link" ] || fail "the README links to $link, which is not there"
done <"$dir/links"
