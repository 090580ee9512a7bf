#ifndef HOST_MEBX_MENU_H
#define HOST_MEBX_MENU_H

#include "fw/host/mebx.h"

/* Inside the MEBx menu: the tree as a table of items, and the kinds of item. */

enum mebx_menu {
    MEBX_MENU_NONE, /* items that no menu shows */
    MEBX_MENU_MAIN,
    MEBX_MENU_ME,
    MEBX_MENU_AMT,
    MEBX_MENU_TCPIP,
    MEBX_MENU_SETUP,
    MEBX_MENU_REMOTE,
    MEBX_MENU_HASHES,
    MEBX_MENU_REDIRECTION,
    MEBX_MENU_UNPROVISION,
    MEBX_MENUS
};

enum mebx_fixed_item { /* places in the table of items that the code knows */
                       MEBX_ITEM_LOGIN,
                       MEBX_ITEM_PASSWORD,
                       MEBX_NO_ITEM = 0xFF, /* a number of the menu shown is expected */
};

enum mebx_next {             /* what a line of input led to */
                 MEBX_DONE,  /* the menu again */
                 MEBX_AGAIN, /* the same question */
                 MEBX_MORE,  /* the item's next question */
                 MEBX_LEAVE, /* outcome.change is set */
};

struct mebx_item;

struct mebx_kind {
    /* The present value, between brackets in the menu; NULL = none is shown. */
    void (*show)(const struct mebx *mebx, const struct mebx_item *item);
    /* Asks for what mebx->step needs. */
    void (*ask)(const struct mebx *mebx, const struct mebx_item *item);
    /* line is plain text of less than MEBX_LINE characters, empty = keep things as they are. */
    enum mebx_next (*take)(struct mebx *mebx, const struct mebx_item *item, const char *line);
    uint8_t secret_steps; /* bit i: step i is echoed as '*' */
};

/* GetProvisioningState's values as bits */
#define MEBX_PRE 1u
#define MEBX_IN 2u
#define MEBX_POST 4u
#define MEBX_ALWAYS (MEBX_PRE | MEBX_IN | MEBX_POST)

struct mebx_item {
    uint8_t menu, number;
    const char *label;
    const struct mebx_kind *kind;
    uint8_t states;                               /* in the others it is shown and refused */
    bool (*there)(const struct release *release); /* NULL = on every release */
    uint16_t arg, size;                           /* what kind makes of them */
};

const struct mebx_item *mebx_item(uint8_t index);
/* The index of a menu's item with that number on this release, MEBX_NO_ITEM = none. */
uint8_t mebx_item_find(const struct mebx *mebx, uint8_t menu, uint32_t number);
uint8_t mebx_menu_parent(uint8_t menu);
void mebx_menu_show(const struct mebx *mebx);
/* Why the item cannot be used now, NULL = it can. */
const char *mebx_item_refusal(const struct mebx *mebx, const struct mebx_item *item);

/* mebx.c */
extern const struct mebx_kind mebx_kind_login, mebx_kind_password, mebx_kind_submenu;
/* mebx_items.c: arg and size are the text field's place in the settings */
extern const struct mebx_kind mebx_kind_name, mebx_kind_host_name;
extern const struct mebx_kind mebx_kind_address; /* arg: place in the settings */
extern const struct mebx_kind mebx_kind_server, mebx_kind_idle, mebx_kind_psk;
/* mebx_choice.c: arg is an enum mebx_choice or an enum mebx_question */
extern const struct mebx_kind mebx_kind_choice, mebx_kind_question;
/* mebx_hash.c: arg of switch: 1 = activate */
extern const struct mebx_kind mebx_kind_hash_switch, mebx_kind_hash_add, mebx_kind_hash_delete;
void mebx_hashes_show(const struct mebx *mebx);

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
    MEBX_CHOICES
};

enum mebx_question {
    MEBX_ASK_DELETE_PSK,
    MEBX_ASK_PARTIAL,
    MEBX_ASK_FULL,
    MEBX_ASK_EXIT,
    MEBX_QUESTIONS
};

#endif
