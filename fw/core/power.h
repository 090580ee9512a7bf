#ifndef CORE_POWER_H
#define CORE_POWER_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/text.h"

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
    uint8_t mobile : 1;               /* S3 and S4-5 only while on mains */
    uint8_t s3 : 2, s45 : 2;          /* enum power_me */
    uint8_t off_after_power_loss : 1; /* after AC came back the ME waits for the host to be switched
                                         on */
};

#define POWER_PACKAGES 12

const struct power_package *power_packages(uint32_t *count);
/* The package's text, "Desktop: ON in S0, S3". index < POWER_PACKAGES. */
void power_print(const struct text_out *out, uint32_t index);
/* Whether this release's menu offers it (HP5: 5.0 desktops have the seven desktop packages). */
bool power_package_offered(const struct release *release, uint32_t index);
/* booted: the host has been in S0 since AC came back. */
enum power_me power_me_state(const struct power_package *package, enum power_system system,
                             bool mains, bool booted);

/* power_names.c: what only a USB key and the tools need. */

#define POWER_GUID_BYTES 16
#define POWER_TEXT 64

extern const uint8_t power_guids[POWER_PACKAGES][POWER_GUID_BYTES]; /* as on the wire */
/* The text, in out. */
const char *power_text(uint32_t index, char out[POWER_TEXT]);
/* The package with that text. */
bool power_find(const char *text, uint32_t *index);

#endif
