// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman_class.h"

#include <string.h>

static const struct wsman_classes *const tables[] = {
    &class_setup,
#if FW_MACHINE
    &class_power, &class_log, &class_inventory, &class_network, &class_redirection,
#endif
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

uint32_t wsman_class_instances(const struct wsman_class *c, const struct manage_view *v)
{
    return c->count ? c->count(v) : c->instances;
}

bool wsman_is_joined(const char *text, const char *one, const char *other)
{
    while (*one && *text == *one) {
        text++;
        one++;
    }
    return *one == '\0' && strcmp(text, other) == 0;
}

const struct wsman_class *wsman_class_find(const char *uri)
{
    for (size_t t = 0; t < TABLES; t++)
        for (const struct wsman_class *c = tables[t]->first;
             c < tables[t]->first + tables[t]->count; c++)
            if (wsman_is_joined(uri, c->space, c->name))
                return c;
    return NULL;
}
