// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_SCRIPT_H
#define SIM_SERVER_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "sim/server/http_reply.h"
#include "sim/server/pem_file.h"

/* What a set-up server asks of a device, as tables: the first stage in the order of ConfigMgr's log
 * (S4) or of MeshCentral (MC), the second stage, and operations that a scenario asks for singly. */

enum sca_protocol { SCA_SOAP, SCA_WSMAN, SCA_PROTOCOLS };

enum sca_verb {
    SCA_CALL,      /* a method: EOI, or WS-Man's Invoke */
    SCA_GET,       /* WS-Man */
    SCA_ENUMERATE, /* and Pull */
};

/* Values that requests hold. */
enum sca_value {
    SCA_NOTHING,
    SCA_TRUE,
    SCA_USER,
    SCA_ADMIN_DIGEST,
    SCA_MEBX_PASSWORD,
    SCA_HOST_NAME,
    SCA_DOMAIN_NAME,
    SCA_KEY_PAIR,
    SCA_CERTIFICATE,
    SCA_DEVICE_TIME,
    SCA_SERVER_TIME,
    SCA_PID,
    SCA_PPS,
    SCA_HOURS,
    SCA_MODE, /* as it was provisioned */
    SCA_REALM,
    SCA_CONTEXT, /* of an enumeration */
};

#define SCA_PARAMETERS 3

struct sca_parameter {
    const char *name;
    enum sca_value value;
};

struct sca_operation {
    uint8_t stage; /* 1 and 2: in this order; 0: only when asked for */
    enum sca_verb verb;
    const char *service; /* EOI service or WS-Man class */
    const char *name;    /* method or class; what scenarios call it */
    struct sca_parameter parameter[SCA_PARAMETERS];
    struct sca_parameter keep; /* of the reply, to be kept or compared */
    bool tolerant;             /* the script goes on whatever was answered */
    uint32_t tolerated;        /* ... or after this status, with a remark; 0 = none */
    const char *remark;
    bool short_log; /* the line says nothing of the client (S4) */
    bool undoes;    /* afterwards the device is in set-up again, or before it */
};

/* The next operation of that stage behind `after`, NULL = from the start; NULL at the end. */
const struct sca_operation *sca_next_operation(enum sca_protocol protocol, uint8_t stage,
                                               const struct sca_operation *after);
/* Of the first stage, or one that is asked for; NULL: none has the name. */
const struct sca_operation *sca_find_operation(enum sca_protocol protocol, bool first_stage,
                                               const char *name);

/* What the server brings and what it has learnt. */
struct sca_facts {
    const char *host_name, *domain_name, *admin_password, *mebx_password;
    const struct pem_file *device_certificate; /* NULL = none */
    const char *pid, *pps;                     /* new ones */
    uint32_t hours;
    uint64_t now_s; /* since 1970 */
    uint32_t device_time;
    char realm[HTTP_AUTH_TEXT], context[HTTP_AUTH_TEXT];
};

#define SCA_ADMIN_USER "admin"
#define SCA_BODY 8192u
#define SCA_LINE 256u

const char *sca_path(enum sca_protocol protocol, const struct sca_operation *op, char out[64]);
/* The SOAPAction header's value; "" = the protocol has none. */
const char *sca_soap_action(enum sca_protocol protocol, const struct sca_operation *op,
                            char out[160]);
/* pull: an enumeration's second half. False: it does not fit. */
bool sca_body(enum sca_protocol protocol, const struct sca_operation *op, bool pull,
              uint32_t message, const struct sca_facts *facts, char out[SCA_BODY], size_t *len);

/* Status of the reply (PT_STATUS), and what is kept of it. False: the body is no answer to it. */
bool sca_read_reply(enum sca_protocol protocol, const struct sca_operation *op, bool pull,
                    const char *body, struct sca_facts *facts, uint32_t *status);

/* "SecurityAdministration.CommitChanges finished with HRESULT = 0x0, ..." (S4) */
void sca_log_line(const struct sca_operation *op, bool pull, uint16_t http, uint32_t status,
                  char out[SCA_LINE]);

#endif
