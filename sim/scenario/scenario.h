// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "sim/net/dnsd.h"
#include "sim/scenario/mebx_visit.h"
#include "sim/scenario/names.h"
#include "sim/scenario/oem_file.h"
#include "sim/world/world.h"

/* Scenario files as a list of steps. The language is described in sim/scenarios/GRAMMAR.md. A
 * scenario that was read is legal: its words, numbers, names and times need no further check. */

#define SCENARIO_BYTES (256u * 1024u) /* longest file */
#define SCENARIO_STEPS 4096u
#define SCENARIO_WORDS 96u     /* on one line */
#define SCENARIO_CONDITIONS 8u /* after one `when` */
#define SCENARIO_LAST_H 10000u /* latest time, in hours */
#define SCENARIO_LAST_US (SCENARIO_LAST_H * UINT64_C(3600000000))
#define SCENARIO_SERVERS 4u                  /* as many SCA addresses as a world has */
#define SCENARIO_CONSOLES 4u                 /* as many consoles */
#define SCENARIO_PORTS 8u                    /* as many as its firewall has */
#define SCENARIO_STICK_BYTES (1024u * 1024u) /* longest setup.bin */

enum step_kind {
    /* before the world begins */
    STEP_DEVICE,
    STEP_START,
    STEP_PC,
    STEP_JUDGES_NOTHING,
    /* The network, at any time; before the first `at` they describe what the world begins with. */
    STEP_LAN_OPTION15,
    STEP_LAN_DHCP,
    STEP_LAN_NAK,
    STEP_LAN_SLOW,
    STEP_LAN_POOL,
    STEP_LAN_LEASE,
    STEP_LAN_ROGUE,
    STEP_LAN_SPOOF,
    STEP_DNS_A,
    STEP_DNS_CNAME,
    STEP_DNS_REMOVE,
    STEP_DNS_SILENT,
    STEP_FIREWALL,
    STEP_SCA,
    STEP_SCA_PLAN,
    STEP_SCA_CLOCK,
    STEP_CONSOLE_USE, /* likewise */
    /* at a time */
    STEP_AC,
    STEP_POWER,
    STEP_MAINS,
    STEP_BIOS,
    STEP_UPGRADE,
    STEP_CMOS,
    STEP_LINK,
    STEP_OS,
    STEP_OS_RENEW,
    STEP_HOST_RESET,
    STEP_PRESS,
    STEP_AGENT,
    STEP_UNPROVISION,
    STEP_MEBX_SERVER,
    STEP_MEBX_DOMAIN,
    STEP_MEBX_MANUAL,
    STEP_MEBX_VISIT,
    STEP_MEBX_KEYS,
    STEP_USB,
    STEP_PROBE,
    STEP_SCA_ASK,
    STEP_CONSOLE_ORDER,
    STEP_SOL_OPEN,
    STEP_SOL_CLOSE,
    STEP_SOL_TYPE,
    STEP_MARK,
    STEP_WAIT, /* lets the world run until then */
    STEP_EXPECT,
};

enum compare_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OPS };

enum expect_kind {
    EXPECT_STATE,
    EXPECT_STATUS,
    EXPECT_WINDOW,
    EXPECT_WINDOW_LEFT,
    EXPECT_AGENT_LINE,
    EXPECT_AGENT_LINES,
    EXPECT_HELLO_COUNT,
    EXPECT_HELLO_RETRY,
    EXPECT_HELLO_TIMES,
    EXPECT_HELLO_BYTES,
    EXPECT_HELLO_FROM,
    EXPECT_HELLO_TO,
    EXPECT_HELLO_SOURCE_PORT,
    EXPECT_FRAMES,
    EXPECT_DNS_QUERY,
    EXPECT_DHCP_NONE,
    EXPECT_DHCP_BYTES,
    EXPECT_DHCP_TEXT,
    EXPECT_TCP_DATA,
    EXPECT_TRACE,
    EXPECT_TRACE_TEXT,
    EXPECT_SCA_CONNECTIONS,
    EXPECT_SCA_LOG,
    EXPECT_SCA_LOGS,
    EXPECT_SCA_STATUS,
    EXPECT_SCA_HTTP,
    EXPECT_SCA_STAGE,
    EXPECT_PROBE,
    EXPECT_USB,
    EXPECT_SERIAL,
    EXPECT_SCREEN,
    EXPECT_CONSOLE_CALL,
    EXPECT_CONSOLE_STATUS,
    EXPECT_CONSOLE_HTTP,
    EXPECT_CONSOLE_VALUE,
    EXPECT_CONSOLE_SOL,
    /* asked of the host interface */
    EXPECT_HASH_COUNT,
    EXPECT_PID,
    EXPECT_TLS_MODE,
    EXPECT_AMTHI,
};

/* Right of `expect state`: 0..2 as reported, or no answer at all. */
#define STATE_NO_ANSWER REPORTED_STATES

struct expectation {
    enum expect_kind kind;
    enum compare_op op;
    uint64_t number; /* right of the operator; reported state; PT_STATUS; port; TLS mode; probe;
                        enum call_result; enum sol_state;
                        HTTP status; enum sca_result; window open (1) or closed; seconds; DHCP
                        option */
    uint32_t ip;
    uint8_t sender;      /* enum lan_sender */
    uint8_t frames;      /* enum frame_class */
    uint8_t trace;       /* enum trace_event */
    uint8_t stage;       /* enum sca_stage */
    const char *text;    /* agent line or its beginning; DNS name; stick's result; PID, NULL = none;
                            part of a log line; operation; what a trace said;
                            or hex digits, see below; NULL = empty answer */
    const char *request; /* hex digits of a host interface message */
    uint64_t *times_us;  /* since the first hello; owned by the scenario */
    uint16_t times;
};

#define EXPECT_REQUEST_BYTES 512u /* longest request of `expect amthi` */

/* In hex digits "xx" matches any byte, and a final "." any bytes that follow. */
#define HEX_OPEN_END '.'

/* "5.0.2" names a release; with an operator it bounds the release by number. */
struct condition {
    enum compare_op op;
    const char *release;
};

enum pc_word { PC_NO_OS, PC_OFF, PC_STAYS_OFF };

/* What the words of a `device` line set; several lines add up, later ones win. */
struct device_words {
    const struct oem_profile *oem; /* profile to begin with, NULL = not given */
    struct oem_file *file;         /* it is in here; NULL = it is a built-in one */
    uint32_t bmp_hours;            /* OEM_BMP_UNSET = not given */
    const char *domain;            /* NULL = not given */
    bool localized_bios;
    bool blind_to_dhcp;
    char schedule;          /* 'A' or 'B'; 0 = the release's */
    uint16_t certificate_s; /* 0 = there from the start */
    uint8_t unprovision_to; /* enum unprovision_default; 0 = the profile's */
};

#define OEM_BMP_UNSET (UINT32_MAX - 1u)

/* A USB stick with a setup.bin. */
struct stick {
    uint8_t *file; /* owned by the scenario; NULL = the same stick as last time */
    size_t len;
};

struct step {
    enum step_kind kind;
    bool setup;   /* before the first `at` */
    bool refused; /* the firmware must refuse it */
    bool copy;    /* of an earlier one, which owns what it points to: a repetition */
    uint32_t line;
    uint64_t at_us;
    const char *text; /* as written, without time and condition; secrets replaced */
    struct condition when[SCENARIO_CONDITIONS];
    uint8_t conditions;

    bool on; /* AC, mains, link, OS, DHCP, AMT; CMOS battery in; unprovision full; provisioned */
    enum power_system power;
    uint32_t ip;
    uint32_t more_ip[DNSD_ADDRESSES - 1]; /* of a DNS name; 0 = none any more */
    uint16_t port;                        /* 0 = default */
    uint32_t seconds;                     /* lease */
    uint64_t delay_us;                    /* DHCP server's */
    const char *name;                     /* DNS name, domain, option 15; NULL = none */
    const char *keys;                     /* typed in MEBx, at the machine or at a console */
    enum world_button button;
    const char *target; /* of a CNAME */
    enum sca_mode mode;
    enum pc_word pc;
    const struct release *release; /* of an upgrade */
    struct device_words device;
    struct agent_options agent;
    struct mebx_visit visit;
    struct stick stick;
    struct sca_plan *plan; /* owned by the scenario; NULL = none any more */
    struct sca_order order;
    uint64_t clock_s; /* since 1970 */
    enum console_protocol protocol;
    struct console_order console; /* on: with TLS, for STEP_CONSOLE_USE */
    struct expectation expect;
};

struct scenario {
    const char *file; /* as given, for messages */
    const struct release *release;
    struct step *step; /* in the order in which they are played */
    size_t steps;
    char *source, *words; /* own the texts */
    size_t len;           /* of each */
};

#define SCENARIO_FAULTS 20u /* faulty lines that are told; more are counted */
#define SCENARIO_FAULT 512u

struct scenario_error {
    char text[SCENARIO_FAULT]; /* the first: "FILE:LINE: what is wrong; what was expected" */
    char more[SCENARIO_FAULTS - 1][SCENARIO_FAULT]; /* the others, likewise */
    uint32_t faults;                                /* all of them; 0 = the file was not read */
};

/* Reads a file ("-" is not special). False: *error says why, *scenario needs no free. All lines are
 * read, so that each faulty one is told. file must outlive the scenario. */
bool scenario_load(const char *file, struct scenario *scenario, struct scenario_error *error);
/* The same from memory; `file` is only used in messages. */
bool scenario_read(const char *file, const char *text, size_t len, struct scenario *scenario,
                   struct scenario_error *error);
void scenario_free(struct scenario *scenario);

/* "90s", "5m", "2m5s", "1h30m", "500ms", "0": each unit once, from large to small. */
bool scenario_time(const char *text, uint64_t *time_us);
/* As it would be written in a scenario: "2m5s". Returns out. */
const char *scenario_time_text(uint64_t time_us, char out[32]);

/* Compares release numbers part by part ("5.0.10" > "5.0.2"): <0, 0, >0. */
int release_compare(const char *a, const char *b);
/* Whether a step with this condition concerns that release. */
bool step_applies_to(const struct step *step, const struct release *release);

bool compare_holds(enum compare_op op, uint64_t left, uint64_t right);
extern const char *const compare_op_names[OPS]; /* "==", ... */

#endif
