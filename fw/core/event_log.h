// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_EVENT_LOG_H
#define CORE_EVENT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/machine_types.h"

/* The event log: the latest records of what happened to the machine and its ME. It is in RAM and
 * lost with the ME's power. */

/* G-record: time (seconds since 1970, least byte first), device address, sensor type, event
 * type, offset, source type, severity, sensor number, entity, entity instance, 8 bytes of data. */
#define EVENT_RECORD_BYTES 21

struct event_log {
    bool frozen;          /* nothing is added */
    uint16_t count, next; /* records; the place of the next one */
    uint16_t wrong;       /* wrong passwords since the last record of them */
    uint32_t added;       /* records ever */
    uint32_t anchor;      /* added, when an iteration began last */
    uint8_t record[LIMIT_EVENTS][EVENT_RECORD_BYTES];
};

/* The oldest record goes when there is no room. time_s: seconds since 1970. */
void event_log_add(struct event_log *log, uint32_t time_s, const struct machine_event *event);
void event_log_clear(struct event_log *log);

/* Records are read from the newest to the oldest; position 1 is the newest that was there at
 * event_log_begin(), so that one that is added meanwhile moves none. NULL: there is none that old.
 */
void event_log_begin(struct event_log *log);
const uint8_t *event_log_at(const struct event_log *log, uint32_t position);

/* A wrong password was given; each tenth makes a record that says so (recorded by WSM). */
void event_log_wrong_password(struct event_log *log, uint32_t time_s);
/* The machine is in that state now. IPMI's sensor type 22h; as a record here: assumed. */
void event_log_power(struct event_log *log, uint32_t time_s, enum machine_state state);
/* A redirection session was opened or closed. IPMI's sensor type 2Ah; as a record here: assumed. */
void event_log_redirection(struct event_log *log, uint32_t time_s, bool opened);

#endif
