// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_REPUTATION_H
#define CORE_REPUTATION_H

#include <stdint.h>

#include "fw/core/limits.h"

/* What an address has done to the service since power-on, and so whose turn comes before whose: the
 * owner's log-in must not wait for strangers. Assumed; no source says how a device does it. */

#define REPUTATION_SUSPECTS (4 * LIMIT_CONNECTIONS)
#define REPUTATION_OWNERS LIMIT_CONNECTIONS

struct reputation {
    struct suspect {
        uint32_t ip;
        uint8_t wrong_answers; /* a suspect from LIMIT_WRONG_ANSWERS_FREE on */
        uint64_t until_ms;     /* forgotten then */
    } suspect[REPUTATION_SUSPECTS];
    uint32_t
        owner_ip[REPUTATION_OWNERS]; /* that gave right passwords, the latest first; 0 = none */
};

/* The lower rank comes first: 0, an address from which the owner has logged in before; 1, an
 * unknown address, and an owner's that is shared with somebody who wastes turns; 2, another address
 * that wastes turns. */
int reputation_rank(const struct reputation *reputation, uint32_t ip, uint64_t now_ms);
/* A stranger's turn cost others their time. */
void reputation_turn_wasted(struct reputation *reputation, uint32_t ip, uint64_t now_ms);
/* A mistyped password makes nobody a suspect. */
void reputation_wrong_password(struct reputation *reputation, uint32_t ip, uint64_t now_ms);
void reputation_right_password(struct reputation *reputation, uint32_t ip);

#endif
