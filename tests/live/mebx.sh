#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `proviso mebx` on a pseudo-terminal and from a pipe: what a person enters is in the state file at
# the next login, nothing is when the menu was left otherwise, and the terminal is as it was.
set -u
source "$(dirname "$0")/../wait.bash"
for tool in script stty flock ps; do
    command -v $tool >/dev/null || {
        echo "$tool is not installed"
        exit 77
    }
done
work=$(mktemp -d)
cd "$work" || exit 1
helper=''
cleanup() {
    [[ -z $helper ]] || kill "$helper" 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT

own='Passw0rd!' other='N3w-secret?'
pid=0000-037M pps=NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ

fail() {
    echo "mebx.sh: $*"
    [[ ! -f screen ]] || sed 's/^/    /' screen
    exit 1
}

# --- on a terminal

# shellcheck disable=SC1010 # a file's name
has_ended() { [[ -f done ]]; }
# The screen ends with this text.
prompts() { [[ $(tr -d '\r' <screen) == *"$1" ]]; }

open_terminal() {
    # shellcheck disable=SC1010 # a file's name
    rm -f before after name status done keys screen
    mkfifo keys
    cat >session <<END
tty >name
stty -g >before
"$PROVISO" mebx --release 5.0.3 --state state ${profile:-}
echo \$? >status
stty -g >after
: >done
END
    SHELL=/bin/sh script -qfec 'sh session' /dev/null <keys >screen 2>&1 &
    helper=$!
    exec 8>keys
}

# answer PROMPT KEYS: once the screen ends with this prompt
answer() {
    eventually prompts "$1" || fail "no prompt \"$1\""
    printf '%s' "$2" >&8
}

close_terminal() {
    eventually has_ended || fail "the menu does not end"
    exec 8>&-
    wait "$helper"
    helper=''
    [[ $(<status) == "$1" ]] || fail "exit status $(<status) instead of $1"
    cmp -s before after || fail "the terminal is not as it was: $(<before), $(<after)"
    for secret in "$own" "$other" "$pps" admin; do
        ! grep -qF -e "$secret" screen || fail "shows $secret"
    done
}

on_screen() { tr -d '\r' <screen | grep -qF -e "$1"; }
shows() { eventually on_screen "$1" || fail "does not show \"$1\""; }

# A new device: its password, then PID and PPS.
open_terminal
answer 'ME password: ' $'admin\r'
stty -F "$(<name)" -a >during
grep -q -- '-icanon' during && grep -q -- '-echo ' during && grep -q -- '-isig' during ||
    fail "the terminal is not raw: $(<during)"
answer 'New Intel(R) ME password: ' "$own"$'\r'
answer 'The same again: ' "$own"$'\r'
answer 'Number: ' $'3\r'
answer $'Previous menu\nNumber: ' $'1\r'
answer 'remove): ' $'ws_\x7f1\r'
answer $'Previous menu\nNumber: ' $'4\r'
shows '  1. Host name [ws1]'
shows '  State: Not started'
answer 'look-up of ProvisionServer, port 9971]
  2. Set PID and PPS [not set]
  3. Delete PID and PPS
  4. Configuration server FQDN [none]
  5. Remote configuration (PKI)
  0. Previous menu
Number: ' $'2\r'
answer 'PID (empty: keep): ' "$pid"$'\r'
answer 'PPS (empty: keep): ' "$pps"$'\r'
answer $'Previous menu\nNumber: ' $'0\r'
answer $'Previous menu\nNumber: ' $'0\r'
answer $'Exit\nNumber: ' $'4\r'
answer 'exit, are you sure (y/n)? ' $'y\r'
close_terminal 0
shows 'The changes are stored.'

# The next login finds it all; Ctrl-C stores nothing.
cp state stored
open_terminal
answer 'ME password: ' $'admin\r'
answer 'ME password: ' "$own"$'\r'
answer $'Exit\nNumber: ' $'3\r'
answer $'Previous menu\nNumber: ' $'4\r'
answer $'Previous menu\nNumber: ' $'3\r'
shows '  1. Host name [ws1]'
shows '  State: In process'
shows '  2. Set PID and PPS [0000-037M]'
answer 'are you sure (y/n)? ' $'y\r'
answer $'Previous menu\nNumber: ' $'\x03'
close_terminal 0
shows 'Nothing is changed.'
cmp -s state stored || fail "Ctrl-C changes the state file"

# A signal, and three wrong passwords.
open_terminal
answer 'ME password: ' "$own"$'\r'
eventually prompts $'Exit\nNumber: ' || fail "no main menu"
program=$(ps -o pid= -o args= -t "$(sed 's,^/dev/,,' name)" | awk '/ mebx --release/ { print $1; exit }')
kill -TERM "$program" || fail "the program is not there"
close_terminal 1
shows 'proviso mebx: interrupted by a signal; nothing was stored'
open_terminal
for wrong in admin "$other" ''; do
    answer 'ME password: ' "$wrong"$'\r'
done
close_terminal 1
shows 'proviso mebx: three wrong passwords; nothing was stored'
cmp -s state stored || fail "a menu without its exit changes the state file"

# --- from a pipe

# piped STATUS ERROR KEYS: this status, this last line on standard error
piped() {
    printf '%b' "$3" | "$PROVISO" mebx --release 5.0.3 --state state >screen 2>err
    local status=${PIPESTATUS[1]}
    [[ $status == "$1" && $(<err) == "$2" ]] || fail "status $status, $(<err) instead of $1, $2"
}

piped 1 'proviso mebx: the input ended before the menu'"'"'s exit; nothing was stored' "$own\r3\r1\rws2\r"
cmp -s state stored || fail "the end of the input changes the state file"
piped 0 '' "$own\r4\ry\r"
cmp -s state stored || fail "an exit without a change changes the state file"
exec 9<state
flock 9
piped 2 'proviso mebx: state file state is in use by another process' ''
exec 9<&-
# Full un-provision takes the key and leaves the password.
piped 0 '' "$own\r3\r7\r2\ry\r"
piped 0 '' "$own\n3\n4\n\x03"
shows '  State: Not started'
shows '  2. Set PID and PPS [not set]'
# Small business mode: provisioned at once.
piped 0 '' "$own\r\n3\r\n3\r\n2\r\n0\r\n4\r\ny\r\n"
piped 0 '' "$own\r3\r4\r2\r\x03"
shows '  3. Provisioning mode [Small business]'
shows '  State: Completed'
shows 'Refused: the device is provisioned; un-provision it first'

# A flash that cannot be written: the old settings stay.
cp state stored
printf '%b' "$own\r1\r$other\r$other\r4\ry\r" | (
    trap '' XFSZ
    ulimit -f 0
    "$PROVISO" mebx --release 5.0.3 --state state 2>&1
    echo "status $?"
) | cat >screen
shows 'proviso mebx: cannot store the changes in state'
shows 'status 1'
cmp -s state stored || fail "a flash that cannot be written is changed"
piped 0 '' "$own\r4\ry\r"

# --- flags

# refused ERROR ARGUMENT...
refused() {
    "$PROVISO" mebx "${@:2}" >screen 2>err </dev/null
    local status=$?
    [[ $status == 2 && $(<err) == "proviso mebx: $1" && ! -s screen ]] ||
        fail "${*:2}: status $status, $(<err) instead of $1"
}
refused '--release R is required' --state state
refused '--state FILE is required' --release 5.0.3
refused 'unknown release "9"; `proviso releases` lists them' --release 9 --state state
refused 'unknown OEM profile "none"; expected one of intel, bmp-off, localized, hp-timer-0, psk-loaded, own-domain, own-hashes, or a file *.oem' --release 5.0.3 --oem none
refused 'unexpected argument "state"' --release 5.0.3 state
refused 'cannot create state file none/state: No such file or directory' --release 5.0.3 --state none/state
"$PROVISO" mebx --help >screen 2>err || fail "--help: status $?"
[[ $(head -n 1 screen) == 'usage: proviso mebx '* && ! -s err ]] || fail "--help: $(<err)"

# --- the menu and the USB key are two roads to the same stored state

usbkey=$(dirname "$PROVISO")/usbkey
"$usbkey" make key.bin --format 1 --password admin --new-password "$own" --pid $pid --pps $pps ||
    fail "usbkey make"
# Without a bare-metal timer no running time is stored: the two take differently long.
profile='--oem bmp-off'
rm -f state
open_terminal
answer 'ME password: ' $'admin\r'
answer 'New Intel(R) ME password: ' "$own"$'\r'
answer 'The same again: ' "$own"$'\r'
answer 'Number: ' $'3\r'
answer $'Previous menu\nNumber: ' $'4\r'
answer $'Previous menu\nNumber: ' $'2\r'
answer 'PID (empty: keep): ' "$pid"$'\r'
answer 'PPS (empty: keep): ' "$pps"$'\r'
answer $'Previous menu\nNumber: ' $'0\r'
answer $'Previous menu\nNumber: ' $'0\r'
answer $'Exit\nNumber: ' $'4\r'
answer 'exit, are you sure (y/n)? ' $'y\r'
close_terminal 0
# shellcheck disable=SC2086 # an option and its value
by_key() { "$PROVISO" mebx --release 5.0.3 $profile --state by-key --usb key.bin >screen 2>&1; }
by_key || fail "the key is refused"
cmp state by-key || fail "the menu and the key do not store the same"
cp by-key stored
by_key && fail "the key is taken twice"
cmp -s by-key stored || fail "a refused key changes the state"

# An OEM profile from a file: what it loads stands in the menu.
printf '%s\n' 'name acme' "pid $pid" "pps $pps" >acme.oem
printf 'admin\n%s\n%s\n3\n4\n\x03' "$own" "$own" |
    "$PROVISO" mebx --release 5.0.3 --state acme --oem acme.oem >screen || fail "--oem acme.oem"
grep -qF "2. Set PID and PPS [$pid]" screen || fail "the profile's key is not in the menu"
