// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/mebx/mebx.h"

#include <string.h>

#include "fw/core/password.h"
#include "fw/core/wipe.h"
#include "fw/host/mebx/mebx_table.h"
#include "fw/host/mebx/mebx_text.h"

#define CTRL_C 0x03
#define BACKSPACE 0x08
#define DELETE 0x7F
#define MENU MEBX_TITLE /* the menu's own question: a number */

#define SECRETS                                                                                    \
    (1u << MEBX_LOGIN | 1u << MEBX_PASSWORD | 1u << MEBX_PASSWORD_AGAIN | 1u << MEBX_PPS)

/* --- login and password --- */

static enum mebx_refusal accept_login(struct mebx *mebx)
{
    if (strcmp(mebx->line, mebx->outcome->settings.secret.password) == 0) {
        mebx->logged_in = true;
        return MEBX_ACCEPTED;
    }
    mebx->question = MEBX_LOGIN;
    mebx->closed = ++mebx->tries == MEBX_TRIES;
    return MEBX_WRONG_PASSWORD;
}

static enum mebx_refusal accept_password(struct mebx *mebx)
{
    if (password_is_strong(mebx->line)) {
        memcpy(mebx->answer, mebx->line, strlen(mebx->line));
        mebx->question = MEBX_PASSWORD_AGAIN;
        return MEBX_ACCEPTED;
    }
    if (mebx->line[0] == '\0' && !mebx->outcome->settings.secret.password_default)
        return MEBX_ACCEPTED;
    return MEBX_WEAK_PASSWORD;
}

static enum mebx_refusal accept_password_again(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome->settings;

    if (strcmp(mebx->line, mebx->answer) != 0)
        return MEBX_PASSWORDS_DIFFER;
    mebx_set_text(mebx, s->secret.password, sizeof(s->secret.password), mebx->line);
    s->secret.password_default = false;
    return MEBX_ACCEPTED;
}

/* --- questions --- */

/* What an empty line does: the number of a text in empty[]. */
#define KEEP "0"
#define KEEP_OR_LOOK_UP "1"
#define KEEP_OR_REMOVE_NAME "2"
#define KEEP_OR_REMOVE "3"
#define CHOOSE_NONE "4"
#define DO_NOT_ADD "5"
#define SURE "-" /* a yes/no question */

#define LABEL "^" /* the question is the item's label */

#define QUESTIONS(X)                                                                               \
    X(MEBX_LOGIN, "-Intel(R) ME password", accept_login)                                           \
    X(MEBX_PASSWORD, "-New Intel(R) ME password", accept_password)                                 \
    X(MEBX_PASSWORD_AGAIN, "-The same again", accept_password_again)                               \
    X(MEBX_SERVER, KEEP_OR_LOOK_UP "Address", mebx_accept_address)                                 \
    X(MEBX_PORT, KEEP "Port", mebx_accept_number)                                                  \
    X(MEBX_MINUTES, KEEP "Minutes", mebx_accept_number)                                            \
    X(MEBX_NAME, KEEP_OR_REMOVE_NAME LABEL, mebx_accept_name)                                      \
    X(MEBX_ADDRESS, KEEP_OR_REMOVE LABEL, mebx_accept_address)                                     \
    X(MEBX_PID, KEEP "PID", mebx_accept_pid)                                                       \
    X(MEBX_PPS, KEEP "PPS", mebx_accept_pps)                                                       \
    X(MEBX_CHOICE, KEEP "Number", mebx_accept_choice)                                              \
    X(MEBX_DELETE_PSK, SURE LABEL, mebx_accept_yes)                                                \
    X(MEBX_PARTIAL, SURE LABEL, mebx_accept_yes)                                                   \
    X(MEBX_FULL, SURE LABEL, mebx_accept_yes)                                                      \
    X(MEBX_EXIT, SURE "Store the changes and exit", mebx_accept_yes)                               \
    X(MEBX_ACTIVATE, CHOOSE_NONE "Hash number", mebx_accept_hash_number)                           \
    X(MEBX_DEACTIVATE, CHOOSE_NONE "Hash number", mebx_accept_hash_number)                         \
    X(MEBX_ADD_HASH, CHOOSE_NONE " hash in hexadecimal", mebx_accept_hash)                         \
    X(MEBX_HASH_NAME, DO_NOT_ADD "Name", mebx_accept_hash_name)                                    \
    X(MEBX_DELETE_HASH, CHOOSE_NONE "Hash number", mebx_accept_hash_number)

/* What is shown before some questions. */
static void introduce(const struct mebx *mebx)
{
    const struct settings *s = &mebx->outcome->settings;

    switch (mebx->question) {
    case MEBX_PASSWORD:
        if (s->secret.password_default)
            mebx_print(mebx, "Change the default password first.\n");
        break;
    case MEBX_CHOICE:
        mebx_choice_list(mebx);
        break;
    case MEBX_EXIT:
        if (!s->config.dhcp_enabled && !s->config.fixed.ip)
            mebx_print(mebx, "Without DHCP and address the ME is on no network.\n");
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

static void print_question(const struct mebx *mebx)
{
#define QUESTION(kind, text, accept) text "\0"
    static const char questions[] = QUESTIONS(QUESTION);
#undef QUESTION
    static const char empty[] = "keep\0keep, 0.0.0.0: look it up\0keep, .: remove\0"
                                "keep, 0.0.0.0: remove\0none\0do not add\0";
    uint8_t kind = mebx->question;
    const char *text = text_item(questions, kind - MEBX_LOGIN), *what = text + 1;

    if (*what == LABEL[0])
        what = mebx_label(mebx->item);
    mebx_print(mebx, "%l", 0u, what);
    if (kind < MEBX_SERVER)
        mebx_print(mebx, ": ");
    else if (text[0] == SURE[0])
        mebx_print(mebx, ", are you sure (y/n)? ");
    else
        mebx_print(mebx, " (empty: %l): ", (uint32_t)(text[0] - '0'), empty);
}

/* Shows the menu, or an item's question. */
static void prompt(const struct mebx *mebx)
{
    if (mebx->question == MENU) {
        mebx_menu_show(mebx);
        return;
    }
    introduce(mebx);
    print_question(mebx);
}

/* --- lines --- */

static void wipe_input(struct mebx *mebx)
{
    mebx->length = 0;
    wipe(mebx->line, sizeof(mebx->line));
}

/* Without readable settings there is no password to ask for, and nothing to show. */
static bool is_locked(const struct mebx *mebx)
{
    return mebx->situation == SITUATION_LOCKED;
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
    mebx->situation = situation_of(setup);
    mebx->menu = &mebx_items[is_locked(mebx) ? MEBX_MENU_UNPROVISION : MEBX_MENU_MAIN];
    mebx->question = is_locked(mebx) ? MENU : MEBX_LOGIN;
    mebx_print(mebx,
               "Intel(R) Management Engine BIOS Extension, release %s\n"
               "Ctrl-C leaves and stores nothing.\n",
               release->version);
    if (is_locked(mebx))
        mebx_print(mebx, "The stored settings are damaged: a full un-provision begins anew.\n");
    prompt(mebx);
}

static void close_menu(struct mebx *mebx)
{
    bool changed = mebx->outcome->change != LOCAL_NONE;

    mebx->closed = true;
    wipe_input(mebx);
    wipe(mebx->answer, sizeof(mebx->answer));
    if (!changed)
        wipe(&mebx->outcome->settings, sizeof(mebx->outcome->settings));
    mebx_print(mebx, changed ? "Leaving the menu.\n" : "Nothing is changed.\n");
}

static enum mebx_refusal accept_line(struct mebx *mebx)
{
    static mebx_accept *const accept[MEBX_KINDS] = {[MENU] = mebx_accept_item,
#define ACCEPT(kind, text, accept) [kind] = (accept),
                                                    QUESTIONS(ACCEPT)
#undef ACCEPT
    };
    uint8_t question = mebx->question;
    enum mebx_refusal refusal = MEBX_ACCEPTED;

    mebx->question = MENU;
    if (mebx->line[0] || question < MEBX_SERVER)
        refusal = accept[question](mebx);
    else if (question == MEBX_SERVER)
        mebx->question = MEBX_PORT;
    if (mebx->question != MENU)
        return refusal;
    wipe(mebx->answer, sizeof(mebx->answer));
    /* DELL, HP: while the password is the default, nothing else is offered. */
    if (mebx->outcome->settings.secret.password_default && !is_locked(mebx))
        mebx->question = MEBX_PASSWORD;
    return refusal;
}

static void end_line(struct mebx *mebx)
{
#define REFUSAL(name, text) text "\0"
    static const char refusals[] = MEBX_REFUSALS(REFUSAL);
#undef REFUSAL
    enum mebx_refusal refusal = MEBX_LONG_LINE;

    text_put(&mebx->out, '\n');
    if (mebx->length < MEBX_LINE)
        refusal = accept_line(mebx);
    if (refusal)
        mebx_print(mebx, "Refused: %l\n", refusal - 1u, refusals);
    if (mebx->closed) {
        close_menu(mebx);
        return;
    }
    wipe_input(mebx);
    prompt(mebx);
}

static void erase_character(struct mebx *mebx)
{
    /* A line that is too long is lost up to its end. */
    if (mebx->length == 0 || mebx->length == MEBX_LINE)
        return;
    mebx->line[--mebx->length] = '\0';
    mebx_print(mebx, "\b \b");
}

static void add_character(struct mebx *mebx, char key)
{
    /* The rest of a line that is too long must not be taken for a new line. */
    if (mebx->length >= MEBX_LINE - 1) {
        wipe_input(mebx);
        mebx->length = MEBX_LINE;
        text_put(&mebx->out, '\a');
        return;
    }
    mebx->line[mebx->length++] = key;
    text_put(&mebx->out, SECRETS >> mebx->question & 1u ? '*' : key);
}

bool mebx_input(struct mebx *mebx, char key)
{
    uint8_t byte = (uint8_t)key;
    bool after_cr = mebx->after_cr;

    if (mebx->closed)
        return true;
    mebx->after_cr = byte == '\r';
    if (byte == CTRL_C) {
        text_put(&mebx->out, '\n');
        close_menu(mebx);
    } else if (byte == '\r' || (byte == '\n' && !after_cr)) {
        end_line(mebx);
    } else if (byte == BACKSPACE || byte == DELETE) {
        erase_character(mebx);
    } else if (byte >= 0x80) {
        text_put(&mebx->out, '\a');
    } else if (byte >= ' ') {
        add_character(mebx, key);
    }
    return mebx->closed;
}
