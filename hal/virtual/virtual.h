// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_VIRTUAL_H
#define HAL_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/hal.h"

/* The port of the virtual world: a chip whose surroundings are memory. The simulator puts frames
 * and host messages in, and is called for what comes out. Flash survives virtual_power_off(). */

#define VIRTUAL_SECTOR_BYTES 4096u
#define VIRTUAL_SECTORS 4u
#define VIRTUAL_FLASH_BYTES (VIRTUAL_SECTOR_BYTES * VIRTUAL_SECTORS)
#define VIRTUAL_FRAMES 32u
#define VIRTUAL_HOST_FRAMES 4u /* of the host's own */
#define VIRTUAL_FRAME_BYTES 1514u
#define VIRTUAL_MESSAGE_BYTES 5120u

struct virtual_out {
    void *ctx;
    void (*frame)(void *ctx, const uint8_t *frame, size_t len);
    void (*message)(void *ctx, const uint8_t *message, size_t len);
    void (*trace)(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                  const char *source);
};

struct virtual_frame {
    uint16_t len;
    uint8_t bytes[VIRTUAL_FRAME_BYTES];
};

struct virtual_queue {
    uint32_t first, count;
};

struct virtual_hal {
    struct hal hal; /* hal.clock is not used: the simulator owns time */
    struct virtual_out out;
    uint8_t flash[VIRTUAL_FLASH_BYTES];
    int64_t operations_left; /* flash operations until power fails; negative = never */
    uint64_t entropy;        /* generator state; the same seed gives the same bytes */
    bool no_entropy;
    bool link;
    enum hal_host host;
    bool cmos_lost;
    struct virtual_frame rx[VIRTUAL_FRAMES];
    struct virtual_frame host_tx[VIRTUAL_HOST_FRAMES];
    struct virtual_queue rx_queue, host_tx_queue;
    uint8_t message[VIRTUAL_MESSAGE_BYTES];
    size_t message_len; /* 0 = none waits */
};

/* Flash erased, link down, host down. */
void virtual_init(struct virtual_hal *v, const struct virtual_out *out, uint64_t seed);
/* Waiting frames and messages are dropped. */
void virtual_power_off(struct virtual_hal *v);
/* A frame for the ME; dropped when the queue is full, as by a real MAC. */
void virtual_frame_in(struct virtual_hal *v, const uint8_t *frame, size_t len);
/* The host sends one. */
void virtual_host_frame(struct virtual_hal *v, const uint8_t *frame, size_t len);
/* False: too long, or the previous message has not been taken. */
bool virtual_message_in(struct virtual_hal *v, const uint8_t *message, size_t len);

#endif
