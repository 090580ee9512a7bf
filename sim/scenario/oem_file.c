// SPDX-License-Identifier: BSD-3-Clause
#include "sim/scenario/oem_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/power.h"
#include "fw/core/psk.h"
#include "fw/core/settings.h"

#define LINE_CHARACTERS 400
#define SOURCE "assumed: OEM file"
#define BMP_HOURS_MAX 255 /* of any release (G-rflow) */
#define BLANKS " \t\r\n"

struct reading {
    const char *path;
    unsigned line; /* 0 = of no line */
    struct oem_file *out;
    unsigned seen;     /* bit per key */
    unsigned key_line; /* of the last pid or pps */
    char *error;
    size_t cap;
};

/* Control characters of the file must not reach a terminal. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if (iscntrl((unsigned char)*text))
            *text = '?';
}

__attribute__((format(printf, 2, 3))) static bool fail(struct reading *r, const char *format, ...)
{
    va_list arguments;
    size_t used;

    if (r->cap == 0)
        return false;
    if (r->line > 0)
        used = (size_t)snprintf(r->error, r->cap, "%s:%u: ", r->path, r->line);
    else
        used = (size_t)snprintf(r->error, r->cap, "%s: ", r->path);
    va_start(arguments, format);
    if (used < r->cap)
        vsnprintf(r->error + used, r->cap - used, format, arguments);
    va_end(arguments);
    make_printable(r->error);
    return false;
}

/* The file as a whole, before any line counts. */
static bool fail_file(struct reading *r, const char *action)
{
    if (r->cap == 0)
        return false;
    snprintf(r->error, r->cap, "cannot %s %s: %s", action, r->path, strerror(errno));
    make_printable(r->error);
    return false;
}

static bool read_name(struct reading *r, const char *value)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t len = strlen(value);

    if (len > OEM_FILE_NAME || strspn(value, allowed) != len)
        return fail(r, "invalid name \"%.40s\"; expected 1 to %d letters, digits and '-'", value,
                    OEM_FILE_NAME);
    if (oem_find(value))
        return fail(r, "name \"%s\" belongs to a built-in profile; expected another", value);
    memcpy(r->out->name, value, len + 1);
    return true;
}

static bool read_hours(struct reading *r, const char *value)
{
    uint32_t hours = 0;

    if (strcmp(value, "intel") == 0) {
        hours = OEM_BMP_INTEL;
    } else if (strcmp(value, "off") != 0) {
        for (const char *p = value; *p && hours <= BMP_HOURS_MAX; p++)
            hours =
                isdigit((unsigned char)*p) ? hours * 10 + (uint32_t)(*p - '0') : BMP_HOURS_MAX + 1;
        if (hours > BMP_HOURS_MAX)
            return fail(r, "invalid bmp-hours \"%.40s\"; expected 0 to %d, intel or off", value,
                        BMP_HOURS_MAX);
    }
    r->out->profile.bmp_hours = (struct rule){hours, SOURCE};
    return true;
}

static bool read_remote_configuration(struct reading *r, const char *value)
{
    bool on = strcmp(value, "on") == 0;

    if (!on && strcmp(value, "off") != 0)
        return fail(r, "invalid remote-configuration \"%.40s\"; expected on or off", value);
    r->out->profile.rcfg_enabled = (struct rule){on, SOURCE};
    return true;
}

static bool read_unprovision_to(struct reading *r, const char *value)
{
    bool intel = strcmp(value, "intel") == 0;

    if (!intel && strcmp(value, "oem") != 0)
        return fail(r, "invalid unprovision-to \"%.40s\"; expected intel or oem", value);
    r->out->profile.unprovision_to =
        (struct rule){intel ? UNPROVISION_TO_INTEL : UNPROVISION_TO_OEM, SOURCE};
    return true;
}

static bool read_localized_bios(struct reading *r, const char *value)
{
    if (value[0] != '\0')
        return fail(r, "unexpected value of localized-bios; expected the end of the line");
    r->out->profile.localized_bios = (struct rule){1, SOURCE};
    return true;
}

static bool read_domain(struct reading *r, const char *value)
{
    if (!settings_dns_name_ok(value, LIMIT_DOMAIN))
        return fail(
            r, "invalid default-domain \"%.60s\"; expected a DNS name of at most %d characters",
            value, LIMIT_DOMAIN);
    memcpy(r->out->default_domain, value, strlen(value) + 1);
    return true;
}

static bool read_host_label(struct reading *r, const char *value)
{
    if (!settings_dns_name_ok(value, LIMIT_HOST_LABEL) || strchr(value, '.'))
        return fail(r,
                    "invalid host-label \"%.60s\"; expected one DNS label of at most %d characters",
                    value, LIMIT_HOST_LABEL);
    memcpy(r->out->host_label, value, strlen(value) + 1);
    return true;
}

static bool read_pid(struct reading *r, const char *value)
{
    if (!psk_read_pid(value, r->out->pid))
        return fail(
            r,
            "invalid pid \"%.40s\"; expected 8 capital letters and digits, the last one the "
            "check character, with a dash in the middle or without",
            value);
    return true;
}

/* The value is a secret, and so is a mistyped one. */
static bool read_pps(struct reading *r, const char *value)
{
    if (!psk_read_pps(value, r->out->pps))
        return fail(r, "invalid pps; expected 32 capital letters and digits, each fourth one a "
                       "check character, with dashes between fours or without");
    return true;
}

/* Takes the text between quotes at the end of a line. */
static bool unquote(const char *value, char *out, size_t cap)
{
    size_t len = strlen(value);

    if (len < 3 || value[0] != '"' || value[len - 1] != '"' || len - 2 >= cap ||
        memchr(value + 1, '"', len - 2))
        return false;
    memcpy(out, value + 1, len - 2);
    out[len - 2] = '\0';
    return true;
}

static bool read_power_package(struct reading *r, const char *value)
{
    char text[LINE_CHARACTERS + 1], first[POWER_TEXT];
    uint32_t index;

    power_text(0, first);
    if (!unquote(value, text, sizeof text))
        return fail(r, "invalid power-package; expected a text in quotes like \"%s\"", first);
    if (!power_find(text, &index))
        return fail(r, "unknown power package \"%.80s\"; expected one like \"%s\"", text, first);
    r->out->profile.power_package = (struct rule){index, SOURCE};
    return true;
}

/* As many as fit beside the longest list of roots. */
static uint32_t hash_capacity(void)
{
    uint32_t count, most = 0;
    const struct release *const *release = release_table(&count);

    for (uint32_t i = 0; i < count; i++)
        if (release[i]->roots.count > most)
            most = release[i]->roots.count;
    return LIMIT_HASHES_BUILTIN - most;
}

/* Reads the bytes and what follows them; NULL when there are not exactly so many. */
static const char *read_bytes(const char *text, uint8_t *out, size_t count)
{
    if (!hex_read(text, out, count))
        return NULL;
    text += 2 * count;
    return strspn(text, BLANKS) > 0 ? text + strspn(text, BLANKS) : NULL;
}

static bool read_hash(struct reading *r, const char *value)
{
    uint8_t at = r->out->profile.hash_count;
    struct cert_hash *hash = &r->out->hash[at];
    uint8_t *bytes = r->out->hash_bytes[at];
    const char *text = value + strcspn(value, BLANKS);

    if (text - value != 4 || memcmp(value, "sha1", 4) != 0)
        return fail(
            r, "invalid hash \"%.20s\"; expected sha1, 40 hexadecimal digits and a name in quotes",
            value);
    if (at >= hash_capacity())
        return fail(r, "too many hashes; expected at most %lu", (unsigned long)hash_capacity());
    text = read_bytes(text + strspn(text, BLANKS), bytes, cert_hash_bytes(CERT_HASH_SHA1));
    if (!text)
        return fail(r, "invalid hash; expected 40 hexadecimal digits and a name");
    if (!unquote(text, r->out->hash_name[at], sizeof r->out->hash_name[at]))
        return fail(r, "invalid name of the hash; expected 1 to %d characters in quotes",
                    LIMIT_HASH_NAME);
    for (uint8_t i = 0; i < at; i++)
        if (memcmp(r->out->hash_bytes[i], bytes, sizeof r->out->hash_bytes[i]) == 0)
            return fail(r, "duplicate hash; expected another");
    hash->name = r->out->hash_name[at];
    hash->bytes = bytes;
    hash->algorithm = CERT_HASH_SHA1;
    hash->source = SOURCE;
    r->out->profile.hash_count++;
    return true;
}

enum { KEY_NAME, KEY_PID, KEY_PPS, KEY_LOCALIZED, KEY_HASH, KEY_OTHERS };

static const struct {
    const char *word;
    bool (*read)(struct reading *r, const char *value);
} keys[] = {
    [KEY_NAME] = {"name", read_name},
    [KEY_PID] = {"pid", read_pid},
    [KEY_PPS] = {"pps", read_pps},
    [KEY_LOCALIZED] = {"localized-bios", read_localized_bios},
    [KEY_HASH] = {"hash", read_hash},
    [KEY_OTHERS] = {"bmp-hours", read_hours},
    {"remote-configuration", read_remote_configuration},
    {"default-domain", read_domain},
    {"host-label", read_host_label},
    {"power-package", read_power_package},
    {"unprovision-to", read_unprovision_to},
};

#define KEYS (sizeof keys / sizeof keys[0])

/* Ends the text before a comment and the blanks in front of it. */
static void cut_comment(char *text)
{
    char *end = text;
    bool quoted = false;

    for (char *p = text; *p && (quoted || *p != '#' || (p > text && !strchr(BLANKS, p[-1]))); p++) {
        quoted ^= *p == '"';
        if (!strchr(BLANKS, *p))
            end = p + 1;
    }
    *end = '\0';
}

static bool read_line(struct reading *r, char *text)
{
    size_t len, key = 0;

    cut_comment(text);
    text += strspn(text, BLANKS);
    len = strcspn(text, BLANKS);
    if (len == 0)
        return true;
    while (key < KEYS && (strlen(keys[key].word) != len || memcmp(keys[key].word, text, len) != 0))
        key++;
    if (key == KEYS)
        return fail(
            r,
            "unknown key \"%.*s\"; expected name, bmp-hours, remote-configuration, "
            "localized-bios, default-domain, host-label, pid, pps, power-package, unprovision-to "
            "or hash",
            len < 40 ? (int)len : 40, text);
    if (key != KEY_HASH && r->seen >> key & 1u)
        return fail(r, "duplicate %s; expected one", keys[key].word);
    r->seen |= 1u << key;
    if (key == KEY_PID || key == KEY_PPS)
        r->key_line = r->line;
    text += len + strspn(text + len, BLANKS);
    if (*text == '\0' && key != KEY_LOCALIZED)
        return fail(r, "missing value of %s", keys[key].word);
    return keys[key].read(r, text);
}

static bool read_lines(struct reading *r, FILE *file)
{
    char text[LINE_CHARACTERS + 1];
    size_t len = 0;
    int c;

    for (r->line = 1; (c = getc(file)) != EOF;) {
        if (c == '\0')
            return fail(r, "not a text file");
        if (c != '\n') {
            if (len == LINE_CHARACTERS)
                return fail(r, "line too long; expected at most %d characters", LINE_CHARACTERS);
            text[len++] = (char)c;
            continue;
        }
        text[len] = '\0';
        if (!read_line(r, text))
            return false;
        r->line++;
        len = 0;
    }
    text[len] = '\0';
    if (!ferror(file))
        return read_line(r, text);
    return fail_file(r, "read");
}

static bool check_complete(struct reading *r)
{
    struct oem_file *out = r->out;
    bool pid = r->seen >> KEY_PID & 1u, pps = r->seen >> KEY_PPS & 1u;

    r->line = 0;
    if (!(r->seen >> KEY_NAME & 1u))
        return fail(r, "missing name; expected a line \"name NAME\"");
    r->line = r->key_line;
    if (pid != pps)
        return fail(r, "%s without %s; expected both or neither", pid ? "pid" : "pps",
                    pid ? "pps" : "pid");
    out->profile.name = out->name;
    out->profile.pid = out->pid;
    out->profile.pps = out->pps;
    out->profile.hash = out->hash;
    out->profile.default_domain = out->default_domain;
    out->profile.host_label = out->host_label;
    return true;
}

bool oem_file_load(const char *path, struct oem_file *out, char *error, size_t cap)
{
    struct reading r = {.path = path, .out = out, .error = error, .cap = cap};
    const struct oem_profile *base = oem_find("intel");
    FILE *file = fopen(path, "r");
    bool good;

    if (!file)
        return fail_file(&r, "open");
    memset(out, 0, sizeof *out);
    out->profile = *base;
    memcpy(out->host_label, base->host_label, strlen(base->host_label) + 1);
    good = read_lines(&r, file) && check_complete(&r);
    fclose(file);
    return good;
}

static bool is_path(const char *text)
{
    static const char suffix[] = ".oem";
    size_t len = strlen(text);

    return strchr(text, '/') ||
           (len >= sizeof suffix - 1 && strcmp(text + len - (sizeof suffix - 1), suffix) == 0);
}

const struct oem_profile *oem_file_or_profile(const char *name_or_path, struct oem_file *storage,
                                              char *error, size_t cap)
{
    const struct oem_profile *const *table, *found;
    size_t used;
    uint32_t count;

    if (is_path(name_or_path))
        return oem_file_load(name_or_path, storage, error, cap) ? &storage->profile : NULL;
    found = oem_find(name_or_path);
    if (found || cap == 0)
        return found;
    table = oem_table(&count);
    used = (size_t)snprintf(error, cap, "unknown OEM profile \"%.40s\"; expected one of ",
                            name_or_path);
    for (uint32_t i = 0; i < count && used < cap; i++)
        used += (size_t)snprintf(error + used, cap - used, "%s, ", table[i]->name);
    if (used < cap)
        snprintf(error + used, cap - used, "or a file *.oem");
    make_printable(error);
    return NULL;
}
