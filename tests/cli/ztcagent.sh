#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The agent's command line: usage errors and a device that is not there. ZTCAGENT is the program.
set -u

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
unset PROVISO_HOST_SOCKET
failures=0

# expect STATUS STDERR-PATTERN STDOUT-PATTERN ARGUMENT... (patterns of the shell, of the whole text)
expect() {
    local status=$1 errors=$2 output=$3 got
    shift 3
    "$ZTCAGENT" "$@" >out 2>err
    got=$?
    # shellcheck disable=SC2053 # they are patterns
    if [[ $got != "$status" || $(<err) != $errors || $(<out) != $output ]]; then
        echo "ztcagent $*: exit status $got instead of $status"
        sed 's/^/    stderr: /' err
        sed 's/^/    stdout: /' out
        ((++failures))
    fi
    if [[ $errors && $(wc -l <err) != 1 ]]; then
        echo "ztcagent $*: not one line on standard error"
        ((++failures))
    fi
}

expect 0 '' 'usage: ztcagent *-discovery*-activate*-otp*-dns*PROVISO_HOST_SOCKET*' --help
expect 0 '' 'usage: ztcagent *' -activate --help

expect 2 'ztcagent: -discovery or -activate is required; *' ''
expect 2 'ztcagent: -discovery or -activate is required; *' '' --socket somewhere
expect 2 'ztcagent: unknown option (argument 1); *' '' -discover
expect 2 'ztcagent: unknown option (argument 2); *' '' -discovery extra
expect 2 'ztcagent: unknown option (argument 2); *' '' -activate ''
expect 2 'ztcagent: -otp requires a value; *' '' -activate -otp
expect 2 'ztcagent: -dns requires a value; *' '' -activate -dns
expect 2 'ztcagent: --socket requires a value; *' '' -discovery --socket
expect 2 'ztcagent: -otp and -dns require -activate; *' '' -discovery -otp password
expect 2 'ztcagent: -otp and -dns require -activate; *' '' -discovery -dns corp.example
expect 2 'ztcagent: the value of -otp or -dns is longer than 255 characters; *' '' \
    -activate -otp "$(printf '%0256d' 0)"

# An option is written in full, with as many dashes as the help text gives it.
for wrong in -dis -d -d=a --discovery -socket -help -discovery=yes -dns=corp.example; do
    expect 2 'ztcagent: unknown option (argument 1); *' '' "$wrong"
done
expect 2 'ztcagent: unknown option (argument 3); *' '' -activate -- -dns corp.example
expect 2 'ztcagent: --help takes no value; *' '' --help=me
expect 3 'ztcagent: cannot reach a device at ./other.sock: *' '' --socket=./other.sock -discovery

# A mistyped option does not give its secret away.
expect 2 'ztcagent: unknown option (argument 2); see ztcagent --help' '' -activate -otp=S3cret-OTP

expect 3 'ztcagent: cannot reach a device at proviso-host.sock: No such file or directory' '' \
    -discovery
expect 3 'ztcagent: cannot reach a device at ./other.sock: *' '' -activate --socket ./other.sock
expect 3 "ztcagent: cannot reach a device at $(printf '%0200d' 0): path too long" '' \
    -discovery --socket "$(printf '%0200d' 0)"
touch file.sock
expect 3 'ztcagent: cannot reach a device at file.sock: *' '' -discovery --socket file.sock
export PROVISO_HOST_SOCKET=$dir/from-environment.sock
expect 3 "ztcagent: cannot reach a device at $dir/from-environment.sock: *" '' -discovery
expect 3 'ztcagent: cannot reach a device at ./other.sock: *' '' -discovery --socket ./other.sock
export PROVISO_HOST_SOCKET=
expect 3 'ztcagent: cannot reach a device at proviso-host.sock: *' '' -discovery

export PROVISO_HOST_SOCKET=

# --- a serial line

expect 2 'ztcagent: --serial requires a value; *' '' -discovery --serial
expect 2 'ztcagent: --socket and --serial cannot be used together; *' '' \
    -discovery --socket a --serial b
expect 3 'ztcagent: cannot reach a device at ./none: No such file or directory' '' \
    -discovery --serial ./none
expect 3 'ztcagent: cannot reach a device at file.sock: not a terminal' '' \
    -discovery --serial file.sock
[[ ! -s file.sock ]] || {
    echo "writes into a file that is no terminal"
    ((++failures))
}

# console SCRIPT: a board's console that reads one request after the other and answers each with a line of
# the script (\n and \r as such; "hang up" ends the connection)
console() {
    rm -f console ready requests
    perl -MSocket -e '
        my ($path, @answers) = @ARGV;
        socket(my $l, AF_UNIX, SOCK_STREAM, 0) or die;
        bind($l, pack_sockaddr_un($path)) or die;
        listen($l, 1) or die;
        open my $ready, ">", "ready" or die;
        close $ready;
        accept(my $s, $l) or die;
        open my $log, ">", "requests" or die;
        $/ = "\r";
        while (my $line = <$s>) {
            next if $line eq "\r"; # ends what somebody has begun to type
            print $log $line =~ s/\r/\n/r;
            $log->flush;
            my $answer = shift @answers;
            exit if !defined $answer || $answer eq "hang up";
            $answer =~ s/\\n/\n/g;
            $answer =~ s/\\r/\r/g;
            syswrite($s, $answer);
        }' console "$@" &
    until [[ -e ready ]]; do sleep 0.02; done
}
versions() { # GetCodeVersions: no entries
    printf '<010100001A0080044900000000000000%0130d00000000\\r\\n' 0
}

# Noise, the echo and CR LF do not matter; what is between < and the line's end is the answer.
console '     0.003  boot: 5.0.3\r\n>010100001A00000400000000\r\n\r\n'"$(versions)" 'hang up'
expect 3 '' 'No response to EnumerateHashHandles' -discovery --serial console
[[ $(<requests) == $'>010100001A00000400000000\n>010100002C00000400000000' ]] || {
    echo "sends $(<requests)"
    ((++failures))
}
console '! the message before has not been answered\r\n'
expect 3 '' 'No response to GetCodeVersions' -discovery --serial console
# An empty response means that AMT is disabled; the others are malformed or for another command.
console '<\r\n'
expect 3 '' 'Empty response to GetCodeVersions: *' -discovery --serial console
for wrong in '<0101000008008004040000000' '<01010000080080040400000000000000' '<0' '<zz' "<$(printf '%012000d' 0)" '<010100001A008004040000000'; do
    console "$wrong\\r\\n"
    expect 3 '' 'Malformed response to GetCodeVersions' -discovery --serial console
done
console 'no answer in two seconds\r\n'
expect 3 '' 'No response to GetCodeVersions' -discovery --serial console
console '<010100001A0080040400000001000000\r\n'
expect 1 '' 'Failed performing Get Code Versions command: PT_STATUS_INTERNAL_ERROR: *' \
    -discovery --serial console

((failures == 0))
