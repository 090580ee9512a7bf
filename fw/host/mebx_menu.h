#ifndef HOST_MEBX_MENU_H
#define HOST_MEBX_MENU_H

#include "fw/host/mebx.h"

/* Inside the MEBx menu: the tree as a table of items, and the kinds of item. */

/* Where the menus begin in the table: a title, then the items 1, 2, 3, ... */
enum mebx_menu {
    MEBX_MENU_MAIN,
    MEBX_MENU_ME = MEBX_MENU_MAIN + 1 + 4,
    MEBX_MENU_AMT = MEBX_MENU_ME + 1 + 3,
    MEBX_MENU_TCPIP = MEBX_MENU_AMT + 1 + 7,
    MEBX_MENU_SETUP = MEBX_MENU_TCPIP + 1 + 7,
    MEBX_MENU_REMOTE = MEBX_MENU_SETUP + 1 + 5,
    MEBX_MENU_HASHES = MEBX_MENU_REMOTE + 1 + 3,
    MEBX_MENU_REDIRECTION = MEBX_MENU_HASHES + 1 + 4,
    MEBX_MENU_UNPROVISION = MEBX_MENU_REDIRECTION + 1 + 3,
    MEBX_MENUS_END = MEBX_MENU_UNPROVISION + 1 + 2,
};

/* The kinds of item. All but the first two ask something; some only ask what another one needs
 * besides. */
enum mebx_kind {
    MEBX_TITLE,   /* no item: a menu begins; arg: the menu that leads to it */
    MEBX_SUBMENU, /* arg: an enum mebx_menu */
    MEBX_LOGIN,
    MEBX_PASSWORD,
    MEBX_PASSWORD_AGAIN,
    /* To these an empty line is no answer: it leaves things as they are. */
    MEBX_SERVER, /* arg: place of an address in the settings; then its port */
    MEBX_PORT,
    MEBX_MINUTES,
    MEBX_NAME,    /* arg: place of a text in the settings */
    MEBX_ADDRESS, /* arg: place of an address or mask in the settings */
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
    MEBX_CHOICE_POLICY,
};

/* When there is an item: GetProvisioningState's values as bits, in the others it is shown and
 * refused; and what the release must have for it to be shown. */
#define MEBX_PRE 1u
#define MEBX_IN 2u
#define MEBX_POST 4u
#define MEBX_ALWAYS (MEBX_PRE | MEBX_IN | MEBX_POST)
#define MEBX_NEEDS_PKI 8u
#define MEBX_NEEDS_NAMES 16u

struct mebx_item {
    const char *label;
    uint8_t kind; /* enum mebx_kind */
    uint8_t when;
    uint16_t arg; /* what kind makes of it */
};

extern const struct mebx_item mebx_items[];
void mebx_menu_show(const struct mebx *mebx);
/* Takes the number of an item, as a question's answer is taken: see below. */
const char *mebx_menu_choose(struct mebx *mebx, const char *line);

/* The present value, as the menu shows it between brackets: mebx_items.c, mebx_choice.c */
void mebx_value_show(const struct mebx *mebx, const struct mebx_item *item);
void mebx_choice_show(const struct mebx *mebx, const struct mebx_item *item);
void mebx_choice_list(const struct mebx *mebx, const struct mebx_item *item);
/* mebx_hash.c */
void mebx_hashes_show(const struct mebx *mebx);
bool mebx_has_long_hashes(const struct release *release);

/* Take the answer to a question, plain text of less than MEBX_LINE characters. Return why it is
 * refused, or NULL. The menu comes next unless mebx->question is set, or mebx->left and
 * outcome.change are. */
typedef const char *mebx_take(struct mebx *mebx, const struct mebx_item *item, const char *line);
mebx_take mebx_take_number, mebx_take_name, mebx_take_address, mebx_take_pid,
    mebx_take_pps;                                                    /* mebx_items.c */
mebx_take mebx_take_choice, mebx_take_yes;                            /* mebx_choice.c */
mebx_take mebx_take_hash_number, mebx_take_hash, mebx_take_hash_name; /* mebx_hash.c */

#endif
