// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_EOI_H
#define MANAGE_EOI_H

#include <stdint.h>

#include "fw/manage/operation.h"

/* The older SOAP services (EOI, AMTTOOL): SOAP envelopes around operations. */

/* Writes the reply's envelope. Returns the HTTP status: 200, or 500 with a fault (SOAP 1.1 6.2). */
uint16_t eoi_reply(enum eoi_service service, enum soap_state state, struct operation_call *call);

#endif
