// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

void property(struct out *o, const char *name, const char *text)
{
    out_element(o, "g", name, text);
}

void property_number(struct out *o, const char *name, uint32_t number)
{
    out_element_number(o, "g", name, number);
}

void property_flag(struct out *o, const char *name, bool flag)
{
    property(o, name, flag ? "true" : "false");
}

void property_service(struct out *o, const char *class, const char *name)
{
    property(o, "CreationClassName", class);
    property(o, "ElementName", name);
    property(o, "Name", name);
    property(o, "SystemCreationClassName", SYSTEM_CLASS);
    property(o, "SystemName", SYSTEM_NAME);
}

#if FW_MACHINE
const char wsman_second_id[] = "";
#endif

const struct wsman_key wsman_instance_id[1] = {{"InstanceID", NULL, NULL, NULL, NULL}};

const struct wsman_key wsman_service_keys[4] = {
    {"CreationClassName", "", NULL, NULL, NULL},
    {"Name", NULL, NULL, NULL, NULL},
    {"SystemCreationClassName", SYSTEM_CLASS, NULL, NULL, NULL},
    {"SystemName", SYSTEM_NAME, NULL, NULL, NULL},
};
