// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_ETHER_H
#define HAL_ETHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The Ethernet MAC that the ME shares with the host. Frames are without preamble and FCS.
 * Called by fw/device and fw/net from device_poll() only; a port's interrupt handler queues. */
struct hal_ether {
    void *ctx;
    /* Copies the oldest waiting frame and returns its length, 0 when none waits. A frame longer
     * than cap is dropped by the port. Frames from the wire only: one with the shared MAC as its
     * source comes from another station. */
    size_t (*receive)(void *ctx, uint8_t *out, size_t cap);
    /* Takes a copy. Returns 0, or -1 when the frame could not be queued (treated as lost). */
    int (*send)(void *ctx, const uint8_t *frame, size_t len);
    bool (*link_up)(void *ctx);
    /* NULL where no host shares the MAC (HAL_HOST_ABSENT). The same for the frames that the host
     * itself sends, which pass the shared MAC on their way to the wire: that is how the ME knows
     * what the host has asked DHCP for. They are looked at and are never input. A frame waits here
     * before any answer to it waits in receive(). A port may leave out whatever is not UDP to port
     * 67, and need not have filled in the checksums. */
    size_t (*host_sent)(void *ctx, uint8_t *out, size_t cap);
};

#endif
