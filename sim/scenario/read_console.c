// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/core/limits.h"
#include "sim/scenario/reader.h"

/* A person at the machine, and an administrator at a console. */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

bool reader_press(struct reader *r, struct step *step)
{
    static const char *const list[] = {
        [WORLD_POWER_BUTTON] = "power", [WORLD_RESET_BUTTON] = "reset", [WORLD_KEYS] = "keys"};
    size_t index = 0;

    step->kind = STEP_PRESS;
    if (!reader_choose(r, "word after press", list, COUNT(list), &index))
        return false;
    step->button = (enum world_button)index;
    return step->button != WORLD_KEYS || reader_keys(r, false, &step->keys);
}

/* Whose password nobody gives is the one that a world begins with. */
static bool read_as(struct reader *r, struct console_order *order)
{
    static const char *const list[] = {"as"};
    size_t index = 0;

    order->user = CONSOLE_USER;
    order->password = CONSOLE_PASSWORD;
    if (!reader_peek(r))
        return true;
    return reader_choose(r, "end of the line", list, COUNT(list), &index) &&
           reader_next_word(r, "user", &order->user) &&
           reader_secret(r, "password", &order->password);
}

static bool read_use(struct reader *r, struct step *step)
{
    static const char *const list[] = {[CONSOLE_SOAP] = "soap", [CONSOLE_WSMAN] = "wsman"};
    static const char *const tls[] = {"tls"};
    size_t index = 0, ignored = 0;

    step->kind = STEP_CONSOLE_USE;
    if (!reader_choose(r, "protocol", list, COUNT(list), &index))
        return false;
    step->protocol = (enum console_protocol)index;
    step->console.on = reader_peek(r) != NULL;
    return !step->console.on || reader_choose(r, "end of the line", tls, COUNT(tls), &ignored);
}

static bool read_boot(struct reader *r, struct console_order *order)
{
    static const char *const list[] = {"pxe", "disk", "cd", "diagnostics"};
    size_t index = 0;

    if (!reader_choose(r, "boot source", list, COUNT(list), &index))
        return false;
    order->source = (enum console_source)(CONSOLE_BOOT_PXE + index);
    return true;
}

static bool read_power(struct reader *r, struct step *step)
{
    static const char *const commands[] = {[CONSOLE_UP] = "up",
                                           [CONSOLE_DOWN] = "down",
                                           [CONSOLE_CYCLE] = "cycle",
                                           [CONSOLE_RESET] = "reset"};
    static const char *const words[] = {"sol", "setup", "pause", "boot", "as"};
    struct console_order *order = &step->console;
    uint32_t seen = 0;
    size_t index = 0;

    order->task = CONSOLE_POWER;
    if (!reader_choose(r, "word after power", commands, COUNT(commands), &index))
        return false;
    order->command = (enum console_command)index;
    while (reader_peek(r) && strcmp(reader_peek(r), "as") != 0) {
        if (!reader_choose(r, "word of the boot", words, COUNT(words), &index) ||
            !reader_once(r, words[index], index, &seen))
            return false;
        if (index < 3)
            order->options = (uint8_t)(order->options | 1u << index);
        else if (!read_boot(r, order))
            return false;
    }
    return read_as(r, order);
}

static bool read_what(struct reader *r, struct step *step)
{
    static const char *const list[] = {"state", "log"};
    size_t index = 0;

    if (!reader_choose(r, "word after read", list, COUNT(list), &index))
        return false;
    step->console.task = index == 0 ? CONSOLE_STATE : CONSOLE_LOG;
    return read_as(r, &step->console);
}

static bool read_redirection(struct reader *r, struct step *step)
{
    step->console.task = CONSOLE_REDIRECTION;
    return reader_on_off(r, "state after redirection", &step->console.on) &&
           read_as(r, &step->console);
}

/* Realms by their numbers' names (LMS-cim). */
static const struct {
    const char *name;
    uint8_t number;
} realms[] = {
    {"redirection", 2},   {"administration", 3}, {"hardware", 4},      {"remote-control", 5},
    {"event-manager", 7}, {"network-time", 12},  {"general-info", 13}, {"event-log", 19},
    {"audit-log", 20},    {"users", 21},
};

static bool read_realms(struct reader *r, uint32_t *out)
{
    const char *names[COUNT(realms)];
    size_t index = 0;

    for (size_t i = 0; i < COUNT(realms); i++)
        names[i] = realms[i].name;
    r->secret = false; /* of the line, only the word before was one */
    do {
        if (!reader_choose(r, "realm", names, COUNT(names), &index) ||
            !reader_once(r, names[index], realms[index].number, out))
            return false;
    } while (reader_peek(r) && strcmp(reader_peek(r), "as") != 0);
    return true;
}

static bool read_user(struct reader *r, struct step *step)
{
    static const char *const list[] = {"add"};
    size_t index = 0;

    step->console.task = CONSOLE_USER_ADD;
    return reader_choose(r, "word after user", list, COUNT(list), &index) &&
           reader_next_word(r, "name of the new user", &step->console.new_user) &&
           reader_secret(r, "password of the new user", &step->console.new_password) &&
           read_realms(r, &step->console.realms) && read_as(r, &step->console);
}

static bool read_sol(struct reader *r, struct step *step)
{
    static const char *const list[] = {"open", "close", "type"};
    size_t index = 0;

    if (!reader_choose(r, "word after sol", list, COUNT(list), &index))
        return false;
    step->kind = (enum step_kind)(STEP_SOL_OPEN + index);
    if (index == 0)
        return read_as(r, &step->console);
    return index == 1 || reader_keys(r, false, &step->keys);
}

static bool is_console(const struct step *step)
{
    return step->kind == STEP_CONSOLE_USE || step->kind == STEP_CONSOLE_ORDER ||
           (step->kind >= STEP_SOL_OPEN && step->kind <= STEP_SOL_TYPE);
}

static bool is_server(const struct step *step)
{
    return step->kind == STEP_SCA || step->kind == STEP_SCA_PLAN || step->kind == STEP_SCA_CLOCK;
}

static bool check_consoles(struct reader *r, uint32_t ip)
{
    const struct scenario *scenario = r->scenario;
    uint32_t known[SCENARIO_CONSOLES] = {ip};
    size_t count = 1;

    for (size_t i = 0; i < scenario->steps; i++) {
        const struct step *step = &scenario->step[i];
        size_t k = 0;

        if (is_server(step) && step->ip == ip)
            return reader_fail(r, "a set-up application has this address; expected another one");
        if (!is_console(step))
            continue;
        while (k < count && known[k] != step->ip)
            k++;
        if (k < count)
            continue;
        if (count == SCENARIO_CONSOLES)
            return reader_fail(r, "too many consoles; expected at most %u", SCENARIO_CONSOLES);
        known[count++] = step->ip;
    }
    return true;
}

bool reader_console(struct reader *r, struct step *step)
{
    static const struct {
        const char *name;
        bool (*read)(struct reader *r, struct step *step);
    } words[] = {{"use", read_use},   {"power", read_power},
                 {"read", read_what}, {"redirection", read_redirection},
                 {"user", read_user}, {"sol", read_sol}};
    const char *names[COUNT(words)];
    size_t index = 0;

    for (size_t i = 0; i < COUNT(words); i++)
        names[i] = words[i].name;
    step->kind = STEP_CONSOLE_ORDER;
    if (!reader_ip(r, "address of the console", &step->ip) || !check_consoles(r, step->ip) ||
        !reader_choose(r, "word after console IP", names, COUNT(names), &index))
        return false;
    if (index > 0 && !r->timed)
        return reader_fail(r, "console %s needs a time; expected `at TIME console ...`",
                           names[index]);
    return words[index].read(r, step);
}
