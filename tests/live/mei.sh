#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Programs that only know /dev/mei, on an emulated device: the preload library and meirun give them the kernel
# driver's answers and errors, and the kernel's own sample, unmodified, shows the firmware's versions.
# shellcheck disable=SC2016 # what looks like variables is Perl
set -u
source "$(dirname "$0")/../namespace.bash" gcc perl
sample=$(realpath -m "${MEI_SAMPLE:-$BUILD/deps/mei-amt-version.c}")
preload=$OBJ/meipreload.so

[[ -f $preload ]] || fail "$preload is not built"

on_preload() { env LD_PRELOAD="$preload" PROVISO_HOST_SOCKET="$work/$1" "${@:2}"; }
on_meirun() { PROVISO_HOST_SOCKET="$work/$1" "$OBJ/bin/meirun" "${@:2}"; }
way=preload
on() { "on_$way" "$@"; }

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
    [[ $got == "$2" ]] || fail "$way: $3: \"$got\" instead of \"$2\""
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

served() {
    for file in /dev/mei /dev/mei0 /dev/mei12; do
        mei host open "print +(device '$file')[1]"
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
    mei host '1 c 0600 1 1 ' 'print join " ", scalar(-e "/dev/mei0"), (-c _ ? "c" : "-"),
        sprintf("%04o", (stat _)[2] & 07777), -r "/dev/mei7", -w _, -x "/dev/mei0"'
    mei host ENOENT 'print result undef, -e "/dev/mei0x"'
    mei host EAGAIN 'my ($f) = device undef, O_NONBLOCK; client $f, $amthi; print get $f'
    mei host '12 1 01010000080080040c000000000000000100000000000000' '
        my ($f) = device; client $f, $amthi; print put($f, pack "H*", "010100000800000400000000"), " ";
        vec(my $set = "", fileno $f, 1) = 1; print scalar select($set, undef, undef, 5), " "; print get $f'
    mei host '12 0101000025008004100000000000000002a37e00000102a37e000001' '
        my ($f) = device; client $f, $amthi; print put($f, pack "H*", "010100002500000400000000"), " ", get $f'

    # A message in parts, as long as there is some of it the device can be read.
    mei host '12 1 010100000800 1 80040c000000000000000100000000000000 0' '
        my ($f) = device; client $f, $amthi; print put($f, pack "H*", "010100000800000400000000"), " ";
        sub ready { vec(my $set = "", fileno $f, 1) = 1; scalar select $set, undef, undef, $_[0] }
        print ready(5), " ", get($f, 6), " ", ready(0), " ", get($f), " ", ready 0'
    # The answer does not come in the call after the request, however late that is.
    mei host '12 EAGAIN 24' 'my ($f) = device undef, O_NONBLOCK; client $f, $amthi;
        print put($f, pack "H*", "010100000800000400000000"), " "; select undef, undef, undef, 0.5;
        print get($f), " "; vec(my $set = "", fileno $f, 1) = 1; select $set, undef, undef, 5;
        print length(get $f) / 2'

    "$PROVISO" control --socket control ac off >/dev/null || fail "control ac off"
    mei host ENODEV 'my ($f) = device; print client $f, $amthi'
    "$PROVISO" control --socket control ac on >/dev/null || fail "control ac on"
    mei host "$connected ENODEV ENODEV" 'my ($f) = device; print client($f, $amthi), " ";
        { delete local $ENV{LD_PRELOAD}; qx("$ENV{PROVISO}" control --socket control ac off) eq "ok\n" or die }
        print get($f), " ", put $f, $versions'
    "$PROVISO" control --socket control ac on >/dev/null || fail "control ac on"
}

served
way=meirun
served

# --- every function by which a C program comes to it, fortified, and without a C library of its own to preload into

cat >doors.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <poll.h>
#include <unistd.h>

static const unsigned char amthi[16] = {0x28, 0x00, 0xF8, 0x12, 0xB7, 0xB4, 0x2D, 0x4B,
                                        0xAC, 0xA8, 0x46, 0xE0, 0xFF, 0x65, 0x81, 0x4C};
static const unsigned char mode[12] = {1, 1, 0, 0, 8, 0, 0, 4};

/* The mode's answer has 24 bytes. */
static int talks(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    unsigned char data[64];
    size_t size = sizeof(data);
    struct stat s;

    memcpy(data, amthi, sizeof(amthi));
    if (fstat(fd, &s) != 0 || !S_ISCHR(s.st_mode) || ioctl(fd, 0xC0104801, data) != 0 ||
        write(fd, mode, sizeof(mode)) != sizeof(mode) || poll(&p, 1, 60000) != 1)
        return -1;
    __asm__("" : "+r"(size)); /* or the fortified read() is not called */
    return (int)read(fd, data, size);
}

static void try(const char *name, int fd)
{
    printf("%s %d\n", name, fd < 0 ? -errno : talks(fd));
    if (fd >= 0)
        close(fd);
}

int main(void)
{
    int flags = O_RDWR, got;
    struct statx x;
    struct stat s;
    FILE *file;

    __asm__("" : "+r"(flags));
    got = stat("/dev/mei4", &s);
    printf("stat %d %d %u\n", got, !!S_ISCHR(s.st_mode), minor(s.st_rdev));
    got = lstat("/dev/mei", &s);
    printf("lstat %d %d\n", got, !!S_ISCHR(s.st_mode));
    got = fstatat(AT_FDCWD, "/dev/mei0", &s, 0);
    printf("fstatat %d %d\n", got, !!S_ISCHR(s.st_mode));
    got = statx(AT_FDCWD, "/dev/mei2", 0, STATX_TYPE, &x);
    printf("statx %d %u\n", got, x.stx_rdev_minor);
    printf("access %d %d\n", access("/dev/mei0", R_OK | W_OK), access("/dev/mei0", X_OK));
    printf("faccessat %d\n", faccessat(AT_FDCWD, "/dev/mei0", F_OK, 0));
    try("open", open("/dev/mei0", flags));
    try("open64", open64("/dev/mei0", flags));
    try("openat", openat(AT_FDCWD, "/dev/mei0", flags));
    try("openat64", openat64(AT_FDCWD, "/dev/mei0", flags));
    try("open constant", open("/dev/mei0", O_RDWR));
    file = fopen("/dev/mei0", "r+");
    try("fopen", file ? fileno(file) : -1);
    return 0;
}
END
# -D beside a -U: some compilers fortify by themselves
fortified=(gcc -w -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 doors.c)
{ "${fortified[@]}" -o dynamic && "${fortified[@]}" -static -o static; } >>log 2>&1 || fail "the test's program does not compile"
printf '%s\n' 'stat 0 1 4' 'lstat 0 1' 'fstatat 0 1' 'statx 0 2' 'access 0 -1' 'faccessat 0' \
    'open 24' 'open64 24' 'openat 24' 'openat64 24' 'open constant 24' 'fopen 24' >expected
for through in 'preload dynamic' 'meirun dynamic' 'meirun static'; do
    way=${through% *}
    on host timeout 300 "./${through#* }" >got 2>&1
    diff expected got >difference || fail "$through: $(<difference)"
done

# --- what meirun itself says

says() {
    local got status
    got=$(on_meirun "${@:3}" 2>&1)
    status=$?
    [[ $status == "$1" && $got == "$2" ]] || fail "meirun ${*:4}: status $status, \"$got\" instead of \"$2\""
}
says 7 '' host sh -c 'exit 7'
says 137 '' host sh -c 'kill -9 $$'
says 127 'meirun: cannot run ./nonesuch: No such file or directory' host ./nonesuch
says 126 'meirun: cannot run /: Permission denied' host /
says 125 "meirun: there is no device at $work/none; \"proviso live --host-socket $work/none\" makes one, --socket PATH \
names another" none true
says 125 'meirun: which program? see meirun --help' host
# It stays as long as anything that was started does.
says 0 'after' host sh -c '(sleep 0.5; test -c /dev/mei0 && echo after) &'
way=preload

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
gcc -w -static -o mei-amt-version "$sample" >>log 2>&1 || fail "$sample does not compile statically"
way=meirun
shows 'Intel AMT: DISABLED' disabled
gcc -w -o mei-amt-version "$sample" >>log 2>&1
way=preload
got=$(on none ./mei-amt-version 2>&1) && fail "mei-amt-version without a device: $got"
[[ $got == 'Error: Cannot establish a handle to the Intel MEI driver' ]] ||
    fail "mei-amt-version without a device: $got"
