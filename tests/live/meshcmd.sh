#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# MeshCmd, unmodified, on the host interface: what it reads of a new device, and how it starts set-up. It reads
# before it waits, and loses an answer that is there by then. With the preload library, and with meirun.
# once: what it runs was not built with sanitizers
set -u
source "$(dirname "$0")/../namespace.bash" node dnsmasq
agents=$BUILD/deps/meshcentral/agents

[[ $(uname -m) == x86_64 ]] || skip "MeshCmd is for x86-64"
[[ -f $agents/meshcmd.min.js ]] || skip "MeshCentral's MeshCmd is not in $agents"
node "$root/tests/peers/meshcmd.js" "$agents" meshcmd >>log 2>&1 || fail "MeshCmd cannot be put together"

# It asks for the machine's own interfaces too, and ends without a word where none is up.
ip link set lo up
ip tuntap add dev tap0 mode tap
ip addr add 192.168.77.1/24 dev tap0
ip link set tap0 up

on_preload() { env LD_PRELOAD="$OBJ/meipreload.so" PROVISO_HOST_SOCKET="$work/host" "$@"; }
on_meirun() { "$OBJ/bin/meirun" --socket host "$@"; }

# says COMMAND: what it prints, which is on the standard input; its exit status is always 1
says() {
    local way
    cat >expected
    for way in on_preload on_meirun; do
        $way timeout 300 ./meshcmd "$1" </dev/null 2>&1 | tr -d '\r' >got
        diff expected got >difference || fail "$way meshcmd $1: $(<difference)"
    done
}

# A DHCP server tells the device its domain, without which set-up does not start.
dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces --no-ping --pid-file= \
    --dhcp-leasefile="$work/leases" --log-facility="$work/dnsmasq.log" --dhcp-option=option:domain-name,site1.example \
    --dhcp-range=192.168.77.50,192.168.77.50,255.255.255.0,1h &
"$PROVISO" live --tap tap0 --release 5.0.3 --host-socket host >log 2>&1 &
eventually test -S host || fail "proviso live does not start"
eventually grep -q ' address 192.168.77.50: site1.example' log || fail "the device gets no address"

number=$("$ZTCAGENT" --socket host -discovery | sed -n 's/^Build Number: //p')
says amtversions <<END
BIOS Version = PROVISO
Flash = 5.0.3
Netstack = 5.0.3
AMTApps = 5.0.3
AMT = 5.0.3
Sku = 14 (iQST, ASF, AMT)
VendorID = 8086
Build Number = $number
Recovery Version = 5.0.3
Recovery Build Num = $number
Legacy Mode = False
END
says amtinfo <<'END'
Intel AMT v5.0.3, in-provisioning state.
Wired Enabled, DHCP, 02:A3:7E:00:00:01, 192.168.77.50
Wireless Disabled, Static, 00:00:00:00:00:00
Connection Status: Direct, CIRA: Disconnected.
END
# The fingerprints as their issuers published them.
says amthashes <<'END'
VeriSign Class 3 Primary CA-G1, (Default, Active)
  SHA1: 742C3192E607E424EB4549542BE1BBC53E6174E2
VeriSign Class 3 Primary CA-G3, (Default, Active)
  SHA1: 132D0D45534B6997CDB2D5C339E25576609B5CC6
Go Daddy Class 2 CA, (Default, Active)
  SHA1: 2796BAE63F1801E277261BA0D77770028F20EEE4
Comodo AAA CA, (Default, Active)
  SHA1: D1EB23A46D17D68FD92564C2F1F1601764D8E349
Starfield Class 2 CA, (Default, Active)
  SHA1: AD7E1C28B064EF8F6003402014C3D0E3370EB58A
END
says amtuuid <<'END'
11223344-5566-7788-99aa-bbccddeeff00
END

# This one has begun by itself, as it left the factory.
says amtstartconfig <<'END'
Intel AMT is not in correct mode.
END
