// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

#include "fw/core/event_log.h"

/* The event log's class, as recorded by WSM. */

#define LOG_CLASS "AMT_MessageLog"
#define LOG_NAME "Intel(r) AMT:MessageLog 1"

static void message_log(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    for (uint32_t capability = 5; capability <= 8; capability++)
        property_number(o, "Capabilities", capability);
    property_number(o, "CharacterSet", 10);
    property(o, "CreationClassName", LOG_CLASS);
    property_number(o, "CurrentNumberOfRecords", v->log->count);
    property(o, "ElementName", LOG_NAME);
    property_number(o, "EnabledDefault", 2);
    property_number(o, "EnabledState", 2);
    property_number(o, "HealthState", 5);
    property_flag(o, "IsFrozen", v->log->frozen);
    property_number(o, "LogState", 4);
    property_number(o, "MaxLogSize", 0);
    property_number(o, "MaxNumberOfRecords", LIMIT_EVENTS);
    property_number(o, "MaxRecordSize", EVENT_RECORD_BYTES);
    property(o, "Name", LOG_NAME);
    property_number(o, "OverwritePolicy", 2);
    property_number(o, "PercentageNearFull", 100);
    property_number(o, "RequestedState", 12);
    property_number(o, "SizeOfHeader", 0);
    property_number(o, "SizeOfRecordHeader", 0);
    property(o, "Status", "OK");
}

static const struct wsman_key keys[] = {
    {"CreationClassName", "", NULL, NULL, NULL},
    {"Name", NULL, NULL, NULL, NULL},
};

static const struct wsman_class classes[] = {
    {AMT_SCHEMA, LOG_CLASS, ACT_READ_LOG, ACT_CHANGE_LOG, 1, WSMAN_KEYS(keys, 2),
     .fixed_id = LOG_NAME, .read = message_log},
};

const struct wsman_classes class_log = {classes, sizeof(classes) / sizeof(classes[0])};
