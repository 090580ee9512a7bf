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
     * than cap is dropped by the port. The port also hands up the frames that the host itself
     * sends (they pass the shared MAC): that is how the ME witnesses the host's DHCP. */
    size_t (*receive)(void *ctx, uint8_t *out, size_t cap);
    /* Takes a copy. Returns 0, or -1 when the frame could not be queued (treated as lost). */
    int (*send)(void *ctx, const uint8_t *frame, size_t len);
    bool (*link_up)(void *ctx);
};

#endif
