#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The local doors of `proviso live`: clients that say nothing, that come in crowds, or that ask all the time
# do not keep the owner out; the files are the owner's alone.
set -u
source "$(dirname "$0")/../namespace.bash" perl

"$PROVISO" live --tap tap0 --release 5.0.3 --oem bmp-off --state state --host-socket host --control control \
    >log 2>&1 &
live=$!
eventually test -S control || fail "proviso live does not start"
for file in host control state; do
    [[ $(stat -c %a $file) == 600 ]] || fail "others may use $file: $(ls -l $file)"
done

# crowd COUNT SOCKET DO: so many clients; DO is what each does with its connection $s, once (when they all are
# there) or, in %again, until they are ended
crowd() {
    rm -f there
    perl -MSocket -e '
        my ($count, $path, $do, $again) = @ARGV;
        $SIG{PIPE} = "IGNORE";
        sub come { socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die; connect($s, pack_sockaddr_un($path)) or die; $s }
        my @kept = map { come() } 1 .. $count;
        for my $s (@kept) { eval $do; }
        open my $there, ">", "there" or die;
        close $there;
        while ($again) { for (@kept) { my $s = $_; eval $again; defined fileno $s or $_ = come() } }
        sleep 1000;' "$@" &
    crowd=$!
    eventually test -e there || fail "no crowd of $1 at $2"
}
leave() {
    # shellcheck disable=SC2086 # several numbers
    kill $crowd
    # shellcheck disable=SC2086 # several numbers
    wait $crowd
} 2>/dev/null

# The owner's own programs; each gives up after its own time.
owner_gets_in() {
    local got
    got=$("$PROVISO" control --socket control state 2>&1) || fail "$1: control: $got"
    [[ $got == 'Not started' ]] || fail "$1: control says \"$got\""
    got=$("$ZTCAGENT" --socket host -discovery 2>&1) || fail "$1: the agent: $got"
    [[ $got == *'Setup and Configuration: Not started' ]] || fail "$1: the agent says \"$got\""
}

owner_gets_in "nobody else"
for count in 8 20 200; do
    for door in host control; do
        crowd $count $door ''
        owner_gets_in "$count who say nothing at $door"
        leave
    done
done
amthi='pack("H*", "43" . "2800f812b7b42d4baca846e0ff65814c")'
unknown='pack("H*", "43" . "00" x 16)'
crowd 8 control '' 'syswrite $s, "state"; select undef, undef, undef, 0.001;'
owner_gets_in "who ask and do not read at the control socket"
leave
crowd 8 host '' "syswrite \$s, $unknown; close \$s; select undef, undef, undef, 0.001;"
owner_gets_in "who come again and again at the host socket"
leave

# Whoever has the host interface keeps it, a crowd or not.
crowd 1 host "syswrite \$s, $amthi; sysread \$s, my \$reply, 100;"
first=$crowd
crowd 20 host ''
got=$("$ZTCAGENT" --socket host -discovery 2>&1)
[[ $got == *'the AMTHI client is busy' ]] || fail "the interface is taken away: $got"
leave
crowd=$first leave
owner_gets_in "when all are gone"

kill $live
wait $live || fail "ends with status $?"
[[ ! -e host && ! -e control ]] || fail "leaves its sockets behind"
exit 0
