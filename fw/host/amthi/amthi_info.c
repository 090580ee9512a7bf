// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/core/power.h"
#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/window.h"
#include "fw/host/amthi/amthi_command.h"

/* The commands about the machine: versions, features, power. */

#define BIOS_VERSION_BYTES 65
#define VERSION_ENTRIES 10
#define SECURITY_RESERVED 8
#define STATE_BYTES 5

_Static_assert(AMTHI_ANSWER_OFFSET + BIOS_VERSION_BYTES + 4 +
                       VERSION_ENTRIES * 2 * (2 + LIMIT_VERSION_TEXT) <=
                   LIMIT_AMTHI_RESPONSE,
               "GetCodeVersions fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + POWER_TEXT <= LIMIT_AMTHI_RESPONSE,
               "GetCurrentPowerPolicy fits");

/* Entries and their order: G-codever. Assumed: "Legacy Mode" on 5.x, and a recovery image of the
 * same version as the running one. Each text is an AMT_UNICODE_STRING with one byte for each
 * character: u16 length and a field of 20 bytes, in which clients expect a NUL (PTHI.c). */
uint32_t amthi_get_code_versions(struct amthi_exchange *x)
{
    static const char texts[] = "Flash\0%s\0Netstack\0%s\0AMTApps\0%s\0AMT\0%s\0Sku\0%u\0"
                                "VendorID\0"
                                "8086\0Build Number\0%04u\0Recovery Version\0%s\0"
                                "Recovery Build Num\0%04u\0Legacy Mode\0False\0";
    static const char bios[] = "PROVISO"; /* there is no BIOS to name; assumed */
    const struct release *release = x->view->release;
    struct text_out out = reply_text(&x->reply);
    uint32_t number = release->sku.value;

    reply_bytes(&x->reply, bios, sizeof(bios), BIOS_VERSION_BYTES);
    reply_u32(&x->reply, VERSION_ENTRIES);
    for (const char *text = texts; *text; text = text_item(text, 1)) {
        uint8_t *field = x->reply.at;

        x->reply.at += 2;
        if (text[1] == 's') {
            text_print(&out, text, release->version);
        } else {
            text_print(&out, text, number);
            if (text[0] == '%')
                number = release->build.value;
        }
        reply_text_length(&x->reply, field);
        reply_zeros(&x->reply, (size_t)(field + 2 + LIMIT_VERSION_TEXT - x->reply.at));
    }
    return PT_STATUS_SUCCESS;
}

/* Order: PTHI.h. Assumed: TLS goes with enterprise mode; encryption and firmware update are always
 * on. */
uint32_t amthi_get_security_parameters(struct amthi_exchange *x)
{
    const struct settings *s = x->view->settings;
    const uint32_t answer[9 + SECURITY_RESERVED] = {
        s->config.mode == MODE_ENTERPRISE,
        settings_tls_on(s),
        true, /* encryption in hardware */
        setup_reported(x->view->setup),
        window_is_open(&x->view->setup->window),
        (s->config.redirection & REDIRECTION_SOL) != 0,
        (s->config.redirection & REDIRECTION_IDER) != 0,
        true, /* firmware update */
        x->view->network.link,
    };

    return reply_words(&x->reply, answer, 9 + SECURITY_RESERVED);
}

/* Whether the network administrator's password is still the factory's: until a server sets one it
 * is the MEBx password (assumed). */
uint32_t amthi_get_admin_entry_status(struct amthi_exchange *x)
{
    const struct settings *s = x->view->settings;

    return reply_u32(&x->reply, s->secret.password_default && !settings_has_admin(s));
}

uint32_t amthi_get_power_policy(struct amthi_exchange *x)
{
    struct text_out out = reply_text(&x->reply);
    uint8_t *field = x->reply.at;
    uint32_t package = x->view->settings->me.power_package;

    if (package >= POWER_PACKAGES)
        return PT_STATUS_INTERNAL_ERROR;
    x->reply.at += 2;
    power_print(&out, package);
    return reply_text_length(&x->reply, field);
}

enum { FEATURE_REDIRECTION = 0, FEATURE_SYSTEM_DEFENSE = 1, FEATURE_WEB_UI = 2 }; /* PTHI.h */

/* IDE-R, SOL, reserved (LMS-old). */
static uint32_t reply_sessions(struct amthi_exchange *x)
{
#if FW_MACHINE
    const uint32_t open[] = {false, x->view->sol_open, 0};

    return reply_words(&x->reply, open, 3);
#else
    return reply_zeros(&x->reply, 3 * 4);
#endif
}

/* There are no filters; the web interface works once the device is provisioned
 * (assumed). */
uint32_t amthi_get_features_state(struct amthi_exchange *x)
{
    uint32_t feature = get_le32(x->payload);

    if (feature > FEATURE_WEB_UI)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    reply_u32(&x->reply, feature);
    if (feature == FEATURE_REDIRECTION)
        return reply_sessions(x);
    return reply_u32(&x->reply,
                     feature == FEATURE_WEB_UI && x->view->setup->state == SETUP_PROVISIONED);
}

/* There is no remote control that could have reset the host. */
uint32_t amthi_get_reset_reason(struct amthi_exchange *x)
{
    reply_u32(&x->reply, 1);        /* other than remote control (PTHI.h) */
    return reply_u32(&x->reply, 0); /* time of the remote command: never */
}

_Static_assert(REDIRECTION_SOL == 1 && REDIRECTION_IDER == 2, "the bits of the answer");

/* Bits 0 SOL, 1 IDER, 2 KVM (LMS-old); there is no KVM. */
uint32_t amthi_get_redirection_state(struct amthi_exchange *x)
{
    return reply_u32(&x->reply,
                     x->view->settings->config.redirection & (REDIRECTION_SOL | REDIRECTION_IDER));
}

uint32_t amthi_get_uuid(struct amthi_exchange *x)
{
    return reply_bytes(&x->reply, x->view->uuid, LIMIT_UUID_BYTES, LIMIT_UUID_BYTES);
}

/* The answer would be "$$OsAdmin" and its password. The device has no such account, and no password
 * leaves it by this interface: assumed. */
uint32_t amthi_get_local_system_account(struct amthi_exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

/* The only state variable (PTHI.c). All but the link: assumed. */
uint32_t amthi_get_amt_state(struct amthi_exchange *x)
{
    static const uint8_t answer[LIMIT_UUID_BYTES + 4 + STATE_BYTES] = {
        [15] = 1,                     /* the variable's identifier ends here */
        [16] = STATE_BYTES, [20] = 0, /* link: see below */
        [21] = 0,                     /* SKU of the hardware */
        [22] = 1,                     /* encryption is fused on */
        [23] = 1,                     /* the flash is protected */
        [24] = 0,                     /* no reset of the ME to report */
    };

    if (memcmp(x->payload, answer, LIMIT_UUID_BYTES) != 0)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    reply_bytes(&x->reply, answer, sizeof(answer), sizeof(answer));
    x->reply.at[-STATE_BYTES] = x->view->network.link;
    return PT_STATUS_SUCCESS;
}
