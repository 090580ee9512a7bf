#!/usr/bin/env bash
# Dependencies run one way: what each room of the source tree may include.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

freestanding='<std(int|def|bool|arg|align|noreturn)\.h>|<limits\.h>|<string\.h>'
hal='"hal/[a-z_]+\.h"' # the services' headers, no port
lwip='["<](lwip|netif|arch)/|"lwipopts\.h"'

# room PATHS ALLOWED: prints every #include in the files that does not match ALLOWED.
room() {
    local paths=$1 allowed=$2 files
    # shellcheck disable=SC2086 # it is several words
    mapfile -t files < <(find $paths -name '*.[ch]' 2>/dev/null)
    ((${#files[@]})) || return 0
    grep -HnE '^[[:space:]]*#[[:space:]]*include' "${files[@]}" |
        grep -vE "include[[:space:]]*($allowed)" || true
}

check() {
    cd "$1"
    room fw/core "\"fw/core/|$freestanding"
    room fw/store "\"fw/(store|core)/|$hal|$freestanding"
    room fw/net "\"fw/(net|core)/|$hal|$lwip|<mbedtls/|$freestanding"
    room fw/host "\"fw/(host|core|store)/|$hal|$freestanding"
    room fw/manage "\"fw/(manage|core|net|store)/|$hal|$lwip|$freestanding"
    # What an image is, a header of the build tells main.c, and its entropy pool.
    room '-L fw -maxdepth 1' "\"fw/|$hal|$freestanding|\"board-config\.h\""
    room '-L hal -maxdepth 1' "$hal|$freestanding"
    room 'hal -mindepth 2' "$hal|\"hal/[a-z0-9-]+/|\"fw/core/trace\.h\"|<|\"board-seed\.h\""
    room tools '"fw/|"tools/|"hal/|<'
}

# The check itself: one wrong include in each room must be found, and a right one must not.
wrong=$(mktemp -d)
trap 'rm -rf "$wrong"' EXIT
plant() {
    mkdir -p "$wrong/$(dirname "$1")"
    printf '#include %s\n' "$2" >"$wrong/$1"
}
plant fw/core/a.c '"hal/flash.h"'
plant fw/core/b.c '<stdio.h>'
plant fw/store/a.c '"fw/net/net.h"'
plant fw/net/a.c '"hal/virtual/ether.h"'
plant fw/host/a.c '"lwip/tcp.h"'
plant fw/manage/a.c '"fw/host/amthi/amthi.h"'
plant fw/device.c '"sim/world/world.h"'
plant hal/clock.h '"fw/core/limits.h"'
plant hal/linux/clock.c '"sim/base/clock.h"'
plant tools/x/main.c '"sim/world/world.h"'
plant fw/core/good.c '"fw/core/limits.h"'
plant hal/linux/good.c '<linux/if_tun.h>'
found=$( (check "$wrong") | wc -l)
((found == 10)) || {
    echo "the check finds $found of 10 planted includes"
    exit 1
}

complaints=$(check .)
[[ -z $complaints ]] || {
    echo "includes against the one-way rule (CONTRIBUTING.md):"
    echo "$complaints"
    exit 1
}
