#include <string.h>

#include "fw/core/power.h"
#include "fw/core/status.h"
#include "fw/core/window.h"
#include "fw/host/amthi_command.h"

/* The commands about the machine: versions, features, power. */

#define BIOS_VERSION_BYTES 65
#define VERSION_ENTRIES 10
#define DECIMAL_BYTES 11 /* UINT32_MAX and NUL */
#define SECURITY_RESERVED 8
#define STATE_BYTES 5
#define POWER_POLICY_TEXT 128

_Static_assert(AMTHI_ANSWER_OFFSET + BIOS_VERSION_BYTES + 4 +
                       VERSION_ENTRIES * 2 * (2 + LIMIT_VERSION_TEXT) <=
                   LIMIT_AMTHI_RESPONSE,
               "GetCodeVersions fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + POWER_POLICY_TEXT <= LIMIT_AMTHI_RESPONSE,
               "GetCurrentPowerPolicy fits");

static const char *decimal(uint32_t value, uint32_t min_digits, char text[DECIMAL_BYTES])
{
    char *at = text + DECIMAL_BYTES - 1;

    *at = '\0';
    for (uint32_t digits = 0; value > 0 || digits < min_digits; digits++) {
        *--at = (char)('0' + value % 10);
        value /= 10;
    }
    return at;
}

/* Entries and their order: G-codever. "Legacy Mode" on 5.x, and that the recovery image is the same
 * version as the running one: assumed. */
static uint32_t get_code_versions(struct exchange *x)
{
    static const char bios[] = "PROVISO"; /* there is no BIOS to name: assumed */
    char sku_text[DECIMAL_BYTES], build_text[DECIMAL_BYTES];
    const char *version = x->view->release->name;
    const char *build = decimal(x->view->release->build.value, 4, build_text);
    const struct {
        const char *description, *version;
    } entry[] = {
        {"Flash", version},
        {"Netstack", version},
        {"AMTApps", version},
        {"AMT", version},
        {"Sku", decimal(x->view->release->sku.value, 1, sku_text)},
        {"VendorID", "8086"},
        {"Build Number", build},
        {"Recovery Version", version},
        {"Recovery Build Num", build},
        {"Legacy Mode", "False"},
    };

    _Static_assert(sizeof(entry) / sizeof(entry[0]) == VERSION_ENTRIES, "as the limit counts");
    reply_bytes(&x->reply, bios, sizeof(bios), BIOS_VERSION_BYTES);
    reply_u32(&x->reply, VERSION_ENTRIES);
    for (size_t i = 0; i < VERSION_ENTRIES; i++) {
        reply_version_text(&x->reply, entry[i].description);
        reply_version_text(&x->reply, entry[i].version);
    }
    return PT_STATUS_SUCCESS;
}

/* Order: PTHI.h. That TLS goes with enterprise mode, and that encryption and firmware update are
 * always on: assumed. */
static uint32_t get_security_parameters(struct exchange *x)
{
    const struct settings *s = x->view->settings;
    bool enterprise = s->mode == MODE_ENTERPRISE;

    reply_bool(&x->reply, enterprise);
    reply_bool(&x->reply, enterprise); /* TLS */
    reply_bool(&x->reply, true);       /* encryption in hardware */
    reply_u32(&x->reply, setup_reported(x->view->setup));
    reply_bool(&x->reply, window_is_open(&x->view->setup->window));
    reply_bool(&x->reply, s->redirection & REDIRECTION_SOL);
    reply_bool(&x->reply, s->redirection & REDIRECTION_IDER);
    reply_bool(&x->reply, true); /* firmware update */
    reply_bool(&x->reply, x->view->network.link);
    for (int i = 0; i < SECURITY_RESERVED; i++)
        reply_u32(&x->reply, 0);
    return PT_STATUS_SUCCESS;
}

/* Whether the network administrator is still the factory's; taken to go with the MEBx password:
 * assumed. */
static uint32_t get_admin_entry_status(struct exchange *x)
{
    reply_bool(&x->reply, x->view->settings->password_default);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_power_policy(struct exchange *x)
{
    uint32_t count;
    const struct power_package *packages = power_packages(&count);

    if (x->view->settings->power_package >= count)
        return PT_STATUS_INTERNAL_ERROR;
    reply_ansi(&x->reply, packages[x->view->settings->power_package].text, POWER_POLICY_TEXT);
    return PT_STATUS_SUCCESS;
}

enum { FEATURE_REDIRECTION = 0, FEATURE_SYSTEM_DEFENSE = 1, FEATURE_WEB_UI = 2 }; /* PTHI.h */

/* Sessions and filters there are none; the web interface works once provisioned (assumed). */
static uint32_t get_features_state(struct exchange *x)
{
    uint32_t feature = amthi_get_u32(x->payload);

    if (feature > FEATURE_WEB_UI)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    reply_u32(&x->reply, feature);
    if (feature == FEATURE_REDIRECTION) {
        reply_bool(&x->reply, false); /* IDER */
        reply_bool(&x->reply, false); /* SOL */
        reply_bool(&x->reply, false); /* reserved */
    } else {
        reply_bool(&x->reply,
                   feature == FEATURE_WEB_UI && x->view->setup->state == SETUP_PROVISIONED);
    }
    return PT_STATUS_SUCCESS;
}

/* There is no remote control to have reset the host. */
static uint32_t get_reset_reason(struct exchange *x)
{
    reply_u32(&x->reply, 1); /* other than remote control (PTHI.h) */
    reply_u32(&x->reply, 0); /* of the remote command: never */
    return PT_STATUS_SUCCESS;
}

/* Bits 0 SOL, 1 IDER, 2 KVM (LMS-old); there is no KVM. */
static uint32_t get_redirection_state(struct exchange *x)
{
    uint8_t on = x->view->settings->redirection;

    reply_u32(&x->reply, (on & REDIRECTION_SOL ? 1u : 0) | (on & REDIRECTION_IDER ? 2u : 0));
    return PT_STATUS_SUCCESS;
}

static uint32_t get_uuid(struct exchange *x)
{
    reply_bytes(&x->reply, x->view->uuid, LIMIT_UUID_BYTES, LIMIT_UUID_BYTES);
    return PT_STATUS_SUCCESS;
}

/* The answer would be "$$OsAdmin" with its password. The device has no such account, and no
 * password leaves it by this door: assumed. */
static uint32_t get_local_system_account(struct exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

/* The one state variable there is (PTHI.c). All but the link: assumed. */
static uint32_t get_amt_state(struct exchange *x)
{
    static const uint8_t link_state[LIMIT_UUID_BYTES] = {[15] = 1};

    if (memcmp(x->payload, link_state, sizeof(link_state)) != 0)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    reply_bytes(&x->reply, link_state, sizeof(link_state), sizeof(link_state));
    reply_u32(&x->reply, STATE_BYTES);
    reply_u8(&x->reply, x->view->network.link);
    reply_u8(&x->reply, 0); /* SKU of the hardware */
    reply_u8(&x->reply, 1); /* encryption is fused on */
    reply_u8(&x->reply, 1); /* the flash is protected */
    reply_u8(&x->reply, 0); /* no reset of the ME to tell of */
    return PT_STATUS_SUCCESS;
}

static const struct command commands[] = {
    {AMTHI_GET_CODE_VERSIONS, "GetCodeVersions", get_code_versions, 0, 0, 0, 0},
    {AMTHI_GET_SECURITY_PARAMETERS, "GetSecurityParameters", get_security_parameters, 0, 0, 0, 0},
    {AMTHI_GET_ADMIN_NET_ACL_ENTRY_STATUS, "GetAdminNetACLEntryStatus", get_admin_entry_status, 0,
     0, 0, 0},
    {AMTHI_GET_CURRENT_POWER_POLICY, "GetCurrentPowerPolicy", get_power_policy, 0, 0, 0, 0},
    {AMTHI_GET_FEATURES_STATE, "GetFeaturesState", get_features_state, 0, 4, 0, 0},
    {AMTHI_GET_LAST_HOST_RESET_REASON, "GetLastHostResetReason", get_reset_reason, 0, 0, 0, 0},
    {AMTHI_GET_REDIRECTION_STATE, "GetRedirectionState", get_redirection_state, AMTHI_GEN_6_0, 0, 0,
     0},
    {AMTHI_GET_UUID, "GetUUID", get_uuid, 0, 0, 0, 0},
    {AMTHI_GET_LOCAL_SYSTEM_ACCOUNT, "GetLocalSystemAccount", get_local_system_account,
     AMTHI_GEN_6_0, 40, 0, 0},
    {AMTHI_GET_AMT_STATE, "GetAMTState", get_amt_state, 0, LIMIT_UUID_BYTES, 0, 0},
};

const struct command *amthi_info_commands(size_t *count)
{
    *count = sizeof(commands) / sizeof(commands[0]);
    return commands;
}
