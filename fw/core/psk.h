// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_PSK_H
#define CORE_PSK_H

#include <stdbool.h>

#include "fw/core/limits.h"

/* PID and PPS (G-cksum) consist of capital letters and digits. The last character of the PID, and
 * of every group of four of the PPS, is a check character for those before it: the sum of their
 * ASCII codes modulo 36, with 0-9 as '0'..'9' and 10-35 as 'A'..'Z'. */

/* Accept the text with or without dashes between the groups of four; lower case is refused. False:
 * wrong length, character or check character; out is then unchanged. out is NUL-terminated. */
bool psk_read_pid(const char *text, char out[LIMIT_PID + 1]);
bool psk_read_pps(const char *text, char out[LIMIT_PPS + 1]);

#endif
