// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_ENVELOPE_H
#define MANAGE_WSMAN_ENVELOPE_H

#include "fw/core/limits.h"
#include "fw/manage/wsman_class.h"

/* A request of WS-Management's and the envelope of its reply, which may be a fault. */

#define WSMAN_ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define WSMAN_ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define WSMAN_TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define WSMAN_BASE "http://schemas.dmtf.org/wbem/wsman/1/wsman"
#define WSMAN_SELECTOR_DIALECT WSMAN_BASE "/SelectorFilter" /* of filters; DSP0226, annex */

enum wsman_mode { WSMAN_OBJECTS, WSMAN_REFERENCES, WSMAN_BOTH }; /* DSP0226 8.7 */

struct wsman_enumeration {
    uint32_t id; /* 0 = free */
    const struct wsman_class *class;
    uint8_t next, end; /* instances: to be pulled next, behind the last */
    uint8_t mode;      /* enum wsman_mode */
};

/* State that outlives connections. */
struct wsman {
    uint32_t messages, enumerations; /* how many so far */
    struct wsman_enumeration enumeration[LIMIT_ENUMERATIONS];
};

struct wsman_exchange {
    struct wsman *wsman;
    struct operation_call *call;
    const struct soap_request *request;
    const struct manage_view *view;
    struct out *out;
    const struct wsman_class *class; /* the one that the reply names; NULL = none */
};

/* Begins the reply's envelope. The action consists of three parts; the last may be "". */
void wsman_begin(struct wsman_exchange *x, const char *action_space, const char *action,
                 const char *end);
/* Ends it. Returns the HTTP status, 200. */
uint16_t wsman_finish(struct wsman_exchange *x);

enum wsman_fault {
    FAULT_XML,
    FAULT_LONG,
    FAULT_UNDERSTAND,
    FAULT_ELSEWHERE,
    FAULT_LOCALE,
    FAULT_FRAGMENT,
    FAULT_SMALL,
    FAULT_NO_ACTION,
    FAULT_ACTION,
    FAULT_CLASS,
    FAULT_NO_SELECTORS,
    FAULT_OTHER_SELECTORS,
    FAULT_SAME_SELECTORS,
    FAULT_INSTANCE,
    FAULT_MODE,
    FAULT_DIALECT,
    FAULT_FILTER,
    FAULT_CONTEXT,
    FAULT_ITEM,
    FAULT_CHARACTERS,
    FAULT_ACCESS,
    FAULT_BODY,
    FAULT_VALUE,
};

/* Makes the reply this fault (DSP0226 14.6), whatever has been written of it. Returns the HTTP
 * status: 400, which is the only other status that MC tolerates, or 500 where SOAP wants that. */
uint16_t wsman_fault(struct wsman_exchange *x, enum wsman_fault fault);

#endif
