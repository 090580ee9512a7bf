#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tools/stack on small images whose deepest path is known: the bound is the sum of the compiler's own
# numbers along it, and what would make it a guess is refused.
# once: it runs tools/stack
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v arm-none-eabi-gcc >/dev/null || {
    echo "arm-none-eabi-gcc is not installed"
    exit 77
}
dir=$BUILD/stack-test
rm -rf "$dir"
mkdir -p "$dir"
flags=(-mcpu=cortex-m3 -mthumb -ffreestanding -ffunction-sections -g)

fail() {
    echo "$*"
    exit 1
}

# image NAME OPTION...: dir/NAME/image.elf of the C files and assembler files in dir/NAME
image() {
    local name=$1 source objects=()
    shift
    for source in "$dir/$name"/*.[cs]; do
        objects+=("${source%.*}.o")
        arm-none-eabi-gcc "${flags[@]}" -Os -fstack-usage "$@" -c "$source" -o "${objects[-1]}"
    done
    [[ -f $dir/$name/image.lds ]] || cat >"$dir/$name/image.lds" <<'END'
SECTIONS {
    .text 0 : { KEEP(*(.vectors)) *(.text .text.*) *(.rodata .rodata.*) *(.ARM.exidx*) }
    .bss 0x20000000 : { *(.data .data.*) *(.bss .bss.* COMMON) }
    .stack (NOLOAD) : { . += 512; }
}
END
    arm-none-eabi-gcc "${flags[@]}" -nostdlib -Wl,--gc-sections,-e,main,-T,"$dir/$name/image.lds" \
        "${objects[@]}" -lgcc -o "$dir/$name/image.elf"
}

# bytes NAME FUNCTION [FILE]: what the compiler says that it takes
bytes() {
    local file=${3:-}
    if [[ $file ]]; then cat "$dir/$1/$file.su"; else cat "$dir/$1"/*.su; fi |
        awk -F '[:\t]' -v f="$2" '$4 == f { print $5 }'
}
sum() {
    local name=$1 total=0 function
    shift
    for function in "$@"; do ((total += $(bytes "$name" "$function"))) || true; done
    echo "$total"
}

# found NAME ROOT ARGUMENT...: the bound of a row
found() {
    local name=$1 row=$2
    shift 2
    tools/stack --tsv "$@" "$name=$dir/$name/image.elf" 2>"$dir/error" | awk -F '\t' -v r="$row" '$2 == r { print $3 }'
}

# refused NAME MESSAGE ARGUMENT...: status 2, one line on standard error that has the message
refused() {
    local name=$1 message=$2 status=0
    shift 2
    tools/stack "$@" "$name=$dir/$name/image.elf" >"$dir/text" 2>"$dir/error" || status=$?
    ((status == 2)) || fail "$name $*: status $status"
    [[ $(wc -l <"$dir/error") == 1 && $(cat "$dir/error") == "stack: "*"$message"* ]] ||
        fail "$name $*: expected \"$message\", got $(cat "$dir/error")"
    [[ ! -s $dir/text ]] || fail "$name $*: prints a bound"
}
calls() { printf '%s\n' "$@" >"$dir/calls.txt"; }

# --- a chain, a jump, two functions of one name, a switch, handlers ---

mkdir "$dir/chain"
cat >"$dir/chain/a.c" <<'END'
#define FAR __attribute__((noinline, noclone))
volatile int in, out;
FAR int leaf(int x)
{
    volatile char room[100];

    room[x] = (char)in;
    return room[in];
}
FAR static int same(int x)
{
    volatile char room[40];

    room[x] = (char)leaf(x);
    return room[in];
}
FAR int shallow(int x) { return same(x) + 1; }
int other(int x);
/* What it jumps to finds its frame already gone. */
FAR int jumps(int x)
{
    volatile char room[200];

    room[x] = (char)in;
    out = room[in];
    return shallow(x + in);
}
FAR int chosen(int x)
{
    switch (x) {
    case 0: out = in; out = 7; break;
    case 1: out = in * in; break;
    case 2: out = in + 3; out = in + 5; break;
    case 3: out = in ^ 3; break;
    case 4: out = in | 9; out = in; break;
    case 5: out = in % 7; break;
    case 6: return leaf(x);
    default: out = 0;
    }
    return x;
}
int main(void) { return jumps(in) + other(in) + chosen(in); }
static void tick(void) { out = in; }
void timer_handler(void);
void timer_handler(void) { volatile char room[24]; room[in] = 1; tick(); out = room[0]; }
void uart_handler(void);
void uart_handler(void) { volatile char room[60]; room[in] = 1; out = room[0]; }
void fault_handler(void);
void fault_handler(void) { for (;;) out = leaf(in); }
__attribute__((used, section(".vectors"))) static void *const vectors[] = {timer_handler, uart_handler, fault_handler};
END
cat >"$dir/chain/b.c" <<'END'
volatile extern int in, out;
__attribute__((noinline, noclone)) static int same(int x)
{
    volatile char room[8];

    room[x & 7] = (char)in;
    return room[in & 7];
}
int other(int x);
int other(int x) { return same(x) + same(in); }
END
image chain
isr=(--isr timer_handler --isr uart_handler --isr fault_handler)
path=$(($(sum chain main shallow leaf) + $(bytes chain same a)))
jump=$(sum chain main jumps)
((path < jump)) && path=$jump
[[ $(bytes chain same a) != "$(bytes chain same b)" ]] || fail "both same() take the same"
[[ $(found chain main "${isr[@]}") == "$path" ]] || fail "main: $(found chain main "${isr[@]}"), not $path; $(cat "$dir/error")"
[[ $(found chain other "${isr[@]}" --root main --root other) == \
    $(($(bytes chain other) + $(bytes chain same b))) ]] || fail "other() takes another file's same()"
[[ $(found chain jumps "${isr[@]}" --root main --root jumps) == \
    $(($(bytes chain jumps) > $(sum chain shallow leaf) + $(bytes chain same a) ? $(bytes chain jumps) : \
    $(sum chain shallow leaf) + $(bytes chain same a))) ]] || fail "a jump keeps its frame"
fault=$(sum chain fault_handler leaf)
nested=$(($(bytes chain timer_handler) + $(bytes chain uart_handler) + fault))
[[ $(found chain total "${isr[@]}") == $((path + nested + 3 * 36)) ]] || fail "nested priorities"
[[ $(found chain total --isr '*_handler' --frame 104) == $((path + fault + 104)) ]] ||
    fail "one priority: the deepest of its handlers"
refused chain 'chain: no interrupt handler dma_*' --isr 'dma_*'
refused chain 'chain: no function begin to begin at' --root begin
refused chain 'chain: nothing is known to call fault_handler:' --isr timer_handler --isr uart_handler

# The same from the table of vectors, and with a handler that begins the stack anew.
calls 'root main:  # where the reset vector leads' 'vectors vectors:  # one priority'
listed=(--calls "$dir/calls.txt")
[[ $(found chain total "${listed[@]}") == $((path + fault + 36)) ]] || fail "handlers of a table: $(cat "$dir/error")"
[[ $(found chain total "${listed[@]}" --isr timer_handler) == $((path + fault + $(bytes chain timer_handler) + 72)) ]] ||
    fail "a table beside a handler of another priority"
calls 'vectors vect?rs:  # one priority' 'fresh fault_handler:  # so it is said'
other=$(bytes chain timer_handler)
((other > $(bytes chain uart_handler))) || other=$(bytes chain uart_handler)
[[ $(found chain total "${listed[@]}") == $((path + other + 72)) ]] || fail "a handler with a stack of its own"
[[ $(found chain fault_handler "${listed[@]}") == "$fault" ]] || fail "a new stack has no bound"
[[ $(found chain total "${listed[@]}" --root timer_handler --root fault_handler) == '' ]] &&
    grep -q 'nothing is known to call main' "$dir/error" || fail "--root does not replace the default"
calls 'fresh fault_handler uart_handler:  # so it is said' 'unused main other jumps shallow same chosen:  # not here'
[[ $(found chain total "${listed[@]}" --root timer_handler) == $((fault + 36)) ]] || fail "the new stack is the deeper one"
calls 'vectors victors:  # misspelt' 'fresh fault_handler:  # so it is said'
refused chain "$dir/calls.txt:1: no image knows victors" "${listed[@]}" --isr timer_handler --isr uart_handler
calls 'vectors in:  # no table' 'fresh fault_handler:  # so it is said'
refused chain 'chain: no table of vectors: in' "${listed[@]}" --isr timer_handler --isr uart_handler

# The path, function by function, makes up the bound.
tools/stack "${isr[@]}" --reserved 5000 "chain=$dir/chain/image.elf" >"$dir/text"
awk '/^          / { part += $1; next } /^ / && !/frames|total/ { all += $1 }
     END { exit part == 0 || part != all }' "$dir/text" || fail "the printed path: $(cat "$dir/text")"
total=$((path + nested + 3 * 36))
grep -qx " *$total  total of 5000 reserved, $((5000 - total)) free" "$dir/text" || fail "what is free"

# What the compiler says is taken from .ci files as well.
mkdir "$dir/ci"
cp "$dir/chain"/*.c "$dir/ci"
image ci -fcallgraph-info=su
rm "$dir/ci"/*.su
[[ $(found ci total "${isr[@]}") == "$total" ]] || fail ".ci files: $(found ci total "${isr[@]}") $(cat "$dir/error")"
rm "$dir/ci"/*.ci
refused ci 'ci: no .su or .ci file below ' "${isr[@]}"

# --- reserved, baseline ---

status=0
tools/stack "${isr[@]}" --reserved "chain=$((total - 1))" "chain=$dir/chain/image.elf" >"$dir/text" || status=$?
((status == 1)) && grep -q "$total  total of $((total - 1)) reserved, 1 TOO MANY" "$dir/text" ||
    fail "a byte too many: status $status"
tools/stack "${isr[@]}" --reserved "$total" "chain=$dir/chain/image.elf" >/dev/null || fail "exactly fits"
tools/stack "${isr[@]}" "chain=$dir/chain/image.elf" >"$dir/text" || true
grep -q 'of 512 reserved' "$dir/text" || fail "the section .stack is not what is reserved"
tools/stack "${isr[@]}" --reserved 9999 --tsv "chain=$dir/chain/image.elf" >"$dir/base.tsv"
[[ ! $(tools/stack "${isr[@]}" --reserved 9999 --diff "$dir/base.tsv" "chain=$dir/chain/image.elf") ]] ||
    fail "a difference to itself"
awk -F '\t' -v OFS='\t' '$2 == "main" { $3 += 8 } { print }' "$dir/base.tsv" >"$dir/old.tsv"
[[ $(tools/stack "${isr[@]}" --reserved 9999 --diff "$dir/old.tsv" "chain=$dir/chain/image.elf" | tr -s ' ') == \
    "chain main $((path + 8)) -> $path -8" ]] || fail "the difference"

# --- calls through pointers ---

mkdir "$dir/pointer"
cat >"$dir/pointer/a.c" <<'END'
volatile int in;
struct port { int (*send)(int); };
int dropped(int x), more(int x, int y);
int dropped(int x) /* long, and for the debug information at address 0, where others are */
{
    for (int i = 0; i < x; i++)
        in += in * i + in / (i + 1) + in % (i + 3) + more(i, in) + more(in, i) * in / (in + 2);
    return in;
}
static int deep(int x) { volatile char room[80]; room[x] = 1; return room[in]; }
static int flat(int x) { return x + in; }
static const struct port ports[] = {{deep}, {flat}};
__attribute__((noinline, noclone)) static int through(int x) { return ports[x].send(x) + 1; }
static inline int folded(int x) { return ports[x].send(x) * 3; }
__attribute__((noinline, noclone)) static int carrier(int x) { return folded(x) + 2; }
int main(void) { return through(in) + carrier(in); }
END
image pointer
both='through: deep flat  # the two ports'
calls "$both"
refused pointer 'carrier (in folded) calls through a pointer at 0x' --calls "$dir/calls.txt"
calls 'folded: deep flat  # the two ports'
refused pointer 'through calls through a pointer at 0x' --calls "$dir/calls.txt"
calls "$both" 'folded: flat  # the second only' '# a remark'
path=$(sum pointer main through deep)
[[ $(found pointer main --calls "$dir/calls.txt") == "$path" ]] || fail "through a pointer: $(cat "$dir/error")"
calls 'through: flat  # the wrong one' 'folded: a.c:fl*  # a glob in a file'
refused pointer 'nothing is known to call deep: ' --calls "$dir/calls.txt"
calls 'through: flat  # the wrong one' 'folded: pointer/a.c:fl?t  # a glob in a file' 'unused deep:  # so it is said'
path=$(sum pointer main carrier flat)
((path >= $(sum pointer main through flat))) || path=$(sum pointer main through flat)
[[ $(found pointer main --calls "$dir/calls.txt") == "$path" ]] || fail "without deep(): $(cat "$dir/error")"
calls "$both" 'folded: none  # never set' 
[[ $(found pointer main --calls "$dir/calls.txt") == "$(sum pointer main through deep)" ]] || fail "none"

# A name says more than a glob, wherever it stands.
calls 'a.c:*: flat  # all of the file' 'through: deep flat  # the two ports'
[[ $(found pointer main --calls "$dir/calls.txt") == "$(sum pointer main through deep)" ]] ||
    fail "a name and a glob: $(cat "$dir/error")"

# What the file says is known, has a reason, and can be read.
calls "$both" 'folded: flat gone  # one left'
refused pointer "$dir/calls.txt:2: no image knows gone" --calls "$dir/calls.txt"
calls "$both" 'folded: flat  # x' 'b.c:through: flat  # not that file'
refused pointer "$dir/calls.txt:3: no image knows b.c:through" --calls "$dir/calls.txt"
calls "$both" 'folded: flat'
refused pointer "$dir/calls.txt:2: no reason is given (# why)" --calls "$dir/calls.txt"
calls "$both" 'folded flat  # x'
refused pointer "$dir/calls.txt:2: expected \"caller: callee...\"" --calls "$dir/calls.txt"
calls 'folded:  # x'
refused pointer "$dir/calls.txt:1: no callee; \"none\" if there is none" --calls "$dir/calls.txt"
calls "$both" 'folded: flat  # x' 'asm flat: many  # x'
refused pointer "$dir/calls.txt:3: expected " --calls "$dir/calls.txt"
calls "$both" 'folded: flat  # x' 'recursion flat deep: 2  # no circle'
refused pointer "$dir/calls.txt:3: there is no such recursion" --calls "$dir/calls.txt"

# --- recursion ---

mkdir "$dir/circle"
cat >"$dir/circle/a.c" <<'END'
volatile int in;
int odd(int x);
__attribute__((noinline, noclone)) static int end(int x) { volatile char room[50]; room[x] = 1; return room[in]; }
__attribute__((noinline, noclone)) static int even(int x) { return x == 0 ? end(x) + 1 : odd(x - 1) + in; }
__attribute__((noinline, noclone)) int odd(int x) { return x == 0 ? 0 : even(x - 1) * in; }
int main(void) { return even(in) + 1; }
END
image circle
refused circle 'circle: recursion without a known bound: even odd'
calls 'recursion even: 4  # only one of the two'
refused circle 'circle: recursion without a known bound: even odd' --calls "$dir/calls.txt"
calls 'recursion even odd: 4  # in is seven at most'
[[ $(found circle main --calls "$dir/calls.txt") == $(($(sum circle main end) + 4 * $(sum circle even odd))) ]] ||
    fail "recursion: $(found circle main --calls "$dir/calls.txt") $(cat "$dir/error")"

# --- stack without a bound, stack that the compiler does not know ---

mkdir "$dir/dynamic" "$dir/asm"
cat >"$dir/dynamic/a.c" <<'END'
volatile int in;
int main(void) { volatile char room[in]; room[in - 1] = 1; return room[0]; }
END
image dynamic
refused dynamic 'dynamic: main takes stack without a bound (dynamic)'

cat >"$dir/asm/a.c" <<'END'
volatile int in;
int by_hand(int x), main(void), called(int x);
__attribute__((noinline, noclone)) int called(int x) { volatile char room[30]; room[x] = 1; return room[in]; }
int main(void) { return by_hand(in) + 1; }
END
cat >"$dir/asm/b.s" <<'END'
    .syntax unified
    .thumb
    .section .text.by_hand, "ax", %progbits
    .global by_hand
    .type by_hand, %function
by_hand:
    push {r4-r6, lr}
    sub sp, #8
    bl called
    add sp, #8
    pop {r4-r6, lr}
    cmp r0, #0
    beq falls
    b falls
    .size by_hand, . - by_hand
    .global falls
    .type falls, %function
falls:
    str lr, [sp, #-8]!
    ldr pc, [sp], #8
    .size falls, . - falls
END
image asm
calls 'asm falls: 8  # counted'
refused asm 'asm: no stack usage is known of by_hand (it pushes up to 24 bytes)' --calls "$dir/calls.txt"
calls 'asm falls: 8  # counted' 'asm by_hand: 20  # counted wrongly'
refused asm 'asm: by_hand pushes up to 24 bytes, not 20' --calls "$dir/calls.txt"
calls 'asm falls: 8  # counted' 'asm by_hand: 24  # counted'
[[ $(found asm main --calls "$dir/calls.txt") == $(($(sum asm main called) + 24)) ]] ||
    fail "assembler: $(found asm main --calls "$dir/calls.txt") $(cat "$dir/error")"

# --- wrong usage ---

usage() {
    local message=$1 status=0
    shift
    tools/stack "$@" >"$dir/text" 2>"$dir/error" || status=$?
    ((status == 2)) && [[ $(cat "$dir/error") == "stack: $message" ]] ||
        fail "$*: status $status, $(cat "$dir/error")"
}
elf=chain=$dir/chain/image.elf
usage 'an image is required; see tools/stack -h'
usage 'unknown option: bar (see tools/stack -h)' --bar
usage '"image.elf" is not NAME=ELF' image.elf
usage 'image chain given more than once' "$elf" "$elf"
usage "cannot read $dir/none" "chain=$dir/none"
usage 'unknown image chian' --reserved chian=12 "$elf"
usage '--reserved takes a number of bytes, not "4K"' --reserved 4K "$elf"
usage "no directory $dir/none" --su "$dir/none" "$elf"
usage "cannot read $dir/none" --calls "$dir/none" "$elf"
usage "cannot read $dir/none" --diff "$dir/none" "${isr[@]}" "$elf"
usage '--tsv and --diff cannot be used together' --tsv --diff "$dir/base.tsv" "$elf"
arm-none-eabi-strip -g "$dir/chain/image.elf" -o "$dir/chain/bare.elf"
usage "chain: $dir/chain/bare.elf was built without -g" "chain=$dir/chain/bare.elf"
arm-none-eabi-strip "$dir/chain/image.elf" -o "$dir/chain/bare.elf"
usage "chain: $dir/chain/bare.elf has no symbols" "chain=$dir/chain/bare.elf"
tools/stack -h | grep -q '^usage: tools/stack' || fail "-h shows no usage"
