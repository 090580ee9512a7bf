#ifndef CORE_TRACE_H
#define CORE_TRACE_H

/* What the device reports while it runs, through hal_console. A test, a transcript and a board's
 * UART all read the same records. Columns: value; text; source present or not. */
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
    TRACE_NO_ADDRESS,      /* 0; why there can be none; - */
    TRACE_REQUEST, /* HTTP status; method, action and class, or path; NULL = unreadable; - */
};

#define TRACE_EVENTS (TRACE_REQUEST + 1)

extern const char *const trace_words[TRACE_EVENTS]; /* "window-closed" */
const char *trace_word(int event); /* "unknown" for a number outside enum trace_event */

#endif
