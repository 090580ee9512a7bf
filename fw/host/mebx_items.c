#include <stddef.h>
#include <string.h>

#include "fw/core/psk.h"
#include "fw/host/mebx_menu.h"
#include "fw/host/mebx_text.h"

#define STEP_FIRST 0
#define STEP_SECOND 1
#define REMOVE "." /* never a name: a label is missing */
#define IDLE_MAX UINT16_MAX

static char *text_of(struct mebx *mebx, const struct mebx_item *item)
{
    return (char *)&mebx->outcome.settings + item->arg;
}

static const char *text_now(const struct mebx *mebx, const struct mebx_item *item)
{
    return (const char *)&mebx->outcome.settings + item->arg;
}

/* --- names --- */

static void show_name(const struct mebx *mebx, const struct mebx_item *item)
{
    const char *text = text_now(mebx, item);

    mebx_put(mebx, text[0] ? text : "none");
}

static void ask_name(const struct mebx *mebx, const struct mebx_item *item)
{
    mebx_put(mebx, item->label);
    mebx_put(mebx, " (empty: keep, .: remove): ");
}

static enum mebx_next set_name(struct mebx *mebx, const struct mebx_item *item, const char *name)
{
    char *text = text_of(mebx, item);

    if (mebx_same(text, name))
        return MEBX_DONE;
    memset(text, 0, item->size);
    memcpy(text, name, strlen(name));
    mebx->changed = true;
    return MEBX_DONE;
}

static enum mebx_next take_name(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    if (line[0] == '\0')
        return MEBX_DONE;
    if (mebx_same(line, REMOVE))
        return set_name(mebx, item, "");
    if (settings_dns_name_ok(line, item->size - 1u))
        return set_name(mebx, item, line);
    mebx_refuse(mebx, "a name consists of letters, digits, '-' and '.', its parts of 1 to 63 "
                      "characters, and an underscore is not allowed");
    mebx_put(mebx, "At most ");
    mebx_put_number(mebx, item->size - 1u);
    mebx_put(mebx, " characters.\n");
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_name = {.show = show_name, .ask = ask_name, .take = take_name};

static enum mebx_next take_host_name(struct mebx *mebx, const struct mebx_item *item,
                                     const char *line)
{
    if (line[0] == '\0')
        return MEBX_DONE;
    if (mebx_same(line, REMOVE))
        return set_name(mebx, item, "");
    if (memchr(line, '_', strlen(line)))
        mebx_refuse(mebx, "a host name must not contain an underscore");
    else if (memchr(line, '.', strlen(line)))
        mebx_refuse(mebx, "a host name has no dots; the domain is an item of its own");
    else if (!settings_dns_name_ok(line, item->size - 1u))
        mebx_refuse(mebx, "a host name is 1 to 63 letters, digits and '-'");
    else
        return set_name(mebx, item, line);
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_host_name = {
    .show = show_name, .ask = ask_name, .take = take_host_name};

/* --- addresses --- */

static void show_address(const struct mebx *mebx, const struct mebx_item *item)
{
    uint32_t address;

    memcpy(&address, text_now(mebx, item), sizeof(address));
    if (address)
        mebx_put_address(mebx, address);
    else
        mebx_put(mebx, "none");
}

static void ask_address(const struct mebx *mebx, const struct mebx_item *item)
{
    mebx_put(mebx, item->label);
    mebx_put(mebx, " (empty: keep, 0.0.0.0: remove): ");
}

/* The address of one machine: neither this network, loopback, multicast nor reserved. */
static bool is_machine(uint32_t address)
{
    uint32_t first = address >> 24;

    return first != 0 && first != 127 && first < 224;
}

static bool is_mask(uint32_t mask)
{
    return mask != 0 && (~mask & (~mask + 1u)) == 0;
}

static enum mebx_next take_address(struct mebx *mebx, const struct mebx_item *item,
                                   const char *line)
{
    bool mask = item->arg == offsetof(struct settings, fixed.mask);
    uint32_t address, before;

    if (line[0] == '\0')
        return MEBX_DONE;
    if (!mebx_read_address(line, &address)) {
        mebx_refuse(mebx, "expected an address like 192.168.0.2");
    } else if (address && !(mask ? is_mask(address) : is_machine(address))) {
        mebx_refuse(mebx, mask ? "expected a mask like 255.255.255.0"
                               : "this is not the address of one machine");
    } else {
        memcpy(&before, text_of(mebx, item), sizeof(before));
        memcpy(text_of(mebx, item), &address, sizeof(address));
        mebx->changed |= address != before;
    }
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_address = {
    .show = show_address, .ask = ask_address, .take = take_address};

/* --- the provisioning server --- */

static void show_server(const struct mebx *mebx, const struct mebx_item *item)
{
    const struct settings *s = &mebx->outcome.settings;

    (void)item;
    if (s->server_ip) {
        mebx_put_address(mebx, s->server_ip);
    } else {
        mebx_put(mebx, "look-up of ");
        mebx_put(mebx, mebx->oem->host_label);
    }
    mebx_put(mebx, ", port ");
    mebx_put_number(mebx, s->server_port);
}

static void ask_server(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    mebx_put(mebx, mebx->step == STEP_FIRST ? "Address (empty: keep, 0.0.0.0: look it up): "
                                            : "Port (empty: keep): ");
}

static enum mebx_next take_server_address(struct mebx *mebx, const char *line)
{
    uint32_t *ip = &mebx->outcome.settings.server_ip, address = *ip;

    if (line[0] && (!mebx_read_address(line, &address) || (address && !is_machine(address)))) {
        mebx_refuse(mebx, "expected the address of one machine, like 192.168.0.2");
        return MEBX_DONE;
    }
    mebx->changed |= address != *ip;
    *ip = address;
    return MEBX_MORE;
}

static enum mebx_next take_server(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    uint16_t *port = &mebx->outcome.settings.server_port;
    uint32_t number = *port;

    (void)item;
    if (mebx->step == STEP_FIRST)
        return take_server_address(mebx, line);
    if (line[0] && !mebx_read_number(line, 1, UINT16_MAX, &number))
        mebx_refuse(mebx, "a port is a number from 1 to 65535");
    mebx->changed |= number != *port;
    *port = (uint16_t)number;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_server = {
    .show = show_server, .ask = ask_server, .take = take_server};

/* --- idle time-out --- */

static void show_idle(const struct mebx *mebx, const struct mebx_item *item)
{
    uint16_t minutes = mebx->outcome.settings.idle_timeout_min;

    (void)item;
    mebx_put_number(mebx, minutes);
    mebx_put(mebx, minutes == 1 ? " minute" : " minutes");
}

static void ask_idle(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    mebx_put(mebx, "Minutes (empty: keep): ");
}

static enum mebx_next take_idle(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    uint16_t *minutes = &mebx->outcome.settings.idle_timeout_min;
    uint32_t number = *minutes;

    (void)item;
    if (line[0] && !mebx_read_number(line, 1, IDLE_MAX, &number))
        mebx_refuse(mebx, "the idle time-out is 1 to 65535 minutes");
    mebx->changed |= number != *minutes;
    *minutes = (uint16_t)number;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_idle = {.show = show_idle, .ask = ask_idle, .take = take_idle};

/* --- PID and PPS --- */

static void show_psk(const struct mebx *mebx, const struct mebx_item *item)
{
    char text[2][LIMIT_PID / 2 + 1] = {"", ""};
    const char *pid = mebx->outcome.settings.pid;

    (void)item;
    if (pid[0] == '\0') {
        mebx_put(mebx, "not set");
        return;
    }
    memcpy(text[0], pid, LIMIT_PID / 2);
    memcpy(text[1], pid + LIMIT_PID / 2, LIMIT_PID / 2);
    mebx_put(mebx, text[0]);
    mebx_put(mebx, "-");
    mebx_put(mebx, text[1]);
}

static void ask_psk(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    mebx_put(mebx, mebx->step == STEP_FIRST ? "PID (empty: keep): " : "PPS (empty: keep): ");
}

static enum mebx_next take_psk(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    struct settings *s = &mebx->outcome.settings;
    char pid[LIMIT_PID + 1];

    (void)item;
    if (line[0] == '\0')
        return MEBX_DONE;
    if (mebx->step == STEP_FIRST) {
        if (psk_read_pid(line, pid)) {
            memcpy(mebx->answer, pid, sizeof(pid));
            return MEBX_MORE;
        }
        mebx_refuse(mebx, "a PID is 8 digits and capital letters, XXXX-XXXX, and its last "
                          "character checks the others");
        return MEBX_DONE;
    }
    if (!psk_read_pps(line, s->pps)) {
        mebx_refuse(mebx, "a PPS is 32 digits and capital letters, 8 times XXXX, and the last "
                          "character of each four checks the others");
        return MEBX_DONE;
    }
    memcpy(s->pid, mebx->answer, sizeof(s->pid));
    mebx->changed = mebx->psk_entered = true;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_psk = {
    .show = show_psk, .ask = ask_psk, .take = take_psk, .secret_steps = 1u << STEP_SECOND};
