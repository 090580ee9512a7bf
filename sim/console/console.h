// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CONSOLE_H
#define SIM_CONSOLE_H

#include "sim/console/call.h"
#include "sim/console/sol.h"
#include "sim/server/station.h"

/* An administrator's console on the segment: it switches the machine, reads from the device and
 * changes it over HTTP, and looks over the machine's serial line. It shares no code with the
 * firmware but lwIP below. */

#define CONSOLE_LINE 160u

enum console_event_kind {
    CONSOLE_EVENT_SAYS, /* text: what it does, or what has become of it */
    CONSOLE_EVENT_CALL, /* an order is over: result, http, status, value */
    CONSOLE_EVENT_SOL,  /* the session's state is another one: sol */
    CONSOLE_EVENT_TEXT, /* from the serial line: bytes, len */
};

struct console_event {
    enum console_event_kind kind;
    uint32_t ip;
    const char *text;
    enum call_result result;
    uint16_t http;
    uint32_t status, value;
    enum sol_state sol;
    const uint8_t *bytes;
    size_t len;
};

struct console_observer {
    void *ctx;
    void (*event)(void *ctx, const struct console_event *event);
};

extern const char *const call_result_words[CALL_RESULTS]; /* "none", "done", ... */
extern const char *const sol_state_words[SOL_STATES];     /* "none", "connecting", ... */

struct console {
    struct station station;
    struct console_observer observer;
    struct call call;
    struct sol sol;
    bool call_was_busy;
    enum sol_state sol_was;
};

/* False without memory or a free port on the segment; console_free() all the same. */
bool console_init(struct console *console, struct sim_clock *clock, struct lan *lan, uint64_t seed,
                  uint32_t ip, const struct console_observer *observer);
/* How it speaks to devices from now on. */
void console_use(struct console *console, enum console_protocol protocol, bool tls);
/* Each: NULL, or why it cannot. What is pointed to must outlive the console. */
const char *console_order(struct console *console, uint32_t device_ip,
                          const struct console_order *order);
const char *console_sol_open(struct console *console, uint32_t device_ip, const char *user,
                             const char *password);
const char *console_sol_close(struct console *console);
const char *console_type(struct console *console, const char *text);
void console_free(struct console *console);

#endif
