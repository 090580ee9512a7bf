// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_OPERATION_H
#define MANAGE_OPERATION_H

#include "fw/manage/manage_device.h"
#include "fw/manage/out.h"
#include "fw/manage/soap.h"

/* What a server can make the device do, by either protocol: a method has the same name, parameters
 * and statuses in both. To add a method, add a row to the table in operation.c. */

#define AMT_SCHEMA "http://intel.com/wbem/wscim/1/amt-schema/1/"
/* The two identities that there can be: 0 the one in use, 1 the pending one (MC). */
#define CERTIFICATE_HANDLE_0 "Intel(r) AMT Certificate: Handle: 0"
#define CERTIFICATE_HANDLE_1 "Intel(r) AMT Certificate: Handle: 1"
#define KEY_HANDLE_0 "Intel(r) AMT Key: Handle: 0"
#define KEY_HANDLE_1 "Intel(r) AMT Key: Handle: 1"

struct operation_call {
    const struct manage_device *device;
    struct pending *pending;
    const struct manage_view *view;
    const struct soap_request *request;
    struct out *out;    /* where results are written, as elements with this prefix */
    const char *prefix; /* "" = none */
    const char *why;    /* a reason for the status; NULL = none */
    bool last_reply;    /* the device changes its ports: this is the connection's last reply */
};

/* The older SOAP services (EOI), with a path each (AMTTOOL); eoi.c writes their envelopes. */
enum eoi_service {
    EOI_SECURITY_ADMINISTRATION,
    EOI_NETWORK_ADMINISTRATION,
    EOI_NETWORK_TIME, /* assumed by pattern (RTK has its namespace) */
    EOI_REMOTE_CONTROL,
    EOI_SERVICES
};

/* Return the number of an operation; -1: there is none. */
int operation_of_eoi(enum eoi_service service, const char *method);
int operation_of_class(const char *class, const char *method);

/* Returns a PT_STATUS, and traces it. NOT_PERMITTED: not allowed in this state (assumed). Results
 * are written only on SUCCESS. */
uint32_t operation_run(int operation, struct operation_call *call);

#endif
