// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/event_log.h"

#include <string.h>

#include "fw/core/bytes.h"

void event_log_add(struct event_log *log, uint32_t time_s, const struct machine_event *e)
{
    uint8_t *r = log->record[log->next];
    const uint8_t head[] = {e->device,   e->sensor_type, e->event_type, e->offset,  e->source,
                            e->severity, e->sensor,      e->entity,     e->instance};

    if (log->frozen)
        return;
    put_le32(r, time_s);
    memcpy(r + 4, head, sizeof(head));
    memcpy(r + 4 + sizeof(head), e->data, sizeof(e->data));
    log->next = (uint16_t)((log->next + 1) % LIMIT_EVENTS);
    log->count = (uint16_t)(log->count + (log->count < LIMIT_EVENTS));
    log->added++;
}

void event_log_clear(struct event_log *log)
{
    bool frozen = log->frozen;

    memset(log, 0, sizeof(*log));
    log->frozen = frozen;
}

void event_log_begin(struct event_log *log)
{
    log->anchor = log->added;
}

const uint8_t *event_log_at(const struct event_log *log, uint32_t position)
{
    uint32_t newer = log->added - log->anchor;

    if (position == 0 || position > log->count || newer > log->count - position)
        return NULL;
    return log->record[(log->next + 2u * LIMIT_EVENTS - newer - position) % LIMIT_EVENTS];
}

#define SPECIFIC 0x6F /* the event type: offsets are the sensor type's own */
#define SOURCE 0x68   /* ASF 1.0 */
#define NO_SENSOR 0xFF
#define ENTITY_ME 0x26

#define WRONG_EACH 10

void event_log_wrong_password(struct event_log *log, uint32_t time_s)
{
    enum { SECURITY = 0x06, OUT_OF_BAND = 5, SEVERE = 0x10, INSTANCE = 0x61, OEM = 0xAA };

    if (log->frozen || ++log->wrong < WRONG_EACH)
        return;
    log->wrong = 0;
    event_log_add(log, time_s,
                  &(struct machine_event){.device = NO_SENSOR,
                                          .sensor_type = SECURITY,
                                          .event_type = SPECIFIC,
                                          .offset = OUT_OF_BAND,
                                          .source = SOURCE,
                                          .severity = SEVERE,
                                          .sensor = NO_SENSOR,
                                          .entity = ENTITY_ME,
                                          .instance = INSTANCE,
                                          .data = {OEM, WRONG_EACH}});
}

static void add_notice(struct event_log *log, uint32_t time_s, uint8_t sensor_type, uint8_t offset)
{
    enum { MONITOR = 1 };

    event_log_add(log, time_s,
                  &(struct machine_event){.device = NO_SENSOR,
                                          .sensor_type = sensor_type,
                                          .event_type = SPECIFIC,
                                          .offset = offset,
                                          .source = SOURCE,
                                          .severity = MONITOR,
                                          .sensor = NO_SENSOR,
                                          .entity = ENTITY_ME});
}

void event_log_power(struct event_log *log, uint32_t time_s, enum machine_state state)
{
    add_notice(log, time_s, 0x22, (uint8_t)state);
}

void event_log_redirection(struct event_log *log, uint32_t time_s, bool opened)
{
    add_notice(log, time_s, 0x2A, opened ? 0 : 1);
}
