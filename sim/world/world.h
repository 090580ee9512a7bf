// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/hello.h"
#include "fw/core/power.h"
#include "fw/core/release.h"
#include "fw/host/local.h"
#include "fw/host/usbkey/usbkey.h"
#include "sim/console/console.h"
#include "sim/net/lan.h"
#include "sim/pc/pc.h"
#include "sim/server/sca.h"
#include "tools/ztcagent/agent.h"

/* The virtual world: one PC with an ME in it, on one segment with a DHCP server, a DNS server and
 * set-up applications, all on one clock. The firmware inside is the production source. */

#define WORLD_DHCP_IP 0x0A000001u /* 10.0.0.1: DHCP server and gateway */
#define WORLD_DNS_IP 0x0A000002u  /* 10.0.0.2 */
#define WORLD_POOL_IP 0x0A000032u /* 10.0.0.50: first leased address */

struct world_config {
    const struct release *release;
    const struct release *shipped; /* see struct device_config */
    const struct oem_profile *oem;
    uint64_t seed;
    bool start_provisioned; /* the store holds a provisioned device when the world begins */
    bool blind_to_dhcp;     /* see struct net_config */
    bool eager_timers;      /* see struct net_config */
    uint16_t certificate_s; /* see struct device_config */
    bool no_os;             /* the PC has no operating system on this wire until `os up` */
};

enum world_event_kind {
    WORLD_FRAME,  /* a frame left a port: sender, frame, len */
    WORLD_DEVICE, /* the firmware's trace: trace (enum trace_event), value, text, source */
    WORLD_PC,     /* something done to the machine: text ("AC on") */
    WORLD_AGENT,  /* a line the agent printed: text */
    WORLD_HELLO,  /* an SCA received one: hello, ip (peer), port (peer's), frame/len = raw bytes */
    WORLD_SCA,    /* other SCA events: text ("connection closed by device"), ip, port */
    /* of an SCA that calls the device back; ip is its own */
    WORLD_SCA_LOG,       /* a line of its log: text */
    WORLD_SCA_OPERATION, /* an answer: text = the operation's name, value = PT_STATUS, port = HTTP
                            status */
    WORLD_SCA_STAGE, /* the end of a stage: port = enum sca_stage, value = enum sca_result, text =
                        in words */
    /* of a console; ip is its own */
    WORLD_CONSOLE,      /* what it does, or what has become of it: text */
    WORLD_CONSOLE_CALL, /* an order is over: result = enum call_result, port = HTTP status,
                           value = status, number = what was read */
    WORLD_CONSOLE_SOL,  /* result = enum sol_state */
    WORLD_SERIAL,       /* it received text of the machine's serial line: frame, len */
    WORLD_EVENTS
};

struct world_event {
    enum world_event_kind kind;
    uint64_t time_us;
    enum lan_sender sender;
    const uint8_t *frame;
    size_t len;
    int trace;
    uint32_t value;
    const char *text;
    const char *source;
    const struct hello *hello;
    uint32_t ip;
    uint16_t port;
    uint8_t result;
    uint32_t number;
};

struct world_observer {
    void *ctx;
    void (*event)(void *ctx, const struct world_event *event);
};

struct world;

/* Begins at time 0 with AC off. Never fails but for memory (NULL). */
struct world *world_new(const struct world_config *config, const struct world_observer *observer);
void world_free(struct world *world);

uint64_t world_now_us(const struct world *world);
/* For further stations on its segment. */
struct sim_clock *world_clock(struct world *world);
struct lan *world_lan(struct world *world);
void world_run_until(struct world *world, uint64_t time_us);
uint64_t world_device_polls(const struct world *world); /* wake-ups of the firmware */

/* Why the last action was refused, or why it changed nothing; NULL: it had its effect. An action
 * sets it only in these cases: world_explain(world, NULL) before it. */
const char *world_why(const struct world *world);
void world_explain(struct world *world, const char *why);

/* The machine. Repeating a state (AC on twice) changes nothing. */
void world_ac(struct world *world, bool on);   /* off: RAM is lost; on: ME and PC start */
void world_cmos(struct world *world, bool in); /* battery out with AC off loses the CMOS */
void world_link(struct world *world, bool up);
void world_os(struct world *world, bool up); /* start or shut down the operating system */
void world_os_renew(struct world *world);
void world_host_reset(struct world *world); /* warm reboot of the host: no firmware reset */

void world_power(struct world *world, enum power_system system); /* S3, S4-5: OS down; S0: up */
/* What a person does at the machine; keys as pc_press_keys() takes them. */
enum world_button { WORLD_POWER_BUTTON, WORLD_RESET_BUTTON, WORLD_KEYS };
void world_press(struct world *world, enum world_button button, const char *keys);
const struct pc *world_machine(const struct world *world); /* for its screen */
void world_mains(struct world *world, bool on);            /* a mobile's power supply */
void world_stays_off(struct world *world, bool on); /* after `ac on`, until world_power(POWER_S0) */
void world_bios(struct world *world, bool amt); /* AMT on or off in the BIOS; boots ME and host */
/* Another firmware is written over the running one, beside whose flash memory the stored settings
 * stay (config.release already points to it); restarts the machine. False: the ME has no power. */
bool world_upgrade(struct world *world);

/* MEBx, at the keyboard; leaving it boots a host that is on. False: the firmware refused, or the ME
 * has no power. */
bool world_unprovision(struct world *world, bool full);
bool world_mebx_server(struct world *world, uint32_t ip, uint16_t port);
bool world_mebx_domain(struct world *world, const char *domain);
bool world_mebx_manual(struct world *world);
/* The settings as MEBx would show them; NULL without power. */
const struct settings *world_settings(const struct world *world);
/* Leaves MEBx with these settings. */
bool world_mebx_leave(struct world *world, const struct local_outcome *outcome, const char *text);
/* A USB key with this setup.bin is in the machine while it starts; the file is written to when the
 * record is consumed. NULL report: not wanted. */
bool world_usb_key(struct world *world, uint8_t *file, size_t len, struct usbkey_report *report);

/* The network around it. */
void world_dhcp(struct world *world, bool on);
void world_dhcp_nak(struct world *world, bool nak); /* every REQUEST is NAKed */
void world_dhcp_delay(struct world *world,
                      uint64_t delay_us);                     /* answers are delayed by that much */
void world_dhcp_pool(struct world *world, uint32_t first_ip); /* addresses are given anew */
void world_dhcp_lease(struct world *world, uint32_t seconds);
/* A rogue DHCP server on the same network that gives this suffix; ip 0: it is switched off. False:
 * the suffix is too long. */
bool world_rogue_dhcp(struct world *world, uint32_t ip, const char *suffix);
/* Somebody sends a DHCP ACK in the server's name that nobody asked for: right in all but the
 * transaction. */
void world_spoof_ack(struct world *world, const char *suffix);
bool world_dhcp_option15(struct world *world, const char *suffix); /* NULL or "" = not sent */
bool world_dns_a(struct world *world, const char *name, uint32_t ip);
/* One more address for this name, up to 4. */
bool world_dns_add(struct world *world, const char *name, uint32_t ip);
bool world_dns_cname(struct world *world, const char *name, const char *target);
bool world_dns_remove(struct world *world, const char *name);
/* A firewall before the PC loses TCP segments to this port of it. False: as many ports as it can
 * have. */
bool world_firewall(struct world *world, uint16_t port, bool on);
void world_dns_silent(struct world *world, bool silent);
/* Up to 4 addresses; a new mode for a known address replaces the old one. port 0 = 9971. */
bool world_sca(struct world *world, uint32_t ip, enum sca_mode mode, uint16_t port);
/* Sets the plan by which the SCA at this address calls devices back; the plan must outlive the
 * world. An SCA that does not exist yet is added, listening. A session under way ends. */
bool world_sca_plan(struct world *world, uint32_t ip, const struct sca_plan *plan);
/* False: it has no plan, has received no hello, or its queue of orders is full. */
bool world_sca_ask(struct world *world, uint32_t ip, const struct sca_order *order);
bool world_sca_clock(struct world *world, uint32_t ip, uint64_t now_s); /* since 1970 */

/* An administrator's console, up to 4 addresses, none of them an SCA's. What an order or a log-in
 * points to must outlive the world. False: why, says world_why(). */
bool world_console_use(struct world *world, uint32_t ip, enum console_protocol protocol, bool tls);
bool world_console_order(struct world *world, uint32_t ip, const struct console_order *order);
bool world_console_sol(struct world *world, uint32_t ip, const char *user, const char *password);
bool world_console_sol_close(struct world *world, uint32_t ip);
bool world_console_type(struct world *world, uint32_t ip, const char *text);

/* Ends the story: closes the ME's interface, lets ten minutes pass inside lwIP, and tells whether a
 * pool entry or heap memory is still in use. Only world_free() may follow. */
bool world_memory_drained(struct world *world, uint32_t *pool_entries, uint32_t *heap_bytes);

/* The agent on the running OS, or anyone with the host interface. */
void world_agent(struct world *world, const struct agent_options *options,
                 struct agent_result *result);
/* Whether the device's window is open, for set-up or because it is provisioned; without power, and
 * with AMT disabled, it is not. left_s: time left, 0 = it has no end. */
bool world_window_open(const struct world *world, uint32_t *left_s);
/* GetProvisioningState over the host interface: 0..2, or -1 without an answer. */
int world_state(struct world *world);
/* Raw AMTHI exchange: the response's length, 0 for an empty one (AMT disabled), -1 for none. */
int world_amthi(struct world *world, const uint8_t *request, size_t len, uint8_t *response,
                size_t cap);

#endif
