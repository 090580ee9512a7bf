// SPDX-License-Identifier: BSD-3-Clause
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
    enum situation situation;
    bool password_changed;
};

static void print_line(const char *name, const char *value)
{
    printf("%-18s %s\n", name, value);
}

static void print_number(const char *name, uint32_t before, uint32_t after)
{
    if (before != after)
        printf("%-18s %" PRIu32 "\n", name, after);
}

static void print_text(const char *name, const char *before, const char *after)
{
    if (strcmp(before, after) != 0)
        print_line(name, after);
}

static void print_secret(const char *name, const char *before, const char *after)
{
    if (strcmp(before, after) != 0)
        print_line(name, TOOL_SECRET);
}

static void print_flag(const char *name, bool before, bool after)
{
    if (before != after)
        print_line(name, after ? "on" : "off");
}

static void print_address(const char *name, uint32_t before, uint32_t after)
{
    if (before != after)
        printf("%-18s %u.%u.%u.%u\n", name, after >> 24, after >> 16 & 255, after >> 8 & 255,
               after & 255);
}

static void print_changes(const struct settings *a, const struct settings *b)
{
    char package[POWER_TEXT];

    print_secret("MEBx password", a->secret.password, b->secret.password);
    if (strcmp(a->secret.pid, b->secret.pid) != 0)
        printf("%-18s %.4s-%s\n", "PID", b->secret.pid, b->secret.pid + 4);
    print_secret("PPS", a->secret.pps, b->secret.pps);
    print_flag("manageability", a->me.manageability, b->me.manageability);
    if (a->me.power_package != b->me.power_package)
        print_line("power package", power_text(b->me.power_package, package));
    print_number("idle time-out", a->me.idle_timeout_min, b->me.idle_timeout_min);
    if (a->config.mode != b->config.mode)
        print_line("mode", b->config.mode == MODE_SMB ? "SMB" : "enterprise");
    print_flag("remote config", a->config.rcfg_enabled, b->config.rcfg_enabled);
    print_text("PKI DNS suffix", a->config.pki_suffix, b->config.pki_suffix);
    print_text("server FQDN", a->config.server_fqdn, b->config.server_fqdn);
    print_address("server address", a->config.server_ip, b->config.server_ip);
    print_number("server port", a->config.server_port, b->config.server_port);
    print_text("host name", a->config.host_name, b->config.host_name);
    print_text("domain", a->config.domain, b->config.domain);
    print_flag("DHCP", a->config.dhcp_enabled, b->config.dhcp_enabled);
    print_address("address", a->config.fixed.ip, b->config.fixed.ip);
    print_address("mask", a->config.fixed.mask, b->config.fixed.mask);
    print_address("gateway", a->config.fixed.gateway, b->config.fixed.gateway);
    print_address("DNS 1", a->config.fixed.dns1, b->config.fixed.dns1);
    print_address("DNS 2", a->config.fixed.dns2, b->config.fixed.dns2);
    print_number("redirection", a->config.redirection, b->config.redirection);
    print_number("password policy", a->config.password_policy, b->config.password_policy);
    /* A key switches all of them: the first one stands for the others. */
    print_flag("built-in hashes", a->config.hash_active & 1u, b->config.hash_active & 1u);
    for (uint32_t i = 0; i < LIMIT_HASHES_USER; i++)
        print_text("user hash", a->config.user_hash[i].name, b->config.user_hash[i].name);
}

static const char *outcome_text(enum local_change change, bool key)
{
    switch (change) {
    case LOCAL_KEY_ENTERED:
        return key ? "pre-shared key entered: set-up begins" : "set-up begins";
    case LOCAL_HALT:
        return "set-up is halted";
    case LOCAL_MANUAL:
        return "manual set-up: provisioned at once";
    default:
        return "settings are stored";
    }
}

static void print_refusal(const struct usbkey_report *report)
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
    usbkey_read(&usb, check->release, &before, check->situation, &outcome, &report);
    image_free(&image);
    if (report.result == USBKEY_APPLIED) {
        printf("%-18s %" PRIu32 "\n", "record", report.record);
        print_line("outcome", outcome_text(outcome.change, outcome.settings.secret.pid[0] != 0));
        print_number("ignored entries", 0, report.ignored);
        print_changes(&before, &outcome.settings);
    } else {
        print_refusal(&report);
        status = TOOL_REFUSED;
    }
    wipe(&before, sizeof(before));
    wipe(&outcome, sizeof(outcome));
    return status;
}

static int parse_option(struct check *check, int option, const char *value)
{
    static const struct {
        const char *name;
        enum situation situation;
    } states[] = {{"factory", SITUATION_FACTORY},
                  {"setup", SITUATION_SETUP},
                  {"provisioned", SITUATION_PROVISIONED}};

    switch (option) {
    case OPTION_RELEASE:
        check->release = release_find(value);
        return check->release
                   ? TOOL_OK
                   : tool_error("unknown release \"%s\"; `proviso releases` lists them", value);
    case OPTION_OEM:
        check->oem = oem_find(value);
        return check->oem
                   ? TOOL_OK
                   : tool_error("unknown OEM profile \"%s\"; `proviso releases` lists them", value);
    case OPTION_STATE:
        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
            check->situation = states[i].situation;
            if (strcmp(value, states[i].name) == 0)
                return TOOL_OK;
        }
        return tool_error("unknown state \"%s\"; expected factory, setup or provisioned", value);
    default:
        check->password_changed = true;
        return TOOL_OK;
    }
}

int cmd_check(int argc, char **argv)
{
    static const struct options_known options[OPTIONS + 1] = {
        [OPTION_RELEASE] = {"--release", true},
        [OPTION_OEM] = {"--oem", true},
        [OPTION_STATE] = {"--state", true},
        [OPTION_PASSWORD_CHANGED] = {"--password-changed", false},
    };
    struct options args = {.argc = argc, .argv = argv};
    struct check c = {.oem = oem_find("intel")};
    int option, seen = 0;

    while ((option = tool_next(&args, options)) != TOOL_END) {
        if (option == TOOL_BAD)
            return TOOL_USAGE;
        if (option == TOOL_OPERAND) {
            if (c.path)
                return tool_error("too many arguments; check expects one file");
            c.path = args.value;
            continue;
        }
        if (seen & 1 << option)
            return tool_error("%s given more than once", options[option].name);
        seen |= 1 << option;
        if (parse_option(&c, option, args.value) != TOOL_OK)
            return TOOL_USAGE;
    }
    if (!c.path || !c.release)
        return tool_error(c.path ? "--release R is required" : "a file to check is required");
    return check(&c);
}
