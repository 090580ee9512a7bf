#ifndef HOST_LOCAL_H
#define HOST_LOCAL_H

#include "fw/core/settings.h"

/* What MEBx and a USB key hand to the device when they are done: the settings as they shall be, and
 * what that means for the state machine. Nothing is stored before. */

enum local_change {
    LOCAL_NONE,        /* leave everything as it is */
    LOCAL_SETTINGS,    /* store the settings */
    LOCAL_KEY_ENTERED, /* store them; a PID/PPS and a password of one's own: set-up begins */
    LOCAL_MANUAL,      /* store them; SMB mode: provisioned at once */
    LOCAL_PARTIAL,     /* store them, then partial unprovision */
    LOCAL_FULL,        /* store them, then full unprovision */
};

struct local_outcome {
    struct settings settings; /* its state-machine fields are ignored */
    enum local_change change;
};

#endif
