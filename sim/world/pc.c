// SPDX-License-Identifier: BSD-3-Clause
#include "sim/world/world_internal.h"

#include <stdio.h>
#include <string.h>

#include "fw/core/setup.h"
#include "sim/net/packet.h"

#define CMOS_DRAIN_US 15000000u /* S3: pull the battery for 15 s */

static void update_link(struct world *w)
{
    bool up = w->ac && w->cable;

    lan_set_link(&w->lan, w->me_port, up);
    lan_set_link(&w->lan, w->os.port, up);
    w->chip.hal.link = up;
    chip_poll(&w->chip);
}

static void update_host(struct world *w)
{
    w->chip.hal.host = w->os.up ? HAL_HOST_UP : HAL_HOST_DOWN;
    chip_poll(&w->chip);
}

/* As the power packages count. */
static enum power_system system_of(const struct world *w)
{
    switch (pc_state(&w->pc)) {
    case MACHINE_S0:
        return POWER_S0;
    case MACHINE_S1:
    case MACHINE_S2:
    case MACHINE_S3:
        return POWER_S3;
    default:
        return POWER_S45;
    }
}

static void track_cmos_drain(struct world *w)
{
    if (!w->ac && !w->battery) {
        if (!w->drained_since_us)
            w->drained_since_us = w->clock.now_us + 1; /* never 0 */
        return;
    }
    if (!w->drained_since_us)
        return;
    if (w->clock.now_us + 1 - w->drained_since_us >= CMOS_DRAIN_US) {
        w->chip.hal.cmos_lost = true;
        world_pc_event(w, "CMOS lost: 15 s or more without AC and battery");
    } else {
        world_pc_event(w, "CMOS kept: less than 15 s without AC and battery");
    }
    w->drained_since_us = 0;
}

static void cancel_doze(struct world *w)
{
    if (w->doze)
        clock_cancel(&w->clock, w->doze);
    w->doze = NULL;
}

static void suspend_me(struct world *w)
{
    cancel_doze(w);
    if (!w->chip.powered)
        return;
    lwip_image_enter(w->chip.image);
    device_suspend(&w->chip.device, chip_now_ms(&w->chip));
    chip_power(&w->chip, false);
}

static void fall_asleep(void *ctx)
{
    struct world *w = ctx;

    w->doze = NULL;
    world_pc_event(w, "ME sleeps, wakes on LAN");
    suspend_me(w);
    w->dozing = true;
}

static void arm_doze(struct world *w)
{
    uint64_t idle_us = (uint64_t)w->chip.device.settings.me.idle_timeout_min * 60000000u;

    cancel_doze(w);
    w->doze = clock_at(&w->clock, w->clock.now_us + idle_us, fall_asleep, w);
}

/* The power package decides whether the ME has power in this state of the machine. What it chose
 * last is known even while it is off. */
static void apply_power_package(struct world *w)
{
    enum power_me me;

    if (!w->ac)
        return;
    if (!w->chip.ever_booted)
        chip_power(&w->chip, true);
    me = device_power(&w->chip.device, system_of(w), w->mains, w->booted);
    w->dozing = false;
    if (me == POWER_ME_OFF) {
        suspend_me(w);
        return;
    }
    chip_power(&w->chip, true);
    if (me == POWER_ME_WAKEABLE)
        arm_doze(w);
    else
        cancel_doze(w);
}

void world_pc_traffic(struct world *w, const uint8_t *frame, size_t len)
{
    struct packet p;
    uint32_t me_ip = w->chip.device.net.facts.ip;

    if (!(w->dozing || w->doze) || me_ip == 0 || !packet_parse(frame, len, &p) || p.dst_ip != me_ip)
        return;
    if (w->dozing) {
        world_pc_event(w, "traffic wakes the ME");
        w->dozing = false;
        chip_power(&w->chip, true);
    }
    arm_doze(w);
}

/* --- the machine acts: by itself, by the ME's command, or because something is done to it --- */

static void run_pc(void *ctx);

static void schedule_pc(void *ctx)
{
    struct world *w = ctx;
    uint64_t next_us = pc_next_us(&w->pc);

    if (w->pc_wake)
        clock_cancel(&w->clock, w->pc_wake);
    w->pc_wake = next_us == UINT64_MAX ? NULL : clock_at(&w->clock, next_us, run_pc, w);
}

static void hear_pc(struct world *w)
{
    if (w->pc_speaks)
        chip_poll(&w->chip);
    w->pc_speaks = false;
}

static void run_pc(void *ctx)
{
    struct world *w = ctx;

    w->pc_wake = NULL;
    w->pc_acts = true;
    pc_run(&w->pc);
    w->pc_acts = false;
    hear_pc(w);
    schedule_pc(w);
}

static void end_os(struct world *w)
{
    host_os_down(&w->os);
    w->chip.hal.host = HAL_HOST_DOWN;
}

static void on_power(struct world *w)
{
    static const char *const text[] = {"machine in S0", "machine in S3", "machine in S4-5"};
    enum power_system system = system_of(w);

    world_pc_event(w, text[system]);
    if (system == POWER_S0) {
        w->booted = true;
    } else {
        end_os(w);
        chip_poll(&w->chip);
    }
    apply_power_package(w);
}

static void on_boot(struct world *w)
{
    if (w->pc_acts)
        world_pc_event(w, "warm reboot of the host");
    if (!w->os.up)
        return;
    host_os_down(&w->os);
    update_host(w);
}

static void on_os(struct world *w)
{
    bool up = pc_os_is_up(&w->pc);

    if (up == w->os.up)
        return;
    world_pc_event(w, up ? "operating system up" : "operating system down");
    if (up) {
        /* The ME steps back before the operating system's first frame. */
        w->chip.hal.host = HAL_HOST_UP;
        chip_poll(&w->chip);
        host_os_up(&w->os);
    } else {
        host_os_down(&w->os);
    }
    update_host(w);
}

static void on_change(void *ctx, enum pc_change change)
{
    struct world *w = ctx;

    switch (change) {
    case PC_CHANGE_POWER:
        on_power(w);
        break;
    case PC_CHANGE_BOOT:
        on_boot(w);
        break;
    case PC_CHANGE_OS:
        on_os(w);
        break;
    case PC_CHANGE_WORDS:
        w->pc_speaks = true;
        break;
    }
}

static uint64_t pc_time(void *ctx)
{
    return ((const struct world *)ctx)->clock.now_us;
}

void world_pc_init(struct world *w)
{
    pc_init(&w->pc, &(struct pc_owner){w, pc_time, schedule_pc, on_change},
            w->config.no_os ? 0 : 1u << BOOT_DISK);
    w->chip.hal.hal.machine = &w->pc.machine;
}

static void lose_ac(struct world *w)
{
    pc_ac(&w->pc, false, PC_START_NOT);
    schedule_pc(w);
    end_os(w);
    cancel_doze(w);
    w->dozing = false;
    w->booted = false;
    chip_power(&w->chip, false);
    update_link(w);
}

/* A world begins with a machine that has been running for a while. */
static enum pc_start how_it_starts(const struct world *w)
{
    if (w->clock.now_us == 0 && !w->config.no_os)
        return PC_START_RUNNING;
    return w->stays_off ? PC_START_NOT : PC_START_BY_ITSELF;
}

void world_ac(struct world *w, bool on)
{
    if (on == w->ac) {
        world_explain(w, on ? "AC is on already" : "AC is off already");
        return;
    }
    w->ac = on;
    world_pc_event(w, on ? "AC on" : "AC off");
    track_cmos_drain(w);
    if (!on) {
        lose_ac(w);
        return;
    }
    pc_ac(&w->pc, true, how_it_starts(w));
    w->booted = pc_state(&w->pc) == MACHINE_S0;
    if (pc_os_is_up(&w->pc))
        w->chip.hal.host = HAL_HOST_UP;
    apply_power_package(w);
    update_link(w);
    on_os(w);
}

void world_power(struct world *w, enum power_system system)
{
    static const enum machine_state state[] = {
        [POWER_S0] = MACHINE_S0, [POWER_S3] = MACHINE_S3, [POWER_S45] = MACHINE_S5};

    if (!w->ac || system == system_of(w)) {
        world_explain(w, w->ac ? "the machine is in that state already"
                               : "AC is off, so that the machine has no power");
        return;
    }
    pc_power(&w->pc, state[system]);
    hear_pc(w);
}

/* What a person does at the machine; keys: see pc_press_keys(). */
void world_press(struct world *w, enum world_button button, const char *keys)
{
    const char *why;

    switch (button) {
    case WORLD_POWER_BUTTON:
        world_pc_event(w, "power button pressed");
        why = pc_press_power(&w->pc);
        break;
    case WORLD_RESET_BUTTON:
        world_pc_event(w, "reset button pressed");
        why = pc_press_reset(&w->pc);
        break;
    default:
        world_pc_event(w, "keys pressed");
        why = pc_press_keys(&w->pc, keys);
        break;
    }
    if (why)
        world_explain(w, why);
    hear_pc(w);
}

const struct pc *world_machine(const struct world *w)
{
    return &w->pc;
}

void world_mains(struct world *w, bool on)
{
    if (on == w->mains) {
        world_explain(w, on ? "it is on mains already" : "it is on its battery already");
        return;
    }
    w->mains = on;
    world_pc_event(w, on ? "on mains" : "on battery");
    apply_power_package(w);
}

void world_stays_off(struct world *w, bool on)
{
    w->stays_off = on;
}

bool world_upgrade(struct world *w)
{
    char text[64];

    if (!w->chip.powered) {
        world_explain(w, "the ME has no power");
        return false;
    }
    snprintf(text, sizeof text, "firmware is upgraded to %s", w->chip.config.release->version);
    world_pc_event(w, text);
    suspend_me(w);
    apply_power_package(w);
    world_host_reset(w); /* the host has to start, too */
    return true;
}

void world_cmos(struct world *w, bool in)
{
    if (in == w->battery) {
        world_explain(w, in ? "the battery is in already" : "the battery is out already");
        return;
    }
    w->battery = in;
    if (in)
        world_pc_event(w, "CMOS battery in");
    else
        world_pc_event(w, w->ac ? "CMOS battery out; while AC is on nothing is lost"
                                : "CMOS battery out");
    track_cmos_drain(w);
}

void world_link(struct world *w, bool up)
{
    if (up == w->cable) {
        world_explain(w, up ? "the cable is in already" : "the cable is out already");
        return;
    }
    w->cable = up;
    world_pc_event(w, up ? "network cable in" : "network cable out");
    update_link(w);
}

void world_os(struct world *w, bool up)
{
    if (up == w->os.up) {
        world_explain(w, up ? "the operating system runs already"
                            : "the operating system does not run");
        return;
    }
    if (up && (!w->ac || system_of(w) != POWER_S0)) {
        world_explain(w, w->ac ? "the machine is not in S0" : "AC is off");
        return;
    }
    pc_os(&w->pc, up);
    hear_pc(w);
}

void world_os_renew(struct world *w)
{
    if (!w->os.up) {
        world_explain(w, "the operating system does not run");
        return;
    }
    world_pc_event(w, "operating system renews its DHCP lease");
    host_os_renew(&w->os);
}

void world_host_reset(struct world *w)
{
    if (!w->ac || system_of(w) != POWER_S0) {
        world_explain(w, w->ac ? "the machine is not in S0" : "AC is off");
        return;
    }
    world_pc_event(w, "warm reboot of the host");
    pc_reset(&w->pc);
    hear_pc(w);
}

void world_leave_bios(struct world *w)
{
    if (!pc_is_booting(&w->pc))
        pc_reset(&w->pc);
}

void world_bios(struct world *w, bool amt)
{
    if (w->chip.config.bios_disabled == !amt) {
        world_explain(w, amt ? "AMT is on in the BIOS already" : "AMT is off in the BIOS already");
        return;
    }
    world_pc_event(w, amt ? "AMT enabled in the BIOS" : "AMT disabled in the BIOS");
    w->chip.config.bios_disabled = !amt;
    suspend_me(w);
    world_leave_bios(w);
    apply_power_package(w);
}
