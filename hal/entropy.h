#ifndef HAL_ENTROPY_H
#define HAL_ENTROPY_H

#include <stddef.h>

/* Randomness. Called by fw/net (transaction ids, ports, sequence numbers), fw/host (RNG seed
 * status) and fw/manage (nonces) from device_boot() and device_poll() only; never from an
 * interrupt. */
struct hal_entropy {
    void *ctx;
    /* Fills len bytes. Returns 0, or -1 when the port has no source of randomness: the device then
     * reports its RNG seed as missing and does not open its interface. Does not block. */
    int (*fill)(void *ctx, void *out, size_t len);
};

#endif
