#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong scenario files as people write them, and the whole answer to each: it names the line, what is wrong with it, and what
# would be right. Every faulty line is told at once; nothing is played.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# wrong STATUS NAME: the file on descriptor 3, the answer on descriptor 4. A line of the answer that ends in "..." is the
# beginning of one that lists what is expected.
wrong() {
    local status=$1 name=$2 line i=0 answer
    cat <&3 >"$work/$name"
    (cd "$work" && "$PROVISO" run "$name" --quiet >out 2>err)
    local got=$?
    [ $got -eq "$status" ] || { echo "$name: status $got instead of $status"; failed=1; }
    [ ! -s "$work/out" ] || { echo "$name: played"; failed=1; }
    mapfile -t answer <"$work/err"
    while IFS= read -r line <&4; do
        if [[ $line == *... ]]; then
            [[ ${answer[i]-} == "${line%...}"* ]]
        else
            [[ ${answer[i]-} == "$line" ]]
        fi || { printf '%s: expected: %s\n%s: got:      %s\n' "$name" "$line" "$name" "${answer[i]-}"; failed=1; }
        ((i += 1))
    done
    [ ${#answer[@]} -eq $i ] || { echo "$name: ${#answer[@]} lines instead of $i"; failed=1; }
}

wrong 2 empty 3</dev/null 4<<'ANSWER'
empty:1: missing release; expected a line like `device 5.0.2`
ANSWER

wrong 2 misspelt 3<<'FILE' 4<<'ANSWER'
Device 5.0.2
at 1m agnet -activate
      expeckt state "In process"
at 2m ac of
FILE
misspelt:1: unknown action "Device", perhaps "device"; expected one of device, start, ...
misspelt:2: unknown action "agnet", perhaps "agent"; expected one of device, start, ...
misspelt:3: unknown action "expeckt", perhaps "expect"; expected one of device, start, ...
misspelt:4: unknown state after ac "of"; expected one of off, on
ANSWER

wrong 2 another-release 3<<'FILE' 4<<'ANSWER'
device 5.0.4 oem-bmp off
at 1m expect state "Not started"
FILE
another-release:1: unknown release "5.0.4"; expected one of 2.0, ...
ANSWER

wrong 2 times 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 5 agent -activate
at 1.5h expect state "In process"
at 10m ac off
at 5m ac on
FILE
times:2: invalid time "5"; expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up to 10000h
times:3: invalid time "1.5h"; expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up to 10000h
times:5: time goes back; expected 10m or later
ANSWER

wrong 2 no-time 3<<'FILE' 4<<'ANSWER'
device 5.0.2
agent -activate
expect state "In process"
FILE
no-time:2: agent needs a time; expected `at TIME agent ...`
no-time:3: expect needs a time; expected `at TIME expect ...`
ANSWER

wrong 2 quotes 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m expect state In process
      expect state “In process”
      expect agent line "Setup and Configuration: In process
FILE
quotes:2: unknown state "In"; expected one of "Not started", "In process", Completed, none
quotes:3: a character that is not ASCII, outside double quotes; expected plain letters and blanks, and " for quotes
quotes:4: missing closing double quote; expected one on the same line
ANSWER

wrong 2 counting 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m expect hello count 3
      expect hello count = 3
      expect hello count >= three
FILE
counting:2: unknown comparison "3"; expected one of ==, !=, <, <=, >, >=
counting:3: unknown comparison "="; expected one of ==, !=, <, <=, >, >=
counting:4: invalid number "three"; expected a number from 0 to 4294967295
ANSWER

wrong 2 two-suffixes 3<<'FILE' 4<<'ANSWER'
device 5.0.2
lan option15 corp.example
lan option15 other.example
at 1m expect state "In process"
FILE
two-suffixes:3: this contradicts line 2, `lan option15 corp.example`; expected one of the two, or `when RELEASE` behind this one
ANSWER

wrong 2 two-addresses 3<<'FILE' 4<<'ANSWER'
device 5.0.2
dns provisionserver.corp.example 10.0.0.5
dns ProvisionServer.corp.example 10.0.0.6
at 1m expect state "In process"
FILE
two-addresses:3: this contradicts line 2, `dns provisionserver.corp.example 10.0.0.5`; expected one of the two, or `when RELEASE` behind this one
ANSWER

wrong 2 two-windows 3<<'FILE' 4<<'ANSWER'
device 5.0.2 oem-bmp off oem-bmp 24
at 1m expect state "In process"
FILE
two-windows:1: "oem-bmp" stands on this line twice; expected it once
ANSWER

wrong 1 judges-nothing 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m agent -activate
at 5m expect state "In process" when 5.0.3
FILE
proviso run: judges-nothing judges nothing: no expectation was reached; add a line like ...
ANSWER

wrong 2 judges-after-all 3<<'FILE' 4<<'ANSWER'
device 5.0.2
judges nothing
at 1m expect state "In process"
FILE
judges-after-all:3: this judges, but line 2 says `judges nothing`
ANSWER

wrong 2 when 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m expect state none when 5.0.9
      expect state none when new
      expect state none when
      expect state none when <3.0 >=5.0.3
FILE
when:2: unknown release "5.0.9" after when; see `proviso releases`
when:3: invalid release "new" after when; expected one like 5.0.2 or >=5.0.3
when:4: missing release after when; expected one like 5.0.2 or >=5.0.3
when:5: no release fits this when; see `proviso releases`
ANSWER

wrong 2 addresses 3<<'FILE' 4<<'ANSWER'
device 5.0.2
dns provisionserver.corp.example
dns provision server 10.0.0.5
sca 10.0.0.500 listen
sca provisionserver.corp.example listen
at 1m expect hello count == 1
FILE
addresses:2: missing word after dns NAME; expected an IPv4 address, cname or remove
addresses:3: unknown word "server" after dns NAME; expected an IPv4 address, cname or remove
addresses:4: invalid SCA address "10.0.0.500"; expected an IPv4 address like 10.0.0.5
addresses:5: invalid SCA address "provisionserver.corp.example"; expected an IPv4 address like 10.0.0.5
ANSWER

wrong 2 out-of-place 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m usb nowhere.bin
at 2m start provisioned
      refused ac off
      sca 10.0.0.5 ask CommitChanges
      expect state none
end 3m
mark
FILE
out-of-place:2: cannot open "nowhere.bin": No such file or directory
out-of-place:3: start must come before the first at
out-of-place:4: refused can only precede ...
out-of-place:5: this server has no set-up script; expected `sca IP provision ...` above
out-of-place:8: nothing may follow `end`, the last line
ANSWER

wrong 2 words-of-others 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m expect status NOT_READY
      expect trace window-close == 1
      expect frames me tpc == 0
      expect sca operation Kommit status 0
FILE
words-of-others:2: unknown status "NOT_READY"; expected one like PT_STATUS_NOT_READY
words-of-others:3: unknown trace event "window-close", perhaps "window-closed"; expected one of boot, state, ...
words-of-others:4: unknown kind of frame "tpc", perhaps "tcp"; expected one of any, arp, dhcp, dns, tcp, ...
words-of-others:5: unknown operation "Kommit"; expected one like CommitChanges
ANSWER

wrong 2 nothing-behind 3<<'FILE' 4<<'ANSWER'
device 5.0.2 oem-bmp
lan option15
lan lease
lan rogue-dhcp 10.0.0.7
at
at 1m probe
      probe 10.0.0.50
      expect status
      expect dns
      mebx psk 0000-037M
      mebx host
FILE
nothing-behind:1: missing oem-bmp; expected off, intel or a number of hours
nothing-behind:2: missing option 15; expected it after "option15"
nothing-behind:3: missing lease time; expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up to 10000h
nothing-behind:4: missing word after lan rogue-dhcp IP; expected option15
nothing-behind:5: missing time; expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up to 10000h
nothing-behind:6: missing address to probe; expected an IPv4 address like 10.0.0.5
nothing-behind:7: missing port; expected a number from 1 to 65535
nothing-behind:8: missing status; expected it after "status"
nothing-behind:9: missing word after dns; expected query
nothing-behind:10: missing PPS; expected it at the end of the line
nothing-behind:11: missing host name; expected it after "host"
ANSWER

# What other languages have. That a line with a time is faulty is not told again of those below it.
wrong 2 consoles 3<<'FILE' 4<<'ANSWER'
device 5.0.2
sca 10.0.0.5 listen
console 10.0.0.8 use wsmen
at 1m console 10.0.0.5 power up
      console 10.0.0.8 power on
      console 10.0.0.8 power up boot network
      console 10.0.0.8 read state as lisa
      console 10.0.0.8 sol open now
      press enter
      press keys "\q"
      expect serial
      expect console 10.0.0.8 sol closed
FILE
consoles:3: unknown protocol "wsmen"; expected one of soap, wsman
consoles:4: a set-up application has this address; expected another one
consoles:5: unknown word after power "on"; expected one of up, down, cycle, reset
consoles:6: unknown boot source "network"; expected one of pxe, disk, cd, diagnostics
consoles:7: missing password; expected it at the end of the line
consoles:8: unknown end of the line "now"; expected as
consoles:9: unknown word after press "enter"; expected one of power, reset, keys
consoles:10: invalid escape in the text to type; expected \n, \\ or two hexadecimal digits as in \x03
consoles:11: missing text of the serial line; expected it after "serial"
consoles:12: unknown state of the session "closed"; expected one of none, connecting, open, busy, refused, ended, failed
ANSWER

wrong 2 other-languages 3<<'FILE' 4<<'ANSWER'
// a machine that is never called
device 5.0.2
dns köln.example 10.0.0.5
dns "köln.example" 10.0.0.5
at 1m expect state “In process”
      expect hello count>=1
AT 2m expect hello count == 0
End
FILE
other-languages:1: "//" begins no comment; expected #
other-languages:3: a character that is not ASCII, outside double quotes; expected plain letters and blanks, and " for quotes
other-languages:4: invalid DNS name "köln.example"; expected one like corp.example: letters, digits, - and _ between dots
other-languages:5: a character that is not ASCII, outside double quotes; expected plain letters and blanks, and " for quotes
other-languages:6: unknown word after hello "count>=1", perhaps "count" and a blank; expected one of count, ...
other-languages:7: unknown word "AT"; expected small letters
other-languages:8: unknown word "End"; expected small letters
ANSWER

wrong 2 utf-16 3< <(printf '\xff\xfed\0e\0v\0i\0c\0e\0') 4<<'ANSWER'
utf-16:1: the file is written in UTF-16; expected UTF-8 or ASCII, as an editor's "save as" offers
ANSWER

wrong 2 picture 3< <(printf '\x89PNG\n\x1a\n\0\0\0\rIHDR\n') 4<<'ANSWER'
picture:1: a character that is not ASCII, outside double quotes; expected plain letters and blanks, and " for quotes
picture:2: invalid byte 0x1a; expected text
picture:3: missing release; expected a line like `device 5.0.2`
ANSWER

wrong 1 without-power 3<<'FILE' 4<<'ANSWER'
device 5.0.2
at 1m ac off
at 2m unprovision full
      expect state "Not started"
FILE
without-power:3: at 2m: expected <unprovision full>, seen <refused: the ME has no power> (release 5.0.2)
without-power:4: at 2m: expected <state "Not started">, seen <no answer> (release 5.0.2)
ANSWER

# Of very many faulty lines the first are told, and how many more there are.
{ echo device 5.0.2; yes 'ac' | head -n 30; } >"$work/many"
(cd "$work" && "$PROVISO" run many >out 2>err)
[ "$(wc -l <"$work/err")" -eq 21 ] && [ "$(tail -n 1 "$work/err")" = 'many: 10 more faulty lines' ] ||
    { echo "many: $(tail -n 2 "$work/err")"; failed=1; }

# A mark that an editor puts before UTF-8 does no harm.
printf '\xef\xbb\xbfdevice 5.0.2\nat 1m expect state "In process"\n' >"$work/marked"
"$PROVISO" run "$work/marked" --quiet || failed=1

[ $failed -eq 0 ]
