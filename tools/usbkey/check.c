#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/power.h"
#include "fw/host/usbkey_file.h"
#include "tools/usbkey/tool.h"

enum { OPTION_RELEASE, OPTION_OEM, OPTION_STATE, OPTION_PASSWORD_CHANGED, OPTIONS };

struct check {
    const char *path;
    const struct release *release;
    const struct oem_profile *oem;
    uint32_t reported;
    bool password_changed;
};

static void line(const char *name, const char *value)
{
    printf("%-18s %s\n", name, value);
}

static void number(const char *name, uint32_t before, uint32_t after)
{
    if (before != after)
        printf("%-18s %" PRIu32 "\n", name, after);
}

static void text(const char *name, const char *before, const char *after)
{
    if (strcmp(before, after) != 0)
        line(name, after);
}

static void secret(const char *name, const char *before, const char *after)
{
    if (strcmp(before, after) != 0)
        line(name, TOOL_SECRET);
}

static void flag(const char *name, bool before, bool after)
{
    if (before != after)
        line(name, after ? "on" : "off");
}

static void address(const char *name, uint32_t before, uint32_t after)
{
    if (before != after)
        printf("%-18s %u.%u.%u.%u\n", name, after >> 24, after >> 16 & 255, after >> 8 & 255,
               after & 255);
}

static void changes(const struct settings *a, const struct settings *b)
{
    char package[POWER_TEXT];

    secret("MEBx password", a->password, b->password);
    if (strcmp(a->pid, b->pid) != 0)
        printf("%-18s %.4s-%s\n", "PID", b->pid, b->pid + 4);
    secret("PPS", a->pps, b->pps);
    flag("manageability", a->manageability, b->manageability);
    if (a->power_package != b->power_package)
        line("power package", power_text(b->power_package, package));
    number("idle time-out", a->idle_timeout_min, b->idle_timeout_min);
    if (a->mode != b->mode)
        line("mode", b->mode == MODE_SMB ? "SMB" : "enterprise");
    flag("remote config", a->rcfg_enabled, b->rcfg_enabled);
    text("PKI DNS suffix", a->pki_suffix, b->pki_suffix);
    text("server FQDN", a->server_fqdn, b->server_fqdn);
    address("server address", a->server_ip, b->server_ip);
    number("server port", a->server_port, b->server_port);
    text("host name", a->host_name, b->host_name);
    text("domain", a->domain, b->domain);
    flag("DHCP", a->dhcp_enabled, b->dhcp_enabled);
    address("address", a->fixed.ip, b->fixed.ip);
    address("mask", a->fixed.mask, b->fixed.mask);
    address("gateway", a->fixed.gateway, b->fixed.gateway);
    address("DNS 1", a->fixed.dns1, b->fixed.dns1);
    address("DNS 2", a->fixed.dns2, b->fixed.dns2);
    number("redirection", a->redirection, b->redirection);
    number("password policy", a->password_policy, b->password_policy);
    flag("built-in hashes", a->hash_active, b->hash_active);
    for (uint32_t i = 0; i < LIMIT_HASHES_USER; i++)
        text("user hash", a->user_hash[i].name, b->user_hash[i].name);
}

static const char *outcome_text(enum local_change change)
{
    switch (change) {
    case LOCAL_KEY_ENTERED:
        return "a key of one's own: set-up begins";
    case LOCAL_MANUAL:
        return "manual set-up: provisioned at once";
    default:
        return "settings are stored";
    }
}

static void refused(const struct usbkey_report *report)
{
    const struct usbkey_variable *v = usbkey_variable(report->module, report->variable);

    fputs("refused: ", stdout);
    if (report->record)
        printf("record %" PRIu32 ", ", report->record);
    if (report->module)
        printf("entry %u/%u (%s), ", report->module, report->variable, v ? v->name : "unknown");
    puts(usbkey_result_text(report->result));
}

static int check(const struct check *check)
{
    struct image image;
    struct settings before;
    struct local_outcome outcome;
    struct usbkey_report report;
    int status = image_load(check->path, &image);

    if (status != TOOL_OK)
        return status;
    struct hal_usb usb = image_usb(&image);

    settings_factory(&before, check->release, check->oem);
    before.password_default = !check->password_changed;
    usbkey_read(&usb, check->release, &before, check->reported, &outcome, &report);
    image_free(&image);
    if (report.result != USBKEY_APPLIED) {
        refused(&report);
        return TOOL_REFUSED;
    }
    printf("%-18s %" PRIu32 "\n", "record", report.record);
    line("outcome", outcome_text(outcome.change));
    number("ignored entries", 0, report.ignored);
    changes(&before, &outcome.settings);
    return TOOL_OK;
}

static int take(struct check *check, int option, const char *value)
{
    static const char *const states[] = {"factory", "setup", "provisioned"};

    switch (option) {
    case OPTION_RELEASE:
        check->release = release_find(value);
        return check->release ? TOOL_OK : tool_error("--release: unknown release \"%s\"", value);
    case OPTION_OEM:
        check->oem = oem_find(value);
        return check->oem ? TOOL_OK : tool_error("--oem: unknown profile \"%s\"", value);
    case OPTION_STATE:
        for (check->reported = 0; check->reported < 3; check->reported++)
            if (strcmp(value, states[check->reported]) == 0)
                return TOOL_OK;
        return tool_error("--state: expected factory, setup or provisioned, not \"%s\"", value);
    default:
        check->password_changed = true;
        return TOOL_OK;
    }
}

int cmd_check(int argc, char **argv)
{
    static const struct tool_option options[OPTIONS] = {
        [OPTION_RELEASE] = {"--release", true},
        [OPTION_OEM] = {"--oem", true},
        [OPTION_STATE] = {"--state", true},
        [OPTION_PASSWORD_CHANGED] = {"--password-changed", false},
    };
    struct tool_args args = {argc, 0, argv};
    struct check c = {.oem = oem_find("intel")};
    const char *value;
    int option, given = 0;

    while ((option = tool_next(&args, options, OPTIONS, &value)) != TOOL_END) {
        if (option == TOOL_BAD)
            return TOOL_USAGE;
        if (option == TOOL_OPERAND) {
            if (c.path)
                return tool_error("check takes one file");
            c.path = value;
            continue;
        }
        if (given & 1 << option)
            return tool_error("%s is given twice", options[option].name);
        given |= 1 << option;
        if (take(&c, option, value) != TOOL_OK)
            return TOOL_USAGE;
    }
    if (!c.path || !c.release)
        return tool_error("check expects %s", c.path ? "--release" : "a file");
    return check(&c);
}
