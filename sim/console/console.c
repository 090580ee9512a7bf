// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/console.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

const char *const call_result_words[CALL_RESULTS] = {[CALL_NONE] = "none",
                                                     [CALL_DONE] = "done",
                                                     [CALL_REFUSED] = "refused",
                                                     [CALL_FAILED] = "failed"};

const char *const sol_state_words[SOL_STATES] = {
    [SOL_NONE] = "none",    [SOL_CONNECTING] = "connecting", [SOL_OPEN] = "open",
    [SOL_BUSY] = "busy",    [SOL_REFUSED] = "refused",       [SOL_ENDED] = "ended",
    [SOL_FAILED] = "failed"};

static void tell(struct console *c, struct console_event *event)
{
    event->ip = c->station.ip;
    c->observer.event(c->observer.ctx, event);
}

static void say(struct console *c, const char *text)
{
    tell(c, &(struct console_event){.kind = CONSOLE_EVENT_SAYS, .text = text});
}

static const char *result_text(const struct call *call, char out[CONSOLE_LINE])
{
    if (call->result == CALL_FAILED)
        snprintf(out, CONSOLE_LINE, "failed: %s", call->why);
    else if (call->result == CALL_REFUSED && call->http == 200)
        snprintf(out, CONSOLE_LINE, "refused: status 0x%X", (unsigned)call->status);
    else if (call->result == CALL_REFUSED)
        snprintf(out, CONSOLE_LINE, "refused: HTTP %u", (unsigned)call->http);
    else if (call->order.task == CONSOLE_STATE || call->order.task == CONSOLE_LOG)
        snprintf(
            out, CONSOLE_LINE, "%s %u",
            call->order.task == CONSOLE_STATE ? "power state" : "records:", (unsigned)call->value);
    else
        snprintf(out, CONSOLE_LINE, "done");
    return out;
}

static void tell_call(struct console *c)
{
    const struct call *call = &c->call;
    char text[CONSOLE_LINE];

    if (c->call_was_busy && !call->busy) {
        say(c, result_text(call, text));
        tell(c, &(struct console_event){.kind = CONSOLE_EVENT_CALL,
                                        .result = call->result,
                                        .http = call->http,
                                        .status = call->status,
                                        .value = call->value});
    }
    c->call_was_busy = call->busy;
}

static void tell_sol(struct console *c)
{
    const struct sol *sol = &c->sol;
    bool explained = sol->state == SOL_REFUSED || sol->state == SOL_FAILED;
    char text[CONSOLE_LINE];

    if (sol->state == c->sol_was)
        return;
    c->sol_was = sol->state;
    if (sol->state != SOL_CONNECTING) {
        snprintf(text, sizeof(text), "serial over LAN: %s%s%s",
                 sol->state == SOL_NONE ? "closed" : sol_state_words[sol->state],
                 explained ? ": " : "", explained ? sol->why : "");
        say(c, text);
    }
    tell(c, &(struct console_event){.kind = CONSOLE_EVENT_SOL, .sol = sol->state});
}

static void run(void *ctx, uint64_t now_ms)
{
    struct console *c = ctx;

    call_run(&c->call, now_ms);
    tell_call(c);
    sol_run(&c->sol, now_ms);
    tell_sol(c);
}

static uint64_t next_ms(void *ctx)
{
    const struct console *c = ctx;
    uint64_t call = call_next_ms(&c->call), sol = sol_next_ms(&c->sol);

    return call < sol ? call : sol;
}

static void on_text(void *ctx, const uint8_t *bytes, size_t len)
{
    tell(ctx, &(struct console_event){.kind = CONSOLE_EVENT_TEXT, .bytes = bytes, .len = len});
}

bool console_init(struct console *c, struct sim_clock *clock, struct lan *lan, uint64_t seed,
                  uint32_t ip, const struct console_observer *observer)
{
    uint8_t mac[6] = {0x02, 0xc0, 0x50, 0, 0, (uint8_t)ip};

    memset(c, 0, sizeof(*c));
    c->observer = *observer;
    c->call.protocol = CONSOLE_WSMAN;
    c->call.entropy = c->sol.entropy = &c->station.entropy;
    c->sol.ctx = c;
    c->sol.text = on_text;
    return station_init(&c->station, clock, lan, seed, ip, mac, "console",
                        &(struct station_program){c, run, next_ms});
}

void console_use(struct console *c, enum console_protocol protocol, bool tls)
{
    c->call.protocol = protocol;
    c->call.tls = tls;
}

/* After what it was told: it may have been over at once. */
static void look(struct console *c)
{
    tell_call(c);
    tell_sol(c);
    station_reschedule(&c->station);
}

const char *console_order(struct console *c, uint32_t device_ip, const struct console_order *order)
{
    if (c->call.busy)
        return "this console still waits for an answer";
    station_wake(&c->station);
    c->call.ip = device_ip;
    c->call_was_busy = true;
    call_begin(&c->call, order, station_now_ms(&c->station));
    look(c);
    return NULL;
}

const char *console_sol_open(struct console *c, uint32_t device_ip, const char *user,
                             const char *password)
{
    station_wake(&c->station);
    if (!sol_begin(&c->sol, c->call.tls, device_ip, user, password, station_now_ms(&c->station)))
        return "it has a session already";
    look(c);
    return NULL;
}

const char *console_sol_close(struct console *c)
{
    if (c->sol.state != SOL_OPEN && c->sol.state != SOL_CONNECTING)
        return "it has no session";
    station_wake(&c->station);
    sol_end(&c->sol);
    look(c);
    return NULL;
}

const char *console_type(struct console *c, const char *text)
{
    station_wake(&c->station);
    if (!sol_type(&c->sol, text))
        return "it has no open session, or too much is typed at once";
    look(c);
    return NULL;
}

void console_free(struct console *c)
{
    wire_free(&c->call.wire);
    wire_free(&c->sol.wire);
    station_free(&c->station);
    OPENSSL_cleanse(c, sizeof(*c)); /* passwords and keys are in it */
}
