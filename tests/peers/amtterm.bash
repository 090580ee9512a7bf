# SPDX-License-Identifier: BSD-3-Clause
# An administrator with amtterm, whatever the device runs on; to be sourced with device and password set, and
# logged PATTERN, which looks into what the device has said.
# shellcheck disable=SC2154 # device and password are the script's

seen() { grep -qsF "$2" "$1"; }

# sees SCREEN TEXT
sees() { eventually seen "$1" "$2" || fail "amtterm does not show \"$2\": $(cat -v "$1")"; }

# terminal NAME PASSWORD: amtterm on a terminal, which types what is written to NAME.keys; its screen is NAME
terminal() {
    mkfifo "$1.keys"
    AMT_PASSWORD=$2 script -qfc "amtterm $device" "$1" <"$1.keys" >/dev/null 2>&1 &
}

# invoke CLASS METHOD BODY, ask ACTION CLASS BODY: WS-Man, as MeshCommander asks
schema=http://intel.com/wbem/wscim/1/amt-schema/1 cim=http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2
ask() {
    curl -sf -m 20 --digest -u "admin:$password" "http://$device:16992/wsman" --data-binary "<s:Envelope
        xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"
        xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>$1</a:Action><a:To>/wsman</a:To>
        <w:ResourceURI>$2</w:ResourceURI><a:MessageID>1</a:MessageID></s:Header><s:Body>$3</s:Body></s:Envelope>" >reply ||
        fail "$1: $(cat reply)"
}
invoke() {
    ask "$cim/$1/$2" "$cim/$1" "<r:$2_INPUT xmlns:r=\"$cim/$1\">$3</r:$2_INPUT>"
    grep -q 'ReturnValue>0<' reply
}

# A wrong password is refused, a second one is told that the line is busy, silence is survived.
opens_one_line() {
    terminal wrong "$password!"
    exec 3>wrong.keys
    eventually logged 'redirection-refused: wrong password' || fail "a wrong password is not refused"
    sees wrong 'ERROR'

    terminal one "$password"
    exec 4>one.keys
    sees one 'connected now'
    sees one 'DTR is asserted on the COM Port'
    terminal two "$password"
    exec 5>two.keys
    sees two 'redirection session start failed'
    logged 'redirection-refused: busy' || fail "the second one is not told that the line is busy"

    sleep 21 # amtterm leaves a device that says nothing for 20 s
    ! logged 'SOL closed' || fail "the session has ended: $(cat -v one)"
}

# The machine's operating system runs by now.
types_and_sees() {
    printf '\r' >&4
    sees one 'login:'
    printf 'root\r' >&4
    sees one 'login: root'
    sees one 'Password:'
    printf 'anything\r' >&4
    sees one 'root@pc1'
    printf 'uptime\r' >&4
    sees one 'uptime'
    sees one 'up 0:'
}

more_logins() { (($(grep -c 'login:' one) > logins)); }

# The machine is reset, not switched off; with the boot option, from the BIOS's first line to the log-in.
watches_a_reboot() {
    AMT_PASSWORD=$password amttool "$device" powerdown <<<y >answer 2>&1
    grep -q 'invalid command' answer || fail "switched off with a session open: $(<answer)"
    AMT_PASSWORD=$password amttool "$device" reset <<<y >answer 2>&1
    grep -q 'pt_status: success' answer || fail "not reset: $(<answer)"
    ! logged 'SOL closed' || fail "the reset has ended the session"

    ask http://schemas.xmlsoap.org/ws/2004/09/transfer/Put $schema/AMT_BootSettingData \
        "<r:AMT_BootSettingData xmlns:r=\"$schema/AMT_BootSettingData\"><r:UseSOL>true</r:UseSOL></r:AMT_BootSettingData>"
    invoke CIM_BootService SetBootConfigRole '<r:Role>1</r:Role>' || fail "SetBootConfigRole: $(<reply)"
    ! seen one 'BIOS' || fail "the BIOS is on the line unasked: $(cat -v one)"
    # Not while the machine is about to do what it was asked for before.
    eventually invoke CIM_PowerManagementService RequestPowerStateChange '<r:PowerState>10</r:PowerState>' ||
        fail "RequestPowerStateChange: $(<reply)"
    sees one 'BIOS'
    sees one 'Memory:'
    logins=$(grep -c 'login:' one)
    eventually more_logins || fail "no log-in after the start: $(cat -v one)"
    printf '\035q' >&4
    eventually logged 'SOL closed' || fail "amtterm does not end"
    ! logged 'redirection-refused: not a message' || fail "amtterm's end is not understood"
}
