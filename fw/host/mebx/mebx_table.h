// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_MEBX_TABLE_H
#define HOST_MEBX_TABLE_H

#include "fw/core/permits.h"
#include "fw/host/mebx/mebx_state.h"

/* The tree of MEBx menus as a table of items, and the kinds of items. */

/* Where each menu begins in the table: with its title, followed by the items 1, 2, 3, ... */
enum mebx_menu {
    MEBX_MENU_MAIN,
    MEBX_MENU_ME = MEBX_MENU_MAIN + 1 + 4,
    MEBX_MENU_AMT = MEBX_MENU_ME + 1 + 3,
    MEBX_MENU_TCPIP = MEBX_MENU_AMT + 1 + 7,
    MEBX_MENU_SETUP = MEBX_MENU_TCPIP + 1 + 7,
    MEBX_MENU_REMOTE = MEBX_MENU_SETUP + 1 + 5,
    MEBX_MENU_HASHES = MEBX_MENU_REMOTE + 1 + 3,
    MEBX_MENU_REDIRECTION = MEBX_MENU_HASHES + 1 + 4,
    MEBX_MENU_UNPROVISION = MEBX_MENU_REDIRECTION + 1 + 3 + FW_MACHINE,
    MEBX_MENUS_END = MEBX_MENU_UNPROVISION + 1 + 2,
};

/* The kinds of items. All but the first two ask a question; some only follow another one's
 * question. As a question MEBX_TITLE is the menu's own. */
enum mebx_kind {
    MEBX_TITLE,   /* not an item: a menu begins; arg: the menu above */
    MEBX_SUBMENU, /* arg: an enum mebx_menu */
    MEBX_LOGIN,
    MEBX_PASSWORD,
    MEBX_PASSWORD_AGAIN,
    /* From here on an empty line changes nothing. */
    MEBX_SERVER, /* arg: offset of an address in struct settings; the port follows */
    MEBX_PORT,
    MEBX_MINUTES,
    MEBX_NAME,    /* arg: offset of a text in struct settings */
    MEBX_ADDRESS, /* arg: offset of an address or mask in struct settings */
    MEBX_PID,
    MEBX_PPS,
    MEBX_CHOICE, /* arg: an enum mebx_choice */
    MEBX_DELETE_PSK,
    MEBX_PARTIAL,
    MEBX_FULL,
    MEBX_EXIT,
    MEBX_ACTIVATE,
    MEBX_DEACTIVATE,
    MEBX_ADD_HASH,
    MEBX_HASH_NAME,
    MEBX_DELETE_HASH,
    MEBX_KINDS
};

enum mebx_choice {
    MEBX_CHOICE_MANAGEABILITY,
    MEBX_CHOICE_POWER,
    MEBX_CHOICE_DHCP,
    MEBX_CHOICE_MODE,
    MEBX_CHOICE_REMOTE,
    MEBX_CHOICE_USER,
    MEBX_CHOICE_SOL,
    MEBX_CHOICE_IDER,
#if FW_MACHINE
    MEBX_CHOICE_LEGACY,
#endif
    MEBX_CHOICE_POLICY,
};

/* In mebx_item.act, beside the enum act: what the release must have for the item to be shown. */
#define MEBX_NEEDS_PKI 0x40u
#define MEBX_NEEDS_NAMES 0x80u
#define MEBX_ACT 0x3Fu

_Static_assert(ACTS <= MEBX_ACT, "an act and both bits fit into a byte");

struct mebx_item {
    uint8_t kind; /* enum mebx_kind */
    uint8_t act; /* enum act (an item whose act is not permitted is shown and refused) | MEBX_NEEDS_
                    bits */
    uint16_t arg; /* depends on kind */
};

extern const struct mebx_item mebx_items[];
/* "Host name". A title may be MEBX_AS_ABOVE: the label of its item in the menu above, in
 * capitals. */
#define MEBX_AS_ABOVE "^"
const char *mebx_label(const struct mebx_item *item);

/* mebx_menu.c */
void mebx_menu_show(const struct mebx *mebx);

/* Shows the present value, in brackets in the menu: mebx_items.c, mebx_choice.c */
void mebx_value_show(const struct mebx *mebx, const struct mebx_item *item);
void mebx_choice_show(const struct mebx *mebx, const struct mebx_item *item);
void mebx_choice_list(const struct mebx *mebx);
/* mebx_hash.c */
void mebx_hashes_show(const struct mebx *mebx);
bool mebx_has_long_hashes(const struct release *release);

/* Why an answer is refused, and the text on the screen. */
#define MEBX_REFUSALS(X)                                                                           \
    X(MEBX_WRONG_PASSWORD, "wrong password")                                                       \
    X(MEBX_WEAK_PASSWORD,                                                                          \
      "8 to 32 characters: lower and upper case, a digit, a special one, none of : \" ,")          \
    X(MEBX_PASSWORDS_DIFFER, "the two passwords differ")                                           \
    X(MEBX_LONG_LINE, "a line has at most 259 characters")                                         \
    X(MEBX_NO_NUMBER, "expected a number of the list")                                             \
    X(MEBX_NOT_IN_LIST, "the list has no such number")                                             \
    X(MEBX_NO_AMT, "the manageability feature is not Intel(R) AMT")                                \
    X(MEBX_IN_FACTORY, "there is nothing to un-provision")                                         \
    X(MEBX_FACTORY_ONLY, "only in factory state; a full un-provision returns there")               \
    X(MEBX_PROVISIONED, "the device is provisioned; un-provision it first")                        \
    X(MEBX_HOST_DOT, "a host name has no dots; the domain is another item")                        \
    X(MEBX_HOST_NAME, "a host name is 1 to 63 letters, digits and '-'")                            \
    X(MEBX_NO_ADDRESS, "expected an address like 192.168.0.2")                                     \
    X(MEBX_NO_MACHINE, "expected the address of one machine")                                      \
    X(MEBX_NO_MASK, "expected a mask like 255.255.255.0")                                          \
    X(MEBX_NO_PORT, "expected a port from 1 to 65535")                                             \
    X(MEBX_NO_MINUTES, "expected 1 to 65535 minutes")                                              \
    X(MEBX_NO_KEY,                                                                                 \
      "expected digits and capitals in groups of XXXX, each with its check character")             \
    X(MEBX_BUILT_IN_HASH, "a built-in hash can only be deactivated")                               \
    X(MEBX_HASHES_FULL, "three hashes are added already")                                          \
    X(MEBX_NO_HASH, "expected 40, 64 or 96 hexadecimal digits")                                    \
    X(MEBX_NO_SHA1, "expected 40 hexadecimal digits: SHA-1")                                       \
    X(MEBX_KNOWN_HASH, "this hash is in the list")                                                 \
    X(MEBX_LONG_HASH_NAME, "a name has at most 32 characters")

enum mebx_refusal {
    MEBX_ACCEPTED, /* the answer is not refused */
#define MEBX_REFUSAL(name, text) name,
    MEBX_REFUSALS(MEBX_REFUSAL)
#undef MEBX_REFUSAL
};

/* Accepts or refuses mebx->line, the answer to mebx->item's question: plain text of less than
 * MEBX_LINE characters. Then the menu is shown, unless mebx->question is set, or mebx->closed with
 * outcome.change. */
typedef enum mebx_refusal mebx_accept(struct mebx *mebx);
mebx_accept mebx_accept_item; /* mebx_menu.c: the number of an item */
mebx_accept mebx_accept_number, mebx_accept_name, mebx_accept_address, mebx_accept_pid,
    mebx_accept_pps;                                                          /* mebx_items.c */
mebx_accept mebx_accept_choice, mebx_accept_yes;                              /* mebx_choice.c */
mebx_accept mebx_accept_hash_number, mebx_accept_hash, mebx_accept_hash_name; /* mebx_hash.c */

#endif
