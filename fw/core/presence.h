// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_PRESENCE_H
#define CORE_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/setup_state.h"

/* What a device says of itself to who looks for it: the data of the answer to an RMCP presence ping
 * (DSP0136; G-ping, G-pong), big-endian:
 *   0 u32 343, Intel's enterprise number | 4 u16 port of the service, 0 = not set up | 6 u8
 * release, major << 4 | minor | 7 u8 0 not set up, 1 in set-up, 2 provisioned | 8 u8 supported
 * entities | 9 u8 interactions | 10 u8 0[6] Port, release and state are there from 6.0 on, else 0.
 * Bit 5 of entities, from 5.1 on of interactions, is DASH. */

#define PRESENCE_BYTES 16

struct presence_facts {
    enum setup_state state;
    bool disabled; /* AMT is off in the BIOS or in MEBx */
    bool host_on;
    bool dhcp;
    bool tls_on;
};

/* False: this device does not answer. That its ping is switched on (AMT_GeneralSettings) is
 * assumed. */
bool presence_describe(const struct release *release, const struct presence_facts *facts,
                       uint8_t out[PRESENCE_BYTES]);

#endif
