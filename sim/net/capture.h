// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CAPTURE_H
#define SIM_CAPTURE_H

#include <stdint.h>
#include <stdio.h>

#include "sim/net/lan.h"

/* pcapng with one interface per sender ("me", "host", "lan"; if_tsresol microseconds), so that a
 * reader can tell the ME's frames from the host's although both have the same MAC. Times are
 * virtual, counted from CAPTURE_EPOCH_S. Written without host name, user or wall clock: the same
 * seed gives the same file. */

#define CAPTURE_EPOCH_S 1247254980u /* 2009-07-10T19:43:00Z, the forum thread's date (S0) */

struct capture {
    FILE *file;
};

/* Returns 0, or -1 with errno set. A file that is there is replaced. */
int capture_open(struct capture *capture, const char *path);
void capture_frame(struct capture *capture, uint64_t time_us, enum lan_sender from,
                   const uint8_t *frame, size_t len);
int capture_close(struct capture *capture); /* -1, errno set, when any write failed */

#endif
