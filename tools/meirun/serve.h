// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_MEIRUN_SERVE_H
#define TOOLS_MEIRUN_SERVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tools/mei/driver.h"
#include "tools/meirun/filter.h"

/* Answers the system calls that filter.h hands over, as Linux's driver would. */

#define SERVE_WAITING 32

/* A call that cannot be answered yet: the program waits in it. */
struct serve_waiting {
    int fd; /* our duplicate of the program's descriptor; -1 = free */
    short events;
    int call; /* SYS_read, SYS_write, SYS_ioctl */
    int number;
    pid_t thread;
    uint64_t id, address, size;
    uint64_t until_ms; /* UINT64_MAX = for ever */
};

struct serve {
    int listener;
    const char *socket_path;
    struct filter_range range;
    struct serve_waiting waiting[SERVE_WAITING];
};

void serve_init(struct serve *s, int listener, const char *socket_path,
                const struct filter_range *range);
/* Waits for something to do, or for `also` to be readable, and does it. False: nobody is left who
 * makes such calls. */
bool serve(struct serve *s, int also);

#endif
