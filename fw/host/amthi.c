#include "fw/host/amthi.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/window.h"
#include "fw/host/amthi_reply.h"

#define CLASS_CFG 4u
#define BIOS_VERSION_BYTES 65
#define HASH_FIELD_BYTES 64
#define VERSION_ENTRIES 10
#define DECIMAL_BYTES 11 /* UINT32_MAX and NUL */
#define PAYLOAD_TEXT 0xFF

_Static_assert(AMTHI_ANSWER_OFFSET + BIOS_VERSION_BYTES + 4 +
                       VERSION_ENTRIES * 2 * (2 + LIMIT_VERSION_TEXT) <=
                   LIMIT_AMTHI_RESPONSE,
               "GetCodeVersions fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 4 + 4 * LIMIT_HASHES <= LIMIT_AMTHI_RESPONSE,
               "EnumerateHashHandles fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 8 + HASH_FIELD_BYTES + 1 + 2 + LIMIT_HASH_NAME <=
                   LIMIT_AMTHI_RESPONSE,
               "GetCertificateHashEntry fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 2 + LIMIT_SUFFIX <= LIMIT_AMTHI_RESPONSE,
               "GetPKIFQDNSuffix fits");
_Static_assert(LIMIT_HASH_BYTES <= HASH_FIELD_BYTES, "a hash fits its field");
_Static_assert(LIMIT_OTP <= LIMIT_SUFFIX, "effects.text holds every text");
_Static_assert(AMTHI_HEADER_BYTES + 2 + LIMIT_SUFFIX + 1 <= LIMIT_AMTHI_REQUEST,
               "SetPKIFQDNSuffix fits, with its NUL");
/* GetCertificateHashEntry counts 0 MD5, 1 SHA1, 2 SHA256, 3 SHA384 (G-hash): where both have the
 * algorithm, the number is the hello's. */
_Static_assert(CERT_HASH_SHA1 == 1 && CERT_HASH_SHA256 == 2 && CERT_HASH_SHA384 == 3,
               "one numbering for both");

/* One request on its way to its answer. */
struct exchange {
    const struct amthi_view *view;
    const uint8_t *payload;
    size_t len;
    struct amthi_reply reply;
    struct amthi_effects *effects;
};

typedef uint32_t command_handler(struct exchange *x); /* returns the status */

struct command {
    uint32_t id;
    const char *name;
    command_handler *handle;
    bool (*served)(const struct amthi_view *view); /* NULL: by every release */
    uint8_t payload;                               /* exact bytes, or PAYLOAD_TEXT */
    uint8_t text_min, text_max;                    /* of the one ANSI string, without NUL */
};

enum phase { PHASE_PRE, PHASE_IN_RUNNING, PHASE_IN_OVER, PHASE_POST, PHASES };

/* When a setter may be used. StartConfiguration and StopConfiguration are not here: the state
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
};

static uint32_t get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

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

    if (!settings_hash(x->view->settings, x->view->release, get_u32(x->payload), &hash))
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

static uint32_t get_suffix(struct exchange *x)
{
    reply_ansi(&x->reply, x->view->settings->pki_suffix, LIMIT_SUFFIX);
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
    char name[LIMIT_SUFFIX + 1] = {0};

    memcpy(name, x->payload, x->len);
    if (strlen(name) != x->len || !settings_dns_name_ok(name, LIMIT_SUFFIX))
        return PT_STATUS_INVALID_PARAMETER;
    memcpy(x->effects->text, name, sizeof(name));
    x->effects->action = AMTHI_SET_SUFFIX;
    return PT_STATUS_SUCCESS;
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

static uint32_t stop_configuration(struct exchange *x)
{
    return raise_event(x, SETUP_EV_STOP);
}

static bool has_stop(const struct amthi_view *view)
{
    return view->release->stop_configuration.value != 0;
}

static const struct command commands[] = {
    {.id = AMTHI_GET_PROVISIONING_MODE, .name = "GetProvisioningMode", .handle = get_mode},
    {.id = AMTHI_GET_PROVISIONING_STATE, .name = "GetProvisioningState", .handle = get_state},
    {.id = AMTHI_GET_CODE_VERSIONS, .name = "GetCodeVersions", .handle = get_code_versions},
    {.id = AMTHI_GENERATE_RNG_SEED, .name = "GenerateRNGSeed", .handle = generate_rng_seed},
    {.id = AMTHI_START_CONFIGURATION, .name = "StartConfiguration", .handle = start_configuration},
    {.id = AMTHI_SET_PROVISIONING_SERVER_OTP,
     .name = "SetProvisioningServerOTP",
     .handle = set_otp,
     .payload = PAYLOAD_TEXT,
     .text_min = LIMIT_OTP_MIN,
     .text_max = LIMIT_OTP},
    {.id = AMTHI_GET_PROVISIONING_TLS_MODE,
     .name = "GetProvisioningTLSMode",
     .handle = get_tls_mode},
    {.id = AMTHI_ENUMERATE_HASH_HANDLES,
     .name = "EnumerateHashHandles",
     .handle = enumerate_hashes},
    {.id = AMTHI_GET_CERTIFICATE_HASH_ENTRY,
     .name = "GetCertificateHashEntry",
     .handle = get_hash_entry,
     .payload = 4},
    {.id = AMTHI_GET_RNG_SEED_STATUS, .name = "GetRNGSeedStatus", .handle = get_rng_seed_status},
    {.id = AMTHI_SET_PKI_FQDN_SUFFIX,
     .name = "SetPKIFQDNSuffix",
     .handle = set_suffix,
     .payload = PAYLOAD_TEXT,
     .text_min = 1,
     .text_max = LIMIT_SUFFIX},
    {.id = AMTHI_GET_ZERO_TOUCH_ENABLED, .name = "GetZeroTouchEnabled", .handle = get_zero_touch},
    {.id = AMTHI_GET_PKI_FQDN_SUFFIX, .name = "GetPKIFQDNSuffix", .handle = get_suffix},
    {.id = AMTHI_STOP_CONFIGURATION,
     .name = "StopConfiguration",
     .handle = stop_configuration,
     .served = has_stop},
};

static const struct command *find_command(uint32_t id)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (commands[i].id == id)
            return &commands[i];
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

static uint32_t serve(struct exchange *x)
{
    const struct command *command = find_command(x->effects->command);
    uint32_t status;

    if (!command || (command->served && !command->served(x->view)))
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
           !(get_u32(message + 4) & AMTHI_RESPONSE_BIT);
}

size_t amthi_handle(const struct amthi_view *view, const uint8_t *request, size_t len,
                    uint8_t *response, struct amthi_effects *effects)
{
    struct exchange x;

    memset(effects, 0, sizeof(*effects));
    effects->action = AMTHI_SILENT;
    if (!is_request(request, len))
        return 0;
    effects->command = get_u32(request + 4);
    if (effects->command >> 24 != CLASS_CFG)
        return 0;
    effects->action = AMTHI_ANSWER;
    x.view = view;
    x.payload = request + AMTHI_HEADER_BYTES;
    x.len = len - AMTHI_HEADER_BYTES;
    x.effects = effects;
    reply_begin(&x.reply, response);
    if (get_u32(request + 8) != x.len)
        effects->status = PT_STATUS_INVALID_MESSAGE_LENGTH;
    else
        effects->status = serve(&x);
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
