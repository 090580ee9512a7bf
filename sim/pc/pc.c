// SPDX-License-Identifier: BSD-3-Clause
#include "sim/pc/pc_internal.h"

#include <string.h>

#define ESCAPE_US 100000u /* after that long, Esc was no beginning of another key */
#define PROGRESS_WAKE 0x12

static const struct boot_settings plain_boot = {0};

static void wake(struct pc *pc)
{
    if (pc->owner.wake)
        pc->owner.wake(pc->owner.ctx);
}

enum machine_state pc_state(const struct pc *pc)
{
    return pc->state;
}

bool pc_os_is_up(const struct pc *pc)
{
    return pc->phase >= PC_LOGIN && pc->phase <= PC_LEAVING && pc->state == MACHINE_S0;
}

bool pc_is_booting(const struct pc *pc)
{
    return pc->phase > PC_DARK && pc->phase < PC_TESTS;
}

/* --- power --- */

static void go_dark(struct pc *pc, enum machine_state state)
{
    pc->state = state;
    if (state == MACHINE_S5 || state == MACHINE_S4) {
        pc->phase = PC_DARK;
        pc_black(pc);
    }
    pc->step_us = pc->escape_us = PC_NEVER;
    pc->typed_len = 0;
    pc->escape = pc->bracket = false;
}

static void boot(struct pc *pc, const struct boot_settings *settings)
{
    pc->state = MACHINE_S0;
    pc_post_begin(pc, settings);
}

static void restart(struct pc *pc, const struct boot_settings *settings)
{
    boot(pc, settings);
    pc_changed(pc, PC_CHANGE_BOOT);
}

static void switch_off(struct pc *pc)
{
    go_dark(pc, MACHINE_S5);
    pc_changed(pc, PC_CHANGE_POWER);
}

static struct boot_settings take_settings(struct pc *pc)
{
    struct boot_settings next = pc->next;

    pc->next = plain_boot;
    return next;
}

static void grant_wish(struct pc *pc)
{
    enum pc_wish wish = pc->wish;

    pc->wish = PC_WISH_NONE;
    if (wish == PC_WISH_OFF) {
        switch_off(pc);
    } else if (wish == PC_WISH_RESTART) {
        struct boot_settings next = take_settings(pc);

        restart(pc, &next);
    }
}

static bool sleeps(const struct pc *pc)
{
    return pc->state >= MACHINE_S1 && pc->state <= MACHINE_S3;
}

/* From sleep the operating system goes on where it was, else the machine boots. */
static void switch_on(struct pc *pc, const struct boot_settings *settings)
{
    bool slept = sleeps(pc) && pc->phase >= PC_LOGIN;

    if (slept) {
        pc->state = MACHINE_S0;
        pc->step_us = pc->phase == PC_LEAVING ? pc_now(pc) : PC_NEVER;
    } else {
        boot(pc, settings);
    }
    pc_changed(pc, PC_CHANGE_POWER);
    if (!slept)
        return;
    pc_report_progress(pc, PROGRESS_WAKE);
    pc_changed(pc, PC_CHANGE_OS);
}

/* A person or the operating system comes before the second half of a power cycle. */
static void forget_cycle(struct pc *pc)
{
    if (pc->switch_us != PC_NEVER)
        take_settings(pc);
    pc->switch_us = PC_NEVER;
}

void pc_power(struct pc *pc, enum machine_state state)
{
    if (!pc->ac || state == pc->state)
        return;
    forget_cycle(pc);
    if (state == MACHINE_S0) {
        switch_on(pc, &plain_boot);
    } else {
        go_dark(pc, state);
        pc_changed(pc, PC_CHANGE_POWER);
    }
    wake(pc);
}

void pc_ac(struct pc *pc, bool on, enum pc_start start)
{
    pc->ac = on;
    go_dark(pc, MACHINE_S5);
    pc->commanded = false;
    pc->command_us = PC_NEVER;
    pc->next = plain_boot;
    pc->reports = 0;
    pc->serial_len = 0;
    pc->switch_us = PC_NEVER;
    if (!on || start == PC_START_NOT)
        return;
    boot(pc, &plain_boot);
    if (start == PC_START_RUNNING) {
        pc->inventory_known = true;
        pc->booted = BOOT_DISK;
        pc_os_start(pc);
    }
    wake(pc);
}

void pc_reset(struct pc *pc)
{
    if (pc->state != MACHINE_S0 || !pc->ac)
        return;
    restart(pc, &plain_boot);
    wake(pc);
}

void pc_os(struct pc *pc, bool up)
{
    if (!pc->ac || pc->state != MACHINE_S0 || up == pc_os_is_up(pc))
        return;
    if (up) {
        pc->booted = BOOT_DISK;
        pc_os_start(pc);
    } else {
        pc->phase = PC_HALTED;
        pc->step_us = PC_NEVER;
        pc_print(pc, "\r\nHalted.\r\n");
    }
    pc_changed(pc, PC_CHANGE_OS);
}

/* --- the ME's commands --- */

static bool is_possible(const struct pc *pc, enum machine_command command)
{
    bool on = pc->state == MACHINE_S0;

    switch (command) {
    case MACHINE_POWER_UP:
        return !on;
    case MACHINE_POWER_DOWN:
        return pc->state != MACHINE_S5;
    default:
        return on;
    }
}

static enum machine_state machine_state(void *ctx)
{
    return ((const struct pc *)ctx)->state;
}

/* It is carried out behind the ME's back, which may lose its power by it. */
static bool machine_control(void *ctx, enum machine_command command,
                            const struct boot_settings *settings)
{
    struct pc *pc = ctx;

    if (!pc->ac || pc->commanded || !is_possible(pc, command))
        return false;
    pc->commanded = true;
    pc->command_us = pc_now(pc) + PC_COMMAND_US;
    pc->command = command;
    pc->ordered = settings ? *settings : plain_boot;
    wake(pc);
    return true;
}

static void carry_out(struct pc *pc)
{
    struct boot_settings next = pc->ordered;

    pc->commanded = false;
    pc->command_us = PC_NEVER;
    if (!is_possible(pc, pc->command))
        return; /* somebody was quicker */
    forget_cycle(pc);
    switch (pc->command) {
    case MACHINE_POWER_UP:
        switch_on(pc, &next);
        break;
    case MACHINE_POWER_DOWN:
        switch_off(pc);
        break;
    case MACHINE_POWER_CYCLE:
        pc->next = next;
        pc->switch_us = pc_now(pc) + PC_OFF_US;
        switch_off(pc);
        break;
    case MACHINE_RESET:
        restart(pc, &next);
        break;
    }
}

static bool machine_report(void *ctx, struct machine_event *out)
{
    struct pc *pc = ctx;

    if (pc->reports == 0)
        return false;
    *out = pc->report[0];
    memmove(pc->report, pc->report + 1, --pc->reports * sizeof(pc->report[0]));
    return true;
}

static const struct hal_inventory *machine_inventory(void *ctx)
{
    return ((const struct pc *)ctx)->inventory_known ? &pc_inventory : NULL;
}

/* --- keys --- */

static bool in_bios(const struct pc *pc)
{
    return pc->phase < PC_LOADING || pc->phase == PC_TESTS;
}

static void take_key(struct pc *pc, int key)
{
    if (in_bios(pc))
        pc_bios_key(pc, key);
    else
        pc_os_key(pc, key);
    grant_wish(pc);
}

/* ESC [ A and B are arrows, DEL is also ESC [ 3 ~. */
static void take_byte(struct pc *pc, uint8_t byte)
{
    if (pc->bracket) {
        if (byte >= '0' && byte <= '9')
            return;
        pc->bracket = false;
        if (byte == 'A' || byte == 'B' || byte == '~')
            take_key(pc, byte == 'A' ? PC_KEY_UP : byte == 'B' ? PC_KEY_DOWN : PC_KEY_DELETE);
        return;
    }
    if (pc->escape) {
        pc->escape = false;
        pc->escape_us = PC_NEVER;
        if (byte == '[') {
            pc->bracket = true;
            return;
        }
        take_key(pc, PC_KEY_ESCAPE);
    }
    if (byte == 0x1B) {
        pc->escape = true;
        pc->escape_us = pc_now(pc) + ESCAPE_US;
    } else {
        take_key(pc, byte == 0x7F ? PC_KEY_DELETE : byte == '\n' ? '\r' : byte);
    }
}

static bool line_is_heard(const struct pc *pc)
{
    return pc->state == MACHINE_S0 && (!in_bios(pc) || pc->boot.options & BOOT_SOL);
}

static size_t serial_write(void *ctx, const uint8_t *bytes, size_t len)
{
    struct pc *pc = ctx;
    size_t room = sizeof(pc->typed) - pc->typed_len;

    if (!line_is_heard(pc))
        return len; /* nobody listens */
    if (len > room)
        len = room;
    memcpy(pc->typed + pc->typed_len, bytes, len);
    pc->typed_len += len;
    if (len > 0)
        wake(pc);
    return len;
}

static void take_typed(struct pc *pc)
{
    uint8_t typed[sizeof(pc->typed)];
    size_t len = pc->typed_len;

    memcpy(typed, pc->typed, len);
    pc->typed_len = 0;
    for (size_t i = 0; i < len && line_is_heard(pc); i++)
        take_byte(pc, typed[i]);
}

static void take_escape(struct pc *pc)
{
    pc->escape = false;
    pc->escape_us = PC_NEVER;
    take_key(pc, PC_KEY_ESCAPE);
}

/* --- a person --- */

const char *pc_press_keys(struct pc *pc, const char *keys)
{
    if (!pc->ac || pc->state != MACHINE_S0)
        return "the machine is not on";
    if (pc->boot.options & BOOT_LOCK_KEYBOARD)
        return "the keyboard is locked for this boot";
    while (*keys && pc->state == MACHINE_S0)
        take_byte(pc, (uint8_t)*keys++);
    wake(pc);
    return NULL;
}

const char *pc_press_power(struct pc *pc)
{
    if (!pc->ac)
        return "AC is off";
    if (pc->state == MACHINE_S0 && pc->boot.options & BOOT_LOCK_POWER)
        return "the power button is locked for this boot";
    forget_cycle(pc);
    if (pc->state != MACHINE_S0)
        switch_on(pc, &plain_boot);
    else if (pc->phase >= PC_LOGIN && pc->phase < PC_LEAVING)
        pc_os_leave(pc, false);
    else
        switch_off(pc);
    wake(pc);
    return NULL;
}

const char *pc_press_reset(struct pc *pc)
{
    if (!pc->ac || pc->state != MACHINE_S0)
        return "the machine is not on";
    if (pc->boot.options & BOOT_LOCK_RESET)
        return "the reset button is locked for this boot";
    pc_reset(pc);
    return NULL;
}

/* --- time --- */

uint64_t pc_next_us(const struct pc *pc)
{
    const uint64_t due[] = {pc->step_us, pc->switch_us, pc->escape_us, pc->command_us};
    uint64_t next = PC_NEVER;

    if (pc->typed_len > 0)
        return pc_now(pc);
    for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
        if (due[i] < next)
            next = due[i];
    return next;
}

static void take_step(struct pc *pc)
{
    if (in_bios(pc))
        pc_bios_step(pc);
    else
        pc_os_step(pc);
    grant_wish(pc);
}

void pc_run(struct pc *pc)
{
    uint64_t now = pc_now(pc);

    while (pc_next_us(pc) <= now) {
        if (pc->command_us <= now) {
            carry_out(pc);
        } else if (pc->typed_len > 0) {
            take_typed(pc);
        } else if (pc->escape_us <= now) {
            take_escape(pc);
        } else if (pc->switch_us <= now) {
            struct boot_settings next = take_settings(pc);

            pc->switch_us = PC_NEVER;
            switch_on(pc, &next);
        } else {
            take_step(pc);
        }
    }
}

void pc_init(struct pc *pc, const struct pc_owner *owner, uint16_t present)
{
    memset(pc, 0, sizeof(*pc));
    pc->owner = *owner;
    pc->present = present;
    pc->state = MACHINE_S5;
    pc->step_us = pc->switch_us = pc->escape_us = pc->command_us = PC_NEVER;
    pc->machine = (struct hal_machine){
        .ctx = pc,
        .state = machine_state,
        .control = machine_control,
        .options = BOOT_SOL | BOOT_SETUP | BOOT_PAUSE | BOOT_LOCK_POWER | BOOT_LOCK_RESET |
                   BOOT_LOCK_KEYBOARD | BOOT_FORCE_PROGRESS,
        .sources = 1u << BOOT_PXE | 1u << BOOT_DISK | 1u << BOOT_DIAGNOSTIC | 1u << BOOT_CD,
        .serial_read = pc_serial_read,
        .serial_write = serial_write,
        .report = machine_report,
        .inventory = machine_inventory,
    };
}
