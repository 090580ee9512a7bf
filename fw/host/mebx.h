#ifndef HOST_MEBX_H
#define HOST_MEBX_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/setup.h"
#include "fw/host/local.h"

/* The MEBx menu on a plain text console: numbered items, one line of input at a time, echo and
 * backspace. Works on a copy of the settings; the caller stores it when the menu is left by "exit"
 * and confirmed (DELL: changes are committed only on leaving). Ctrl-C leaves without any change.
 * Passwords and PPS are echoed as '*'. A line ends with CR, LF or both; what is written ends lines
 * with LF alone. */

#define MEBX_LINE 260
#define MEBX_TRIES 3 /* passwords before the menu closes (assumed) */

struct mebx {
    void *ctx;
    void (*write)(void *ctx, const char *text); /* may be called many times per key */
    const struct release *release;
    const struct oem_profile *oem;
    struct local_outcome outcome;
    uint8_t reported; /* GetProvisioningState at opening: some items depend on it */
    bool logged_in;
    /* from here on private to mebx*.c */
    bool changed, psk_entered, smb_chosen, left, after_cr;
    uint8_t menu, item, step;
    uint8_t tries;
    uint16_t length;
    char line[MEBX_LINE];
    char answer[MEBX_LINE]; /* an earlier line that a later one completes (new password, PID) */
};

/* Shows the login prompt. */
void mebx_open(struct mebx *mebx, const struct settings *settings, const struct setup *setup,
               const struct release *release, const struct oem_profile *oem, void *ctx,
               void (*write)(void *ctx, const char *text));
/* One byte from the terminal. True: the menu has been left and outcome says what to do; with
 * LOCAL_NONE its settings are wiped. */
bool mebx_key(struct mebx *mebx, char key);

#endif
