# SPDX-License-Identifier: BSD-3-Clause
# Reads pages and prints what is wrong with them, one line each. Commands that are to be run go to the
# file COMMANDS, scenarios that are to be played into the folder SCENARIOS.
#
# usage: perl tests/cli/pages.pl COMMANDS SCENARIOS PAGE.md...
# What a page may hold:
#   fenced blocks of a known language: sh is run, line by line; scn is played; text, c and mermaid are shown
#   before a block of sh that cannot be run here, the comment "not run: REASON; see PATH", where PATH is what
#   does the same in CI
#   links to files and headings that are there; `paths` below fw, hal, sim, tests and tools that are there;
#   `make TARGET` with targets that are there
use strict;
use warnings;
use File::Basename qw(dirname);

my ($commands, $scenarios, @pages) = @ARGV;
my %language = map { $_ => 1 } qw(sh scn text c mermaid);
my %target;
for my $makefile ('Makefile', glob('*.mk */*.mk */*/*.mk')) {
    open my $in, '<', $makefile or next;
    while (<$in>) {
        next unless /^([a-z][a-z -]*?)\s*:(?!=)/;
        $target{$_} = 1 for split ' ', $1;
    }
}

open my $out, '>', $commands or die "$commands: $!\n";
my $played = 0;

sub text_of {
    open my $in, '<', shift or return '';
    local $/;
    return scalar <$in>;
}

# The names that a code host gives to a page's headings.
sub anchors {
    my %anchor;
    for (text_of(shift) =~ /^#+ +(.*)$/mg) {
        my $name = lc;
        $name =~ s/[^\w\- ]//g;
        $name =~ s/ /-/g;
        $anchor{$name} = 1;
    }
    return %anchor;
}

sub check_link {
    my ($page, $link) = @_;
    return if $link =~ /^[a-z]+:/;
    my ($path, $anchor) = split /#/, $link, 2;
    my $file = $path eq '' ? $page : dirname($page) . "/$path";
    return print "$page: links to $link, which is not there\n" unless -e $file;
    return unless defined $anchor;
    my %anchor = anchors($file);
    print "$page: links to $link, a heading that is not there\n" unless $anchor{$anchor};
}

sub check_span {
    my ($page, $span) = @_;
    if ($span =~ /^make((?: [a-z-]+| [A-Z0-9_]+=\S*)+)$/) {
        for (grep { !/=/ } split ' ', $1) {
            print "$page: `$span`: there is no target $_\n" unless $target{$_};
        }
    } elsif ($span =~ m{^(?:fw|hal|sim|tests|tools)/[\w./*-]+$}) {
        my @there = grep { -e } glob $span;
        print "$page: `$span` is not there\n" unless @there;
    }
}

sub take_block {
    my ($page, $line, $language, $unrun, $text) = @_;
    if (!$language{$language}) {
        print "$page:$line: a block of \"$language\"; expected sh, scn, text, c or mermaid\n";
    } elsif ($language eq 'scn') {
        open my $scn, '>', "$scenarios/" . ++$played . '.scn' or die "$scenarios: $!\n";
        print $scn $text;
    } elsif ($language eq 'sh' && defined $unrun) {
        my ($reason, $path) = $unrun =~ /^(\S.*); see (\S+)$/
            or return print "$page:$line: expected \"not run: REASON; see PATH\"\n";
        print "$page:$line: $path is not there\n" unless -e $path;
    } elsif ($language eq 'sh') {
        print $out $text;
    }
}

for my $page (@pages) {
    my ($fence, $language, $text, $unrun, $begun) = ('');
    my $history = $page =~ /CHANGELOG/;
    my $number = 0;
    for (split /^/, text_of($page)) {
        $number++;
        if (/^(\s*)```(\S*)/) {
            if ($fence) {
                take_block($page, $begun, $language, $unrun, $text);
                ($fence, $unrun) = ('', undef);
            } else {
                ($fence, $language, $text, $begun) = (1, $2, '', $number);
            }
        } elsif ($fence) {
            s/^\s*//, $text .= $_;
        } else {
            $unrun = $1 if /^\s*<!-- not run: (.*) -->$/;
            undef $unrun if /\S/ && !/<!-- not run/;
            print "$page:$number: commands stand in a fenced block\n"
                if m{^ {4,}(?:make|build/|tools/|tests/|proviso|ztcagent|usbkey)\b};
            next if $history;
            check_link($page, $_) for /\]\(([^)\s]+)\)/g;
            check_span($page, $_) for /`([^`]+)`/g;
        }
    }
    print "$page:$begun: a block that does not end\n" if $fence;
}
