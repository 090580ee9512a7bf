#include "fw/host/mebx_menu.h"

#include <stddef.h>

#include "fw/host/mebx_text.h"

#define FIELD(field) offsetof(struct settings, field), sizeof(((struct settings *)0)->field)
#define BEFORE_POST (MEBX_PRE | MEBX_IN)
#define AFTER_PRE (MEBX_IN | MEBX_POST)

static bool has_pki(const struct release *release)
{
    return release->pki_bare_metal.value || release->pki_by_agent.value;
}

/* GAEL, G-usbver: the suffix and the FQDN came into the menu together. */
static bool has_names(const struct release *release)
{
    return release->server_fqdn.value != 0;
}

/* What a provisioned device got from its configuration server waits for an unprovision; the mode
 * changes in factory state only (G-restore). The other restrictions are assumed. */
static const struct mebx_item items[] = {
    [MEBX_ITEM_LOGIN] = {MEBX_MENU_NONE, 0, "", &mebx_kind_login, MEBX_ALWAYS, NULL, 0, 0},
    [MEBX_ITEM_PASSWORD] = {MEBX_MENU_MAIN, 1, "Change Intel(R) ME password", &mebx_kind_password,
                            MEBX_ALWAYS, NULL, 0, 0},
    {MEBX_MENU_MAIN, 2, "Intel(R) ME configuration", &mebx_kind_submenu, MEBX_ALWAYS, NULL,
     MEBX_MENU_ME, 0},
    {MEBX_MENU_MAIN, 3, "Intel(R) AMT configuration", &mebx_kind_submenu, MEBX_ALWAYS, NULL,
     MEBX_MENU_AMT, 0},
    {MEBX_MENU_MAIN, 4, "Exit", &mebx_kind_question, MEBX_ALWAYS, NULL, MEBX_ASK_EXIT, 0},

    {MEBX_MENU_ME, 1, "Manageability feature", &mebx_kind_choice, MEBX_ALWAYS, NULL,
     MEBX_CHOICE_MANAGEABILITY, 0},
    {MEBX_MENU_ME, 2, "Power package", &mebx_kind_choice, MEBX_ALWAYS, NULL, MEBX_CHOICE_POWER, 0},
    {MEBX_MENU_ME, 3, "Idle time-out", &mebx_kind_idle, MEBX_ALWAYS, NULL, 0, 0},

    {MEBX_MENU_AMT, 1, "Host name", &mebx_kind_host_name, MEBX_ALWAYS, NULL, FIELD(host_name)},
    {MEBX_MENU_AMT, 2, "TCP/IP", &mebx_kind_submenu, MEBX_ALWAYS, NULL, MEBX_MENU_TCPIP, 0},
    {MEBX_MENU_AMT, 3, "Provisioning mode", &mebx_kind_choice, MEBX_PRE, NULL, MEBX_CHOICE_MODE, 0},
    {MEBX_MENU_AMT, 4, "Setup and configuration", &mebx_kind_submenu, MEBX_ALWAYS, NULL,
     MEBX_MENU_SETUP, 0},
    {MEBX_MENU_AMT, 5, "SOL/IDE-R", &mebx_kind_submenu, MEBX_ALWAYS, NULL, MEBX_MENU_REDIRECTION,
     0},
    {MEBX_MENU_AMT, 6, "Password policy", &mebx_kind_choice, MEBX_ALWAYS, NULL, MEBX_CHOICE_POLICY,
     0},
    {MEBX_MENU_AMT, 7, "Un-provision", &mebx_kind_submenu, MEBX_ALWAYS, NULL, MEBX_MENU_UNPROVISION,
     0},

    {MEBX_MENU_TCPIP, 1, "DHCP", &mebx_kind_choice, MEBX_ALWAYS, NULL, MEBX_CHOICE_DHCP, 0},
    {MEBX_MENU_TCPIP, 2, "Domain name", &mebx_kind_name, MEBX_ALWAYS, NULL, FIELD(domain)},
    {MEBX_MENU_TCPIP, 3, "IP address", &mebx_kind_address, MEBX_ALWAYS, NULL, FIELD(fixed.ip)},
    {MEBX_MENU_TCPIP, 4, "Subnet mask", &mebx_kind_address, MEBX_ALWAYS, NULL, FIELD(fixed.mask)},
    {MEBX_MENU_TCPIP, 5, "Default gateway", &mebx_kind_address, MEBX_ALWAYS, NULL,
     FIELD(fixed.gateway)},
    {MEBX_MENU_TCPIP, 6, "Preferred DNS server", &mebx_kind_address, MEBX_ALWAYS, NULL,
     FIELD(fixed.dns1)},
    {MEBX_MENU_TCPIP, 7, "Alternate DNS server", &mebx_kind_address, MEBX_ALWAYS, NULL,
     FIELD(fixed.dns2)},

    {MEBX_MENU_SETUP, 1, "Provisioning server", &mebx_kind_server, BEFORE_POST, NULL, 0, 0},
    {MEBX_MENU_SETUP, 2, "Set PID and PPS", &mebx_kind_psk, BEFORE_POST, NULL, 0, 0},
    {MEBX_MENU_SETUP, 3, "Delete PID and PPS", &mebx_kind_question, BEFORE_POST, NULL,
     MEBX_ASK_DELETE_PSK, 0},
    {MEBX_MENU_SETUP, 4, "Configuration server FQDN", &mebx_kind_name, BEFORE_POST, has_names,
     FIELD(server_fqdn)},
    {MEBX_MENU_SETUP, 5, "Remote configuration (PKI)", &mebx_kind_submenu, MEBX_ALWAYS, has_pki,
     MEBX_MENU_REMOTE, 0},

    {MEBX_MENU_REMOTE, 1, "Remote configuration", &mebx_kind_choice, BEFORE_POST, has_pki,
     MEBX_CHOICE_REMOTE, 0},
    {MEBX_MENU_REMOTE, 2, "PKI DNS suffix", &mebx_kind_name, BEFORE_POST, has_names,
     FIELD(pki_suffix)},
    {MEBX_MENU_REMOTE, 3, "Certificate hashes", &mebx_kind_submenu, MEBX_ALWAYS, has_pki,
     MEBX_MENU_HASHES, 0},

    {MEBX_MENU_HASHES, 1, "Activate a hash", &mebx_kind_hash_switch, BEFORE_POST, has_pki, 1, 0},
    {MEBX_MENU_HASHES, 2, "Deactivate a hash", &mebx_kind_hash_switch, BEFORE_POST, has_pki, 0, 0},
    {MEBX_MENU_HASHES, 3, "Add a hash", &mebx_kind_hash_add, BEFORE_POST, has_pki, 0, 0},
    {MEBX_MENU_HASHES, 4, "Delete a hash", &mebx_kind_hash_delete, BEFORE_POST, has_pki, 0, 0},

    {MEBX_MENU_REDIRECTION, 1, "User name and password", &mebx_kind_choice, MEBX_ALWAYS, NULL,
     MEBX_CHOICE_USER, 0},
    {MEBX_MENU_REDIRECTION, 2, "Serial over LAN (SOL)", &mebx_kind_choice, MEBX_ALWAYS, NULL,
     MEBX_CHOICE_SOL, 0},
    {MEBX_MENU_REDIRECTION, 3, "IDE redirection (IDE-R)", &mebx_kind_choice, MEBX_ALWAYS, NULL,
     MEBX_CHOICE_IDER, 0},

    {MEBX_MENU_UNPROVISION, 1, "Partial un-provision", &mebx_kind_question, AFTER_PRE, NULL,
     MEBX_ASK_PARTIAL, 0},
    {MEBX_MENU_UNPROVISION, 2, "Full un-provision", &mebx_kind_question, MEBX_ALWAYS, NULL,
     MEBX_ASK_FULL, 0},
};

#define ITEMS (sizeof(items) / sizeof(items[0]))

static const char *const titles[MEBX_MENUS] = {
    [MEBX_MENU_MAIN] = "MAIN MENU",
    [MEBX_MENU_ME] = "INTEL(R) ME CONFIGURATION",
    [MEBX_MENU_AMT] = "INTEL(R) AMT CONFIGURATION",
    [MEBX_MENU_TCPIP] = "TCP/IP",
    [MEBX_MENU_SETUP] = "SETUP AND CONFIGURATION",
    [MEBX_MENU_REMOTE] = "REMOTE CONFIGURATION",
    [MEBX_MENU_HASHES] = "CERTIFICATE HASHES",
    [MEBX_MENU_REDIRECTION] = "SOL/IDE-R",
    [MEBX_MENU_UNPROVISION] = "UN-PROVISION",
};

const struct mebx_item *mebx_item(uint8_t index)
{
    return &items[index];
}

static bool is_shown(const struct mebx *mebx, const struct mebx_item *item, uint8_t menu)
{
    return item->menu == menu && (!item->there || item->there(mebx->release));
}

/* Number 0 leads back: it is the way to the menu that this one was opened from. */
uint8_t mebx_menu_parent(uint8_t menu)
{
    for (size_t i = 0; i < ITEMS; i++)
        if (items[i].kind == &mebx_kind_submenu && items[i].arg == menu)
            return items[i].menu;
    return MEBX_MENU_NONE;
}

uint8_t mebx_item_find(const struct mebx *mebx, uint8_t menu, uint32_t number)
{
    for (uint8_t i = 0; i < ITEMS; i++)
        if (is_shown(mebx, &items[i], menu) && items[i].number == number)
            return i;
    return MEBX_NO_ITEM;
}

static void show_item(const struct mebx *mebx, const struct mebx_item *item)
{
    mebx_put(mebx, "  ");
    mebx_put_number(mebx, item->number);
    mebx_put(mebx, ". ");
    mebx_put(mebx, item->label);
    if (item->kind->show) {
        mebx_put(mebx, " [");
        item->kind->show(mebx, item);
        mebx_put(mebx, "]");
    }
    mebx_put(mebx, "\n");
}

static void show_state(const struct mebx *mebx)
{
    static const char *const state[] = {"Not started", "In process", "Completed"};

    mebx_put(mebx, "  State: ");
    mebx_put(mebx, state[mebx->reported]);
    mebx_put(mebx, "\n");
}

void mebx_menu_show(const struct mebx *mebx)
{
    mebx_put(mebx, "\n");
    mebx_put(mebx, titles[mebx->menu]);
    mebx_put(mebx, "\n");
    if (mebx->menu == MEBX_MENU_SETUP)
        show_state(mebx);
    if (mebx->menu == MEBX_MENU_HASHES)
        mebx_hashes_show(mebx);
    for (size_t i = 0; i < ITEMS; i++)
        if (is_shown(mebx, &items[i], mebx->menu))
            show_item(mebx, &items[i]);
    if (mebx->menu != MEBX_MENU_MAIN)
        mebx_put(mebx, "  0. Previous menu\n");
    mebx_put(mebx, "Number: ");
}

const char *mebx_item_refusal(const struct mebx *mebx, const struct mebx_item *item)
{
    uint8_t now = (uint8_t)(1u << mebx->reported);

    if (item->kind == &mebx_kind_submenu && item->arg == MEBX_MENU_AMT &&
        mebx->outcome.settings.manageability != MANAGEABILITY_AMT)
        return "the manageability feature is not Intel(R) AMT";
    if (item->states & now)
        return NULL;
    if (now == MEBX_PRE)
        return "the device is in its factory state, there is nothing to un-provision";
    if (item->states == MEBX_PRE)
        return "only in factory state; a full un-provision returns there";
    return "the device is provisioned; un-provision it first";
}
