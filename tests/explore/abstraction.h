// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_ABSTRACTION_H
#define EXPLORE_ABSTRACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/settings.h"
#include "tests/explore/state.h"

/* All that the exploration knows of the device's inside: what of it makes two states the same one,
 * and what the invariants look at. Nothing else here reads a member of struct device. */

/* Two states with the same hash are taken for one. Times count by classes, nonces by who knows
 * them; left out on purpose: connections that only wait to be forgotten (TIME_WAIT), the ARP table,
 * where in the flash the store writes next, and sequence numbers. */
uint64_t abstraction_hash(void);

struct abstraction_field {
    const char *name;
    uint64_t value;
};
#define ABSTRACTION_FIELDS 200u
/* What the hash is made of, one by one. */
unsigned abstraction_fields(struct abstraction_field out[ABSTRACTION_FIELDS]);

struct view {
    uint8_t state;     /* enum setup_state */
    bool open;         /* the window; a provisioned device's is, too */
    bool last_reply;   /* ports stay as they were for the last reply's second */
    bool starting;     /* StartConfiguration's own DHCP */
    bool interface;    /* frames may leave */
    bool attempting;   /* the machine waits for an attempt's end */
    bool attempt_runs; /* the network carries one out */
    bool address;      /* there is one to be called at */
    bool menu;         /* the device waits for MEBx to be left */
    uint8_t kind;      /* enum window_kind */
    uint8_t listeners; /* bit i: port 16992 + i */
    bool log_frozen;   /* the event log */
    uint16_t log_count;
    uint64_t end_ms;   /* of the window; UINT64_MAX = it has none */
    uint32_t lease_ip; /* what was witnessed */
    const char *option15;
};

void abstraction_view(struct view *out);
bool abstraction_is_provisioned(void);
/* AMT is on, in the BIOS and in MEBx. */
bool abstraction_is_enabled(void);
/* Port of a connection that no listener is for; 0 = there is none. */
uint16_t abstraction_orphan(void);

/* Whom the device lets in now: 0 nobody, and as many others as there are kinds. */
unsigned abstraction_policy(void);
/* The device has a connection with this peer, and has not said that it is over. */
bool abstraction_is_connected(enum who who);
/* Whose session has the serial line, as enum line_account; -1: nobody's. */
int abstraction_line_user(void);
/* Whether this account may have it, as the device's settings are now, with WORLD_PASSWORD. */
bool abstraction_redirects(int account);
/* Every connection that lwIP's pool has given out is in one of its lists. */
bool abstraction_pools_agree(void);

/* What the device goes by, and what its flash holds (false: that cannot be read). */
const struct settings *abstraction_settings(void);
bool abstraction_stored(struct settings *out);
/* The same but for what time takes off a window: 0, or the name of the first field that differs. */
const char *abstraction_difference(const struct settings *a, const struct settings *b);

/* A byte of the stored settings changes its value. */
void abstraction_spoil_flash(void);

/* A device that was provisioned, with something to be seen in every field. */
void abstraction_provision(struct settings *settings, enum root root);

enum erasure { ERASURE_PARTIAL = 1, ERASURE_FULL = 2, ERASURE_BATTERY = 4 };
/* NULL, or the field that was erased and ought not to be, or the other way round
 * (fw/DESIGN.md, "What a reset keeps"). */
const char *abstraction_wrongly_erased(enum erasure erasure, const struct settings *before,
                                       const struct settings *after);

#endif
