#include "fw/host/amthi.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/window.h"
#include "fw/host/amthi_command.h"

#define CLASS_CFG 4u

_Static_assert(AMTHI_HEADER_BYTES + 2 + LIMIT_FQDN + 1 <= LIMIT_AMTHI_REQUEST,
               "the longest text fits, with its NUL");
_Static_assert(LIMIT_OTP <= LIMIT_FQDN && LIMIT_SUFFIX <= LIMIT_FQDN,
               "effects.text holds every text");
_Static_assert(LIMIT_FQDN < PAYLOAD_TEXT, "lengths of text fit a byte");

enum phase { PHASE_PRE, PHASE_IN_RUNNING, PHASE_IN_OVER, PHASE_POST, PHASES };

/* When a setter may be used. StartConfiguration(Ex) and StopConfiguration are not here: the state
 * machine answers them. Commands without a row are always allowed. */
static const struct precondition {
    uint32_t command;
    uint8_t status[PHASES];
    uint8_t status_smb; /* in SMB mode, whatever the phase */
} preconditions[] = {
    /* G-otp */
    {AMTHI_SET_PROVISIONING_SERVER_OTP,
     {PT_STATUS_SUCCESS, PT_STATUS_INVALID_PT_MODE, PT_STATUS_SUCCESS, PT_STATUS_INVALID_PT_MODE},
     PT_STATUS_SUCCESS},
    /* G-setpki */
    {AMTHI_SET_PKI_FQDN_SUFFIX,
     {PT_STATUS_SUCCESS, PT_STATUS_INVALID_PT_MODE, PT_STATUS_SUCCESS, PT_STATUS_INVALID_PT_MODE},
     PT_STATUS_INVALID_PT_MODE},
    /* G-ztc */
    {AMTHI_SET_ZERO_TOUCH_ENABLED,
     {PT_STATUS_SUCCESS, PT_STATUS_INVALID_PT_MODE, PT_STATUS_INVALID_PT_MODE,
      PT_STATUS_INVALID_PT_MODE},
     PT_STATUS_SUCCESS},
};

uint32_t amthi_get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint32_t amthi_take_name(struct exchange *x, enum amthi_action action, uint32_t max)
{
    char name[LIMIT_FQDN + 1] = {0};

    memcpy(name, x->payload, x->len);
    if (strlen(name) != x->len || !settings_dns_name_ok(name, max))
        return PT_STATUS_INVALID_PARAMETER;
    memcpy(x->effects->text, name, sizeof(name));
    x->effects->action = action;
    return PT_STATUS_SUCCESS;
}

static const struct command *find_command(uint32_t id)
{
    static const struct command *(*const tables[])(size_t * count) = {
        amthi_setup_commands, amthi_network_commands, amthi_info_commands};

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        size_t count;
        const struct command *command = tables[i](&count);

        for (; count > 0; count--, command++)
            if (command->id == id)
                return command;
    }
    return NULL;
}

static enum phase phase_of(const struct setup *setup)
{
    switch (setup_reported(setup)) {
    case 0:
        return PHASE_PRE;
    case 1:
        return window_is_open(&setup->window) ? PHASE_IN_RUNNING : PHASE_IN_OVER;
    default:
        return PHASE_POST;
    }
}

static uint32_t check_precondition(const struct amthi_view *view, uint32_t id)
{
    for (size_t i = 0; i < sizeof(preconditions) / sizeof(preconditions[0]); i++) {
        const struct precondition *row = &preconditions[i];

        if (row->command != id)
            continue;
        if (view->settings->mode == MODE_SMB && row->status_smb != PT_STATUS_SUCCESS)
            return row->status_smb;
        return row->status[phase_of(view->setup)];
    }
    return PT_STATUS_SUCCESS;
}

static bool length_fits(const struct command *command, const struct exchange *x)
{
    if (command->payload != PAYLOAD_TEXT)
        return x->len == command->payload;
    return x->len >= 2 && x->len <= LIMIT_AMTHI_REQUEST - AMTHI_HEADER_BYTES &&
           x->len - 2 == (x->payload[0] | (size_t)x->payload[1] << 8);
}

/* Narrows the payload to the characters of its ANSI string. Clients differ in whether they count a
 * NUL (LMS-old: with the OTP yes, with the suffix no). */
static void take_text(struct exchange *x)
{
    x->payload += 2;
    x->len -= 2;
    if (x->len > 0 && x->payload[x->len - 1] == '\0')
        x->len--;
}

static uint32_t serve(const struct command *command, struct exchange *x)
{
    uint32_t status;

    if (!command || (command->since && !(x->view->release->amthi.value & command->since)))
        return PT_STATUS_INTERNAL_ERROR; /* assumed */
    if (!length_fits(command, x))
        return PT_STATUS_INVALID_MESSAGE_LENGTH;
    status = check_precondition(x->view, command->id);
    if (status != PT_STATUS_SUCCESS)
        return status;
    if (command->payload == PAYLOAD_TEXT) {
        take_text(x);
        if (x->len < command->text_min || x->len > command->text_max)
            return PT_STATUS_INVALID_PARAMETER;
    }
    return command->handle(x);
}

/* Versions, reserved field and response bit of a request (PTHI.h); later minor versions pass, as
 * clients let them pass in responses. */
static bool is_request(const uint8_t *message, size_t len)
{
    return len >= AMTHI_HEADER_BYTES && message[0] == AMTHI_VERSION_MAJOR &&
           message[1] >= AMTHI_VERSION_MINOR && message[2] == 0 && message[3] == 0 &&
           !(amthi_get_u32(message + 4) & AMTHI_RESPONSE_BIT);
}

size_t amthi_handle(const struct amthi_view *view, const uint8_t *request, size_t len,
                    uint8_t *response, struct amthi_effects *effects)
{
    const struct command *command;
    struct exchange x;

    memset(effects, 0, sizeof(*effects));
    effects->action = AMTHI_SILENT;
    if (!is_request(request, len))
        return 0;
    effects->command = amthi_get_u32(request + 4);
    command = find_command(effects->command);
    if (!command && effects->command >> 24 != CLASS_CFG)
        return 0;
    if (view->disabled || view->settings->manageability == MANAGEABILITY_NONE) {
        effects->action = AMTHI_EMPTY;
        return 0;
    }
    effects->action = AMTHI_ANSWER;
    x.view = view;
    x.payload = request + AMTHI_HEADER_BYTES;
    x.len = len - AMTHI_HEADER_BYTES;
    x.effects = effects;
    reply_begin(&x.reply, response);
    if (amthi_get_u32(request + 8) != x.len)
        effects->status = PT_STATUS_INVALID_MESSAGE_LENGTH;
    else
        effects->status = serve(command, &x);
    if (effects->action != AMTHI_ANSWER)
        return 0;
    return reply_finish(&x.reply, effects->command, effects->status);
}

size_t amthi_answer(uint32_t command, uint32_t status, uint8_t *response)
{
    struct amthi_reply reply;

    reply_begin(&reply, response);
    return reply_finish(&reply, command, status);
}

const char *amthi_command_name(uint32_t command)
{
    const struct command *known = find_command(command);

    return known ? known->name : NULL;
}
