// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_RECORDER_H
#define SIM_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "sim/net/packet.h"
#include "sim/run/line.h"
#include "sim/scenario/names.h"
#include "sim/world/world.h"

/* Collects what happens in a world: entries for the transcript, and what expectations count. */

struct entry {
    uint64_t time_us;
    enum entry_kind kind;
    const char *who; /* "pc", "os", "me", "agent", "lan", "sca", "check" */
    char *text;
    char *reason;  /* the firmware's rule behind it in words, NULL = none */
    char *source;  /* of that rule, NULL = none */
    int64_t retry; /* retry field, -1 = none */
};

#define ENTRY_TEXT 1200

/* "state factory: full unprovision returns to ... [S0]". Returns out. */
const char *entry_text(const struct entry *entry, char out[ENTRY_TEXT]);

struct hello_seen {
    uint64_t time_us;
    uint32_t from_ip, to_ip;
    uint16_t from_port, to_port;
    uint32_t retry;
};

struct query_seen {
    char name[LIMIT_FQDN + 1];
    uint64_t count;
};

#define RECORDER_TRACE_TEXT 128

/* A DHCP client: the ME's or the operating system's. */
struct client_seen {
    uint32_t xid; /* of its last message */
    bool waits;   /* for an answer to it */
    bool told;    /* that there is none */
};

/* An operation of a set-up server and its last answer. */
struct operation_seen {
    const char *name;
    uint32_t status;
    uint16_t http;
};

/* A console. */
struct console_seen {
    uint32_t ip;
    enum call_result result; /* of its last order since the mark */
    uint16_t http;
    uint32_t status, value;
    enum sol_state sol; /* now */
};

#define RECORDER_CONSOLES 4 /* as many as a world has */

/* Since the last mark. */
struct counters {
    uint64_t frames[LAN_SENDERS][FRAME_CLASSES];
    uint64_t data_segments[LAN_SENDERS];
    uint64_t trace[TRACE_EVENTS];
    char trace_text[TRACE_EVENTS][RECORDER_TRACE_TEXT]; /* of the last one */
    uint64_t sca_connections;                           /* accepted by a set-up application */
    struct hello_seen *hello;
    size_t hellos, hello_cap;
    struct query_seen *query; /* DNS questions of the ME */
    size_t queries, query_cap;
    uint8_t last_dhcp[LAN_FRAME]; /* the ME's last DHCP message */
    size_t last_dhcp_len;         /* 0 = none */
    uint8_t last_hello[LIMIT_HELLO_BYTES];
    size_t last_hello_len;
    struct operation_seen *operation;
    size_t operations, operation_cap;
    enum sca_result stage[SCA_STAGES]; /* the last one of each */
    char *serial;                      /* what consoles received of the serial line */
    size_t serial_len, serial_cap;
};

#define RECORDER_SAID 512

struct recorder {
    struct entry *entry;
    size_t entries, entry_cap;
    struct counters since_mark;
    size_t agent_from;                      /* entry at which the last run of the agent begins */
    size_t mark_from;                       /* entry at which the last mark stands */
    bool out_of_memory;                     /* something is missing */
    struct hello_seen last_connection;      /* of the ME: where a hello comes from and goes to */
    struct client_seen client[LAN_SENDERS]; /* LAN_LAN is none */
    char last_command[48];                  /* last host command's name */
    struct console_seen console[RECORDER_CONSOLES];
    size_t consoles;
    char said[RECORDER_SAID]; /* the serial line's text of one moment, not yet an entry */
    size_t said_len;
    uint64_t said_us;
};

void recorder_init(struct recorder *recorder);
void recorder_free(struct recorder *recorder);
void recorder_event(struct recorder *recorder, const struct world_event *event);
void recorder_mark(struct recorder *recorder);
/* The agent is about to run, started by `command`; `expect agent line` looks at what it prints from
 * here on. */
void recorder_agent(struct recorder *recorder, uint64_t time_us, const char *command);
bool recorder_agent_printed(const struct recorder *recorder, const char *line);
/* An entry by the script itself. who must be a constant. */
void recorder_note(struct recorder *recorder, uint64_t time_us, enum entry_kind kind,
                   const char *who, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* What an option of the ME's last DHCP message held, its parts joined. False: it has none such. */
bool recorder_dhcp_option(const struct recorder *recorder, uint8_t option, uint8_t out[LAN_FRAME],
                          size_t *len);
/* NULL: no console at that address has done anything. */
const struct console_seen *recorder_console(const struct recorder *recorder, uint32_t ip);
/* What has been said is an entry from now on: the story is over. */
void recorder_end(struct recorder *recorder);
uint64_t recorder_queries(const struct recorder *recorder, const char *name);

#endif
