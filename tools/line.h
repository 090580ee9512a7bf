// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_LINE_H
#define TOOLS_LINE_H

/* Opens a serial line: a device, which becomes raw at 115,200 baud, or a stream socket that leads
 * to one, as QEMU's. Returns a descriptor; -1: why says what is wrong. */
int line_open(const char *path, const char **why);

#endif
