// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SECTION_H
#define EXPLORE_SECTION_H

#include <stddef.h>

/* The variables of lwIP and mbedTLS, which the build joins in one section. */

#define SECTION_MAX 24576u

char *section_start(void);
size_t section_bytes(void);
/* As after program start. The first call, before anything has run, remembers how that was. */
void section_reset(void);
const char *section_pristine(void);

#endif
