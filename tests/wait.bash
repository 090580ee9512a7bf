# SPDX-License-Identifier: BSD-3-Clause
# How a script waits for something that happens beside it; to be sourced.

# eventually COMMAND...: until the command succeeds. The end is for what hangs, not for a machine that is busy.
eventually() {
    local end=$((SECONDS + ${EVENTUALLY_SECONDS:-300}))
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep "${EVENTUALLY_PAUSE:-0.02}"
    done
}
