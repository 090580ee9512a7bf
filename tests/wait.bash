# SPDX-License-Identifier: BSD-3-Clause
# How a script waits for something that happens beside it; to be sourced.

# Nothing ever comes out of this pipe: to read from it is to wait, without a process for it.
exec {nothing}<> <(:)

# eventually COMMAND...: until the command succeeds, which is asked less often the longer it takes. The end is for
# what hangs, not for a machine that is busy.
eventually() {
    local end=$((SECONDS + ${EVENTUALLY_SECONDS:-300})) ms=20 pause
    until "$@"; do
        ((SECONDS < end)) || return 1
        printf -v pause '0.%03d' $ms
        read -rt "$pause" -u "$nothing" _ || true
        ((ms = ms < 160 ? ms * 3 / 2 : 240))
    done
}
