#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The power is cut behind each single write of an update to the store, on both boards: an update that
# is appended to the log, and one that fills a new bank. The next boot finds the old value or the new
# one, and the new one from some write on. On mps2-an385 what is kept is what lay in the model's memory
# when QEMU was killed; lm3s6965evb's memory is read out at the moment of the cut. Of a new bank's writes, which
# the same code makes, every eighth is cut on one board and others on the other, unless CUTS=all;
# tests/unit/store cuts behind every one.
# early: two boots for each cut
set -u
source "$(dirname "$0")/common.bash"
ip link set lo up

amthi() { printf '01010000%s000004%s' "$1" "$2"; }
text_request() { # text_request COMMAND TEXT
    local hex
    hex=$(printf '%s' "$2" | od -An -v -tx1 | tr -d ' \n')
    printf '01010000%s000004%02x000000%02x00%s' "$1" $((2 + ${#2})) ${#2} "$hex"
}
old=old.example.com new=new.example.com
set_old=$(text_request 2f $old) set_new=$(text_request 2f $new)
get=$(amthi 36 00000000)
answer() { # to get
    local hex
    hex=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')
    printf '010100003600800415000000000000000f00%s' "$hex" | tr a-f A-F
}
done_answer=01010000$(printf '2F00800404000000')00000000

done_answer=010100002F0080040400000000000000

ask() { perl "$root/tests/board/ask.pl" "$work/serial"; }
declare -A store=([mps2-an385]=0x21000000 [lm3s6965evb]=0x2000c000)
bytes=16384

# on STATE: boots with this store, and a debugger's door
on() {
    QEMU_EXTRA=(-gdb "unix:$work/gdb,server=on,wait=off")
    boot "$board" 5.0.3-bmp-off --state "$1"
}
cut=(perl "$root/tests/board/cut.pl" "$work/gdb")

# off_keeping STATE: the power goes; what was in the store is in the file afterwards. On mps2-an385 it
# is anyway, the model of lm3s6965evb needs help.
off_keeping() {
    [[ $board != lm3s6965evb ]] || "${cut[@]}" "${store[$board]}" $bytes 0 "$work/ready" "$1.kept" >/dev/null || fail "cannot save"
    off
    [[ $board != lm3s6965evb ]] || mv "$1.kept" "$1"
}

# free_bytes FILE: behind the log of the bank in use (fw/store/SPEC.md); bank_in_use FILE: its number
free_bytes() { look_at "$1" | cut -d ' ' -f 2; }
bank_in_use() { look_at "$1" | cut -d ' ' -f 1; }
look_at() {
    perl -e '
        local $/;
        open my $f, "<:raw", $ARGV[0] or die;
        my ($all, $best, $newest) = <$f>;
        for my $bank (0, 1) {
            my ($magic, $version, $generation) = unpack("a4VV", substr $all, $bank * 8192, 12);
            next unless $magic eq "PRVS" && (!defined $newest || $generation > $newest);
            ($best, $newest) = ($bank, $generation);
        }
        die "no bank\n" unless defined $best;
        my $slot = 16;
        while ($slot + 11 <= 8192) {
            my ($marker, $n) = unpack("Cv", substr $all, $best * 8192 + $slot + 4, 3);
            last if $marker != 0xA5;
            $slot += 4 + ((7 + $n + 3) & ~3);
        }
        print $best, " ", 8192 - $slot, "\n";' "$1"
}

# prepare STATE REQUEST...: a store after these updates
prepare() {
    local state=$1 refused
    shift
    on "$state"
    refused=$(printf '%s\n' "$@" | ask | sed 's/2A008004/2F008004/' | grep -v "^$done_answer\$") && fail "an update: $refused"
    off_keeping "$state"
}

# value STATE: "old", "new", or what else is there
value() {
    local got
    cp "$1" "$work/look"
    on "$work/look"
    got=$(ask <<<"$get") || fail "does not answer after a cut"
    off
    case $got in
    "$(answer $old)") found=old ;;
    "$(answer $new)") found=new ;;
    *) found=$got ;;
    esac
}

# update STATE COUNT: sets the new value, cuts the power behind the COUNT-th write. Where $erased is set, the first 2,048
# are known to erase the bank there, its last word last.
erased=''
update() {
    local last=()
    [[ ! $erased ]] || (($2 < 2048 || $2 > most)) || last=($((erased + 8188)) 2048)
    rm -f "$work/ready" "$work/saved"
    on "$1"
    "${cut[@]}" "${store[$board]}" $bytes "$2" "$work/ready" "$work/saved" "${last[@]}" >"$work/said" &
    local pid=$!
    eventually test -e "$work/ready" || fail "the debugger's door stays shut"
    type_text ">$set_new"$'\r' 600 & # until the power is off
    typist=$!
    (($2 <= most)) || { # all of it: until the answer
        eventually said '^<' || fail "no answer"
        kill -TERM $pid
    }
    wait $pid || fail "cut.pl: $(<"$work/said")"
    off
    wait $typist
    [[ $board != lm3s6965evb || ! -e $work/saved ]] || cp "$work/saved" "$1"
}

# writes START: how many an update of START has
writes() {
    cp "$1" "$work/state"
    update "$work/state" $((most + 1))
    count=$(sed -n 's/^end //p' "$work/said")
    ((count > 0)) || fail "the update writes nothing: $(<"$work/said")"
}

# cuts START NAME WRITE...: for each, an update of START is cut there
cuts() {
    local start=$1 what=$2 write final='' olds=0 news=0
    shift 2
    for write in "$@"; do
        cp "$start" "$work/state"
        update "$work/state" "$write"
        [[ $(<"$work/said") == "cut $write" ]] || fail "$what, write $write: $(<"$work/said")"
        value "$work/state"
        case $found in
        old)
            [[ $final != new ]] || fail "$what: the old value again behind write $write"
            ((++olds))
            ;;
        new) ((++news)) ;;
        *) fail "$what, write $write: a third value, $found" ;;
        esac
        final=$found
    done
    echo "$board: $what, $count writes: $olds cuts left the old value, $news the new one"
    [[ $final == new && $olds -gt 0 ]] || fail "$what: the cuts do not meet the update"
}

most=100000 # writes that no update has
record=32 # 4 of slot, 7 of head, 3 + 15 of entry, in whole words
start=20  # what each start writes, its number: 4 of slot, 7 of head, 3 + 4 of entry
for board in mps2-an385 lm3s6965evb; do
    rm -f "$work/begin"
    prepare "$work/begin" "$set_old"
    cp "$work/begin" "$work/full"

    writes "$work/begin"
    erased=''
    cuts "$work/begin" "appended" $(seq 1 "$count")

    # As many updates as fit behind this start and before the number of the next one, the last of them
    # the old value again; a one-time password of the same size fills the place of an odd one.
    requests=()
    for ((left = ($(free_bytes "$work/full") - 2 * start) / record; left > 1; left -= 2)); do
        requests+=("$set_new" "$set_old")
    done
    ((left == 0)) || requests+=("$(text_request 2a abcdefghijklmno)")
    prepare "$work/full" "${requests[@]}"
    (($(free_bytes "$work/full") < record + start)) || fail "the bank is not full: $(free_bytes "$work/full")"
    writes "$work/full"
    ((count > 2048)) || fail "no new bank is made: $count writes"
    # Some of the erase, all of what is written. The bank in use is the other one.
    erased=$((store[$board] + ($(bank_in_use "$work/full") ? 0 : 8192)))
    step=8 phase=0
    [[ ${CUTS:-} != all ]] || step=1
    [[ $board == lm3s6965evb || $step == 1 ]] || phase=4 # other writes than on the other board
    # shellcheck disable=SC2046 # numbers
    cuts "$work/full" "new bank" 1 2 1023 1024 1025 2047 $(seq $((2048 + phase)) $step $((count - 3))) $(seq $((count - 2)) "$count")
done
