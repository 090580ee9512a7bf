#include "fw/host/mebx_menu.h"

#include <stddef.h>

#include "fw/host/mebx_text.h"

#define AT(field) offsetof(struct settings, field)
#define BEFORE_POST (MEBX_PRE | MEBX_IN)
#define AFTER_PRE (MEBX_IN | MEBX_POST)
#define PKI MEBX_NEEDS_PKI
#define NAMES MEBX_NEEDS_NAMES

/* What a provisioned device got from its configuration server waits for an unprovision; the mode
 * changes in factory state only (G-restore). The other restrictions are assumed. */
const struct mebx_item mebx_items[] = {
    [MEBX_MENU_MAIN] = {"MAIN MENU", MEBX_TITLE, 0, 0},
    {"Change Intel(R) ME password", MEBX_PASSWORD, MEBX_ALWAYS, 0},
    {"Intel(R) ME configuration", MEBX_SUBMENU, MEBX_ALWAYS, MEBX_MENU_ME},
    {"Intel(R) AMT configuration", MEBX_SUBMENU, MEBX_ALWAYS, MEBX_MENU_AMT},
    {"Exit", MEBX_EXIT, MEBX_ALWAYS, 0},

    [MEBX_MENU_ME] = {"INTEL(R) ME CONFIGURATION", MEBX_TITLE, 0, MEBX_MENU_MAIN},
    {"Manageability feature", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_MANAGEABILITY},
    {"Power package", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_POWER},
    {"Idle time-out", MEBX_MINUTES, MEBX_ALWAYS, 0},

    [MEBX_MENU_AMT] = {"INTEL(R) AMT CONFIGURATION", MEBX_TITLE, 0, MEBX_MENU_MAIN},
    {"Host name", MEBX_NAME, MEBX_ALWAYS, AT(host_name)},
    {"TCP/IP", MEBX_SUBMENU, MEBX_ALWAYS, MEBX_MENU_TCPIP},
    {"Provisioning mode", MEBX_CHOICE, MEBX_PRE, MEBX_CHOICE_MODE},
    {"Setup and configuration", MEBX_SUBMENU, MEBX_ALWAYS, MEBX_MENU_SETUP},
    {"SOL/IDE-R", MEBX_SUBMENU, MEBX_ALWAYS, MEBX_MENU_REDIRECTION},
    {"Password policy", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_POLICY},
    {"Un-provision", MEBX_SUBMENU, MEBX_ALWAYS, MEBX_MENU_UNPROVISION},

    [MEBX_MENU_TCPIP] = {"TCP/IP", MEBX_TITLE, 0, MEBX_MENU_AMT},
    {"DHCP", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_DHCP},
    {"Domain name", MEBX_NAME, MEBX_ALWAYS, AT(domain)},
    {"IP address", MEBX_ADDRESS, MEBX_ALWAYS, AT(fixed.ip)},
    {"Subnet mask", MEBX_ADDRESS, MEBX_ALWAYS, AT(fixed.mask)},
    {"Default gateway", MEBX_ADDRESS, MEBX_ALWAYS, AT(fixed.gateway)},
    {"Preferred DNS server", MEBX_ADDRESS, MEBX_ALWAYS, AT(fixed.dns1)},
    {"Alternate DNS server", MEBX_ADDRESS, MEBX_ALWAYS, AT(fixed.dns2)},

    [MEBX_MENU_SETUP] = {"SETUP AND CONFIGURATION", MEBX_TITLE, 0, MEBX_MENU_AMT},
    {"Provisioning server", MEBX_SERVER, BEFORE_POST, AT(server_ip)},
    {"Set PID and PPS", MEBX_PID, BEFORE_POST, 0},
    {"Delete PID and PPS", MEBX_DELETE_PSK, BEFORE_POST, 0},
    {"Configuration server FQDN", MEBX_NAME, BEFORE_POST | NAMES, AT(server_fqdn)},
    {"Remote configuration (PKI)", MEBX_SUBMENU, MEBX_ALWAYS | PKI, MEBX_MENU_REMOTE},

    [MEBX_MENU_REMOTE] = {"REMOTE CONFIGURATION", MEBX_TITLE, 0, MEBX_MENU_SETUP},
    {"Remote configuration", MEBX_CHOICE, BEFORE_POST | PKI, MEBX_CHOICE_REMOTE},
    {"PKI DNS suffix", MEBX_NAME, BEFORE_POST | NAMES, AT(pki_suffix)},
    {"Certificate hashes", MEBX_SUBMENU, MEBX_ALWAYS | PKI, MEBX_MENU_HASHES},

    [MEBX_MENU_HASHES] = {"CERTIFICATE HASHES", MEBX_TITLE, 0, MEBX_MENU_REMOTE},
    {"Activate a hash", MEBX_ACTIVATE, BEFORE_POST | PKI, 0},
    {"Deactivate a hash", MEBX_DEACTIVATE, BEFORE_POST | PKI, 0},
    {"Add a hash", MEBX_ADD_HASH, BEFORE_POST | PKI, 0},
    {"Delete a hash", MEBX_DELETE_HASH, BEFORE_POST | PKI, 0},

    [MEBX_MENU_REDIRECTION] = {"SOL/IDE-R", MEBX_TITLE, 0, MEBX_MENU_AMT},
    {"User name and password", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_USER},
    {"Serial over LAN (SOL)", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_SOL},
    {"IDE redirection (IDE-R)", MEBX_CHOICE, MEBX_ALWAYS, MEBX_CHOICE_IDER},

    [MEBX_MENU_UNPROVISION] = {"UN-PROVISION", MEBX_TITLE, 0, MEBX_MENU_AMT},
    {"Partial un-provision", MEBX_PARTIAL, AFTER_PRE, 0},
    {"Full un-provision", MEBX_FULL, MEBX_ALWAYS, 0},

    [MEBX_MENUS_END] = {NULL, MEBX_TITLE, 0, 0},
};

/* GAEL, G-usbver: the suffix and the FQDN came into the menu together. */
static bool is_there(const struct mebx *mebx, const struct mebx_item *item)
{
    const struct release *release = mebx->release;

    if (item->when & MEBX_NEEDS_PKI)
        return release->pki_bare_metal.value || release->pki_by_agent.value;
    return !(item->when & MEBX_NEEDS_NAMES) || release->server_fqdn.value;
}

static void show_item(const struct mebx *mebx, const struct mebx_item *item)
{
    mebx_print(mebx, "  %u. %s", (uint32_t)(item - mebx->menu), item->label);
    if (item->kind >= MEBX_SERVER && item->kind <= MEBX_CHOICE) {
        mebx_print(mebx, " [");
        mebx_value_show(mebx, item);
        mebx_print(mebx, "]");
    }
    mebx_print(mebx, "\n");
}

static void show_state(const struct mebx *mebx)
{
    mebx_print(mebx, "  State: %l\n", (uint32_t)mebx->reported,
               "Not started\0In process\0Completed\0");
}

void mebx_menu_show(const struct mebx *mebx)
{
    const struct mebx_item *item = mebx->menu;

    mebx_print(mebx, "\n%s\n", item->label);
    if (item == &mebx_items[MEBX_MENU_SETUP])
        show_state(mebx);
    if (item == &mebx_items[MEBX_MENU_HASHES])
        mebx_hashes_show(mebx);
    while ((++item)->kind != MEBX_TITLE)
        if (is_there(mebx, item))
            show_item(mebx, item);
    if (mebx->menu != &mebx_items[MEBX_MENU_MAIN])
        mebx_print(mebx, "  0. Previous menu\n");
    mebx_print(mebx, "Number: ");
}

/* Why the item cannot be used now, NULL = it can. */
static const char *refusal(const struct mebx *mebx, const struct mebx_item *item)
{
    if (item->kind == MEBX_SUBMENU && item->arg == MEBX_MENU_AMT &&
        mebx->outcome->settings.manageability != MANAGEABILITY_AMT)
        return "the manageability feature is not Intel(R) AMT";
    if (item->when >> mebx->reported & 1u)
        return NULL;
    if (mebx->reported == 0)
        return "the device is in its factory state, there is nothing to un-provision";
    if (item->when == MEBX_PRE)
        return "only in factory state; a full un-provision returns there";
    return "the device is provisioned; un-provision it first";
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

const char *mebx_menu_choose(struct mebx *mebx, const char *line)
{
    int32_t number = mebx_read_number(line, 99);
    const struct mebx_item *item;
    const char *why_not;

    if (line[0] == '\0')
        return NULL;
    if (number < 0)
        return "expected a number of the menu";
    if (number == 0 && mebx->menu != &mebx_items[MEBX_MENU_MAIN]) {
        mebx->menu = &mebx_items[mebx->menu->arg];
        return NULL;
    }
    item = find(mebx, number);
    if (!item)
        return "the menu has no such number";
    why_not = refusal(mebx, item);
    if (why_not)
        return why_not;
    if (item->kind == MEBX_SUBMENU) {
        mebx->menu = &mebx_items[item->arg];
    } else {
        mebx->item = item;
        mebx->question = item->kind;
    }
    return NULL;
}
