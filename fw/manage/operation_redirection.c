// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include "fw/core/redirection.h"
#include "fw/core/status.h"

/* Redirection as an administrator controls it. AMT_RedirectionService's methods: LMS-cim; EOI's
 * names, and all statuses, are assumed. */

static uint32_t request_state_change(struct operation_call *c)
{
    uint32_t state, service;
    bool forbidden;

    if (!soap_number(c->request, SOAP_REQUESTED_STATE, &state))
        return PT_STATUS_INVALID_PARAMETER;
    if (redirection_set_state(c->view->settings, state, &service, &forbidden))
        return operation_command(c, MANAGE_SET_REDIRECTION, service);
    if (forbidden)
        c->why = "MEBx forbids it";
    return forbidden ? PT_STATUS_NOT_PERMITTED : PT_STATUS_INVALID_PARAMETER;
}

/* What MEBx has disabled nobody can enable from the network (G-kvm); to disable it again is done.
 */
static uint32_t request_kvm_state(struct operation_call *c)
{
    enum { ENABLED = 2, DISABLED = 3 }; /* RequestedState */
    uint32_t state;

    if (!soap_number(c->request, SOAP_REQUESTED_STATE, &state) ||
        (state != ENABLED && state != DISABLED))
        return PT_STATUS_INVALID_PARAMETER;
    if (state == DISABLED)
        return PT_STATUS_SUCCESS;
    c->why = "KVM is not enabled in MEBx";
    return PT_STATUS_NOT_PERMITTED;
}

static uint32_t terminate_session(struct operation_call *c)
{
    enum { IDER, SOL }; /* SessionType */
    uint32_t type;

    if (!soap_number(c->request, SOAP_SESSION_TYPE, &type) || type > SOL)
        return PT_STATUS_INVALID_PARAMETER;
    if (type != SOL || !c->view->redirection_open)
        return PT_STATUS_NOT_FOUND;
    return operation_command(c, MANAGE_END_REDIRECTION, 0);
}

uint32_t operation_set_listener(struct operation_call *c, enum soap_field field)
{
    uint32_t service = c->view->settings->config.redirect_service & ~REDIRECT_LISTENS;
    bool listens;

    if (!soap_flag(c->request, field, &listens))
        return PT_STATUS_INVALID_PARAMETER;
    return operation_command(c, MANAGE_SET_REDIRECTION, service | (listens ? REDIRECT_LISTENS : 0));
}

static uint32_t set_listener_state(struct operation_call *c)
{
    return operation_set_listener(c, SOAP_STATE);
}

static uint32_t get_listener_state(struct operation_call *c)
{
    out_element(c->out, "", "State",
                redirection_listens(c->view->release, c->view->settings) ? "true" : "false");
    return PT_STATUS_SUCCESS;
}

#define SERVICE "AMT_RedirectionService"

static const struct operation operations[] = {
    {"GetRedirectionListenerState", EOI_REDIRECTION, ACT_READ_REDIRECTION, NULL, get_listener_state,
     OPERATION_READS},
    {"SetRedirectionListenerState", EOI_REDIRECTION, ACT_SET_REDIRECTION, NULL, set_listener_state,
     OPERATION_CHANGES},
    {"RequestStateChange", EOI_REDIRECTION, ACT_SET_REDIRECTION, SERVICE, request_state_change,
     OPERATION_CHANGES},
    {"RequestStateChange", EOI_SERVICES, ACT_SET_REDIRECTION, "CIM_KVMRedirectionSAP",
     request_kvm_state, OPERATION_CHANGES},
    {"TerminateSession", EOI_REDIRECTION, ACT_SET_REDIRECTION, SERVICE, terminate_session,
     OPERATION_CHANGES},
};

const struct operations operation_redirection = {operations,
                                                 sizeof(operations) / sizeof(operations[0])};
