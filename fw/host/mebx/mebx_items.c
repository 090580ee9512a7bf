// SPDX-License-Identifier: BSD-3-Clause
#include <stddef.h>
#include <string.h>

#include "fw/core/address.h"
#include "fw/core/psk.h"
#include "fw/host/mebx/mebx_table.h"
#include "fw/host/mebx/mebx_text.h"

#define REMOVE "." /* never a DNS name: it has an empty label */

_Static_assert(LIMIT_DOMAIN == LIMIT_PKI_SUFFIX, "name_max() does not distinguish them");

/* --- values shown in brackets --- */

static void show_server(const struct mebx *mebx)
{
    const struct settings *s = &mebx->outcome->settings;

    if (s->config.server_ip)
        mebx_print(mebx, "%a", s->config.server_ip);
    else
        mebx_print(mebx, "look-up of %s", mebx->oem->host_label);
    mebx_print(mebx, ", port %u", (uint32_t)s->config.server_port);
}

static void show_pid(const struct mebx *mebx, const char *pid)
{
    char half[LIMIT_PID / 2 + 1] = "";

    memcpy(half, pid, LIMIT_PID / 2);
    mebx_print(mebx, pid[0] ? "%s-%s" : "not set", half, pid + LIMIT_PID / 2);
}

void mebx_value_show(const struct mebx *mebx, const struct mebx_item *item)
{
    const struct settings *s = &mebx->outcome->settings;
    const void *place = (const uint8_t *)s + item->arg;
    const char *text = place;

    switch (item->kind) {
    case MEBX_NAME:
        mebx_print(mebx, "%s", text[0] ? text : "none");
        break;
    case MEBX_ADDRESS:
        mebx_print(mebx, "%a", *(const uint32_t *)place);
        break;
    case MEBX_SERVER:
        show_server(mebx);
        break;
    case MEBX_MINUTES:
        mebx_print(mebx, s->me.idle_timeout_min == 1 ? "%u minute" : "%u minutes",
                   (uint32_t)s->me.idle_timeout_min);
        break;
    case MEBX_PID:
        show_pid(mebx, s->secret.pid);
        break;
    default:
        mebx_choice_show(mebx, item);
        break;
    }
}

/* --- names --- */

static uint32_t name_max(const struct mebx_item *item)
{
    if (item->arg == offsetof(struct settings, config.host_name))
        return LIMIT_HOST_NAME;
    return item->arg == offsetof(struct settings, config.server_fqdn) ? LIMIT_FQDN : LIMIT_DOMAIN;
}

static enum mebx_refusal host_name_refusal(const char *name)
{
    if (strchr(name, '.'))
        return MEBX_HOST_DOT;
    return settings_dns_name_ok(name, LIMIT_HOST_NAME) ? MEBX_ACCEPTED : MEBX_HOST_NAME;
}

static void refuse_name(const struct mebx *mebx, uint32_t max)
{
    mebx_print(mebx,
               "Refused: letters, digits, '-' and '.', parts of 1 to 63, no underscore, up to %u "
               "characters\n",
               max);
}

enum mebx_refusal mebx_accept_name(struct mebx *mebx)
{
    char *text = (char *)&mebx->outcome->settings + mebx->item->arg;
    const char *line = mebx->line;
    uint32_t max = name_max(mebx->item);

    if (strcmp(line, REMOVE) == 0) {
        line = "";
    } else if (max == LIMIT_HOST_NAME) {
        enum mebx_refusal refusal = host_name_refusal(line);

        if (refusal)
            return refusal;
    } else if (!settings_dns_name_ok(line, max)) {
        refuse_name(mebx, max);
        return MEBX_ACCEPTED;
    }
    if (strcmp(text, line) != 0)
        mebx_set_text(mebx, text, max + 1, line);
    return MEBX_ACCEPTED;
}

/* --- addresses and numbers --- */

enum mebx_refusal mebx_accept_address(struct mebx *mebx)
{
    const struct mebx_item *item = mebx->item;
    void *place = (uint8_t *)&mebx->outcome->settings + item->arg;
    uint32_t *field = place, address;

    if (!mebx_read_address(mebx->line, &address))
        return MEBX_NO_ADDRESS;
    if (item->arg == offsetof(struct settings, config.fixed.mask)) {
        if (address != 0 && !address_is_mask(address))
            return MEBX_NO_MASK;
    } else if (address != 0 && !address_is_host(address)) { /* 0: none */
        return MEBX_NO_MACHINE;
    }
    mebx->changed |= *field != address;
    *field = address;
    if (item->kind == MEBX_SERVER)
        mebx->question = MEBX_PORT;
    return MEBX_ACCEPTED;
}

enum mebx_refusal mebx_accept_number(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome->settings;
    bool port = mebx->item->kind == MEBX_SERVER;
    uint16_t *field = port ? &s->config.server_port : &s->me.idle_timeout_min;
    int32_t number = mebx_read_number(mebx->line, UINT16_MAX);

    if (number < 1)
        return port ? MEBX_NO_PORT : MEBX_NO_MINUTES;
    mebx->changed |= *field != number;
    *field = (uint16_t)number;
    return MEBX_ACCEPTED;
}

/* --- PID and PPS --- */

enum mebx_refusal mebx_accept_pid(struct mebx *mebx)
{
    if (!psk_read_pid(mebx->line, mebx->answer))
        return MEBX_NO_KEY;
    mebx->question = MEBX_PPS;
    return MEBX_ACCEPTED;
}

enum mebx_refusal mebx_accept_pps(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome->settings;

    if (!psk_read_pps(mebx->line, s->secret.pps))
        return MEBX_NO_KEY;
    mebx_set_text(mebx, s->secret.pid, sizeof(s->secret.pid), mebx->answer);
    mebx->psk_entered = true;
    return MEBX_ACCEPTED;
}
