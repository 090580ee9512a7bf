// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_WORLD_INTERNAL_H
#define SIM_WORLD_INTERNAL_H

#include "sim/net/dhcpd.h"
#include "sim/net/dnsd.h"
#include "sim/net/host_os.h"
#include "sim/pc/pc.h"
#include "sim/server/sca.h"
#include "sim/world/chip.h"
#include "sim/world/world.h"

/* Shared by world.c (construction and network), pc.c (the machine), mebx.c, consoles.c,
 * host_interface.c and events.c. */

#define WORLD_SCAS 4
#define WORLD_CONSOLES 4
#define WORLD_FIREWALL 8
#define WORLD_WHY 160

struct world {
    struct world_config config;
    struct world_observer observer;
    struct sim_clock clock;
    struct lan lan;
    struct chip chip;
    int me_port;
    struct host_os os;
    struct dhcpd dhcpd, rogue;
    bool rogue_attached;
    struct dnsd dnsd;
    struct sca sca[WORLD_SCAS];
    uint8_t scas;
    struct console console[WORLD_CONSOLES];
    uint8_t consoles;
    uint16_t firewall[WORLD_FIREWALL]; /* ports that nothing reaches; 0 = free */
    struct pc pc;                      /* knows in which state the machine is; os follows it */
    struct clock_event *pc_wake;
    bool pc_acts;   /* by itself, or because the ME commands: the story does not say it */
    bool pc_speaks; /* the ME has something to fetch from it */
    bool ac, cable, battery;
    bool mains;     /* a mobile runs on mains, not on its battery */
    bool stays_off; /* after AC came back the machine waits for its power button */
    bool booted;    /* in S0 since AC came back */
    bool dozing;    /* the ME sleeps and is woken by traffic to it */
    struct clock_event *doze;
    uint64_t drained_since_us; /* when both AC and battery were gone; 0 = they are not */
    uint8_t answer[VIRTUAL_MESSAGE_BYTES];
    size_t answer_len;
    bool answered;
    char why[WORLD_WHY]; /* see world_why(); "" = NULL */
};

/* events.c: events get the present time. */
void world_emit(struct world *w, struct world_event *event);
void world_pc_event(struct world *w, const char *text);
/* For a struct sca_observer, with the world as its ctx. */
void world_sca_event(void *ctx, const struct sca_event *event);
/* For a struct console_observer, likewise. */
void world_console_event(void *ctx, const struct console_event *event);
/* The machine, without AC. */
void world_pc_init(struct world *w);
/* Whoever is in the BIOS, or in MEBx, has booted the machine, and leaves it by another boot. */
void world_leave_bios(struct world *w);
/* A frame passes the ME's port: it may be what a dozing ME waits for. */
void world_pc_traffic(struct world *w, const uint8_t *frame, size_t len);

#endif
