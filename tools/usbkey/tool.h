// SPDX-License-Identifier: BSD-3-Clause
#ifndef USBKEY_TOOL_H
#define USBKEY_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/usb.h"
#include "tools/options.h"

#define TOOL_OK 0
#define TOOL_REFUSED 1
#define TOOL_USAGE 2

#define TOOL_SECRET "********" /* however long the secret is */

/* One line on standard error; returns TOOL_USAGE. */
int tool_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define TOOL_END (-1)
#define TOOL_BAD (-2)
#define TOOL_OPERAND (-3)
/* Index of the option that comes next, or one of the above; TOOL_BAD has been reported. */
int tool_next(struct options *args, const struct options_known *options);

/* A whole setup.bin in memory. */
struct image {
    uint8_t *bytes;
    size_t len;
};

int image_load(const char *path,
               struct image *image); /* "-" = standard input; reports what is wrong */
struct hal_usb image_usb(struct image *image);
void image_free(struct image *image); /* wipes it first */

int cmd_make(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_check(int argc, char **argv);

#endif
