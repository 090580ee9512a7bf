// SPDX-License-Identifier: BSD-3-Clause
#include "sim/run/runner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/net/probe.h"
#include "sim/run/expect.h"

/* What one run needs while it plays. */
struct player {
    struct run *run;
    const struct run_options *options;
    struct world *world;
    struct agent_result agent;
    bool agent_ran;
    struct probe probe;
    bool probing;       /* probe is attached */
    int probe_result;   /* enum probe_result, -1 = none yet */
    struct stick stick; /* as the machine left it, own copy */
    const char *usb;    /* what became of it */
    size_t log_from;    /* see struct expect_view */
};

static void add_words(struct device_words *sum, const struct device_words *words)
{
    if (words->oem)
        sum->oem = words->oem;
    if (words->bmp_hours != OEM_BMP_UNSET)
        sum->bmp_hours = words->bmp_hours;
    if (words->domain)
        sum->domain = words->domain;
    sum->localized_bios |= words->localized_bios;
    sum->blind_to_dhcp |= words->blind_to_dhcp;
    if (words->schedule)
        sum->schedule = words->schedule;
    if (words->certificate_s)
        sum->certificate_s = words->certificate_s;
    if (words->unprovision_to)
        sum->unprovision_to = words->unprovision_to;
}

static const struct oem_profile *base_profile(const struct device_words *words)
{
    return words->oem ? words->oem : oem_find(words->bmp_hours == 0 ? "bmp-off" : "intel");
}

/* The named profile, or the one that fits, with what the words change in it. */
static struct oem_profile make_profile(const struct device_words *words)
{
    struct oem_profile oem = *base_profile(words);

    if (words->bmp_hours != OEM_BMP_UNSET && words->bmp_hours != oem.bmp_hours.value)
        oem.bmp_hours = (struct rule){words->bmp_hours, "scenario"};
    if (words->domain)
        oem.default_domain = words->domain;
    if (words->localized_bios)
        oem.localized_bios = (struct rule){1, "scenario"};
    if (words->unprovision_to)
        oem.unprovision_to = (struct rule){words->unprovision_to, "scenario"};
    return oem;
}

/* "intel+bmp-24": the profile's own name does not say what the words changed. */
static void name_profile(struct run *run, const struct oem_profile *base)
{
    const struct oem_profile *oem = &run->oem;
    char hours[24] = "";

    if (oem->bmp_hours.value == OEM_BMP_INTEL && base->bmp_hours.value != OEM_BMP_INTEL)
        snprintf(hours, sizeof hours, "+bmp-intel");
    else if (oem->bmp_hours.value != base->bmp_hours.value)
        snprintf(hours, sizeof hours, "+bmp-%" PRIu32, oem->bmp_hours.value);
    snprintf(run->oem_name, sizeof run->oem_name, "%.31s%s%s%s%s", oem->name, hours,
             oem->localized_bios.value != base->localized_bios.value ? "+localized" : "",
             strcmp(oem->default_domain, base->default_domain) != 0 ? "+domain" : "",
             oem->unprovision_to.value == base->unprovision_to.value ? ""
             : oem->unprovision_to.value == UNPROVISION_TO_INTEL     ? "+to-intel"
                                                                     : "+to-oem");
}

static void use_release(struct run *run, const struct release *release)
{
    run->effective_release = *release;
    if (run->schedule) {
        run->effective_release.bare_metal_schedule.value = (uint8_t)run->schedule;
        run->effective_release.commanded_schedule.value = (uint8_t)run->schedule;
    }
}

/* Settles everything that must be known before the world begins. */
static bool prepare(struct run *run, const struct scenario *scenario,
                    const struct run_options *options, struct scenario_error *error)
{
    struct device_words words = {.bmp_hours = OEM_BMP_UNSET};

    memset(run, 0, sizeof(*run));
    recorder_init(&run->recorder);
    run->scenario = scenario;
    run->seed = options->seed;
    run->release = options->release ? options->release : scenario->release;
    for (size_t i = 0; i < scenario->steps; i++) {
        const struct step *step = &scenario->step[i];

        if (!step_applies_to(step, run->release))
            continue;
        if (step->kind == STEP_DEVICE)
            add_words(&words, &step->device);
        else if (step->kind == STEP_START)
            run->provisioned = step->on;
        else if (step->kind == STEP_JUDGES_NOTHING)
            run->judges_nothing = true;
        else if (step->kind == STEP_PC && step->pc == PC_NO_OS)
            run->no_os = true;
        else if (step->kind == STEP_PC && step->pc == PC_STAYS_OFF)
            run->stays_off = true;
        else if (step->kind == STEP_PC)
            run->starts_off = true;
    }
    run->blind_to_dhcp = words.blind_to_dhcp;
    run->certificate_s = words.certificate_s;
    run->schedule = words.schedule;
    use_release(run, run->release);
    run->oem = options->oem ? *options->oem : make_profile(&words);
    name_profile(run, options->oem ? options->oem : base_profile(&words));
    if (run->oem.bmp_hours.value == OEM_BMP_INTEL ||
        run->oem.bmp_hours.value <= run->release->bmp_hours_max.value)
        return true;
    snprintf(error->text, sizeof error->text,
             "%s: oem-bmp %" PRIu32 " exceeds the %" PRIu32 " hours that release %s allows",
             scenario->file, run->oem.bmp_hours.value, run->release->bmp_hours_max.value,
             run->release->name);
    return false;
}

static void on_event(void *ctx, const struct world_event *event)
{
    struct player *player = ctx;

    recorder_event(&player->run->recorder, event);
    if (player->options->extra_observer.event)
        player->options->extra_observer.event(player->options->extra_observer.ctx, event);
    if (player->options->capture && event->kind == WORLD_FRAME)
        capture_frame(player->options->capture, event->time_us, event->sender, event->frame,
                      event->len);
}

static void add_failure(struct player *player, const struct step *step, const char *expected,
                        const char *seen)
{
    struct run *run = player->run;
    char text[1200], time[32];

    recorder_note(&run->recorder, world_now_us(player->world), ENTRY_CHECK, "check",
                  "%s: FAILED, seen %s", expected, seen);
    if (run->failures == run->failure_cap) {
        size_t cap = run->failure_cap ? 2 * run->failure_cap : 16;
        char **grown = realloc(run->failure, cap * sizeof *grown);

        if (!grown) {
            run->recorder.out_of_memory = true;
            return;
        }
        run->failure = grown;
        run->failure_cap = cap;
    }
    int len =
        snprintf(text, sizeof text, "%s:%" PRIu32 ": at %s: expected <%s>, seen <%s> (release %s)",
                 run->scenario->file, step->line, scenario_time_text(step->at_us, time), expected,
                 seen, run->release->name);
    char *copy = malloc((size_t)len + 1);
    if (!copy) {
        run->recorder.out_of_memory = true;
        return;
    }
    snprintf(copy, (size_t)len + 1, "%s", text);
    run->failure[run->failures++] = copy;
}

/* `expect hello count >= 1` reads "hello count >= 1". */
static const char *expected_text(const struct step *step)
{
    const char *text = step->text + strlen("expect");

    return text + strspn(text, " \t");
}

static int ask_host(void *host, const uint8_t *request, size_t len, uint8_t *response, size_t cap)
{
    return world_amthi(host, request, len, response, cap);
}

static void check_expectation(struct player *player, const struct step *step)
{
    struct run *run = player->run;
    char seen[EXPECT_SEEN_BYTES];
    struct expect_view view = {.recorder = &run->recorder,
                               .state = -1,
                               .agent = player->agent_ran ? &player->agent : NULL,
                               .probe = player->probe_result,
                               .pc = world_machine(player->world),
                               .usb = player->usb,
                               .log_from = &player->log_from,
                               .host = player->world,
                               .amthi = ask_host};

    view.window_open = world_window_open(player->world, &view.window_left_s);
    if (step->expect.kind == EXPECT_STATE)
        view.state = world_state(player->world);
    run->checks++;
    if (expect_holds(&step->expect, &view, seen))
        recorder_note(&run->recorder, world_now_us(player->world), ENTRY_CHECK, "check", "%s: ok",
                      expected_text(step));
    else
        add_failure(player, step, expected_text(step), seen);
}

static void run_agent(struct player *player, const struct step *step)
{
    recorder_agent(&player->run->recorder, world_now_us(player->world), step->text);
    world_agent(player->world, &step->agent, &player->agent);
    player->agent_ran = true;
}

/* False: the segment has no room for it. */
static bool run_probe(struct player *player, const struct step *step)
{
    if (!player->probing &&
        !probe_init(&player->probe, world_clock(player->world), world_lan(player->world)))
        return false;
    player->probing = true;
    player->probe_result = (int)probe_port(&player->probe, step->ip, step->port);
    recorder_note(&player->run->recorder, world_now_us(player->world), ENTRY_EVENT, "lan", "%s: %s",
                  step->text, probe_result_names[player->probe_result]);
    return true;
}

static bool plug_in_usb_key(struct player *player, const struct stick *stick)
{
    struct stick *own = &player->stick;
    struct usbkey_report report = {.result = USBKEY_NO_FILE};

    if (stick->file) {
        free(own->file);
        *own = (struct stick){malloc(stick->len ? stick->len : 1), stick->len};
        if (!own->file) {
            player->run->recorder.out_of_memory = true;
            return false;
        }
        memcpy(own->file, stick->file, stick->len);
    }
    if (!own->file)
        world_explain(player->world, "no USB key has been in the machine");
    bool accepted = own->file && world_usb_key(player->world, own->file, own->len, &report);
    player->usb = usbkey_result_text(report.result);
    return accepted;
}

/* The transcript's column has the line's first word already. */
static const char *without_lan(const char *text)
{
    size_t word = strcspn(text, " \t");

    return word == 3 && memcmp(text, "lan", word) == 0 ? text + word + strspn(text + word, " \t")
                                                       : text;
}

static bool set_addresses(struct world *world, const struct step *step)
{
    bool good = world_dns_a(world, step->name, step->ip);

    for (size_t i = 0; i < DNSD_ADDRESSES - 1 && step->more_ip[i]; i++)
        good = good && world_dns_add(world, step->name, step->more_ip[i]);
    return good;
}

static bool changes_network(const struct step *step)
{
    return step->kind >= STEP_LAN_OPTION15 && step->kind <= STEP_SCA_CLOCK;
}

/* False: the firmware or the world refused. */
static bool change_network(struct world *world, const struct step *step)
{
    switch (step->kind) {
    case STEP_LAN_OPTION15:
        return world_dhcp_option15(world, step->name);
    case STEP_LAN_DHCP:
        world_dhcp(world, step->on);
        return true;
    case STEP_LAN_NAK:
        world_dhcp_nak(world, step->on);
        return true;
    case STEP_LAN_SLOW:
        world_dhcp_delay(world, step->delay_us);
        return true;
    case STEP_LAN_POOL:
        world_dhcp_pool(world, step->ip);
        return true;
    case STEP_LAN_LEASE:
        world_dhcp_lease(world, step->seconds);
        return true;
    case STEP_LAN_ROGUE:
        return step->on ? world_rogue_dhcp(world, step->ip, step->name)
                        : world_rogue_dhcp(world, 0, NULL);
    case STEP_LAN_SPOOF:
        world_spoof_ack(world, step->name);
        return true;
    case STEP_DNS_A:
        return set_addresses(world, step);
    case STEP_DNS_CNAME:
        return world_dns_cname(world, step->name, step->target);
    case STEP_DNS_REMOVE:
        return world_dns_remove(world, step->name);
    case STEP_DNS_SILENT:
        world_dns_silent(world, step->on);
        return true;
    case STEP_FIREWALL:
        return world_firewall(world, step->port, step->on);
    case STEP_SCA_PLAN:
        return world_sca_plan(world, step->ip, step->plan);
    case STEP_SCA_CLOCK:
        return world_sca_clock(world, step->ip, step->clock_s);
    default:
        return world_sca(world, step->ip, step->mode, step->port);
    }
}

static bool play_network(struct player *player, const struct step *step)
{
    if (!step->setup)
        recorder_note(&player->run->recorder, world_now_us(player->world), ENTRY_EVENT, "lan", "%s",
                      without_lan(step->text));
    return change_network(player->world, step);
}

static bool operate_mebx(struct player *player, const struct step *step)
{
    struct world *world = player->world;
    const struct run *run = player->run;

    switch (step->kind) {
    case STEP_UNPROVISION:
        return world_unprovision(world, step->on);
    case STEP_MEBX_SERVER:
        return world_mebx_server(world, step->ip, step->port);
    case STEP_MEBX_DOMAIN:
        return world_mebx_domain(world, step->name);
    case STEP_MEBX_VISIT:
        return mebx_visit_apply(world, &run->effective_release, &step->visit);
    case STEP_MEBX_KEYS:
        return mebx_visit_type(world, &run->effective_release, &run->oem, step->keys);
    case STEP_USB:
        return plug_in_usb_key(player, &step->stick);
    default:
        return world_mebx_manual(world);
    }
}

static bool operate_console(struct player *player, const struct step *step)
{
    struct world *world = player->world;

    if (!step->setup)
        recorder_note(&player->run->recorder, world_now_us(world), ENTRY_EVENT, "admin", "%s",
                      step->text + strlen("console "));
    switch (step->kind) {
    case STEP_CONSOLE_USE:
        return world_console_use(world, step->ip, step->protocol, step->console.on);
    case STEP_CONSOLE_ORDER:
        return world_console_order(world, step->ip, &step->console);
    case STEP_SOL_OPEN:
        return world_console_sol(world, step->ip, step->console.user, step->console.password);
    case STEP_SOL_CLOSE:
        return world_console_sol_close(world, step->ip);
    default:
        return world_console_type(world, step->ip, step->keys);
    }
}

/* Intel's firmware is upgraded within its line: the same board, the same first number. */
static bool upgrade(struct player *player, const struct release *newer)
{
    struct run *run = player->run;
    struct release before = run->effective_release;

    if (newer->platform.value != before.platform.value ||
        strtoul(newer->name, NULL, 10) != strtoul(before.name, NULL, 10) ||
        release_compare(newer->name, before.name) <= 0) {
        world_explain(player->world, "not a newer release of the same line and board");
        return false;
    }
    use_release(run, newer);
    if (world_upgrade(player->world))
        return true;
    run->effective_release = before;
    return false;
}

static void operate_pc(struct world *world, const struct step *step)
{
    switch (step->kind) {
    case STEP_AC:
        world_ac(world, step->on);
        break;
    case STEP_POWER:
        world_power(world, step->power);
        break;
    case STEP_MAINS:
        world_mains(world, step->on);
        break;
    case STEP_BIOS:
        world_bios(world, step->on);
        break;
    case STEP_CMOS:
        world_cmos(world, step->on);
        break;
    case STEP_LINK:
        world_link(world, step->on);
        break;
    case STEP_OS:
        world_os(world, step->on);
        break;
    case STEP_OS_RENEW:
        world_os_renew(world);
        break;
    case STEP_PRESS:
        world_press(world, step->button, step->keys);
        break;
    default:
        world_host_reset(world);
        break;
    }
}

/* What must be refused is an expectation; what must not, only counts when it fails. */
static void check_acceptance(struct player *player, const struct step *step, bool accepted)
{
    struct recorder *recorder = &player->run->recorder;
    const char *why = world_why(player->world);
    char refused[200];

    snprintf(refused, sizeof refused, "refused%s%s", why ? ": " : "", why ? why : "");
    player->run->checks += step->refused || !accepted;
    if (step->refused && accepted)
        add_failure(player, step, step->text, "accepted");
    else if (!step->refused && !accepted)
        add_failure(player, step, step->text, refused);
    else if (step->refused)
        recorder_note(recorder, world_now_us(player->world), ENTRY_CHECK, "check", "%s: ok%s%s",
                      step->text, why ? ", " : "", why ? why : "");
    else if (why && !step->setup)
        recorder_note(recorder, world_now_us(player->world), ENTRY_EVENT,
                      changes_network(step) ? "lan" : "pc", "%s: nothing happens, %s",
                      without_lan(step->text), why);
}

static void play_step(struct player *player, const struct step *step)
{
    bool accepted = true;

    world_explain(player->world, NULL);
    switch (step->kind) {
    case STEP_DEVICE:
    case STEP_START:
    case STEP_PC:
    case STEP_JUDGES_NOTHING:
    case STEP_WAIT:
        return;
    case STEP_EXPECT:
        check_expectation(player, step);
        return;
    case STEP_AGENT:
        run_agent(player, step);
        return;
    case STEP_MARK:
        recorder_mark(&player->run->recorder);
        return;
    case STEP_UNPROVISION:
    case STEP_MEBX_SERVER:
    case STEP_MEBX_DOMAIN:
    case STEP_MEBX_MANUAL:
    case STEP_MEBX_VISIT:
    case STEP_MEBX_KEYS:
    case STEP_USB:
        accepted = operate_mebx(player, step);
        break;
    case STEP_SCA_ASK:
        recorder_note(&player->run->recorder, world_now_us(player->world), ENTRY_EVENT, "lan", "%s",
                      step->text);
        accepted = world_sca_ask(player->world, step->ip, &step->order);
        break;
    case STEP_CONSOLE_USE:
    case STEP_CONSOLE_ORDER:
    case STEP_SOL_OPEN:
    case STEP_SOL_CLOSE:
    case STEP_SOL_TYPE:
        accepted = operate_console(player, step);
        break;
    case STEP_UPGRADE:
        accepted = upgrade(player, step->release);
        break;
    case STEP_PROBE:
        accepted = run_probe(player, step);
        break;
    default:
        if (changes_network(step))
            accepted = play_network(player, step);
        else
            operate_pc(player->world, step);
        break;
    }
    check_acceptance(player, step, accepted);
}

static void play_steps(struct player *player)
{
    struct run *run = player->run;
    const struct scenario *scenario = run->scenario;
    bool began = false;

    for (size_t i = 0; i < scenario->steps; i++) {
        const struct step *step = &scenario->step[i];

        if (!step->setup && !began) {
            began = true;
            if (!run->starts_off)
                world_ac(player->world, true);
            world_stays_off(player->world, run->stays_off);
        }
        /* The agent takes time: a step may find that its own has passed. */
        if (!step->setup && step->at_us > world_now_us(player->world))
            world_run_until(player->world, step->at_us);
        run->played[i] = step_applies_to(step, &run->effective_release);
        if (run->played[i])
            play_step(player, step);
    }
}

/* Every story ends with the firmware's memory given back, whatever it was about. */
static void check_memory(struct player *player)
{
    const struct scenario *scenario = player->run->scenario;
    uint32_t entries, bytes;
    char seen[64];

    if (scenario->steps == 0 || world_memory_drained(player->world, &entries, &bytes))
        return;
    snprintf(seen, sizeof seen, "%" PRIu32 " pool entries, %" PRIu32 " heap bytes", entries, bytes);
    player->run->checks++;
    add_failure(player, &scenario->step[scenario->steps - 1], "lwIP's memory free at the end",
                seen);
}

bool run_play(struct run *run, const struct scenario *scenario, const struct run_options *options,
              struct scenario_error *error)
{
    struct player player = {.run = run, .options = options, .probe_result = -1};
    struct world_observer observer = {&player, on_event};

    if (!prepare(run, scenario, options, error))
        return false;
    run->played = calloc(scenario->steps + 1, sizeof *run->played);
    struct world_config config = {.release = &run->effective_release,
                                  .shipped = run->release,
                                  .oem = &run->oem,
                                  .seed = options->seed,
                                  .start_provisioned = run->provisioned,
                                  .blind_to_dhcp = run->blind_to_dhcp,
                                  .certificate_s = run->certificate_s,
                                  .no_os = run->no_os};
    player.world = run->played ? world_new(&config, &observer) : NULL;
    if (player.world) {
        play_steps(&player);
        recorder_end(&run->recorder);
        check_memory(&player);
        world_free(player.world);
    }
    free(player.stick.file);
    if (!player.world || run->recorder.out_of_memory) {
        snprintf(error->text, sizeof error->text, "%s: out of memory", scenario->file);
        return false;
    }
    return true;
}

void run_free(struct run *run)
{
    for (uint32_t i = 0; i < run->failures; i++)
        free(run->failure[i]);
    free(run->failure);
    free(run->played);
    recorder_free(&run->recorder);
    memset(run, 0, sizeof(*run));
}
