#ifndef HOST_MEBX_H
#define HOST_MEBX_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/core/setup.h"
#include "fw/core/text.h"
#include "fw/host/local.h"

/* The MEBx menu on a plain text console: numbered items, one line of input at a time, echo and
 * backspace. Works on a copy of the settings; the caller stores it when the menu is left by "exit"
 * and confirmed (DELL: changes are committed only on leaving). Ctrl-C leaves without any change.
 * Passwords and PPS are echoed as '*'. A line ends with CR, LF or both; what is written ends lines
 * with LF alone. */

#define MEBX_LINE 260
#define MEBX_TRIES 3 /* passwords before the menu closes (assumed) */

struct mebx_item;

struct mebx {
    struct text_out out;
    const struct release *release;
    const struct oem_profile *oem;
    enum situation situation; /* at opening: some items depend on it */
    bool logged_in;
    /* private to mebx*.c, but for outcome */
    bool changed, psk_entered, smb_chosen, left, after_cr;
    uint8_t tries;
    uint8_t question;             /* an enum mebx_kind; 0 = a number of the menu is expected */
    uint16_t length;              /* of line; MEBX_LINE = it is too long */
    const struct mebx_item *menu; /* the title of the one that is shown */
    const struct mebx_item *item; /* the one that asks */
    struct local_outcome *outcome;
    char line[MEBX_LINE];
    /* what a later line completes */
    char answer[LIMIT_PASSWORD + 1]; /* new password, PID */
    struct user_hash hash;
};

/* Shows the login prompt. outcome is where the menu works; it is the menu's until it is left. */
void mebx_open(struct mebx *mebx, struct local_outcome *outcome, const struct settings *settings,
               const struct setup *setup, const struct release *release,
               const struct oem_profile *oem, struct text_out out);
/* One byte from the terminal. True: the menu has been left and outcome says what to do; with
 * LOCAL_NONE its settings are wiped. */
bool mebx_key(struct mebx *mebx, char key);

#endif
