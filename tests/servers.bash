# SPDX-License-Identifier: BSD-3-Clause
# DHCP and DNS servers as Debian ships them, unpacked by tools/fetch-deps; to be sourced by a script that has skip.

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
