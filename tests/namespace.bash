# SPDX-License-Identifier: BSD-3-Clause
# What scripts share that put a device on a TAP interface; to be sourced, with the names of the programs that
# the script cannot do without. Afterwards it runs in a network namespace of its own and in an empty folder,
# $work. What it leaves running in the background ends with it; the file log there is shown when it fails.

skip() {
    echo "$*"
    exit 77
}

if [[ ${inside:-} != "$0" ]]; then
    for tool in ip unshare "$@"; do
        command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
    [[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
    unshare -n -m ip tuntap add dev tap0 mode tap 2>/dev/null ||
        skip "no right to make a network namespace with a TAP interface"
    inside=$0 exec unshare -n -m "$0"
fi

# shellcheck disable=SC2034 # for the scripts that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/tests/wait.bash"
name=$(basename "$0")
work=$(mktemp -d)
cd "$work" || exit 1
: >log
cleanup() {
    exec 2>/dev/null # the shell reports who was killed
    # shellcheck disable=SC2046 # a number a job
    kill -9 $(jobs -p)
    wait
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "$name: $*"
    sed 's/^/    /' log
    exit 1
}
