#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Programs that only know /dev/mei, on an emulated device: the preload library gives them the kernel
# driver's answers and errors, and the kernel's own sample, unmodified, shows the firmware's versions.
# shellcheck disable=SC2016 # what looks like variables is Perl
set -u
source "$(dirname "$0")/../namespace.bash" gcc perl
sample=$(realpath -m "${MEI_SAMPLE:-$BUILD/deps/mei-amt-version.c}")
preload=$OBJ/meipreload.so

[[ -f $preload ]] || fail "$preload is not built"

on() { env LD_PRELOAD="$preload" PROVISO_HOST_SOCKET="$work/$1" "${@:2}"; }

# mei SOCKET EXPECTED PERL: with open, connect and the like below; what it prints is compared.
mei() {
    local got
    got=$(on "$1" timeout 300 perl -MFcntl -MErrno -e '
        use strict;
        use warnings;
        my $amthi = pack "H*", "2800f812b7b42d4baca846e0ff65814c";
        my $other = pack "H*", "93ac9f8e3ca83e4fb5f1fa3c3c3f7c1a";
        my $versions = pack "H*", "010100001a00000400000000";
        sub result { defined $_[0] ? $_[1] : (sort grep { $!{$_} } qw(
            ENOENT ENODEV ENOTTY EBUSY EFBIG EFAULT EAGAIN))[0] // $!; }
        sub device { my $ok = sysopen my $f, $_[0] // "/dev/mei0", O_RDWR | ($_[1] // 0);
            ($f, result($ok ? 1 : undef, "open")) }
        sub client { my ($f, $data) = @_; my $ok = ioctl $f, 0xC0104801, $data;
            result($ok, unpack "H32", $data) }
        sub put { my $n = syswrite $_[0], $_[1]; result($n, $n) }
        sub get { my $n = sysread $_[0], my $data, $_[1] // 5120; result($n, unpack "H*", $data // "") }
        $| = 1;
        '"$3" 2>&1)
    [[ $got == "$2" ]] || fail "$3: \"$got\" instead of \"$2\""
}

# --- no device

mei none ENOENT 'print +(device)[1]'
mei none ENOENT 'print +(device "/dev/mei")[1]'
mei none 'open' 'print +(device "/dev/null")[1]'
perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die;
    bind($s, pack_sockaddr_un("dead")) or die'
mei dead ENODEV 'print +(device)[1]'

# --- the emulator

"$PROVISO" live --tap tap0 --release 5.0.3 --oem bmp-off --host-socket host --control control \
    >log 2>&1 &
eventually test -S host || fail "proviso live does not start"

for name in /dev/mei /dev/mei0 /dev/mei12; do
    mei host open "print +(device '$name')[1]"
done
mei host ENOENT 'print +(device "/dev/mei0x")[1]'

# The properties: u32 5120, u8 1; the rest of the 16 bytes is cleared.
connected=00140000010000000000000000000000
mei host $connected 'my ($f) = device; print client $f, $amthi'
mei host "ENOTTY $connected" 'my ($f) = device; print client($f, $other), " ", client $f, $amthi'
mei host "$connected EBUSY" 'my ($f) = device; print client($f, $amthi), " ", client $f, $amthi'
mei host "$connected EBUSY $connected" 'my ($f) = device; my ($g) = device;
    print client($f, $amthi), " ", client($g, $amthi), " "; close $f; select undef, undef, undef, 0.2;
    print client $g, $amthi'
mei host 'ENODEV ENODEV' 'my ($f) = device; print put($f, $versions), " ", get $f'
mei host ENOTTY 'my ($f) = device; my $x = "\0" x 4; print result ioctl($f, 0x40044802, $x), "ok"'
mei host 050000_1e00 'my ($f) = device; my $x = "\0" x 5; ioctl $f, 0xC0054800, $x or die;
    print join "_", unpack "H6 H4", $x'
mei host "EFBIG 12 0" 'my ($f) = device; client $f, $amthi;
    print put($f, "\0" x 5121), " ", put($f, $versions), " ", put $f, ""'
mei host EAGAIN 'my ($f) = device undef, O_NONBLOCK; client $f, $amthi; print get $f'
mei host '12 1 01010000080080040c000000000000000100000000000000' '
    my ($f) = device; client $f, $amthi; print put($f, pack "H*", "010100000800000400000000"), " ";
    vec(my $set = "", fileno $f, 1) = 1; print scalar select($set, undef, undef, 5), " "; print get $f'
mei host '12 0101000025008004100000000000000002a37e00000102a37e000001' '
    my ($f) = device; client $f, $amthi; print put($f, pack "H*", "010100002500000400000000"), " ", get $f'

"$PROVISO" control --socket control ac off >/dev/null || fail "control ac off"
mei host ENODEV 'my ($f) = device; print client $f, $amthi'
"$PROVISO" control --socket control ac on >/dev/null || fail "control ac on"
mei host "$connected ENODEV ENODEV" 'my ($f) = device; print client($f, $amthi), " ";
    { delete local $ENV{LD_PRELOAD}; qx("$ENV{PROVISO}" control --socket control ac off) eq "ok\n" or die }
    print get($f), " ", put $f, $versions'
"$PROVISO" control --socket control ac on >/dev/null || fail "control ac on"

# --- a device whose AMT is disabled: it answers every request with an empty message

perl -MSocket -e '
    socket(my $listener, AF_UNIX, SOCK_SEQPACKET, 0) or die;
    bind($listener, pack_sockaddr_un("disabled")) or die;
    listen($listener, 5) or die;
    while (accept my $s, $listener) {
        sysread($s, my $request, 100) == 17 or next;
        syswrite($s, pack "H*", "43000014000001000000") or die;
        while (sysread $s, $request, 100) { defined send($s, "", 0) or die }
    }' >>log 2>&1 &
eventually test -S disabled || fail "the listener does not start"
mei disabled '12 []' 'my ($f) = device; client $f, $amthi; print put($f, $versions), " [", get($f), "]"'

# --- the kernel's sample

[[ -f $sample ]] || skip "there is no $sample (Linux samples/mei/mei-amt-version.c)"
gcc -w -o mei-amt-version "$sample" >>log 2>&1 || fail "$sample does not compile"

# shows EXPECTED SOCKET
shows() {
    local got status
    got=$(on "$2" timeout 300 ./mei-amt-version 2>&1)
    status=$?
    [[ $status == 0 && $got == "$1" ]] || fail "mei-amt-version: status $status, \"$got\" instead of \"$1\""
}

build=$("$ZTCAGENT" --socket host -discovery | sed -n 's/^Build Number: //p')
[[ $build =~ ^[0-9]{4}$ ]] || fail "ztcagent shows no build number: \"$build\""
shows "Intel AMT: ENABLED
Flash:	5.0.3
Netstack:	5.0.3
AMTApps:	5.0.3
AMT:	5.0.3
Sku:	14
VendorID:	8086
Build Number:	$build
Recovery Version:	5.0.3
Recovery Build Num:	$build
Legacy Mode:	False" host
shows 'Intel AMT: DISABLED' disabled
got=$(on none ./mei-amt-version 2>&1) && fail "mei-amt-version without a device: $got"
[[ $got == 'Error: Cannot establish a handle to the Intel MEI driver' ]] ||
    fail "mei-amt-version without a device: $got"
