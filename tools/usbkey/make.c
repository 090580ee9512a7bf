// SPDX-License-Identifier: BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fw/core/bytes.h"
#include "fw/core/hex.h"
#include "fw/core/power.h"
#include "fw/core/psk.h"
#include "fw/core/wipe.h"
#include "fw/host/usbkey/usbkey.h"
#include "tools/secret.h"
#include "tools/usbkey/plan.h"

enum kind {
    KIND_TEXT,
    KIND_WORD, /* one of words, with its value */
    KIND_NUMBER,
    KIND_PACKAGE,
    KIND_HASH,
    KIND_SERVER,
    KIND_LIST, /* sum of the words' values */
    KIND_IPV4,
    KIND_KEY,
};

struct word {
    const char *text;
    uint8_t value;
};

struct value_option {
    const char *name;
    uint8_t module, variable, kind;
    const struct word *word; /* the last has no text */
};

static const struct word none_amt[] = {{"none", 0}, {"amt", 1}, {NULL, 0}};
static const struct word off_on[] = {{"off", 0}, {"on", 1}, {NULL, 0}};
static const struct word dhcp[] = {{"off", USBKEY_DHCP_OFF}, {"on", USBKEY_DHCP_ON}, {NULL, 0}};
static const struct word user_hashes[] = {{"disable", USBKEY_HASHES_DISABLE},
                                          {"enable", USBKEY_HASHES_ENABLE},
                                          {"delete", USBKEY_HASHES_DELETE},
                                          {NULL, 0}};
static const struct word redirection[] = {{"none", 0},
                                          {"sol", REDIRECTION_SOL},
                                          {"ider", REDIRECTION_IDER},
                                          {"user", REDIRECTION_USER},
                                          {NULL, 0}};
static const struct word modes[] = {
    {"enterprise", USBKEY_MODE_ENTERPRISE}, {"smb", USBKEY_MODE_SMB}, {NULL, 0}};
static const struct word policies[] = {{"default-only", PASSWORD_DEFAULT_ONLY},
                                       {"during-setup", PASSWORD_DURING_SETUP},
                                       {"anytime", PASSWORD_ANYTIME},
                                       {NULL, 0}};

static const struct value_option value_options[] = {
    {"--password", USBKEY_ME, USBKEY_PASSWORD_NOW, KIND_TEXT, NULL},
    {"--new-password", USBKEY_ME, USBKEY_PASSWORD_NEW, KIND_TEXT, NULL},
    {"--manageability", USBKEY_ME, USBKEY_MANAGEABILITY, KIND_WORD, none_amt},
    {"--power-package", USBKEY_ME, USBKEY_POWER_PACKAGE, KIND_PACKAGE, NULL},
    {"--pid", USBKEY_CM, USBKEY_PID, KIND_KEY, NULL},
    {"--pps", USBKEY_CM, USBKEY_PPS, KIND_KEY, NULL},
    {"--suffix", USBKEY_CM, USBKEY_PKI_SUFFIX, KIND_TEXT, NULL},
    {"--fqdn", USBKEY_CM, USBKEY_SERVER_FQDN, KIND_TEXT, NULL},
    {"--rcfg", USBKEY_CM, USBKEY_RCFG, KIND_WORD, off_on},
    {"--builtin-hashes", USBKEY_CM, USBKEY_BUILTIN_HASHES, KIND_WORD, off_on},
    {"--user-hashes", USBKEY_CM, USBKEY_USER_HASHES, KIND_WORD, user_hashes},
    {"--hash", USBKEY_CM, USBKEY_ADD_HASH, KIND_HASH, NULL},
    {"--redirection", USBKEY_CM, USBKEY_REDIRECTION, KIND_LIST, redirection},
    {"--host", USBKEY_CM, USBKEY_HOST_NAME, KIND_TEXT, NULL},
    {"--domain", USBKEY_CM, USBKEY_DOMAIN, KIND_TEXT, NULL},
    {"--dhcp", USBKEY_CM, USBKEY_DHCP, KIND_WORD, dhcp},
    {"--idle-timeout", USBKEY_CM, USBKEY_IDLE_TIMEOUT, KIND_NUMBER, NULL},
    {"--mode", USBKEY_CM, USBKEY_MODE, KIND_WORD, modes},
    {"--server", USBKEY_CM, USBKEY_SERVER_ADDRESS, KIND_SERVER, NULL},
    {"--address", USBKEY_CM, USBKEY_STATIC_IPV4, KIND_IPV4, NULL},
    {"--password-policy", USBKEY_CM, USBKEY_PASSWORD_POLICY, KIND_WORD, policies},
};

#define VALUE_OPTIONS (sizeof(value_options) / sizeof(value_options[0]))

/* Values that lists of processes must not show, each with the option that reads it from a file. */
static const struct {
    const char *name, *file;
} secrets[] = {{"--password", "--password-file"},
               {"--new-password", "--new-password-file"},
               {"--pps", "--pps-file"}};

#define SECRETS (sizeof(secrets) / sizeof(secrets[0]))

enum {
    OPTION_FORMAT,
    OPTION_RECORDS,
    OPTION_PAIRS,
    OPTION_NO_CONSUME,
    OPTION_SCRAMBLE,
    OPTION_PLAIN
};
#define OWN_OPTIONS (OPTION_PLAIN + 1)
#define FILE_OPTIONS (OWN_OPTIONS + VALUE_OPTIONS) /* number of the first */
#define OPTIONS (FILE_OPTIONS + SECRETS)

static int word_value(const struct word *word, const char *text, size_t len)
{
    for (; word->text; word++)
        if (strlen(word->text) == len && memcmp(word->text, text, len) == 0)
            return word->value;
    return -1;
}

/* A decimal number up to max, ended by `end`; -1 when it is none. */
static long read_number(const char **text, long max, char end)
{
    const char *p = *text;
    long n = 0;

    if (*p < '0' || *p > '9')
        return -1;
    for (; *p >= '0' && *p <= '9'; p++) {
        n = 10 * n + (*p - '0');
        if (n > max)
            return -1;
    }
    if (*p != end)
        return -1;
    *text = end ? p + 1 : p;
    return n;
}

/* 1.2.3.4 to 04 03 02 01 */
static bool read_address(const char **text, char end, uint8_t out[4])
{
    for (int i = 3; i >= 0; i--) {
        long n = read_number(text, 255, i ? '.' : end);

        if (n < 0)
            return false;
        out[i] = (uint8_t)n;
    }
    return true;
}

static bool add_number(struct plan *plan, const struct value_option *o, const char *text)
{
    long n = read_number(&text, 65535, '\0');
    uint8_t value[2];

    put_le16(value, (uint32_t)n);
    return n > 0 && plan_add(plan, o->module, o->variable, value, sizeof(value));
}

static bool add_server(struct plan *plan, const struct value_option *o, const char *text)
{
    bool has_port = strchr(text, ':') != NULL;
    uint8_t address[4], port[2];
    long n = 0;

    if (!read_address(&text, has_port ? ':' : '\0', address))
        return false;
    if (has_port)
        n = read_number(&text, 65535, '\0');
    put_le16(port, (uint32_t)n);
    return n >= 0 && plan_add(plan, o->module, o->variable, address, sizeof(address)) &&
           (!has_port || plan_add(plan, USBKEY_CM, USBKEY_SERVER_PORT, port, sizeof(port)));
}

static bool add_ipv4(struct plan *plan, const struct value_option *o, const char *text)
{
    uint8_t value[20];

    for (uint32_t at = 0; at < sizeof(value); at += 4)
        if (!read_address(&text, at == 16 ? '\0' : ',', value + at))
            return false;
    return plan_add(plan, o->module, o->variable, value, sizeof(value));
}

static bool add_package(struct plan *plan, const struct value_option *o, const char *text)
{
    uint32_t index;

    return power_find(text, &index) &&
           plan_add(plan, o->module, o->variable, power_guids[index], POWER_GUID_BYTES);
}

static bool add_hash(struct plan *plan, const struct value_option *o, const char *text)
{
    static const struct word algorithms[] = {{"sha1", CERT_HASH_SHA1},
                                             {"sha256", CERT_HASH_SHA256},
                                             {"sha384", CERT_HASH_SHA384},
                                             {NULL, 0}};
    uint8_t value[2 + LIMIT_HASH_BYTES + LIMIT_HASH_NAME];
    int algorithm = word_value(algorithms, text, strcspn(text, ":"));
    uint8_t bytes;
    size_t name;

    if (algorithm < 0 || text[strcspn(text, ":")] != ':')
        return false;
    text += strcspn(text, ":") + 1;
    bytes = cert_hash_bytes((uint8_t)algorithm);
    value[0] = (uint8_t)algorithm;
    if (!hex_read(text, value + 1, bytes) || text[2 * bytes] != ':')
        return false;
    text += 2 * bytes + 1;
    name = strlen(text);
    if (name == 0 || name > LIMIT_HASH_NAME)
        return false;
    value[1 + bytes] = (uint8_t)name;
    memcpy(value + 2 + bytes, text, name);
    return plan_add(plan, o->module, o->variable, value, 2 + bytes + name);
}

static bool add_list(struct plan *plan, const struct value_option *o, const char *text)
{
    uint8_t sum = 0;

    for (;;) {
        size_t len = strcspn(text, ",");
        int value = word_value(o->word, text, len);

        if (value < 0)
            return false;
        sum |= (uint8_t)value;
        if (text[len] == '\0')
            return plan_add(plan, o->module, o->variable, &sum, 1);
        text += len + 1;
    }
}

static bool add_word(struct plan *plan, const struct value_option *o, const char *text)
{
    int n = word_value(o->word, text, strlen(text));
    uint8_t value = (uint8_t)n;

    return n >= 0 && plan_add(plan, o->module, o->variable, &value, 1);
}

/* Written without dashes. */
static bool add_key(struct plan *plan, const struct value_option *o, const char *text)
{
    char key[LIMIT_PPS + 1];
    bool good = o->variable == USBKEY_PID ? psk_read_pid(text, key) : psk_read_pps(text, key);

    good = good && plan_add(plan, o->module, o->variable, key, strlen(key));
    wipe(key, sizeof(key));
    return good;
}

static bool add_value(struct plan *plan, const struct value_option *o, const char *text)
{
    switch (o->kind) {
    case KIND_WORD:
        return add_word(plan, o, text);
    case KIND_NUMBER:
        return add_number(plan, o, text);
    case KIND_PACKAGE:
        return add_package(plan, o, text);
    case KIND_HASH:
        return add_hash(plan, o, text);
    case KIND_SERVER:
        return add_server(plan, o, text);
    case KIND_LIST:
        return add_list(plan, o, text);
    case KIND_IPV4:
        return add_ipv4(plan, o, text);
    case KIND_KEY:
        return add_key(plan, o, text);
    default:
        return plan_add(plan, o->module, o->variable, text, strlen(text));
    }
}

struct make {
    struct plan plan;
    const char *out, *pairs;
    bool format_given, plain;
    bool secret_visible;     /* a secret was on the command line */
    bool from_file[SECRETS]; /* it was in a file */
};

/* The option as the user gave it: a secret comes by value or from a file. */
static const char *name_as_given(const struct make *make, const struct value_option *o)
{
    for (uint32_t i = 0; i < SECRETS; i++)
        if (make->from_file[i] && strcmp(secrets[i].name, o->name) == 0)
            return secrets[i].file;
    return o->name;
}

static const char *option_name(const struct make *make, uint16_t module, uint16_t variable)
{
    if (module == USBKEY_CM && variable == USBKEY_SERVER_PORT)
        variable = USBKEY_SERVER_ADDRESS;
    for (uint32_t i = 0; i < VALUE_OPTIONS; i++)
        if (value_options[i].module == module && value_options[i].variable == variable)
            return name_as_given(make, &value_options[i]);
    return "the file";
}

static int parse_own_option(struct make *make, int option, const char *value)
{
    static const struct word formats[] = {{"1", USBKEY_V1},
                                          {"2.0", USBKEY_V2_0},
                                          {"2.1", USBKEY_V2_1},
                                          {"3.0", USBKEY_V3},
                                          {NULL, 0}};
    long n;

    switch (option) {
    case OPTION_FORMAT:
        n = word_value(formats, value, strlen(value));
        if (n < 0)
            return tool_error("unknown format \"%s\"; expected 1, 2.0, 2.1 or 3.0", value);
        make->plan.format = (uint8_t)n;
        make->format_given = true;
        return TOOL_OK;
    case OPTION_RECORDS:
        n = read_number(&value, PLAN_RECORDS_MAX, '\0');
        if (n < 1)
            return tool_error("invalid value for --records; expected a number from 1 to %d",
                              PLAN_RECORDS_MAX);
        make->plan.records = (uint32_t)n;
        return TOOL_OK;
    case OPTION_PAIRS:
        make->pairs = value;
        return TOOL_OK;
    case OPTION_NO_CONSUME:
        make->plan.no_consume = true;
        return TOOL_OK;
    case OPTION_SCRAMBLE:
        make->plan.scramble = true;
        return TOOL_OK;
    default:
        make->plain = true;
        return TOOL_OK;
    }
}

static const struct value_option *find_value(const char *name)
{
    const struct value_option *o = value_options;

    while (strcmp(o->name, name) != 0)
        o++;
    return o;
}

static int parse_value_option(struct make *make, const struct value_option *o, const char *value)
{
    if (!add_value(&make->plan, o, value))
        return tool_error("invalid value for %s; see usbkey --help", o->name);
    for (uint32_t i = 0; i < SECRETS; i++) {
        if (strcmp(secrets[i].name, o->name) != 0)
            continue;
        make->secret_visible = true;
        secret_forget(value);
    }
    return TOOL_OK;
}

static int parse_file_option(struct make *make, uint32_t secret, const char *path)
{
    char value[USBKEY_VALUE_MAX + 1];
    const char *wrong = secret_read(path, value, sizeof(value));
    bool good = !wrong && add_value(&make->plan, find_value(secrets[secret].name), value);

    wipe(value, sizeof(value));
    make->from_file[secret] = true;
    if (wrong)
        return tool_error("cannot read %s %s: %s", secrets[secret].file, path, wrong);
    return good ? TOOL_OK
                : tool_error("invalid value for %s; see usbkey --help", secrets[secret].file);
}

static int parse_option(struct make *make, int option, const char *value)
{
    if (option < OWN_OPTIONS)
        return parse_own_option(make, option, value);
    if ((uint32_t)option >= FILE_OPTIONS)
        return parse_file_option(make, (uint32_t)option - FILE_OPTIONS, value);
    return parse_value_option(make, &value_options[option - OWN_OPTIONS], value);
}

/* One line, when nothing else is wrong. */
static void warn_of_visible_secrets(const struct make *make)
{
    if (make->secret_visible)
        fputs(
            "usbkey: warning: other users can see secrets on the command line in the process list; "
            "use --password-file, --new-password-file and --pps-file\n",
            stderr);
}

static int parse_arguments(struct make *make, struct options *args)
{
    struct options_known options[OPTIONS + 1] = {
        [OPTION_FORMAT] = {"--format", true},      [OPTION_RECORDS] = {"--records", true},
        [OPTION_PAIRS] = {"--pairs", true},        [OPTION_NO_CONSUME] = {"--no-consume", false},
        [OPTION_SCRAMBLE] = {"--scramble", false}, [OPTION_PLAIN] = {"--plain", false},
    };
    bool seen[OPTIONS] = {false};
    int option;

    for (uint32_t i = 0; i < VALUE_OPTIONS; i++)
        options[OWN_OPTIONS + i] = (struct options_known){value_options[i].name, true};
    for (uint32_t i = 0; i < SECRETS; i++)
        options[FILE_OPTIONS + i] = (struct options_known){secrets[i].file, true};
    while ((option = tool_next(args, options)) != TOOL_END) {
        if (option == TOOL_BAD)
            return TOOL_USAGE;
        if (option == TOOL_OPERAND) {
            if (make->out)
                return tool_error("too many arguments; make writes one file");
            make->out = args->value;
            continue;
        }
        if (seen[option] && strcmp(options[option].name, "--hash") != 0)
            return tool_error("%s given more than once", options[option].name);
        seen[option] = true;
        if (parse_option(make, option, args->value) != TOOL_OK)
            return TOOL_USAGE;
    }
    for (uint32_t i = 0; i < SECRETS; i++)
        if (seen[FILE_OPTIONS + i] &&
            seen[OWN_OPTIONS + (find_value(secrets[i].name) - value_options)])
            return tool_error("%s and %s cannot be used together", secrets[i].name,
                              secrets[i].file);
    if (make->pairs && seen[OPTION_RECORDS])
        return tool_error("--pairs and --records cannot be used together");
    return TOOL_OK;
}

/* A key is a PID and a PPS, both as options or both in the file of pairs. */
static int check_key(const struct make *make)
{
    bool pid = plan_has(&make->plan, USBKEY_CM, USBKEY_PID);
    bool pps = plan_has(&make->plan, USBKEY_CM, USBKEY_PPS);
    const char *pps_name = option_name(make, USBKEY_CM, USBKEY_PPS);

    if (make->pairs && (pid || pps))
        return tool_error("--pairs and %s cannot be used together", pid ? "--pid" : pps_name);
    if (pid && !pps)
        return tool_error("--pid requires --pps-file or --pps");
    if (pps && !pid)
        return tool_error("%s requires --pid", pps_name);
    return TOOL_OK;
}

static int check_complete(struct make *make)
{
    static const uint8_t enable = USBKEY_HASHES_ENABLE;
    struct plan *plan = &make->plan;

    if (!make->out)
        return tool_error("a file to write is required");
    if (!make->format_given)
        return tool_error("--format F is required");
    if (!plan_has(plan, USBKEY_ME, USBKEY_PASSWORD_NEW))
        return tool_error("--new-password-file FILE is required");
    if (make->plain && plan->scramble)
        return tool_error("--plain and --scramble cannot be used together");
    if (plan->no_consume && plan->format == USBKEY_V1)
        return tool_error("--no-consume requires --format 2.0 or later");
    if (check_key(make) != TOOL_OK)
        return TOOL_USAGE;
    for (uint32_t i = 0; i < plan->entries; i++)
        if (usbkey_variable(plan->entry[i].module, plan->entry[i].variable)->format > plan->format)
            return tool_error("%s requires a newer --format",
                              option_name(make, plan->entry[i].module, plan->entry[i].variable));
    if (!plan_has(plan, USBKEY_ME, USBKEY_PASSWORD_NOW) &&
        !plan_add(plan, USBKEY_ME, USBKEY_PASSWORD_NOW, "admin", 5))
        return tool_error("too many options");
    if (plan_has(plan, USBKEY_CM, USBKEY_ADD_HASH) &&
        !plan_has(plan, USBKEY_CM, USBKEY_USER_HASHES) &&
        !plan_add(plan, USBKEY_CM, USBKEY_USER_HASHES, &enable, 1))
        return tool_error("too many options");
    return make->pairs ? plan_read_pairs(plan, make->pairs) : TOOL_OK;
}

/* The firmware's reader judges the values, as a machine that takes this format would: first a
 * desktop, then, if only the power package is not to its liking, a mobile one. */
static int check_with_firmware(const struct make *make, struct image *image)
{
    const struct plan *plan = &make->plan;
    struct release release = {.setup_bin = {1u << plan->format, "as made"},
                              .platform = {PLATFORM_DESKTOP, "as made"}};
    struct settings settings = {.secret.password_default = true};
    struct hal_usb usb = image_usb(image);
    struct local_outcome outcome;
    struct usbkey_report report;

    if (plan->entry[0].length > LIMIT_PASSWORD)
        return tool_error("invalid value for %s; expected at most %d characters",
                          option_name(make, USBKEY_ME, USBKEY_PASSWORD_NOW), LIMIT_PASSWORD);
    memcpy(settings.secret.password, plan->entry[0].value, plan->entry[0].length);
    usbkey_read(&usb, &release, &settings, 0, &outcome, &report);
    if (report.module == USBKEY_ME && report.variable == USBKEY_POWER_PACKAGE) {
        release.platform.value = PLATFORM_MOBILE;
        usbkey_read(&usb, &release, &settings, 0, &outcome, &report);
    }
    wipe(&settings, sizeof(settings));
    wipe(&outcome, sizeof(outcome));
    if (report.result == USBKEY_APPLIED)
        return TOOL_OK;
    return tool_error("%s: %s", option_name(make, report.module, report.variable),
                      usbkey_result_text(report.result));
}

/* Readable by its owner only, also where the file existed before: it holds secrets. */
static bool make_private(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 && (!S_ISREG(info.st_mode) || fchmod(fd, 0600) == 0);
}

static int write_image(const char *path, const struct image *image)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    size_t done = 0;

    if (fd < 0)
        return tool_error("cannot create %s: %s", path, strerror(errno));
    if (!make_private(fd)) {
        int reason = errno;

        close(fd);
        return tool_error("cannot make %s readable by its owner only: %s", path, strerror(reason));
    }
    while (done < image->len) {
        ssize_t n = write(fd, image->bytes + done, image->len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (close(fd) != 0 || done < image->len)
        return tool_error("cannot write %s: %s", path, strerror(errno));
    return TOOL_OK;
}

int cmd_make(int argc, char **argv)
{
    struct make make = {.plan = {.records = 1}};
    struct options args = {.argc = argc, .argv = argv};
    struct image image = {0};
    int result = parse_arguments(&make, &args);

    if (result == TOOL_OK)
        result = check_complete(&make);
    if (result == TOOL_OK)
        result = plan_encode(&make.plan, &image);
    if (result == TOOL_OK)
        result = check_with_firmware(&make, &image);
    if (result == TOOL_OK)
        result = write_image(make.out, &image);
    if (result == TOOL_OK)
        warn_of_visible_secrets(&make);
    plan_free(&make.plan);
    image_free(&image);
    return result;
}
