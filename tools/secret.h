// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_SECRET_H
#define TOOLS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* How programs that hold passwords and keys protect them. */

#define SECRET_DUMPABLE_VARIABLE "PROVISO_DUMPABLE"

/* To be called first: the process leaves no core dump, and no debugger that does not run as root
 * attaches to it. SECRET_DUMPABLE_VARIABLE=1 in the environment keeps both, for debugging. */
void secret_keep(void);

/* One line of a file, "-" = standard input, without its end; calls with "-" read one line after the
 * other. No copy stays in a buffer of the C library's. Returns NULL, or what is wrong. A file with
 * more than one line is an error, and so is an empty line; out is then empty. */
const char *secret_read(const char *path, char *out, size_t cap);

/* Clears an argument that held a secret, so that lists of processes do not show it any more. value
 * points into argv. */
void secret_forget(const char *value);

#endif
