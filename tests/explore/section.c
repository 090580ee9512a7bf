// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/section.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bounds of the section, given by the linker (tools/lwip-world.lds). */
extern char __start_lwip_world[], __stop_lwip_world[];

static char pristine[SECTION_MAX];
static bool remembered;

char *section_start(void)
{
    return __start_lwip_world;
}

size_t section_bytes(void)
{
    return (size_t)(__stop_lwip_world - __start_lwip_world);
}

const char *section_pristine(void)
{
    if (!remembered) {
        if (section_bytes() > SECTION_MAX) {
            fprintf(stderr, "explore: lwip_world has %zu bytes, SECTION_MAX is smaller\n",
                    section_bytes());
            exit(2);
        }
        memcpy(pristine, __start_lwip_world, section_bytes());
        remembered = true;
    }
    return pristine;
}

void section_reset(void)
{
    memcpy(__start_lwip_world, section_pristine(), section_bytes());
}
