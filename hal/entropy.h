// SPDX-License-Identifier: BSD-3-Clause
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
    /* NULL where the source is a real one. Set where it is a pool that would give the same after
     * two starts at which everything was the same: the device then mixes in the number of this
     * start from its store (fw/store/boot_count.h), and until it has, fill() returns -1. More can
     * be mixed in later. */
    void (*mix)(void *ctx, const void *data, size_t len);
};

#endif
