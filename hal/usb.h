// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_USB_H
#define HAL_USB_H

#include <stddef.h>
#include <stdint.h>

/* The setup.bin of a USB stick that is plugged in while the machine starts, as the BIOS hands it
 * over. Called by fw/host from device_usb_key() only. */
struct hal_usb {
    void *ctx;
    /* Length of the file in bytes, -1 when there is none. */
    int64_t (*size)(void *ctx);
    /* Both return 0, or -1 on an error or outside the file; write never lengthens it. */
    int (*read)(void *ctx, uint32_t offset, void *out, size_t len);
    int (*write)(void *ctx, uint32_t offset, const void *data, size_t len);
};

#endif
