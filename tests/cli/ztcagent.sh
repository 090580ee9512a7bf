#!/usr/bin/env bash
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
    if [[ $status != 0 && $(wc -l <err) != 1 ]]; then
        echo "ztcagent $*: not one line on standard error"
        ((++failures))
    fi
}

expect 0 '' 'usage: ztcagent *-discovery*-activate*-otp*-dns*PROVISO_HOST_SOCKET*' --help
expect 0 '' 'usage: ztcagent *' -activate --help

expect 2 'ztcagent: nothing to do, expected -discovery or -activate; *' ''
expect 2 'ztcagent: nothing to do, *' '' --socket somewhere
expect 2 'ztcagent: argument 1 is not an option; *' '' -discover
expect 2 'ztcagent: argument 2 is not an option; *' '' -discovery extra
expect 2 'ztcagent: argument 2 is not an option; *' '' -activate ''
expect 2 'ztcagent: -otp needs a value; *' '' -activate -otp
expect 2 'ztcagent: -dns needs a value; *' '' -activate -dns
expect 2 'ztcagent: --socket needs a value; *' '' -discovery --socket
expect 2 'ztcagent: -otp and -dns only go with -activate; *' '' -discovery -otp password
expect 2 'ztcagent: -otp and -dns only go with -activate; *' '' -discovery -dns corp.example
expect 2 'ztcagent: the value of -otp or -dns is longer than 255 characters; *' '' \
    -activate -otp "$(printf '%0256d' 0)"

# A mistyped option does not give its secret away.
expect 2 'ztcagent: argument 2 is not an option; see ztcagent --help' '' -activate -otp=S3cret-OTP

expect 3 'ztcagent: cannot reach a device at proviso-host.sock: No such file or directory' '' \
    -discovery
expect 3 'ztcagent: cannot reach a device at ./other.sock: *' '' -activate --socket ./other.sock
expect 3 "ztcagent: cannot reach a device at $(printf '%0200d' 0): the path is too long" '' \
    -discovery --socket "$(printf '%0200d' 0)"
touch file.sock
expect 3 'ztcagent: cannot reach a device at file.sock: *' '' -discovery --socket file.sock
export PROVISO_HOST_SOCKET=$dir/from-environment.sock
expect 3 "ztcagent: cannot reach a device at $dir/from-environment.sock: *" '' -discovery
expect 3 'ztcagent: cannot reach a device at ./other.sock: *' '' -discovery --socket ./other.sock
export PROVISO_HOST_SOCKET=
expect 3 'ztcagent: cannot reach a device at proviso-host.sock: *' '' -discovery

((failures == 0))
