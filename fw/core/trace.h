// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_TRACE_H
#define CORE_TRACE_H

#include "fw/core/limits.h"

/* The records that the device writes to struct hal_trace while it runs: the same for a test, a
 * transcript and a board's UART. Columns: value; text; source, if there is one. */
enum trace_event {
    TRACE_BOOT,          /* 0; release name; - */
    TRACE_STATE,         /* enum setup_state now; the rule that fired; source */
    TRACE_WINDOW_OPEN,   /* length in seconds; the rule; source */
    TRACE_WINDOW_CLOSED, /* 0; the rule; source */
    TRACE_RESTORED,      /* bare-metal hours afterwards; "Intel default" or "OEM default"; source */
    TRACE_NET_MODE,      /* 0; "closed", "active", "passive" or "fixed"; - */
    TRACE_LINK,          /* 0 down, 1 up; -; - */
    TRACE_ADDRESS,       /* IPv4 (a.b.c.d = 0xaabbccdd), 0 when lost; option 15 or NULL; - */
    TRACE_WITNESSED,     /* IPv4 of a DHCP ACK for the shared MAC; option 15 or NULL; - */
    TRACE_OPTION15,      /* 1: DHCP gives another name; that, NULL = none any more; -
                            0: it is no domain's name and not used; NULL; - */
    TRACE_ATTEMPT,       /* retry field; "PSK" or "PKI"; - */
    TRACE_LOOKUP,        /* 0; the name asked for; - */
    TRACE_LOOKUP_FAILED, /* 0; the name; - */
    TRACE_CONNECT,       /* IPv4; -; - */
    TRACE_CONNECT_FAILED,  /* IPv4; reason; - */
    TRACE_HELLO_DELIVERED, /* retry field; -; - */
    TRACE_ATTEMPT_FAILED,  /* retry field; reason; - */
    TRACE_AMTHI,           /* command; its name or NULL; - */
    TRACE_AMTHI_STATUS,    /* PT_STATUS; its name or NULL; source of the rule or NULL */
    TRACE_STORE_ERROR,     /* enum store_error, negated; -; - */
    TRACE_NO_ENTROPY,      /* 0; -; - */
    TRACE_DISABLED,        /* 0; "BIOS" or "MEBx": AMT is off; - */
    TRACE_NO_ADDRESS,      /* 0; why there can be no address; - */
#if FW_MANAGE
    TRACE_OPERATION, /* PT_STATUS; the operation, or why it failed; - */
    TRACE_REQUEST,   /* HTTP status; method, action and class, or path; NULL = unreadable; - */
#endif
#if FW_MACHINE
    TRACE_MACHINE,             /* enum machine_command; what the machine is asked for; - */
    TRACE_REDIRECTION,         /* 100 * account's number + audit event's; that event; - */
    TRACE_REDIRECTION_REFUSED, /* 0; why a connection was ended; - */
#endif
/* Last: the others have the same numbers without them, and boards share objects (hal/boards.mk). */
#if FW_TLS
    TRACE_TLS_ACCEPTED, /* IPv4 of the client; its certificate's CN, its PID, or NULL; - */
    TRACE_TLS_REFUSED,  /* IPv4 of the client; why it is not trusted; source */
    TRACE_TLS_FAILED,   /* IPv4 of the client; why the hand-shake failed; - */
#endif
    TRACE_EVENTS,
};

/* Each event's word, and the format in which text_print() adds its value; %l: trace_line(). */
#define TRACE_LIST(X)                                                                              \
    X(TRACE_BOOT, "boot", "")                                                                      \
    X(TRACE_STATE, "state", " %l")                                                                 \
    X(TRACE_WINDOW_OPEN, "window-open", " for %u s")                                               \
    X(TRACE_WINDOW_CLOSED, "window-closed", "")                                                    \
    X(TRACE_RESTORED, "restored", " bare-metal %u h")                                              \
    X(TRACE_NET_MODE, "net-mode", "")                                                              \
    X(TRACE_LINK, "link", " %l")                                                                   \
    X(TRACE_ADDRESS, "address", " %a")                                                             \
    X(TRACE_WITNESSED, "witnessed", " %a")                                                         \
    X(TRACE_OPTION15, "option15", " %u")                                                           \
    X(TRACE_ATTEMPT, "attempt", " retry %u")                                                       \
    X(TRACE_LOOKUP, "lookup", "")                                                                  \
    X(TRACE_LOOKUP_FAILED, "lookup-failed", "")                                                    \
    X(TRACE_CONNECT, "connect", " %a")                                                             \
    X(TRACE_CONNECT_FAILED, "connect-failed", " %a")                                               \
    X(TRACE_HELLO_DELIVERED, "hello-delivered", " retry %u")                                       \
    X(TRACE_ATTEMPT_FAILED, "attempt-failed", " retry %u")                                         \
    X(TRACE_AMTHI, "amthi", " 0x%8X")                                                              \
    X(TRACE_AMTHI_STATUS, "amthi-status", " 0x%4X")                                                \
    X(TRACE_STORE_ERROR, "store-error", " %l")                                                     \
    X(TRACE_NO_ENTROPY, "no-entropy", "")                                                          \
    X(TRACE_DISABLED, "disabled", "")                                                              \
    X(TRACE_NO_ADDRESS, "no-address", "")                                                          \
    TRACE_LIST_MANAGE(X)                                                                           \
    TRACE_LIST_MACHINE(X)                                                                          \
    TRACE_LIST_TLS(X)

#if FW_TLS
#define TRACE_LIST_TLS(X)                                                                          \
    X(TRACE_TLS_ACCEPTED, "tls-accepted", " %a")                                                   \
    X(TRACE_TLS_REFUSED, "tls-refused", " %a")                                                     \
    X(TRACE_TLS_FAILED, "tls-failed", " %a")
#else
#define TRACE_LIST_TLS(X)
#endif

#if FW_MANAGE
#define TRACE_LIST_MANAGE(X)                                                                       \
    X(TRACE_OPERATION, "operation", " 0x%4X")                                                      \
    X(TRACE_REQUEST, "request", " %u")
#else
#define TRACE_LIST_MANAGE(X)
#endif

#if FW_MACHINE
#define TRACE_LIST_MACHINE(X)                                                                      \
    X(TRACE_MACHINE, "machine", "")                                                                \
    X(TRACE_REDIRECTION, "redirection", " %u")                                                     \
    X(TRACE_REDIRECTION_REFUSED, "redirection-refused", "")
#else
#define TRACE_LIST_MACHINE(X)
#endif

extern const char *const trace_words[TRACE_EVENTS]; /* "window-closed" */
const char *trace_word(int event); /* "unknown" for a number outside enum trace_event */

#endif
