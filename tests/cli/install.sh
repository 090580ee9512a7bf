#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What `make install` puts somewhere works there, its manual pages tell every option, and bash completes it. The
# version that the programs print is the newest one of the CHANGELOG.
# once: it installs what was built, and reads it
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
san=0 cov=0
[[ $variant != *-san ]] || san=1
[[ $variant != *-cov ]] || cov=1
env -u MAKELEVEL -u O make CC="${variant%-*}" SAN=$san COV=$cov O="$BUILD" PREFIX=$prefix DESTDIR="$work/to" install \
    >"$work/log" 2>&1 || fail "make install: $(tail "$work/log")"
pages=$where/share/man
[[ -f $where/lib/proviso/meipreload.so ]] || fail "meipreload.so is not installed"

for file in syntax ftdetect; do
    [[ -f $where/share/vim/vimfiles/$file/proviso.vim ]] || fail "Vim's $file/proviso.vim is not installed"
done

newest=$(sed -n 's/^## \([^ ]*\) (20[0-9-]*)$/\1/p;T;q' CHANGELOG.md)
for program in proviso ztcagent usbkey meirun; do
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
"$where/bin/meirun" --help >"$work/meirun"
for program in proviso ztcagent usbkey meirun; do
    (($(grep -c -- ' -' "$work/$program") >= 3)) || fail "$program --help has no options"
    missing=$(told $program <"$work/$program")
    [[ ! $missing ]] || fail "$program.1 does not tell: $missing"
done
missing=$(echo ' --planted-option' | told proviso)
[[ $missing == --planted-option ]] || fail "the check finds no option that is missing"
while read -r command; do
    grep -q "^\.SS $command\$" "$pages/man1/proviso.1" || fail "proviso.1 does not tell the command $command"
done <"$work/commands"

export LC_ALL=C # the order in which sort and comm see words
# completed WORD...: what bash offers for the last word of a command line, sorted
completed() {
    (
        cd "$work/complete"
        PATH=$where/bin:$PATH
        # shellcheck source=/dev/null
        source "$where/share/bash-completion/completions/$1"
        [[ $(complete -p "$1") == "complete -F _$1 $1" ]] || fail "$1 has no completion"
        # shellcheck disable=SC2034 # the completion reads them
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        "_$1"
        printf '%s\n' "${COMPREPLY[@]}" | sort
    )
}
# offers WORDS WORD...: these and nothing else
offers() {
    local got
    got=$(completed "${@:2}" | xargs)
    [[ $got == "$1" ]] || fail "for \"${*:2}\" bash offers \"$got\" instead of \"$1\""
}
mkdir -p "$work/complete/folder"
touch "$work/complete/"{story.scn,key.bin,some.oem}
releases=$("$where/bin/proviso" releases | sed -n 's/^release //p' | sort | xargs)
[[ $releases == *5.0.2*5.0.3* ]] || fail "no releases: $releases"
offers "--help --version $(sort "$work/commands" | xargs)" proviso ''
offers 'releases run' proviso r
offers "$releases" proviso run --release ''
offers '5.0.2 5.0.3' proviso run story.scn --release 5.0
offers '5.0.2 5.0.3' proviso run story.scn --release = 5.0
offers 'folder story.scn' proviso run ''
offers 'hp-timer-0' proviso live --oem hp
offers 'some.oem' proviso compare story.scn --oem so
offers 'key.bin' proviso mebx --usb k
offers '' proviso run story.scn --seed ''
offers 'clear in out' proviso control --socket here cmos ''
offers 'domain manual server' proviso control mebx ''
offers '1 2 3' proviso hello encode --version ''
offers '2.0 2.1' usbkey make key.bin --format 2
offers 'factory provisioned setup' usbkey check key.bin --state ''
offers '--manageability --mode' usbkey make key.bin --m
offers '-discovery -dns' ztcagent -d
offers 'key.bin' ztcagent -activate -otp-file k
while read -r command; do
    completed proviso "$command" - >"$work/offered"
    "$where/bin/proviso" "$command" --help | grep -oE -- '(^|[ [|,])--[a-z][a-z-]+' | tr -d ' [|,' | sort -u |
        comm -23 - "$work/offered" >"$work/missing"
    # Those of other commands and programs that a help text names.
    missing=$(grep -vxE -- '--(control|socket)' "$work/missing" || true)
    [[ ! $missing ]] || fail "for proviso $command bash does not offer $missing"
done <"$work/commands"
for command in make show check; do completed usbkey "$command" -; done | sort -u >"$work/offered"
completed usbkey - >>"$work/offered"
grep -oE -- '(^|[ [|,])--[a-z][a-z-]+' "$work/usbkey" | tr -d ' [|,' | sort -u | comm -23 - <(sort -u "$work/offered") >"$work/missing"
[[ ! -s $work/missing ]] || fail "for usbkey bash does not offer $(<"$work/missing")"

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
