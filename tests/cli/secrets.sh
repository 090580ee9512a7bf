#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Where secrets of the programs could be seen from outside: lists of processes, core dumps, files that
# others may read, error messages.
set -u
source "$(dirname "$0")/../wait.bash"
work=$(mktemp -d)
cd "$work" || exit 1
cleanup() {
    exec 2>/dev/null # the shell reports who was killed
    # shellcheck disable=SC2046 # a number a job
    kill -9 $(jobs -p)
    wait
    rm -rf "$work"
}
trap cleanup EXIT
USBKEY=${USBKEY:-$OBJ/bin/usbkey}

new='Str0ng!pw-of-mine' old='Old-Secr3t' otp='One-time-0nly'
pid=0000-037M pps=NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ
secrets=(-e "$new" -e "$old" -e "$otp" -e NKLD)

fail() {
    echo "secrets.sh: $*" >&2
    exit 1
}

arguments() { tr '\0' '\n' <"/proc/$1/cmdline"; }
shows_none() { ! arguments "$1" | grep -qF "${secrets[@]}"; }
runs() { [[ $(<"/proc/$1/comm") == "$2" ]]; }
no_core_limit() { grep -qE '^Max core file size +0 +0 ' "/proc/$1/limits"; }
silent() { [[ ! -s $1 ]] || fail "$2: $(<"$1")"; }

# --- usbkey: from standard input and from files

printf '%s\n' "$pps" >pps.txt
printf '%s\r\n' "$old" >old.txt
mkfifo input
touch key.bin
chmod 666 key.bin
"$USBKEY" make key.bin --format 2.1 --password-file old.txt --new-password-file - --pid $pid \
    --pps-file pps.txt <input 2>err &
exec 7>input
eventually runs $! usbkey || fail "usbkey does not wait for its standard input"
arguments $! | grep -qFx -e --new-password-file || fail "no list of arguments to look at"
shows_none $! || fail "a secret is in the list of processes: $(arguments $!)"
eventually no_core_limit $! || fail "usbkey may leave a core dump"
printf '%s\n' "$new" >&7
exec 7>&-
wait $! || fail "usbkey make: $(<err)"
silent err "usbkey complains"
[[ $(stat -c %a key.bin) == 600 ]] || fail "others may read an older file that was written again"
"$USBKEY" show key.bin --secrets >out || fail "usbkey show"
for line in "1/1    current MEBx password        $old" "1/2    new MEBx password            $new" \
    "2/2    PPS                          ${pps//-/}"; do
    grep -qFx "  $line" out || fail "no \"$line\" in: $(<out)"
done

# More than one from standard input: line by line, and pairs are what is left.
printf '%s\n%s\n' "$old" "$new" | "$USBKEY" make two.bin --format 1 --password-file - \
    --new-password-file - || fail "two lines"
[[ $("$USBKEY" show two.bin --secrets | grep -cF -e "$old" -e "$new") == 2 ]] || fail "two lines"
printf '%s\n%s,%s\n' "$new" $pid $pps | "$USBKEY" make pairs.bin --format 1 --new-password-file - \
    --pairs - || fail "pairs from standard input"
"$USBKEY" show pairs.bin --secrets | grep -qF "${pps//-/}" || fail "pairs from standard input"

# refused EXPECTED ARGUMENT...: status 2, this one line, no file
refused() {
    local expected=$1 status
    shift
    "$USBKEY" make bad.bin --format 1 "$@" >out 2>err </dev/null
    status=$?
    [[ $status == 2 && ! -s out && ! -e bad.bin && $(<err) == "usbkey: $expected" ]] ||
        fail "$*: status $status, $(<out) $(<err) instead of $expected"
}
printf '%s\n%s\n' "$new" "$old" >lines
printf '%s\0\n' "$new" >nul
printf '%0300d\n' 0 >long
: >empty
refused 'cannot read --new-password-file none: No such file or directory' --new-password-file none
refused 'cannot read --new-password-file lines: more than one line' --new-password-file lines
refused 'cannot read --new-password-file nul: not a text file' --new-password-file nul
refused 'cannot read --new-password-file long: line too long' --new-password-file long
refused 'cannot read --new-password-file empty: empty line' --new-password-file empty
refused 'cannot read --new-password-file -: empty line' --new-password-file -
refused 'cannot read --new-password-file .: Is a directory' --new-password-file .
refused 'invalid value for --pps-file; see usbkey --help' --pid $pid --pps-file old.txt
refused '--password and --password-file cannot be used together' --password-file old.txt --password "$old"
refused '--pps-file given more than once' --pps-file pps.txt --pps-file pps.txt
refused '--new-password-file FILE is required'

# --- on the command line they are cleared, and it says so

mkfifo pairs
"$USBKEY" make shown.bin --format 1 --password "$old" --new-password="$new" --pairs pairs 2>err &
exec 7>pairs # it has read its arguments
shows_none $! || fail "a secret stays in the list of processes: $(arguments $!)"
printf '%s,%s\n' $pid $pps >&7
exec 7>&-
wait $! || fail "usbkey make: $(<err)"
[[ $(<err) == "usbkey: warning: other users can see secrets on the command line in the process list; "* &&
    $(wc -l <err) == 1 ]] || fail "no warning: $(<err)"
"$USBKEY" show shown.bin --secrets | grep -qF "$new" || fail "another password"

# --- ztcagent: at a device that does not answer

perl -MSocket -e '
    socket(my $l, AF_UNIX, SOCK_SEQPACKET, 0) or die;
    bind($l, pack_sockaddr_un("device")) or die;
    listen($l, 8) or die;
    open my $ready, ">", "ready" or die;
    while (accept(my $s, $l)) { push @kept, $s; open my $come, ">>", "come" or die; print $come "x\n"; }' &
eventually test -e ready || fail "no socket"
come() { [[ -e come && $(wc -l <come) -ge $1 ]]; }
printf '%s\n' "$otp" >otp.txt
"$ZTCAGENT" --socket device -activate -otp-file otp.txt 2>err &
eventually come 1 || fail "ztcagent does not come"
shows_none $! || fail "ztcagent's is in the list of processes: $(arguments $!)"
no_core_limit $! || fail "ztcagent may leave a core dump"
wait $!
[[ $(<err) == 'ztcagent: cannot reach a device at device: timed out after 2 s waiting for the reply to the connect request' ]] || fail "$(<err)"
"$ZTCAGENT" --socket device -activate -otp "$otp" 2>err &
eventually come 2 || fail "ztcagent does not come"
shows_none $! || fail "ztcagent's stays in the list of processes: $(arguments $!)"
wait $!
[[ $(head -n 1 err) == 'ztcagent: warning: other users can see -otp in the process list; use -otp-file' ]] ||
    fail "no warning: $(<err)"

# --- core dumps

# crash NAME: ends the process by a fault once it has come so far; "core" is there if it left one
crash() {
    rm -f core core.*
    kill -SEGV "$1"
    wait "$1"
    find . -name 'core*' -exec mv {} core \; 2>/dev/null
    [[ -e core ]]
} 2>/dev/null

# with_secret [NAME=VALUE]: usbkey that holds a PPS and waits; its number is in $!
with_secret() {
    rm -f input
    mkfifo input
    (
        ulimit -c unlimited
        exec env "$@" "$USBKEY" make c.bin --format 1 --pid $pid --pps-file pps.txt --new-password-file input
    ) &
    exec 7>input # it has read the PPS
}

if [[ $(</proc/sys/kernel/core_pattern) == core* ]] && (ulimit -c unlimited) 2>/dev/null; then
    # A dump would show it: this test can see it.
    with_secret PROVISO_DUMPABLE=1
    if crash $!; then
        grep -qaF "${pps//-/}" core || fail "a dump without the secret: this test shows nothing"
        exec 7>&-
        with_secret
        ! crash $! || fail "usbkey leaves a core dump"
        exec 7>&-
        # The menu, in the middle of a password.
        rm -f input
        mkfifo input
        (
            ulimit -c unlimited
            exec "$PROVISO" mebx --release 5.0.3 --state state <input >screen
        ) &
        exec 7>input
        printf 'admin\r%s' "$new" >&7
        typed() { grep -qF "$(printf '%s' "$new" | tr -c '' '*')" screen; }
        eventually typed || fail "no stars on the screen: $(<screen)"
        ! crash $! || fail "the menu leaves a core dump"
    fi
    exec 7>&-
fi
[[ ! -e state || $(stat -c %a state) == 600 ]] || fail "others may read the state file"

# --- what an error message quotes

number=0
while IFS= read -r line; do
    printf 'device 5.0.3\n%s\n' "$line" >bad.scn
    "$PROVISO" run bad.scn >out 2>err && fail "\"$line\" is taken"
    "$PROVISO" compare bad.scn --release 5.0.2 --release 5.0.3 >>out 2>>err && fail "\"$line\" is taken"
    ((number += 1))
    ! grep -qF "${secrets[@]}" out err || fail "\"$line\": $(cat out err)"
done <<END
at 1m agent -activate -otp $otp $otp
at 1m agent -activate -otp "$otp
at 1m mebx password $new $new
at 1m mebx psk $pid $pps password $new and $old
at 1m mebx psk $pid ${pps/J/K}
at 1m mebx keys "$new\\q"
sca 10.0.0.5 provision soap psk 0000037M ${pps//-/}X
sca 10.0.0.5 provision soap psk 0000037M ${pps//-/} password $new $new
sca 10.0.0.5 provision soap psk 0000037M ${pps//-/} admin-password $new mebx-password $old when never
END
((number == 9)) || fail "lines are missing"
printf 'base intel\npid %s\npps %s\n' "$pid" "${pps/J/K}" >bad.oem
"$PROVISO" releases --oem bad.oem >out 2>err && fail "bad.oem is taken"
! grep -qF NKLD out err || fail "bad.oem: $(cat out err)"
exit 0
