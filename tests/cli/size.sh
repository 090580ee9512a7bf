#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tools/size on an image whose every byte is known: each room gets what its objects have, all of it
# together is what `size` says of the ELF, and limits, baselines and wrong usage are told.
# once: it runs tools/size
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v arm-none-eabi-gcc >/dev/null || {
    echo "arm-none-eabi-gcc is not installed"
    exit 77
}
dir=$BUILD/size-test
tab=$'\t'
rm -rf "$dir"

fail() {
    echo "$*"
    exit 1
}

# object PATH: compiles standard input. The folder above has the name of a room, too.
root=$dir/hal/board
object() {
    mkdir -p "$(dirname "$root/$1")"
    arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb -Os -ffreestanding -ffunction-sections -fdata-sections \
        -fcommon -x c -c - -o "$root/$1"
}

object fw/core/a.o <<'END'
const char core_table[40] = {1};
const char core_dropped[100] = {1};
END
object fw/net/n.o <<'END'
int net_data[2] = {1, 2};
char net_common[12];
const char *net_text(void);
const char *net_text(void) { return "a string that two of them have"; }
END
object fw/device.o <<'END'
extern const char core_table[], lwip_odd[];
extern int net_data[], net_common[], lwip_bss[], hal_bss[];
extern unsigned long long quotient(unsigned long long, unsigned long long);
const char *net_text(void), *hal_text(void);
const void *volatile device[8];
int main(void), sha256(void), ssl(void);
int main(void)
{
    device[0] = core_table, device[1] = net_data, device[2] = net_common, device[3] = lwip_bss;
    device[4] = hal_bss, device[5] = net_text(), device[6] = hal_text(), device[7] = lwip_odd;
    return sha256() + ssl();
}
END
echo 'int sha256(void); int sha256(void) { return 2; }' | object mbedtls/library/sha256.o
echo 'int ssl(void); int ssl(void) { return 3; }' | object mbedtls/library/ssl.o
object lwip/src/core/l.o <<'END'
char lwip_bss[16];
const char lwip_odd[5] = {1};
const int lwip_next __attribute__((used, section(".rodata.lwip_odd_next"))) = 1;
END
object hal/port/h.o <<'END'
char hal_bss[8];
const char *hal_text(void);
const char *hal_text(void) { return "a string that two of them have"; }
unsigned long long volatile wide;
void start(void);
int main(void);
void start(void) { wide = main() / wide; }
END
cat >"$dir/image.lds" <<'END'
ENTRY(start)
MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 64K }
SECTIONS {
    .text : { *(.text .text.*) KEEP(*(.rodata.lwip_odd_next)) *(.rodata .rodata.*) } > FLASH
    .ARM.exidx : { *(.ARM.exidx*) } > FLASH
    .data : { *(.data .data.*) } > RAM AT> FLASH
    .bss (NOLOAD) : { *(.bss .bss.* COMMON) . = ALIGN(8); } > RAM
    .stack (NOLOAD) : ALIGN(8) { . += 1024; } > RAM
    .store (NOLOAD) : { . += 2048; } > RAM
}
END
arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb -nostdlib -Wl,--gc-sections -Wl,-T,"$dir/image.lds" \
    -Wl,-Map="$dir/image.map" "$root"/fw/core/a.o "$root"/fw/net/n.o "$root"/fw/device.o \
    "$root"/lwip/src/core/l.o "$root"/mbedtls/library/{sha256,ssl}.o "$root"/hal/port/h.o -lgcc -o "$dir/image.elf"
images=("board=$dir/image.map")

# --- the sums are those of the ELF, and each room has its own ---

tools/size "${images[@]}" --elf "board=$dir/image.elf" >"$dir/text" || fail "the ELF disagrees"
tools/size "${images[@]}" --tsv >"$dir/base.tsv"
row() { awk -F '\t' -v row="$1" '$2 == row { print $3, $4 }' "$dir/base.tsv"; }
expect() { [[ $(row "$1") == "$2" ]] || fail "$1: flash and RAM are $(row "$1"), not $2"; }
code() { arm-none-eabi-size -A "$root/$1" | awk '$1 ~ /^\.text/ { sum += $2 } END { print sum }'; }
sections() {
    arm-none-eabi-size -A "$dir/image.elf" |
        awk -v names="$1" 'BEGIN { split(names, n, " "); for (i in n) want[n[i]] }
                           $1 in want { sum += $2 } END { print sum + 0 }'
}
expect fw/core '40 0'
expect mbedTLS "$(code mbedtls/library/ssl.o) 0"
expect SHA-256 "$(code mbedtls/library/sha256.o) 0"
expect 'fw (device, main)' "$(code fw/device.o) 32"
# Data count twice, COMMON once; of the string that two objects have, one copy is left.
expect fw/net "$(($(code fw/net/n.o) + 8 + 31)) $((8 + 12))"
# Behind lwIP's 16 bytes of RAM are four of padding, before something aligned to eight.
expect lwIP "$((4 + 5)) $((16 + 4))"
(($(row hal | cut -d ' ' -f 1) < $(code hal/port/h.o) + 31)) || fail "the merged string is counted twice"
expect stack '0 1024'
expect store '0 2048'
expect memory '65536 65536'
(($(row libc+libgcc | cut -d ' ' -f 1) > 100)) || fail "libgcc's division is not libc+libgcc's"
# The store is not RAM that the firmware takes, wherever a board has it.
expect all "$(sections '.text .ARM.exidx .data') $(sections '.data .bss .stack')"
[[ $(awk -F '\t' '$2 !~ /^(fw|base|all|store|memory)$/ { f += $3; r += $4 } END { print f, r }' "$dir/base.tsv") == \
    "$(row all)" ]] || fail "the rows do not add up to the sum"
read -r flash ram < <(row all)
expect base "$((flash - $(code mbedtls/library/ssl.o))) $ram"
echo 'int more[3] = {1, 2, 3};' | object fw/more.o
cp "$dir/image.elf" "$dir/other.elf"
arm-none-eabi-objcopy --add-section .text.more="$root/fw/more.o" --set-section-flags \
    .text.more=alloc,code "$dir/other.elf" 2>/dev/null
tools/size "${images[@]}" --elf "board=$dir/other.elf" >/dev/null 2>"$dir/error" &&
    fail "an ELF that has more than the map passes"
grep -q '^size: board: the map has .* bytes of flash' "$dir/error" || fail "$(cat "$dir/error")"

# --- limits ---

read -r flash ram < <(row fw)
tools/size "${images[@]}" --limit "fw flash=$flash ram=1K" --limit 'board:stack ram=1K' >"$dir/text" ||
    fail "an exact limit is exceeded"
grep -qx "board: fw takes $flash of $flash bytes of flash, 0 free" "$dir/text" || fail "no free bytes told"
grep -qx "board: fw takes $ram of 1024 bytes of RAM, $((1024 - ram)) free" "$dir/text" || fail "no RAM told"
status=0
tools/size "${images[@]}" --limit "fw flash=$((flash - 1))" >"$dir/text" || status=$?
((status == 1)) || fail "exceeded by one byte: status $status"
grep -qx "board: fw takes $flash of $((flash - 1)) bytes of flash, 1 TOO MANY" "$dir/text" ||
    fail "the byte too many is not told"
status=0
tools/size "${images[@]}" --tsv --limit "fw flash=1" 2>"$dir/error" >"$dir/again.tsv" || status=$?
((status == 1)) && cmp -s "$dir/base.tsv" "$dir/again.tsv" && grep -q 'TOO MANY' "$dir/error" ||
    fail "--tsv and a limit: status $status, or mixed output"

# --- the other forms ---

[[ ! $(tools/size "${images[@]}" --diff "$dir/base.tsv") ]] || fail "a difference to itself"
awk -F '\t' -v OFS='\t' '$2 == "fw/core" { $3 += 4 } $2 == "stack" { $4 -= 24 } { print }' \
    "$dir/base.tsv" >"$dir/old.tsv"
tools/size "${images[@]}" --diff "$dir/old.tsv" | tr -s ' ' >"$dir/text"
diff - "$dir/text" <<'END' || fail "the differences"
board fw/core flash 40 -4 RAM 0 0
board stack (reserved) flash 0 0 RAM 1024 +24
END
tools/size "${images[@]}" "twin=$dir/image.map" --markdown >"$dir/text"
grep -qxF '| fw/core | 40 | 0 | 40 | 0 |' "$dir/text" || fail "the Markdown table"
[[ $(awk -F '|' '{ print NF }' "$dir/text" | sort -u) == 7 ]] || fail "the Markdown table's columns"
grep -qxF "| what there is (in no sum) | 65536 | 65536 | 65536 | 65536 |" "$dir/text" || fail "the memory's row"
grep -qxF "| store (in place of flash: in no sum) | 0 | 2048 | 0 | 2048 |" "$dir/text" || fail "the store's row"
tools/size "${images[@]}" --markdown >"$dir/text"
{ echo '# a remark'; cat "$dir/base.tsv"; } >"$dir/remark.tsv"
tools/size --stored "$dir/remark.tsv" --markdown | cmp - "$dir/text" || fail "what is stored makes another table"
[[ ! $(tools/size "${images[@]}" --diff "$dir/remark.tsv") ]] || fail "a difference to what is stored"

# --- wrong usage ---

: >"$dir/bad.tsv"
# refused MESSAGE ARGUMENT...: status 2, that line and no other
refused() {
    local message=$1 status=0
    shift
    tools/size "$@" >"$dir/text" 2>"$dir/error" || status=$?
    ((status == 2)) || fail "$*: status $status"
    [[ $(cat "$dir/error") == "size: $message" ]] || fail "$*: $(cat "$dir/error")"
    [[ ! -s $dir/text ]] || fail "$*: prints something"
}
refused 'an image is required; see tools/size -h'
refused 'unknown option: bar (see tools/size -h)' --bar
refused '--stored and NAME=MAPFILE cannot be used together' --stored "$dir/base.tsv" "${images[@]}"
refused "$dir/bad.tsv has no image" --stored "$dir/bad.tsv"
refused '"image" is not NAME=MAPFILE' image
refused 'image board given more than once' "${images[@]}" "${images[@]}"
refused "cannot read $dir/none" "board=$dir/none"
refused "$dir/base.tsv is not a map file of GNU ld" "board=$dir/base.tsv"
refused '--limit: unknown row "core"' "${images[@]}" --limit 'core flash=1'
refused '--limit: unknown image "bord"' "${images[@]}" --limit 'bord:fw flash=1'
refused "--limit \"fw 12\" is not '[NAME:]ROW flash=N ram=N'" "${images[@]}" --limit 'fw 12'
refused '--markdown, --tsv and --diff cannot be used together' "${images[@]}" --tsv --markdown
refused "cannot read $dir/none" "${images[@]}" --diff "$dir/none"
echo "board${tab}fw" >"$dir/bad.tsv"
refused "$dir/bad.tsv:1: invalid line; expected one of --tsv" "${images[@]}" --diff "$dir/bad.tsv"
refused '--elf: unknown image "bord"' "${images[@]}" --elf "bord=$dir/image.elf"
tools/size -h | grep -q '^usage: tools/size' || fail "-h shows no usage"
