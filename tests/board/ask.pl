# SPDX-License-Identifier: BSD-3-Clause
# usage: perl ask.pl SERIAL-SOCKET <REQUESTS >ANSWERS
# Each line of the input is one AMTHI message in hexadecimal digits; each line of the output its
# answer. Ends with an error when one does not come, ever.
use strict;
use Socket;
socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
connect($s, pack_sockaddr_un($ARGV[0])) or die "no console: $!";
$| = 1;
$SIG{ALRM} = sub { die "no answer\n" };
syswrite($s, "\r");
while (my $request = <STDIN>) {
    chomp $request;
    syswrite($s, ">$request\r");
    alarm 300;
    while (my $line = <$s>) {
        next unless $line =~ /^([<!])(.*?)\r?$/;
        die "refused:$2\n" if $1 eq '!';
        print "$2\n";
        last;
    }
    alarm 0;
}
