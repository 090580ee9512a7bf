// SPDX-License-Identifier: BSD-3-Clause
#include "sim/base/lwip_world.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/wipe.h"

/* Bounds of the section, given by the linker (tools/lwip-world.lds). */
extern char __start_lwip_world[], __stop_lwip_world[];

struct lwip_image {
    char *bytes;
};

static char *pristine;
static struct lwip_image *entered;

static size_t section_bytes(void)
{
    return (size_t)(__stop_lwip_world - __start_lwip_world);
}

struct lwip_image *lwip_image_new(void)
{
    struct lwip_image *image = malloc(sizeof(*image));

    if (!pristine && (pristine = malloc(section_bytes())))
        memcpy(pristine, __start_lwip_world, section_bytes());
    if (!image || !pristine || !(image->bytes = malloc(section_bytes()))) {
        free(image);
        return NULL;
    }
    memcpy(image->bytes, pristine, section_bytes());
    return image;
}

void lwip_image_reset(struct lwip_image *image)
{
    char *to = image == entered ? __start_lwip_world : image->bytes;

    memcpy(to, pristine, section_bytes());
}

void lwip_image_enter(struct lwip_image *image)
{
    if (image == entered)
        return;
    if (entered)
        memcpy(entered->bytes, __start_lwip_world, section_bytes());
    memcpy(__start_lwip_world, image->bytes, section_bytes());
    entered = image;
}

void lwip_image_free(struct lwip_image *image)
{
    if (!image)
        return;
    if (image == entered) {
        entered = NULL;
        memcpy(__start_lwip_world, pristine, section_bytes());
    }
    wipe(image->bytes, section_bytes()); /* what was received may hold passwords */
    free(image->bytes);
    free(image);
}
