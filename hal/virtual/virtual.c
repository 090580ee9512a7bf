// SPDX-License-Identifier: BSD-3-Clause
#include "hal/virtual/virtual.h"

#include <string.h>

static int entropy_fill(void *ctx, void *out, size_t len)
{
    struct virtual_hal *v = ctx;
    uint8_t *bytes = out;

    if (v->no_entropy)
        return -1;
    for (size_t i = 0; i < len; i++) {
        uint64_t z = v->entropy += 0x9E3779B97F4A7C15u; /* splitmix64 */

        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        bytes[i] = (uint8_t)((z ^ (z >> 31)) >> 24);
    }
    return 0;
}

static bool flash_range_ok(uint32_t offset, size_t len)
{
    return offset <= VIRTUAL_FLASH_BYTES && len <= VIRTUAL_FLASH_BYTES - offset;
}

/* Power fails during the operation that uses up the last one: nothing after it happens. */
static bool powered(struct virtual_hal *v)
{
    if (v->operations_left == 0)
        return false;
    if (v->operations_left > 0)
        v->operations_left--;
    return true;
}

static int flash_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    struct virtual_hal *v = ctx;

    if (!flash_range_ok(offset, len))
        return -1;
    memcpy(out, v->flash + offset, len);
    return 0;
}

static int flash_program(void *ctx, uint32_t offset, const void *data, size_t len)
{
    struct virtual_hal *v = ctx;
    const uint8_t *bytes = data;

    if (!flash_range_ok(offset, len) || !powered(v))
        return -1;
    for (size_t i = 0; i < len; i++)
        v->flash[offset + i] &= bytes[i];
    return 0;
}

static int flash_erase(void *ctx, uint32_t sector)
{
    struct virtual_hal *v = ctx;

    if (sector >= VIRTUAL_SECTORS || !powered(v))
        return -1;
    memset(v->flash + (size_t)sector * VIRTUAL_SECTOR_BYTES, 0xFF, VIRTUAL_SECTOR_BYTES);
    return 0;
}

static size_t dequeue(struct virtual_queue *queue, const struct virtual_frame *frames,
                      uint32_t room, uint8_t *out, size_t cap)
{
    while (queue->count > 0) {
        const struct virtual_frame *f = &frames[queue->first];

        queue->first = (queue->first + 1) % room;
        queue->count--;
        if (f->len > cap)
            continue;
        memcpy(out, f->bytes, f->len);
        return f->len;
    }
    return 0;
}

static void enqueue(struct virtual_queue *queue, struct virtual_frame *frames, uint32_t room,
                    const uint8_t *frame, size_t len)
{
    struct virtual_frame *f;

    if (queue->count == room || len > VIRTUAL_FRAME_BYTES)
        return;
    f = &frames[(queue->first + queue->count++) % room];
    f->len = (uint16_t)len;
    memcpy(f->bytes, frame, len);
}

static size_t ether_receive(void *ctx, uint8_t *out, size_t cap)
{
    struct virtual_hal *v = ctx;

    return dequeue(&v->rx_queue, v->rx, VIRTUAL_FRAMES, out, cap);
}

static size_t ether_host_sent(void *ctx, uint8_t *out, size_t cap)
{
    struct virtual_hal *v = ctx;

    return dequeue(&v->host_tx_queue, v->host_tx, VIRTUAL_HOST_FRAMES, out, cap);
}

static int ether_send(void *ctx, const uint8_t *frame, size_t len)
{
    struct virtual_hal *v = ctx;

    if (!v->link)
        return -1;
    v->out.frame(v->out.ctx, frame, len);
    return 0;
}

static bool ether_link_up(void *ctx)
{
    return ((struct virtual_hal *)ctx)->link;
}

static size_t hostbus_receive(void *ctx, uint8_t *out, size_t cap)
{
    struct virtual_hal *v = ctx;
    size_t len = v->message_len;

    memcpy(out, v->message, len < cap ? len : cap);
    v->message_len = 0;
    return len;
}

static int hostbus_send(void *ctx, const uint8_t *message, size_t len)
{
    struct virtual_hal *v = ctx;

    v->out.message(v->out.ctx, message, len);
    return 0;
}

static enum hal_host power_host(void *ctx)
{
    return ((struct virtual_hal *)ctx)->host;
}

static bool power_cmos_lost(void *ctx)
{
    return ((struct virtual_hal *)ctx)->cmos_lost;
}

static void power_cmos_acknowledge(void *ctx)
{
    ((struct virtual_hal *)ctx)->cmos_lost = false;
}

static void trace_record(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                         const char *source)
{
    struct virtual_hal *v = ctx;

    v->out.trace(v->out.ctx, now_ms, event, value, text, source);
}

void virtual_init(struct virtual_hal *v, const struct virtual_out *out, uint64_t seed)
{
    memset(v, 0, sizeof(*v));
    v->out = *out;
    v->entropy = seed;
    v->operations_left = -1;
    v->host = HAL_HOST_DOWN;
    memset(v->flash, 0xFF, sizeof(v->flash));
    v->hal.trace = (struct hal_trace){v, trace_record};
    v->hal.entropy = (struct hal_entropy){.ctx = v, .fill = entropy_fill};
    v->hal.ether = (struct hal_ether){v, ether_receive, ether_send, ether_link_up, ether_host_sent};
    v->hal.flash = (struct hal_flash){.ctx = v,
                                      .sector_bytes = VIRTUAL_SECTOR_BYTES,
                                      .sector_count = VIRTUAL_SECTORS,
                                      .program_unit = 4,
                                      .read = flash_read,
                                      .program = flash_program,
                                      .erase = flash_erase};
    v->hal.hostbus = (struct hal_hostbus){v, hostbus_receive, hostbus_send};
    v->hal.power = (struct hal_power){v, power_host, power_cmos_lost, power_cmos_acknowledge};
}

void virtual_power_off(struct virtual_hal *v)
{
    v->rx_queue.count = v->host_tx_queue.count = 0;
    v->message_len = 0;
}

void virtual_frame_in(struct virtual_hal *v, const uint8_t *frame, size_t len)
{
    enqueue(&v->rx_queue, v->rx, VIRTUAL_FRAMES, frame, len);
}

void virtual_host_frame(struct virtual_hal *v, const uint8_t *frame, size_t len)
{
    enqueue(&v->host_tx_queue, v->host_tx, VIRTUAL_HOST_FRAMES, frame, len);
}

bool virtual_message_in(struct virtual_hal *v, const uint8_t *message, size_t len)
{
    if (len == 0 || len > VIRTUAL_MESSAGE_BYTES || v->message_len > 0)
        return false;
    memcpy(v->message, message, len);
    v->message_len = len;
    return true;
}
