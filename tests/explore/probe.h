// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_PROBE_H
#define EXPLORE_PROBE_H

/* What is tried out in a state. It changes the world: the caller puts it back. Violations are in
 * world.ghost. */

/* The host asks what the device says of itself. */
void probe_reports(void);

/* What goes on while the owner comes. */
enum company {
    COMPANY_QUIET,   /* whoever has a connection says nothing */
    COMPANY_CHATTER, /* a byte a second */
    COMPANY_GUESSES, /* a wrong password a second */
    COMPANY_PINGS,   /* six a second from machines that do not exist */
    COMPANY_SYNS,    /* ten a second, likewise */
    COMPANY_HALF,    /* half a log-in to the serial line, again and again */
    COMPANIES
};
extern const char *const company_names[COMPANIES];
/* Does the owner still get in? Returns the milliseconds that it took, -1 when nobody could expect
 * it. */
int probe_owner(enum company company);
/* And at the serial line, after probe_owner()? */
int probe_line(enum company company);

#endif
