// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include <stdio.h>

/* Writes text as a JSON string with its quotes. Bytes from 0x80 up are passed through: text is
 * UTF-8 or ASCII. */
void json_string(FILE *out, const char *text);

#endif
