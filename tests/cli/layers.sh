#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Dependencies run one way: what each room of the source tree may include, and no files in a circle.
# once: it reads the sources
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    printf '%s\n' "$@"
    exit 1
}

# --- the rooms ---------------------------------------------------------------------------------

# files | what they may include | one that they may not, which is planted to see that it is found
# The first line that fits a file counts, and each file has one. Words are headers, or folders and beginnings
# of names; with a - in front they may not, whatever else is said. free: a freestanding compiler's headers; hal:
# the services' headers, no port; system: any in <>.
rooms=$(
    cat <<'END'
fw/core/*             | fw/core/ free                                                | "hal/flash.h"
fw/store/*            | fw/store/ fw/core/ hal free                                  | "fw/net/net.h"

# The carriers are above the net: it names neither them nor what is behind them.
fw/net/tls*           | fw/net/ fw/core/ hal mbedtls free                            | "lwip/tcp.h"
fw/net/plain_carrier* | fw/net/ fw/core/ free                                        | <mbedtls/ssl.h>
fw/net/mbedtls_config.h | fw/core/ mbedtls/check_config.h free                       | "fw/net/net.h"
fw/net/isn.c          | fw/net/ -fw/net/tls -fw/net/plain_carrier fw/core/ lwip mbedtls/sha256.h free | "fw/net/tls.h"
fw/net/*              | fw/net/ -fw/net/tls -fw/net/plain_carrier fw/core/ hal lwip free     | "fw/net/plain_carrier.h"

# Of the service, digest needs randomness and, in one file, a library's MD5.
fw/manage/md5.c       | fw/manage/ mbedtls/md5.h free                                | <mbedtls/ssl.h>
fw/manage/*           | fw/manage/ fw/core/ hal/entropy.h hal/machine.h free         | "fw/net/net.h"

# Redirection: of the service the accounts' digest.
fw/redirect/*         | fw/redirect/ fw/manage/digest.h fw/manage/md5.h fw/core/ hal/machine.h free | "fw/manage/service.h"

# Each door of the machine itself alone.
fw/host/amthi/*       | fw/host/amthi/ fw/core/ free                                 | "fw/host/local.h"
fw/host/mebx/*        | fw/host/mebx/ fw/host/local.h fw/core/ free                  | "fw/store/store.h"
fw/host/usbkey/*      | fw/host/usbkey/ fw/host/local.h fw/core/ hal/usb.h free      | "fw/host/mebx/mebx.h"
fw/host/*             | fw/core/ free                                                | "fw/host/mebx/mebx.h"

fw/device*            | fw/device fw/core/ fw/store/ fw/net/ fw/manage/ fw/redirect/ fw/host/ hal free | "lwip/netif.h"
fw/board/main.c       | fw/board/ fw/device.h fw/host/mebx/mebx.h fw/core/ hal free board-config.h | "hal/linux/linux.h"
fw/board/*            | fw/board/ fw/core/ fw/store/store.h hal free                 | "fw/device.h"

# A board's entropy pool has a library's hash; what an image is, a header of the build says.
hal/linux/*           | hal/linux/ hal system                                        | "sim/base/clock.h"
hal/cortex-m/seed.c   | hal/cortex-m/ hal free board-seed.h                          | "fw/core/limits.h"
hal/cortex-m/*        | hal/cortex-m/ hal mbedtls free                               | "board-seed.h"
hal/virtual/*         | hal/virtual/ hal free                                        | <stdio.h>
hal/template/*        | hal free                                                     | "hal/cortex-m/ring.h"
hal/lm3s6965evb/*     | hal/lm3s6965evb/ hal/cortex-m/ hal free                      | "fw/core/limits.h"
hal/mps2-an385/*      | hal/mps2-an385/ hal/cortex-m/ hal free                       | "hal/lm3s6965evb/lm3s.h"
# What the rules say of a machine, the service says, too.
hal/machine.h         | fw/core/machine_types.h free                                 | "fw/core/machine.h"
hal/*                 | hal free                                                     | "fw/core/limits.h"

# Each room of sim itself and those before.
sim/pc/*              | sim/pc/ hal/machine.h system                                 | "fw/core/power.h"
sim/base/*            | sim/base/ fw/core/ system                                    | "sim/net/packet.h"
sim/net/*             | sim/net/ sim/base/ system                                    | "fw/core/bytes.h"
sim/server/*          | sim/server/ sim/net/ sim/base/ SERVER lwip system -mbedtls   | "fw/manage/xml.h"
sim/console/*         | sim/console/ sim/server/ sim/net/ sim/base/ SERVER system -mbedtls   | "fw/manage/xml.h"
sim/world/*           | sim/world/ sim/console/ sim/server/ sim/net/ sim/base/ sim/pc/ fw/device.h fw/core/ fw/host/local.h fw/host/usbkey/usbkey.h fw/store/settings_store.h hal/virtual/ tools/ztcagent/agent.h system | "sim/scenario/names.h"
sim/scenario/*        | sim/scenario/ sim/world/ sim/console/ sim/server/ sim/net/ sim/base/ sim/pc/ fw/core/ fw/host/mebx/mebx.h system | "sim/run/runner.h"
sim/run/*             | sim/run/ sim/scenario/ sim/world/ sim/console/ sim/server/ sim/net/ sim/base/ sim/pc/ fw/core/ system | "sim/report/transcript.h"
sim/report/*          | sim/report/ sim/run/ sim/scenario/ sim/world/ sim/console/ sim/server/ sim/net/ sim/base/ sim/pc/ fw/board/trace_line.h system | "sim/live/live.h"
sim/live/*            | sim/live/ sim/report/ sim/run/ sim/scenario/ sim/world/ sim/console/ sim/server/ sim/net/ sim/base/ sim/pc/ fw/device.h fw/core/ hal/linux/ system | "sim/cmd/cmd.h"
sim/cmd/*             | sim/ fw/device.h fw/core/ fw/host/mebx/mebx.h fw/store/settings_store.h hal/linux/ tools/line.h tools/options.h tools/secret.h tools/version.h system | "fw/net/net.h"

tools/usbkey/*        | tools/usbkey/ tools/options.h tools/secret.h tools/version.h fw/core/ fw/host/usbkey/ hal/usb.h system | "tools/ztcagent/agent.h"
tools/ztcagent/*      | tools/ztcagent/ tools/line.h tools/options.h tools/secret.h tools/version.h fw/core/ fw/host/amthi/amthi.h system | "fw/device.h"
tools/mei/*           | tools/mei/ hal/linux/hostbus.h system                        | "fw/core/bytes.h"
tools/meipreload/*    | tools/mei/ system                                            | "hal/linux/hostbus.h"
tools/meirun/*        | tools/meirun/ tools/mei/ hal/linux/hostbus.h tools/version.h system | "fw/core/bytes.h"
tools/*               | tools/line.h tools/options.h tools/secret.h fw/core/ system                               | "tools/usbkey/plan.h"

tests/unit/core/*     | fw/core/ tests/fixtures/ system                              | "fw/store/store.h"
tests/unit/store/*    | fw/store/ fw/core/ tests/fixtures/ system                    | "fw/net/net.h"
tests/unit/net/*      | fw/net/ fw/store/settings_store.h fw/core/ sim/ tests/fixtures/ system | "fw/host/mebx/mebx.h"
tests/unit/manage/*   | fw/manage/ fw/core/ tests/fixtures/ system                   | "fw/net/net.h"
tests/unit/redirect/* | fw/redirect/ fw/core/ tests/fixtures/ system                 | "fw/manage/service.h"
tests/unit/host/*     | fw/host/ fw/core/ tests/fixtures/ system                     | "fw/net/net.h"
tests/unit/board/*    | fw/board/ fw/core/ tests/fixtures/ system                    | "fw/device.h"
tests/unit/hal/*      | hal/ fw/store/store.h tests/fixtures/ system                 | "fw/net/net.h"
tests/unit/device/*   | fw/ -fw/board/ tests/fixtures/ lwip system                   | "sim/world/world.h"
tests/unit/sim/*      | sim/ fw/core/ tests/fixtures/ system                         | "fw/net/net.h"
tests/unit/tools/*    | tools/ tests/fixtures/ system                                | "fw/net/net.h"
tests/fixtures/*      | tests/fixtures/ fw/ hal/ sim/ tools/ lwip system             | "tests/explore/world.h"
tests/explore/*       | tests/explore/ fw/ hal/entropy.h hal/virtual/ sim/ tools/options.h lwip system             | "tests/fixtures/device.h"
tests/fuzz/*          | tests/fuzz/ tests/fixtures/ fw/ hal/virtual/ sim/ tools/ztcagent/agent.h lwip system | "tests/explore/world.h"
tests/bench/board/*   | tests/bench/board/ fw/device.h hal/cortex-m/ free            | <stdio.h>
tests/bench/*         | tests/bench/ tests/fixtures/ sim/ system                     | "tests/fuzz/fuzz_wire.h"
tests/cli/*           | fw/core/wipe.c system                                        | "fw/net/net.h"
END
)
# The set-up server has the virtual clock and lwIP as the device has it, and other code for what it judges.
rooms=${rooms//SERVER/fw/core/ fw/net/ip_stack.h fw/net/netif_of.h fw/net/lwipopts.h hal/entropy.h}
grep -v -e '^#' -e '^$' <<<"$rooms" >"$work/rooms"

# pattern WORD...: what the #include of one of these looks like.
pattern() {
    local word all=
    for word; do
        case $word in
        free) word='<std(int|def|bool|arg|align|noreturn)\.h>|<limits\.h>|<string\.h>' ;;
        hal) word='"hal/[a-z_]+\.h"' ;;
        lwip) word='["<](lwip|netif|arch)/|"lwipopts\.h"' ;;
        mbedtls) word='<mbedtls/' ;;
        system) word='<' ;;
        *.[ch]) word="[\"<]${word//./\\.}[\">]" ;;
        *) word="\"$word" ;;
        esac
        all+="|$word"
    done
    echo "${all#|}"
}

# complaints DIR: every #include that its room may not have, as FILE:LINE:#include ...; and files without a room.
complaints() {
    local files fits allowed word words barred file
    local -A seen=()
    cd "$1"
    while IFS='|' read -r fits allowed _; do
        files=()
        words=()
        barred=()
        for word in $allowed; do
            if [[ $word == -* ]]; then barred+=("${word#-}"); else words+=("$word"); fi
        done
        while read -r file; do
            # shellcheck disable=SC2053 # it is a pattern
            if [[ ! ${seen[$file]:-} && $file == ${fits%%' '*} ]]; then
                seen[$file]=1
                files+=("$file")
            fi
        done <"$work/files"
        ((${#files[@]})) || continue
        { grep -HnE '^[[:space:]]*#[[:space:]]*include' "${files[@]}" || true; } >"$work/includes"
        grep -vE "include[[:space:]]*($(pattern "${words[@]}"))" "$work/includes" || true
        ((!${#barred[@]})) || grep -E "include[[:space:]]*($(pattern "${barred[@]}"))" "$work/includes" || true
    done <"$work/rooms"
    while read -r file; do
        [[ ${seen[$file]:-} ]] || echo "$file: of no room"
    done <"$work/files"
}

# check DIR: of a tree's files
check() {
    (cd "$1" && find fw hal sim tools tests -name '*.[ch]' 2>/dev/null | sort) >"$work/files"
    (complaints "$1")
}

# One wrong include in each room must be found, and nothing else.
while IFS='|' read -r fits _ wrong; do
    file=${fits%%' '*}
    [[ $file == *.[ch] ]] || file=${file%'*'}x.c
    mkdir -p "$work/wrong/$(dirname "$file")"
    printf '#include <stdint.h>\n#include%s\n' "$wrong" >"$work/wrong/$file"
    echo "$file:2:#include$wrong"
done <"$work/rooms" | sort >"$work/planted"
mkdir -p "$work/wrong/fw/cellar"
touch "$work/wrong/fw/cellar/x.c"
echo 'fw/cellar/x.c: of no room' >>"$work/planted"
check "$work/wrong" | sort >"$work/found"
diff <(sort "$work/planted") "$work/found" || fail "the check of the rooms finds not what was planted"

found=$(check .)
[[ -z $found ]] || fail "includes against the one-way rule (CONTRIBUTING.md):" "$found"

# The net says nothing of what it carries, either.
found=$(grep -nwiE 'tls[a-z_]*|manage[a-z_]*|plain|service' fw/net/{net,ports,turns,connection,ip_stack,hello_sender}.[ch] || true)
[[ -z $found ]] || fail "the net names what it carries:" "$found"

# --- circles -----------------------------------------------------------------------------------

# loops: reads pairs, A uses B, and prints who is in a circle.
loops() { { tsort 2>&1 >/dev/null || true; } | sed -n 's/^tsort: \([^ :]*\)$/\1/p' | sort -u; }

# A source, its header and its internal header are one file here.
includes() {
    (cd "$1" && grep -roE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' fw hal sim tests tools 2>/dev/null) |
        sed -E 's/:[^"]*"/ /; s/"$//; s/(_internal)?\.[ch]( |$)/\2/g' | awk '$1 != $2'
}

# symbols OBJECT...: who defines what others need; names that several define are every program's own.
symbols() {
    nm -A -P "$@" | awk '
        { object = $1; sub(/\.o:$/, "", object) }
        $3 ~ /^[TDBRVC]$/ { count[$2]++; by[$2] = object }
        $3 == "U" { needs[object " " $2] = $2 }
        END {
            for (n in needs) {
                split(n, pair, " ")
                if (count[needs[n]] == 1 && by[needs[n]] != pair[1]) print pair[1], by[needs[n]]
            }
        }'
}

mkdir -p "$work/round/fw/core"
(
    cd "$work/round"
    printf '#include "fw/core/b.h"\n' >fw/core/a.c
    printf '#include "fw/core/a.h"\n' >fw/core/b.h
    printf '#include "fw/core/a.h"\n' >fw/core/c.c
    touch fw/core/a.h
    for pair in x:y y:z z:y; do
        printf 'int %s(void), %s(void); int %s(void) { return %s(); }\n' "${pair%:*}" "${pair#*:}" "${pair%:*}" "${pair#*:}" |
            "${CC:-cc}" -x c -c - -o "${pair%:*}.o"
    done
)
[[ $(includes "$work/round" | loops | tr '\n' ' ') == 'fw/core/a fw/core/b ' ]] ||
    fail "the check does not find a circle of includes"
[[ $(cd "$work/round" && symbols x.o y.o z.o | loops | tr '\n' ' ') == 'y z ' ]] ||
    fail "the check does not find a circle of objects"

found=$(includes . | loops)
[[ -z $found ]] || fail "files that include each other in a circle, a source and its header being one:" "$found"

objects=()
while read -r source; do
    object=$OBJ/${source%.c}.o
    [[ ! -f $object ]] || objects+=("$object")
done < <(find fw hal sim tests/explore tools -name '*.c')
((${#objects[@]} > 100)) || fail "no objects in $OBJ"
found=$(symbols "${objects[@]}" | loops)
[[ -z $found ]] || fail "objects that need each other in a circle:" "$found"

# --- who owns a device needs nothing of lwIP's and the TLS library's -----------------------------

echo '#include "fw/device.h"' >"$work/owner.c"
"${CC:-cc}" -std=c11 -I. -fsyntax-only "$work/owner.c" || fail "fw/device.h cannot be included with -I. alone"

# --- lwIP and mbedTLS are built once for several choices of what is built in (hal/boards.mk) ---------

# follows FILE ALLOWED: the switches that it asks for, itself or by a limit that follows from one.
follows() {
    local file=$1 allowed=$2 limits
    limits=$(sed -nE 's/^#define (LIMIT_[A-Z_]+) .*FW_.*/\1/p' fw/core/limits.h | paste -sd'|')
    grep -nEw "FW_[A-Z_]+|$limits" "$file" | grep -vEw "$allowed" || true
}
found=$(follows fw/net/lwipopts.h 'FW_SERVED|FW_TLS_TESTS'
    follows fw/net/mbedtls_config.h 'FW_SERVED|FW_TLS|FW_TLS_TESTS|FW_TLS_VERSIONS')
[[ -z $found ]] || fail "boards share the libraries' objects: what may these ask for?" "$found"
echo '#define MEMP_NUM_TCP_PCB (LIMIT_TLS_SESSIONS + 1)' >"$work/options.h"
[[ -n $(follows "$work/options.h" 'FW_SERVED|FW_TLS_TESTS') ]] || fail "a limit that follows from a switch is not found"

# With a configuration service so is most of the firmware, with TLS and without.
found=$(grep -rlw --include='*.[ch]' 'FW_TLS' fw | grep -vE '^fw/(device[a-z_]*\.[ch]|core/(config|trace)\.h|net/mbedtls_config\.h|net/tls[a-z_]*\.[ch])$' || true)
[[ -z $found ]] || fail "these would not know whether there is TLS (hal/boards.mk, asks_for_tls):" "$found"
found=$(grep -rlwE --include='*.c' 'TRACE_EVENTS|TRACE_LIST' fw | grep -vE '^fw/(device|core/trace\.c|board/trace_line\.c)' || true)
[[ -z $found ]] || fail "how many trace events there are depends on TLS:" "$found"
