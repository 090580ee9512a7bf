# SPDX-License-Identifier: BSD-3-Clause
# usage: perl jump.pl GDB-SOCKET ADDRESS[@STACK] [HALFWORD...]
# Stops the machine, writes the halfwords (Thumb instructions) to ADDRESS if there are any, sets the
# program counter to ADDRESS, the stack pointer to STACK if it is given, and lets it run.
use strict;
use FindBin;
require "$FindBin::Bin/gdb.pl";
my ($path, $address, @halfwords) = @ARGV;
($address, my $stack) = map { oct } split /@/, $address;
attach($path);
if (@halfwords) {
    my $hex = unpack 'H*', pack 'v*', map { oct } @halfwords;
    ask(sprintf('M%x,%x:%s', $address, 2 * @halfwords, $hex)) eq 'OK' or die "no write\n";
}
my $registers = ask('g');
substr($registers, 15 * 8, 8) = unpack 'H*', pack 'V', $address; # r15
substr($registers, 13 * 8, 8) = unpack 'H*', pack 'V', $stack if defined $stack;
ask("G$registers") eq 'OK' or die "no jump\n";
ask_nothing('D'); # detached: it runs on
