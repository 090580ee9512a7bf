// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_SETUP_SESSION_H
#define SIM_SERVER_SETUP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/entropy.h"
#include "sim/server/script.h"
#include "sim/server/tls_client.h"

/* The half of a set-up application that calls the device back and sets it up: TLS, HTTP with
 * digest, and a script of operations, with a log like ConfigMgr's (S4). Hellos come from the other
 * half, hello_port.h, by way of the host of both, sca.h, which has the network. */

#define SCA_CLOCK_DEFAULT_S 1231938000u /* 2009-01-14 13:00:00 UTC, the day of S4's log */
#define SCA_CALL_BACK_MS 1000u          /* from the hello to the first connection, assumed */
#define SCA_SECOND_STAGE_MS 5000u       /* S4, MC: from the commit to the second stage */
#define SCA_PATIENCE_MS 30000u          /* for one answer, and for a connection, assumed */
#define SCA_PASSWORD_DEFAULT "admin"    /* S4: of the MEBx */

/* Who the server is and what it brings; what it is told to do wrong. Its owner keeps it, and all
 * it points to, as long as the server. */
struct sca_plan {
    enum sca_protocol protocol;
    struct pem_file certificate, device_certificate; /* without certificates: none */
    const char *pid, *pps;                           /* NULL = none; instead of the certificate */
    const char *password; /* of admin in set-up; NULL: what the server is used to */
    const char *admin_password, *mebx_password; /* to be set */
    const char *host_name, *domain_name;        /* likewise */
    bool idle;                                  /* hellos are only heard: it waits for orders */
    const struct sca_operation *stop_before, *disconnect_after, *reset_at;
    const struct sca_operation *without[4]; /* left out */
};

/* An operation of its own. */
struct sca_order {
    const struct sca_operation *operation;
    const char *pid, *pps;
    const char *host_name; /* NULL = the plan's */
    uint32_t hours;
};

#define SCA_ORDERS 4

enum sca_result { SCA_NONE, SCA_ACCEPTED, SCA_REFUSED, SCA_FAILED, SCA_RESULTS };

enum sca_stage {
    SCA_STAGE_ORDER,
    SCA_STAGE_FIRST,
    SCA_STAGE_SECOND,
    SCA_STAGE_OLD, /* the old credentials must not be right any more */
    SCA_STAGES
};

struct setup_observer {
    void *ctx;
    void (*log)(void *ctx, const char *line);
    /* http 0: no answer came. */
    void (*done)(void *ctx, const struct sca_operation *op, uint16_t http, uint32_t status);
    void (*stage)(void *ctx, enum sca_stage stage, enum sca_result result);
};

enum setup_session_state {
    SETUP_SESSION_IDLE,
    SETUP_SESSION_WAITING,
    SETUP_SESSION_CONNECTING,
    SETUP_SESSION_ASKING
};

struct setup_session {
    const struct sca_plan *plan; /* NULL = none: hellos are only heard */
    const struct hal_entropy *entropy;
    struct setup_observer observer;
    enum setup_session_state state;
    enum sca_stage stage;
    uint64_t now_ms, deadline_ms;
    uint64_t clock_s; /* since 1970, when the world began */
    uint32_t device_ip;
    bool committed;      /* the first stage has succeeded */
    uint8_t account;     /* which password is tried */
    uint8_t old_account; /* which one was right in set-up */
    bool account_tried;  /* an answer to it is awaited */
    const struct sca_operation *op;
    bool pull;
    uint32_t message;
    struct sca_order order[SCA_ORDERS];
    uint32_t orders;
    struct sca_facts facts;
    struct http_auth auth;
    struct tls_client tls;
    struct http_reply reply;
    char request[SCA_BODY + 2048];
    size_t request_len, request_sent;
};

void setup_session_init(struct setup_session *session, const struct hal_entropy *entropy,
                        const struct setup_observer *observer);
/* NULL: no plan any more. What is under way ends with a reset. */
void setup_session_plan(struct setup_session *session, const struct sca_plan *plan);
void setup_session_hello(struct setup_session *session, uint32_t device_ip, uint64_t now_ms);
/* False: no plan, no device known, or too many orders. */
bool setup_session_ask(struct setup_session *session, const struct sca_order *order,
                       uint64_t now_ms);
/* After each time that lwIP ran, and at setup_session_next_ms(); lwIP's variables in place. */
void setup_session_run(struct setup_session *session, uint64_t now_ms);
uint64_t setup_session_next_ms(const struct setup_session *session);
/* Sends nothing. */
void setup_session_free(struct setup_session *session);

#endif
