// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_LOCAL_H
#define HOST_LOCAL_H

#include "fw/core/settings.h"

/* The outcome of MEBx or a USB key: the new settings, and what they mean for the state machine.
 * Nothing has been stored yet. */

enum local_change {
    LOCAL_NONE,        /* change nothing */
    LOCAL_SETTINGS,    /* store the settings */
    LOCAL_KEY_ENTERED, /* store them; PID/PPS and a new password were entered, or a USB key says
                          so: set-up begins */
    LOCAL_HALT,        /* store them; a USB key says that set-up does not begin, or ends */
    LOCAL_MANUAL,      /* store them; SMB mode: provisioned at once */
    LOCAL_PARTIAL,     /* store them, then partial unprovision */
    LOCAL_FULL,        /* store them, then full unprovision */
};

struct local_outcome {
    struct settings settings; /* its struct machine_settings is ignored */
    enum local_change change;
};

#endif
