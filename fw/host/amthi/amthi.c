// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/amthi/amthi.h"

#include <string.h>

#include "fw/core/permits.h"
#include "fw/core/status.h"
#include "fw/host/amthi/amthi_command.h"

#define CLASS_CFG 4u

_Static_assert(AMTHI_HEADER_BYTES + 2 + LIMIT_FQDN + 1 <= LIMIT_AMTHI_REQUEST,
               "the longest text fits, with its NUL");
_Static_assert(LIMIT_OTP_MAX <= LIMIT_FQDN && LIMIT_PKI_SUFFIX <= LIMIT_FQDN,
               "effects.text holds every text");

#define TEXT 0xFF

struct command {
    uint16_t id;     /* class << 8 | operation */
    uint8_t since;   /* enum amthi_generation; 0: every release has it */
    uint8_t payload; /* exact length in bytes, or TEXT: one ANSI string */
    amthi_handler *handle;
#if FW_TEXTS
    const char *name;
#endif
};

#define ID(command) ((command) >> 16 | ((command)&0xFF))
#if FW_TEXTS
#define NAME(text) (text)
#else
#define NAME(text)
#endif

#define EVERY 0
#define AGENT AMTHI_GEN_AGENT
#define ENVIRONMENT AMTHI_GEN_ENVIRONMENT
#define REMOTE_ACCESS AMTHI_GEN_REMOTE_ACCESS
#define AUDIT AMTHI_GEN_AUDIT
#define SIX AMTHI_GEN_6_0

static const struct command commands[] = {
    {ID(AMTHI_GET_TCPIP_PARAMETERS), EVERY, 0, amthi_get_tcpip, NAME("GetTcpipParameters")},
    {ID(AMTHI_GET_PROVISIONING_MODE), EVERY, 0, amthi_get_mode, NAME("GetProvisioningMode")},
    {ID(AMTHI_UNPROVISION), EVERY, 4, amthi_unprovision, NAME("Unprovision")},
    {ID(AMTHI_GET_PROVISIONING_STATE), EVERY, 0, amthi_get_state, NAME("GetProvisioningState")},
    {ID(AMTHI_GET_CODE_VERSIONS), EVERY, 0, amthi_get_code_versions, NAME("GetCodeVersions")},
    {ID(AMTHI_GET_SECURITY_PARAMETERS), EVERY, 0, amthi_get_security_parameters,
     NAME("GetSecurityParameters")},
    {ID(AMTHI_GET_ADMIN_NET_ACL_ENTRY_STATUS), EVERY, 0, amthi_get_admin_entry_status,
     NAME("GetAdminNetACLEntryStatus")},
    {ID(AMTHI_GET_MAC_ADDRESSES), EVERY, 0, amthi_get_mac_addresses, NAME("GetMacAddresses")},
    {ID(AMTHI_GET_AMT_SETUP_AUDIT_RECORD), EVERY, 0, amthi_get_audit_record,
     NAME("GetAMTSetupAuditRecord")},
    {ID(AMTHI_GENERATE_RNG_SEED), EVERY, 0, amthi_generate_rng_seed, NAME("GenerateRNGSeed")},
    {ID(AMTHI_START_CONFIGURATION), AGENT, 0, amthi_start, NAME("StartConfiguration")},
    {ID(AMTHI_SET_PROVISIONING_SERVER_OTP), AGENT, TEXT, amthi_set_otp,
     NAME("SetProvisioningServerOTP")},
    {ID(AMTHI_GET_PROVISIONING_TLS_MODE), AGENT, 0, amthi_get_tls_mode,
     NAME("GetProvisioningTLSMode")},
    {ID(AMTHI_ENUMERATE_HASH_HANDLES), AGENT, 0, amthi_enumerate_hashes,
     NAME("EnumerateHashHandles")},
    {ID(AMTHI_GET_CERTIFICATE_HASH_ENTRY), AGENT, 4, amthi_get_hash,
     NAME("GetCertificateHashEntry")},
    {ID(AMTHI_GET_RNG_SEED_STATUS), AGENT, 0, amthi_get_rng_seed_status, NAME("GetRNGSeedStatus")},
    {ID(AMTHI_SET_PKI_FQDN_SUFFIX), AGENT, TEXT, amthi_set_suffix, NAME("SetPKIFQDNSuffix")},
    {ID(AMTHI_GET_ZERO_TOUCH_ENABLED), AGENT, 0, amthi_get_zero_touch, NAME("GetZeroTouchEnabled")},
    {ID(AMTHI_GET_PKI_FQDN_SUFFIX), AGENT, 0, amthi_get_suffix, NAME("GetPKIFQDNSuffix")},
    {ID(AMTHI_SET_ZERO_TOUCH_ENABLED), AGENT, 4, amthi_set_zero_touch, NAME("SetZeroTouchEnabled")},
    {ID(AMTHI_GET_PID), AGENT, 0, amthi_get_pid, NAME("GetPID")},
    {ID(AMTHI_GET_DNS_SUFFIX_LIST), ENVIRONMENT, 0, amthi_get_dns_suffix_list,
     NAME("GetDNSSuffixList")},
    {ID(AMTHI_SET_ENTERPRISE_ACCESS), ENVIRONMENT, 18, amthi_set_enterprise_access,
     NAME("SetEnterpriseAccess")},
    {ID(AMTHI_OPEN_USER_INITIATED_CONNECTION), REMOTE_ACCESS, 0, amthi_user_initiated,
     NAME("OpenUserInitiatedConnection")},
    {ID(AMTHI_CLOSE_USER_INITIATED_CONNECTION), REMOTE_ACCESS, 0, amthi_user_initiated,
     NAME("CloseUserInitiatedConnection")},
    {ID(AMTHI_GET_REMOTE_ACCESS_CONNECTION_STATUS), REMOTE_ACCESS, 0,
     amthi_get_remote_access_status, NAME("GetRemoteAccessConnectionStatus")},
    {ID(AMTHI_GET_CURRENT_POWER_POLICY), EVERY, 0, amthi_get_power_policy,
     NAME("GetCurrentPowerPolicy")},
    {ID(AMTHI_GET_LAN_INTERFACE_SETTINGS), EVERY, 4, amthi_get_lan_interface,
     NAME("GetLanInterfaceSettings")},
    {ID(AMTHI_GET_FEATURES_STATE), EVERY, 4, amthi_get_features_state, NAME("GetFeaturesState")},
    {ID(AMTHI_GET_LAST_HOST_RESET_REASON), EVERY, 0, amthi_get_reset_reason,
     NAME("GetLastHostResetReason")},
    {ID(AMTHI_GET_USER_INITIATED_ENABLED_INTERFACES), REMOTE_ACCESS, 0,
     amthi_get_user_initiated_interfaces, NAME("GetUserInitiatedEnabledInterfaces")},
    {ID(AMTHI_GET_CONFIG_SERVER_DATA), EVERY, 0, amthi_get_config_server,
     NAME("GetConfigServerData")},
    {ID(AMTHI_GET_ME_SETUP_AUDIT_RECORD), AUDIT, 0, amthi_get_audit_record,
     NAME("GetMESetupAuditRecord")},
    {ID(AMTHI_GET_IPV6_LAN_INTERFACE_STATUS), SIX, 4, amthi_get_ipv6_interface,
     NAME("GetIPv6LanInterfaceStatus")},
    {ID(AMTHI_GET_HOST_FQDN), SIX, 0, amthi_get_host_fqdn, NAME("GetHostFQDN")},
    {ID(AMTHI_GET_REDIRECTION_STATE), SIX, 0, amthi_get_redirection_state,
     NAME("GetRedirectionState")},
    {ID(AMTHI_SET_HOST_FQDN), SIX, TEXT, amthi_set_host_fqdn, NAME("SetHostFQDN")},
    {ID(AMTHI_GET_UUID), EVERY, 0, amthi_get_uuid, NAME("GetUUID")},
    {ID(AMTHI_STOP_CONFIGURATION), SIX, 0, amthi_stop, NAME("StopConfiguration")},
    {ID(AMTHI_START_CONFIGURATION_EX), SIX, 4, amthi_start_ex, NAME("StartConfigurationEx")},
    {ID(AMTHI_GET_LOCAL_SYSTEM_ACCOUNT), SIX, 40, amthi_get_local_system_account,
     NAME("GetLocalSystemAccount")},
    {ID(AMTHI_GET_AMT_STATE), EVERY, LIMIT_UUID_BYTES, amthi_get_amt_state, NAME("GetAMTState")},
};

static const struct command *find_command(uint32_t id)
{
    if (id & 0x00FFFF00)
        return NULL;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (commands[i].id == ID(id))
            return &commands[i];
    return NULL;
}

static bool length_fits(const struct command *command, const struct amthi_exchange *x)
{
    if (command->payload != TEXT)
        return x->len == command->payload;
    return x->len >= 2 && x->len <= LIMIT_AMTHI_REQUEST - AMTHI_HEADER_BYTES &&
           x->len - 2 == get_le16(x->payload);
}

/* Narrows the payload to the characters of its ANSI string. Clients differ in whether they count a
 * NUL (LMS-old does for the OTP, not for the suffix). */
static void narrow_to_text(struct amthi_exchange *x)
{
    x->payload += 2;
    x->len -= 2;
    if (x->len > 0 && x->payload[x->len - 1] == '\0')
        x->len--;
}

static uint32_t run_command(const struct command *command, struct amthi_exchange *x)
{
    uint32_t status;

    if (!command || (command->since && !(x->view->release->amthi.value & command->since)))
        return PT_STATUS_INTERNAL_ERROR; /* assumed */
    if (!length_fits(command, x))
        return PT_STATUS_INVALID_MESSAGE_LENGTH;
    /* Start and stop are answered by the state machine itself. */
    status = permits(DOOR_AGENT, ACT_READ, situation_of(x->view->setup));
    if (status != PT_STATUS_SUCCESS)
        return status;
    if (command->payload == TEXT)
        narrow_to_text(x);
    return command->handle(x);
}

/* Checks the versions, reserved field and response bit of a request (PTHI.h). Later minor versions
 * are accepted, as clients do in responses. */
static bool is_request(const uint8_t *message, size_t len)
{
    return len >= AMTHI_HEADER_BYTES && (get_le32(message) & 0xFFFF00FFu) == AMTHI_VERSION_MAJOR &&
           message[1] >= AMTHI_VERSION_MINOR && !(get_le32(message + 4) & AMTHI_RESPONSE_BIT);
}

size_t amthi_handle(const struct amthi_view *view, const uint8_t *request, size_t len,
                    uint8_t *response, struct amthi_effects *effects)
{
    const struct command *command;
    struct amthi_exchange x;

    memset(effects, 0, sizeof(*effects));
    effects->action = AMTHI_SILENT;
    if (!is_request(request, len))
        return 0;
    effects->command = get_le32(request + 4);
    command = find_command(effects->command);
    if (!command && effects->command >> 24 != CLASS_CFG)
        return 0;
    if (view->disabled || view->settings->me.manageability == MANAGEABILITY_NONE) {
        effects->action = AMTHI_EMPTY;
        return 0;
    }
    effects->action = AMTHI_ANSWER;
    x.view = view;
    x.payload = request + AMTHI_HEADER_BYTES;
    x.len = len - AMTHI_HEADER_BYTES;
    x.effects = effects;
    reply_begin(&x.reply, response);
    if (get_le32(request + 8) != x.len)
        effects->status = PT_STATUS_INVALID_MESSAGE_LENGTH;
    else
        effects->status = run_command(command, &x);
    if (effects->action != AMTHI_ANSWER)
        return 0;
    return reply_finish(&x.reply, effects->command, effects->status);
}

size_t amthi_status_response(uint32_t command, uint32_t status, uint8_t *response)
{
    struct amthi_reply reply;

    reply_begin(&reply, response);
    return reply_finish(&reply, command, status);
}

#if FW_TEXTS
const char *amthi_command_name(uint32_t command)
{
    const struct command *known = find_command(command);

    return known ? known->name : NULL;
}
#endif
