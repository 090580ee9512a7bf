# SPDX-License-Identifier: BSD-3-Clause
# usage: perl cut.pl GDB-SOCKET ADDRESS BYTES COUNT READY-FILE SAVE-FILE [WORD WRITES]
# Stops the machine right behind the COUNT-th write into [ADDRESS, ADDRESS + BYTES), saves these bytes
# and prints "cut COUNT", with the machine stopped for good; or, told by SIGTERM that no further write comes,
# prints "end NUMBER-OF-WRITES". READY-FILE is made once the watch is set. COUNT 0: at once.
# WORD is an address whose first write is known to be the WRITES-th: those before it need no stop each.
use strict;
use FindBin;
require "$FindBin::Bin/gdb.pl";
my ($path, $address, $bytes, $count, $ready, $save, $word, $writes) = @ARGV;
# The stub stops in front of the write, so it is stepped over with the watch off.
sub watch {
    my $whole = sprintf '2,%x,%x', $address, $bytes;
    my $set = $word ? sprintf '2,%x,4', $word : $whole;
    my $seen = 0;
    $SIG{TERM} = sub {
        print "end $seen\n";
        exit;
    };
    for (;;) {
        ask("Z$set") eq 'OK' or die "no watch\n";
        send_packet('c');
        if (!$seen) {
            open my $out, '>', $ready or die;
            close $out;
        }
        packet(300) // die "no write comes\n";
        ask("z$set") eq 'OK' or die "the watch stays\n";
        ask('s');
        $seen += $set eq $whole ? 1 : $writes;
        $set = $whole;
        return if $seen == $count;
    }
}

$_ = oct for grep { /^0/ } $address, $word // ();
attach($path);
watch() if $count > 0;
open my $file, '>:raw', $save or die;
for (my $at = 0; $at < $bytes; $at += 1024) {
    print $file pack('H*', ask(sprintf 'm%x,%x', $address + $at, 1024));
}
close $file;
print "cut $count\n";
