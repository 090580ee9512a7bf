// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_LWIP_WORLD_H
#define SIM_LWIP_WORLD_H

/* lwIP and mbedTLS keep their state in variables of their own. The build puts them all into one
 * section, so that a host process can hold several stacks: each has an image of the section, and
 * the one that runs is copied in. */
struct lwip_image;

/* An image as after program start. NULL without memory. */
struct lwip_image *lwip_image_new(void);
/* The chip was reset: as after program start again. */
void lwip_image_reset(struct lwip_image *image);
/* From here on lwIP's variables are this image's. */
void lwip_image_enter(struct lwip_image *image);
void lwip_image_free(struct lwip_image *image);

#endif
