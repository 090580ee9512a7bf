#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a board does when something is wrong: a program that jumps astray, a main loop that hangs, no
# entropy, a cable that is pulled, input on the console that is none.
set -u
source "$(dirname "$0")/common.bash"
network

jump() { perl "$root/tests/board/jump.pl" "$work/gdb" "$@" || fail "jump.pl $*"; }
says() { eventually said "$1" || fail "does not say \"$1\""; }

# answers TEXT LINE: typed on the console, TEXT is answered by this line
answers() {
    : >"$work/uart"
    type_until answered "$2" <<<"$1"$'\r'
}
answered() { squeezed <"$work/uart" | grep -q -- "$(squeezed <<<"$1")"; }

symbol() {
    local elf
    elf=$(image "$board" 5.0.3-bmp-off)
    arm-none-eabi-nm "${elf%.bin}.elf" | awk -v name="$1" '$3 == name { print "0x" $1 }'
}

for board in mps2-an385 lm3s6965evb; do
    QEMU_EXTRA=(-gdb "unix:$work/gdb,server=on,wait=off")
    boot "$board" 5.0.3-bmp-off --tap tap0
    said 'started by power; ' || fail "does not start by power"

    # --- the console
    answers 'hello' '^! expected >HEX, ? or Ctrl-P'
    answers '>' '^! expected a message'
    answers '>010' '^! expected pairs of hexadecimal digits'
    answers '>01xx' '^! expected pairs of hexadecimal digits'
    answers ">$(printf '%0640d' 0)" '^! the message is too long'
    answers '?' '^Ctrl-P  the MEBx menu'
    # Not AMTHI framing: no answer, and the next message has one.
    answers $'>00\r>010100001100000400000000' '^<010100001100800408000000'
    # Rubbed out, and a line that ends with CR LF.
    answers $'>0101\x7f>010100001100000400000000\r\n' '^<010100001100800408000000'
    answers $'\x10\x03' '^Nothing is changed.'
    answers $'\x10wrong1\rwrong2\rwrong3\r' '^Nothing is changed.'
    answers '>010100001100000400000000' '^<010100001100800408000000'

    # --- where nothing is: the registers, and a new start
    : >"$work/uart"
    jump 0xE0000000
    says '^fault: r0=[0-9a-f]\{8\} .* lr=[0-9a-f]\{8\}'
    says '  pc=e0000000 xpsr=[0-9a-f]\{8\} sp=2000[0-9a-f]\{4\}'
    says 'started by fault; '
    says 'boot: 5.0.3'

    # --- a stack that has grown too far: below RAM there is nothing (but in the model of mps2-an385)
    if [[ $board == lm3s6965evb ]]; then
        : >"$work/uart"
        jump "$(symbol device_poll)@0x20000008"
        says '^fault: the stack is lost sp=1fff[0-9a-f]\{4\}'
        says 'started by fault; '
        says 'boot: 5.0.3'
    fi

    # --- a loop without end, with interrupts on (cpsie i; b .), at the end of RAM: 8 s
    : >"$work/uart"
    jump 0x2000bffc 0xb662 0xe7fe
    says '^watchdog, the main loop hangs: r0='
    says '  pc=2000bffe '
    says 'started by watchdog; '
    says 'boot: 5.0.3'
    off

    # --- without a seed it is not on the network, and says why
    before=$(frames)
    boot "$board" no-seed --tap tap0
    says 'no-entropy'
    agent -discovery >"$work/agent" || fail "does not answer the agent"
    # GetRNGSeedStatus: does not exist
    answers '>010100002E00000400000000' '^<010100002E0080040800000000000000020000'
    (($(frames) == before)) || fail "sends without entropy"
    off
done

# --- the cable; the model of lm3s6965evb has no link
board=mps2-an385
QEMU_EXTRA=(-qmp "unix:$work/qmp,server=on,wait=off")
boot "$board" 5.0.2-intel --tap tap0
says 'hello-delivered'
set_link() {
    perl -MSocket -e '
        socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
        connect($s, pack_sockaddr_un($ARGV[0])) or die;
        for my $command (q({"execute":"qmp_capabilities"}),
            qq({"execute":"set_link","arguments":{"name":"lan9118.0","up":$ARGV[1]}})) {
            syswrite($s, "$command\n");
            select(undef, undef, undef, 0.2);
        }' "$work/qmp" "$1"
}
set_link false
says 'link down'
: >"$work/uart"
set_link true
says 'link up'
says 'address 192.168.77'
off
