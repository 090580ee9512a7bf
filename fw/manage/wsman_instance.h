// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_INSTANCE_H
#define MANAGE_WSMAN_INSTANCE_H

#include "fw/manage/wsman_class.h"

/* Instances of classes, as replies show them and as requests select them (DSP0226 5.1.2). An index
 * is below wsman_class_instances(). */

enum wsman_selection {
    SELECTED,
    SELECTS_NONE,    /* a key has another value */
    SELECTS_UNKNOWN, /* a selector is no key of the class */
    SELECTS_TWICE,   /* a selector is there twice */
};

/* The instances with these selectors: count of them, from first on; none unless SELECTED. As many
 * selectors are enough as tell the instances apart (MC deletes by one key of four): without any all
 * are meant. */
enum wsman_selection wsman_select(const struct wsman_class *class, const struct manage_view *view,
                                  const struct soap_request *request, uint32_t *first,
                                  uint32_t *count);

/* Writes the endpoint reference of an instance, as an element of this name. */
void wsman_write_reference(struct out *out, const char *prefix, const char *name,
                           const struct wsman_class *class, const struct manage_view *view,
                           uint32_t instance);
/* Writes an instance as an element. */
void wsman_write_instance(struct out *out, const struct wsman_class *class,
                          const struct manage_view *view, uint32_t instance);

#endif
