# SPDX-License-Identifier: BSD-3-Clause
# What the board tests share; to be sourced. A test gives them BOARD's image, a namespace of its own
# (unshare), QEMU with its console on a socket, and records what happens.

skip() {
    echo "$1"
    exit 77
}

# The script that sources this runs again inside a network namespace of its own.
if [[ ${1:-} != inside ]]; then
    for tool in qemu-system-arm arm-none-eabi-gcc dnsmasq ip unshare perl tshark; do
        command -v $tool >/dev/null || skip "no $tool"
    done
    [[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
    unshare -n -m ip tuntap add dev tap0 mode tap 2>/dev/null ||
        skip "no right to make a network namespace with a TAP interface"
    exec unshare -n -m "$0" inside
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tests/wait.bash"
name=$(basename "$0")
work=$(mktemp -d)
helpers=()
qemu=''

cleanup() {
    # shellcheck disable=SC2046,SC2086 # a number each, or none
    kill -KILL $qemu $(cat "$work/pid" 2>/dev/null) 2>/dev/null
    ((${#helpers[@]} == 0)) || kill -KILL "${helpers[@]}" 2>/dev/null
    wait
    rm -rf "$work"
} 2>/dev/null
trap cleanup EXIT

fail() {
    echo "$name: ${board:-}: $*"
    sed 's/^/    /' "$work/uart" 2>/dev/null | tail -n 40
    exit 1
}

# image BOARD RELEASE-OEM: of those that `make board-images` built
image() { echo "$BUILD/$1/test-$2/firmware.bin"; }

# boot BOARD RELEASE-OEM ARGUMENT-OF-board-run...: the console is the socket $work/serial, what it
# says is appended to $work/uart. QEMU_EXTRA and pin are arrays: QEMU's further arguments, and a
# command in front.
boot() {
    local end
    board=$1
    rm -f "$work/serial" "$work/pid"
    : >"$work/uart"
    # shellcheck disable=SC2154 # the script's own, if it has one
    TMPDIR=$work ${pin[@]+"${pin[@]}"} "$root/tools/board-run" "$1" "$(image "$1" "$2")" --serial chardev:console "${@:3}" -- \
        -chardev "socket,id=console,path=$work/serial,server=on,wait=off,logfile=$work/uart" \
        -monitor none -pidfile "$work/pid" ${QEMU_EXTRA[@]+"${QEMU_EXTRA[@]}"} \
        >"$work/qemu.log" 2>&1 &
    helpers+=($!)
    eventually test -s "$work/pid" || fail "QEMU does not start: $(<"$work/qemu.log")"
    qemu=$(<"$work/pid")
    eventually said 'boot: ' || fail "does not boot"
}

# off: the power is cut
off() {
    kill -KILL "$qemu"
    eventually gone || fail "QEMU cannot be killed"
    wait "${helpers[-1]}"
    unset 'helpers[-1]'
    qemu=''
} 2>/dev/null
gone() { ! kill -0 "$qemu"; } 2>/dev/null

said() { grep -q -- "$1" "$work/uart"; }

# shown TEXT: while somebody is on the line. QEMU records a character again whenever that somebody takes it
# too late, so that runs of one character count as one.
shown() { squeezed <"$work/uart" | grep -qF -- "$(squeezed <<<"$1")"; }
squeezed() { tr -s '[:graph:]'; }

# type_text TEXT [SECONDS]: on the console, and stays on the line for a moment: a line that is hung up
# loses what has not been taken yet. What the board says meanwhile has to be read, or QEMU waits.
type_text() {
    perl -MSocket -MIO::Select -MTime::HiRes=time -e '
        my ($path, $text, $seconds) = @ARGV;
        socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
        connect($s, pack_sockaddr_un($path)) or die;
        syswrite($s, $text);
        my ($select, $end) = (IO::Select->new($s), time + $seconds);
        while ((my $left = $end - time) > 0) {
            last if $select->can_read($left) && !sysread($s, my $said, 65536);
        }' "$work/serial" "$1" "${2:-0.3}"
}

# type_until COMMAND...: types what is on standard input and stays on the line until the command succeeds
type_until() {
    local keys
    IFS= read -rd '' keys
    type_text "${keys%$'\n'}" 600 &
    local typist=$!
    eventually "$@" || fail "after typing: not $*"
    pkill -PIPE -f "^perl .*$work/serial" # a signal of which the shell says nothing
    wait $typist 2>/dev/null
}

agent() { "$ZTCAGENT" --serial "$work/serial" "$@"; }

# listen: writes "port bytes" of each connection to port 9971 into hellos
listen() {
    : >"$work/hellos"
    perl -MIO::Socket::INET -e '
        my $listener = IO::Socket::INET->new(LocalPort => 9971, Listen => 8, ReuseAddr => 1) or die;
        open my $ready, ">", "$ARGV[0]/listening" or die;
        while (my $peer = $listener->accept) {
            my $bytes = do { local $/; <$peer> };
            open my $out, ">>", "$ARGV[0]/hellos" or die;
            print $out $peer->peerport, " ", unpack("H*", $bytes // ""), "\n";
        }' "$work" &
    helpers+=($!)
    eventually test -e "$work/listening" || fail "the listener does not start"
}

# network: tap0 with 192.168.77.1 on it, dnsmasq, and listen
network() {
    ip link set lo up
    ip tuntap add dev tap0 mode tap
    ip addr add 192.168.77.1/24 dev tap0
    ip link set tap0 up
    mkdir -p "$work/dns"
    dnsmasq -k -C /dev/null -u root --no-hosts --no-resolv --interface=tap0 --bind-interfaces \
        --no-ping --pid-file= --dhcp-leasefile="$work/dns/leases" --log-facility="$work/dns/log" \
        --dhcp-range=192.168.77.50,192.168.77.99,255.255.255.0,1h \
        --dhcp-option=option:domain-name,site1.example --local=/site1.example/ \
        --host-record=provisionserver.site1.example,192.168.77.1 &
    helpers+=($!)
    listen
    eventually test -s "$work/dns/log" || fail "dnsmasq does not start"
}
hellos() { wc -l <"$work/hellos"; }
hellos_are() { (($(hellos) == $1)); }
frames() { awk '$1 == "tap0:" { print $3 }' /proc/net/dev; }

# allow_gdb: the next boot lets stack_left look into the memory
allow_gdb() {
    rm -f "$work/gdb"
    QEMU_EXTRA=(-gdb "unix:$work/gdb,server=on,wait=off")
}

# stack_left IMAGE: more than 1,024 bytes of the stack were never used; for an image of which tools/stack
# works out no bound. Stops the machine for good.
stack_left() {
    local elf bottom top used
    elf=$(image "$board" "$1")
    elf=${elf%.bin}.elf
    read -r bottom top < <(arm-none-eabi-nm "$elf" | awk '$3 == "cm_stack_bottom" { b = $1 }
        $3 == "cm_stack_top" { t = $1 } END { print "0x" b, "0x" t }')
    perl "$root/tests/board/cut.pl" "$work/gdb" "$bottom" $((top - bottom)) 0 "$work/ready" "$work/stack" \
        >/dev/null || fail "cannot read the stack"
    used=$(perl -e 'local $/; my @words = unpack "V*", <STDIN>; shift @words while @words && !$words[0];
        print 4 * @words' <"$work/stack")
    echo "$elf: $used bytes of the stack of $((top - bottom)) were used"
    ((used > 0 && used + 1024 <= top - bottom)) || fail "less than 1,024 bytes of the stack are left"
    off
}
