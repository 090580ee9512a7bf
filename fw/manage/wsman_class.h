// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_CLASS_H
#define MANAGE_WSMAN_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/manage/operation.h"

/* The classes that WS-Management serves (MC): what each shows, what identifies an instance, and
 * which can be written. */

/* Returns a PT_STATUS. */
typedef uint32_t wsman_class_write(struct operation_call *c, uint32_t instance);

/* A key property: a selector has its name. Those of one reference stand together. */
#if FW_MACHINE
/* A key's value: id() returns it for the instance's number + this. */
extern const char wsman_second_id[];
#define WSMAN_SECOND 256u
#endif

struct wsman_key {
    const char *name;
    const char *value;         /* NULL: that of its id; "": the class's name */
    const char *reference;     /* the property, a reference, that holds this key; NULL = none */
    const char *space, *class; /* which the reference is to */
};

#if FW_MACHINE
/* One with always the same value. The last of a list has no name. */
struct wsman_property {
    const char *name, *value;
};
#endif

struct wsman_class {
    const char *space, *name;
    uint8_t read_act;  /* enum act: that must be permitted for reading ... */
    uint8_t write_act; /* ... and writing */
    uint8_t instances; /* 0: count() returns it; 1: can be read without a selector */
    uint8_t key_count;
    const struct wsman_key *keys; /* which tell any two instances apart */
    const char *fixed_id;         /* NULL: id() returns it */
    const char *(*id)(const struct manage_view *v, uint32_t instance);
    /* Writes the properties, but for key properties that are references; NULL = no others. */
    void (*read)(struct out *o, const struct manage_view *v, uint32_t instance);
    uint32_t (*count)(const struct manage_view *v);
    wsman_class_write *put, *create, *delete;
#if FW_MACHINE
    const char *shown_as; /* the class of its instances, if it is one below this; NULL = this */
    /* Written before those of read(), and before them the keys that are no references; NULL: read()
     * writes all of that. */
    const struct wsman_property *properties;
    bool dated; /* among them is a date: an element of DMTF's common schema, with the prefix h */
#endif
};

/* The classes of one area: a file class_<area>.c. */
struct wsman_classes {
    const struct wsman_class *first;
    uint8_t count;
};

/* What set-up reads and writes, and what a provisioned device shows of it. */
extern const struct wsman_classes class_setup;
#if FW_MACHINE
extern const struct wsman_classes class_power;     /* the machine's power and boot */
extern const struct wsman_classes class_log;       /* the event log */
extern const struct wsman_classes class_inventory; /* what it consists of */
extern const struct wsman_classes class_network; /* the ME's address, power package and the like */
extern const struct wsman_classes class_redirection; /* its listener, its sessions */
#endif

/* NULL: there is no such class. uri: its name behind its schema. */
const struct wsman_class *wsman_class_find(const char *uri);
uint32_t wsman_class_instances(const struct wsman_class *class, const struct manage_view *view);
/* Whether text is `one` followed by `other`: a schema and a name. */
bool wsman_is_joined(const char *text, const char *one, const char *other);

#endif
