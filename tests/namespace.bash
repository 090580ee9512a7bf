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

# leased_wire ADDRESS: a wire, on which a server leases it to the one device
leased_wire() {
    ip link set lo up
    ip tuntap add dev tap0 mode tap
    ip addr add 192.168.77.1/24 dev tap0
    ip link set tap0 up
    mkdir -m 755 dns
    dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces \
        --no-ping --pid-file= --dhcp-leasefile="$work/dns/leases" --log-facility="$work/dns/log" \
        "--dhcp-range=$1,$1,255.255.255.0,1h" --dhcp-option=option:domain-name,site1.example &
    eventually test -s dns/log || fail "dnsmasq does not start"
}
