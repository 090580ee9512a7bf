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
 * besides. As a question the first is the menu's own. */
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
    uint8_t kind; /* enum mebx_kind */
    uint8_t when;
    uint16_t arg; /* what kind makes of it */
};

extern const struct mebx_item mebx_items[];
/* "Host name"; not of a title. */
const char *mebx_label(const struct mebx_item *item);
void mebx_menu_show(const struct mebx *mebx);

/* The present value, as the menu shows it between brackets: mebx_items.c, mebx_choice.c */
void mebx_value_show(const struct mebx *mebx, const struct mebx_item *item);
void mebx_choice_show(const struct mebx *mebx, const struct mebx_item *item);
void mebx_choice_list(const struct mebx *mebx);
/* mebx_hash.c */
void mebx_hashes_show(const struct mebx *mebx);
bool mebx_has_long_hashes(const struct release *release);

/* Why an answer is refused, as the screen has it. */
#define MEBX_REFUSALS(X)                                                                           \
    X(MEBX_WRONG_PASSWORD, "wrong" W_PASSWORD)                                                     \
    X(MEBX_WEAK_PASSWORD, "8 to 32" W_CHARACTER "s with a lower-case" W_AND                        \
                          "an upper-case letter, a digit" W_AND "a special "                       \
                          "character; none of : \" ,")                                             \
    X(MEBX_PASSWORDS_DIFFER, "the two" W_PASSWORD "s differ")                                      \
    X(MEBX_LONG_LINE, "a line has at most 259" W_CHARACTER "s")                                    \
    X(MEBX_NO_MENU_NUMBER, W_EXPECTED "a" W_NUMBER " of the menu")                                 \
    X(MEBX_NOT_IN_MENU, "the menu" W_HAS_NO "such" W_NUMBER)                                       \
    X(MEBX_NO_AMT, "the manageability feature" W_IS "not " W_INTEL "AMT")                          \
    X(MEBX_IN_FACTORY,                                                                             \
      "the device" W_IS "in its factory state, there" W_IS "nothing to " W_UN_PROVISION)           \
    X(MEBX_FACTORY_ONLY, "only in factory state; a full " W_UN_PROVISION " returns there")         \
    X(MEBX_PROVISIONED, "the device" W_IS "provisioned; " W_UN_PROVISION " it first")              \
    X(MEBX_NO_LIST_NUMBER, W_EXPECTED "a" W_NUMBER " of the list")                                 \
    X(MEBX_NOT_IN_LIST, "the list" W_HAS_NO "such" W_NUMBER)                                       \
    X(MEBX_HOST_UNDERSCORE, "a host" W_NAME " must not contain an underscore")                     \
    X(MEBX_HOST_DOT, "a host" W_NAME W_HAS_NO "dots; the domain" W_IS "an item of its own")        \
    X(MEBX_HOST_NAME, "a host" W_NAME W_IS "1 to 63 letters," W_DIGITS W_AND "'-'")                \
    X(MEBX_NO_ADDRESS, W_EXPECTED "an " W_ADDRESS " like 192.168.0.2")                             \
    X(MEBX_NO_MACHINE, W_EXPECTED "the " W_ADDRESS " of one machine, like 192.168.0.2")            \
    X(MEBX_MANY_MACHINES, "this" W_IS "not the " W_ADDRESS " of one machine")                      \
    X(MEBX_NO_MASK, W_EXPECTED "a mask like 255.255.255.0")                                        \
    X(MEBX_NO_PORT, "a port" W_IS "a" W_NUMBER " from 1 to 65535")                                 \
    X(MEBX_NO_MINUTES, "the idle time-out" W_IS "1 to 65535 minutes")                              \
    X(MEBX_NO_PID, "a PID" W_IS "8" W_DIGITS W_AND "capital " W_LETTERS "XXXX-XXXX," W_AND         \
                   "its last" W_CHARACTER " checks "                                               \
                   "the others")                                                                   \
    X(MEBX_NO_PPS, "a PPS" W_IS "32" W_DIGITS W_AND "capital " W_LETTERS "8 times XXXX," W_AND     \
                   "the last" W_CHARACTER " of "                                                   \
                   "each four checks the others")                                                  \
    X(MEBX_NO_SUCH_HASH, "the list" W_HAS_NO "such" W_HASH)                                        \
    X(MEBX_BUILT_IN_HASH, "a built-in" W_HASH " cannot be deleted, only deactivated")              \
    X(MEBX_HASHES_FULL, "three" W_HASH "es are added already; delete one of them first")           \
    X(MEBX_NO_HASH, W_EXPECTED "40, 64 or 96 " W_HEXADECIMAL W_DIGITS)                             \
    X(MEBX_NO_SHA1, W_EXPECTED "40 " W_HEXADECIMAL W_DIGITS "; this release knows SHA-1 only")     \
    X(MEBX_KNOWN_HASH, "this" W_HASH W_IS "in the list already")                                   \
    X(MEBX_LONG_HASH_NAME, "a" W_HASH "'s" W_NAME " has at most 32" W_CHARACTER "s")

enum mebx_refusal {
    MEBX_TAKEN, /* it is not refused */
#define MEBX_REFUSAL(name, text) name,
    MEBX_REFUSALS(MEBX_REFUSAL)
#undef MEBX_REFUSAL
};

/* Takes mebx->line, the answer to mebx->item's question, plain text of less than MEBX_LINE
 * characters. The menu comes next unless mebx->question is set, or mebx->left and outcome.change
 * are. */
typedef enum mebx_refusal mebx_take(struct mebx *mebx);
mebx_take mebx_take_item; /* mebx_menu.c: the number of an item */
mebx_take mebx_take_number, mebx_take_name, mebx_take_address, mebx_take_pid,
    mebx_take_pps;                                                    /* mebx_items.c */
mebx_take mebx_take_choice, mebx_take_yes;                            /* mebx_choice.c */
mebx_take mebx_take_hash_number, mebx_take_hash, mebx_take_hash_name; /* mebx_hash.c */

#endif
