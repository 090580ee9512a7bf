#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# fw/THREATS.md: each promise names a test and each test it names is there; the versions are those that are
# fetched, and what it calls not built is not built.
# once: it reads a page and the sources
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Prints what is wrong with a page, a line each.
complain() {
    local page=$1
    promises_without_a_test "$page"
    local name
    while read -r name; do
        is_there "$name" || echo "$name is named but not there"
    done < <(named_tests "$page")
    while read -r name; do
        ! is_built "$name" || echo "$name is called not built, but is built"
    done < <(not_built "$page")
    links "$page"
    local library version
    for library in mbedTLS lwIP; do
        version=$(sed -n "s/^${library^^}_VERSION=\([0-9.]*\).*/\1/p" tools/fetch-deps)
        grep -q "^## $library $version\$" "$page" || echo "there is no heading \"$library $version\", which is what is fetched"
    done
}

table() { awk -v heading="## $2" '/^## / { on = $0 == heading } on && /^\|/' "$1"; }

promises_without_a_test() {
    local rows row
    rows=$(table "$1" Promises | grep -E '^\| [0-9]+ ' || true)
    [[ $rows ]] || echo "no promises"
    while read -r row; do
        [[ $(spans <<<"${row##*| }") ]] || echo "no test for promise ${row:0:60}"
    done <<<"$rows"
}

spans() { grep -oE '`[^`]+`' | tr -d '`' || true; }

# What looks like a test's name, anywhere on the page, and whatever the promises name.
named_tests() {
    {
        table "$1" Promises | awk -F '|' '$2 ~ /[0-9]/ { print $4 }' | spans
        spans <"$1" | grep -E '^test_[a-z0-9_]+(/[A-Za-z0-9_]+)?$|\.scn$|^fuzz_|^tests/' || true
    } | grep -vE '^(test_x/y|\.scn)$' | sort -u
}

is_there() {
    case $1 in
    *.scn) [[ -f sim/scenarios/$1 ]] ;;
    test_*/*) is_there "${1%%/*}" && (($(cat tests/unit/*/"${1%%/*}.c" | grep -cw -- "${1#*/}") >= 2)) ;;
    test_*) [[ $(compgen -G "tests/unit/*/$1.c") ]] ;;
    fuzz_*) [[ -f tests/fuzz/$1.c ]] ;;
    tests/*.sh) [[ -x $1 ]] ;;
    tests/*) [[ -d $1 ]] ;;
    *) return 1 ;;
    esac
}

not_built() { grep -E '^\|.*\| not built \|' "$1" | awk -F '|' '{ print $4 }' | spans | sort -u; }

is_built() {
    case $1 in
    MBEDTLS_*) grep -qE "^#define $1\b" fw/net/mbedtls_config.h ;;
    src/*) lwip_files | grep -F -- "$1" >/dev/null ;;
    *) ! grep -qE "^#define $1 0\b" fw/net/lwipopts.h ;;
    esac
}

lwip_files() { awk '/^lwip :=/ { on = 1 } on { print } !/\\$/ { on = 0 }' tools/make/sources.mk; }

links() {
    local link
    while read -r link; do
        [[ -e fw/$link ]] || echo "links to $link, which is not there"
    done < <(grep -oE '\]\([^)#]+' "$1" | cut -c3- | grep -v '^http' | sort -u)
}

# The check itself: a page with one thing wrong of each kind.
wrong=$(mktemp)
trap 'rm -f "$wrong"' EXIT
sed -e 's,`test_digest/every_beginning_is_refused`,`test_digest/is_not_there`,' -e 's,`claims/m11-one-touch-needs-default-password.scn`,`claims/M99.scn`,' \
    -e 's,`MBEDTLS_ARC4_C`,`MBEDTLS_AES_C`,' -e 's,`src/core/ipv6`,`src/core/ipv4`,' -e 's,`IP_FRAG`,`LWIP_DHCP`,' \
    -e 's,^## lwIP .*,## lwIP 1.4,' -e 's,(store/SPEC.md),(store/NONE.md),' \
    -e 's,`claims/g07-what-unprovision-erases.scn`.*|$,|,' fw/THREATS.md >"$wrong"
found=$(complain "$wrong")
for text in test_digest/is_not_there claims/M99.scn MBEDTLS_AES_C src/core/ipv4 LWIP_DHCP '"lwIP ' NONE.md 'for promise | 10'; do
    [[ $found == *"$text"* ]] || {
        echo "the check does not find $text in a page that is wrong: $found"
        exit 1
    }
done

complaints=$(complain fw/THREATS.md)
[[ -z $complaints ]] || {
    echo "fw/THREATS.md:"
    echo "$complaints"
    exit 1
}
