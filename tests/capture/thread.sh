#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The forum thread's capture, read by a decoder that knows nothing of this project.
# once: its scenario runs with sanitizers as such
set -euo pipefail

command -v tshark >/dev/null || {
    echo "tshark is not installed"
    exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
scn=sim/scenarios/thread.scn

fail() {
    echo "thread.sh: $*"
    exit 1
}

fields() { # FILTER FIELD...
    local filter=$1
    shift
    tshark -r "$dir/a.pcapng" -Y "frame.interface_name == \"me\" && ($filter)" -T fields \
        -o tcp.relative_sequence_numbers:TRUE -o tcp.analyze_sequence_numbers:TRUE \
        "${@/#/-e}" 2>/dev/null
}

"$PROVISO" run "$scn" --release 5.0.2 --seed 7 --pcap "$dir/a.pcapng" >"$dir/out" ||
    fail "the scenario failed on 5.0.2: $(cat "$dir/out")"

[ "$(fields 'dns.qry.name == "ProvisionServer.corp.example" && dns.flags.response == 0' frame.number | wc -l)" -ge 2 ] ||
    fail "no query for ProvisionServer with the suffix"

# Head and five roots as G-hello and the published hashes give them; only the retry field counts up.
hello() {
    printf '01000300%02x000000443322116655887799aabbccddeeff0005' "$1"
    printf '0114%s' 742c3192e607e424eb4549542be1bbc53e6174e2 132d0d45534b6997cdb2d5c339e25576609b5cc6 \
        2796bae63f1801e277261ba0d77770028f20eee4 d1eb23a46d17d68fd92564c2f1f1601764d8e349 \
        ad7e1c28b064ef8f6003402014c3d0e3370eb58a
}

syns=$(fields 'tcp.flags == 0x002 && tcp.srcport == 16994 && tcp.dstport == 9971' frame.number | wc -l)
segments=$(fields 'tcp.len > 0' frame.number | wc -l)
fins=$(fields 'tcp.flags.fin == 1' frame.number | wc -l)
[ "$syns" -ge 3 ] || fail "$syns connections from 16994 to 9971"
[ "$segments" = "$syns" ] || fail "$segments data segments on $syns connections"
[ "$fins" = "$syns" ] || fail "$fins FINs of the device on $syns connections"
[ "$(fields 'tcp && (tcp.srcport != 16994 || tcp.dstport != 9971)' frame.number | wc -l)" = 0 ] ||
    fail "TCP other than from 16994 to 9971"
[ "$(fields 'tcp.len > 0' tcp.len | sort -u)" = 135 ] || fail "a hello is not 135 bytes long"

# The device closes: in every connection its FIN comes before the server's.
tshark -r "$dir/a.pcapng" -Y 'tcp.flags.fin == 1' -T fields -e frame.interface_name 2>/dev/null |
    paste - - | grep -vx $'me\tlan' && fail "the server closed first"

# After AC came back at 3 minutes the schedule starts at retry 0, then counts by the minute.
n=0
while read -r time payload; do
    [ "$payload" = "$(hello "$n")" ] || fail "hello $n is $payload"
    awk -v t="$time" -v want="$((181 + 60 * n))" 'BEGIN { exit !(t >= want && t < want + 1) }' ||
        fail "hello $n left at $time s"
    n=$((n + 1))
done < <(fields 'tcp.len > 0' frame.time_epoch tcp.payload |
    awk '{ t = $1 - 1247254980; if (t > 170) print t, $2 }')
[ "$n" -ge 3 ] || fail "only $n hellos after AC came back"

"$PROVISO" run "$scn" --release 5.0.2 --seed 7 --pcap "$dir/b.pcapng" >/dev/null
cmp "$dir/a.pcapng" "$dir/b.pcapng" || fail "the same seed gave another capture"
"$PROVISO" run "$scn" --release 5.0.2 --seed 8 --pcap "$dir/b.pcapng" >/dev/null
! cmp -s "$dir/a.pcapng" "$dir/b.pcapng" || fail "another seed gave the same capture"

"$PROVISO" run "$scn" --release 5.0.3 --seed 7 --pcap "$dir/a.pcapng" >"$dir/out" ||
    fail "the scenario failed on 5.0.3: $(cat "$dir/out")"
[ "$(tshark -r "$dir/a.pcapng" 2>/dev/null | wc -l)" -gt 0 ] || fail "the 5.0.3 capture is empty"
[ "$(fields frame frame.number | wc -l)" = 0 ] || fail "5.0.3 sent a frame on interface me"
