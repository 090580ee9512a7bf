// SPDX-License-Identifier: BSD-3-Clause
#include "hal/linux/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

bool linux_fail(struct linux_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    return false;
}
