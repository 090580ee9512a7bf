# SPDX-License-Identifier: BSD-3-Clause
# A machine to manage, for scripts that look at it with an administrator's programs; to be sourced after namespace.bash.

# shellcheck disable=SC2154,SC2034 # which sets root, name and work; for the scripts that source this
device=192.168.77.50 password='Passw0rd!'
schema=http://intel.com/wbem/wscim/1/amt-schema/1 cim=http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2
transfer=http://schemas.xmlsoap.org/ws/2004/09/transfer

logged() { grep -q "$1" log; }
control() { "$PROVISO" control --socket control "$@"; }
on_screen() { control screen | grep -qF -- "$1"; }

# managed RELEASE: `proviso live` is the device of a machine called pc1, configured by hand, and has its address. The ME has
# power whatever the state of its machine, and tells its passwords in clear. From 6.0 on there is no small-business mode to
# choose.
managed() {
    local package=3 mode='3\r2\r'
    [[ $1 != 6* ]] || package=2 mode=''
    printf '%b' "admin\r$password\r$password\r2\r2\r$package\r0\r3\r1\rpc1\r${mode}0\r4\ry\r" |
        "$PROVISO" mebx --release "$1" --state state >screen || fail "mebx: $(<screen)"
    leased_wire $device
    "$PROVISO" live --tap tap0 --release "$1" --state state --control control >>log 2>&1 &
    eventually logged "address $device: site1.example$" || fail "no lease"
    [[ $mode ]] || control mebx manual >/dev/null || fail "configured by hand: not possible"
    eventually logged '  state provisioned' || fail "not provisioned"
}

# ask USER:PASSWORD ACTION CLASS [BODY]: WS-Man; leaves the status in status, the reply in reply
ask() {
    status=$(curl -s -m 20 -o reply -w '%{http_code}' --digest -u "$1" "http://$device:16992/wsman" --data-binary "<s:Envelope
        xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"
        xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>$2</a:Action><a:To>/wsman</a:To>
        <w:ResourceURI>$3</w:ResourceURI><a:MessageID>1</a:MessageID></s:Header><s:Body>${4:-}</s:Body></s:Envelope>")
}

# invoke USER:PASSWORD CLASS METHOD [ARGUMENTS]: the class with its schema
invoke() { ask "$1" "$2/$3" "$2" "<r:$3_INPUT xmlns:r=\"$2\">${4:-}</r:$3_INPUT>"; }

# meshcmd_here: makes the program ./meshcmd
meshcmd_here() {
    local agents=$BUILD/deps/meshcentral-1.1.55/agents
    [[ $(uname -m) == x86_64 ]] || skip "MeshCmd is for x86-64"
    [[ -f $agents/meshcmd.js ]] || skip "MeshCentral's MeshCmd is not in $agents"
    node "$root/tests/peers/meshcmd.js" "$agents" meshcmd >>log 2>&1 || fail "MeshCmd cannot be put together"
}
