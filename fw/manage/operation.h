// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_OPERATION_H
#define MANAGE_OPERATION_H

#include "fw/manage/manage_device.h"
#include "fw/manage/out.h"
#include "fw/manage/soap.h"

#if FW_MACHINE
#include "fw/core/machine.h"
#endif

/* What a server can make the device do, by either protocol: a method has the same name, parameters
 * and statuses in both. To add a method, add a row to the table of its area, operation_<area>.c. */

#define AMT_SCHEMA "http://intel.com/wbem/wscim/1/amt-schema/1/"
#define IPS_SCHEMA "http://intel.com/wbem/wscim/1/ips-schema/1/"
#define CIM_SCHEMA "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
/* The two identities that there can be: 0 the one in use, 1 the pending one (MC). */
#define CERTIFICATE_HANDLE_0 "Intel(r) AMT Certificate: Handle: 0"
#define CERTIFICATE_HANDLE_1 "Intel(r) AMT Certificate: Handle: 1"
#define KEY_HANDLE_0 "Intel(r) AMT Key: Handle: 0"
#define KEY_HANDLE_1 "Intel(r) AMT Key: Handle: 1"

struct operation_call {
    const struct manage_device *device;
    struct pending *pending;
    const struct manage_view *view;
#if FW_MACHINE
    struct machine_boot *boot; /* the machine's next one */
    uint32_t instance;         /* in WS-Man: whose method it is */
#endif
    const struct soap_request *request;
    struct out *out;    /* where results are written, as elements with this prefix */
    const char *prefix; /* "" = none */
    const char *why;    /* a reason for the status; NULL = none */
    bool last_reply;    /* the device changes its ports: this is the connection's last reply */
#if FW_MACHINE
    bool accounts_changed; /* so that no earlier answer is good again */
#endif
};

/* The older SOAP services (EOI), with a path each (AMTTOOL); eoi.c writes their envelopes. */
enum eoi_service {
    EOI_SECURITY_ADMINISTRATION,
    EOI_NETWORK_ADMINISTRATION,
    EOI_NETWORK_TIME, /* assumed by pattern (RTK has its namespace) */
    EOI_REMOTE_CONTROL,
    EOI_EVENT_MANAGER, /* with a machine to manage */
    EOI_REDIRECTION,   /* the same */
    EOI_SERVICES
};

enum operation_kind {
    OPERATION_CHANGES, /* the trace tells it */
    OPERATION_READS,   /* what anybody may ask again and again: the trace does not */
};

struct operation {
    const char *name;
    uint8_t eoi;       /* enum eoi_service; EOI_SERVICES = not in EOI */
    uint8_t act;       /* enum act; permits.c says when each is permitted */
    const char *class; /* NULL = not in WS-Man */
    /* Returns a PT_STATUS. Results are dropped unless it is SUCCESS. */
    uint32_t (*run)(struct operation_call *c);
    uint8_t kind; /* enum operation_kind */
};

struct operations {
    const struct operation *first;
    uint8_t count;
};

/* operation_setup.c: what set-up consists of; operation_read.c: what amttool reads. */
extern const struct operations operation_setup, operation_read;
#if FW_MACHINE
extern const struct operations operation_power;   /* the machine's power and boot */
extern const struct operations operation_log;     /* the event log */
extern const struct operations operation_network; /* the ME's address and power package */

/* Puts this address in effect once the reply has left, or DHCP; nothing happens if it is so
 * already. INVALID_PARAMETER: what no machine can have. */
uint32_t operation_set_address(struct operation_call *c, bool dhcp,
                               const struct static_address *fixed);

/* The power packages that a release offers, from 0 on: how many, and which package each is. */
uint32_t operation_packages(const struct release *release);
uint32_t operation_package(const struct release *release, uint32_t scheme);
/* A package's GUID in base64. */
const char *operation_package_guid(uint32_t package);
extern const struct operations operation_redirection; /* its sessions, who may open them */

/* Opens or closes redirection's listener, as this flag of the request says. Returns a PT_STATUS. */
uint32_t operation_set_listener(struct operation_call *c, enum soap_field field);

/* What CIM_BootSourceSetting has; until 6.x the last one, too (G-boot). */
#define OPERATION_BOOT_SOURCES 4
extern const struct operation_boot_source {
    const char *id, *structured;
    uint8_t source; /* enum boot_source */
} operation_boot_sources[OPERATION_BOOT_SOURCES];
extern const struct operations operation_users; /* who may come in, and to what */
#endif

/* NULL: there is none. */
const struct operation *operation_of_eoi(enum eoi_service service, const char *method);
const struct operation *operation_of_class(const char *class, const char *method);

/* Returns a PT_STATUS, and traces it. NOT_PERMITTED: not allowed in this state (assumed), or not to
 * who asks. Results are written only on SUCCESS. */
uint32_t operation_run(const struct operation *operation, struct operation_call *call);

/* For the tables' functions. */
static inline uint32_t operation_command(struct operation_call *c, enum manage_command command,
                                         uint32_t value)
{
    return c->device->run(c->device->ctx, command, value, &c->why);
}

#endif
