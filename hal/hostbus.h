// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_HOSTBUS_H
#define HAL_HOSTBUS_H

#include <stddef.h>
#include <stdint.h>

/* The host embedded controller interface (HECI/MEI) as seen from the ME: whole messages of the
 * one client that is connected to AMTHI. Called by fw/device from device_poll() only. */
struct hal_hostbus {
    void *ctx;
    /* Copies the oldest waiting message and returns its length, 0 when none waits. A message
     * longer than cap is cut to cap bytes; its true length is returned so that it is refused. */
    size_t (*receive)(void *ctx, uint8_t *out, size_t cap);
    /* Takes a copy; len 0 is an empty response, which clients read as "AMT disabled" (PTHI.c).
     * Returns 0, or -1 when the client is gone (the answer is then dropped). */
    int (*send)(void *ctx, const uint8_t *message, size_t len);
};

#endif
