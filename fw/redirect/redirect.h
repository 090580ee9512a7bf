// SPDX-License-Identifier: BSD-3-Clause
#ifndef REDIRECT_REDIRECT_H
#define REDIRECT_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/quota.h"
#include "fw/core/stream.h"
#include "fw/manage/digest.h"
#include "hal/machine.h"

/* Redirection (AMTTERM, MCMD): on ports 16994 and 16995 a console starts a session, logs in, and is
 * then connected with the machine's serial line ("serial over LAN", SOL). It knows streams of
 * bytes, not what carries them, and the time that the device says. */

/* The device's state for a session. Valid during one call. */
struct redirect_view {
    uint64_t now_ms;
    bool listens;                      /* the listener is open; otherwise connections are reset */
    bool sol;                          /* SOL can be used */
    bool plain;                        /* passwords may come in clear: MEBx permits it */
    bool machine_on;                   /* its serial port has power */
    const struct hal_machine *machine; /* NULL: there is none */
    const struct hal_entropy *entropy;
    const uint8_t *uuid; /* wire order */
};

/* Who may log in. */
struct redirect_account {
    uint8_t ha1[MD5_BYTES]; /* MD5 of user:realm:password */
    uint8_t number;         /* for the trace; 0 = the administrator */
    bool allowed;           /* to redirect */
    bool owner;             /* an administrator */
};

struct redirect_device {
    void *ctx;
    void (*view)(void *ctx, struct redirect_view *out);
    /* The account of that name. False: there is none. */
    bool (*account)(void *ctx, const char *realm, const char *user, size_t len,
                    struct redirect_account *out);
    void (*trace)(void *ctx, int event, uint32_t value, const char *text);
    void (*wrong_password)(void *ctx); /* somebody gave one */
    struct digest *digest;             /* the delays after wrong passwords are those of HTTP's */
};

enum redirect_stage {
    REDIRECT_FREE,     /* there is no session */
    REDIRECT_STARTING, /* nothing has been said */
    REDIRECT_LOGIN,    /* a session was started */
    REDIRECT_IDLE,     /* the console has shown who it is */
    REDIRECT_SOL,      /* the serial line is connected */
};

/* The serial line's part of a session. */
struct redirect_sol {
    uint32_t seq;          /* of the next message */
    uint16_t data_max;     /* bytes in one message to the console */
    uint16_t silence_ms;   /* after which a silent console is left; 0 = never */
    uint16_t stall_ms;     /* for bytes that the machine does not take */
    uint16_t heartbeat_ms; /* 0 = none */
    uint16_t data_left;    /* of the message to the machine that is being read */
    uint16_t told;         /* both bytes of the controls that the console knows; 0xFFFF = none */
    bool stalled;          /* the machine takes nothing, since stalled_ms */
    bool flushed;          /* bytes that it did not take were dropped: the console is to know */
    uint64_t stalled_ms, quiet_until_ms, heartbeat_due_ms;
};

struct redirect_session {
    struct redirect *redirect;
    struct stream stream;
    uint8_t stage;     /* enum redirect_stage */
    bool closing;      /* it ends as soon as what is to be said has left */
    bool waits;        /* a password may not be checked yet */
    bool stuck;        /* a part of what is to be said cannot leave */
    bool ended;        /* by an administrator: noticed when it is polled */
    uint8_t account;   /* redirect_account.number */
    uint8_t challenge; /* the kind of log-in that the nonce is for; 0 = there is none */
    uint64_t next_ms;  /* when something is due */
    uint64_t limit_ms; /* for the log-in, and again for the start */
    uint64_t heard_ms; /* the console was last heard */
    uint64_t stuck_ms; /* since when nothing of what is to be said has left; while stuck */
    uint16_t in_len, out_len, out_sent;
    char nonce[DIGEST_HEX + 1];
    struct redirect_sol sol;
    uint8_t in[LIMIT_REDIRECT_MESSAGE]; /* the message that is being read */
    uint8_t out[10 + LIMIT_SOL_DATA];   /* nothing is read while something is in it */
};

struct redirect {
    struct redirect_device device;
    struct quota refused; /* limits the trace records that strangers can cause */
    struct redirect_session session[LIMIT_REDIRECT_SESSIONS];
};

void redirect_init(struct redirect *redirect, const struct redirect_device *device);
/* The functions for a carrier. Each connection is a session: once its console has shown who it is,
 * it goes on beside the turns. */
struct stream_service redirect_service(struct redirect *redirect);

/* The account whose session is open: redirect_account.number. */
#define REDIRECT_NOBODY (-1)
int redirect_user(const struct redirect *redirect);

static inline bool redirect_is_open(const struct redirect *redirect)
{
    return redirect_user(redirect) != REDIRECT_NOBODY;
}

/* Ends the sessions of those who have logged in, when they are next polled. */
void redirect_end_all(struct redirect *redirect);

#endif
