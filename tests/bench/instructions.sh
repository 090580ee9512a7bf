#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Instructions that a device takes: for one TLS hand-shake, for its own key, and for a whole story. A peer's
# are not among them, nor is idling. Figures to look at; nothing is held against a limit.
#
# usage: tests/bench/instructions.sh [host | board] [SCENARIO]
#   host      this machine: inside of device_poll(), by the processor's counter where that can be had, else by
#             valgrind. Also SCENARIO, default tests/bench/provision.scn (make builds its certificates)
#   board     mps2-an385's firmware (Cortex-M3, -Os) in QEMU, where an instruction takes 1 ns of virtual time;
#             read at the start and end of each device_poll() from a timer of 40 ns
#   neither   both
# The hand-shakes: the device's own key of 1024 bits is there already; the client shows three certificates of
# 2048 bits, or has the pre-shared key. On the host AES-128-CBC, on the board what openssl chooses.
# environment: OBJ, PROVISO, USBKEY   what was built; default in build/
set -u
# QEMU's router hands nothing on; where that can be had, there is nobody to hand it to either.
if [[ ! ${inside:-} ]] && command -v ip >/dev/null && unshare -rn true 2>/dev/null; then
    inside=yes exec unshare -rn "${BASH_SOURCE[0]}" "$@"
fi
[[ ! ${inside:-} ]] || ip link set lo up
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
root=$PWD
OBJ=${OBJ:-$root/build/gcc}
PROVISO=${PROVISO:-$OBJ/bin/proviso}
USBKEY=${USBKEY:-$OBJ/bin/usbkey}

what=both
case ${1:-} in host | board) what=$1 && shift ;; esac
scenario=${1:-tests/bench/provision.scn}
[[ $scenario == /* ]] || scenario=$root/$scenario
[[ $what == board || -f $scenario ]] || {
    echo "instructions.sh: cannot read $scenario" >&2
    exit 1
}

work=$(mktemp -d)
cleanup() {
    # shellcheck disable=SC2046 # a number a job
    kill -KILL $(<pid) $(jobs -p)
    wait
    rm -rf "$work"
} 2>/dev/null
trap cleanup EXIT
cd "$work" || exit 1

fail() {
    echo "instructions.sh: $*" >&2
    exit 1
}

# figure NAME NUMBER
figure() { printf '  %-44s %14s\n' "$1" "$(sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta' <<<"$2")"; }

command -v openssl >/dev/null || fail "openssl is needed for the certificates"
source "$root/tests/authority.bash"
source "$root/tests/wait.bash"
authority 2048 >log 2>&1 || fail "certificates: $(<log)"

# --- the host --------------------------------------------------------------------------------

# count ARGUMENT...: leaves in counted what the program's story takes, the same each time
declare -A known
count() {
    counted=${known[$*]:-}
    [[ ! $counted ]] || return 0
    if [[ $counter == valgrind ]]; then
        valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=device_poll \
            "$OBJ/bench/instructions" "$@" 2>log >out || fail "$*: $(<log)"
        counted=$(sed -n 's/.*Collected : //p' log)
    else
        counted=$("$OBJ/bench/instructions" "$@" 2>log) || fail "$*: $(<log)"
    fi
    known[$*]=$counted
}

# more STORY...: the same of one more hand-shake, behind the first
more() {
    local first
    count "$@" 1
    first=$counted
    count "$@" 2
    counted=$((counted - first))
}

host() {
    local name version key
    counter=processor
    count psk 0 0
    [[ $counted != uncounted ]] || counter=valgrind
    if [[ $counter == valgrind ]] && ! command -v valgrind >/dev/null; then
        echo "host: cannot be counted: neither the processor's counter nor valgrind is there"
        return
    fi
    for name in leaf middle root; do openssl x509 -in 2048/$name.pem -outform der -out 2048/$name.der; done
    openssl rsa -in 2048/key -traditional -outform der -out 2048/key.der 2>log || fail "$(<log)"
    echo "host: $(uname -m), inside of device_poll(), counted by ${counter/processor/the processor}"
    for version in 0 2; do
        more pki 2048 $version
        figure "hand-shake, TLS 1.$version, certificates" "$counted"
        ((version)) || key=-$counted
    done
    for version in 0 2; do
        more psk $version
        figure "hand-shake, TLS 1.$version, pre-shared key" "$counted"
    done
    count pki 2048 0 0
    key=$((key - counted))
    count pki 2048 0 1
    figure "the device's own key of 1024 bits" $((key + counted))
    count play "$scenario"
    figure "$(basename "$scenario"), all of it" "$counted"
    serial_line
}

# line WHAT...: a console is at the machine's serial line over TLS, and this is typed there in one message; what it takes
lines=0
line() {
    {
        printf '%s\n' 'device 6.0' 'start provisioned' 'at 10s console 10.0.0.8 use wsman tls' \
            'console 10.0.0.8 redirection on' 'at +5s console 10.0.0.8 sol open' 'at +5s console 10.0.0.8 sol type "\n"'
        printf 'at +5s console 10.0.0.8 sol type "%s"\n' "$@"
        echo 'at +30s expect console 10.0.0.8 sol open'
    } >"line-$((++lines)).scn"
    count play "$PWD/line-$lines.scn"
}

# A password is typed without an echo, a name with one: both are 40 bytes. Ten of them are typed anyway.
serial_line() {
    local few many ten=xxxxxxxxxx forty=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx there
    line 'root\n' $ten
    few=$counted
    line 'root\n' $forty
    there=$(((counted - few) / 30))
    figure "a byte to the machine's serial line" "$there"
    line $ten
    many=$counted
    line $forty
    figure "a byte from it" $(((counted - many) / 30 - there))
}

# --- the board -------------------------------------------------------------------------------

free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

said() { grep -q "$1" uart; }
reports_are() { (($(grep -c '^bench: ' uart) == $1)); }

# start RELEASE-OEM [ARGUMENT-OF-board-run...]: behind QEMU's own router, which leads nowhere else
start() {
    local folder="$root/build/mps2-an385-tls-manage/bench-$1"
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MAKEOVERRIDES make -s -C "$root" BOARD=mps2-an385 TLS=1 MANAGE=1 \
        BENCH=1 RELEASE="${1%%-*}" OEM="${1#*-}" SEED=000102030405060708090a0b0c0d0e0f IMAGE="bench-$1" image \
        >log 2>&1 || fail "$(<log)"
    port=$(free_port)
    : >uart
    "$root/tools/board-run" mps2-an385 "$folder/firmware.bin" --alone --serial file:uart "${@:2}" -- \
        -monitor none -pidfile pid -icount shift=0 -netdev \
        "user,id=net,restrict=on,domainname=site1.example,hostfwd=tcp:127.0.0.1:$port-10.0.2.15:16993" \
        -netdev hubport,id=port,hubid=0,netdev=net >log 2>&1 &
    eventually said '  state setup' && eventually said '  address 10' || fail "$1 does not start: $(<log)"
}
stop() {
    kill -KILL "$(<pid)"
    wait
} 2>/dev/null

# shake ARGUMENT-OF-openssl...: leaves the ticks of the hand-shake and of the key in ticks
shake() {
    local before
    before=$(grep -c '^bench: ' uart)
    timeout 300 openssl s_client -connect "127.0.0.1:$port" "$@" </dev/null >out 2>&1
    eventually reports_are $((before + 1)) || fail "no hand-shake: $(tail -n 3 uart out)"
    grep '  tls-' uart | tail -n 1 | grep -q tls-accepted || fail "$(grep '  tls-' uart | tail -n 1)"
    read -ra ticks < <(grep '^bench: ' uart | tail -n 1 | tr -dc '0-9 ')
}

certificates() { shake -cert 2048/leaf.pem -key 2048/key -cert_chain 2048/chain "-$1"; }
key() { shake -psk_identity 0000037M -psk "$pps" -cipher 'PSK-AES128-CBC-SHA:@SECLEVEL=0' "-$1"; }

board() {
    local tool version own pps
    for tool in qemu-system-arm arm-none-eabi-gcc; do
        command -v $tool >/dev/null || {
            echo "mps2-an385: cannot be counted: $tool is not installed"
            return
        }
    done
    echo "mps2-an385: Cortex-M3, inside of device_poll(), counted by QEMU's virtual time"
    trusting 5.0.2 2048 >log 2>&1 || fail "$(<log)"
    start 5.0.2-intel --state state
    certificates tls1
    own=${ticks[1]}
    for version in tls1:1.0 tls1_2:1.2; do
        certificates "${version%:*}"
        figure "hand-shake, TLS ${version#*:}, certificates" $((40 * (ticks[0] + ticks[1])))
    done
    stop
    pps=$(printf %s NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ | od -An -v -tx1 | tr -d ' \n')
    start 5.0.3-psk-loaded
    for version in tls1:1.0 tls1_2:1.2; do
        key "${version%:*}"
        figure "hand-shake, TLS ${version#*:}, pre-shared key" $((40 * (ticks[0] + ticks[1])))
    done
    stop
    figure "the device's own key of 1024 bits, this time" $((40 * own))
}

[[ $what == board ]] || host
[[ $what == host ]] || board
