#ifndef CORE_PSK_H
#define CORE_PSK_H

#include <stdbool.h>

#include "fw/core/limits.h"

/* PID and PPS (G-cksum): capital letters and digits; the last character of the PID and of every
 * group of four of the PPS is a check character over those before it: sum of their ASCII codes
 * modulo 36, 0-9 as '0'..'9', 10-35 as 'A'..'Z'. */

/* Accepts the text with or without dashes between groups of four, lower case refused. False: wrong
 * length, character or check character; out is then untouched. out is NUL-terminated. */
bool psk_read_pid(const char *text, char out[LIMIT_PID + 1]);
bool psk_read_pps(const char *text, char out[LIMIT_PPS + 1]);

/* 8-32 characters of 7-bit ASCII 33-126 (and blank), at least one lower, upper, digit and special
 * character; ':' '"' ',' are not allowed, '_' and blank do not count as special (DELL). */
bool password_is_strong(const char *password);

#endif
