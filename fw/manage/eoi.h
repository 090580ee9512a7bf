#ifndef MANAGE_EOI_H
#define MANAGE_EOI_H

#include "fw/manage/out.h"
#include "fw/manage/soap.h"
#include "fw/manage/view.h"

/* The older SOAP services (EOI), one path each (AMTTOOL). */
enum eoi_service {
    EOI_SECURITY_ADMINISTRATION,
    EOI_NETWORK_ADMINISTRATION,
    EOI_REMOTE_CONTROL,
    EOI_SERVICES
};

/* Writes the reply's envelope. Returns the HTTP status: 200, or 500 with a fault (SOAP 1.1 6.2). */
uint16_t eoi_reply(enum eoi_service service, enum soap_state state,
                   const struct soap_request *request, const struct manage_view *view,
                   struct out *out);

#endif
