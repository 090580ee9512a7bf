// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/invariants.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/hello.h"
#include "fw/core/machine_types.h"
#include "fw/core/setup.h"
#include "fw/core/trace.h"
#include "sim/net/packet.h"
#include "tests/explore/abstraction.h"
#include "tests/explore/state.h"

#define HOUR_MS UINT64_C(3600000)
#define FIRST_ATTEMPT_MS 1000u
#define EXTENDED_HOURS 24u /* WSM: "1 to 24" */

const char *const violation_names[VIOLATIONS] = {
    [V_SERVED] = "a stranger was served",
    [V_CHANGED] = "changed by nobody who may",
    [V_PROVISIONED] = "provisioned by neither a commit nor a person",
    [V_FRAME_CLOSED] = "a frame left a closed window",
    [V_FRAME_OTHER] = "a frame of a last reply's second went to another",
    [V_CEILING] = "a window above its ceiling",
    [V_SCHEDULE] = "an attempt that the schedule does not have",
    [V_HELLO] = "a hello that the profile does not have",
    [V_ERASED] = "an unprovision erased too little or too much",
    [V_STORED] = "RAM differs from what is stored",
    [V_BOOTED] = "started with other settings than were stored, and not locked",
    [V_REPORTED] = "the host is told something else than is stored",
    [V_PORTS] = "interface and listeners do not follow the machine",
    [V_ORPHAN] = "a connection without its listener",
    [V_OUTLIVES] = "a connection outlives what let it in",
    [V_LATE] = "somebody else is there while a last reply leaves",
    [V_ATTEMPT] = "machine and network disagree on an attempt",
    [V_POOLS] = "connections were lost or freed twice",
    [V_OWNER_REFUSED] = "the owner's right password was refused",
    [V_OWNER_WAITS] = "the owner does not get in",
    [V_UNANSWERED] = "carried out, and never answered",
    [V_BUSY] = "goes on without end",
    [V_FLASH_OPENS] = "opened while the flash cannot be read",
    [V_LOCKED] = "locked, and nothing is wrong",
    [V_RESTORED] = "restored is said and not stored",
    [V_ENTROPY] = "sends on after randomness has failed",
    [V_WITNESS] = "believes a frame that nobody asked for",
    [V_LOST_UPDATE] = "the menu changed what was not changed in it",
    [V_LINE] = "the serial line is somebody's who may not have it",
    [V_POWER] = "the machine was told what nobody may tell it now",
    [V_REALM] = "a user did what his realms do not open, or not what they do",
    [V_CRASHED] = "the device crashed",
};

/* As things stood when the act began. */
static struct {
    const char *act; /* NULL: none */
    enum actor actor;
    uint8_t traits;
    struct settings settings;
    struct view view;
    char option15[LIMIT_DOMAIN + 1];
    bool ordered; /* the owner had asked, or asks now, for a change that may come meanwhile */
    bool entropy_missed;
    bool flash_spoiled;
    bool redirects[LINE_ACCOUNTS];
    uint32_t replies;
} was;

static enum violation only = VIOLATIONS;

void violate(enum violation violation, const char *format, ...)
{
    struct ghost *g = &world.ghost;
    va_list args;

    if (only != VIOLATIONS && violation != only)
        return;
    if (!g->violations) {
        va_start(args, format);
        vsnprintf(g->detail, sizeof(g->detail), format, args);
        va_end(args);
    }
    if (world_loud)
        printf("    !! %s\n", violation_names[violation]);
    g->violations |= UINT32_C(1) << violation;
}

static bool does(uint8_t traits)
{
    return was.act && was.traits & traits;
}

static bool acted(enum actor actor)
{
    return was.act && was.actor == actor;
}

bool invariants_store_is_sound(void)
{
    return !world.flash_read_fails && !world.flash_write_fails && !world.flash_spoiled;
}

/* --- while it happens --- */

void invariants_order(void)
{
    was.ordered = true;
}

/* Who had come when the last reply began is told that it need not wait: at that moment, without a
 * word of content. */
static bool ends_who_waited(const struct packet *packet)
{
    uint32_t who = packet->dst_ip - WORLD_PEER_IP(0);

    return was.view.open && packet->kind == PACKET_TCP && packet->payload_len == 0 &&
           !(packet->tcp_flags & PACKET_TCP_SYN) && who < PEERS && world.peer[who].tcp != PEER_NONE;
}

void invariants_frame(const uint8_t *frame, size_t len)
{
    struct packet packet = {0};
    struct view view;

    abstraction_view(&view);
    if (was.entropy_missed)
        violate(V_ENTROPY, "%zu bytes", len);
    if (view.open || view.starting)
        return;
    packet_parse(frame, len, &packet);
    if (!view.last_reply)
        violate(V_FRAME_CLOSED, "kind %d to port %u, flags %02x", packet.kind, packet.dst_port,
                packet.tcp_flags);
    else if (packet.dst_ip != WORLD_PEER_IP(OWNER) && !ends_who_waited(&packet))
        violate(V_FRAME_OTHER, "kind %d to 10.0.0.%u, flags %02x", packet.kind,
                packet.dst_ip & 0xFF, packet.tcp_flags);
}

/* The bare-metal day has a back-off of its own (SCCM, of 3.2.1 and later). */
static const struct hello_schedule *back_off(void)
{
    const struct release *r = world.config.release;
    struct view view;

    abstraction_view(&view);
    return hello_schedule_find((char)(view.kind == WINDOW_BARE_METAL
                                          ? r->bare_metal_schedule.value
                                          : r->commanded_schedule.value));
}

static uint64_t slot_ms(uint32_t slot)
{
    const struct hello_step *step = back_off()->step;
    uint64_t minutes = 0;
    uint32_t i = 0, in_step = 0;

    while (slot-- > 0) {
        bool last = i + 1 == HELLO_STEPS || step[i + 1].count == 0;

        minutes += step[i].minutes;
        if (++in_step == step[i].count && !last) {
            in_step = 0;
            i++;
        }
    }
    return minutes * 60000u;
}

static uint32_t retry_of(uint32_t slot)
{
    uint32_t most = back_off()->retry_max;

    return slot < most ? slot : most;
}

/* Attempt 0 is made when there is an address, a second after the window opened or later; the others
 * follow it at the schedule's times, and none is made up for. */
static void check_attempt(uint32_t retry)
{
    struct ghost *g = &world.ghost;
    uint64_t since;

    g->retry = retry;
    if (g->base_ms == 0) {
        if (world.now_ms < g->opened_ms + FIRST_ATTEMPT_MS || retry != 0)
            violate(V_SCHEDULE, "first attempt %llu ms after opening, retry %u",
                    (unsigned long long)(world.now_ms - g->opened_ms), retry);
        g->base_ms = world.now_ms;
        g->slot = 1;
        return;
    }
    since = world.now_ms - g->base_ms;
    while (slot_ms(g->slot + 1) <= since)
        g->slot++;
    if ((slot_ms(g->slot) != since && !does(ACT_STALLS)) || slot_ms(g->slot) > since ||
        retry != retry_of(g->slot))
        violate(V_SCHEDULE, "%llu ms after the first, retry %u", (unsigned long long)since, retry);
    g->slot++;
}

void invariants_trace(int event, uint32_t value, const char *text)
{
    struct ghost *g = &world.ghost;

    (void)text;
    if (event == TRACE_STATE && value == SETUP_PROVISIONED && !was.ordered && !acted(ACTOR_PERSON))
        violate(V_PROVISIONED, "in an act of %s", was.act ? was.act : "nobody");
    if (event == TRACE_RESTORED)
        g->restored = true;
    if (event == TRACE_WINDOW_OPEN) {
        g->window_opened = true;
        if (!does(ACT_EXTENDS) || value == 0) {
            g->opened_ms = world.now_ms;
            g->base_ms = 0;
            g->extended = false;
        } else {
            g->extended = true;
        }
    }
    if (event == TRACE_ATTEMPT)
        check_attempt(value);
}

void invariants_reply(int who)
{
    const struct peer *p = &world.peer[who];

    if (who == OWNER)
        world.ghost.replies++;
    if (who != OWNER && who != READER && p->status == 200 && !world.ghost.default_password)
        violate(V_SERVED, "peer %d", who);
    if (who == OWNER && p->sure && p->status == 401 && !p->stale &&
        was.view.state == SETUP_PROVISIONED && abstraction_is_provisioned())
        violate(V_OWNER_REFUSED, "401");
}

/* --- the serial line, the machine, and who may read the log --- */

static bool has_line(int who)
{
    const struct peer *p = &world.peer[who];

    return p->line >= LINE_IN && abstraction_redirects(p->account);
}

static bool somebody_has_line(int but)
{
    for (int i = 0; i < PEERS; i++)
        if (i != but && has_line(i))
            return true;
    return false;
}

void invariants_log_in(int who)
{
    const struct peer *p = &world.peer[who];

    /* What ends its right may have been carried out behind it, in the same poll. */
    if (!p->sure || !(abstraction_redirects(p->account) || was.redirects[p->account]))
        violate(V_LINE, "peer %d as account %u", who, p->account);
    if (somebody_has_line(who))
        violate(V_LINE, "peer %d beside another", who);
}

void invariants_serial(void)
{
    if (!somebody_has_line(-1))
        violate(V_LINE, "in an act of %s", was.act ? was.act : "nobody");
}

void invariants_power(unsigned command)
{
    bool runs = world.pc.state < MACHINE_S3;
    bool ends = command == MACHINE_POWER_DOWN || command == MACHINE_POWER_CYCLE;

    if (!was.ordered && !acted(ACTOR_OWNER))
        violate(V_POWER, "in an act of %s", was.act ? was.act : "nobody");
    if (runs == (command == MACHINE_POWER_UP) || (ends && abstraction_line_user() >= 0))
        violate(V_POWER, "command %u in S%u", command, world.pc.state);
}

static void check_line(const struct view *view)
{
    int user = abstraction_line_user();

    if (user >= 0 && (view->state != SETUP_PROVISIONED || !abstraction_redirects(user)))
        violate(V_LINE, "held by account %d", user);
}

static void check_reader(const struct view *view)
{
    const struct peer *p = &world.peer[READER];
    bool owners = was.ordered || acted(ACTOR_OWNER) || world.ghost.booted;

    if (p->status == 200 && p->result != UINT32_MAX && (p->result == 0) == p->refusable)
        violate(V_REALM, "status %u", p->result);
    if (!owners &&
        (view->log_frozen != was.view.log_frozen || view->log_count < was.view.log_count))
        violate(V_REALM, "the event log, in an act of %s", was.act ? was.act : "nobody");
}

/* The fixed part of the message (G-hello). */
void invariants_hello(const uint8_t *head, size_t len)
{
    const struct settings *s = abstraction_settings();
    uint32_t version = s->secret.pid[0] ? HELLO_V2_PSK : HELLO_V3_PKI;
    uint32_t credentials = world.config.oem->localized_bios.value ? 0 : 1;

    if (len < HELLO_HEAD_BYTES || get_le16(head) != credentials || get_le16(head + 2) != version ||
        get_le32(head + 4) != world.ghost.retry ||
        memcmp(head + 8, world.config.uuid, sizeof(world.config.uuid)) != 0)
        violate(V_HELLO, "%zu bytes, version %u, retry %u", len, get_le16(head + 2),
                get_le32(head + 4));
}

/* --- when an act is over --- */

static void check_changes(void)
{
    struct view view;
    const char *field = abstraction_difference(&was.settings, abstraction_settings());
    bool person = acted(ACTOR_PERSON) || does(ACT_BOOTS);

    abstraction_view(&view);
    if (person || was.ordered)
        return;
    if (field)
        violate(V_CHANGED, "%s", field);
    else if (view.state == SETUP_LOCKED && was.view.state != SETUP_LOCKED &&
             invariants_store_is_sound())
        violate(V_LOCKED, "from state %u", was.view.state);
    else if (view.state != SETUP_LOCKED &&
             (view.state == SETUP_PROVISIONED) != (was.view.state == SETUP_PROVISIONED))
        violate(V_CHANGED, "state %u to %u", was.view.state, view.state);
    else if (acted(ACTOR_STRANGER) && (view.state != was.view.state || view.kind != was.view.kind))
        violate(V_CHANGED, "state %u, window %u", view.state, view.kind);
    if (acted(ACTOR_STRANGER) &&
        (view.lease_ip != was.view.lease_ip || strcmp(view.option15, was.option15) != 0))
        violate(V_WITNESS, "option 15 \"%s\"", view.option15);
}

static bool same_machine(const struct settings *stored, const struct view *view)
{
    uint8_t kind = view->kind == WINDOW_PROBE ? WINDOW_CLOSED : view->kind;

    /* That a hello was delivered is not stored, nor is a start that is not answered yet. */
    return (stored->machine.setup_state == view->state ||
            (stored->machine.setup_state == SETUP_SETUP && view->state == SETUP_IN_PROCESS)) &&
           stored->machine.window_kind == kind;
}

static void check_stored(const struct view *view)
{
    struct ghost *g = &world.ghost;
    struct settings stored;
    const char *field;
    bool readable = abstraction_stored(&stored);

    if (g->restored && !world.flash_spoiled &&
        (!readable || abstraction_difference(&stored, abstraction_settings()) ||
         stored.machine.setup_state == SETUP_PROVISIONED))
        violate(V_RESTORED, "stored state %u", stored.machine.setup_state);
    field = abstraction_difference(&stored, abstraction_settings());
    g->unwritten |= world.flash_write_fails;
    g->given_up |= was.view.state == SETUP_LOCKED && does(ACT_FULL) && acted(ACTOR_PERSON);
    if (readable && !field && same_machine(&stored, view))
        world.flash_spoiled = g->unwritten = g->given_up = false; /* it has been written anew */
    if (!invariants_store_is_sound() || !readable || view->state == SETUP_LOCKED)
        return;
    if (field || (!same_machine(&stored, view) && !g->unwritten))
        violate(V_STORED, "%s", field ? field : "state or window");
    g->kept = stored;
}

/* After power has come. What was written meanwhile, or could not be, makes no difference. */
static void check_boot(const struct view *view)
{
    struct ghost *g = &world.ghost;
    const char *field = abstraction_difference(&g->kept, abstraction_settings());
    bool same = !field && (g->kept.machine.setup_state == SETUP_PROVISIONED) ==
                              (view->state == SETUP_PROVISIONED);

    if (g->given_up && view->state != SETUP_PROVISIONED && view->state != SETUP_LOCKED) {
        g->default_password = true;
        return;
    }
    if (!g->restored && !same && (view->state != SETUP_LOCKED || view->interface))
        violate(V_BOOTED, "%s", field ? field : "state");
}

static uint64_t ceiling_ms(const struct view *view)
{
    const struct release *r = world.config.release;
    uint64_t hours = r->commanded_hours.value;
    uint32_t oem = release_oem_bmp_hours(r, world.config.oem);

    if (view->kind == WINDOW_BARE_METAL)
        hours = oem > r->intel_bmp_hours.value ? oem : r->intel_bmp_hours.value;
    if (world.ghost.extended && hours < EXTENDED_HOURS)
        hours = EXTENDED_HOURS;
    return hours * HOUR_MS;
}

/* A window that was opened has at most its release's time, and then only ever less. */
static void check_window(const struct view *view)
{
    struct ghost *g = &world.ghost;
    bool ends = view->open && view->end_ms != UINT64_MAX;
    uint64_t left = ends ? view->end_ms - world.now_ms : 0;
    uint64_t passed = abstraction_is_enabled() ? world.now_ms - g->counted_ms : 0;
    uint64_t most = g->left_ms > passed ? g->left_ms - passed : 0;

    if (ends && (g->window_opened || g->booted))
        most = ceiling_ms(view);
    if (ends && left > most)
        violate(V_CEILING, "%llu s left, at most %llu", (unsigned long long)left / 1000,
                (unsigned long long)most / 1000);
    if (view->open && view->kind == WINDOW_UNLIMITED &&
        world.config.release->commanded_hours.value != 0)
        violate(V_CEILING, "no limit");
    g->left_ms = left;
    g->counted_ms = world.now_ms;
}

/* S3: 16992 and 16994 in SMB mode, 16993 and 16995 with TLS; G-modes: set-up has its one port. */
static uint8_t expected_listeners(const struct view *view)
{
    if (view->state != SETUP_PROVISIONED)
        return 2;
    return settings_tls_on(abstraction_settings()) ? 2 | 8 : 1 | 4;
}

/* Who came in while something else was let in is gone, or has heard its last reply. */
static void check_connections(void)
{
    unsigned policy = abstraction_policy();

    for (int i = 0; i < PEERS; i++)
        if (world.peer[i].tcp == PEER_OPEN && world.peer[i].policy != policy &&
            abstraction_is_connected((enum who)i))
            violate(V_OUTLIVES, "peer %d of %u in %u", i, world.peer[i].policy, policy);
}

static void check_ports(const struct view *view)
{
    bool open = view->open && abstraction_is_enabled() && !world.ghost.entropy_missed;

    for (int i = 0; i < PEERS && view->last_reply; i++)
        if (abstraction_is_connected((enum who)i) && i != OWNER)
            violate(V_LATE, "peer %d", i);
    if (view->last_reply || view->starting || (view->open && world.ghost.entropy_missed))
        return;
    if (view->interface != open || view->listeners != (open ? expected_listeners(view) : 0))
        violate(V_PORTS, "state %u, window %u, listeners %x", view->state, view->kind,
                view->listeners);
    if (abstraction_orphan())
        violate(V_ORPHAN, "port %u", abstraction_orphan());
    check_connections();
    if (!abstraction_pools_agree())
        violate(V_POOLS, "%s", was.act ? was.act : "");
    if (view->attempting != view->attempt_runs)
        violate(V_ATTEMPT, "machine %d, network %d", view->attempting, view->attempt_runs);
}

static void check_erased(const struct view *view)
{
    struct ghost *g = &world.ghost;
    const char *field = NULL;

    if (g->restored && was.view.state == SETUP_LOCKED)
        g->default_password = true;
    if (was.view.state == SETUP_LOCKED || was.flash_spoiled)
        return; /* there was nothing to be kept */
    if (g->booted && g->restored)
        field = abstraction_wrongly_erased(ERASURE_BATTERY, &g->kept, abstraction_settings());
    else if (does(ACT_FULL) && g->restored)
        field = abstraction_wrongly_erased(ERASURE_FULL, &was.settings, abstraction_settings());
    else if (does(ACT_PARTIAL) && was.view.state != SETUP_FACTORY && view->state != SETUP_LOCKED &&
             view->state != was.view.state)
        field = abstraction_wrongly_erased(ERASURE_PARTIAL, &was.settings, abstraction_settings());
    if (field)
        violate(V_ERASED, "%s", field);
}

static void check_menu(void)
{
    struct settings expected = was.settings;
    const char *field;

    if (!does(ACT_MENU) || !abstraction_difference(&was.settings, abstraction_settings()))
        return;
    expected.me.idle_timeout_min = world.menu.me.idle_timeout_min;
    field = abstraction_difference(&expected, abstraction_settings());
    if (field)
        violate(V_LOST_UPDATE, "%s", field);
}

static void check_owner(const struct view *view)
{
    struct peer *p = &world.peer[OWNER];

    if (p->deaf && view->state != SETUP_PROVISIONED)
        p->orders = 0; /* it was carried out */
    if (acted(ACTOR_OWNER) && !p->deaf && was.view.state == SETUP_PROVISIONED &&
        view->state != SETUP_PROVISIONED && view->state != SETUP_LOCKED &&
        world.ghost.replies == was.replies)
        violate(V_UNANSWERED, "%s", was.act);
}

void invariants_before(const char *act, enum actor actor, uint8_t traits)
{
    struct ghost *g = &world.ghost;

    g->violations = 0;
    g->restored = g->window_opened = g->booted = false;
    world.polls = 0;
    world.pc.ordered = 0;
    was.act = act;
    was.actor = actor;
    was.traits = traits;
    was.settings = *abstraction_settings();
    abstraction_view(&was.view);
    snprintf(was.option15, sizeof(was.option15), "%s", was.view.option15);
    was.view.option15 = was.option15;
    was.ordered = world.peer[OWNER].orders > 0;
    was.replies = g->replies;
    was.entropy_missed = g->entropy_missed;
    was.flash_spoiled = world.flash_spoiled;
    for (int i = 0; i < LINE_ACCOUNTS; i++)
        was.redirects[i] = abstraction_redirects(i);
}

void invariants_after(void)
{
    struct view view;

    if (!world.powered)
        return;
    abstraction_view(&view);
    if (world.flash_read_fails && view.open && !was.view.open)
        violate(V_FLASH_OPENS, "state %u", view.state);
    check_changes();
    check_erased(&view);
    if (world.ghost.booted)
        check_boot(&view);
    check_stored(&view);
    check_window(&view);
    check_ports(&view);
    check_menu();
    check_owner(&view);
    check_line(&view);
    check_reader(&view);
}

void invariants_only(enum violation violation)
{
    only = violation;
}

void invariants_boot(void)
{
    struct ghost *g = &world.ghost;

    g->booted = true;
    g->entropy_missed = false;
    was.entropy_missed = false;
    g->opened_ms = world.now_ms;
    g->base_ms = 0;
    if (world.hal.cmos_lost)
        g->default_password = true;
}

void invariants_begin(void)
{
    memset(&was, 0, sizeof(was));
    memset(&world.ghost, 0, sizeof(world.ghost));
    abstraction_stored(&world.ghost.kept);
    world.ghost.default_password = world.ghost.kept.secret.password_default;
}

void invariants_settle(void)
{
    struct view view;

    abstraction_view(&view);
    world.ghost.booted = true;
    check_window(&view);
    check_stored(&view);
    world.ghost.violations = 0;
}
