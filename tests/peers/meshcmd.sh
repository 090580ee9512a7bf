#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# MeshCmd manages the machine behind a 6.2: power, redirection's features, the ME's address, the event log; KVM is disabled
# and stays so. (amtfeatures wants a user consent that 6.0 does not have.) Then wsl writes and invokes on the same device.
# once: MeshCmd and wsl are programs of others'
set -u
source "$(dirname "$0")/../namespace.bash" node curl dnsmasq wsl xmllint
source "$root/tests/peers/managed.bash"

# meshcmd ACTION [OPTION...]: what it says; it ends with 0 whatever happens
meshcmd() {
    timeout 100 ./meshcmd "$@" --host $device --user admin --pass "$password" </dev/null 2>&1 | tr -d '\r'
}
# says LINE... -- ACTION [OPTION...]: all of these lines, and no error
says() {
    local lines=() said line
    while [[ $1 != -- ]]; do
        lines+=("$1")
        shift
    done
    said=$(meshcmd "${@:2}")
    [[ $said != *Error* ]] || fail "meshcmd ${*:2}: $said"
    for line in "${lines[@]}"; do
        grep -qxF -- "$line" <<<"$said" || fail "meshcmd ${*:2}: no \"$line\" in: $said"
    done
}
does() { [[ $(meshcmd amtpower "$@") == SUCCESS ]]; }
refused() {
    local said
    said=$(meshcmd amtpower "$@")
    [[ $said == 'NOT READY' ]] || fail "meshcmd amtpower $*: $said"
}
power_is() { [[ $(meshcmd amtpower) == "Current power state: $1" ]]; }

meshcmd_here
managed 6.2

# --- power

# starts N: how often the machine's BIOS has come as far as its memory
started() { (($(meshcmd amteventlog | grep -c 'BIOS, Memory initialization., 1$') == $1)); }
starts() { eventually started "$1" || fail "not start number $1: $(meshcmd amteventlog)"; }
starts 1
power_is 'Power on' || fail "$(meshcmd amtpower)"
refused --poweron
does --poweroff || fail "power off"
eventually power_is 'Soft off' || fail "not off: $(meshcmd amtpower)"
on_screen 'the screen is black' || fail "off, but there is a picture: $(control screen)"
refused --reset
does --poweron || fail "power on"
starts 2
does --reset || fail "reset"
starts 3
power_is 'Power on' || fail "$(meshcmd amtpower)"

# --- features

# features REDIRECTION SOL IDE-R [OPTION...]
features() {
    says 'User Consent         : None' "Redirection Port     : $1" "Serial-over-LAN      : $2" "IDE Redirection      : $3" \
        'Remote desktop (KVM) : Disabled' -- amtfeatures "${@:4}"
}
features Disabled Disabled Disabled
features Enabled Enabled Disabled --redir 1 --sol 1
features Enabled Enabled Enabled --ider 1
features Enabled Enabled Enabled --kvm 1
logged 'operation 0x0010: KVM is not enabled in MEBx' || fail "nobody has asked for KVM"
features Disabled Disabled Disabled --redir 0 --sol 0 --ider 0

# --- network

says --WIRED--- 'DHCPEnabled            : true' "IPAddress              : $device" 'SubnetMask             : 255.255.255.0' \
    'DefaultGateway         : 192.168.77.1' 'PrimaryDNS             : 192.168.77.1' 'LinkIsUp               : true' \
    'MACAddress             : 02-a3-7e-00-00-01' -- amtnetwork

# --- a wrong password

good=$password password=wrong
[[ $(meshcmd amtpower) == 'Error, status '* ]] || fail "a wrong password: $(meshcmd amtpower)"
password=$good

# --- wsl

printf '#!/bin/sh\ncat /proc/sys/kernel/random/uuid\n' >uuidgen # which not every machine has
chmod +x uuidgen
echo digest >.curlrc
export PATH=$work:$PATH HOME=$work KEEPHISTORY=0 OUTLEVEL=1
export WSENDPOINT=$device:16992 WSNOSSL=true WSUSER=admin WSPASS=$password
# wsl_says TEXT -- COMMAND...
wsl_says() {
    wsl "${@:3}" >answer 2>&1
    grep -qF -- "$1" answer || fail "wsl ${*:3}: no \"$1\" in: $(<answer)"
}
wsl_says '<g:EnabledState>3<' -- get CIM_KVMRedirectionSAP
wsl_says '<g:ListenerEnabled>true<' -- put $schema/AMT_RedirectionService ListenerEnabled=true
features Enabled Disabled Disabled
wsl_says '<g:ReturnValue>0<' -- invoke CIM_PowerManagementService RequestPowerStateChange PowerState=10
starts 4

! grep -qF "$password" log || fail "the trace shows the password"
exit 0
