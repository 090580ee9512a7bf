#!/usr/bin/env bash
# tools/stack-calls.txt against the firmware as it is: with a port of stubs every call through a
# pointer is resolved, every function is reached, and no name has gone stale.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v arm-none-eabi-gcc >/dev/null || {
    echo "arm-none-eabi-gcc is not installed"
    exit 77
}
flags=(-mcpu=cortex-m3 -mthumb --specs=picolibc.specs)
echo '#include <string.h>' | arm-none-eabi-gcc "${flags[@]}" -E - >/dev/null 2>&1 || {
    echo "picolibc for arm-none-eabi is not installed"
    exit 77
}
dir=$BUILD/stackcalls-test
rm -rf "$dir"
mkdir -p "$dir/hal/stub"

# The port: its functions have the names that every port's have.
cat >"$dir/hal/stub/main.c" <<'END'
#include "fw/device.h"
#include "fw/host/mebx.h"
static volatile int reg;
static int entropy_fill(void *c, void *out, size_t n) { *(volatile char *)out = (char)n; return reg + !c; }
static int flash_read(void *c, uint32_t at, void *out, size_t n) { return entropy_fill(c, out, n + at); }
static int flash_program(void *c, uint32_t at, const void *in, size_t n) { return reg + (c != in) + (int)(at + n); }
static int flash_erase(void *c, uint32_t sector) { return reg + !c + (int)sector; }
static size_t ether_receive(void *c, uint8_t *out, size_t n) { return (size_t)entropy_fill(c, out, n); }
static int ether_send(void *c, const uint8_t *frame, size_t n) { return reg + !c + frame[n - 1]; }
static bool ether_link_up(void *c) { return reg && c; }
static size_t hostbus_receive(void *c, uint8_t *out, size_t n) { return (size_t)entropy_fill(c, out, n + 1); }
static int hostbus_send(void *c, const uint8_t *message, size_t n) { return reg * !c + message[n]; }
static enum hal_host power_host(void *c) { return (enum hal_host)(reg + !c); }
static bool power_cmos_lost(void *c) { return reg || c; }
static void power_cmos_acknowledge(void *c) { reg = c != NULL; }
static uint64_t clock_now_ms(void *c) { return (uint64_t)reg + !c; }
static void clock_sleep_until(void *c, uint64_t ms) { reg = (int)ms + !c; }
static void console_trace(void *c, uint64_t ms, int event, uint32_t value, const char *text, const char *source)
{
    reg = event + (int)(value + ms) + (text == source) + !c;
}
static int64_t usb_size(void *c) { return reg - !c; }
static int usb_read(void *c, uint32_t at, void *out, size_t n) { return entropy_fill(c, out, n * at); }
static int usb_write(void *c, uint32_t at, const void *in, size_t n) { return reg - (c != in) + (int)(at + n); }
static void mebx_write(void *c, const char *text) { reg = *text + !c; }
static struct hal hal = {
    .clock = {NULL, clock_now_ms, clock_sleep_until}, .console = {NULL, console_trace},
    .entropy = {NULL, entropy_fill}, .ether = {NULL, ether_receive, ether_send, ether_link_up},
    .flash = {NULL, 4096, 4, 4, flash_read, flash_program, flash_erase},
    .hostbus = {NULL, hostbus_receive, hostbus_send},
    .power = {NULL, power_host, power_cmos_lost, power_cmos_acknowledge}};
static const struct hal_usb usb = {NULL, usb_size, usb_read, usb_write};
static struct device device;
static struct mebx mebx;
static struct local_outcome outcome;
static struct usbkey_report report;
static struct hal *volatile port = &hal;
int main(void)
{
    struct device_config config = {.release = release_find("5.0.3"), .oem = oem_find("intel")};
    const struct hal *h = port;

    device_boot(&device, &config, h, h->clock.now_ms(NULL));
    device_usb_key(&device, &usb, &outcome, &report, 0);
    mebx_open(&mebx, device_local_begin(&device), &device.settings, &device.setup, config.release, config.oem, NULL, mebx_write);
    if (mebx_key(&mebx, (char)reg))
        device_local_change(&device, &mebx.outcome, 0);
    for (;;)
        h->clock.sleep_until(NULL, device_poll(&device, h->clock.now_ms(NULL)));
}
END

# lwIP's files are those that the host's build has; where they are, its dependency files say.
mapfile -t lwip < <(cd "$OBJ/lwip" && find . -name '*.o' | sed 's|^\./||; s|\.o$||' | sort)
root=$(awk '$2 ~ /src\/core\/def\.c$/ { print $2; exit }' "$OBJ/lwip/src/core/def.d")
root=${root%/src/core/def.c}
[[ -d $root && ${#lwip[@]} -gt 10 ]] || {
    echo "no objects of lwIP in $OBJ"
    exit 1
}
sources() {
    local source
    for source in fw/*.c fw/*/*.c; do
        [[ $source == fw/main.c ]] || echo "$source $dir/${source%.c}.o"
    done
    for source in "${lwip[@]}"; do echo "$root/$source.c $dir/lwip/$source.o"; done
    echo "$dir/hal/stub/main.c $dir/hal/stub/main.o"
}
compile() {
    local define=()
    [[ $1 != */polarssl/md5.c ]] || define=(-DPPP_SUPPORT=1 -DLWIP_INCLUDED_POLARSSL_MD5=1)
    mkdir -p "$(dirname "$2")"
    arm-none-eabi-gcc "${flags[@]}" -std=c11 -Os -g -w -ffunction-sections -fdata-sections -fstack-usage \
        -DLWIP_NOASSERT "${define[@]}" -I. -Ifw/net -isystem "$root/src/include" -c "$1" -o "$2"
}
objects=()
while read -r source object; do
    compile "$source" "$object"
    objects+=("$object")
done < <(sources)
cat >"$dir/firmware.lds" <<'END'
SECTIONS {
    .text 0 : { *(.text .text.*) *(.rodata .rodata.*) *(.ARM.exidx*) }
    .bss 0x20000000 : { *(.data .data.*) *(.bss .bss.* COMMON) }
}
END
arm-none-eabi-gcc "${flags[@]}" -nostartfiles -T "$dir/firmware.lds" -Wl,--gc-sections,-e,main \
    "${objects[@]}" -o "$dir/firmware.elf"

tools/stack --calls tools/stack-calls.txt "firmware=$dir/firmware.elf"

# The check itself: a name that is gone is found.
sed 's/^find_command: /&amthi_former_commands /' tools/stack-calls.txt >"$dir/stale.txt"
! tools/stack --calls "$dir/stale.txt" "firmware=$dir/firmware.elf" >/dev/null 2>"$dir/error" &&
    grep -q 'no image knows amthi_former_commands$' "$dir/error" || {
    echo "a stale name passes: $(cat "$dir/error")"
    exit 1
}
