#ifndef MANAGE_EOI_H
#define MANAGE_EOI_H

#include <stdint.h>

#include "fw/manage/soap.h"

struct operation_call;

/* The older SOAP services (EOI), one path each (AMTTOOL). */
enum eoi_service {
    EOI_SECURITY_ADMINISTRATION,
    EOI_NETWORK_ADMINISTRATION,
    EOI_NETWORK_TIME, /* assumed by pattern (RTK has its namespace) */
    EOI_REMOTE_CONTROL,
    EOI_SERVICES
};

/* Writes the reply's envelope. Returns the HTTP status: 200, or 500 with a fault (SOAP 1.1 6.2). */
uint16_t eoi_reply(enum eoi_service service, enum soap_state state, struct operation_call *call);

#endif
