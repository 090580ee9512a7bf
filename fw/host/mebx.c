#include "fw/host/mebx.h"

#include <string.h>

#include "fw/core/psk.h"
#include "fw/host/mebx_menu.h"
#include "fw/host/mebx_text.h"

#define CTRL_C 0x03
#define BACKSPACE 0x08
#define DELETE 0x7F
#define STEP_FIRST 0
#define STEP_REPEAT 1

static void wipe_input(struct mebx *mebx)
{
    mebx->length = 0;
    memset(mebx->line, 0, sizeof(mebx->line));
}

/* Asks for what comes next: a number of the menu, or an item's question. */
static void prompt(const struct mebx *mebx)
{
    const struct mebx_item *item;

    if (mebx->item == MEBX_NO_ITEM) {
        mebx_menu_show(mebx);
        return;
    }
    item = mebx_item(mebx->item);
    item->kind->ask(mebx, item);
}

static void open_item(struct mebx *mebx, uint8_t item)
{
    mebx->item = item;
    mebx->step = STEP_FIRST;
    memset(mebx->answer, 0, sizeof(mebx->answer));
}

void mebx_open(struct mebx *mebx, const struct settings *settings, const struct setup *setup,
               const struct release *release, const struct oem_profile *oem, void *ctx,
               void (*write)(void *ctx, const char *text))
{
    memset(mebx, 0, sizeof(*mebx));
    mebx->ctx = ctx;
    mebx->write = write;
    mebx->release = release;
    mebx->oem = oem;
    mebx->outcome.settings = *settings;
    mebx->reported = (uint8_t)setup_reported(setup);
    mebx->menu = MEBX_MENU_MAIN;
    open_item(mebx, MEBX_ITEM_LOGIN);
    mebx_put(mebx, "Intel(R) Management Engine BIOS Extension, release ");
    mebx_put(mebx, release->name);
    mebx_put(mebx, "\nCtrl-C leaves without storing anything.\n");
    prompt(mebx);
}

static bool leave(struct mebx *mebx)
{
    enum local_change change = mebx->outcome.change;

    mebx->left = true;
    wipe_input(mebx);
    memset(mebx->answer, 0, sizeof(mebx->answer));
    if (change == LOCAL_NONE)
        memset(&mebx->outcome.settings, 0, sizeof(mebx->outcome.settings));
    mebx_put(mebx, change == LOCAL_NONE ? "Nothing is changed.\n" : "Leaving the menu.\n");
    return true;
}

/* --- login and password --- */

static void ask_login(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    mebx_put(mebx, "Intel(R) ME password: ");
}

static enum mebx_next take_login(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    (void)item;
    if (mebx_same(line, mebx->outcome.settings.password)) {
        mebx->logged_in = true;
        return MEBX_DONE;
    }
    mebx_refuse(mebx, "wrong password");
    return ++mebx->tries < MEBX_TRIES ? MEBX_AGAIN : MEBX_LEAVE;
}

const struct mebx_kind mebx_kind_login = {
    .ask = ask_login,
    .take = take_login,
    .secret_steps = 1u << STEP_FIRST,
};

static void ask_password(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    if (mebx->step == STEP_REPEAT) {
        mebx_put(mebx, "The same again: ");
        return;
    }
    if (mebx->outcome.settings.password_default)
        mebx_put(mebx, "The default password must be changed first.\n");
    mebx_put(mebx, "New Intel(R) ME password: ");
}

static enum mebx_next take_password(struct mebx *mebx, const struct mebx_item *item,
                                    const char *line)
{
    struct settings *s = &mebx->outcome.settings;

    (void)item;
    if (mebx->step == STEP_FIRST) {
        if (password_is_strong(line)) {
            memcpy(mebx->answer, line, strlen(line) + 1);
            return MEBX_MORE;
        }
        if (line[0] || s->password_default)
            mebx_refuse(mebx, "8 to 32 characters with a lower-case and an upper-case letter, a "
                              "digit and a special character; none of : \" ,");
        return MEBX_DONE;
    }
    if (!mebx_same(line, mebx->answer)) {
        mebx_refuse(mebx, "the two passwords differ");
        return MEBX_DONE;
    }
    memset(s->password, 0, sizeof(s->password));
    memcpy(s->password, line, strlen(line));
    s->password_default = false;
    mebx->changed = true;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_password = {
    .ask = ask_password,
    .take = take_password,
    .secret_steps = 1u << STEP_FIRST | 1u << STEP_REPEAT,
};

/* A submenu is entered by choosing it: it never asks. */
const struct mebx_kind mebx_kind_submenu = {NULL, NULL, NULL, 0};

/* --- lines --- */

static void choose(struct mebx *mebx, const char *line)
{
    const struct mebx_item *item;
    const char *refusal;
    uint32_t number;
    uint8_t found;

    if (line[0] == '\0')
        return;
    if (!mebx_read_number(line, 0, 99, &number)) {
        mebx_refuse(mebx, "expected a number of the menu");
        return;
    }
    if (number == 0 && mebx->menu != MEBX_MENU_MAIN) {
        mebx->menu = mebx_menu_parent(mebx->menu);
        return;
    }
    found = mebx_item_find(mebx, mebx->menu, number);
    if (found == MEBX_NO_ITEM) {
        mebx_refuse(mebx, "the menu has no such number");
        return;
    }
    item = mebx_item(found);
    refusal = mebx_item_refusal(mebx, item);
    if (refusal)
        mebx_refuse(mebx, refusal);
    else if (item->kind == &mebx_kind_submenu)
        mebx->menu = (uint8_t)item->arg;
    else
        open_item(mebx, found);
}

static bool answer(struct mebx *mebx)
{
    const struct mebx_item *item = mebx_item(mebx->item);

    switch (item->kind->take(mebx, item, mebx->line)) {
    case MEBX_LEAVE:
        return leave(mebx);
    case MEBX_MORE:
        mebx->step++;
        break;
    case MEBX_AGAIN:
        break;
    default:
        /* DELL, HP: nothing else is offered while the password is the default. */
        open_item(mebx,
                  mebx->outcome.settings.password_default ? MEBX_ITEM_PASSWORD : MEBX_NO_ITEM);
        break;
    }
    return false;
}

static bool end_line(struct mebx *mebx)
{
    bool overlong = mebx->length == MEBX_LINE, done = false;

    mebx_put(mebx, "\n");
    if (overlong)
        mebx_refuse(mebx, "a line has at most 259 characters");
    else if (mebx->item == MEBX_NO_ITEM)
        choose(mebx, mebx->line);
    else
        done = answer(mebx);
    if (done)
        return true;
    wipe_input(mebx);
    prompt(mebx);
    return false;
}

static bool is_secret(const struct mebx *mebx)
{
    return mebx->item != MEBX_NO_ITEM &&
           (mebx_item(mebx->item)->kind->secret_steps >> mebx->step & 1u);
}

static void rub_out(struct mebx *mebx)
{
    /* What was too long is lost up to the end of the line. */
    if (mebx->length == 0 || mebx->length == MEBX_LINE)
        return;
    mebx->line[--mebx->length] = '\0';
    mebx_put(mebx, "\b \b");
}

static void add(struct mebx *mebx, char key)
{
    char echo[2] = {is_secret(mebx) ? '*' : key, '\0'};

    /* The rest of a line that is too long must not pass for the beginning of another one. */
    if (mebx->length >= MEBX_LINE - 1) {
        memset(mebx->line, 0, sizeof(mebx->line));
        mebx->length = MEBX_LINE;
        mebx_put(mebx, "\a");
        return;
    }
    mebx->line[mebx->length++] = key;
    mebx_put(mebx, echo);
}

bool mebx_key(struct mebx *mebx, char key)
{
    uint8_t byte = (uint8_t)key;
    bool after_cr = mebx->after_cr;

    if (mebx->left)
        return true;
    mebx->after_cr = byte == '\r';
    if (byte == CTRL_C) {
        mebx_put(mebx, "\n");
        return leave(mebx);
    }
    if (byte == '\r' || (byte == '\n' && !after_cr))
        return end_line(mebx);
    if (byte == BACKSPACE || byte == DELETE)
        rub_out(mebx);
    else if (byte >= 0x80)
        mebx_put(mebx, "\a");
    else if (byte >= ' ')
        add(mebx, key);
    return false;
}
