#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What `proviso live` and `proviso control` refuse: exit status and one line each.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

fail() {
    echo "errors.sh: $*"
    exit 1
}

# refused STATUS EXPECTED COMMAND...: this status, this one line on standard error, no output
refused() {
    local want=$1 expected=$2 status
    shift 2
    timeout 300 "$@" >out 2>err </dev/null
    status=$?
    ((status == want)) || fail "${*:2}: status $status instead of $want: $(cat err)"
    [[ ! -s out ]] || fail "${*:2}: printed something in spite of its error"
    [[ $(wc -l <err) == 1 ]] || fail "${*:2}: not one line: $(cat err)"
    [[ $(cat err) == "proviso $expected" ]] || fail "${*:2}: expected \"$expected\", got \"$(cat err)\""
}
live() { refused 2 "live: $1" "$PROVISO" live "${@:2}"; }
control() { refused "$1" "control: $2" "$PROVISO" control "${@:3}"; }

# --- flags

live '--tap NAME is required'
live 'unexpected argument "tap0"' tap0
live 'unknown option --taps; see `proviso live --help`' --taps tap0
live '--tap requires a value (NAME)' --tap
live '--tap given more than once' --tap tap0 --tap tap0
for name in '' a/b 'a b' tap%d abcdefghijklmnop . ..; do
    live "invalid interface name \"$name\"" --tap "$name"
done
live 'unknown release "9"; `proviso releases` lists them' --tap tap0 --release 9
live 'unknown OEM profile "none"; expected one of intel, bmp-off, localized, hp-timer-0, psk-loaded, own-domain, own-hashes, or a file *.oem' --tap tap0 --oem none
live 'invalid value "-1" for --seed; expected a number from 0 to 18446744073709551615' --tap tap0 --seed -1
for uuid in '' 11223344-5566-7788-99aa-bbccddeeff0 11223344-5566-7788-99aa-bbccddeeff000 \
    11223344556677-88-99aa-bbccddeeff00 1122334g-5566-7788-99aa-bbccddeeff00; do
    live "invalid UUID \"$uuid\"; expected 8-4-4-4-12 hexadecimal digits" --tap tap0 --uuid "$uuid"
done
for mac in '' 02:a3:7e:00:00 02:a3:7e:00:00:01: 02-a3-7e-00-00-01 03:a3:7e:00:00:01 00:00:00:00:00:00 \
    ff:ff:ff:ff:ff:ff 2:a3:7e:00:00:01 02:a3:7e:00:00:0g; do
    live "invalid MAC address \"$mac\"; expected one like 02:a3:7e:00:00:01, not a group's" --tap tap0 --mac "$mac"
done
live '--host-socket and --control require two different paths' \
    --tap tap0 --host-socket s --control s

control 2 '--socket PATH is required'
control 2 '--socket PATH is required' state
control 2 'a command is required; `proviso control --help` lists them' --socket s
control 2 'unknown option --sockets; see `proviso control --help`' --sockets s
control 2 'command too long; expected at most 319 characters' --socket s mebx domain "$(printf 'n%.0s' {1..310})"
control 1 'cannot reach a device at s: No such file or directory' --socket s state
: >file
control 1 'cannot reach a device at file: Connection refused' --socket file state

for command in live control; do
    "$PROVISO" $command --help >out 2>err || fail "$command --help: status $?"
    [[ $(head -n 1 out) == "usage: proviso $command "* && ! -s err ]] || fail "$command --help: $(cat out err)"
done

# --- files

head -c 16383 /dev/zero >short
live 'state file short has 16383 bytes, expected 16384; it is damaged or no state file; remove it to start with a new device' --tap tap0 --state short
cmp -s short <(head -c 16383 /dev/zero) || fail "changes a file that is no state file"
mkdir folder
live 'cannot open state file folder: Is a directory' --tap tap0 --state folder
live 'cannot create state file none/state: No such file or directory' --tap tap0 --state none/state
head -c 16384 /dev/zero | tr '\0' '\377' >state
exec 9<state
flock 9
live 'state file state is in use by another process' --tap tap0 --state state
exec 9<&-

long=$(printf 'n%.0s' {1..108})
for option in --host-socket --control; do
    live "invalid socket path \"${long:0:40}...\"; expected 1 to 107 characters, not 108" --tap tap0 $option "$long"
    live "invalid socket path \"\"; expected 1 to 107 characters, not 0" --tap tap0 $option ''
    live 'file exists and is not a socket' --tap tap0 $option file
    live 'cannot create socket none/s: No such file or directory' --tap tap0 $option none/s
done
control 2 'socket path too long; expected at most 107 characters' --socket "$long" state
[[ -f file && ! -s file ]] || fail "changes a file that is no socket"

# --- rights

[[ -c /dev/net/tun ]] || exit 0
without_rights=()
((EUID != 0)) || without_rights=(setpriv --bounding-set=-net_admin --inh-caps=-net_admin)
if "${without_rights[@]}" test -w /dev/net/tun; then
    message='cannot use interface proviso-none: Operation not permitted; run as root or with CAP_NET_ADMIN'
else
    message='cannot open /dev/net/tun: Permission denied; run as root or with CAP_NET_ADMIN'
fi
refused 2 "live: $message" "${without_rights[@]}" "$PROVISO" live --tap proviso-none \
    --state new --host-socket host --control control
[[ ! -e host && ! -e control ]] || fail "leaves its sockets behind"
[[ $(echo new*) == new && $(wc -c <new) == 16384 ]] || fail "the state file is not whole: $(ls -l)"
