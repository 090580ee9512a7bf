#include "fw/host/mebx/mebx_menu.h"

#include <stddef.h>

#include "fw/core/status.h"
#include "fw/host/mebx/mebx_text.h"

#define AT(field) offsetof(struct settings, config.field)
#define PKI MEBX_NEEDS_PKI
#define NAMES MEBX_NEEDS_NAMES

/* A title is as its item in the menu above, in capitals. */
#define AS_ABOVE "^"
#define ITEMS(X)                                                                                   \
    X("Main menu", MEBX_TITLE, 0, 0)                                                               \
    X("Change Intel(R) ME password", MEBX_PASSWORD, ACT_SET_PASSWORD, 0)                           \
    X("Intel(R) ME configuration", MEBX_SUBMENU, ACT_LOOK, MEBX_MENU_ME)                           \
    X("Intel(R) AMT configuration", MEBX_SUBMENU, ACT_LOOK, MEBX_MENU_AMT)                         \
    X("Exit", MEBX_EXIT, ACT_LOOK, 0)                                                              \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_MAIN)                                                     \
    X("Manageability feature", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_MANAGEABILITY)                \
    X("Power package", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_POWER)                                \
    X("Idle time-out", MEBX_MINUTES, ACT_SET_OWN, 0)                                               \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_MAIN)                                                     \
    X("Host name", MEBX_NAME, ACT_SET_NAME, AT(host_name))                                         \
    X("TCP/IP", MEBX_SUBMENU, ACT_LOOK, MEBX_MENU_TCPIP)                                           \
    X("Provisioning mode", MEBX_CHOICE, ACT_SET_MODE, MEBX_CHOICE_MODE)                            \
    X("Setup and configuration", MEBX_SUBMENU, ACT_LOOK, MEBX_MENU_SETUP)                          \
    X("SOL/IDE-R", MEBX_SUBMENU, ACT_LOOK, MEBX_MENU_REDIRECTION)                                  \
    X("Password policy", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_POLICY)                             \
    X("Un-provision", MEBX_SUBMENU, ACT_LOOK, MEBX_MENU_UNPROVISION)                               \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("DHCP", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_DHCP)                                          \
    X("Domain name", MEBX_NAME, ACT_SET_NAME, AT(domain))                                          \
    X("IP address", MEBX_ADDRESS, ACT_SET_OWN, AT(fixed.ip))                                       \
    X("Subnet mask", MEBX_ADDRESS, ACT_SET_OWN, AT(fixed.mask))                                    \
    X("Default gateway", MEBX_ADDRESS, ACT_SET_OWN, AT(fixed.gateway))                             \
    X("Preferred DNS server", MEBX_ADDRESS, ACT_SET_OWN, AT(fixed.dns1))                           \
    X("Alternate DNS server", MEBX_ADDRESS, ACT_SET_OWN, AT(fixed.dns2))                           \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("Provisioning server", MEBX_SERVER, ACT_SET_SERVER, AT(server_ip))                           \
    X("Set PID and PPS", MEBX_PID, ACT_SET_PSK, 0)                                                 \
    X("Delete PID and PPS", MEBX_DELETE_PSK, ACT_SET_PSK, 0)                                       \
    X("Configuration server FQDN", MEBX_NAME, ACT_SET_SERVER | NAMES, AT(server_fqdn))             \
    X("Remote configuration (PKI)", MEBX_SUBMENU, ACT_LOOK | PKI, MEBX_MENU_REMOTE)                \
    X("Remote configuration", MEBX_TITLE, 0, MEBX_MENU_SETUP)                                      \
    X("Remote configuration", MEBX_CHOICE, ACT_SET_REMOTE | PKI, MEBX_CHOICE_REMOTE)               \
    X("PKI DNS suffix", MEBX_NAME, ACT_SET_SUFFIX | NAMES, AT(pki_suffix))                         \
    X("Certificate hashes", MEBX_SUBMENU, ACT_LOOK | PKI, MEBX_MENU_HASHES)                        \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_REMOTE)                                                   \
    X("Activate a hash", MEBX_ACTIVATE, ACT_SET_REMOTE | PKI, 0)                                   \
    X("Deactivate a hash", MEBX_DEACTIVATE, ACT_SET_REMOTE | PKI, 0)                               \
    X("Add a hash", MEBX_ADD_HASH, ACT_SET_REMOTE | PKI, 0)                                        \
    X("Delete a hash", MEBX_DELETE_HASH, ACT_SET_REMOTE | PKI, 0)                                  \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("User name and password", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_USER)                        \
    X("Serial over LAN (SOL)", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_SOL)                          \
    X("IDE redirection (IDE-R)", MEBX_CHOICE, ACT_SET_OWN, MEBX_CHOICE_IDER)                       \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("Partial un-provision", MEBX_PARTIAL, ACT_UNPROVISION_PARTIAL, 0)                            \
    X("Full un-provision", MEBX_FULL, ACT_UNPROVISION_FULL, 0)

const struct mebx_item mebx_items[] = {
#define ITEM(label, kind, act, arg) {kind, act, arg},
    ITEMS(ITEM)
#undef ITEM
        [MEBX_MENUS_END] = {MEBX_TITLE, 0, 0},
};

const char *mebx_label(const struct mebx_item *item)
{
#define LABEL(label, kind, act, arg) label "\0"
    static const char labels[] = ITEMS(LABEL);
#undef LABEL

    return text_item(labels, (uint32_t)(item - mebx_items));
}

/* GAEL, G-usbver: the suffix and the FQDN came into the menu together. */
static bool is_there(const struct mebx *mebx, const struct mebx_item *item)
{
    const struct release *release = mebx->release;

    if (mebx->situation == SITUATION_LOCKED) /* nothing else would be of use */
        return item->kind == MEBX_FULL;
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

    if (*mebx_label(item) == AS_ABOVE[0]) {
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
        if (is_there(mebx, item))
            show_item(mebx, item);
    if (mebx->menu != &mebx_items[MEBX_MENU_MAIN] && mebx->situation != SITUATION_LOCKED)
        mebx_print(mebx, "  0. Previous menu\n");
    mebx_print(mebx, "Number: ");
}

/* Why the item cannot be used now. */
static enum mebx_refusal refusal(const struct mebx *mebx, const struct mebx_item *item)
{
    if (item->kind == MEBX_SUBMENU && item->arg == MEBX_MENU_AMT &&
        mebx->outcome->settings.me.manageability != MANAGEABILITY_AMT)
        return MEBX_NO_AMT;
    if (permits(DOOR_MEBX, (enum act)(item->act & MEBX_ACT), mebx->situation) == PT_STATUS_SUCCESS)
        return MEBX_TAKEN;
    if (mebx->situation == SITUATION_FACTORY)
        return MEBX_IN_FACTORY;
    return (item->act & MEBX_ACT) == ACT_SET_MODE ? MEBX_FACTORY_ONLY : MEBX_PROVISIONED;
}

/* The item with that number in the menu shown, NULL = none on this release. */
static const struct mebx_item *find(const struct mebx *mebx, int32_t number)
{
    const struct mebx_item *item = mebx->menu;

    do {
        item++;
        if (item->kind == MEBX_TITLE)
            return NULL;
    } while (item - mebx->menu != number);
    return is_there(mebx, item) ? item : NULL;
}

enum mebx_refusal mebx_take_item(struct mebx *mebx)
{
    int32_t number = mebx_read_number(mebx->line, 99);
    const struct mebx_item *item;
    enum mebx_refusal why_not;

    if (mebx->line[0] == '\0')
        return MEBX_TAKEN;
    if (number < 0)
        return MEBX_NO_NUMBER;
    if (number == 0 && mebx->situation != SITUATION_LOCKED &&
        mebx->menu != &mebx_items[MEBX_MENU_MAIN]) {
        mebx->menu = &mebx_items[mebx->menu->arg];
        return MEBX_TAKEN;
    }
    item = find(mebx, number);
    if (!item)
        return MEBX_NOT_IN_LIST;
    why_not = refusal(mebx, item);
    if (why_not)
        return why_not;
    if (item->kind == MEBX_SUBMENU) {
        mebx->menu = &mebx_items[item->arg];
    } else {
        mebx->item = item;
        mebx->question = item->kind;
    }
    return MEBX_TAKEN;
}
