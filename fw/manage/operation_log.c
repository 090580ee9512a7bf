// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include "fw/core/event_log.h"
#include "fw/core/status.h"

/* The event log, by either protocol. WS-Man: AMT_MessageLog as recorded by WSM and documented by
 * LMS-cim; EOI: the service's names are RTK's, its elements' are assumed. */

/* AMT_MessageLog's return values (LMS-cim). */
enum log_return { LOG_INVALID_RECORD = 2, LOG_INVALID_PARAMETER = 5 };

#define RECORDS_A_REPLY 32 /* as many as fit; consoles ask for the others (MCMD) */

static struct event_log *log_of(const struct operation_call *c)
{
    return c->device->log;
}

static void write_record(struct operation_call *c, const char *name, const uint8_t *record)
{
    out_start_tag(c->out, c->prefix, name);
    out_base64(c->out, record, EVENT_RECORD_BYTES);
    out_end_tag(c->out, c->prefix, name);
}

static void write_flag(struct operation_call *c, const char *name, bool flag)
{
    out_element(c->out, c->prefix, name, flag ? "true" : "false");
}

/* The position behind the records from `from` on that are asked for and fit. */
static uint32_t end_of_records(const struct operation_call *c, uint32_t from, uint32_t most)
{
    uint32_t end = from, limit = from + (most < RECORDS_A_REPLY ? most : RECORDS_A_REPLY);

    while (end < limit && event_log_at(log_of(c), end))
        end++;
    return end;
}

static void write_records(struct operation_call *c, const char *name, uint32_t from, uint32_t end)
{
    for (; from < end; from++)
        write_record(c, name, event_log_at(log_of(c), from));
}

static uint32_t position_to_first(struct operation_call *c)
{
    event_log_begin(log_of(c));
    out_element_number(c->out, c->prefix, "IterationIdentifier", 1);
    return PT_STATUS_SUCCESS;
}

/* A position behind the last record is where an iteration ends; none is further. The first one is
 * the newest record's, also when nobody has asked for it before. */
static bool read_position(const struct operation_call *c, uint32_t *position)
{
    if (!soap_number(c->request, SOAP_ITERATION, position) || *position == 0 ||
        *position > LIMIT_EVENTS + 1)
        return false;
    if (*position == 1)
        event_log_begin(log_of(c));
    return true;
}

static uint32_t get_records(struct operation_call *c)
{
    uint32_t from, most, end;

    if (!read_position(c, &from))
        return LOG_INVALID_RECORD;
    if (!soap_number(c->request, SOAP_MAX_RECORDS, &most) || most == 0)
        return LOG_INVALID_PARAMETER;
    end = end_of_records(c, from, most);
    out_element_number(c->out, c->prefix, "IterationIdentifier", end);
    write_flag(c, "NoMoreRecords", !event_log_at(log_of(c), end));
    write_records(c, "RecordArray", from, end);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_record(struct operation_call *c)
{
    const uint8_t *record;
    uint32_t from;
    bool next = false;

    if (!read_position(c, &from) || (record = event_log_at(log_of(c), from)) == NULL)
        return LOG_INVALID_RECORD;
    if (soap_has(c->request, SOAP_POSITION_TO_NEXT) &&
        !soap_flag(c->request, SOAP_POSITION_TO_NEXT, &next))
        return LOG_INVALID_PARAMETER;
    out_element_number(c->out, c->prefix, "IterationIdentifier", from + next);
    write_record(c, "RecordData", record);
    out_element_number(c->out, c->prefix, "RecordNumber", from);
    return PT_STATUS_SUCCESS;
}

/* RecordNumber is counted from the newest, as positions are (assumed). */
static uint32_t position_at_record(struct operation_call *c)
{
    uint32_t number;

    if (!soap_number(c->request, SOAP_RECORD_NUMBER, &number))
        return LOG_INVALID_PARAMETER;
    event_log_begin(log_of(c));
    if (!event_log_at(log_of(c), number))
        return LOG_INVALID_RECORD;
    out_element_number(c->out, c->prefix, "IterationIdentifier", number);
    out_element_number(c->out, c->prefix, "RecordNumber", number);
    return PT_STATUS_SUCCESS;
}

/* Nothing is kept of an iteration that would have to be given up. */
static uint32_t cancel_iteration(struct operation_call *c)
{
    uint32_t position;

    return read_position(c, &position) ? (uint32_t)PT_STATUS_SUCCESS : (uint32_t)LOG_INVALID_RECORD;
}

static uint32_t clear_log(struct operation_call *c)
{
    event_log_clear(log_of(c));
    return PT_STATUS_SUCCESS;
}

static uint32_t freeze_log(struct operation_call *c)
{
    bool frozen;

    if (!soap_flag(c->request, SOAP_FREEZE, &frozen))
        return LOG_INVALID_PARAMETER;
    log_of(c)->frozen = frozen;
    return PT_STATUS_SUCCESS;
}

/* --- EOI --- */

static uint32_t read_event_log(struct operation_call *c)
{
    uint32_t from = 1;

    if (soap_has(c->request, SOAP_START_INDEX) &&
        (!soap_number(c->request, SOAP_START_INDEX, &from) || from == 0))
        return PT_STATUS_INVALID_INDEX;
    if (from == 1)
        event_log_begin(log_of(c));
    out_element_number(c->out, c->prefix, "TotalRecordCount", log_of(c)->count);
    write_records(c, "EventLogRecord", from, end_of_records(c, from, RECORDS_A_REPLY));
    return PT_STATUS_SUCCESS;
}

static uint32_t freeze_event_log(struct operation_call *c)
{
    return freeze_log(c) == PT_STATUS_SUCCESS ? (uint32_t)PT_STATUS_SUCCESS
                                              : (uint32_t)PT_STATUS_INVALID_PARAMETER;
}

#define LOG_CLASS "AMT_MessageLog"

static const struct operation operations[] = {
    {"PositionToFirstRecord", EOI_SERVICES, ACT_READ_LOG, LOG_CLASS, position_to_first,
     OPERATION_READS},
    {"GetRecords", EOI_SERVICES, ACT_READ_LOG, LOG_CLASS, get_records, OPERATION_READS},
    {"GetRecord", EOI_SERVICES, ACT_READ_LOG, LOG_CLASS, get_record, OPERATION_READS},
    {"PositionAtRecord", EOI_SERVICES, ACT_READ_LOG, LOG_CLASS, position_at_record,
     OPERATION_READS},
    {"CancelIteration", EOI_SERVICES, ACT_READ_LOG, LOG_CLASS, cancel_iteration, OPERATION_READS},
    {"ClearLog", EOI_SERVICES, ACT_CHANGE_LOG, LOG_CLASS, clear_log, OPERATION_CHANGES},
    {"FreezeLog", EOI_SERVICES, ACT_CHANGE_LOG, LOG_CLASS, freeze_log, OPERATION_CHANGES},
    {"ReadEventLog", EOI_EVENT_MANAGER, ACT_READ_LOG, NULL, read_event_log, OPERATION_READS},
    {"ClearEventLog", EOI_EVENT_MANAGER, ACT_CHANGE_LOG, NULL, clear_log, OPERATION_CHANGES},
    {"FreezeEventLog", EOI_EVENT_MANAGER, ACT_CHANGE_LOG, NULL, freeze_event_log,
     OPERATION_CHANGES},
};

const struct operations operation_log = {operations, sizeof(operations) / sizeof(operations[0])};
