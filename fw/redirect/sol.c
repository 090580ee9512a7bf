// SPDX-License-Identifier: BSD-3-Clause
#include "fw/redirect/session.h"

#include <string.h>

#include "fw/core/bytes.h"

/* Serial over LAN: the machine's serial line in messages (AMTTERM, MCMD). */

#define START_REPLY 23u /* what stands behind its header nobody knows; zeros work (MCMD) */
#define CONTROLS 10u

/* Controls from the host (AMTTERM): the lower byte lines, the upper one the rest. */
enum controls {
    CONTROL_RTS = 1 << 0,
    CONTROL_DTR = 1 << 1,
    CONTROL_POWERED = 1 << 10,
    CONTROL_FLUSHED = 1 << 11, /* rx flush timeout */
};

#define NOTHING_TOLD 0xFFFFu

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint8_t *say(struct redirect_session *s, enum redirect_message type, size_t len)
{
    uint8_t *m = session_say(s, type, len);

    put_le32(m + 4, s->sol.seq++);
    return m;
}

/* What the machine has said before is gone, as on a line that nobody is connected to. */
static void drain(struct redirect_session *s, const struct hal_machine *machine)
{
    for (int i = 0; i < 64; i++)
        if (machine->serial_read(machine->ctx, s->out, sizeof(s->out)) == 0)
            break;
}

/* Six numbers (MDTK, MCMD): most bytes in a message, and the times in ms after which what is less
 * leaves, what cannot leave is lost, a silent console is left, what the machine does not take is
 * dropped, a heartbeat is due. Here everything leaves at once. */
void sol_start(struct redirect_session *s, const struct redirect_view *v)
{
    const uint8_t *in = s->in + SOL_HEADER;
    struct redirect_sol *sol = &s->sol;

    memset(sol, 0, sizeof(*sol));
    sol->data_max = get_le16(in);
    if (sol->data_max == 0 || sol->data_max > LIMIT_SOL_DATA)
        sol->data_max = LIMIT_SOL_DATA;
    sol->silence_ms = get_le16(in + 6);
    sol->stall_ms = get_le16(in + 8);
    if (sol->stall_ms == 0)
        sol->stall_ms = LIMIT_SOL_STALL_MS;
    sol->heartbeat_ms = get_le16(in + 10);
    sol->heartbeat_due_ms = v->now_ms + sol->heartbeat_ms;
    sol->told = NOTHING_TOLD;
    sol->quiet_until_ms = v->now_ms + LIMIT_SOL_GAP_MS;
    drain(s, v->machine);
    s->stage = REDIRECT_SOL;
    say(s, SOL_START_REPLY, START_REPLY);
}

/* A machine without power takes whatever comes. */
size_t sol_data(struct redirect_session *s, const struct redirect_view *v, const uint8_t *bytes,
                size_t len)
{
    struct redirect_sol *sol = &s->sol;
    size_t n = len < sol->data_left ? len : sol->data_left;
    size_t taken = v->machine_on ? v->machine->serial_write(v->machine->ctx, bytes, n) : n;

    if (taken == 0 && !sol->stalled)
        sol->stalled_ms = v->now_ms;
    sol->stalled = taken == 0;
    if (sol->stalled && v->now_ms - sol->stalled_ms >= sol->stall_ms) {
        sol->stalled = false;
        sol->flushed = true;
        taken = n;
    }
    sol->data_left = (uint16_t)(sol->data_left - taken);
    return taken;
}

/* Amtterm drops what it reads together with this message: nothing follows it for a while
 * (AMTTERM). */
static void say_controls(struct redirect_session *s, const struct redirect_view *v,
                         uint32_t controls)
{
    put_le16(say(s, SOL_CONTROLS_FROM_HOST, CONTROLS) + SOL_HEADER, controls);
    s->sol.told = (uint16_t)controls;
    s->sol.flushed = false;
    s->sol.quiet_until_ms = v->now_ms + LIMIT_SOL_GAP_MS;
}

static bool say_data(struct redirect_session *s, const struct hal_machine *machine)
{
    uint8_t *text = s->out + SOL_DATA_HEADER;
    size_t n = machine->serial_read(machine->ctx, text, s->sol.data_max);
    uint8_t *m;

    if (n == 0)
        return false;
    m = say(s, SOL_DATA_FROM_HOST, SOL_DATA_HEADER);
    put_le16(m + SOL_HEADER, (uint32_t)n);
    s->out_len = (uint16_t)(s->out_len + n);
    return true;
}

/* False: nothing is to be said. */
static bool say_due(struct redirect_session *s, const struct redirect_view *v)
{
    struct redirect_sol *sol = &s->sol;
    uint32_t controls =
        (v->machine_on ? (uint32_t)CONTROL_RTS | CONTROL_DTR | CONTROL_POWERED : 0u) |
        (sol->flushed ? (uint32_t)CONTROL_FLUSHED : 0u);

    if (controls != sol->told) {
        say_controls(s, v, controls);
        return true;
    }
    if (sol->heartbeat_ms > 0 && v->now_ms >= sol->heartbeat_due_ms) {
        sol->heartbeat_due_ms = v->now_ms + sol->heartbeat_ms;
        say(s, SOL_HEARTBEAT, SOL_HEADER);
        return true;
    }
    return say_data(s, v->machine);
}

void sol_poll(struct redirect_session *s, const struct redirect_view *v)
{
    struct redirect_sol *sol = &s->sol;

    s->next_ms = v->now_ms + LIMIT_SOL_POLL_MS;
    if (v->now_ms < sol->quiet_until_ms)
        s->next_ms = sol->quiet_until_ms;
    else if (say_due(s, v))
        s->next_ms =
            earlier(s->next_ms, v->now_ms < sol->quiet_until_ms ? sol->quiet_until_ms : v->now_ms);
    if (sol->silence_ms > 0) {
        s->next_ms = earlier(s->next_ms, s->heard_ms + sol->silence_ms);
        if (v->now_ms - s->heard_ms >= sol->silence_ms)
            session_end(s, v, "the console is silent");
    }
}
