// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/probe.h"

#include "fw/core/bytes.h"
#include "fw/core/setup.h"
#include "tests/explore/abstraction.h"
#include "tests/explore/acts.h"
#include "tests/explore/console.h"
#include "tests/explore/console_reader.h"
#include "tests/explore/invariants.h"
#include "tests/explore/peer.h"
#include "tests/explore/visit.h"
#include "tests/explore/wire.h"
#include "tests/explore/world.h"

#define OWNER_GETS_IN_MS 10000
#define DESK SHAKER /* where his console is: who begins hand-shakes never comes to that port */
#define STEP_MS 1000u

/* --- the host asks --- */

#define AMTHI_GET_MODE 0x08
#define AMTHI_GET_STATE 0x11
#define AMTHI_STATUS_AT 12
#define AMTHI_VALUE_AT 16

/* UINT32_MAX: no answer, or a status that is not SUCCESS. */
static uint32_t host_asks(uint8_t command)
{
    const uint8_t message[12] = {1, 1, 0, 0, command, 0, 0, 4};

    world_answer.len = 0;
    virtual_message_in(&world.hal, message, sizeof(message));
    world_run();
    if (world_answer.len < AMTHI_VALUE_AT + 4 || get_le32(world_answer.bytes + AMTHI_STATUS_AT))
        return UINT32_MAX;
    return get_le32(world_answer.bytes + AMTHI_VALUE_AT);
}

void probe_reports(void)
{
    static const uint32_t reported[] = {
        [SETUP_FACTORY] = 0, [SETUP_SETUP] = 1, [SETUP_IN_PROCESS] = 1, [SETUP_PROVISIONED] = 2};
    struct settings stored;
    struct view view;
    uint32_t state, mode;

    abstraction_view(&view);
    world.ghost.violations = 0;
    if (!world.powered || view.state == SETUP_LOCKED || view.menu || view.starting ||
        !abstraction_is_enabled() || !invariants_store_is_sound() || !abstraction_stored(&stored) ||
        world.hal.message_len > 0)
        return;
    invariants_only(V_REPORTED);
    state = host_asks(AMTHI_GET_STATE);
    mode = host_asks(AMTHI_GET_MODE);
    if (state != reported[stored.machine.setup_state] || mode != stored.config.mode)
        violate(V_REPORTED, "state %u for %u, mode %u for %u", state, stored.machine.setup_state,
                mode, stored.config.mode);
    invariants_only(VIOLATIONS);
}

/* --- the owner comes --- */

#define PINGS_A_SECOND 6
#define SYNS_A_SECOND 10

const char *const company_names[COMPANIES] = {"quiet", "chatter", "guesses",
                                              "pings", "SYNs",    "half log-ins"};

static bool can_be_expected(void)
{
    struct view view;

    abstraction_view(&view);
    return world.powered && world.hal.link && view.address && view.state == SETUP_PROVISIONED &&
           view.interface && !view.last_reply && !world.entropy_fails;
}

static void chatter(void)
{
    for (int i = STRANGER; i <= SHAKER; i++) {
        if (!peer_is_open((enum who)i) || world.peer[i].tx_len > 0)
            continue;
        peer_bytes((enum who)i, "G", 1);
        visit_push((enum who)i);
    }
}

static void guess(void)
{
    int again = act_find("stranger connects"), asks = act_find("stranger asks for a nonce"),
        guesses = act_find("stranger guesses");

    if (act_at(again)->can())
        act_at(again)->run();
    if (act_at(guesses)->can())
        act_at(guesses)->run();
    else if (act_at(asks)->can())
        act_at(asks)->run();
}

/* At the serial line's port, from one connection after another. */
static void begin_log_in(void)
{
    if (peer_is_open(STRANGER) && world.peer[STRANGER].to_port != LINE_PORT)
        visit_close(STRANGER, true);
    if (!peer_is_open(STRANGER))
        visit_line(STRANGER);
    if (world.peer[STRANGER].line != LINE_STARTED || world.peer[STRANGER].half)
        return;
    console_logs_in(STRANGER, LINE_OWNER, true, 11);
    world.peer[STRANGER].half = true;
    visit_push(STRANGER);
}

static void have_company(enum company company)
{
    struct view view;

    abstraction_view(&view);
    if (company == COMPANY_CHATTER)
        chatter();
    else if (company == COMPANY_GUESSES)
        guess();
    else if (company == COMPANY_PINGS)
        wire_ping_from_nobody(PINGS_A_SECOND);
    else if (company == COMPANY_SYNS)
        wire_syn_from_nobody(SYNS_A_SECOND, view.listeners & 1u ? 16992 : 16993);
    else if (company == COMPANY_HALF)
        begin_log_in();
    world_run();
}

int probe_owner(enum company company)
{
    int log_in = act_find("owner logs in"), took = -1;
    uint64_t begun = world.now_ms;
    struct peer *p = &world.peer[OWNER];

    world.ghost.violations = 0;
    if (!can_be_expected())
        return -1;
    invariants_only(V_OWNER_WAITS);
    have_company(company);
    if (p->tcp == PEER_OPEN && !peer_is_idle(OWNER))
        visit_close(OWNER, true);
    if (!can_be_expected()) { /* an unprovision of the owner's own had its turn just now */
        invariants_only(VIOLATIONS);
        return -1;
    }
    p->status = 0;
    while (p->status != 200) {
        if (act_at(log_in)->can())
            act_at(log_in)->run();
        if (p->status == 200)
            break;
        if (world.now_ms - begun >= OWNER_GETS_IN_MS) {
            violate(V_OWNER_WAITS, "no log-in in %d s; company: %s", OWNER_GETS_IN_MS / 1000,
                    company_names[company]);
            break;
        }
        have_company(company);
        world_advance(world.now_ms + STEP_MS);
    }
    took = (int)(world.now_ms - begun);
    invariants_only(VIOLATIONS);
    return took;
}

/* The owner, on his way to the serial line, sends away who has it, and answers as soon as he can.
 */
static void go_on(void)
{
    const struct explore_act *end = act_at(act_find("owner ends the session"));

    if (abstraction_line_user() >= 0 && end->can())
        end->run();
    if (!peer_is_open(DESK))
        visit_line(DESK);
    if (world.peer[DESK].line != LINE_STARTED || world.peer[DESK].tx_len > 0)
        return;
    console_logs_in(DESK, LINE_OWNER, false, 0);
    visit_push(DESK);
}

int probe_line(enum company company)
{
    uint64_t begun = world.now_ms;

    if (!abstraction_redirects(LINE_OWNER) || world.ghost.default_password)
        return -1;
    world.ghost.violations = 0;
    invariants_only(V_OWNER_WAITS);
    if (peer_is_open(DESK))
        visit_close(DESK, true);
    for (;;) {
        go_on();
        if (world.peer[DESK].line >= LINE_IN)
            break;
        if (world.now_ms - begun >= OWNER_GETS_IN_MS) {
            violate(V_OWNER_WAITS, "no serial line in %d s; company: %s", OWNER_GETS_IN_MS / 1000,
                    company_names[company]);
            break;
        }
        have_company(company);
        world_advance(world.now_ms + STEP_MS);
    }
    invariants_only(VIOLATIONS);
    return (int)(world.now_ms - begun);
}
