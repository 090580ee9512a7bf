// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_H
#define MANAGE_WSMAN_H

#include "fw/core/limits.h"
#include "fw/manage/operation.h"
#include "fw/manage/wsman_class.h"

/* WS-Management (DSP0226): Identify; Get, Put, Create, Delete, Enumerate, Pull and methods on a
 * table of classes (MC). */

struct wsman_enumeration {
    uint32_t id; /* 0 = free */
    const struct wsman_class *class;
    uint8_t next; /* instance to be pulled next */
};

/* State that outlives connections. */
struct wsman {
    uint32_t messages, enumerations; /* how many so far */
    struct wsman_enumeration enumeration[LIMIT_ENUMERATIONS];
};

/* Writes the reply's envelope. Returns the HTTP status: 200, or 400 with a fault, the only other
 * status that peers tolerate (MC). */
uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, struct operation_call *call);

/* What follows the last '/' of an action or class. */
const char *wsman_last_part(const char *uri);

#endif
