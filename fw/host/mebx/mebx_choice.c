// SPDX-License-Identifier: BSD-3-Clause
#include <stddef.h>
#include <string.h>

#include "fw/core/power.h"
#include "fw/core/wipe.h"
#include "fw/host/mebx/mebx_table.h"
#include "fw/host/mebx/mebx_text.h"

/* A value from a list: a byte of the settings, or one bit of it. */
struct choice {
    const char *options; /* the names of the values from 0 on: a list for text_item() */
    uint16_t at;         /* offset in struct settings */
    uint8_t bits, unit;  /* the value is (byte & bits) / unit */
};

#define BYTE(field) offsetof(struct settings, field), 0xFF, 1
#define BIT(bit) offsetof(struct settings, config.redirection), (bit), (bit)
#define ON_OFF "Disabled\0Enabled\0"

static const struct choice choices[] = {
    [MEBX_CHOICE_MANAGEABILITY] = {"None\0Intel(R) AMT\0", BYTE(me.manageability)},
    [MEBX_CHOICE_POWER] = {NULL, BYTE(me.power_package)}, /* power_print() names them */
    [MEBX_CHOICE_DHCP] = {ON_OFF, BYTE(config.dhcp_enabled)},
    [MEBX_CHOICE_MODE] = {"None\0Enterprise\0Small business\0", BYTE(config.mode)},
    [MEBX_CHOICE_REMOTE] = {ON_OFF, BYTE(config.rcfg_enabled)},
    [MEBX_CHOICE_USER] = {ON_OFF, BIT(REDIRECTION_USER)},
    [MEBX_CHOICE_SOL] = {ON_OFF, BIT(REDIRECTION_SOL)},
    [MEBX_CHOICE_IDER] = {ON_OFF, BIT(REDIRECTION_IDER)},
#if FW_MACHINE
    [MEBX_CHOICE_LEGACY] = {ON_OFF, BIT(REDIRECTION_LEGACY)},
#endif
    [MEBX_CHOICE_POLICY] = {"Default password only\0During setup and configuration"
                            "\0Anytime\0",
                            BYTE(config.password_policy)},
};

static bool is_option(const struct choice *choice, uint32_t value)
{
    return choice->options ? text_item(choice->options, value)[0] != '\0' : value < POWER_PACKAGES;
}

static void show_option(const struct mebx *mebx, const struct choice *choice, uint32_t value)
{
    if (choice->options)
        mebx_print(mebx, "%l", value, choice->options);
    else
        power_print(&mebx->out, value);
}

/* The value of the nth item of the list shown; -1 = there is no such item. */
static int32_t offered_value(const struct mebx *mebx, uint16_t choice, int32_t nth)
{
    for (int32_t value = 0; is_option(&choices[choice], (uint32_t)value); value++) {
        if (choice == MEBX_CHOICE_POWER && !power_package_offered(mebx->release, (uint32_t)value))
            continue;
        if (choice == MEBX_CHOICE_MODE && value == MODE_NONE)
            continue;
        if (--nth == 0)
            return value;
    }
    return -1;
}

void mebx_choice_show(const struct mebx *mebx, const struct mebx_item *item)
{
    const struct choice *choice = &choices[item->arg];
    uint32_t byte = ((const uint8_t *)&mebx->outcome->settings)[choice->at];

    show_option(mebx, choice, (byte & choice->bits) / choice->unit);
}

void mebx_choice_list(const struct mebx *mebx)
{
    const struct mebx_item *item = mebx->item;
    int32_t value;

    mebx_print(mebx, "%l\n", 0u, mebx_label(item));
    for (int32_t number = 1; (value = offered_value(mebx, item->arg, number)) >= 0; number++) {
        mebx_print(mebx, "  %u. ", (uint32_t)number);
        show_option(mebx, &choices[item->arg], (uint32_t)value);
        text_put(&mebx->out, '\n');
    }
}

enum mebx_refusal mebx_accept_choice(struct mebx *mebx)
{
    uint16_t which = mebx->item->arg;
    const struct choice *choice = &choices[which];
    uint8_t *byte = (uint8_t *)&mebx->outcome->settings + choice->at, before = *byte;
    int32_t number = mebx_read_number(mebx->line, 99), value;

    if (number < 1)
        return MEBX_NO_NUMBER;
    value = offered_value(mebx, which, number);
    if (value < 0)
        return MEBX_NOT_IN_LIST;
    *byte = (uint8_t)((before & ~choice->bits) | value * choice->unit);
    mebx->changed |= *byte != before;
    if (which == MEBX_CHOICE_MODE)
        mebx->smb_chosen = value == MODE_SMB;
    return MEBX_ACCEPTED;
}

/* --- yes/no questions --- */

static void delete_psk(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome->settings;

    mebx->changed |= s->secret.pid[0] != '\0';
    mebx->psk_entered = false;
    wipe(s->secret.pid, sizeof(s->secret.pid));
    wipe(s->secret.pps, sizeof(s->secret.pps));
}

/* While AMT is not selected, what was entered is only stored (S3: enabling AMT later leads to mode
 * 2). */
static enum local_change change_at_exit(const struct mebx *mebx)
{
    const struct settings *s = &mebx->outcome->settings;

    if (s->me.manageability == MANAGEABILITY_AMT && !s->secret.password_default) {
        if (mebx->smb_chosen)
            return LOCAL_MANUAL;
        if (mebx->psk_entered && s->config.mode == MODE_ENTERPRISE)
            return LOCAL_KEY_ENTERED;
    }
    return mebx->changed ? LOCAL_SETTINGS : LOCAL_NONE;
}

enum mebx_refusal mebx_accept_yes(struct mebx *mebx)
{
    uint8_t kind = mebx->item->kind;

    if ((mebx->line[0] != 'y' && mebx->line[0] != 'Y') || mebx->line[1])
        return MEBX_ACCEPTED;
    if (kind == MEBX_DELETE_PSK) {
        delete_psk(mebx);
        return MEBX_ACCEPTED;
    }
    mebx->closed = true;
    if (kind == MEBX_EXIT)
        mebx->outcome->change = change_at_exit(mebx);
    else
        mebx->outcome->change = kind == MEBX_FULL ? LOCAL_FULL : LOCAL_PARTIAL;
    return MEBX_ACCEPTED;
}
