# SPDX-License-Identifier: BSD-3-Clause
# DHCP and DNS servers as Debian ships them, unpacked by tools/fetch-deps; to be sourced after namespace.bash.

# shellcheck disable=SC2154 # which sets root, name and work

servers=${BUILD:-build}/deps/servers
[[ -x $servers/usr/sbin/kea-dhcp4 ]] || skip "kea, dhcpd, udhcpd, unbound and named are not in $servers; see tools/fetch-deps"
server_libraries=$(find "$servers/usr/lib" -maxdepth 1 -name '*-linux-gnu*' | head -n 1)

# unpacked PROGRAM ARGUMENT...: becomes that program, with the libraries that came with it
unpacked() {
    local program
    for program in "$servers"/usr/sbin/"$1" "$servers"/usr/bin/"$1" "$servers"/bin/"$1"; do
        [[ ! -x $program ]] || LD_LIBRARY_PATH=$server_libraries exec "$program" "${@:2}"
    done
    echo "$1 is not in $servers"
    exit 127
}

# in_namespaces SERVER...: each in a network namespace and a process of its own, beside the others, with SERVER set; there
# this does nothing
in_namespaces() {
    local process processes=() status=0
    [[ ! ${SERVER:-} ]] || return 0
    for SERVER; do
        inside='' SERVER=$SERVER "$root/tests/peers/$name" >"$SERVER" 2>&1 &
        processes+=($!)
    done
    for process in "${processes[@]}"; do
        wait "$process" || status=1
    done
    cat "$@"
    exit $status
}

# --- a network for each device: 10.9.N.0/24 on tapN, where the servers have the first address

mac_of() { printf '02:a3:7e:00:%02x:01' "$1"; }
has_carrier() { ip link show "tap$1" | grep -q LOWER_UP; }

# start_device N ARGUMENT...
start_device() {
    local n=$1
    ip tuntap add dev "tap$n" mode tap
    ip addr add "10.9.$n.1/24" dev "tap$n"
    ip link set "tap$n" up
    "$PROVISO" live --tap "tap$n" --release 5.0.2 --mac "$(mac_of "$n")" --control "control$n" "${@:2}" >"live$n" 2>&1 &
    eventually test -S "control$n" || fail "proviso live does not start: $(<"live$n")"
    eventually has_carrier "$n" || fail "tap$n has no carrier"
}

# capture_on FILTER -i INTERFACE...: into the file frames, until end_capture
capture_on() {
    dumpcap -q "${@:2}" -f "$1" -w frames >capture.log 2>&1 &
    capture=$!
    eventually grep -qs 'Capturing on' capture.log || fail "dumpcap: $(<capture.log)"
}
end_capture() {
    kill -INT "$capture"
    wait "$capture"
}

# kea SETTINGS SUBNETS: starts it; what it leases it notes in the file noted
kea() {
    cat >kea.json <<END
{ "Dhcp4": { "interfaces-config": { "interfaces": [ "*" ] }, $1,
  "lease-database": { "type": "memfile", "name": "$work/noted", "lfc-interval": 0 },
  "loggers": [ { "name": "kea-dhcp4", "severity": "INFO", "output_options": [ { "output": "stdout", "flush": true } ] } ],
  "subnet4": [ $2 ] } }
END
    # Where it may write, each for one of its versions.
    KEA_PIDFILE_DIR=$work KEA_LOCKFILE_DIR=$work KEA_DHCP_DATA_DIR=$work unpacked kea-dhcp4 -c kea.json >server.log 2>&1 &
    eventually grep -qs DHCP4_STARTED server.log || fail "kea does not start: $(<server.log)"
}
