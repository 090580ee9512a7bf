// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/manage/digest.h"

#define SETUP_CLASS "AMT_SetupAndConfigurationService"
#define TIME_CLASS "AMT_TimeSynchronizationService"
#define KEY_CLASS "AMT_PublicKeyManagementService"

static const char *argument(const struct operation_call *c, enum soap_field field)
{
    return soap_text(c->request, field);
}

static uint32_t run_last(struct operation_call *c, enum manage_command command)
{
    uint32_t status = operation_command(c, command, 0);

    c->last_reply = status == PT_STATUS_SUCCESS;
    return status;
}

static uint32_t commit_changes(struct operation_call *c)
{
    return run_last(c, MANAGE_COMMIT);
}

/* ProvisioningMode 0: the current mode, 1: enterprise (WSM). Both are the release's default mode; a
 * full unprovision does not return to others. */
static uint32_t unprovision(struct operation_call *c)
{
    uint32_t mode = 0;

    if (soap_has(c->request, SOAP_PROVISIONING_MODE) &&
        (!soap_number(c->request, SOAP_PROVISIONING_MODE, &mode) || mode > 1))
        return PT_STATUS_INVALID_PARAMETER;
    return run_last(c, MANAGE_UNPROVISION_FULL);
}

static uint32_t partial_unprovision(struct operation_call *c)
{
    return run_last(c, MANAGE_UNPROVISION_PARTIAL);
}

#define HOURS_MAX 24u /* WSM */

static uint32_t extend_provisioning_period(struct operation_call *c)
{
    uint32_t hours;

    if (!soap_number(c->request, SOAP_DURATION, &hours) || hours == 0 || hours > HOURS_MAX)
        return PT_STATUS_INVALID_PARAMETER;
    return operation_command(c, MANAGE_EXTEND, hours);
}

static uint32_t set_mebx_password(struct operation_call *c)
{
    const struct manage_view *v = c->view;

    return pending_set_password(c->pending, v->settings, v->release, v->situation,
                                argument(c, SOAP_PASSWORD));
}

#if FW_MACHINE
/* On a provisioned device it takes effect at once: MCMD commits nothing. */
static uint32_t store_admin(struct operation_call *c)
{
    struct settings *draft = c->device->draft(c->device->ctx);

    pending_move_admin(c->pending, draft);
    if (users_named(&draft->secret.users, draft->secret.admin_user))
        return PT_STATUS_DUPLICATE;
    c->accounts_changed = true;
    return c->device->store(c->device->ctx, false);
}
#endif

static uint32_t set_admin_acl_entry(struct operation_call *c)
{
    uint32_t status =
        pending_set_admin(c->pending, argument(c, SOAP_USER), argument(c, SOAP_DIGEST_PASSWORD));

#if FW_MACHINE
    if (status == PT_STATUS_SUCCESS && c->view->situation == SITUATION_PROVISIONED)
        status = store_admin(c);
#endif
    return status;
}

static uint32_t set_tls_psk(struct operation_call *c)
{
    return pending_set_psk(c->pending, argument(c, SOAP_PID), argument(c, SOAP_PPS));
}

static uint32_t set_host_name(struct operation_call *c)
{
    return pending_set_host_name(c->pending, argument(c, SOAP_HOST_NAME));
}

static uint32_t set_domain_name(struct operation_call *c)
{
    return pending_set_domain(c->pending, argument(c, SOAP_DOMAIN_NAME));
}

/* Until somebody sets the clock it shows the time since the firmware's start (assumed). */
static uint32_t device_clock_s(const struct manage_view *v)
{
    return v->clock_s ? v->clock_s : (uint32_t)(v->now_ms / 1000u);
}

static uint32_t get_low_accuracy_time(struct operation_call *c)
{
    out_element_number(c->out, c->prefix, "Ta0", device_clock_s(c->view));
    return PT_STATUS_SUCCESS;
}

#define YEAR_2000_S 946684800u

/* Ta0: the device's clock as the server has read it; Tm1: the server's clock at that answer, Tm2:
 * when it sent this request (WSM). The time since Ta0, by the device's clock, is added to Tm1. */
static uint32_t set_high_accuracy_time(struct operation_call *c)
{
    uint32_t ta0, tm1, tm2, now = device_clock_s(c->view);

    if (!soap_number(c->request, SOAP_TA0, &ta0) || !soap_number(c->request, SOAP_TM1, &tm1) ||
        !soap_number(c->request, SOAP_TM2, &tm2) || tm1 < YEAR_2000_S || tm2 < tm1 || ta0 > now ||
        now - ta0 > UINT32_MAX - tm1)
        return PT_STATUS_INVALID_TIME;
    return operation_command(c, MANAGE_SET_CLOCK, tm1 + (now - ta0));
}

static uint32_t get_digest_realm(struct operation_call *c)
{
    char realm[DIGEST_REALM];

    digest_realm(c->view->uuid, realm);
    out_element(c->out, c->prefix, "DigestRealm", realm);
    return PT_STATUS_SUCCESS;
}

static uint32_t clear_tls_credentials(struct operation_call *c)
{
    return operation_command(c, MANAGE_CLEAR_IDENTITY, 0);
}

/* Names of the parameters: assumed. */
static uint32_t set_tls_certificate(struct operation_call *c)
{
    const struct soap_request *r = c->request;

    if (!r->blob[SOAP_KEY])
        return PT_STATUS_INVALID_KEY;
    if (!r->blob[SOAP_CERTIFICATE])
        return PT_STATUS_INVALID_CERT;
    return c->device->install_identity(c->device->ctx, r->blob[SOAP_KEY], r->blob_len[SOAP_KEY],
                                       r->blob[SOAP_CERTIFICATE], r->blob_len[SOAP_CERTIFICATE]);
}

/* In WS-Man these are two steps (WSM, MC): what is added is what TLS will use. */
static uint32_t add_key(struct operation_call *c)
{
    const struct soap_request *r = c->request;
    uint32_t status;

    if (!r->blob[SOAP_KEY])
        return PT_STATUS_INVALID_KEY;
    status = c->device->install_identity(c->device->ctx, r->blob[SOAP_KEY], r->blob_len[SOAP_KEY],
                                         NULL, 0);
    if (status == PT_STATUS_SUCCESS)
        out_reference(c->out, c->prefix, "CreatedKey", AMT_SCHEMA "AMT_PublicPrivateKeyPair",
                      "InstanceID", KEY_HANDLE_1);
    return status;
}

static uint32_t add_certificate(struct operation_call *c)
{
    const struct soap_request *r = c->request;
    uint32_t status;

    if (!r->blob[SOAP_CERTIFICATE])
        return PT_STATUS_INVALID_CERT;
    status = c->device->install_identity(c->device->ctx, NULL, 0, r->blob[SOAP_CERTIFICATE],
                                         r->blob_len[SOAP_CERTIFICATE]);
    if (status == PT_STATUS_SUCCESS)
        out_reference(c->out, c->prefix, "CreatedCertificate",
                      AMT_SCHEMA "AMT_PublicKeyCertificate", "InstanceID", CERTIFICATE_HANDLE_1);
    return status;
}

/* Name of the parameter: assumed. */
static uint32_t set_tls_server_authentication(struct operation_call *c)
{
    bool on;

    if (!soap_flag(c->request, SOAP_ENABLED, &on))
        return PT_STATUS_INVALID_PARAMETER;
    pending_set_tls(c->pending, on, false);
    return PT_STATUS_SUCCESS;
}

static const struct operation operations[] = {
    {"CommitChanges", EOI_SECURITY_ADMINISTRATION, ACT_COMMIT, SETUP_CLASS, commit_changes,
     OPERATION_CHANGES},
    {"Unprovision", EOI_SECURITY_ADMINISTRATION, ACT_UNPROVISION_FULL, SETUP_CLASS, unprovision,
     OPERATION_CHANGES},
    {"PartialUnprovision", EOI_SECURITY_ADMINISTRATION, ACT_UNPROVISION_PARTIAL, SETUP_CLASS,
     partial_unprovision, OPERATION_CHANGES},
    {"ExtendProvisioningPeriod", EOI_SECURITY_ADMINISTRATION, ACT_EXTEND, SETUP_CLASS,
     extend_provisioning_period, OPERATION_CHANGES},
    {"SetMEBxPassword", EOI_SECURITY_ADMINISTRATION, ACT_SET_PASSWORD, SETUP_CLASS,
     set_mebx_password, OPERATION_CHANGES},
    {"SetTLSPSK", EOI_SECURITY_ADMINISTRATION, ACT_SET_PSK, SETUP_CLASS, set_tls_psk,
     OPERATION_CHANGES},
    {"SetAdminAclEntryEx", EOI_SECURITY_ADMINISTRATION, ACT_SET_ADMIN, "AMT_AuthorizationService",
     set_admin_acl_entry, OPERATION_CHANGES},
    {"GetDigestRealm", EOI_SECURITY_ADMINISTRATION, ACT_READ, NULL, get_digest_realm,
     OPERATION_CHANGES},
    {"ClearTLSCredentials", EOI_SECURITY_ADMINISTRATION, ACT_SET_TLS, NULL, clear_tls_credentials,
     OPERATION_CHANGES},
    {"SetTLSCertificateWithKeyPair", EOI_SECURITY_ADMINISTRATION, ACT_SET_TLS, NULL,
     set_tls_certificate, OPERATION_CHANGES},
    {"AddKey", EOI_SERVICES, ACT_SET_TLS, KEY_CLASS, add_key, OPERATION_CHANGES},
    {"AddCertificate", EOI_SERVICES, ACT_SET_TLS, KEY_CLASS, add_certificate, OPERATION_CHANGES},
    {"SetTlsServerAuthentication", EOI_SECURITY_ADMINISTRATION, ACT_SET_TLS, NULL,
     set_tls_server_authentication, OPERATION_CHANGES},
    {"SetHostName", EOI_NETWORK_ADMINISTRATION, ACT_SET_NAME, NULL, set_host_name,
     OPERATION_CHANGES},
    {"SetDomainName", EOI_NETWORK_ADMINISTRATION, ACT_SET_NAME, NULL, set_domain_name,
     OPERATION_CHANGES},
    {"GetLowAccuracyTimeSynch", EOI_NETWORK_TIME, ACT_READ_CLOCK, TIME_CLASS, get_low_accuracy_time,
     OPERATION_CHANGES},
    {"SetHighAccuracyTimeSynch", EOI_NETWORK_TIME, ACT_SET_CLOCK, TIME_CLASS,
     set_high_accuracy_time, OPERATION_CHANGES},
};

const struct operations operation_setup = {operations, sizeof(operations) / sizeof(operations[0])};
