// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/mebx/mebx_table.h"

#include <stddef.h>

#define AT(field) offsetof(struct settings, config.field)
#define PKI MEBX_NEEDS_PKI
#define NAMES MEBX_NEEDS_NAMES

#define AS_ABOVE MEBX_AS_ABOVE

#if FW_MACHINE
#define LEGACY_ITEM(X) X("Legacy redirection mode", MEBX_CHOICE, ACT_SET_LEGACY, MEBX_CHOICE_LEGACY)
#else
#define LEGACY_ITEM(X)
#endif

#define ITEMS(X)                                                                                   \
    X("Main menu", MEBX_TITLE, 0, 0)                                                               \
    X("Change Intel(R) ME password", MEBX_PASSWORD, ACT_SET_PASSWORD, 0)                           \
    X("Intel(R) ME configuration", MEBX_SUBMENU, ACT_OPEN_MENU, MEBX_MENU_ME)                      \
    X("Intel(R) AMT configuration", MEBX_SUBMENU, ACT_OPEN_MENU, MEBX_MENU_AMT)                    \
    X("Exit", MEBX_EXIT, ACT_OPEN_MENU, 0)                                                         \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_MAIN)                                                     \
    X("Manageability feature", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_MANAGEABILITY)              \
    X("Power package", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_POWER)                              \
    X("Idle time-out", MEBX_MINUTES, ACT_SET_LOCAL, 0)                                             \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_MAIN)                                                     \
    X("Host name", MEBX_NAME, ACT_SET_NAME, AT(host_name))                                         \
    X("TCP/IP", MEBX_SUBMENU, ACT_OPEN_MENU, MEBX_MENU_TCPIP)                                      \
    X("Provisioning mode", MEBX_CHOICE, ACT_SET_MODE, MEBX_CHOICE_MODE)                            \
    X("Setup and configuration", MEBX_SUBMENU, ACT_OPEN_MENU, MEBX_MENU_SETUP)                     \
    X("SOL/IDE-R", MEBX_SUBMENU, ACT_OPEN_MENU, MEBX_MENU_REDIRECTION)                             \
    X("Password policy", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_POLICY)                           \
    X("Un-provision", MEBX_SUBMENU, ACT_OPEN_MENU, MEBX_MENU_UNPROVISION)                          \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("DHCP", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_DHCP)                                        \
    X("Domain name", MEBX_NAME, ACT_SET_NAME, AT(domain))                                          \
    X("IP address", MEBX_ADDRESS, ACT_SET_LOCAL, AT(fixed.ip))                                     \
    X("Subnet mask", MEBX_ADDRESS, ACT_SET_LOCAL, AT(fixed.mask))                                  \
    X("Default gateway", MEBX_ADDRESS, ACT_SET_LOCAL, AT(fixed.gateway))                           \
    X("Preferred DNS server", MEBX_ADDRESS, ACT_SET_LOCAL, AT(fixed.dns1))                         \
    X("Alternate DNS server", MEBX_ADDRESS, ACT_SET_LOCAL, AT(fixed.dns2))                         \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("Provisioning server", MEBX_SERVER, ACT_SET_SERVER, AT(server_ip))                           \
    X("Set PID and PPS", MEBX_PID, ACT_SET_PSK, 0)                                                 \
    X("Delete PID and PPS", MEBX_DELETE_PSK, ACT_SET_PSK, 0)                                       \
    X("Configuration server FQDN", MEBX_NAME, ACT_SET_SERVER | NAMES, AT(server_fqdn))             \
    X("Remote configuration (PKI)", MEBX_SUBMENU, ACT_OPEN_MENU | PKI, MEBX_MENU_REMOTE)           \
    X("Remote configuration", MEBX_TITLE, 0, MEBX_MENU_SETUP)                                      \
    X("Remote configuration", MEBX_CHOICE, ACT_SET_REMOTE | PKI, MEBX_CHOICE_REMOTE)               \
    X("PKI DNS suffix", MEBX_NAME, ACT_SET_SUFFIX | NAMES, AT(pki_suffix))                         \
    X("Certificate hashes", MEBX_SUBMENU, ACT_OPEN_MENU | PKI, MEBX_MENU_HASHES)                   \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_REMOTE)                                                   \
    X("Activate a hash", MEBX_ACTIVATE, ACT_SET_REMOTE | PKI, 0)                                   \
    X("Deactivate a hash", MEBX_DEACTIVATE, ACT_SET_REMOTE | PKI, 0)                               \
    X("Add a hash", MEBX_ADD_HASH, ACT_SET_REMOTE | PKI, 0)                                        \
    X("Delete a hash", MEBX_DELETE_HASH, ACT_SET_REMOTE | PKI, 0)                                  \
    X(AS_ABOVE, MEBX_TITLE, 0, MEBX_MENU_AMT)                                                      \
    X("User name and password", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_USER)                      \
    X("Serial over LAN (SOL)", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_SOL)                        \
    X("IDE redirection (IDE-R)", MEBX_CHOICE, ACT_SET_LOCAL, MEBX_CHOICE_IDER)                     \
    LEGACY_ITEM(X)                                                                                 \
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
