// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_POWER_H
#define CORE_POWER_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/text.h"

/* Power packages: in which power states of the machine the ME has power. Their texts and GUIDs are
 * the same in all releases (G-power, LMS-pp). */

enum power_system { /* the machine's state */
                    POWER_S0,
                    POWER_S3,
                    POWER_S45, /* the packages do not distinguish S4 and S5 */
};

enum power_me {
    POWER_ME_OFF,      /* Moff: no power */
    POWER_ME_ON,       /* M0 in S0, M3 otherwise */
    POWER_ME_WAKEABLE, /* sleeps after the idle time-out; traffic to it wakes it */
};

struct power_package {
    uint8_t mobile : 1;               /* S3 and S4-5 only while on mains */
    uint8_t s3 : 2, s45 : 2;          /* enum power_me */
    uint8_t off_after_power_loss : 1; /* AC has returned: the ME waits until the host is on */
};

#define POWER_PACKAGES 12

const struct power_package *power_packages(uint32_t *count);
/* The package's text, "Desktop: ON in S0, S3". index < POWER_PACKAGES. */
void power_print(const struct text_out *out, uint32_t index);
/* Whether this release's menu offers it (HP5: 5.0 desktops have the seven desktop packages). */
bool power_package_offered(const struct release *release, uint32_t index);
/* booted: the host has been in S0 since AC returned. */
enum power_me power_me_state(const struct power_package *package, enum power_system system,
                             bool mains, bool booted);

/* In power_names.c, which only USB keys and the tools need: */

#define POWER_GUID_BYTES 16
#define POWER_TEXT 64

extern const uint8_t power_guids[POWER_PACKAGES][POWER_GUID_BYTES]; /* as on the wire */
/* Writes the package's text to out and returns out. */
const char *power_text(uint32_t index, char out[POWER_TEXT]);
/* Finds the package with that text; false: there is none. */
bool power_find(const char *text, uint32_t *index);

#endif
