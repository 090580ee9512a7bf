#ifndef CORE_POWER_H
#define CORE_POWER_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"

/* Power packages: in which states of the machine the ME has power. Texts and GUIDs are constant
 * across releases (G-power, LMS-pp). */

enum power_system { /* the machine */
                    POWER_S0,
                    POWER_S3,
                    POWER_S45, /* S4 and S5 are one to the packages */
};

enum power_me {
    POWER_ME_OFF,      /* Moff: as without AC, but for the store */
    POWER_ME_ON,       /* M0 in S0, M3 otherwise */
    POWER_ME_WAKEABLE, /* on; sleeps after the idle time-out and is woken by traffic to it */
};

struct power_package {
    const char *text;          /* "Desktop: ON in S0, S3" */
    uint8_t guid[16];          /* as on the wire */
    bool mobile;               /* S3 and S4-5 only while on mains */
    uint8_t s3, s45;           /* enum power_me */
    bool off_after_power_loss; /* after AC came back the ME waits for the host to be switched on */
};

#define POWER_PACKAGES 12

const struct power_package *power_packages(uint32_t *count);
/* Whether this release's menu offers it (HP5: 5.0 desktops have the seven desktop packages). */
bool power_package_offered(const struct release *release, uint32_t index);
/* booted: the host has been in S0 since AC came back. */
enum power_me power_me_state(const struct power_package *package, enum power_system system,
                             bool mains, bool booted);

#endif
