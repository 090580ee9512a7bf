#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The set-up server's name as dnsmasq, unbound and named answer for it: each case with a `proviso live` of its own, which a
# listener must hear from at the right address, or that must say that the name has none.
# once: it waits
set -u
source "$(dirname "$0")/../namespace.bash" dnsmasq perl
source "$root/tests/servers.bash"
in_namespaces dnsmasq unbound named

# case | option 15 | records: the last number of each address 10.9.N.x, behind them the owner if it is another | name servers,
# likewise | the address that gets the hello, - none. Nobody has 10.9.N.9; nothing listens on 10.9.N.2; 10.9.N.3 answers
# with SERVFAIL for these domains and REFUSED for all others.
cases=(
    'one address|c1.example|1|1|1'
    'second of two|c2.example|2 1|1|1'
    'chain of three|c3.example|1 end|1|1'
    'truncated|c4.example|many|1|1'
    'capitals|C5.EXAMPLE|1|1|1'
    'no such name|c6.example|1 other|1|-'
    'only an alias|c7.example|alias|1|-'
    'first server dead|c8.example|1|9 1|1'
    'first one fails|c9.example|1|3 1|1'
    'only one, fails|c10.example|1|3|-'
)
field() { cut -d '|' -f "$2" <<<"${cases[$1]}"; }
zone_of() { field "$1" 2 | tr '[:upper:]' '[:lower:]'; }
