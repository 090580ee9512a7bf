#include "fw/host/mebx.h"

#include <string.h>

#include "fw/core/psk.h"
#include "fw/host/mebx_menu.h"
#include "fw/host/mebx_text.h"

#define CTRL_C 0x03
#define BACKSPACE 0x08
#define DELETE 0x7F
#define MENU 0 /* no question */

#define SECRETS                                                                                    \
    (1u << MEBX_LOGIN | 1u << MEBX_PASSWORD | 1u << MEBX_PASSWORD_AGAIN | 1u << MEBX_PPS)

/* --- login and password --- */

static const char *take_login(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    (void)item;
    if (strcmp(line, mebx->outcome->settings.password) == 0) {
        mebx->logged_in = true;
        return NULL;
    }
    mebx->question = MEBX_LOGIN;
    mebx->left = ++mebx->tries == MEBX_TRIES;
    return "wrong password";
}

static const char *take_password(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    (void)item;
    if (password_is_strong(line)) {
        memcpy(mebx->answer, line, strlen(line));
        mebx->question = MEBX_PASSWORD_AGAIN;
        return NULL;
    }
    if (line[0] == '\0' && !mebx->outcome->settings.password_default)
        return NULL;
    return "8 to 32 characters with a lower-case and an upper-case letter, a digit and a special "
           "character; none of : \" ,";
}

static const char *take_password_again(struct mebx *mebx, const struct mebx_item *item,
                                       const char *line)
{
    struct settings *s = &mebx->outcome->settings;

    (void)item;
    if (strcmp(line, mebx->answer) != 0)
        return "the two passwords differ";
    mebx_set_text(mebx, s->password, sizeof(s->password), line);
    s->password_default = false;
    return NULL;
}

/* --- questions --- */

#define KEEP " (empty: keep): "
#define NONE " (empty: none): "
#define SURE ", are you sure (y/n)? "

static const struct question {
    const char *what; /* NULL = the item's label */
    const char *how;
    mebx_take *take;
} questions[MEBX_KINDS] = {
    [MEBX_LOGIN] = {"Intel(R) ME password: ", "", take_login},
    [MEBX_PASSWORD] = {"New Intel(R) ME password: ", "", take_password},
    [MEBX_PASSWORD_AGAIN] = {"The same again: ", "", take_password_again},
    [MEBX_SERVER] = {"Address", " (empty: keep, 0.0.0.0: look it up): ", mebx_take_address},
    [MEBX_PORT] = {"Port", KEEP, mebx_take_number},
    [MEBX_MINUTES] = {"Minutes", KEEP, mebx_take_number},
    [MEBX_NAME] = {NULL, " (empty: keep, .: remove): ", mebx_take_name},
    [MEBX_ADDRESS] = {NULL, " (empty: keep, 0.0.0.0: remove): ", mebx_take_address},
    [MEBX_PID] = {"PID", KEEP, mebx_take_pid},
    [MEBX_PPS] = {"PPS", KEEP, mebx_take_pps},
    [MEBX_CHOICE] = {"Number", KEEP, mebx_take_choice},
    [MEBX_DELETE_PSK] = {NULL, SURE, mebx_take_yes},
    [MEBX_PARTIAL] = {"Store the changes and un-provision partially", SURE, mebx_take_yes},
    [MEBX_FULL] = {"Store the changes and un-provision fully", SURE, mebx_take_yes},
    [MEBX_EXIT] = {"Store the changes and exit", SURE, mebx_take_yes},
    [MEBX_ACTIVATE] = {"Hash number", NONE, mebx_take_hash_number},
    [MEBX_DEACTIVATE] = {"Hash number", NONE, mebx_take_hash_number},
    [MEBX_ADD_HASH] = {" hash in hexadecimal", NONE, mebx_take_hash},
    [MEBX_HASH_NAME] = {"Name", " (empty: do not add): ", mebx_take_hash_name},
    [MEBX_DELETE_HASH] = {"Hash number", NONE, mebx_take_hash_number},
};

/* What some questions say first. */
static void introduce(const struct mebx *mebx)
{
    const struct settings *s = &mebx->outcome->settings;

    switch (mebx->question) {
    case MEBX_PASSWORD:
        if (s->password_default)
            mebx_print(mebx, "The default password must be changed first.\n");
        break;
    case MEBX_CHOICE:
        mebx_choice_list(mebx, mebx->item);
        break;
    case MEBX_EXIT:
        if (!s->dhcp_enabled && !s->fixed.ip)
            mebx_print(mebx, "Without DHCP and without an IP address the ME is on no network.\n");
        break;
    case MEBX_ADD_HASH:
        mebx_print(mebx, "SHA-1");
        if (mebx_has_long_hashes(mebx->release))
            mebx_print(mebx, ", SHA-256 or SHA-384");
        break;
    default:
        break;
    }
}

/* Asks for what comes next: a number of the menu, or an item's question. */
static void prompt(const struct mebx *mebx)
{
    const struct question *question = &questions[mebx->question];

    if (mebx->question == MENU) {
        mebx_menu_show(mebx);
        return;
    }
    introduce(mebx);
    mebx_print(mebx, "%s%s", question->what ? question->what : mebx->item->label, question->how);
}

/* --- lines --- */

static void wipe_input(struct mebx *mebx)
{
    mebx->length = 0;
    memset(mebx->line, 0, sizeof(mebx->line));
}

void mebx_open(struct mebx *mebx, struct local_outcome *outcome, const struct settings *settings,
               const struct setup *setup, const struct release *release,
               const struct oem_profile *oem, struct text_out out)
{
    memset(mebx, 0, sizeof(*mebx));
    outcome->change = LOCAL_NONE;
    mebx->outcome = outcome;
    mebx->out = out;
    mebx->release = release;
    mebx->oem = oem;
    mebx->outcome->settings = *settings;
    mebx->reported = (uint8_t)setup_reported(setup);
    mebx->menu = &mebx_items[MEBX_MENU_MAIN];
    mebx->question = MEBX_LOGIN;
    mebx_print(mebx,
               "Intel(R) Management Engine BIOS Extension, release %s\n"
               "Ctrl-C leaves without storing anything.\n",
               release->name);
    prompt(mebx);
}

static void leave(struct mebx *mebx)
{
    bool changed = mebx->outcome->change != LOCAL_NONE;

    mebx->left = true;
    wipe_input(mebx);
    memset(mebx->answer, 0, sizeof(mebx->answer));
    if (!changed)
        memset(&mebx->outcome->settings, 0, sizeof(mebx->outcome->settings));
    mebx_print(mebx, changed ? "Leaving the menu.\n" : "Nothing is changed.\n");
}

static const char *answer(struct mebx *mebx, const char *line)
{
    uint8_t question = mebx->question;
    const char *refusal = NULL;

    mebx->question = MENU;
    if (line[0] || question < MEBX_SERVER)
        refusal = questions[question].take(mebx, mebx->item, line);
    else if (question == MEBX_SERVER)
        mebx->question = MEBX_PORT;
    if (mebx->question != MENU)
        return refusal;
    memset(mebx->answer, 0, sizeof(mebx->answer));
    /* DELL, HP: nothing else is offered while the password is the default. */
    if (mebx->outcome->settings.password_default)
        mebx->question = MEBX_PASSWORD;
    return refusal;
}

static void end_line(struct mebx *mebx)
{
    const char *refusal;

    mebx_print(mebx, "\n");
    if (mebx->length == MEBX_LINE)
        refusal = "a line has at most 259 characters";
    else if (mebx->question == MENU)
        refusal = mebx_menu_choose(mebx, mebx->line);
    else
        refusal = answer(mebx, mebx->line);
    if (refusal)
        mebx_print(mebx, "Refused: %s\n", refusal);
    if (mebx->left) {
        leave(mebx);
        return;
    }
    wipe_input(mebx);
    prompt(mebx);
}

static void rub_out(struct mebx *mebx)
{
    /* What was too long is lost up to the end of the line. */
    if (mebx->length == 0 || mebx->length == MEBX_LINE)
        return;
    mebx->line[--mebx->length] = '\0';
    mebx_print(mebx, "\b \b");
}

static void add(struct mebx *mebx, char key)
{
    /* The rest of a line that is too long must not pass for the beginning of another one. */
    if (mebx->length >= MEBX_LINE - 1) {
        wipe_input(mebx);
        mebx->length = MEBX_LINE;
        mebx_print(mebx, "\a");
        return;
    }
    mebx->line[mebx->length++] = key;
    mebx_print(mebx, "%c", SECRETS >> mebx->question & 1u ? '*' : key);
}

bool mebx_key(struct mebx *mebx, char key)
{
    uint8_t byte = (uint8_t)key;
    bool after_cr = mebx->after_cr;

    if (mebx->left)
        return true;
    mebx->after_cr = byte == '\r';
    if (byte == CTRL_C) {
        mebx_print(mebx, "\n");
        leave(mebx);
    } else if (byte == '\r' || (byte == '\n' && !after_cr)) {
        end_line(mebx);
    } else if (byte == BACKSPACE || byte == DELETE) {
        rub_out(mebx);
    } else if (byte >= 0x80) {
        mebx_print(mebx, "\a");
    } else if (byte >= ' ') {
        add(mebx, key);
    }
    return mebx->left;
}
