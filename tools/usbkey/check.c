#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/power.h"
#include "fw/core/wipe.h"
#include "fw/host/usbkey/usbkey.h"
#include "fw/host/usbkey/usbkey_file.h"
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

    secret("MEBx password", a->secret.password, b->secret.password);
    if (strcmp(a->secret.pid, b->secret.pid) != 0)
        printf("%-18s %.4s-%s\n", "PID", b->secret.pid, b->secret.pid + 4);
    secret("PPS", a->secret.pps, b->secret.pps);
    flag("manageability", a->me.manageability, b->me.manageability);
    if (a->me.power_package != b->me.power_package)
        line("power package", power_text(b->me.power_package, package));
    number("idle time-out", a->me.idle_timeout_min, b->me.idle_timeout_min);
    if (a->config.mode != b->config.mode)
        line("mode", b->config.mode == MODE_SMB ? "SMB" : "enterprise");
    flag("remote config", a->config.rcfg_enabled, b->config.rcfg_enabled);
    text("PKI DNS suffix", a->config.pki_suffix, b->config.pki_suffix);
    text("server FQDN", a->config.server_fqdn, b->config.server_fqdn);
    address("server address", a->config.server_ip, b->config.server_ip);
    number("server port", a->config.server_port, b->config.server_port);
    text("host name", a->config.host_name, b->config.host_name);
    text("domain", a->config.domain, b->config.domain);
    flag("DHCP", a->config.dhcp_enabled, b->config.dhcp_enabled);
    address("address", a->config.fixed.ip, b->config.fixed.ip);
    address("mask", a->config.fixed.mask, b->config.fixed.mask);
    address("gateway", a->config.fixed.gateway, b->config.fixed.gateway);
    address("DNS 1", a->config.fixed.dns1, b->config.fixed.dns1);
    address("DNS 2", a->config.fixed.dns2, b->config.fixed.dns2);
    number("redirection", a->config.redirection, b->config.redirection);
    number("password policy", a->config.password_policy, b->config.password_policy);
    flag("built-in hashes", a->config.hash_active, b->config.hash_active);
    for (uint32_t i = 0; i < LIMIT_HASHES_USER; i++)
        text("user hash", a->config.user_hash[i].name, b->config.user_hash[i].name);
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
    before.secret.password_default = !check->password_changed;
    usbkey_read(&usb, check->release, &before, check->reported, &outcome, &report);
    image_free(&image);
    if (report.result == USBKEY_APPLIED) {
        printf("%-18s %" PRIu32 "\n", "record", report.record);
        line("outcome", outcome_text(outcome.change));
        number("ignored entries", 0, report.ignored);
        changes(&before, &outcome.settings);
    } else {
        refused(&report);
        status = TOOL_REFUSED;
    }
    wipe(&before, sizeof(before));
    wipe(&outcome, sizeof(outcome));
    return status;
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
