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

/* --- KVM, which MEBx has switched off for good: there is none here --- */

#define SAP "KVM Redirection Service Access Point"

static uint32_t access_points(const struct manage_view *v)
{
    return v->release->later_classes.value & LATER_KVM ? 1 : 0;
}

/* As a service's, but of another system (WSM). */
static const struct wsman_key access_point_keys[4] = {
    {"CreationClassName", "", NULL, NULL, NULL},
    {"Name", NULL, NULL, NULL, NULL},
    {"SystemCreationClassName", SYSTEM_CLASS, NULL, NULL, NULL},
    {"SystemName", "ManagedSystem", NULL, NULL, NULL},
};

/* A device on which KVM is off says 3, disabled, and 5, no change (MPS); 4 is RFB's (WSM). */
static const struct wsman_property access_point[] = {{"ElementName", SAP},
                                                     {"EnabledState", "3"},
                                                     {"KVMProtocol", "4"},
                                                     {"RequestedState", "5"},
                                                     {NULL, NULL}};

static const struct wsman_class classes[] = {
    {AMT_SCHEMA, "AMT_RedirectionService", ACT_READ_REDIRECTION, ACT_SET_REDIRECTION, 1,
     WSMAN_KEYS(wsman_service_keys, 4), .fixed_id = SERVICE, .read = service, .put = put_service},
    {CIM_SCHEMA, "CIM_KVMRedirectionSAP", ACT_READ_REDIRECTION, ACT_SET_REDIRECTION, 0,
     WSMAN_KEYS(access_point_keys, 4), .fixed_id = SAP, .count = access_points,
     .properties = access_point},
};

const struct wsman_classes class_redirection = {classes, sizeof(classes) / sizeof(classes[0])};
