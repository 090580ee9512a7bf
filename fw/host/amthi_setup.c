#include <string.h>

#include "fw/core/status.h"
#include "fw/host/amthi_command.h"

/* The commands of set-up and configuration. */

#define HASH_FIELD_BYTES 64

_Static_assert(AMTHI_ANSWER_OFFSET + 4 + 4 * LIMIT_HASHES <= LIMIT_AMTHI_RESPONSE,
               "EnumerateHashHandles fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 8 + HASH_FIELD_BYTES + 1 + 2 + LIMIT_HASH_NAME <=
                   LIMIT_AMTHI_RESPONSE,
               "GetCertificateHashEntry fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + LIMIT_SUFFIX <= LIMIT_AMTHI_RESPONSE,
               "GetPKIFQDNSuffix fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + REPLY_ADDRESS_TEXT + 2 + LIMIT_FQDN <=
                   LIMIT_AMTHI_RESPONSE,
               "GetConfigServerData fits");
_Static_assert(LIMIT_HASH_BYTES <= HASH_FIELD_BYTES, "a hash fits its field");
/* GetCertificateHashEntry counts 0 MD5, 1 SHA1, 2 SHA256, 3 SHA384 (G-hash): where both have the
 * algorithm, the number is the hello's. */
_Static_assert(CERT_HASH_SHA1 == 1 && CERT_HASH_SHA256 == 2 && CERT_HASH_SHA384 == 3,
               "one numbering for both");

static uint32_t get_mode(struct exchange *x)
{
    reply_u32(&x->reply, x->view->settings->mode);
    reply_bool(&x->reply, false); /* legacy mode: S0 shows "Non Legacy" */
    return PT_STATUS_SUCCESS;
}

static uint32_t get_state(struct exchange *x)
{
    reply_u32(&x->reply, setup_reported(x->view->setup));
    return PT_STATUS_SUCCESS;
}

/* Only in client control mode, which is of 7.0 (G-unprov); the status is assumed. */
static uint32_t unprovision(struct exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

/* No record is ever made; the status is assumed. */
static uint32_t get_audit_record(struct exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_READY;
}

static uint32_t generate_rng_seed(struct exchange *x)
{
    return x->view->rng_ready ? PT_STATUS_SUCCESS : PT_STATUS_RNG_GENERATION_IN_PROGRESS;
}

static uint32_t get_rng_seed_status(struct exchange *x)
{
    reply_u32(&x->reply, x->view->rng_ready ? 0 : 2); /* exists, does not exist (PTHI.h) */
    return PT_STATUS_SUCCESS;
}

static uint32_t get_tls_mode(struct exchange *x)
{
    static const uint32_t tls_mode[] = {
        [CREDENTIALS_NONE] = 0, /* not ready */
        [CREDENTIALS_PSK] = 1,
        [CREDENTIALS_PKI] = 2,
    };

    reply_u32(&x->reply, tls_mode[settings_credentials(x->view->settings, x->view->release)]);
    return PT_STATUS_SUCCESS;
}

static uint32_t enumerate_hashes(struct exchange *x)
{
    uint32_t count = settings_hash_count(x->view->settings, x->view->release);

    reply_u32(&x->reply, count);
    for (uint32_t handle = 0; handle < count; handle++)
        reply_u32(&x->reply, handle);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_hash_entry(struct exchange *x)
{
    struct hash_view hash;

    if (!settings_hash(x->view->settings, x->view->release, amthi_get_u32(x->payload), &hash))
        return PT_STATUS_NOT_FOUND; /* G-hash */
    reply_bool(&x->reply, hash.is_default);
    reply_bool(&x->reply, hash.active);
    reply_bytes(&x->reply, hash.bytes, cert_hash_bytes(hash.algorithm), HASH_FIELD_BYTES);
    reply_u8(&x->reply, hash.algorithm);
    reply_ansi(&x->reply, hash.name, LIMIT_HASH_NAME);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_zero_touch(struct exchange *x)
{
    reply_bool(&x->reply, x->view->settings->rcfg_enabled);
    return PT_STATUS_SUCCESS;
}

/* Before 12.0 only BIOS and MEBx may (G-ztc); the status is assumed. */
static uint32_t set_zero_touch(struct exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

static uint32_t get_suffix(struct exchange *x)
{
    reply_ansi(&x->reply, x->view->settings->pki_suffix, LIMIT_SUFFIX);
    return PT_STATUS_SUCCESS;
}

/* Eight zeros when no key is loaded: assumed. */
static uint32_t get_pid(struct exchange *x)
{
    const char *pid = x->view->settings->pid;

    reply_bytes(&x->reply, pid, strlen(pid), LIMIT_PID);
    return PT_STATUS_SUCCESS;
}

/* On releases before 6.0 the same layout: assumed. */
static uint32_t get_config_server(struct exchange *x)
{
    reply_u16(&x->reply, x->view->settings->server_port);
    reply_address_text(&x->reply, x->view->settings->server_ip);
    reply_ansi(&x->reply, x->view->settings->server_fqdn, LIMIT_FQDN);
    return PT_STATUS_SUCCESS;
}

static uint32_t set_otp(struct exchange *x)
{
    for (size_t i = 0; i < x->len; i++)
        if (x->payload[i] < 0x20 || x->payload[i] > 0x7E)
            return PT_STATUS_INVALID_PARAMETER;
    memcpy(x->effects->text, x->payload, x->len);
    x->effects->action = AMTHI_SET_OTP;
    return PT_STATUS_SUCCESS;
}

static uint32_t set_suffix(struct exchange *x)
{
    return amthi_take_name(x, AMTHI_SET_SUFFIX, LIMIT_SUFFIX);
}

static uint32_t raise_event(struct exchange *x, enum setup_event_id event)
{
    x->effects->action = AMTHI_RAISE;
    x->effects->event = event;
    return PT_STATUS_SUCCESS; /* the state machine's status takes its place */
}

static uint32_t start_configuration(struct exchange *x)
{
    return raise_event(x, SETUP_EV_START);
}

/* The flag asks for configuration over IPv6 too (G-startex). The device has IPv4 only; that it
 * says so is assumed. */
static uint32_t start_configuration_ex(struct exchange *x)
{
    switch (amthi_get_u32(x->payload)) {
    case 0:
        return raise_event(x, SETUP_EV_START);
    case 1:
        return PT_STATUS_UNSUPPORTED;
    default:
        return PT_STATUS_INVALID_PARAMETER;
    }
}

static uint32_t stop_configuration(struct exchange *x)
{
    return raise_event(x, SETUP_EV_STOP);
}

#define EVERY 0
#define AGENT AMTHI_GEN_AGENT
#define TEXT(min, max) PAYLOAD_TEXT, (min), (max)

static const struct command commands[] = {
    {AMTHI_GET_PROVISIONING_MODE, "GetProvisioningMode", get_mode, EVERY, 0, 0, 0},
    {AMTHI_UNPROVISION, "Unprovision", unprovision, EVERY, 4, 0, 0},
    {AMTHI_GET_PROVISIONING_STATE, "GetProvisioningState", get_state, EVERY, 0, 0, 0},
    {AMTHI_GET_AMT_SETUP_AUDIT_RECORD, "GetAMTSetupAuditRecord", get_audit_record, EVERY, 0, 0, 0},
    {AMTHI_GENERATE_RNG_SEED, "GenerateRNGSeed", generate_rng_seed, EVERY, 0, 0, 0},
    {AMTHI_START_CONFIGURATION, "StartConfiguration", start_configuration, AGENT, 0, 0, 0},
    {AMTHI_SET_PROVISIONING_SERVER_OTP, "SetProvisioningServerOTP", set_otp, AGENT,
     TEXT(LIMIT_OTP_MIN, LIMIT_OTP)},
    {AMTHI_GET_PROVISIONING_TLS_MODE, "GetProvisioningTLSMode", get_tls_mode, AGENT, 0, 0, 0},
    {AMTHI_ENUMERATE_HASH_HANDLES, "EnumerateHashHandles", enumerate_hashes, AGENT, 0, 0, 0},
    {AMTHI_GET_CERTIFICATE_HASH_ENTRY, "GetCertificateHashEntry", get_hash_entry, AGENT, 4, 0, 0},
    {AMTHI_GET_RNG_SEED_STATUS, "GetRNGSeedStatus", get_rng_seed_status, AGENT, 0, 0, 0},
    {AMTHI_SET_PKI_FQDN_SUFFIX, "SetPKIFQDNSuffix", set_suffix, AGENT, TEXT(1, LIMIT_SUFFIX)},
    {AMTHI_GET_ZERO_TOUCH_ENABLED, "GetZeroTouchEnabled", get_zero_touch, AGENT, 0, 0, 0},
    {AMTHI_GET_PKI_FQDN_SUFFIX, "GetPKIFQDNSuffix", get_suffix, AGENT, 0, 0, 0},
    {AMTHI_SET_ZERO_TOUCH_ENABLED, "SetZeroTouchEnabled", set_zero_touch, AGENT, 4, 0, 0},
    {AMTHI_GET_PID, "GetPID", get_pid, AGENT, 0, 0, 0},
    {AMTHI_GET_CONFIG_SERVER_DATA, "GetConfigServerData", get_config_server, EVERY, 0, 0, 0},
    {AMTHI_GET_ME_SETUP_AUDIT_RECORD, "GetMESetupAuditRecord", get_audit_record, AMTHI_GEN_AUDIT, 0,
     0, 0},
    {AMTHI_STOP_CONFIGURATION, "StopConfiguration", stop_configuration, AMTHI_GEN_6_0, 0, 0, 0},
    {AMTHI_START_CONFIGURATION_EX, "StartConfigurationEx", start_configuration_ex, AMTHI_GEN_6_0, 4,
     0, 0},
};

const struct command *amthi_setup_commands(size_t *count)
{
    *count = sizeof(commands) / sizeof(commands[0]);
    return commands;
}
