#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What `make install` puts somewhere works there, and its manual pages tell every option. The version that
# the programs print is the newest one of the CHANGELOG.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
command -v mandoc >/dev/null || {
    echo "mandoc is not installed"
    exit 77
}

fail() {
    echo "install.sh: $*"
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=/opt/some where=$work/to/opt/some
variant=$(basename "$OBJ")
san=0
[[ $variant != *-san ]] || san=1
env -u MAKELEVEL -u O make CC="${variant%-san}" SAN=$san O="$BUILD" PREFIX=$prefix DESTDIR="$work/to" install \
    >"$work/log" 2>&1 || fail "make install: $(tail "$work/log")"
pages=$where/share/man
[[ -f $where/lib/proviso/meipreload.so ]] || fail "meipreload.so is not installed"

for file in syntax ftdetect; do
    [[ -f $where/share/vim/vimfiles/$file/proviso.vim ]] || fail "Vim's $file/proviso.vim is not installed"
done

newest=$(sed -n 's/^## \([^ ]*\) (20[0-9-]*)$/\1/p;T;q' CHANGELOG.md)
for program in proviso ztcagent usbkey; do
    [[ $("$where/bin/$program" --version) == "$program $newest" ]] ||
        fail "$program --version says $("$where/bin/$program" --version), the CHANGELOG $newest"
    grep -q "^\.TH .* \"proviso $newest\"" "$pages/man1/$program.1" || fail "$program.1 is of another version"
done

# told PAGE: the options that a help text on standard input has and the page has not
told() {
    sed 's/\\f.//g; s/\\-/-/g' "$pages/man1/$1.1" >"$work/page"
    grep -oE -- '(^|[ [|,])--?[a-z][a-z-]+' | tr -d ' [|,' | sort -u | while read -r option; do
        grep -qE -- "(^|[^a-z-])$option([^a-z-]|\$)" "$work/page" || echo "$option"
    done
}
{
    "$where/bin/proviso" --help
    "$where/bin/proviso" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' >"$work/commands"
    while read -r command; do "$where/bin/proviso" "$command" --help; done <"$work/commands"
} >"$work/proviso"
(($(wc -l <"$work/commands") >= 8)) || fail "only these commands found: $(<"$work/commands")"
"$where/bin/ztcagent" --help >"$work/ztcagent"
"$where/bin/usbkey" --help >"$work/usbkey"
for program in proviso ztcagent usbkey; do
    (($(grep -c -- ' -' "$work/$program") >= 5)) || fail "$program --help has no options"
    missing=$(told $program <"$work/$program")
    [[ ! $missing ]] || fail "$program.1 does not tell: $missing"
done
missing=$(echo ' --planted-option' | told proviso)
[[ $missing == --planted-option ]] || fail "the check finds no option that is missing"
while read -r command; do
    grep -q "^\.SS $command\$" "$pages/man1/proviso.1" || fail "proviso.1 does not tell the command $command"
done <"$work/commands"

for text in '^\.SH "*EXPECTATIONS' 'expect state' 'mebx password' 'option15'; do
    grep -qi -- "$text" "$pages/man5/proviso-scenario.5" || fail "proviso-scenario.5 does not tell: $text"
done

if grep -rn '@[A-Z]*@' "$pages"; then fail "a manual page is not filled in"; fi
for page in "$pages"/man?/*; do
    mandoc -T lint -W warning "$page" >"$work/lint" || fail "$(cat "$work/lint")"
    if command -v man >/dev/null && man --version >/dev/null 2>&1; then
        man --warnings -E UTF-8 -l "$page" 2>"$work/lint" >"$work/text" || fail "$(cat "$work/lint")"
        [[ ! -s $work/lint ]] || fail "$page: $(cat "$work/lint")"
    fi
done

# Played from another folder, with the certificates that a server in a story shows.
cd "$work"
scenarios=$where/share/proviso/scenarios
"$where/bin/proviso" compare "$scenarios/thread.scn" --release 5.0.2 --release 5.0.3 >"$work/transcript" ||
    fail "the main scenario fails: $(tail -3 "$work/transcript")"
count=0
while read -r file; do
    "$where/bin/proviso" run "$file" --quiet >"$work/told" 2>&1 || fail "$file: $(cat "$work/told")"
    ((count += 1))
done < <(grep -rlE --include='*.scn' 'certificates/' "$scenarios")
((count)) || fail "no installed scenario names a certificate"
if grep -rn "$root\|$BUILD" "$where/share"; then fail "an installed file names the folder that it came from"; fi
