#include <string.h>

#include "fw/core/power.h"
#include "fw/host/mebx_menu.h"
#include "fw/host/mebx_text.h"

#define OPTIONS 3

static const char *const options[MEBX_CHOICES][OPTIONS] = {
    [MEBX_CHOICE_MANAGEABILITY] = {"None", "Intel(R) AMT"},
    [MEBX_CHOICE_DHCP] = {"Disabled", "Enabled"},
    [MEBX_CHOICE_MODE] = {"None", "Enterprise", "Small business"},
    [MEBX_CHOICE_REMOTE] = {"Disabled", "Enabled"},
    [MEBX_CHOICE_USER] = {"Disabled", "Enabled"},
    [MEBX_CHOICE_SOL] = {"Disabled", "Enabled"},
    [MEBX_CHOICE_IDER] = {"Disabled", "Enabled"},
    [MEBX_CHOICE_POLICY] = {"Default password only", "During setup and configuration", "Anytime"},
};

static uint8_t redirection_bit(uint16_t choice)
{
    if (choice == MEBX_CHOICE_SOL)
        return REDIRECTION_SOL;
    return choice == MEBX_CHOICE_IDER ? REDIRECTION_IDER : REDIRECTION_USER;
}

static uint8_t value_now(const struct settings *s, uint16_t choice)
{
    switch (choice) {
    case MEBX_CHOICE_MANAGEABILITY:
        return s->manageability;
    case MEBX_CHOICE_POWER:
        return s->power_package;
    case MEBX_CHOICE_DHCP:
        return s->dhcp_enabled;
    case MEBX_CHOICE_MODE:
        return s->mode;
    case MEBX_CHOICE_REMOTE:
        return s->rcfg_enabled;
    case MEBX_CHOICE_POLICY:
        return s->password_policy;
    default:
        return (s->redirection & redirection_bit(choice)) != 0;
    }
}

static void set_value(struct settings *s, uint16_t choice, uint8_t value)
{
    switch (choice) {
    case MEBX_CHOICE_MANAGEABILITY:
        s->manageability = value;
        break;
    case MEBX_CHOICE_POWER:
        s->power_package = value;
        break;
    case MEBX_CHOICE_DHCP:
        s->dhcp_enabled = value;
        break;
    case MEBX_CHOICE_MODE:
        s->mode = value;
        break;
    case MEBX_CHOICE_REMOTE:
        s->rcfg_enabled = value;
        break;
    case MEBX_CHOICE_POLICY:
        s->password_policy = value;
        break;
    default:
        s->redirection &= (uint8_t)~redirection_bit(choice);
        s->redirection |= value ? redirection_bit(choice) : 0;
        break;
    }
}

/* The name of a value, NULL when the choice has no such value. */
static const char *option(uint16_t choice, uint32_t value)
{
    const struct power_package *package;
    uint32_t count;

    if (choice != MEBX_CHOICE_POWER)
        return value < OPTIONS ? options[choice][value] : NULL;
    package = power_packages(&count);
    return value < count ? package[value].text : NULL;
}

static bool is_offered(const struct mebx *mebx, uint16_t choice, uint32_t value)
{
    if (choice == MEBX_CHOICE_POWER)
        return power_package_offered(mebx->release, value);
    return choice != MEBX_CHOICE_MODE || value != MODE_NONE;
}

static void show_choice(const struct mebx *mebx, const struct mebx_item *item)
{
    const char *text = option(item->arg, value_now(&mebx->outcome.settings, item->arg));

    mebx_put(mebx, text ? text : "unknown");
}

static void ask_choice(const struct mebx *mebx, const struct mebx_item *item)
{
    uint32_t number = 0;
    const char *text;

    mebx_put(mebx, item->label);
    mebx_put(mebx, "\n");
    for (uint32_t value = 0; (text = option(item->arg, value)) != NULL; value++) {
        if (!is_offered(mebx, item->arg, value))
            continue;
        mebx_put(mebx, "  ");
        mebx_put_number(mebx, ++number);
        mebx_put(mebx, ". ");
        mebx_put(mebx, text);
        mebx_put(mebx, "\n");
    }
    mebx_put(mebx, "Number (empty: keep): ");
}

static void choose_value(struct mebx *mebx, uint16_t choice, uint8_t value)
{
    struct settings *s = &mebx->outcome.settings;

    mebx->changed |= value_now(s, choice) != value;
    set_value(s, choice, value);
    if (choice == MEBX_CHOICE_MODE)
        mebx->smb_chosen = value == MODE_SMB;
}

static enum mebx_next take_choice(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    uint32_t number;

    if (line[0] == '\0')
        return MEBX_DONE;
    if (!mebx_read_number(line, 1, 99, &number)) {
        mebx_refuse(mebx, "expected a number of the list");
        return MEBX_DONE;
    }
    for (uint32_t value = 0; option(item->arg, value) != NULL; value++) {
        if (is_offered(mebx, item->arg, value) && --number == 0) {
            choose_value(mebx, item->arg, (uint8_t)value);
            return MEBX_DONE;
        }
    }
    mebx_refuse(mebx, "the list has no such number");
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_choice = {
    .show = show_choice, .ask = ask_choice, .take = take_choice};

/* --- questions that want a yes --- */

static void ask_question(const struct mebx *mebx, const struct mebx_item *item)
{
    static const char *const text[MEBX_QUESTIONS] = {
        [MEBX_ASK_DELETE_PSK] = "Delete PID and PPS, are you sure (y/n)? ",
        [MEBX_ASK_PARTIAL] = "Store the changes and un-provision partially, are you sure (y/n)? ",
        [MEBX_ASK_FULL] = "Store the changes and un-provision fully, are you sure (y/n)? ",
        [MEBX_ASK_EXIT] = "Store the changes and exit, are you sure (y/n)? ",
    };

    if (item->arg == MEBX_ASK_EXIT && !mebx->outcome.settings.dhcp_enabled &&
        !mebx->outcome.settings.fixed.ip)
        mebx_put(mebx, "Without DHCP and without an IP address the ME is on no network.\n");
    mebx_put(mebx, text[item->arg]);
}

static void delete_psk(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome.settings;

    mebx->changed |= s->pid[0] != '\0';
    mebx->psk_entered = false;
    memset(s->pid, 0, sizeof(s->pid));
    memset(s->pps, 0, sizeof(s->pps));
}

/* A device without AMT only keeps what was entered (S3: enabling it later leads to mode 2). */
static enum local_change change_at_exit(const struct mebx *mebx)
{
    const struct settings *s = &mebx->outcome.settings;
    bool can_start = s->manageability == MANAGEABILITY_AMT && !s->password_default;

    if (can_start && mebx->smb_chosen)
        return LOCAL_MANUAL;
    if (can_start && mebx->psk_entered && s->mode == MODE_ENTERPRISE)
        return LOCAL_KEY_ENTERED;
    return mebx->changed ? LOCAL_SETTINGS : LOCAL_NONE;
}

static enum mebx_next take_question(struct mebx *mebx, const struct mebx_item *item,
                                    const char *line)
{
    if (!mebx_same(line, "y") && !mebx_same(line, "Y"))
        return MEBX_DONE;
    switch (item->arg) {
    case MEBX_ASK_DELETE_PSK:
        delete_psk(mebx);
        return MEBX_DONE;
    case MEBX_ASK_PARTIAL:
        mebx->outcome.change = LOCAL_PARTIAL;
        return MEBX_LEAVE;
    case MEBX_ASK_FULL:
        mebx->outcome.change = LOCAL_FULL;
        return MEBX_LEAVE;
    default:
        mebx->outcome.change = change_at_exit(mebx);
        return MEBX_LEAVE;
    }
}

const struct mebx_kind mebx_kind_question = {.ask = ask_question, .take = take_question};
