// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_WSMAN_H
#define MANAGE_WSMAN_H

#include "fw/manage/wsman_envelope.h"

/* WS-Management (DSP0226): Identify; Get, Put, Create, Delete, Enumerate, Pull, Release and methods
 * on a table of classes (MC). */

/* Writes the reply's envelope. Returns the HTTP status: 200, or that of a fault. */
uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, struct operation_call *call);

/* What follows the last '/' of an action or class. */
const char *wsman_last_part(const char *uri);

#endif
