// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_CLASS_H
#define MANAGE_WSMAN_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/manage/operation.h"

/* The classes that WS-Management serves (MC): what each shows, and which can be written. */

/* Returns a PT_STATUS. */
typedef uint32_t wsman_class_write(struct operation_call *c, uint32_t instance);

struct wsman_class {
    const char *space, *name;
    uint8_t read_act;  /* enum act: that must be permitted for reading ... */
    uint8_t write_act; /* ... and writing */
    uint8_t instances; /* 0: count() returns it; 1: can be read without a selector */
    void (*read)(struct out *o, const struct manage_view *v, uint32_t instance);
    uint32_t (*count)(const struct manage_view *v);
    const char *const *keys; /* the selector of each instance; NULL: there is at most one */
    wsman_class_write *put, *create, *delete;
};

/* NULL: there is no such class. uri: its name behind its schema. */
const struct wsman_class *wsman_class_find(const char *uri);
uint32_t wsman_class_instances(const struct wsman_class *class, const struct manage_view *view);
/* Writes one instance as an element; instance is below wsman_class_instances(). */
void wsman_class_write_instance(struct out *out, const struct wsman_class *class,
                                const struct manage_view *view, uint32_t instance);
/* Whether text is `one` followed by `other`: a schema and a name. */
bool wsman_is_joined(const char *text, const char *one, const char *other);

#endif
