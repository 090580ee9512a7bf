// SPDX-License-Identifier: BSD-3-Clause
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/power.h"
#include "fw/core/release.h"
#include "fw/core/schedule.h"
#include "fw/core/setup.h"
#include "sim/base/json.h"
#include "sim/cmd/cmd.h"

#define NAME "releases"
#define ATTEMPTS 15  /* as many as the retry field counts (G-hello) */
#define TEXT_MAX 160 /* a value in words; the longest is a SHA-384 hash, 7 + 96 characters */
#define MS_PER_MINUTE 60000u
/* That a version has three parts; which they are the row's name says. */
#define VERSION_SOURCE "G-codever; MEINFO25; MC3576"
#define LENGTH(table) (sizeof(table) / sizeof(table)[0])

static const char schedules[] = "AB";

static const char help[] =
    "usage: proviso releases [--json]\n"
    "\n"
    "Every release and OEM profile that the firmware knows: name, value, how sure it is, its "
    "source.\n"
    "sourced: a source gives it. conflicting: another one says otherwise, the text names it.\n"
    "assumed: none gives all of it. The last line counts them.\n"
    "attempt_minutes of a schedule are the times of the first hello attempts, counted from attempt "
    "0.\n";

/* Writes a rule's value in words, or as JSON. */
typedef void formatter(char out[TEXT_MAX], uint32_t value, bool json);

static void format_number(char out[TEXT_MAX], uint32_t value, bool json)
{
    (void)json;
    snprintf(out, TEXT_MAX, "%lu", (unsigned long)value);
}

static void format_bits(char out[TEXT_MAX], uint32_t value, bool json)
{
    if (json)
        format_number(out, value, json);
    else
        snprintf(out, TEXT_MAX, "0x%lx", (unsigned long)value);
}

static void format_yes_no(char out[TEXT_MAX], uint32_t value, bool json)
{
    const char *yes = json ? "true" : "yes";
    const char *no = json ? "false" : "no";

    snprintf(out, TEXT_MAX, "%s", value ? yes : no);
}

/* 0 hours of a commanded window mean that it never runs out. */
static void hours_or_no_limit(char out[TEXT_MAX], uint32_t value, bool json)
{
    if (value == 0)
        snprintf(out, TEXT_MAX, "%s", json ? "null" : "no limit");
    else
        format_number(out, value, json);
}

static void oem_bmp_hours(char out[TEXT_MAX], uint32_t value, bool json)
{
    if (value == OEM_BMP_INTEL)
        snprintf(out, TEXT_MAX, "%s", json ? "\"intel\"" : "Intel's default");
    else
        format_number(out, value, json);
}

static void factory_default(char out[TEXT_MAX], uint32_t value, bool json)
{
    const char *intel = json ? "\"intel\"" : "Intel's default";
    const char *oem = json ? "\"oem\"" : "OEM's default";

    if (value == 0)
        snprintf(out, TEXT_MAX, "%s", json ? "null" : "as the release");
    else
        snprintf(out, TEXT_MAX, "%s", value == UNPROVISION_TO_INTEL ? intel : oem);
}

struct word {
    uint32_t value;
    const char *text;
};

/* The words whose bits are set, with ", " between them; the JSON form is a list. */
static void format_words(char out[TEXT_MAX], uint32_t value, bool json, const struct word *list,
                         size_t count)
{
    const char *quote = json ? "\"" : "";
    size_t used = (size_t)snprintf(out, TEXT_MAX, "%s", json ? "[" : "");
    size_t begin = used;

    for (size_t i = 0; i < count && used < TEXT_MAX; i++)
        if (value & list[i].value)
            used += (size_t)snprintf(out + used, TEXT_MAX - used, "%s%s%s%s",
                                     used > begin ? ", " : "", quote, list[i].text, quote);
    if (json && used < TEXT_MAX)
        snprintf(out + used, TEXT_MAX - used, "]");
    else if (used == begin)
        snprintf(out, TEXT_MAX, "none");
}

static void amthi_generations(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const struct word list[] = {
        {AMTHI_GEN_AGENT, "agent"},
        {AMTHI_GEN_ENVIRONMENT, "environment"},
        {AMTHI_GEN_REMOTE_ACCESS, "remote access"},
        {AMTHI_GEN_AUDIT, "audit"},
        {AMTHI_GEN_6_0, "6.0"},
    };

    format_words(out, value, json, list, LENGTH(list));
}

static void protocol_names(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const struct word list[] = {{PROTOCOL_EOI, "EOI"}, {PROTOCOL_WSMAN, "WS-Man"}};

    format_words(out, value, json, list, LENGTH(list));
}

static void setup_bin_formats(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const struct word list[] = {
        {SETUP_BIN_V1, "1"}, {SETUP_BIN_V2_0, "2.0"}, {SETUP_BIN_V2_1, "2.1"},
        {SETUP_BIN_V3, "3"}, {SETUP_BIN_V4, "4"},
    };

    format_words(out, value, json, list, LENGTH(list));
}

static void tls_version_names(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const struct word list[] = {
        {TLS_VERSION_1_0, "1.0"}, {TLS_VERSION_1_1, "1.1"}, {TLS_VERSION_1_2, "1.2"}};

    format_words(out, value & FW_TLS_VERSIONS, json, list, LENGTH(list));
}

static void format_name(char out[TEXT_MAX], uint32_t value, bool json, const char *const *names)
{
    const char *quote = json ? "\"" : "";

    snprintf(out, TEXT_MAX, "%s%s%s", quote, names[value], quote);
}

static void schedule_letter(char out[TEXT_MAX], uint32_t value, bool json)
{
    snprintf(out, TEXT_MAX, json ? "\"%c\"" : "%c", (int)value);
}

static void platform_name(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const char *const names[] = {
        [PLATFORM_DESKTOP] = "desktop",
        [PLATFORM_MOBILE] = "mobile",
        [PLATFORM_BOTH] = "both",
    };

    format_name(out, value, json, names);
}

static void small_business_name(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const char *const names[] = {
        [SMALL_BUSINESS_FULL] = "full unprovision ends it",
        [SMALL_BUSINESS_BOTH] = "either unprovision ends it",
        [SMALL_BUSINESS_NONE] = "none",
    };

    format_name(out, value, json, names);
}

static void suffix_rule_name(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const char *const names[] = {
        [SUFFIX_EQUAL] = "equal",
        [SUFFIX_LAST_TWO_LABELS] = "last two labels",
    };

    format_name(out, value, json, names);
}

static void presence_name(char out[TEXT_MAX], uint32_t value, bool json)
{
    static const char *const names[] = {
        [PRESENCE_NONE] = "none",
        [PRESENCE_ENTITY] = "entity",
        [PRESENCE_INTERACTION] = "interaction",
        [PRESENCE_STATE] = "state",
        [PRESENCE_EARLY] = "early",
    };

    format_name(out, value, json, names);
}

static void power_package_text(char out[TEXT_MAX], uint32_t value, bool json)
{
    const char *quote = json ? "\"" : "";
    char text[POWER_TEXT];

    snprintf(out, TEXT_MAX, "%s%s%s", quote, power_text(value, text), quote);
}

struct rule_field {
    const char *label;
    size_t offset;
    formatter *format;
};

#define RELEASE_RULE(field, format)                                                                \
    {                                                                                              \
#field, offsetof(struct release, field), format                                            \
    }
#define OEM_RULE(field, format)                                                                    \
    {                                                                                              \
#field, offsetof(struct oem_profile, field), format                                        \
    }
static const struct rule_field release_rules[] = {
    RELEASE_RULE(bare_metal_schedule, schedule_letter),
    RELEASE_RULE(commanded_schedule, schedule_letter),
    RELEASE_RULE(unprovision_to, factory_default),
    RELEASE_RULE(small_business, small_business_name),
    RELEASE_RULE(key_in_setup, format_yes_no),
    RELEASE_RULE(erases_inactive, format_yes_no),
    RELEASE_RULE(intel_bmp_hours, format_number),
    RELEASE_RULE(bmp_hours_max, format_number),
    RELEASE_RULE(commanded_hours, hours_or_no_limit),
    RELEASE_RULE(pki_bare_metal, format_yes_no),
    RELEASE_RULE(pki_by_agent, format_yes_no),
    RELEASE_RULE(ac_reopens_window, format_yes_no),
    RELEASE_RULE(server_fqdn, format_yes_no),
    RELEASE_RULE(platform, platform_name),
    RELEASE_RULE(amthi, amthi_generations),
    RELEASE_RULE(protocols, protocol_names),
    RELEASE_RULE(setup_bin, setup_bin_formats),
    RELEASE_RULE(suffix, suffix_rule_name),
    RELEASE_RULE(key_bits_max, format_number),
    RELEASE_RULE(tls_versions, tls_version_names),
    RELEASE_RULE(own_key_bits, format_number),
    RELEASE_RULE(commit_host_name, format_yes_no),
    RELEASE_RULE(digest_repeats, format_yes_no),
    RELEASE_RULE(old_certificate_invalid, format_yes_no),
    RELEASE_RULE(presence, presence_name),
    RELEASE_RULE(later_classes, format_bits),
    RELEASE_RULE(sku, format_bits),
    RELEASE_RULE(build, format_number),
};

static const struct rule_field oem_rules[] = {
    OEM_RULE(bmp_hours, oem_bmp_hours),        OEM_RULE(rcfg_enabled, format_yes_no),
    OEM_RULE(localized_bios, format_yes_no),   OEM_RULE(power_package, power_package_text),
    OEM_RULE(unprovision_to, factory_default),
};

/* A profile's texts carry no source of their own. The PPS is a secret: it is not among them. */
static const struct {
    const char *label;
    size_t offset;
    const char *source;
} oem_texts[] = {
    {"pid", offsetof(struct oem_profile, pid), "G-cksum"},
    {"default_domain", offsetof(struct oem_profile, default_domain), "S1"},
    {"host_label", offsetof(struct oem_profile, host_label), "GAEL"},
};

/* The rules of a release or profile stand together: one that is missing above does not compile. */
_Static_assert(LENGTH(release_rules) * sizeof(struct rule) ==
                   sizeof(struct release) - offsetof(struct release, bare_metal_schedule),
               "release_rules does not list every rule of struct release");
_Static_assert(LENGTH(oem_rules) * sizeof(struct rule) ==
                   offsetof(struct oem_profile, pid) - offsetof(struct oem_profile, bmp_hours),
               "oem_rules does not list every rule of struct oem_profile");

static struct rule rule_at(const void *row, const struct rule_field *field)
{
    struct rule rule;

    memcpy(&rule, (const uint8_t *)row + field->offset, sizeof rule);
    return rule;
}

static const char *text_at(const void *row, size_t offset)
{
    const char *text;

    memcpy(&text, (const uint8_t *)row + offset, sizeof text);
    return text;
}

static void attempt_minutes(char out[TEXT_MAX], const struct hello_schedule *schedule,
                            const char *separator)
{
    size_t used = 0;

    for (uint32_t slot = 0; slot < ATTEMPTS && used < TEXT_MAX; slot++) {
        unsigned long minutes = (unsigned long)(hello_slot_ms(schedule, slot) / MS_PER_MINUTE);

        used +=
            (size_t)snprintf(out + used, TEXT_MAX - used, "%s%lu", slot ? separator : "", minutes);
    }
}

/* How sure a value is, as its source says in words: "assumed", or "against" another source. */
enum mark { SOURCED, CONFLICTING, ASSUMED, MARKS };

static const char *const mark_names[MARKS] = {"sourced", "conflicting", "assumed"};

static enum mark mark_of(const char *source)
{
    if (strstr(source, "assumed"))
        return ASSUMED;
    return strstr(source, "against") ? CONFLICTING : SOURCED;
}

/* Columns as wide as their widest entry: everything is laid out once to measure, once to print. */
struct columns {
    bool measuring;
    int label;
    int value;
    uint32_t marks[MARKS]; /* rows that were printed */
};

static void print_row(struct columns *c, const char *label, const char *value, const char *source)
{
    if (!c->measuring) {
        enum mark mark = mark_of(source);

        c->marks[mark]++;
        printf("  %-*s  %-*s  %-11s  %s\n", c->label, label, c->value, value, mark_names[mark],
               source);
        return;
    }
    if ((int)strlen(label) > c->label)
        c->label = (int)strlen(label);
    if ((int)strlen(value) > c->value)
        c->value = (int)strlen(value);
}

static void print_rules(struct columns *c, const void *row, const struct rule_field *fields,
                        size_t count)
{
    char text[TEXT_MAX];

    for (size_t i = 0; i < count; i++) {
        struct rule rule = rule_at(row, &fields[i]);

        fields[i].format(text, rule.value, false);
        print_row(c, fields[i].label, text, rule.source);
    }
}

static void print_heading(const struct columns *c, const char *kind, const char *name)
{
    if (!c->measuring)
        printf("%s %s\n", kind, name);
}

static void print_hashes(struct columns *c, const struct cert_hash *hash, unsigned count)
{
    char text[TEXT_MAX];
    char label[TEXT_MAX];

    for (; count > 0; count--, hash++) {
        int prefix = snprintf(text, sizeof text, "%s:", cmd_algorithm_name(hash->algorithm));

        hex_write(text + prefix, hash->bytes, cert_hash_bytes(hash->algorithm));
        snprintf(label, sizeof label, "root %s", hash->name);
        print_row(c, label, text, hash->source);
    }
}

static void print_release(struct columns *c, const struct release *release)
{
    char text[TEXT_MAX];

    print_heading(c, "release", release->name);
    print_row(c, "version", release->version, VERSION_SOURCE);
    print_rules(c, release, release_rules, LENGTH(release_rules));
    format_number(text, release->roots.count, false);
    print_row(c, "root_count", text, release->roots.source);
    print_hashes(c, release->roots.hash, release->roots.count);
}

static void print_schedule(struct columns *c, char letter)
{
    const struct hello_schedule *schedule = hello_schedule_find(letter);
    const char name[] = {letter, '\0'};
    char text[TEXT_MAX];

    print_heading(c, "schedule", name);
    attempt_minutes(text, schedule, " ");
    print_row(c, "attempt_minutes", text, schedule->source);
    format_number(text, schedule->retry_max, false);
    print_row(c, "retry_max", text, schedule->source);
    if (!c->measuring)
        putchar('\n');
}

static void print_oem(struct columns *c, const struct oem_profile *oem)
{
    print_heading(c, "oem", oem->name);
    print_rules(c, oem, oem_rules, LENGTH(oem_rules));
    for (size_t i = 0; i < LENGTH(oem_texts); i++) {
        const char *text = text_at(oem, oem_texts[i].offset);

        print_row(c, oem_texts[i].label, text[0] != '\0' ? text : "none", oem_texts[i].source);
    }
    print_hashes(c, oem->hash, oem->hash_count);
}

static void print_blocks(struct columns *c)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    for (uint32_t i = 0; i < count; i++) {
        print_release(c, release[i]);
        if (!c->measuring)
            putchar('\n');
    }
    for (const char *letter = schedules; *letter; letter++)
        print_schedule(c, *letter);
    const struct oem_profile *const *oem = oem_table(&count);
    for (uint32_t i = 0; i < count; i++) {
        print_oem(c, oem[i]);
        if (!c->measuring && i + 1 < count)
            putchar('\n');
    }
}

static void print_shares(const uint32_t marks[MARKS])
{
    uint32_t all = marks[SOURCED] + marks[CONFLICTING] + marks[ASSUMED];

    printf("\n%" PRIu32 " values:", all);
    for (int i = 0; i < MARKS; i++)
        printf("%s %" PRIu32 " %s (%" PRIu32 " %%)", i ? "," : "", marks[i], mark_names[i],
               (100 * marks[i] + all / 2) / all);
    putchar('\n');
}

static void print_text(void)
{
    struct columns columns = {.measuring = true};

    print_blocks(&columns);
    columns.measuring = false;
    print_blocks(&columns);
    print_shares(columns.marks);
}

static void json_source(const char *source)
{
    printf(",\"mark\":\"%s\",\"source\":", mark_names[mark_of(source)]);
    json_string(stdout, source);
    putchar('}');
}

static void json_rules(const void *row, const struct rule_field *fields, size_t count)
{
    char text[TEXT_MAX];

    for (size_t i = 0; i < count; i++) {
        struct rule rule = rule_at(row, &fields[i]);

        fields[i].format(text, rule.value, true);
        printf(",\n   \"%s\":{\"value\":%s", fields[i].label, text);
        json_source(rule.source);
    }
}

static void json_hashes(const struct cert_hash *hash, unsigned count)
{
    char hex[2 * LIMIT_HASH_BYTES + 1];

    putchar('[');
    for (unsigned i = 0; i < count; i++, hash++) {
        hex_write(hex, hash->bytes, cert_hash_bytes(hash->algorithm));
        printf("%s\n    {\"value\":{\"name\":", i ? "," : "");
        json_string(stdout, hash->name);
        printf(",\"algorithm\":\"%s\",\"hash\":\"%s\"}", cmd_algorithm_name(hash->algorithm), hex);
        json_source(hash->source);
    }
    putchar(']');
}

static void json_release(const struct release *release)
{
    printf("{\"name\":");
    json_string(stdout, release->name);
    printf(",\n   \"version\":{\"value\":");
    json_string(stdout, release->version);
    json_source(VERSION_SOURCE);
    json_rules(release, release_rules, LENGTH(release_rules));
    printf(",\n   \"root_count\":{\"value\":%u", release->roots.count);
    json_source(release->roots.source);
    printf(",\n   \"roots\":");
    json_hashes(release->roots.hash, release->roots.count);
    putchar('}');
}

static void json_schedule(char letter)
{
    const struct hello_schedule *schedule = hello_schedule_find(letter);
    char minutes[TEXT_MAX];

    attempt_minutes(minutes, schedule, ",");
    printf("{\"name\":\"%c\",\n   \"attempt_minutes\":{\"value\":[%s]", letter, minutes);
    json_source(schedule->source);
    printf(",\n   \"retry_max\":{\"value\":%u", schedule->retry_max);
    json_source(schedule->source);
    putchar('}');
}

static void json_oem(const struct oem_profile *oem)
{
    printf("{\"name\":");
    json_string(stdout, oem->name);
    json_rules(oem, oem_rules, LENGTH(oem_rules));
    for (size_t i = 0; i < LENGTH(oem_texts); i++) {
        printf(",\n   \"%s\":{\"value\":", oem_texts[i].label);
        json_string(stdout, text_at(oem, oem_texts[i].offset));
        json_source(oem_texts[i].source);
    }
    printf(",\n   \"roots\":");
    json_hashes(oem->hash, oem->hash_count);
    putchar('}');
}

static void print_json(void)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    printf("{\"releases\":[");
    for (uint32_t i = 0; i < count; i++) {
        printf("%s\n  ", i ? "," : "");
        json_release(release[i]);
    }
    printf("],\n \"schedules\":[");
    for (const char *letter = schedules; *letter; letter++) {
        printf("%s\n  ", letter == schedules ? "" : ",");
        json_schedule(*letter);
    }
    const struct oem_profile *const *oem = oem_table(&count);
    printf("],\n \"oem\":[");
    for (uint32_t i = 0; i < count; i++) {
        printf("%s\n  ", i ? "," : "");
        json_oem(oem[i]);
    }
    puts("]}");
}

int cmd_releases(int argc, char **argv)
{
    static const struct cmd_option options[] = {{"--json", NULL, false}, {NULL, NULL, false}};
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    bool json = false;

    for (int got; (got = cmd_next(&args, options)) != CMD_ARG_END;) {
        if (got == CMD_ARG_BAD)
            return CMD_USAGE;
        if (got == CMD_ARG_HELP) {
            fputs(help, stdout);
            return cmd_finish(NAME);
        }
        if (got == CMD_ARG_OPERAND)
            return cmd_error(NAME, "unexpected argument \"%s\"", args.value);
        json = true;
    }
    if (json)
        print_json();
    else
        print_text();
    return cmd_finish(NAME);
}
