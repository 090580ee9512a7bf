// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LINUX_ERROR_H
#define HAL_LINUX_ERROR_H

#include <stdbool.h>

/* What could not be opened and why, in words for the user, one line. */
#define LINUX_ERROR_BYTES 512

struct linux_error {
    char text[LINUX_ERROR_BYTES];
};

/* Always false, so that a failing function can return it. */
bool linux_fail(struct linux_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
