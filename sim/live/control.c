// SPDX-License-Identifier: BSD-3-Clause
#include "sim/live/control.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/address.h"
#include "fw/core/permits.h"
#include "sim/net/packet.h"
#include "sim/report/text_file.h"
#include "sim/scenario/names.h"

#define WORDS 4u

/* word[0] and word[1] are the command's own. Returns NULL, or what is wrong. */
typedef const char *perform(struct live *live, char *const word[WORDS], size_t words);

static const char *set_ac(struct live *live, char *const word[WORDS], size_t words)
{
    (void)words;
    live_power(live, strcmp(word[1], "on") == 0);
    return NULL;
}

static const char *set_battery(struct live *live, char *const word[WORDS], size_t words)
{
    (void)words;
    live_battery(live, strcmp(word[1], "in") == 0);
    return NULL;
}

static const char *set_jumper(struct live *live, char *const word[WORDS], size_t words)
{
    (void)word;
    (void)words;
    if (live->ac)
        return "AC is on; turn it off before clearing the CMOS";
    live->port.cmos_lost = true;
    return NULL;
}

/* Why the table of permissions says no, with the way out. */
static const char *refusal(const struct live *live)
{
    switch (situation_of(&live->device.setup)) {
    case SITUATION_FACTORY:
        return "refused: the device is in factory state, there is nothing to unprovision";
    case SITUATION_PROVISIONED:
        return "refused: the device is provisioned; unprovision it first";
    case SITUATION_LOCKED:
        return "refused: the stored settings are damaged; unprovision full starts anew";
    default:
        return "refused while set-up is in process";
    }
}

static const char *mebx_error(const struct live *live, int error)
{
    switch (error) {
    case DEVICE_OK:
        return NULL;
    case DEVICE_BAD_VALUE:
        return "invalid value: the device rejects it";
    case DEVICE_REFUSED:
        return refusal(live);
    default:
        return "the device could not store the change";
    }
}

static const char *unprovision(struct live *live, char *const word[WORDS], size_t words)
{
    bool full = strcmp(word[1], "full") == 0;
    uint64_t now = live_now_ms(live);

    (void)words;
    return mebx_error(live, full ? device_mebx_full_unprovision(&live->device, now)
                                 : device_mebx_partial_unprovision(&live->device, now));
}

static const char *configure_by_hand(struct live *live, char *const word[WORDS], size_t words)
{
    (void)word;
    (void)words;
    return mebx_error(live, device_mebx_manual(&live->device, live_now_ms(live)));
}

/* 0: not a port. */
static uint16_t port_number(const char *text)
{
    uint32_t value = 0;

    for (; *text >= '0' && *text <= '9' && value <= UINT16_MAX; text++)
        value = value * 10 + (uint32_t)(*text - '0');
    return *text || value > UINT16_MAX ? 0 : (uint16_t)value;
}

static const char *enter_server(struct live *live, char *const word[WORDS], size_t words)
{
    uint16_t port = words > 3 ? port_number(word[3]) : 0;
    uint32_t ip;

    if (!ip_parse(word[2], &ip))
        return "invalid address; expected an IPv4 address like 10.0.0.5";
    if (!address_is_host(ip))
        return "not the address of a host; expected a server's, like 10.0.0.5";
    if (ip == live->device.net.facts.ip)
        return "the device's own address; expected a server's";
    if (words > 3 && port == 0)
        return "invalid port; expected a number from 1 to 65535";
    return mebx_error(live, device_mebx_server(&live->device, ip, port, live_now_ms(live)));
}

static const char *enter_domain(struct live *live, char *const word[WORDS], size_t words)
{
    (void)words;
    return mebx_error(live, device_mebx_domain(&live->device, word[2], live_now_ms(live)));
}

static const char *press_key(struct live *live, char *const word[WORDS], size_t words)
{
    static const struct {
        const char *name, *key;
    } keys[] = {{"enter", "\r"}, {"esc", "\x1b"}, {"del", "\x7f"}};

    if (words > 2)
        return pc_press_keys(&live->pc, word[2]);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(word[1], keys[i].name) == 0)
            return pc_press_keys(&live->pc, keys[i].key);
    return strcmp(word[1], "power") == 0 ? pc_press_power(&live->pc) : pc_press_reset(&live->pc);
}

struct command {
    const char *word[2];
    const char *operands;
    size_t operands_min, operands_max;
    bool on_the_device; /* needs power */
    perform *perform;
};

static const struct command commands[] = {
    {{"ac", "on"}, "", 0, 0, false, set_ac},
    {{"ac", "off"}, "", 0, 0, false, set_ac},
    {{"cmos", "out"}, "", 0, 0, false, set_battery},
    {{"cmos", "in"}, "", 0, 0, false, set_battery},
    {{"cmos", "clear"}, "", 0, 0, false, set_jumper},
    {{"unprovision", "full"}, "", 0, 0, true, unprovision},
    {{"unprovision", "partial"}, "", 0, 0, true, unprovision},
    {{"mebx", "server"}, " IP [PORT]", 1, 2, true, enter_server},
    {{"mebx", "domain"}, " NAME", 1, 1, true, enter_domain},
    {{"mebx", "manual"}, "", 0, 0, true, configure_by_hand},
    {{"press", "power"}, "", 0, 0, false, press_key},
    {{"press", "reset"}, "", 0, 0, false, press_key},
    {{"press", "enter"}, "", 0, 0, false, press_key},
    {{"press", "esc"}, "", 0, 0, false, press_key},
    {{"press", "del"}, "", 0, 0, false, press_key},
    {{"press", "keys"}, " TEXT", 1, 1, false, press_key},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

/* Returns how many words there are, WORDS + 1 for more than fit. */
static size_t split_words(char *text, char *word[WORDS])
{
    size_t words = 0;

    for (;;) {
        text += strspn(text, " \t");
        if (*text == '\0')
            return words;
        if (words == WORDS)
            return WORDS + 1;
        word[words++] = text;
        text += strcspn(text, " \t");
        if (*text)
            *text++ = '\0';
    }
}

static const struct command *find_command(char *const word[WORDS], size_t words)
{
    for (size_t i = 0; words >= 2 && words <= WORDS && i < COMMANDS; i++)
        if (strcmp(commands[i].word[0], word[0]) == 0 &&
            strcmp(commands[i].word[1], word[1]) == 0 && words - 2 >= commands[i].operands_min &&
            words - 2 <= commands[i].operands_max)
            return &commands[i];
    return NULL;
}

static void list_commands(char answer[CONTROL_ANSWER_BYTES])
{
    size_t used = (size_t)snprintf(answer, CONTROL_ANSWER_BYTES,
                                   "error: unknown command; expected state, screen");

    for (size_t i = 0; i < COMMANDS && used < CONTROL_ANSWER_BYTES; i++)
        used += (size_t)snprintf(answer + used, CONTROL_ANSWER_BYTES - used, "%s%s %s%s",
                                 i + 1 < COMMANDS ? ", " : " or ", commands[i].word[0],
                                 commands[i].word[1], commands[i].operands);
}

static void tell_state(const struct live *live, char answer[CONTROL_ANSWER_BYTES])
{
    int state = (int)setup_reported(&live->device.setup);
    const char *text = reported_state_name(state);

    if (!live->powered)
        text = live->ac ? "ME off" : "AC off";
    else if (state == SETUP_REPORTED_NONE)
        text = "locked: the stored settings are damaged; unprovision full starts anew";
    snprintf(answer, CONTROL_ANSWER_BYTES, "%s", text);
}

/* Without the empty lines at its end. */
static void tell_screen(const struct live *live, char answer[CONTROL_ANSWER_BYTES])
{
    char line[PC_COLUMNS + 1];
    size_t used = 0, end = 0;

    for (uint32_t i = 0; i < PC_ROWS && used < CONTROL_ANSWER_BYTES; i++) {
        pc_screen_line(&live->pc, i, line);
        used += (size_t)snprintf(answer + used, CONTROL_ANSWER_BYTES - used, "%s%s", i ? "\n" : "",
                                 line);
        if (line[0])
            end = used;
    }
    snprintf(answer + end, CONTROL_ANSWER_BYTES - end, "%s", end ? "" : "(the screen is black)");
}

static void perform_command(struct live *live, char *text, char answer[CONTROL_ANSWER_BYTES])
{
    char *word[WORDS];
    size_t words = split_words(text, word);
    const struct command *command = find_command(word, words);
    const char *wrong;

    if (words == 1 && strcmp(word[0], "state") == 0) {
        tell_state(live, answer);
        return;
    }
    if (words == 1 && strcmp(word[0], "screen") == 0) {
        tell_screen(live, answer);
        return;
    }
    if (!command) {
        list_commands(answer);
        return;
    }
    if (command->on_the_device && !live->powered)
        wrong = live->ac ? "the ME has no power while the PC is off; press power first"
                         : "AC is off; turn it on first";
    else
        wrong = command->perform(live, word, words);
    snprintf(answer, CONTROL_ANSWER_BYTES, "%s%s", wrong ? "error: " : "ok", wrong ? wrong : "");
    /* The next command finds what followed from this one. */
    if (live->powered)
        device_poll(&live->device, live_now_ms(live));
}

static bool is_text(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (iscntrl((unsigned char)bytes[i]) && bytes[i] != '\t')
            return false;
    return true;
}

static void serve_client(struct live *live, uint32_t client)
{
    char text[CONTROL_COMMAND_BYTES], answer[CONTROL_ANSWER_BYTES];
    size_t len = linux_socket_receive(&live->port.control, client, text, sizeof text - 1);

    if (len == 0)
        return;
    if (len >= sizeof text) {
        snprintf(answer, sizeof answer, "error: command too long; expected at most %zu characters",
                 sizeof text - 1);
    } else if (!is_text(text, len)) {
        snprintf(answer, sizeof answer, "error: invalid command; expected one line of text");
    } else {
        struct text_out out = text_to_file(stdout);

        text[len] = '\0';
        trace_note(&out, live_now_ms(live), "control", text);
        perform_command(live, text, answer);
    }
    if (!linux_socket_send(&live->port.control, client, answer, strlen(answer)))
        linux_socket_drop(&live->port.control, client);
}

void live_control(struct live *live)
{
    linux_socket_accept(&live->port.control, LINUX_KEEP_NONE);
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        serve_client(live, i);
}
