// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "fw/core/limits.h"
#include "sim/scenario/reader.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool read_bmp(struct reader *r, struct device_words *device)
{
    const char *word = reader_peek(r);
    uint64_t hours;

    if (word && (strcmp(word, "off") == 0 || strcmp(word, "intel") == 0)) {
        r->next_word++;
        device->bmp_hours = word[0] == 'o' ? 0 : OEM_BMP_INTEL;
        return true;
    }
    if (!word)
        return reader_fail(r, "missing oem-bmp; expected off, intel or a number of hours");
    if (strspn(word, "0123456789") == 0)
        return reader_fail(r, "unknown oem-bmp \"%s\"; expected off, intel or a number of hours",
                           word);
    if (!reader_number(r, "oem-bmp", 0, 255, &hours))
        return false;
    device->bmp_hours = (uint32_t)hours;
    return true;
}

static bool is_oem_file(const char *word)
{
    size_t len = word ? strlen(word) : 0;

    return len > 4 && (strchr(word, '/') || strcmp(word + len - 4, ".oem") == 0);
}

static bool read_oem_file(struct reader *r, struct device_words *device)
{
    char *path = reader_path(r, reader_peek(r));
    char error[300] = "out of memory";

    r->next_word++;
    free(device->file);
    device->file = calloc(1, sizeof *device->file);
    bool good = path && device->file && oem_file_load(path, device->file, error, sizeof error);
    free(path);
    if (!good)
        return reader_fail(r, "%s", error);
    device->oem = &device->file->profile;
    return true;
}

static bool read_oem(struct reader *r, struct device_words *device)
{
    const char *names[16];
    uint32_t count;
    const struct oem_profile *const *oem = oem_table(&count);
    size_t index = 0;

    if (is_oem_file(reader_peek(r)))
        return read_oem_file(r, device);
    for (uint32_t i = 0; i < count && i < COUNT(names); i++)
        names[i] = oem[i]->name;
    if (!reader_choose(r, "OEM profile", names, count < COUNT(names) ? count : COUNT(names),
                       &index))
        return false;
    device->oem = oem[index];
    return true;
}

static bool read_certificate(struct reader *r, struct device_words *device)
{
    uint64_t time_us;

    if (!reader_time(r, "time that the set-up certificate takes", &time_us))
        return false;
    if (time_us % 1000000 || time_us > UINT64_C(12) * 3600 * 1000000)
        return reader_fail(r, "invalid time; a certificate takes whole seconds, at most 12h");
    device->certificate_s = (uint16_t)(time_us / 1000000);
    return true;
}

static bool read_unprovision_to(struct reader *r, struct device_words *device)
{
    static const char *const list[] = {"intel", "oem"};
    size_t index = 0;

    if (!reader_choose(r, "unprovision-to", list, COUNT(list), &index))
        return false;
    device->unprovision_to = index == 0 ? UNPROVISION_TO_INTEL : UNPROVISION_TO_OEM;
    return true;
}

static bool read_device_word(struct reader *r, uint32_t *seen, struct device_words *device)
{
    static const char *const list[] = {"oem-bmp",           "oem",           "oem-domain",
                                       "localized-bios",    "blind-to-dhcp", "schedule",
                                       "certificate-after", "unprovision-to"};
    static const char *const schedules[] = {"A", "B"};
    size_t index = 0, letter = 0;

    if (!reader_choose(r, "word after device", list, COUNT(list), &index) ||
        !reader_once(r, list[index], index, seen))
        return false;
    switch (index) {
    case 0:
        return read_bmp(r, device);
    case 1:
        return read_oem(r, device);
    case 2:
        return reader_name(r, "OEM domain", &device->domain);
    case 3:
        device->localized_bios = true;
        return true;
    case 4:
        device->blind_to_dhcp = true;
        return true;
    case 6:
        return read_certificate(r, device);
    case 7:
        return read_unprovision_to(r, device);
    default:
        if (!reader_choose(r, "schedule", schedules, COUNT(schedules), &letter))
            return false;
        device->schedule = schedules[letter][0];
        return true;
    }
}

static bool choose_release(struct reader *r, const struct release **out)
{
    const char *names[64];
    uint32_t count;
    const struct release *const *release = release_table(&count);
    size_t index = 0;

    for (uint32_t i = 0; i < count && i < COUNT(names); i++)
        names[i] = release[i]->name;
    if (!reader_choose(r, "release", names, count < COUNT(names) ? count : COUNT(names), &index))
        return false;
    *out = release[index];
    return true;
}

static bool read_release(struct reader *r, const struct step *step)
{
    if (r->scenario->release)
        return reader_fail(r, "second release; it is already %s", r->scenario->release->name);
    if (step->conditions)
        return reader_fail(r, "the line that names the release cannot have a when");
    return choose_release(r, &r->scenario->release);
}

static bool read_upgrade(struct reader *r, struct step *step)
{
    step->kind = STEP_UPGRADE;
    return choose_release(r, &step->release);
}

static bool read_device(struct reader *r, struct step *step)
{
    const char *word = reader_peek(r);
    uint32_t seen = 0;

    step->kind = STEP_DEVICE;
    step->device.bmp_hours = OEM_BMP_UNSET;
    if (!word)
        return reader_fail(r, "missing release; expected `device RELEASE [WORD...]`");
    if (word[0] >= '0' && word[0] <= '9' && !read_release(r, step))
        return false;
    while (reader_peek(r))
        if (!read_device_word(r, &seen, &step->device))
            return false;
    return true;
}

static bool read_start(struct reader *r, struct step *step)
{
    static const char *const list[] = {"factory", "provisioned"};
    size_t index = 0;

    step->kind = STEP_START;
    if (!reader_choose(r, "start", list, COUNT(list), &index))
        return false;
    step->on = index == 1;
    return true;
}

static bool read_pc(struct reader *r, struct step *step)
{
    static const char *const list[] = {"os", "off", "stays-off"};
    static const char *const none[] = {"none"};
    size_t index = 0;

    step->kind = STEP_PC;
    if (!reader_choose(r, "word after pc", list, COUNT(list), &index))
        return false;
    step->pc = (enum pc_word)index;
    return step->pc != PC_NO_OS || reader_choose(r, "word after pc os", none, COUNT(none), &index);
}

static bool read_ac(struct reader *r, struct step *step)
{
    step->kind = STEP_AC;
    return reader_on_off(r, "state after ac", &step->on);
}

static bool read_power(struct reader *r, struct step *step)
{
    static const char *const list[] = {[POWER_S0] = "s0", [POWER_S3] = "s3", [POWER_S45] = "s5"};
    size_t index = 0;

    step->kind = STEP_POWER;
    if (!reader_choose(r, "state after power", list, COUNT(list), &index))
        return false;
    step->power = (enum power_system)index;
    return true;
}

static bool read_mains(struct reader *r, struct step *step)
{
    step->kind = STEP_MAINS;
    return reader_on_off(r, "state after mains", &step->on);
}

static bool read_bios(struct reader *r, struct step *step)
{
    static const char *const list[] = {"amt"};
    size_t index = 0;

    step->kind = STEP_BIOS;
    return reader_choose(r, "word after bios", list, COUNT(list), &index) &&
           reader_on_off(r, "state after bios amt", &step->on);
}

static bool read_probe(struct reader *r, struct step *step)
{
    step->kind = STEP_PROBE;
    return reader_ip(r, "address to probe", &step->ip) && reader_port(r, &step->port);
}

static bool read_cmos(struct reader *r, struct step *step)
{
    static const char *const list[] = {"out", "in"};
    size_t index = 0;
    uint64_t time_us;

    step->kind = STEP_CMOS;
    if (!reader_choose(r, "state after cmos", list, COUNT(list), &index))
        return false;
    step->on = index == 1;
    if (step->on || !reader_peek(r))
        return true;
    static const char *const how_long[] = {"for"};
    if (!reader_choose(r, "word after cmos out", how_long, COUNT(how_long), &index) ||
        !reader_time(r, "time", &time_us))
        return false;
    struct step in = *step;
    in.at_us += time_us;
    in.on = true;
    in.text = "cmos in";
    return reader_add_step(r, &in);
}

static bool read_link(struct reader *r, struct step *step)
{
    static const char *const list[] = {"down", "up"};
    size_t index = 0;

    step->kind = STEP_LINK;
    if (!reader_choose(r, "state after link", list, COUNT(list), &index))
        return false;
    step->on = index == 1;
    return true;
}

static bool read_os(struct reader *r, struct step *step)
{
    static const char *const list[] = {"down", "up", "renew"};
    size_t index = 0;

    if (!reader_choose(r, "word after os", list, COUNT(list), &index))
        return false;
    step->kind = index == 2 ? STEP_OS_RENEW : STEP_OS;
    step->on = index == 1;
    return true;
}

static bool read_host(struct reader *r, struct step *step)
{
    static const char *const list[] = {"reset"};
    size_t index = 0;

    step->kind = STEP_HOST_RESET;
    return reader_choose(r, "word after host", list, COUNT(list), &index);
}

static bool read_otp(struct reader *r, struct agent_options *agent)
{
    if (!reader_secret(r, "password after -otp", &agent->otp))
        return false;
    size_t length = strlen(agent->otp);
    if (length < LIMIT_OTP_MIN || length > LIMIT_OTP_MAX)
        return reader_fail(r, "invalid one-time password; expected %d to %d characters",
                           LIMIT_OTP_MIN, LIMIT_OTP_MAX);
    return true;
}

static bool read_agent(struct reader *r, struct step *step)
{
    static const char *const list[] = {"-discovery", "-activate", "-otp", "-dns"};
    size_t index = 0;
    uint32_t seen = 0;

    step->kind = STEP_AGENT;
    do {
        if (!reader_choose(r, "switch after agent", list, COUNT(list), &index) ||
            !reader_once(r, list[index], index, &seen))
            return false;
        step->agent.discovery |= index == 0;
        step->agent.activate |= index == 1;
        if (index == 2 && !read_otp(r, &step->agent))
            return false;
        if (index == 3 && !reader_name(r, "suffix after -dns", &step->agent.dns))
            return false;
    } while (reader_peek(r));
    if (!step->agent.discovery && !step->agent.activate)
        return reader_fail(r, "agent requires -discovery or -activate");
    if (!step->agent.activate && (step->agent.otp || step->agent.dns))
        return reader_fail(r, "-otp and -dns require -activate");
    return true;
}

static bool read_unprovision(struct reader *r, struct step *step)
{
    static const char *const list[] = {"partial", "full"};
    size_t index = 0;

    step->kind = STEP_UNPROVISION;
    if (!reader_choose(r, "word after unprovision", list, COUNT(list), &index))
        return false;
    step->on = index == 1;
    return true;
}

static bool read_judges(struct reader *r, struct step *step)
{
    static const char *const list[] = {"nothing"};
    size_t index = 0;

    step->kind = STEP_JUDGES_NOTHING;
    return reader_choose(r, "word after judges", list, COUNT(list), &index);
}

static bool read_mark(struct reader *r, struct step *step)
{
    (void)r;
    step->kind = STEP_MARK;
    return true;
}

enum place { SETUP_ONLY, TIMED_ONLY, ANYWHERE };

struct action {
    const char *name;
    enum place place;
    bool (*read)(struct reader *r, struct step *step);
};

static const struct action actions[] = {
    {"device", SETUP_ONLY, read_device},
    {"start", SETUP_ONLY, read_start},
    {"pc", SETUP_ONLY, read_pc},
    {"judges", SETUP_ONLY, read_judges},
    {"lan", ANYWHERE, reader_lan},
    {"dns", ANYWHERE, reader_dns},
    {"firewall", ANYWHERE, reader_firewall},
    {"sca", ANYWHERE, reader_sca},
    {"console", ANYWHERE, reader_console},
    {"ac", TIMED_ONLY, read_ac},
    {"power", TIMED_ONLY, read_power},
    {"mains", TIMED_ONLY, read_mains},
    {"bios", TIMED_ONLY, read_bios},
    {"upgrade", TIMED_ONLY, read_upgrade},
    {"cmos", TIMED_ONLY, read_cmos},
    {"link", TIMED_ONLY, read_link},
    {"os", TIMED_ONLY, read_os},
    {"host", TIMED_ONLY, read_host},
    {"press", TIMED_ONLY, reader_press},
    {"agent", TIMED_ONLY, read_agent},
    {"unprovision", TIMED_ONLY, read_unprovision},
    {"mebx", TIMED_ONLY, reader_mebx},
    {"usb", TIMED_ONLY, reader_usb},
    {"probe", TIMED_ONLY, read_probe},
    {"mark", TIMED_ONLY, read_mark},
    {"expect", TIMED_ONLY, reader_expect},
};

/* Only the firmware can refuse. */
static bool check_refusal(struct reader *r, const struct step *step)
{
    switch (step->kind) {
    case STEP_UPGRADE:
    case STEP_UNPROVISION:
    case STEP_MEBX_SERVER:
    case STEP_MEBX_DOMAIN:
    case STEP_MEBX_MANUAL:
    case STEP_MEBX_VISIT:
    case STEP_MEBX_KEYS:
    case STEP_USB:
    case STEP_SCA_ASK:
        return true;
    default:
        return !step->refused ||
               reader_fail(
                   r, "refused can only precede unprovision, mebx, usb, upgrade or sca IP ask");
    }
}

bool reader_action(struct reader *r, struct step *step)
{
    const char *names[COUNT(actions)];
    size_t index = 0;

    for (size_t i = 0; i < COUNT(actions); i++)
        names[i] = actions[i].name;
    if (!reader_choose(r, "action", names, COUNT(actions), &index))
        return false;
    if (actions[index].place == SETUP_ONLY && r->timed)
        return reader_fail(r, "%s must come before the first at", actions[index].name);
    if (actions[index].place == TIMED_ONLY && !r->timed)
        return reader_fail(r, "%s needs a time; expected `at TIME %s ...`", actions[index].name,
                           actions[index].name);
    return actions[index].read(r, step) && check_refusal(r, step);
}
