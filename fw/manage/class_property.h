// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_CLASS_PROPERTY_H
#define MANAGE_CLASS_PROPERTY_H

#include "fw/manage/wsman_class.h"

/* What the tables of classes have in common: properties as elements, and keys. */

#define SYSTEM_CLASS "CIM_ComputerSystem"
#define SYSTEM_NAME "Intel(r) AMT"

void property(struct out *o, const char *name, const char *text);
void property_number(struct out *o, const char *name, uint32_t number);
void property_flag(struct out *o, const char *name, bool flag);
/* A service's names: its class, and the name that is also its ElementName (WSM). */
void property_service(struct out *o, const char *class, const char *name);

/* InstanceID; and the four keys of a service (WSM, MC). */
extern const struct wsman_key wsman_instance_id[1];
extern const struct wsman_key wsman_service_keys[4];

/* In a row of a table: `count` keys. */
#define WSMAN_KEYS(of, count) .keys = (of), .key_count = (count)

#endif
