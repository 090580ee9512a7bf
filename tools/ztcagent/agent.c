// SPDX-License-Identifier: BSD-3-Clause
#include "tools/ztcagent/agent.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/limits.h"
#include "fw/core/status.h"
#include "fw/core/wipe.h"
#include "fw/host/amthi/amthi.h"

#define ANSWER_OFFSET 16 /* header and status */
#define ANY_SIZE (-1)
#define TEXT_ARGUMENT_MAX 255 /* more than any device takes; the device says what is too long */
#define LINE_BYTES 512
#define BIOS_VERSION_BYTES 65
#define VERSION_ENTRY_BYTES (2 * (2 + LIMIT_VERSION_TEXT))
#define HASH_FIELD_BYTES 64
#define HASH_ENTRY_BYTES (4 + 4 + HASH_FIELD_BYTES + 1 + 2) /* before the name */
#define CERTIFICATE_POLL_MS 30000u
#define CERTIFICATE_POLLS 20

enum { STATE_PRE = 0, STATE_IN = 1, STATE_POST = 2 };

enum { TLS_NOT_READY = 0, TLS_PSK = 1, TLS_PKI = 2 };

enum { RNG_EXISTS = 0, RNG_IN_PROGRESS = 1, RNG_DOES_NOT_EXIST = 2 };

struct command {
    uint32_t id;
    int size; /* of the answer behind the status, or ANY_SIZE */
    const char *name;
    const char *words; /* as the sample spells it in its failure line (S0) */
};

static const struct command get_code_versions = {AMTHI_GET_CODE_VERSIONS, ANY_SIZE,
                                                 "GetCodeVersions", "Get Code Versions"};
static const struct command get_mode = {AMTHI_GET_PROVISIONING_MODE, 8, "GetProvisioningMode",
                                        "Get Provisioning Mode"};
static const struct command get_state = {AMTHI_GET_PROVISIONING_STATE, 4, "GetProvisioningState",
                                         "Get Provisioning State"};
static const struct command enumerate_hashes = {AMTHI_ENUMERATE_HASH_HANDLES, ANY_SIZE,
                                                "EnumerateHashHandles", "Enumerate Hash Handles"};
static const struct command get_hash = {AMTHI_GET_CERTIFICATE_HASH_ENTRY, ANY_SIZE,
                                        "GetCertificateHashEntry", "Get Certificate Hash Entry"};
static const struct command get_zero_touch = {AMTHI_GET_ZERO_TOUCH_ENABLED, 4,
                                              "GetZeroTouchEnabled", "Get Zero Touch Enabled"};
static const struct command get_tls_mode = {AMTHI_GET_PROVISIONING_TLS_MODE, 4,
                                            "GetProvisioningTLSMode", "Get Provisioning TLS Mode"};
static const struct command get_rng_status = {AMTHI_GET_RNG_SEED_STATUS, 4, "GetRNGSeedStatus",
                                              "Get RNG Seed Status"};
static const struct command generate_rng = {AMTHI_GENERATE_RNG_SEED, 0, "GenerateRNGSeed",
                                            "Generate RNG Seed"};
static const struct command set_suffix = {AMTHI_SET_PKI_FQDN_SUFFIX, 0, "SetPKIFQDNSuffix",
                                          "Set PKI FQDN Suffix"};
static const struct command get_suffix = {AMTHI_GET_PKI_FQDN_SUFFIX, ANY_SIZE, "GetPKIFQDNSuffix",
                                          "Get PKI FQDN Suffix"};
static const struct command set_otp = {AMTHI_SET_PROVISIONING_SERVER_OTP, 0,
                                       "SetProvisioningServerOTP", "Set Provisioning Server OTP"};
static const struct command start_configuration = {AMTHI_START_CONFIGURATION, 0,
                                                   "StartConfiguration", "Start Configuration"};

enum outcome {
    ANSWERED, /* status 0 and an answer of the right size */
    REFUSED,  /* another status */
    NO_ANSWER,
    EMPTY,
    MALFORMED,
};

struct session {
    const struct agent_io *io;
    const struct agent_options *options;
    struct agent_result *result;
    bool values_set;       /* the device took over a suffix or an OTP */
    uint32_t status;       /* of the last response */
    const uint8_t *answer; /* what follows the status */
    size_t answer_len;
    uint8_t response[LIMIT_AMTHI_MESSAGE];
};

__attribute__((format(printf, 2, 3))) static void print_line(const struct session *s,
                                                             const char *format, ...)
{
    char line[LINE_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    s->io->print(s->io->ctx, line);
}

/* Bytes from a device as text for a terminal; out holds len + 1 bytes. */
static const char *printable(const uint8_t *bytes, size_t len, char *out)
{
    size_t i;

    for (i = 0; i < len && bytes[i]; i++)
        out[i] = bytes[i] >= 0x20 && bytes[i] < 0x7F ? (char)bytes[i] : '?';
    out[i] = '\0';
    return out;
}

static const char *status_text(uint32_t status)
{
    static const struct {
        uint32_t status;
        const char *text;
    } texts[] = {
        /* the first two: S0 and STAT-old verbatim; the rest: own wording */
        {PT_STATUS_NOT_READY, "Intel(R) AMT device has not progressed far enough in its "
                              "initialization to process the command."},
        {PT_STATUS_INVALID_PT_MODE, "Command is not permitted in current operating mode."},
        {PT_STATUS_INTERNAL_ERROR, "The device reports an internal error."},
        {PT_STATUS_INVALID_MESSAGE_LENGTH, "The length of the request is wrong."},
        {PT_STATUS_NOT_PERMITTED, "The command is not permitted."},
        {PT_STATUS_INVALID_PARAMETER, "A parameter of the command is not valid."},
        {PT_STATUS_RNG_GENERATION_IN_PROGRESS, "The RNG seed is being generated."},
        {PT_STATUS_RNG_NOT_READY, "There is no RNG seed."},
        {PT_STATUS_CERTIFICATE_NOT_READY, "The set-up certificate is not generated yet."},
        {PT_STATUS_NOT_FOUND, "There is no such element."},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].status == status)
            return texts[i].text;
    return "The device refused the command.";
}

static int print_status(const struct session *s, const struct command *command, uint32_t status)
{
    const char *name = pt_status_name(status);

    if (name)
        print_line(s, "Failed performing %s command: %s: %s", command->words, name,
                   status_text(status));
    else
        print_line(s, "Failed performing %s command: status 0x%X", command->words,
                   (unsigned)status);
    return AGENT_FAILED;
}

/* The checks that Intel's clients make (PTHI.c, LMS-old, LNX). */
static enum outcome check_response(struct session *s, const struct command *command, size_t len)
{
    const uint8_t *r = s->response;

    if (len < ANSWER_OFFSET || len > sizeof(s->response) ||
        get_le32(r + 8) != len - AMTHI_HEADER_BYTES ||
        get_le32(r + 4) != (command->id | AMTHI_RESPONSE_BIT) || get_le16(r + 2) != 0 ||
        r[0] != AMTHI_VERSION_MAJOR || r[1] < AMTHI_VERSION_MINOR)
        return MALFORMED;
    s->status = get_le32(r + 12);
    if (s->status != PT_STATUS_SUCCESS)
        return REFUSED;
    s->answer = r + ANSWER_OFFSET;
    s->answer_len = len - ANSWER_OFFSET;
    if (command->size != ANY_SIZE && s->answer_len != (size_t)command->size)
        return MALFORMED;
    return ANSWERED;
}

static enum outcome send_command(struct session *s, const struct command *command,
                                 const uint8_t *payload, size_t len)
{
    uint8_t request[AMTHI_HEADER_BYTES + 2 + TEXT_ARGUMENT_MAX + 1] = {AMTHI_VERSION_MAJOR,
                                                                       AMTHI_VERSION_MINOR};
    enum outcome outcome;
    int got;

    put_le32(request + 4, command->id);
    put_le32(request + 8, (uint32_t)len);
    if (len > 0)
        memcpy(request + AMTHI_HEADER_BYTES, payload, len);
    got = s->io->exchange(s->io->ctx, request, AMTHI_HEADER_BYTES + len, s->response,
                          sizeof(s->response));
    wipe(request, sizeof(request)); /* it may have held a one-time password */
    if (got > 0)
        outcome = check_response(s, command, (size_t)got);
    else
        outcome = got == 0 ? EMPTY : NO_ANSWER;
    if (outcome != ANSWERED && outcome != REFUSED)
        s->result->answered = false;
    return outcome;
}

static int malformed(const struct session *s, const struct command *command)
{
    s->result->answered = false;
    print_line(s, "Malformed response to %s", command->name);
    return AGENT_NO_DEVICE;
}

/* Says what went wrong with an outcome that is not ANSWERED; returns the exit status. */
static int print_failure(const struct session *s, const struct command *command,
                         enum outcome outcome)
{
    switch (outcome) {
    case ANSWERED:
        return AGENT_OK;
    case REFUSED:
        return print_status(s, command, s->status);
    case EMPTY:
        print_line(s, "Empty response to %s: Intel(R) AMT is disabled.", command->name);
        return AGENT_NO_DEVICE;
    case NO_ANSWER:
        print_line(s, "No response to %s", command->name);
        return AGENT_NO_DEVICE;
    default:
        return malformed(s, command);
    }
}

static int run_command(struct session *s, const struct command *command, const uint8_t *payload,
                       size_t len)
{
    return print_failure(s, command, send_command(s, command, payload, len));
}

/* A getter whose answer begins with one u32. */
static int run_command_u32(struct session *s, const struct command *command, uint32_t *value)
{
    int exit_status = run_command(s, command, NULL, 0);

    if (exit_status == AGENT_OK)
        *value = get_le32(s->answer);
    return exit_status;
}

static int run_command_text(struct session *s, const struct command *command, const char *text,
                            size_t len)
{
    uint8_t payload[2 + TEXT_ARGUMENT_MAX + 1];
    int exit_status;

    put_le16(payload, (uint32_t)len);
    memcpy(payload + 2, text, len);
    exit_status = run_command(s, command, payload, 2 + len);
    wipe(payload, sizeof(payload));
    return exit_status;
}

static bool version_entry_ok(const uint8_t *entry)
{
    const uint8_t *version = entry + 2 + LIMIT_VERSION_TEXT;
    uint32_t len = get_le16(version);

    return get_le16(entry) <= LIMIT_VERSION_TEXT && len < LIMIT_VERSION_TEXT &&
           !memchr(version + 2, '\0', len) && version[2 + len] == '\0';
}

static int fetch_code_versions(struct session *s, uint32_t *count)
{
    int exit_status = run_command(s, &get_code_versions, NULL, 0);

    if (exit_status != AGENT_OK)
        return exit_status;
    if (s->answer_len < BIOS_VERSION_BYTES + 4)
        return malformed(s, &get_code_versions);
    *count = get_le32(s->answer + BIOS_VERSION_BYTES);
    if (s->answer_len != BIOS_VERSION_BYTES + 4 + (uint64_t)*count * VERSION_ENTRY_BYTES)
        return malformed(s, &get_code_versions);
    for (uint32_t i = 0; i < *count; i++)
        if (!version_entry_ok(s->answer + BIOS_VERSION_BYTES + 4 + i * VERSION_ENTRY_BYTES))
            return malformed(s, &get_code_versions);
    return AGENT_OK;
}

static int show_code_versions(struct session *s)
{
    uint32_t count = 0;
    int exit_status = fetch_code_versions(s, &count);

    for (uint32_t i = 0; i < count && exit_status == AGENT_OK; i++) {
        const uint8_t *entry = s->answer + BIOS_VERSION_BYTES + 4 + i * VERSION_ENTRY_BYTES;
        const uint8_t *version = entry + 2 + LIMIT_VERSION_TEXT;
        char name[LIMIT_VERSION_TEXT + 1], text[LIMIT_VERSION_TEXT + 1];

        print_line(s, "%s: %s", printable(entry + 2, get_le16(entry), name),
                   printable(version + 2, get_le16(version), text));
    }
    return exit_status;
}

static int show_hash(struct session *s, uint32_t handle)
{
    static const struct {
        const char *name;
        size_t bytes;
    } algorithm[] = {{"MD5", 16}, {"SHA1", 20}, {"SHA256", 32}, {"SHA384", 48}};
    uint8_t payload[4];
    char name[LIMIT_HASH_NAME + 1], hex[HASH_FIELD_BYTES * 3 + 1] = "";
    const uint8_t *a;
    bool known;
    size_t bytes;
    int exit_status;

    put_le32(payload, handle);
    exit_status = run_command(s, &get_hash, payload, sizeof(payload));
    if (exit_status != AGENT_OK)
        return exit_status;
    a = s->answer;
    if (s->answer_len < HASH_ENTRY_BYTES || get_le16(a + HASH_ENTRY_BYTES - 2) > LIMIT_HASH_NAME ||
        s->answer_len - HASH_ENTRY_BYTES != get_le16(a + HASH_ENTRY_BYTES - 2))
        return malformed(s, &get_hash);
    known = a[8 + HASH_FIELD_BYTES] < sizeof(algorithm) / sizeof(algorithm[0]);
    bytes = known ? algorithm[a[8 + HASH_FIELD_BYTES]].bytes : HASH_FIELD_BYTES;
    for (size_t i = 0; i < bytes; i++)
        snprintf(hex + i * 3, 4, " %02X", a[8 + i]);
    print_line(s, "Friendly Name = %s Default = %s Active = %s Hash Algorithm = %s",
               printable(a + HASH_ENTRY_BYTES, s->answer_len - HASH_ENTRY_BYTES, name),
               get_le32(a) ? "true" : "false", get_le32(a + 4) ? "true" : "false",
               known ? algorithm[a[8 + HASH_FIELD_BYTES]].name : "unknown");
    print_line(s, "Certificate Hash:%s", hex);
    return AGENT_OK;
}

/* What follows an answer to EnumerateHashHandles. */
static int show_enumerated(struct session *s)
{
    uint32_t handle[LIMIT_HASHES], count;
    int exit_status = AGENT_OK;

    if (s->answer_len < 4)
        return malformed(s, &enumerate_hashes);
    count = get_le32(s->answer);
    if (count > LIMIT_HASHES || s->answer_len != 4 + 4 * (size_t)count)
        return malformed(s, &enumerate_hashes);
    for (uint32_t i = 0; i < count; i++)
        handle[i] = get_le32(s->answer + 4 + 4 * i);
    for (uint32_t i = 0; i < count && exit_status == AGENT_OK; i++)
        exit_status = show_hash(s, handle[i]);
    return exit_status;
}

static int show_hashes(struct session *s)
{
    int exit_status = run_command(s, &enumerate_hashes, NULL, 0);

    return exit_status == AGENT_OK ? show_enumerated(s) : exit_status;
}

/* A device that is too old for remote configuration does not know the command: nothing to list. */
static int show_hashes_if_any(struct session *s)
{
    enum outcome outcome = send_command(s, &enumerate_hashes, NULL, 0);

    if (outcome == ANSWERED)
        return show_enumerated(s);
    if (outcome != REFUSED || s->status != PT_STATUS_INTERNAL_ERROR)
        return print_failure(s, &enumerate_hashes, outcome);
    print_line(s, "Certificate hashes: none, the device does not know remote configuration");
    return AGENT_OK;
}

static const char *name_of(uint32_t value, const char *const words[], size_t count)
{
    return value < count ? words[value] : "unknown";
}

#define WORD(value, words) name_of((value), (words), sizeof(words) / sizeof((words)[0]))

static int show_state(struct session *s)
{
    static const char *const words[] = {
        [STATE_PRE] = "Not started", [STATE_IN] = "In process", [STATE_POST] = "Completed"};
    uint32_t state;
    int exit_status = run_command_u32(s, &get_state, &state);

    if (exit_status != AGENT_OK)
        return exit_status;
    s->result->state = state;
    print_line(s, "Setup and Configuration: %s", WORD(state, words));
    return AGENT_OK;
}

static int discover(struct session *s)
{
    int exit_status = show_code_versions(s);

    if (exit_status == AGENT_OK)
        exit_status = show_hashes_if_any(s);
    if (exit_status == AGENT_OK)
        exit_status = show_state(s);
    return exit_status;
}

static int show_mode(struct session *s)
{
    int exit_status = run_command(s, &get_mode, NULL, 0);

    if (exit_status == AGENT_OK)
        print_line(s, "Intel AMT Mode: %s", get_le32(s->answer + 4) ? "Legacy" : "Non Legacy");
    return exit_status;
}

static int show_zero_touch(struct session *s, uint32_t *enabled)
{
    int exit_status = run_command_u32(s, &get_zero_touch, enabled);

    if (exit_status != AGENT_OK)
        return exit_status;
    print_line(s, "Zero Touch Configuration: %s", *enabled ? "enabled" : "disabled");
    if (!*enabled && s->options->otp)
        return print_status(s, &set_otp, PT_STATUS_INVALID_PT_MODE);
    return AGENT_OK;
}

static int show_tls_mode(struct session *s, uint32_t *mode)
{
    static const char *const words[] = {
        [TLS_NOT_READY] = "Not ready", [TLS_PSK] = "PSK", [TLS_PKI] = "PKI"};
    int exit_status = run_command_u32(s, &get_tls_mode, mode);

    if (exit_status != AGENT_OK)
        return exit_status;
    print_line(s, "Provisioning TLS Mode: %s", WORD(*mode, words));
    if (*mode == TLS_PSK && s->options->otp)
        return print_status(s, &set_otp, PT_STATUS_INVALID_PARAMETER);
    return AGENT_OK;
}

static int show_rng(struct session *s)
{
    static const char *const words[] = {[RNG_EXISTS] = "exists",
                                        [RNG_IN_PROGRESS] = "in progress",
                                        [RNG_DOES_NOT_EXIST] = "does not exist"};
    uint32_t status;
    enum outcome outcome;
    int exit_status = run_command_u32(s, &get_rng_status, &status);

    if (exit_status != AGENT_OK)
        return exit_status;
    print_line(s, "RNG seed status: %s", WORD(status, words));
    if (status != RNG_DOES_NOT_EXIST)
        return AGENT_OK;
    outcome = send_command(s, &generate_rng, NULL, 0);
    if (outcome == REFUSED && s->status == PT_STATUS_RNG_GENERATION_IN_PROGRESS)
        return AGENT_OK;
    return print_failure(s, &generate_rng, outcome);
}

/* Sets the suffix and reads it back, as the agents do (LMS-agent). */
static int send_suffix(struct session *s)
{
    const char *suffix = s->options->dns;
    size_t len = strlen(suffix);
    int exit_status = run_command_text(s, &set_suffix, suffix, len);

    if (exit_status != AGENT_OK)
        return exit_status;
    exit_status = run_command(s, &get_suffix, NULL, 0);
    if (exit_status != AGENT_OK)
        return exit_status;
    if (s->answer_len < 2 || s->answer_len != 2 + (size_t)get_le16(s->answer))
        return malformed(s, &get_suffix);
    if (s->answer_len != 2 + len || memcmp(s->answer + 2, suffix, len) != 0) {
        print_line(s, "PKI DNS suffix: the device returned a different one");
        return AGENT_FAILED;
    }
    s->values_set = true;
    print_line(s, "PKI DNS suffix: %s", suffix);
    return AGENT_OK;
}

static int send_otp(struct session *s)
{
    int exit_status = run_command_text(s, &set_otp, s->options->otp, strlen(s->options->otp) + 1);

    if (exit_status != AGENT_OK)
        return exit_status;
    s->values_set = true;
    print_line(s, "Provisioning server OTP: set");
    return AGENT_OK;
}

static int send_values(struct session *s, bool zero_touch, uint32_t tls_mode)
{
    int exit_status = AGENT_OK;

    if (s->options->dns && tls_mode == TLS_PSK)
        print_line(s, "PKI DNS suffix: not set, a pre-shared key does not use it");
    else if (s->options->dns && !zero_touch)
        print_line(s, "PKI DNS suffix: not set, zero touch configuration is disabled");
    else if (s->options->dns)
        exit_status = send_suffix(s);
    if (exit_status == AGENT_OK && s->options->otp)
        exit_status = send_otp(s);
    return exit_status;
}

/* The device goes on by itself once its certificate is made. */
static int await_certificate(struct session *s)
{
    for (int i = 0; i < CERTIFICATE_POLLS; i++) {
        s->io->wait_ms(s->io->ctx, CERTIFICATE_POLL_MS);
        if (send_command(s, &get_state, NULL, 0) != ANSWERED)
            continue; /* it may be too busy to answer */
        s->result->state = get_le32(s->answer);
        if (s->result->state == STATE_IN || s->result->state == STATE_POST)
            return AGENT_OK;
    }
    return print_status(s, &start_configuration, PT_STATUS_CERTIFICATE_NOT_READY);
}

static int start_set_up(struct session *s, uint32_t tls_mode)
{
    enum outcome outcome = send_command(s, &start_configuration, NULL, 0);
    int exit_status;

    if (outcome == ANSWERED || outcome == REFUSED)
        s->result->status = s->status;
    if (outcome == REFUSED && s->status == PT_STATUS_INVALID_PT_MODE && s->values_set) {
        print_line(s, "Start Configuration command not needed: the new values are set.");
        return AGENT_OK;
    }
    if (outcome == REFUSED && s->status == PT_STATUS_CERTIFICATE_NOT_READY && tls_mode == TLS_PKI)
        exit_status = await_certificate(s);
    else
        exit_status = print_failure(s, &start_configuration, outcome);
    if (exit_status == AGENT_OK)
        print_line(s, "Start Configuration command succeeded.");
    return exit_status;
}

/* The order of the calls: LMS-agent; the order of the lines: S0. */
static int activate(struct session *s)
{
    uint32_t versions, zero_touch = 0, tls_mode = TLS_NOT_READY;
    int exit_status = fetch_code_versions(s, &versions);

    if (exit_status == AGENT_OK)
        exit_status = show_hashes(s);
    if (exit_status == AGENT_OK)
        exit_status = show_mode(s);
    if (exit_status == AGENT_OK)
        exit_status = show_zero_touch(s, &zero_touch);
    if (exit_status == AGENT_OK)
        exit_status = show_tls_mode(s, &tls_mode);
    if (exit_status == AGENT_OK)
        exit_status = show_rng(s);
    if (exit_status == AGENT_OK)
        exit_status = send_values(s, zero_touch != 0, tls_mode);
    if (exit_status == AGENT_OK)
        exit_status = start_set_up(s, tls_mode);
    return exit_status;
}

const char *agent_usage_error(const struct agent_options *options)
{
    if (!options->discovery && !options->activate)
        return "-discovery or -activate is required";
    if (!options->activate && (options->otp || options->dns))
        return "-otp and -dns require -activate";
    if ((options->otp && strlen(options->otp) > TEXT_ARGUMENT_MAX) ||
        (options->dns && strlen(options->dns) > TEXT_ARGUMENT_MAX))
        return "the value of -otp or -dns is longer than 255 characters";
    return NULL;
}

int agent_run(const struct agent_io *io, const struct agent_options *options,
              struct agent_result *result)
{
    struct session s = {.io = io, .options = options, .result = result};
    const char *wrong = agent_usage_error(options);
    int exit_status = AGENT_OK;

    *result = (struct agent_result){.answered = true, .state = UINT32_MAX, .status = UINT32_MAX};
    if (wrong) {
        result->answered = false;
        print_line(&s, "%s", wrong);
        return AGENT_USAGE;
    }
    if (options->discovery)
        exit_status = discover(&s);
    if (exit_status == AGENT_OK && options->activate)
        exit_status = activate(&s);
    return exit_status;
}
