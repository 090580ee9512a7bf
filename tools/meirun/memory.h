// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_MEIRUN_MEMORY_H
#define TOOLS_MEIRUN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Another process's memory; false: there is none at that address, or the process is gone. */
bool memory_read(pid_t thread, uint64_t address, void *out, size_t size);
bool memory_write(pid_t thread, uint64_t address, const void *data, size_t size);
/* A string, or what of it fits, with a NUL behind it. */
bool memory_text(pid_t thread, uint64_t address, char *out, size_t size);

#endif
