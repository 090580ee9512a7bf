# usage: perl cut.pl GDB-SOCKET ADDRESS BYTES COUNT READY-FILE SAVE-FILE
# Stops the machine right behind the COUNT-th write into [ADDRESS, ADDRESS + BYTES), saves these bytes
# and prints "cut COUNT", with the machine stopped for good; or, when no further write comes for 1.5 s,
# prints "end NUMBER-OF-WRITES". READY-FILE is made once the watch is set. COUNT 0: at once.
use strict;
use Socket;
use IO::Select;
my ($path, $address, $bytes, $count, $ready, $save) = @ARGV;
socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
connect($s, pack_sockaddr_un($path)) or die "no debugger's door: $!";
my $select = IO::Select->new($s);
my $buffer = '';

sub send_packet {
    my $sum = unpack('%8C*', $_[0]);
    syswrite($s, sprintf('$%s#%02x', $_[0], $sum));
}
# The next packet's content, undef after the time; acknowledges it.
sub packet {
    my ($seconds) = @_;
    for (;;) {
        if ($buffer =~ s/^[^\$]*\$([^#]*)#..//s) {
            my $content = $1;
            syswrite($s, '+');
            return $content;
        }
        return undef unless $select->can_read($seconds);
        sysread($s, $buffer, 65536, length $buffer) or die "the machine is gone\n";
    }
}
sub ask {
    send_packet($_[0]);
    return packet(5) // die "no answer to $_[0]\n";
}

sub watch {
    ask(sprintf 'Z2,%x,%x', $address, $bytes) eq "OK" or die "no watch\n";
    send_packet('c');
    open my $out, '>', $ready or die;
    close $out;
    my $seen = 0;
    while (defined(my $stop = packet($seen ? 1.5 : 5))) {
        return if ++$seen == $count;
        send_packet('c');
    }
    print "end $seen\n";
    exit;
}

$_ = oct for grep { /^0/ } $address;
# Connecting stops the machine, which may be told before the answer or behind it.
ask('?');
while (defined packet(0.1)) { }
watch() if $count > 0;
open my $file, '>:raw', $save or die;
for (my $at = 0; $at < $bytes; $at += 1024) {
    print $file pack('H*', ask(sprintf 'm%x,%x', $address + $at, 1024));
}
close $file;
print "cut $count\n";
