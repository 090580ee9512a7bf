// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/acts.h"

#include <string.h>

#include "tests/explore/abstraction.h"
#include "tests/explore/acts_line.h"
#include "tests/explore/peer.h"
#include "tests/explore/servers.h"
#include "tests/explore/visit.h"
#include "tests/explore/wire.h"
#include "tests/explore/world.h"

#define SECOND_MS UINT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define STRANGERS_DIGEST "0123456789abcdef0123456789abcdef"
#define PINGS 12

static bool on(void)
{
    return world.powered;
}

static bool off(void)
{
    return !world.powered;
}

static bool always(void)
{
    return true;
}

/* --- time --- */

static bool can_wake(void)
{
    return on() && world_next_ms() != UINT64_MAX;
}

static void wake(void)
{
    uint64_t next = world_next_ms();

    world_advance(next > world.now_ms ? next : world.now_ms);
}

static void one_second(void)
{
    world_advance(world.now_ms + SECOND_MS);
}

static void half_a_minute(void)
{
    world_advance(world.now_ms + 31 * SECOND_MS);
}

static void stall(void)
{
    world_stall(MINUTE_MS);
}

static uint64_t window_end(void)
{
    struct view view;

    abstraction_view(&view);
    return view.open && view.end_ms > world.now_ms ? view.end_ms : UINT64_MAX;
}

static bool can_end(void)
{
    return on() && window_end() != UINT64_MAX;
}

static void to_the_end(void)
{
    world_advance(window_end());
}

static void eleven_minutes(void)
{
    world_advance(world.now_ms + 11 * MINUTE_MS);
}

/* --- who calls the device --- */

static const struct request version = {.path = PEER_SECURITY,
                                       .body = PEER_METHOD("GetCoreVersion")};
static const struct request set_time = {
    .path = PEER_TIME,
    .body = "<Envelope><Body><SetHighAccuracyTimeSynch><Ta0>0</Ta0><Tm1>1231938000</Tm1>"
            "<Tm2>1231938000</Tm2></SetHighAccuracyTimeSynch></Body></Envelope>",
    .order = true};
static const struct request no_tls = {
    .path = PEER_SECURITY,
    .body = "<Envelope><Body><SetTlsServerAuthentication><Enabled>false</Enabled>"
            "</SetTlsServerAuthentication></Body></Envelope>",
    .order = true};
static const struct request new_name = {
    .path = PEER_NETWORK,
    .body = "<Envelope><Body><SetHostName><HostName>other</HostName></SetHostName></Body>"
            "</Envelope>",
    .order = true};
static const struct request new_password = {.path = PEER_SECURITY,
                                            .body = "<Envelope><Body><SetTLSPSK><PID>" WORLD_PID
                                                    "</PID><PPS>" WORLD_PPS
                                                    "</PPS></SetTLSPSK></Body></Envelope>",
                                            .order = true};
static const struct request new_admin = {
    .path = PEER_SECURITY,
    .body = "<Envelope><Body><SetAdminAclEntryEx><Username>evil</"
            "Username><DigestPassword>" STRANGERS_DIGEST
            "</DigestPassword></SetAdminAclEntryEx></Body></Envelope>",
    .order = true};
static const struct request commit = {
    .path = PEER_SECURITY, .body = PEER_METHOD("CommitChanges"), .order = true};
static const struct request partial = {
    .path = PEER_SECURITY, .body = PEER_METHOD("PartialUnprovision"), .order = true};
static const struct request full = {
    .path = PEER_SECURITY, .body = PEER_METHOD("Unprovision"), .order = true};
static const struct request extend = {
    .path = PEER_SECURITY,
    .body = "<Envelope><Body><ExtendProvisioningPeriod><Duration>24</Duration>"
            "</ExtendProvisioningPeriod></Body></Envelope>",
    .order = true};

static void ask(enum who who, const struct request *what, const char *password)
{
    struct request r = *what;

    r.user = password ? "admin" : NULL;
    r.password = password;
    r.order = what->order && who == OWNER;
    peer_request(who, &r);
}

static bool connects(enum who who)
{
    return on() && !peer_is_open(who);
}

static bool can_ask(enum who who)
{
    return on() && peer_is_idle(who) && peer_knows_nonce(who);
}

/* --- the owner --- */

static void owner_asks(const struct request *what)
{
    ask(OWNER, what, world.ghost.default_password ? "admin" : WORLD_PASSWORD);
    visit_push(OWNER);
}

static bool owner_can_log_in(void)
{
    return on() && (!peer_is_open(OWNER) || peer_is_idle(OWNER));
}

/* The challenge ends its connection. */
static void owner_logs_in(void)
{
    if (!peer_is_open(OWNER))
        visit_connect(OWNER);
    if (peer_is_idle(OWNER) && !peer_knows_nonce(OWNER)) {
        ask(OWNER, &version, NULL);
        visit_push(OWNER);
        if (peer_knows_nonce(OWNER) && !peer_is_open(OWNER))
            visit_connect(OWNER);
    }
    if (peer_is_idle(OWNER) && peer_knows_nonce(OWNER))
        owner_asks(&version);
}

static bool owner_can_ask(void)
{
    return can_ask(OWNER);
}

static void owner_full(void)
{
    owner_asks(&full);
}

static void owner_partial(void)
{
    owner_asks(&partial);
}

/* The bytes are on their way; what comes back is not heard. */
static void fall_silent(const struct request *what)
{
    ask(OWNER, what, world.ghost.default_password ? "admin" : WORLD_PASSWORD);
    visit_push_and_go_deaf(OWNER);
}

static bool owner_can_fall_silent(void)
{
    return can_ask(OWNER) && !world.peer[OWNER].secure;
}

static void owner_full_silent(void)
{
    fall_silent(&full);
}

static void owner_partial_silent(void)
{
    fall_silent(&partial);
}

static void owner_commits(void)
{
    owner_asks(&commit);
}

static void owner_extends(void)
{
    owner_asks(&extend);
}

static void owner_prepares(void)
{
    owner_asks(&set_time);
    owner_asks(&new_name);
    owner_asks(&no_tls);
}

/* A value that a provisioned device takes, too. */
static void owner_leaves_pending(void)
{
    owner_asks(&new_password);
}

static bool owner_can_hurry(void)
{
    return on() && !peer_is_open(OWNER) && peer_knows_nonce(OWNER);
}

/* The nonce is known: the order goes with the connection, and may have to wait in line. */
static void owner_hurries(void)
{
    visit_connect(OWNER);
    if (peer_is_open(OWNER))
        owner_asks(&partial);
}

/* Not before its orders are answered: they could be carried out yet. */
static bool owner_can_close(void)
{
    return on() && peer_is_open(OWNER) && world.peer[OWNER].orders == 0;
}

static void owner_closes(void)
{
    visit_close(OWNER, false);
}

/* --- strangers --- */

static bool stranger_can_connect(void)
{
    return connects(STRANGER);
}

static void stranger_connects(void)
{
    visit_connect(STRANGER);
}

static bool stranger_is_idle(void)
{
    return on() && peer_is_idle(STRANGER);
}

static void stranger_nonce(void)
{
    ask(STRANGER, &version, NULL);
    visit_push(STRANGER);
}

static bool stranger_can_ask(void)
{
    return can_ask(STRANGER);
}

static void stranger_asks(void)
{
    ask(STRANGER, &version, "");
    visit_push(STRANGER);
}

static void stranger_asks_default(void)
{
    ask(STRANGER, &version, "admin");
    visit_push(STRANGER);
}

static void stranger_guesses(void)
{
    ask(STRANGER, &version, "Wr0ng!pass");
    visit_push(STRANGER);
}

static void stranger_takes_over(void)
{
    ask(STRANGER, &new_admin, "");
    ask(STRANGER, &set_time, "");
    ask(STRANGER, &no_tls, "");
    ask(STRANGER, &new_name, "");
    ask(STRANGER, &commit, "");
    visit_push(STRANGER);
}

#define HALF "POST " PEER_SECURITY " HTTP/1.1\r\n"

static void stranger_half(void)
{
    peer_bytes(STRANGER, HALF, sizeof(HALF) - 1);
    world.peer[STRANGER].half = true;
    visit_push(STRANGER);
}

static bool stranger_has_half(void)
{
    return on() && peer_is_open(STRANGER) && world.peer[STRANGER].half &&
           peer_knows_nonce(STRANGER) && world.peer[STRANGER].tx_len == 0;
}

static void stranger_rest(void)
{
    struct peer *p = &world.peer[STRANGER];

    ask(STRANGER, &version, "");
    p->tx_len = (uint16_t)(p->tx_len - (sizeof(HALF) - 1));
    memmove(p->tx, p->tx + sizeof(HALF) - 1, p->tx_len);
    p->half = false;
    visit_push(STRANGER);
}

static bool stranger_has_heard(void)
{
    return stranger_is_idle() && world.heard_len > 0 &&
           world.peer[OWNER].asked == world.peer[OWNER].got;
}

static void stranger_repeats(void)
{
    struct peer *p = &world.peer[STRANGER];

    peer_bytes(STRANGER, world.heard, world.heard_len);
    p->asked++;
    visit_push(STRANGER);
}

static bool stranger_is_open(void)
{
    return on() && peer_is_open(STRANGER);
}

static void stranger_closes(void)
{
    visit_close(STRANGER, false);
}

static void stranger_resets(void)
{
    visit_close(STRANGER, true);
}

static bool second_can_connect(void)
{
    return connects(SECOND);
}

static void second_connects(void)
{
    visit_connect(SECOND);
}

static bool second_is_idle(void)
{
    return on() && peer_is_idle(SECOND);
}

static void second_asks(void)
{
    ask(SECOND, &version, peer_knows_nonce(SECOND) ? "" : NULL);
    visit_push(SECOND);
}

static bool second_is_open(void)
{
    return on() && peer_is_open(SECOND);
}

static void second_resets(void)
{
    visit_close(SECOND, true);
}

static bool shaker_can_connect(void)
{
    return connects(SHAKER);
}

/* The head of a record of 200 bytes: a ClientHello that does not come. */
static void shaker_begins(void)
{
    visit_shake(SHAKER, "\x16\x03\x01\x00\xc8\x01\x00\x00\xc4", 9);
}

static bool shaker_is_open(void)
{
    return on() && peer_is_open(SHAKER);
}

static void shaker_resets(void)
{
    visit_close(SHAKER, true);
}

static void spoof(void)
{
    servers_spoof_ack();
    world_run();
}

static void ping(void)
{
    wire_ping_from_nobody(PINGS);
    world_run();
}

/* --- who stands at the machine --- */

static void mebx_full(void)
{
    device_mebx_full_unprovision(&world.device, world.now_ms);
    world_run();
}

static void mebx_partial(void)
{
    device_mebx_partial_unprovision(&world.device, world.now_ms);
    world_run();
}

static void own_password(struct settings *s)
{
    s->secret.password_default = false;
    memset(s->secret.password, 0, sizeof(s->secret.password));
    memcpy(s->secret.password, WORLD_PASSWORD, sizeof(WORLD_PASSWORD));
}

/* The menu asks for a password of one's own first. */
static void change(enum local_change what, void (*edit)(struct settings *))
{
    static struct local_outcome outcome;

    outcome = (struct local_outcome){.settings = *abstraction_settings(), .change = what};
    own_password(&outcome.settings);
    edit(&outcome.settings);
    if (device_local_change(&world.device, &outcome, world.now_ms) == DEVICE_OK)
        world.ghost.default_password = false;
    world_run();
}

static void edit_by_hand(struct settings *s)
{
    s->config.mode = MODE_SMB;
}

static void edit_key(struct settings *s)
{
    memcpy(s->secret.pid, WORLD_PID, sizeof(WORLD_PID));
    memcpy(s->secret.pps, WORLD_PPS, sizeof(WORLD_PPS));
}

static bool menu_can_open(void)
{
    return on() && !world.menu_open;
}

static void mebx_by_hand(void)
{
    change(LOCAL_MANUAL, edit_by_hand);
}

static void mebx_input(void)
{
    change(LOCAL_KEY_ENTERED, edit_key);
}

static void menu_opens(void)
{
    world.outcome = device_menu_begin(&world.device);
    world.menu_open = world.outcome != NULL;
    if (world.menu_open)
        world.menu = *abstraction_settings();
    world_run();
}

static bool menu_is_open(void)
{
    return on() && world.menu_open;
}

static void leave_menu(enum local_change what)
{
    world.outcome->settings = world.menu;
    world.outcome->change = what;
    world.menu_open = false;
    device_menu_end(&world.device, world.now_ms);
    world_run();
}

static void menu_is_left(void)
{
    leave_menu(LOCAL_NONE);
}

static void menu_changes(void)
{
    world.menu.me.idle_timeout_min++;
    leave_menu(LOCAL_SETTINGS);
}

static void bios_switch(void)
{
    world_power_off();
    world.bios_off = !world.bios_off;
    world_boot();
}

/* --- power --- */

static bool battery_is_there(void)
{
    return off() && !world.hal.cmos_lost;
}

static void battery_is_lost(void)
{
    world.hal.cmos_lost = true;
}

static void boot(void)
{
    world_boot();
}

static void power_off(void)
{
    world_power_off();
}

/* --- the host --- */

#define AMTHI_START 0x29
#define AMTHI_STOP 0x5E

static void amthi(uint8_t command)
{
    const uint8_t message[12] = {1, 1, 0, 0, command, 0, 0, 4};

    virtual_message_in(&world.hal, message, sizeof(message));
    world_run();
}

static bool host_can_ask(void)
{
    return on() && world.hal.message_len == 0;
}

static void agent_starts(void)
{
    amthi(AMTHI_START);
}

static void agent_stops(void)
{
    amthi(AMTHI_STOP);
}

static bool has_host(void)
{
    return on() && !world.host_absent;
}

static void os_changes(void)
{
    world_set_os(!world.os_up);
}

/* --- the network --- */

static void server_changes(void)
{
    world.server = (uint8_t)((world.server + 1) % SERVERS);
}

static void dhcp_changes(void)
{
    world.dhcp = !world.dhcp;
}

static void dns_changes(void)
{
    world.dns = !world.dns;
}

static void cable_changes(void)
{
    world.hal.link = !world.hal.link;
    world_run();
}

/* --- the chip's own faults --- */

static void flash_reads(void)
{
    world.flash_read_fails = !world.flash_read_fails;
}

static void flash_writes(void)
{
    world.flash_write_fails = !world.flash_write_fails;
}

static bool entropy_is_there(void)
{
    return on() && !world.entropy_fails;
}

static void entropy_fails(void)
{
    world.entropy_fails = true;
}

static bool flash_is_whole(void)
{
    return !world.flash_spoiled;
}

static void flash_spoils(void)
{
    world.flash_spoiled = true;
    abstraction_spoil_flash();
}

/* --- all of them --- */

static const struct explore_act acts[] = {
    {"time: next wake-up", ACTOR_TIME, 0, GROUP_TIME, can_wake, wake},
    {"time: one second", ACTOR_TIME, 0, GROUP_TIME, on, one_second},
    {"time: half a minute", ACTOR_TIME, 0, GROUP_LONG, on, half_a_minute},
    {"time: eleven minutes", ACTOR_TIME, 0, GROUP_LONG, on, eleven_minutes},
    {"time: the window's end", ACTOR_TIME, 0, GROUP_LONG, can_end, to_the_end},
    {"time: a minute in which nobody polls", ACTOR_TIME, ACT_STALLS, GROUP_LONG, on, stall},

    {"owner logs in", ACTOR_OWNER, 0, GROUP_OWNER, owner_can_log_in, owner_logs_in},
    {"owner unprovisions", ACTOR_OWNER, ACT_FULL, GROUP_OWNER, owner_can_ask, owner_full},
    {"owner unprovisions partially", ACTOR_OWNER, ACT_PARTIAL, GROUP_OWNER, owner_can_ask,
     owner_partial},
    {"owner unprovisions and falls silent", ACTOR_OWNER, ACT_FULL, GROUP_SILENT,
     owner_can_fall_silent, owner_full_silent},
    {"owner unprovisions partially and falls silent", ACTOR_OWNER, ACT_PARTIAL, GROUP_SILENT,
     owner_can_fall_silent, owner_partial_silent},
    {"owner comes back and unprovisions partially", ACTOR_OWNER, ACT_PARTIAL, GROUP_COMMIT,
     owner_can_hurry, owner_hurries},
    {"owner closes", ACTOR_OWNER, 0, GROUP_OWNER, owner_can_close, owner_closes},
    {"owner prepares a commit", ACTOR_OWNER, 0, GROUP_COMMIT, owner_can_ask, owner_prepares},
    {"owner commits", ACTOR_OWNER, 0, GROUP_COMMIT, owner_can_ask, owner_commits},
    {"owner extends the window", ACTOR_OWNER, ACT_EXTENDS, GROUP_COMMIT, owner_can_ask,
     owner_extends},
    {"owner leaves something pending", ACTOR_OWNER, 0, GROUP_COMMIT, owner_can_ask,
     owner_leaves_pending},

    {"stranger connects", ACTOR_STRANGER, 0, GROUP_STRANGER, stranger_can_connect,
     stranger_connects},
    {"stranger asks for a nonce", ACTOR_STRANGER, 0, GROUP_STRANGER, stranger_is_idle,
     stranger_nonce},
    {"stranger asks with no password", ACTOR_STRANGER, 0, GROUP_STRANGER, stranger_can_ask,
     stranger_asks},
    {"stranger closes", ACTOR_STRANGER, 0, GROUP_STRANGER, stranger_is_open, stranger_closes},
    {"stranger asks with the default password", ACTOR_STRANGER, 0, GROUP_MORE, stranger_can_ask,
     stranger_asks_default},
    {"stranger guesses", ACTOR_STRANGER, 0, GROUP_MORE, stranger_can_ask, stranger_guesses},
    {"stranger takes over", ACTOR_STRANGER, 0, GROUP_MORE, stranger_can_ask, stranger_takes_over},
    {"stranger sends half a request", ACTOR_STRANGER, 0, GROUP_MORE, stranger_can_ask,
     stranger_half},
    {"stranger sends the rest", ACTOR_STRANGER, 0, GROUP_MORE, stranger_has_half, stranger_rest},
    {"stranger repeats what it has heard", ACTOR_STRANGER, 0, GROUP_MORE, stranger_has_heard,
     stranger_repeats},
    {"stranger resets", ACTOR_STRANGER, 0, GROUP_MORE, stranger_is_open, stranger_resets},
    {"second connects", ACTOR_STRANGER, 0, GROUP_SECOND, second_can_connect, second_connects},
    {"second asks", ACTOR_STRANGER, 0, GROUP_SECOND, second_is_idle, second_asks},
    {"second resets", ACTOR_STRANGER, 0, GROUP_SECOND, second_is_open, second_resets},
    {"a hand-shake begins", ACTOR_STRANGER, 0, GROUP_SHAKE, shaker_can_connect, shaker_begins},
    {"the hand-shake is reset", ACTOR_STRANGER, 0, GROUP_SHAKE, shaker_is_open, shaker_resets},
    {"stranger spoofs a DHCP ACK", ACTOR_STRANGER, 0, GROUP_SPOOF, on, spoof},
    {"stranger pings from nobody", ACTOR_STRANGER, 0, GROUP_SPOOF, on, ping},

    {"MEBx: full unprovision", ACTOR_PERSON, ACT_FULL, GROUP_PERSON, on, mebx_full},
    {"MEBx: partial unprovision", ACTOR_PERSON, ACT_PARTIAL, GROUP_PERSON, on, mebx_partial},
    {"MEBx: by hand", ACTOR_PERSON, ACT_PROVISIONS, GROUP_MENU, menu_can_open, mebx_by_hand},
    {"MEBx: a key", ACTOR_PERSON, 0, GROUP_MENU, menu_can_open, mebx_input},
    {"menu opened", ACTOR_PERSON, 0, GROUP_MENU, menu_can_open, menu_opens},
    {"menu left", ACTOR_PERSON, 0, GROUP_MENU, menu_is_open, menu_is_left},
    {"menu left with a change", ACTOR_PERSON, ACT_MENU, GROUP_MENU, menu_is_open, menu_changes},
    {"BIOS switch", ACTOR_PERSON, ACT_BOOTS, GROUP_MENU, on, bios_switch},

    {"AC off", ACTOR_WORLD, 0, GROUP_POWER, on, power_off},
    {"AC on", ACTOR_WORLD, ACT_BOOTS, GROUP_POWER, off, boot},
    {"battery lost", ACTOR_WORLD, 0, GROUP_POWER, battery_is_there, battery_is_lost},

    {"agent starts", ACTOR_HOST, 0, GROUP_AGENT, host_can_ask, agent_starts},
    {"agent stops", ACTOR_HOST, 0, GROUP_AGENT, host_can_ask, agent_stops},
    {"operating system up or down", ACTOR_HOST, 0, GROUP_NETWORK, has_host, os_changes},
    {"server changes", ACTOR_WORLD, 0, GROUP_NETWORK, always, server_changes},
    {"DHCP there or gone", ACTOR_WORLD, 0, GROUP_NETWORK, always, dhcp_changes},
    {"DNS there or gone", ACTOR_WORLD, 0, GROUP_NETWORK, always, dns_changes},
    {"cable in or out", ACTOR_WORLD, 0, GROUP_NETWORK, on, cable_changes},

    {"flash read fails or works", ACTOR_WORLD, 0, GROUP_FAULTS, always, flash_reads},
    {"flash write fails or works", ACTOR_WORLD, 0, GROUP_FAULTS, always, flash_writes},
    {"flash: a byte flips", ACTOR_WORLD, 0, GROUP_FAULTS, flash_is_whole, flash_spoils},
    {"entropy fails", ACTOR_WORLD, 0, GROUP_ENTROPY, entropy_is_there, entropy_fails},
};

#define ACTS ((int)(sizeof(acts) / sizeof(acts[0])))

int act_count(void)
{
    return ACTS + line_act_count;
}

const struct explore_act *act_at(int act)
{
    return act < ACTS ? &acts[act] : &line_acts[act - ACTS];
}

int act_find(const char *name)
{
    for (int i = 0; i < act_count(); i++)
        if (strcmp(act_at(i)->name, name) == 0)
            return i;
    return -1;
}

static uint32_t group(const char *name, size_t len)
{
    static const char *const names[] = {
        "time",   "long",    "owner",  "commit", "stranger", "more",    "second",
        "shake",  "spoof",   "person", "menu",   "power",    "agent",   "network",
        "faults", "entropy", "silent", "line",   "users",    "machine", "reader"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return 1u << i;
    return 0;
}

uint32_t act_groups(const char *names)
{
    uint32_t bits = 0;

    while (*names) {
        size_t len = strcspn(names, ",");
        uint32_t one = group(names, len);

        if (!one)
            return 0;
        bits |= one;
        names += len + (names[len] == ',');
    }
    return bits;
}
