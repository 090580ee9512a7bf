// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/trace.h"

static const struct operations *const tables[] = {
    &operation_setup, &operation_read,
#if FW_MACHINE
    &operation_power, &operation_log,  &operation_users, &operation_network, &operation_redirection,
#endif
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

const struct operation *operation_of_eoi(enum eoi_service service, const char *method)
{
    for (size_t t = 0; t < TABLES; t++)
        for (const struct operation *o = tables[t]->first; o < tables[t]->first + tables[t]->count;
             o++)
            if (o->eoi == service && strcmp(o->name, method) == 0)
                return o;
    return NULL;
}

const struct operation *operation_of_class(const char *class, const char *method)
{
    for (size_t t = 0; t < TABLES; t++)
        for (const struct operation *o = tables[t]->first; o < tables[t]->first + tables[t]->count;
             o++)
            if (o->class && strcmp(o->class, class) == 0 && strcmp(o->name, method) == 0)
                return o;
    return NULL;
}

uint32_t operation_run(const struct operation *o, struct operation_call *c)
{
    size_t from = c->out->len;
    uint32_t status = PT_STATUS_NOT_PERMITTED;

    c->why = NULL;
    c->last_reply = false;
    if (manage_permits(c->view, o->act))
        status = o->run(c);
    if (status != PT_STATUS_SUCCESS)
        c->out->len = from;
    if (o->kind == OPERATION_CHANGES)
        c->device->trace(c->device->ctx, TRACE_OPERATION, status, c->why ? c->why : o->name);
    return status;
}
