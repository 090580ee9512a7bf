// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

#include "fw/core/redirection.h"

/* Redirection. Names and fixed texts: LMS-cim, recorded by DMT. There is no AccessLog: it is of
 * IDE-R's sessions. */

#define SERVICE "Intel(r) AMT Redirection Service"

static void service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    property_service(o, "AMT_RedirectionService", SERVICE);
    property_number(o, "EnabledState",
                    redirection_cim_state(redirection_enabled(v->release, v->settings)));
    property_flag(o, "ListenerEnabled", redirection_listens(v->release, v->settings));
}

/* Of the whole object only the listener can be written; the state is RequestStateChange's. */
static uint32_t put_service(struct operation_call *c, uint32_t instance)
{
    (void)instance;
    return operation_set_listener(c, SOAP_LISTENER_ENABLED);
}

static const struct wsman_class classes[] = {
    {AMT_SCHEMA, "AMT_RedirectionService", ACT_READ_REDIRECTION, ACT_SET_REDIRECTION, 1,
     WSMAN_KEYS(wsman_service_keys, 4), .fixed_id = SERVICE, .read = service, .put = put_service},
};

const struct wsman_classes class_redirection = {classes, sizeof(classes) / sizeof(classes[0])};
