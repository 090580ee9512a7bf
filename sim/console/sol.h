// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CONSOLE_SOL_H
#define SIM_CONSOLE_SOL_H

#include "sim/console/wire.h"
#include "sim/server/http_reply.h"

/* A console's end of serial over LAN: the redirection protocol on ports 16994 and 16995 as amtterm
 * and MeshCommander speak it (AMTTERM, MCMD). It logs in by the strongest way that is offered:
 * digest with qop, digest, in clear. It answers heartbeats and sends none. */

#define SOL_PATIENCE_MS 30000u /* until the session is open */
#define SOL_BYTES 4096u

enum sol_state {
    SOL_NONE,
    SOL_CONNECTING, /* to the end of the log-in */
    SOL_OPEN,
    SOL_BUSY,    /* another one has the session */
    SOL_REFUSED, /* the log-in, or the session */
    SOL_ENDED,   /* it was open */
    SOL_FAILED,  /* no connection, no answer, or not this protocol */
    SOL_STATES
};

struct sol {
    enum sol_state state;
    const char *why; /* in words, of REFUSED and FAILED */
    const char *user, *password;
    uint8_t phase;        /* what is awaited */
    uint8_t type;         /* of the log-in that is tried */
    bool answered;        /* the digest was sent */
    uint64_t deadline_ms; /* of CONNECTING */
    uint32_t sequence;
    struct wire wire;
    const struct hal_entropy *entropy;
    struct http_auth auth;
    uint8_t in[SOL_BYTES], out[SOL_BYTES];
    size_t in_len, out_len;
    void *ctx;
    /* What the machine's serial line said. */
    void (*text)(void *ctx, const uint8_t *bytes, size_t len);
};

/* user and password must live as long. False: it is connecting or open already. */
bool sol_begin(struct sol *sol, bool tls, uint32_t ip, const char *user, const char *password,
               uint64_t now_ms);
void sol_end(struct sol *sol); /* in order */
/* False: it is not open, or there is no room. */
bool sol_type(struct sol *sol, const char *text);
void sol_run(struct sol *sol, uint64_t now_ms);
uint64_t sol_next_ms(const struct sol *sol);

#endif
