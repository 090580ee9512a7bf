#ifndef MANAGE_WSMAN_H
#define MANAGE_WSMAN_H

#include "fw/core/limits.h"
#include "fw/manage/operation.h"

/* WS-Management (DSP0226): Identify, Get, Put, Create, Delete, Enumerate, Pull and methods on a
 * table of classes (MC). */

struct wsman_enumeration {
    uint32_t id;   /* 0 = free */
    uint8_t class; /* row */
    uint8_t next;  /* instance */
};

/* Outlives connections. */
struct wsman {
    uint32_t messages, enumerations; /* begun so far */
    struct wsman_enumeration enumeration[LIMIT_ENUMERATIONS];
};

/* Writes the reply's envelope. Returns the HTTP status: 200, or 400 with a fault, which peers
 * tolerate where they do not any other (MC). */
uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, struct operation_call *call);

/* What stands behind the last '/', in an action or a class. */
const char *wsman_last_part(const char *uri);

#endif
