#!/usr/bin/env bash
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

live 'expected --tap NAME'
live 'takes options only, not "tap0"' tap0
live 'unknown option --taps; `proviso live --help` lists them' --taps tap0
live '--tap expects NAME' --tap
live '--tap is given twice' --tap tap0 --tap tap0
for name in '' a/b 'a b' tap%d abcdefghijklmnop . ..; do
    live "--tap: \"$name\" is no name for an interface" --tap "$name"
done
live '--release: unknown release "9"; `proviso releases` lists them' --tap tap0 --release 9
live '--oem: unknown OEM profile "none"; expected one of intel, bmp-off, localized, hp-timer-0, psk-loaded, own-domain, own-hashes, or a file *.oem' --tap tap0 --oem none
live '--seed: expected a number from 0 to 18446744073709551615, not "-1"' --tap tap0 --seed -1
for uuid in '' 11223344-5566-7788-99aa-bbccddeeff0 11223344-5566-7788-99aa-bbccddeeff000 \
    11223344556677-88-99aa-bbccddeeff00 1122334g-5566-7788-99aa-bbccddeeff00; do
    live "--uuid: expected 8-4-4-4-12 hexadecimal digits, not \"$uuid\"" --tap tap0 --uuid "$uuid"
done
for mac in '' 02:a3:7e:00:00 02:a3:7e:00:00:01: 02-a3-7e-00-00-01 03:a3:7e:00:00:01 00:00:00:00:00:00 \
    ff:ff:ff:ff:ff:ff 2:a3:7e:00:00:01 02:a3:7e:00:00:0g; do
    live "--mac: expected one device's address like 02:a3:7e:00:00:01, not \"$mac\"" --tap tap0 --mac "$mac"
done
live '--host-socket and --control are two sockets: they need two paths' \
    --tap tap0 --host-socket s --control s

control 2 'expected --socket PATH'
control 2 'expected --socket PATH' state
control 2 'expected a command; `proviso control --help` lists them' --socket s
control 2 'unknown option --sockets; `proviso control --help` lists them' --sockets s
control 2 'a command has at most 319 characters' --socket s mebx domain "$(printf 'n%.0s' {1..310})"
control 1 's: No such file or directory' --socket s state
: >file
control 1 'file: Connection refused' --socket file state

for command in live control; do
    "$PROVISO" $command --help >out 2>err || fail "$command --help: status $?"
    [[ $(head -n 1 out) == "usage: proviso $command "* && ! -s err ]] || fail "$command --help: $(cat out err)"
done

# --- files

head -c 16383 /dev/zero >short
live 'state file short has 16383 bytes, expected 16384: it is none, or damaged; without it a new device begins' --tap tap0 --state short
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
    live "a socket's path has 1 to 107 characters, \"${long:0:40}...\" has 108" --tap tap0 $option "$long"
    live "a socket's path has 1 to 107 characters, \"\" has 0" --tap tap0 $option ''
    live 'file exists and is not a socket' --tap tap0 $option file
    live 'cannot make socket none/s: No such file or directory' --tap tap0 $option none/s
done
control 2 '--socket: a path has at most 107 characters' --socket "$long" state
[[ -f file && ! -s file ]] || fail "changes a file that is no socket"

# --- rights

[[ -c /dev/net/tun ]] || exit 0
without_rights=()
((EUID != 0)) || without_rights=(setpriv --bounding-set=-net_admin --inh-caps=-net_admin)
if "${without_rights[@]}" test -w /dev/net/tun; then
    message='no right to use interface proviso-none: run as root or with CAP_NET_ADMIN'
else
    message='no access to /dev/net/tun: run as root or with CAP_NET_ADMIN'
fi
refused 2 "live: $message" "${without_rights[@]}" "$PROVISO" live --tap proviso-none \
    --state new --host-socket host --control control
[[ ! -e host && ! -e control ]] || fail "leaves its sockets behind"
[[ $(echo new*) == new && $(wc -c <new) == 16384 ]] || fail "the state file is not whole: $(ls -l)"
