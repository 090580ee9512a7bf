// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/status.h"
#include "fw/host/mebx/mebx_table.h"
#include "fw/host/mebx/mebx_text.h"

/* Whether the item is shown. GAEL, G-usbver: the suffix and the FQDN came into the menu
 * together. */
static bool is_shown(const struct mebx *mebx, const struct mebx_item *item)
{
    const struct release *release = mebx->release;

    if (mebx->situation == SITUATION_LOCKED) /* nothing else would help */
        return item->kind == MEBX_FULL;
    if (!permits_by_release(release, mebx->outcome->settings.config.mode,
                            (enum act)(item->act & MEBX_ACT)))
        return false;
    if (item->act & MEBX_NEEDS_PKI)
        return release->pki_bare_metal.value || release->pki_by_agent.value;
    return !(item->act & MEBX_NEEDS_NAMES) || release->server_fqdn.value;
}

static void show_item(const struct mebx *mebx, const struct mebx_item *item)
{
    mebx_print(mebx, "  %u. %l", (uint32_t)(item - mebx->menu), 0u, mebx_label(item));
    if (item->kind >= MEBX_SERVER && item->kind <= MEBX_CHOICE) {
        mebx_print(mebx, " [");
        mebx_value_show(mebx, item);
        mebx_print(mebx, "]");
    }
    text_put(&mebx->out, '\n');
}

static void show_state(const struct mebx *mebx)
{
    mebx_print(mebx, "  State: %l\n", (uint32_t)mebx->situation,
               "Not started\0In process\0In process\0Completed\0Damaged\0");
}

static void show_title(const struct mebx *mebx)
{
    const struct mebx_item *item = mebx->menu;

    if (*mebx_label(item) == MEBX_AS_ABOVE[0]) {
        item = mebx_items;
        while (item->kind != MEBX_SUBMENU || &mebx_items[item->arg] != mebx->menu)
            item++;
    }
    text_put(&mebx->out, '\n');
    for (const char *c = mebx_label(item); *c; c++)
        text_put(&mebx->out, *c >= 'a' && *c <= 'z' ? (char)(*c - ('a' - 'A')) : *c);
    text_put(&mebx->out, '\n');
}

void mebx_menu_show(const struct mebx *mebx)
{
    const struct mebx_item *item = mebx->menu;

    show_title(mebx);
    if (item == &mebx_items[MEBX_MENU_SETUP])
        show_state(mebx);
    if (item == &mebx_items[MEBX_MENU_HASHES])
        mebx_hashes_show(mebx);
    while ((++item)->kind != MEBX_TITLE)
        if (is_shown(mebx, item))
            show_item(mebx, item);
    if (mebx->menu != &mebx_items[MEBX_MENU_MAIN] && mebx->situation != SITUATION_LOCKED)
        mebx_print(mebx, "  0. Previous menu\n");
    mebx_print(mebx, "Number: ");
}

/* Why the item cannot be used now; MEBX_ACCEPTED: it can. */
static enum mebx_refusal item_refusal(const struct mebx *mebx, const struct mebx_item *item)
{
    if (item->kind == MEBX_SUBMENU && item->arg == MEBX_MENU_AMT &&
        mebx->outcome->settings.me.manageability != MANAGEABILITY_AMT)
        return MEBX_NO_AMT;
    if (permits(DOOR_MEBX, (enum act)(item->act & MEBX_ACT), mebx->situation) == PT_STATUS_SUCCESS)
        return MEBX_ACCEPTED;
    if (mebx->situation == SITUATION_FACTORY)
        return MEBX_IN_FACTORY;
    return (item->act & MEBX_ACT) == ACT_SET_MODE ? MEBX_FACTORY_ONLY : MEBX_PROVISIONED;
}

/* The item with that number in the menu shown; NULL = this release shows none. */
static const struct mebx_item *find_item(const struct mebx *mebx, int32_t number)
{
    const struct mebx_item *item = mebx->menu;

    do {
        item++;
        if (item->kind == MEBX_TITLE)
            return NULL;
    } while (item - mebx->menu != number);
    return is_shown(mebx, item) ? item : NULL;
}

enum mebx_refusal mebx_accept_item(struct mebx *mebx)
{
    int32_t number = mebx_read_number(mebx->line, 99);
    const struct mebx_item *item;
    enum mebx_refusal why_not;

    if (mebx->line[0] == '\0')
        return MEBX_ACCEPTED;
    if (number < 0)
        return MEBX_NO_NUMBER;
    if (number == 0 && mebx->situation != SITUATION_LOCKED &&
        mebx->menu != &mebx_items[MEBX_MENU_MAIN]) {
        mebx->menu = &mebx_items[mebx->menu->arg];
        return MEBX_ACCEPTED;
    }
    item = find_item(mebx, number);
    if (!item)
        return MEBX_NOT_IN_LIST;
    why_not = item_refusal(mebx, item);
    if (why_not)
        return why_not;
    if (item->kind == MEBX_SUBMENU) {
        mebx->menu = &mebx_items[item->arg];
    } else {
        mebx->item = item;
        mebx->question = item->kind;
    }
    return MEBX_ACCEPTED;
}
