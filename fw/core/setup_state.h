// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_SETUP_STATE_H
#define CORE_SETUP_STATE_H

/* The states of set-up; setup.h leads from one to the next. */

enum setup_state {
    SETUP_FACTORY,     /* reported as PRE, "Not started" */
    SETUP_SETUP,       /* IN, "In process": no hello delivered since the schedule started */
    SETUP_IN_PROCESS,  /* IN: a hello was delivered */
    SETUP_PROVISIONED, /* POST, "Completed" */
    SETUP_LOCKED, /* what is stored cannot be trusted: nothing is open, nothing is answered. Only a
                     full unprovision in MEBx or a lost CMOS battery ends it. Never stored */
    SETUP_STATES
};

#endif
