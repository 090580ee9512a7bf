# usage: perl cut.pl GDB-SOCKET ADDRESS BYTES COUNT READY-FILE SAVE-FILE
# Stops the machine right behind the COUNT-th write into [ADDRESS, ADDRESS + BYTES), saves these bytes
# and prints "cut COUNT", with the machine stopped for good; or, when no further write comes for 1.5 s,
# prints "end NUMBER-OF-WRITES". READY-FILE is made once the watch is set. COUNT 0: at once.
use strict;
use FindBin;
require "$FindBin::Bin/gdb.pl";
my ($path, $address, $bytes, $count, $ready, $save) = @ARGV;
# The stub stops in front of the write, so it is stepped over with the watch off.
sub watch {
    my $set = sprintf '2,%x,%x', $address, $bytes;
    my $seen = 0;
    for (;;) {
        ask("Z$set") eq 'OK' or die "no watch\n";
        send_packet('c');
        if (!$seen) {
            open my $out, '>', $ready or die;
            close $out;
        }
        last unless defined packet($seen ? 1.5 : 5);
        ask("z$set") eq 'OK' or die "the watch stays\n";
        ask('s');
        return if ++$seen == $count;
    }
    print "end $seen\n";
    exit;
}

$_ = oct for grep { /^0/ } $address;
attach($path);
watch() if $count > 0;
open my $file, '>:raw', $save or die;
for (my $at = 0; $at < $bytes; $at += 1024) {
    print $file pack('H*', ask(sprintf 'm%x,%x', $address + $at, 1024));
}
close $file;
print "cut $count\n";
