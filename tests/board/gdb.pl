# SPDX-License-Identifier: BSD-3-Clause
# A client of QEMU's debugger stub, for cut.pl and jump.pl.
use strict;
use Socket;
use IO::Select;
my ($s, $select);
my $buffer = '';

sub attach {
    socket($s, AF_UNIX, SOCK_STREAM, 0) or die;
    connect($s, pack_sockaddr_un($_[0])) or die "no debugger's door: $!";
    $select = IO::Select->new($s);
    # Connecting stops the machine, which may be told before the answer or behind it.
    ask('?');
    while (defined packet(0.1)) { }
}

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
sub ask_nothing {
    send_packet($_[0]);
    packet(0.2);
}
sub ask {
    send_packet($_[0]);
    return packet(300) // die "no answer to $_[0]\n";
}
1;
