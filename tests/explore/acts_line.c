// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/acts_line.h"

#include "tests/explore/abstraction.h"
#include "tests/explore/console.h"
#include "tests/explore/console_reader.h"
#include "tests/explore/peer.h"
#include "tests/explore/visit.h"
#include "tests/explore/wire.h"
#include "tests/explore/world.h"

#define SYNS 12

static bool on(void)
{
    return world.powered;
}

/* --- consoles --- */

static bool can_connect(enum who who)
{
    return on() && !peer_is_open(who);
}

static bool is_at(enum who who, enum line_stage stage)
{
    const struct peer *p = &world.peer[who];

    return on() && p->tcp == PEER_OPEN && p->line == stage && !p->half && p->tx_len == 0;
}

static void try_password(enum who who, enum line_account account, bool wrong)
{
    console_logs_in(who, account, wrong, 0);
    visit_push(who);
}

static bool console_can_connect(void)
{
    return can_connect(CONSOLE);
}

static void console_connects(void)
{
    visit_line(CONSOLE);
}

static bool console_can_log_in(void)
{
    return is_at(CONSOLE, LINE_STARTED);
}

static void console_in(void)
{
    try_password(CONSOLE, LINE_USER, false);
}

static bool console_is_in(void)
{
    return is_at(CONSOLE, LINE_IN);
}

static void console_takes_line(void)
{
    console_begins(CONSOLE);
    world.pc.says = 5;
    visit_push(CONSOLE);
}

static bool console_has_line(void)
{
    return is_at(CONSOLE, LINE_SERIAL);
}

static void console_says(void)
{
    console_types(CONSOLE);
    world.pc.says = 3;
    visit_push(CONSOLE);
}

static void console_is_there(void)
{
    console_lives(CONSOLE);
    visit_push(CONSOLE);
}

static void console_leaves(void)
{
    console_ends(CONSOLE);
    visit_push(CONSOLE);
}

static bool console_is_open(void)
{
    return on() && peer_is_open(CONSOLE);
}

static void console_resets(void)
{
    visit_close(CONSOLE, true);
}

static bool rival_can_connect(void)
{
    return can_connect(RIVAL);
}

static void rival_connects(void)
{
    visit_line(RIVAL);
}

static bool rival_can_log_in(void)
{
    return is_at(RIVAL, LINE_STARTED);
}

static void rival_in(void)
{
    try_password(RIVAL, LINE_USER, false);
}

static void rival_guesses(void)
{
    try_password(RIVAL, LINE_OWNER, true);
}

static void rival_reads_only(void)
{
    try_password(RIVAL, LINE_READER, false);
}

static void rival_half(void)
{
    console_logs_in(RIVAL, LINE_USER, false, 11);
    world.peer[RIVAL].half = true;
    visit_push(RIVAL);
}

/* The serial line, without having logged in. */
static void rival_types(void)
{
    console_begins(RIVAL);
    console_types(RIVAL);
    visit_push(RIVAL);
}

static bool rival_is_open(void)
{
    return on() && peer_is_open(RIVAL);
}

static void rival_resets(void)
{
    visit_close(RIVAL, true);
}

static void flood(void)
{
    wire_syn_from_nobody(SYNS, LINE_PORT);
    world_run();
}

/* --- the owner --- */

#define EOI(method, arguments)                                                                     \
    "<Envelope><Body><" method ">" arguments "</" method "></Body></Envelope>"
#define ENTRY(realm, access)                                                                       \
    "<DigestUsername>" WORLD_USER "</DigestUsername><AccessPermission>" access                     \
    "</AccessPermission><Realms>" realm "</Realms>"
/* MD5 of ann:WORLD_REALM:another */
#define ANOTHER "<DigestPassword>AAECAwQFBgcICQoLDA0ODw==</DigestPassword>"
#define POWER(command)                                                                             \
    {                                                                                              \
        .path = "/RemoteControlService",                                                           \
        .body = EOI("RemoteControl", "<Command>" command "</Command>"), .order = true              \
    }
#define REDIRECTION(method, arguments)                                                             \
    {                                                                                              \
        .path = "/RedirectionService", .body = EOI(method, arguments), .order = true               \
    }
#define ACL(method, arguments)                                                                     \
    {                                                                                              \
        .path = PEER_SECURITY, .body = EOI(method, arguments), .order = true                       \
    }

static bool owner_can_ask(void)
{
    return on() && peer_is_idle(OWNER) && peer_knows_nonce(OWNER);
}

static void owner_asks(const struct request *what)
{
    struct request r = *what;

    r.user = "admin";
    r.password = world.ghost.default_password ? "admin" : WORLD_PASSWORD;
    peer_request(OWNER, &r);
    visit_push(OWNER);
}

#define OWNER_ASKS(name, ...)                                                                      \
    static void name(void)                                                                         \
    {                                                                                              \
        static const struct request r = __VA_ARGS__;                                               \
                                                                                                   \
        owner_asks(&r);                                                                            \
    }

OWNER_ASKS(user_is_removed, ACL("RemoveUserAclEntry", "<Handle>1</Handle>"))
OWNER_ASKS(user_is_disabled,
           ACL("SetAclEnabledState", "<Handle>1</Handle><Enabled>false</Enabled>"))
OWNER_ASKS(user_is_enabled, ACL("SetAclEnabledState", "<Handle>1</Handle><Enabled>true</Enabled>"))
OWNER_ASKS(user_may_read_only, ACL("UpdateUserAclEntryEx", "<Handle>1</Handle>" ENTRY("19", "2")))
OWNER_ASKS(user_may_redirect, ACL("UpdateUserAclEntryEx", "<Handle>1</Handle>" ENTRY("2", "2")))
OWNER_ASKS(user_is_local, ACL("UpdateUserAclEntryEx", "<Handle>1</Handle>" ENTRY("2", "0")))
OWNER_ASKS(user_is_added, ACL("AddUserAclEntryEx", ENTRY("2", "2") ANOTHER))
OWNER_ASKS(session_is_ended, REDIRECTION("TerminateSession", "<SessionType>1</SessionType>"))
OWNER_ASKS(sol_is_off, REDIRECTION("RequestStateChange", "<RequestedState>32768</RequestedState>"))
OWNER_ASKS(sol_is_on, REDIRECTION("RequestStateChange", "<RequestedState>32770</RequestedState>"))
OWNER_ASKS(listener_opens, REDIRECTION("SetRedirectionListenerState", "<State>true</State>"))
OWNER_ASKS(listener_closes, REDIRECTION("SetRedirectionListenerState", "<State>false</State>"))
OWNER_ASKS(power_up, POWER("17"))
OWNER_ASKS(power_down, POWER("18"))
OWNER_ASKS(power_cycle, POWER("19"))
OWNER_ASKS(reset, POWER("16"))
OWNER_ASKS(log_is_cleared,
           {.path = "/EventManagerService", .body = PEER_METHOD("ClearEventLog"), .order = true})
OWNER_ASKS(log_is_frozen, {.path = "/EventManagerService",
                           .body = EOI("FreezeEventLog", "<Freeze>true</Freeze>"),
                           .order = true})

/* --- the machine by itself --- */

static void machine_moves(void)
{
    world.pc.state = world.pc.state == MACHINE_S0   ? MACHINE_S3
                     : world.pc.state == MACHINE_S3 ? MACHINE_S5
                                                    : MACHINE_S0;
    world_run();
}

/* --- who may read the event log --- */

static bool reader_can_ask(void)
{
    return on() && (!peer_is_open(READER) || peer_is_idle(READER));
}

/* With a nonce of its own; the challenge ends its connection. */
static void reader_asks(const char *path, const char *body, bool refusable)
{
    struct request r = {.path = path, .body = body, .refusable = refusable};

    for (int i = 0; i < 2; i++) {
        if (!peer_is_open(READER))
            visit_connect(READER);
        if (!peer_is_idle(READER))
            return;
        r.user = peer_knows_nonce(READER) ? WORLD_READER : NULL;
        r.password = WORLD_PASSWORD;
        peer_request(READER, &r);
        visit_push(READER);
        if (world.peer[READER].status != 401)
            return;
    }
}

static void reader_reads(void)
{
    reader_asks("/EventManagerService", PEER_METHOD("ReadEventLog"), false);
}

static void reader_clears(void)
{
    reader_asks("/EventManagerService", PEER_METHOD("ClearEventLog"), true);
}

static void reader_freezes(void)
{
    reader_asks("/EventManagerService", EOI("FreezeEventLog", "<Freeze>true</Freeze>"), true);
}

static void reader_switches_off(void)
{
    reader_asks("/RemoteControlService", EOI("RemoteControl", "<Command>18</Command>"), true);
}

static void reader_ends_session(void)
{
    reader_asks("/RedirectionService", EOI("TerminateSession", "<SessionType>1</SessionType>"),
                true);
}

static void reader_raises_itself(void)
{
    reader_asks(PEER_SECURITY,
                EOI("UpdateUserAclEntryEx", "<Handle>2</Handle><DigestUsername>" WORLD_READER
                                            "</DigestUsername><AccessPermission>2"
                                            "</AccessPermission><Realms>3</Realms>"),
                true);
}

static bool reader_is_open(void)
{
    return on() && peer_is_open(READER);
}

static void reader_closes(void)
{
    visit_close(READER, false);
}

const struct explore_act line_acts[] = {
    {"console connects", ACTOR_STRANGER, 0, GROUP_LINE, console_can_connect, console_connects},
    {"console logs in", ACTOR_STRANGER, 0, GROUP_LINE, console_can_log_in, console_in},
    {"console takes the line", ACTOR_STRANGER, 0, GROUP_LINE, console_is_in, console_takes_line},
    {"console types", ACTOR_STRANGER, 0, GROUP_LINE, console_has_line, console_says},
    {"console is there", ACTOR_STRANGER, 0, GROUP_LINE, console_has_line, console_is_there},
    {"console leaves", ACTOR_STRANGER, 0, GROUP_LINE, console_has_line, console_leaves},
    {"console resets", ACTOR_STRANGER, 0, GROUP_LINE, console_is_open, console_resets},
    {"rival connects to the line", ACTOR_STRANGER, 0, GROUP_LINE, rival_can_connect,
     rival_connects},
    {"rival logs in", ACTOR_STRANGER, 0, GROUP_LINE, rival_can_log_in, rival_in},
    {"rival guesses", ACTOR_STRANGER, 0, GROUP_LINE, rival_can_log_in, rival_guesses},
    {"rival logs in as a reader", ACTOR_STRANGER, 0, GROUP_LINE, rival_can_log_in,
     rival_reads_only},
    {"rival sends half a log-in", ACTOR_STRANGER, 0, GROUP_LINE, rival_can_log_in, rival_half},
    {"rival types without a log-in", ACTOR_STRANGER, 0, GROUP_LINE, rival_can_log_in, rival_types},
    {"rival resets", ACTOR_STRANGER, 0, GROUP_LINE, rival_is_open, rival_resets},
    {"the line is flooded", ACTOR_STRANGER, 0, GROUP_LINE, on, flood},

    {"owner removes the user", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, user_is_removed},
    {"owner disables the user", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, user_is_disabled},
    {"owner enables the user", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, user_is_enabled},
    {"owner lets the user read only", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask,
     user_may_read_only},
    {"owner lets the user redirect", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, user_may_redirect},
    {"owner keeps the user from the network", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask,
     user_is_local},
    {"owner adds the user with another password", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask,
     user_is_added},
    {"owner ends the session", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, session_is_ended},
    {"owner switches the line off", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, sol_is_off},
    {"owner switches the line on", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, sol_is_on},
    {"owner opens the listener", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, listener_opens},
    {"owner closes the listener", ACTOR_OWNER, 0, GROUP_USERS, owner_can_ask, listener_closes},

    {"owner powers the machine up", ACTOR_OWNER, 0, GROUP_MACHINE, owner_can_ask, power_up},
    {"owner powers the machine down", ACTOR_OWNER, 0, GROUP_MACHINE, owner_can_ask, power_down},
    {"owner cycles the machine's power", ACTOR_OWNER, 0, GROUP_MACHINE, owner_can_ask, power_cycle},
    {"owner resets the machine", ACTOR_OWNER, 0, GROUP_MACHINE, owner_can_ask, reset},
    {"machine: on, asleep, off", ACTOR_WORLD, 0, GROUP_MACHINE, on, machine_moves},

    {"owner clears the log", ACTOR_OWNER, 0, GROUP_READER, owner_can_ask, log_is_cleared},
    {"owner freezes the log", ACTOR_OWNER, 0, GROUP_READER, owner_can_ask, log_is_frozen},
    {"reader reads the log", ACTOR_STRANGER, 0, GROUP_READER, reader_can_ask, reader_reads},
    {"reader clears the log", ACTOR_STRANGER, 0, GROUP_READER, reader_can_ask, reader_clears},
    {"reader freezes the log", ACTOR_STRANGER, 0, GROUP_READER, reader_can_ask, reader_freezes},
    {"reader powers the machine down", ACTOR_STRANGER, 0, GROUP_READER, reader_can_ask,
     reader_switches_off},
    {"reader ends the session", ACTOR_STRANGER, 0, GROUP_READER, reader_can_ask,
     reader_ends_session},
    {"reader makes itself an administrator", ACTOR_STRANGER, 0, GROUP_READER, reader_can_ask,
     reader_raises_itself},
    {"reader closes", ACTOR_STRANGER, 0, GROUP_READER, reader_is_open, reader_closes},
};

const int line_act_count = sizeof(line_acts) / sizeof(line_acts[0]);
