// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/world.h"

#include <stdio.h>
#include <string.h>

#include "fw/core/trace.h"
#include "fw/store/settings_store.h"
#include "tests/explore/abstraction.h"
#include "tests/explore/invariants.h"
#include "tests/explore/machine.h"
#include "tests/explore/peer.h"
#include "tests/explore/section.h"
#include "tests/explore/secure.h"
#include "tests/explore/servers.h"
#include "tests/explore/wire.h"

#define FRAMES 64u
#define POLLS_AT_ONCE 2000u

/* What the device has sent and nobody has got yet; empty between acts. */
static struct {
    size_t len;
    uint8_t bytes[VIRTUAL_FRAME_BYTES];
} sent[FRAMES];
static unsigned sent_first, sent_count;

static int (*flash_read)(void *, uint32_t, void *, size_t);
static int (*flash_program)(void *, uint32_t, const void *, size_t);
static int (*flash_erase)(void *, uint32_t);
static int (*entropy_fill)(void *, void *, size_t);

/* --- what the device has to do with --- */

static void on_frame(void *ctx, const uint8_t *frame, size_t len)
{
    unsigned at = (sent_first + sent_count) % FRAMES;

    (void)ctx;
    wire_tell("<", frame, len);
    invariants_frame(frame, len);
    if (sent_count == FRAMES || len > sizeof(sent[0].bytes))
        return;
    memcpy(sent[at].bytes, frame, len);
    sent[at].len = len;
    sent_count++;
}

static void on_message(void *ctx, const uint8_t *message, size_t len)
{
    (void)ctx;
    if (len > sizeof(world_answer.bytes))
        len = 0;
    memcpy(world_answer.bytes, message, len);
    world_answer.len = len;
}

static void on_trace(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                     const char *source)
{
    (void)ctx;
    (void)source;
    if (world_loud)
        printf("    %9llu.%03llu  %s %u %s\n", (unsigned long long)now_ms / 1000,
               (unsigned long long)now_ms % 1000, trace_word(event), value, text ? text : "");
    invariants_trace(event, value, text);
}

static int read_flash(void *ctx, uint32_t offset, void *out, size_t len)
{
    return world.flash_read_fails ? -1 : flash_read(ctx, offset, out, len);
}

static int program_flash(void *ctx, uint32_t offset, const void *data, size_t len)
{
    return world.flash_write_fails ? -1 : flash_program(ctx, offset, data, len);
}

static int erase_flash(void *ctx, uint32_t sector)
{
    return world.flash_write_fails ? -1 : flash_erase(ctx, sector);
}

static int fill_entropy(void *ctx, void *out, size_t len)
{
    if (!world.entropy_fails)
        return entropy_fill(ctx, out, len);
    world.ghost.entropy_missed = true;
    return -1;
}

static void init_hal(void)
{
    struct virtual_out out = {&world, on_frame, on_message, on_trace};
    struct hal *hal = &world.hal.hal;

    virtual_init(&world.hal, &out, 7);
    hal->machine = &machine;
    flash_read = hal->flash.read;
    flash_program = hal->flash.program;
    flash_erase = hal->flash.erase;
    entropy_fill = hal->entropy.fill;
    hal->flash.read = read_flash;
    hal->flash.program = program_flash;
    hal->flash.erase = erase_flash;
    hal->entropy.fill = fill_entropy;
}

/* --- time --- */

static void deliver_all(void)
{
    while (sent_count > 0) {
        unsigned at = sent_first;

        sent_first = (sent_first + 1) % FRAMES;
        sent_count--;
        servers_deliver(sent[at].bytes, sent[at].len);
    }
}

void world_run(void)
{
    uint32_t polls = 0;

    do {
        world.wake_ms = UINT64_MAX;
        if (world.powered)
            world.wake_ms = device_poll(&world.device, world.now_ms);
        else
            world.hal.rx_queue.count = world.hal.host_tx_queue.count = 0;
        deliver_all();
        peer_run();
        if (++polls > POLLS_AT_ONCE) {
            violate(V_BUSY, "%u polls at one moment", polls);
            world.hal.rx_queue.count = world.hal.host_tx_queue.count = 0;
            break;
        }
    } while (world.powered &&
             (world.hal.rx_queue.count > 0 || sent_count > 0 || world.wake_ms <= world.now_ms));
    world.polls += polls;
    world.hal.rx_queue.first = world.hal.host_tx_queue.first = 0;
}

uint64_t world_next_ms(void)
{
    uint64_t secure = secure_next_ms();

    return world.wake_ms < secure ? world.wake_ms : secure;
}

/* Everybody repeats what is not acknowledged. */
static void retransmit(void)
{
    if (peer_retransmit())
        world_run();
}

void world_advance(uint64_t to_ms)
{
    uint64_t next;

    while ((next = world_next_ms()) <= to_ms) {
        world.now_ms = next > world.now_ms ? next : world.now_ms;
        world_run();
        if (world.ghost.violations >> V_BUSY & 1u)
            return;
    }
    world.now_ms = to_ms;
    world_run();
    retransmit();
}

void world_stall(uint64_t for_ms)
{
    world.now_ms += for_ms;
    world_run();
    retransmit();
}

/* --- the machine --- */

static enum hal_host host(void)
{
    if (world.host_absent)
        return HAL_HOST_ABSENT;
    return world.os_up ? HAL_HOST_UP : HAL_HOST_DOWN;
}

void world_boot(void)
{
    section_reset();
    world.powered = true;
    world.boots++;
    world.menu_open = false;
    world.hal.host = host();
    world.config.bios_disabled = world.bios_off;
    invariants_boot();
    device_boot(&world.device, &world.config, &world.hal.hal, world.now_ms);
    world_run();
    if (world.os_up)
        world_set_os(true);
}

void world_power_off(void)
{
    virtual_power_off(&world.hal);
    world.powered = false;
    world.menu_open = false;
    peer_lose_all();
    world_run();
}

void world_set_os(bool up)
{
    world.os_up = up;
    world.hal.host = host();
    world_run();
    if (!up)
        return;
    servers_os_leases();
    world_run();
}

/* --- roots --- */

static void store_root(enum root root, const struct release *release, const struct oem_profile *oem)
{
    struct settings settings;
    struct store store;

    if (root == ROOT_FACTORY)
        return;
    settings_factory(&settings, release, oem);
    abstraction_provision(&settings, root);
    store_mount(&store, &world.hal.hal.flash);
    settings_save(&store, &settings);
}

/* The device makes its key for the first client: once, and not in every path. */
static void warm_up(void)
{
    peer_connect(STRANGER);
    world_run();
    world_advance(world.now_ms + 1000);
    peer_close(STRANGER, false);
    world_run();
    world_advance(world.now_ms + 10000);
}

void world_begin(enum root root, const struct release *release, const struct oem_profile *oem,
                 bool absent)
{
    memset(&world, 0, sizeof(world));
    sent_count = 0;
    section_reset();
    world.config = (struct device_config){.release = release,
                                          .oem = oem,
                                          .uuid = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                                   0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0}};
    memcpy(world.config.mac, world_me_mac, sizeof(world_me_mac));
    init_hal();
    world.now_ms = 1000;
    world.next_port = 2000;
    world.os_up = !absent;
    world.host_absent = absent;
    world.dhcp = world.dns = true;
    world.hal.link = true;
    store_root(root, release, oem);
    invariants_begin();
    world_boot();
    world_advance(world.now_ms + 1000);
    secure_begin(root_has_tls(root));
    if (root_has_tls(root))
        warm_up();
    invariants_settle();
}
