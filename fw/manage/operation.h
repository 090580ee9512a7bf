#ifndef MANAGE_OPERATION_H
#define MANAGE_OPERATION_H

#include "fw/manage/host.h"
#include "fw/manage/out.h"
#include "fw/manage/soap.h"

/* What a server can have done, by either protocol: a method has the same name, parameters and
 * statuses in both. A method more is a row more in the table. */

#define AMT_SCHEMA "http://intel.com/wbem/wscim/1/amt-schema/1/"
/* The two keys and certificates that there can be: in use, and pending (MC). */
#define CERTIFICATE_HANDLE_0 "Intel(r) AMT Certificate: Handle: 0"
#define CERTIFICATE_HANDLE_1 "Intel(r) AMT Certificate: Handle: 1"
#define KEY_HANDLE_0 "Intel(r) AMT Key: Handle: 0"
#define KEY_HANDLE_1 "Intel(r) AMT Key: Handle: 1"

struct operation_call {
    const struct manage_host *host;
    struct pending *pending;
    const struct manage_view *view;
    const struct soap_request *request;
    struct out *out;    /* results go there as elements with this prefix */
    const char *prefix; /* "" = none */
    const char *why;    /* a reason for the status, NULL = it says enough */
    bool ends;          /* the device lets its ports go: this is the connection's last reply */
};

/* The older SOAP services (EOI), one path each (AMTTOOL); the envelopes are eoi.c's. */
enum eoi_service {
    EOI_SECURITY_ADMINISTRATION,
    EOI_NETWORK_ADMINISTRATION,
    EOI_NETWORK_TIME, /* assumed by pattern (RTK has its namespace) */
    EOI_REMOTE_CONTROL,
    EOI_SERVICES
};

/* -1: there is none. */
int operation_of_eoi(enum eoi_service service, const char *method);
int operation_of_class(const char *class, const char *method);

/* Returns a PT_STATUS, and traces it. NOT_PERMITTED when it is not served in this state (assumed).
 * Results are written on SUCCESS only. */
uint32_t operation_run(int operation, struct operation_call *call);

#endif
