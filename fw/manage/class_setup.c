// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/wipe.h"
#include "fw/manage/certificate_name.h"
#include "fw/manage/digest.h"

#define GENERAL_SETTINGS "Intel(r) AMT: General Settings"

#if FW_MACHINE
static bool answers_presence(const struct manage_view *v)
{
    return v->release->presence.value != PRESENCE_NONE;
}
#endif

/* Names and fixed texts: WSM. DigestRealm is the one in the 401 reply (MC). */
static void general_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    char realm[DIGEST_REALM];

    (void)instance;
    digest_realm(v->uuid, realm);
    property(o, "DigestRealm", realm);
    property(o, "DomainName", manage_domain(v));
    property(o, "ElementName", GENERAL_SETTINGS);
    property(o, "HostName", manage_host_name(v));
    property_number(o, "IdleWakeTimeout", v->settings->me.idle_timeout_min);
    property(o, "InstanceID", GENERAL_SETTINGS);
    property_flag(o, "NetworkInterfaceEnabled", true);
#if FW_MACHINE
    property_flag(o, "PingResponseEnabled", true);
    property_number(o, "PowerSource", 0); /* mains */
    property_flag(o, "RmcpPingResponseEnabled", answers_presence(v));
#endif
}

/* --- services */

#define SETUP_SERVICE "Intel(r) AMT Setup and Configuration Service"
#define AUTHORIZATION_SERVICE "Intel(r) AMT Authorization Service"
#define TIME_SERVICE "Intel(r) AMT Time Synchronization Service"
#define KEY_SERVICE "Intel(r) AMT Public Key Management Service"

/* Properties: WSM, LMS-cim, G-sacs. The one-time password can be read only by the set-up server,
 * over TLS (G-rflow, LMS-cim). */
static void setup_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct settings *s = v->settings;

    (void)instance;
    property_service(o, "AMT_SetupAndConfigurationService", SETUP_SERVICE);
    property(o, "ConfigurationServerFQDN", s->config.server_fqdn);
    property(o, "DhcpDNSSuffix", v->option15);
    property_number(o, "PasswordModel", 1);
    property_number(o, "ProvisioningMode", s->config.mode);
    if (v->situation == SITUATION_SETUP && s->secret.otp[0])
        property(o, "ProvisioningServerOTP", s->secret.otp);
    property_number(o, "ProvisioningState", manage_provisioning_state(v));
    property(o, "TrustedDNSSuffix", s->config.pki_suffix);
    if (s->config.mode == MODE_ENTERPRISE)
        property_flag(o, "ZeroTouchConfigurationEnabled", s->config.rcfg_enabled);
}

static void authorization_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    property_service(o, "AMT_AuthorizationService", AUTHORIZATION_SERVICE);
#if FW_MACHINE
    property_number(o, "AllowHttpQopAuthOnly", 1); /* WSM, as the next two */
    property_number(o, "EnabledState", 5);
    property_number(o, "RequestedState", 12);
#endif
}

static void time_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    property_service(o, "AMT_TimeSynchronizationService", TIME_SERVICE);
}

static void key_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    property_service(o, "AMT_PublicKeyManagementService", KEY_SERVICE);
}

#if !FW_MACHINE
/* CIM's numbers: 2 on, 8 off - soft (DSP1027). */
static void power_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    property_number(o, "PowerState", v->host_on ? 2 : 8);
}
#endif

/* --- TLS's key and certificate: those that it will use after a commit */

#define NETWORK_TLS "Intel(r) AMT 802.3 TLS Settings" /* MC */
#define HOST_TLS "Intel(r) AMT LMS TLS Settings"      /* MC */

static const char *const certificate_handle[] = {CERTIFICATE_HANDLE_0, CERTIFICATE_HANDLE_1};
static const char *const key_handle[] = {KEY_HANDLE_0, KEY_HANDLE_1};

static uint32_t identity_count(const struct manage_view *v)
{
    return v->certificate ? 1 : 0;
}

static const char *certificate_id(const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    return certificate_handle[v->identity];
}

static const char *key_pair_id(const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    return key_handle[v->identity];
}

#define DN_MAX 160

/* Without these names in AMT_PublicKeyCertificate MeshCentral's set-up fails (MC). */
static void property_name(struct out *o, const char *name, const struct manage_view *v,
                          enum certificate_name which)
{
    char text[DN_MAX + 1] = "";
    struct out text_out = {text, DN_MAX, 0, false};

    certificate_name_write(&text_out, v->certificate, v->certificate_len, which);
    property(o, name, text);
}

static void certificate(struct out *o, const struct manage_view *v, uint32_t instance)
{
    property(o, "ElementName", "Intel(r) AMT Certificate");
    property(o, "InstanceID", certificate_id(v, instance));
    property_name(o, "Issuer", v, NAME_ISSUER);
    property_name(o, "Subject", v, NAME_SUBJECT);
    property_flag(o, "TrustedRootCertficate", false); /* spelt like this (MC) */
    out_start_tag(o, "g", "X509Certificate");
    out_base64(o, v->certificate, v->certificate_len);
    out_end_tag(o, "g", "X509Certificate");
}

static void key_pair(struct out *o, const struct manage_view *v, uint32_t instance)
{
    property(o, "ElementName", "Intel(r) AMT Key");
    property(o, "InstanceID", key_pair_id(v, instance));
    out_start_tag(o, "g", "DERKey");
    out_base64(o, v->public_key, v->public_key_len);
    out_end_tag(o, "g", "DERKey");
}

static bool tls_is_on(const struct manage_view *v)
{
    return v->settings->config.mode != MODE_SMB && !pending_tls_off(v->pending, v->settings);
}

static const char *tls_id(const struct manage_view *v, uint32_t instance)
{
    (void)v;
    return instance == 0 ? NETWORK_TLS : HOST_TLS;
}

/* Two instances: the network's, and the host's local interface, which has no TLS here. */
static void tls_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const char *name = tls_id(v, instance);
    bool on = instance == 0 && tls_is_on(v);

    property_flag(o, "AcceptNonSecureConnections", false);
    property(o, "ElementName", name);
    property_flag(o, "Enabled", on);
    property(o, "InstanceID", name);
    property_flag(o, "MutualAuthentication", on && v->pending->mutual);
}

#define SOFTWARE 10

enum software_value { VERSION, SKU, VENDOR, BUILD, LEGACY, SOFTWARE_VALUES };

/* The entries of GetCodeVersions (G-codever); MeshCentral searches for InstanceID AMT (MC). */
static const struct {
    const char *name;
    uint8_t value;
} software_entry[SOFTWARE] = {{"Flash", VERSION},
                              {"Netstack", VERSION},
                              {"AMTApps", VERSION},
                              {"AMT", VERSION},
                              {"Sku", SKU},
                              {"VendorID", VENDOR},
                              {"Build Number", BUILD},
                              {"Recovery Version", VERSION},
                              {"Recovery Build Num", BUILD},
                              {"Legacy Mode", LEGACY}};

static const char *software_id(const struct manage_view *v, uint32_t instance)
{
    (void)v;
    return software_entry[instance].name;
}

static void software(struct out *o, const struct manage_view *v, uint32_t instance)
{
    char sku[sizeof("65535")] = "", build[sizeof("65535")] = "";
    struct out sku_out = {sku, sizeof(sku) - 1, 0, false};
    struct out build_out = {build, sizeof(build) - 1, 0, false};
    const char *const value[SOFTWARE_VALUES] = {[VERSION] = v->release->version,
                                                [SKU] = sku,
                                                [VENDOR] = "8086",
                                                [BUILD] = build,
                                                [LEGACY] = "False"};

    out_print(&sku_out, "%u", (uint32_t)v->release->sku.value);
    out_print(&build_out, "%04u", (uint32_t)v->release->build.value);
    property(o, "InstanceID", software_id(v, instance));
    property_flag(o, "IsEntity", true);
    property(o, "VersionString", value[software_entry[instance].value]);
}

/* --- writable classes */

#if FW_MACHINE
/* Whether a flag that cannot be changed stays as it is. */
static bool stays(const struct operation_call *c, enum soap_field field, bool present)
{
    bool flag;

    return !soap_has(c->request, field) || (soap_flag(c->request, field, &flag) && flag == present);
}

/* On a provisioned device nothing waits for a commit: consoles send none (MCMD). */
static uint32_t store_general_settings(struct operation_call *c, bool host_name, bool domain)
{
    struct settings *s = c->device->draft(c->device->ctx);
    uint32_t minutes = s->me.idle_timeout_min;

    if (!stays(c, SOAP_PING, true) || !stays(c, SOAP_RMCP_PING, answers_presence(c->view)))
        return PT_STATUS_UNSUPPORTED;
    if (soap_has(c->request, SOAP_IDLE_TIMEOUT) &&
        (!soap_number(c->request, SOAP_IDLE_TIMEOUT, &minutes) || minutes == 0 ||
         minutes > UINT16_MAX))
        return PT_STATUS_INVALID_PARAMETER;
    s->me.idle_timeout_min = (uint16_t)minutes;
    if (host_name)
        memcpy(s->config.host_name, c->pending->host_name, sizeof(s->config.host_name));
    if (domain)
        memcpy(s->config.domain, c->pending->domain, sizeof(s->config.domain));
    return c->device->store(c->device->ctx, false);
}
#endif

static uint32_t put_general_settings(struct operation_call *c, uint32_t instance)
{
    struct pending *p = c->pending;
    const char *host_name = soap_text(c->request, SOAP_HOST_NAME);
    const char *domain = soap_text(c->request, SOAP_DOMAIN_NAME);
    struct pending before = *p;
    uint32_t status = PT_STATUS_SUCCESS;
    /* A present value may be empty, and is written back with the others. */
    bool new_name = strcmp(host_name, manage_host_name(c->view)) != 0;
    bool new_domain = strcmp(domain, manage_domain(c->view)) != 0;
    bool waits = true; /* for the commit */

    (void)instance;
    if (new_name)
        status = pending_set_host_name(p, host_name);
    if (status == PT_STATUS_SUCCESS && new_domain)
        status = pending_set_domain(p, domain);
#if FW_MACHINE
    waits = c->view->situation != SITUATION_PROVISIONED;
    if (status == PT_STATUS_SUCCESS && !waits)
        status = store_general_settings(c, new_name, new_domain);
#endif
    if (status != PT_STATUS_SUCCESS || !waits)
        *p = before;
    wipe(&before, sizeof(before));
    return status;
}

static uint32_t put_tls_settings(struct operation_call *c, uint32_t instance)
{
    bool on, mutual = false;

    if (!soap_flag(c->request, SOAP_ENABLED, &on) ||
        (soap_has(c->request, SOAP_MUTUAL_AUTHENTICATION) &&
         !soap_flag(c->request, SOAP_MUTUAL_AUTHENTICATION, &mutual)))
        return PT_STATUS_INVALID_PARAMETER;
    if (instance == 0)
        pending_set_tls(c->pending, on, mutual);
    return instance == 0 || !on ? PT_STATUS_SUCCESS : PT_STATUS_UNSUPPORTED;
}

static uint32_t create_tls_context(struct operation_call *c, uint32_t instance)
{
    (void)instance;
    return c->view->certificate && strcmp(soap_text(c->request, SOAP_REFERENCE),
                                          certificate_handle[c->view->identity]) == 0
               ? PT_STATUS_SUCCESS
               : PT_STATUS_INVALID_HANDLE;
}

static uint32_t delete_tls_context(struct operation_call *c, uint32_t instance)
{
    (void)instance;
    return c->device->run(c->device->ctx, MANAGE_CLEAR_IDENTITY, 0, &c->why);
}

/* --- keys (WSM, MC) */

#define CONTEXT(property, class, key, value)                                                       \
    {                                                                                              \
        key, value, property, AMT_SCHEMA, class                                                    \
    }

static const struct wsman_key context_keys[] = {
    CONTEXT("ElementInContext", "AMT_PublicKeyCertificate", "InstanceID", NULL),
    CONTEXT("ElementProvidingContext", "AMT_TLSProtocolEndpointCollection", "ElementName",
            "TLSProtocolEndpointInstances Collection"),
};

#if !FW_MACHINE
#define POWER_SERVICE(key, value)                                                                  \
    {                                                                                              \
        key, value, "ServiceProvided", CIM_SCHEMA, "CIM_PowerManagementService"                    \
    }
#define POWER_USER(key, value)                                                                     \
    {                                                                                              \
        key, value, "UserOfService", CIM_SCHEMA, SYSTEM_CLASS                                      \
    }

static const struct wsman_key power_keys[] = {
    POWER_SERVICE("CreationClassName", "CIM_PowerManagementService"),
    POWER_SERVICE("Name", "Intel(r) AMT Power Management Service"),
    POWER_SERVICE("SystemCreationClassName", SYSTEM_CLASS),
    POWER_SERVICE("SystemName", SYSTEM_NAME),
    POWER_USER("CreationClassName", SYSTEM_CLASS),
    POWER_USER("Name", "ManagedSystem"),
};
#endif

#define SERVICE(class, title, shown)                                                               \
    {                                                                                              \
        AMT_SCHEMA, class, ACT_READ, ACT_READ, 1, WSMAN_KEYS(wsman_service_keys, 4),               \
            .fixed_id = (title), .read = (shown)                                                   \
    }

static const struct wsman_class classes[] = {
    {AMT_SCHEMA, "AMT_GeneralSettings", ACT_READ, ACT_SET_NAME, 1, WSMAN_KEYS(wsman_instance_id, 1),
     .fixed_id = GENERAL_SETTINGS, .read = general_settings, .put = put_general_settings},
    SERVICE("AMT_SetupAndConfigurationService", SETUP_SERVICE, setup_service),
    SERVICE("AMT_AuthorizationService", AUTHORIZATION_SERVICE, authorization_service),
    SERVICE("AMT_TimeSynchronizationService", TIME_SERVICE, time_service),
    SERVICE("AMT_PublicKeyManagementService", KEY_SERVICE, key_service),
    {AMT_SCHEMA, "AMT_TLSSettingData", ACT_READ, ACT_SET_TLS, 2, WSMAN_KEYS(wsman_instance_id, 1),
     .id = tls_id, .read = tls_settings, .put = put_tls_settings},
    {AMT_SCHEMA, "AMT_TLSCredentialContext", ACT_READ, ACT_SET_TLS, 0, WSMAN_KEYS(context_keys, 2),
     .id = certificate_id, .count = identity_count, .create = create_tls_context,
     .delete = delete_tls_context},
    {AMT_SCHEMA, "AMT_PublicKeyCertificate", ACT_READ, ACT_READ, 0,
     WSMAN_KEYS(wsman_instance_id, 1), .id = certificate_id, .read = certificate,
     .count = identity_count},
    {AMT_SCHEMA, "AMT_PublicPrivateKeyPair", ACT_READ, ACT_READ, 0,
     WSMAN_KEYS(wsman_instance_id, 1), .id = key_pair_id, .read = key_pair,
     .count = identity_count},
#if !FW_MACHINE
    {CIM_SCHEMA, "CIM_AssociatedPowerManagementService", ACT_READ_MACHINE, ACT_READ, 1,
     WSMAN_KEYS(power_keys, 6), .read = power_service},
#endif
    {CIM_SCHEMA, "CIM_SoftwareIdentity", ACT_READ, ACT_READ, SOFTWARE,
     WSMAN_KEYS(wsman_instance_id, 1), .id = software_id, .read = software},
};

const struct wsman_classes class_setup = {classes, sizeof(classes) / sizeof(classes[0])};
