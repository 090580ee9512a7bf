// SPDX-License-Identifier: BSD-3-Clause
// links: sim/pc/pc.c sim/pc/bios.c sim/pc/os.c sim/pc/text.c
#include "sim/pc/pc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECOND 1000000u

/* A machine whose serial line somebody reads all the time. */
struct bench {
    struct pc pc;
    uint64_t now_us;
    unsigned powers, boots, systems;
    char read[16384];
    size_t len;
};

static uint64_t now_us(void *ctx)
{
    return ((struct bench *)ctx)->now_us;
}

static void on_change(void *ctx, enum pc_change change)
{
    struct bench *b = ctx;

    b->powers += change == PC_CHANGE_POWER;
    b->boots += change == PC_CHANGE_BOOT;
    b->systems += change == PC_CHANGE_OS;
}

static void begin(struct bench *b, uint16_t present)
{
    memset(b, 0, sizeof *b);
    pc_init(&b->pc, &(struct pc_owner){b, now_us, NULL, on_change}, present);
}

static void take(struct bench *b)
{
    const struct hal_machine *m = &b->pc.machine;

    b->len += m->serial_read(m->ctx, (uint8_t *)b->read + b->len, sizeof b->read - 1 - b->len);
    b->read[b->len] = '\0';
}

static void pass(struct bench *b, uint64_t us)
{
    uint64_t until = b->now_us + us;

    while (pc_next_us(&b->pc) <= until) {
        if (pc_next_us(&b->pc) > b->now_us)
            b->now_us = pc_next_us(&b->pc);
        pc_run(&b->pc);
        take(b);
    }
    b->now_us = until;
}

static void type(struct bench *b, const char *keys)
{
    const struct hal_machine *m = &b->pc.machine;

    assert_int_equal(m->serial_write(m->ctx, (const uint8_t *)keys, strlen(keys)), strlen(keys));
    pass(b, SECOND);
}

static bool command(struct bench *b, enum machine_command command, const struct boot_settings *boot)
{
    const struct hal_machine *m = &b->pc.machine;

    return m->control(m->ctx, command, boot);
}

/* And lets it be carried out. */
static bool control(struct bench *b, enum machine_command how, uint16_t options)
{
    bool taken = command(b, how, &(struct boot_settings){.options = options});

    pass(b, taken ? PC_COMMAND_US : 0);
    return taken;
}

static bool control_source(struct bench *b, enum boot_source source)
{
    struct boot_settings boot = {.source = (uint8_t)source, .options = BOOT_SOL};

    return command(b, MACHINE_RESET, &boot);
}

static enum machine_state state_of(struct bench *b)
{
    return b->pc.machine.state(b->pc.machine.ctx);
}

static void read_anew(struct bench *b)
{
    take(b);
    b->len = 0;
    b->read[0] = '\0';
}

static bool screen_has(struct bench *b, const char *text)
{
    char line[PC_COLUMNS + 1];

    for (uint32_t i = 0; i < PC_ROWS; i++)
        if (strstr(pc_screen_line(&b->pc, i, line), text))
            return true;
    return false;
}

static void begin_running(struct bench *b)
{
    begin(b, 1u << BOOT_DISK);
    pc_ac(&b->pc, true, PC_START_RUNNING);
    take(b);
}

/* The texts stand below each other. */
static void assert_order(const char *read, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(read, texts[i]);

        if (!found)
            fail_msg("no \"%s\" in the rest \"%s\"", texts[i], read);
        read = found + strlen(texts[i]);
    }
}

static void from_post_to_log_in(void **state)
{
    static const char *const texts[] = {
        "Northwind Traders BIOS 1.20", "serial number", "Memory: 1024 MB",
        "Memory: 4096 MB OK",          "Disk 1:",       "Press DEL for set-up",
        "Booting from disk 1",         "pc1 login: "};
    struct bench b;

    (void)state;
    begin_running(&b);
    assert_true(pc_os_is_up(&b.pc));
    read_anew(&b);
    assert_true(control(&b, MACHINE_RESET, BOOT_SOL));
    pass(&b, PC_START_US - 1);
    assert_false(pc_os_is_up(&b.pc));
    assert_null(strstr(b.read, "login"));
    pass(&b, 1);
    assert_true(pc_os_is_up(&b.pc));
    assert_order(b.read, texts, sizeof texts / sizeof texts[0]);
    assert_int_equal(b.boots, 1);
    assert_int_equal(b.powers, 0);
}

/* G-bootsettingdata: without UseSOL the line has only what the operating system writes. */
static void the_bios_is_silent_without_sol(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    read_anew(&b);
    assert_true(control(&b, MACHINE_RESET, 0));
    pass(&b, 10 * SECOND);
    assert_string_equal(b.read, "");
    assert_true(screen_has(&b, "Press DEL for set-up"));
    pass(&b, 10 * SECOND);
    assert_non_null(strstr(b.read, "login: "));
    /* The settings were for one boot. */
    assert_true(control(&b, MACHINE_RESET, BOOT_SOL));
    pass(&b, PC_START_US);
    type(&b, "user\rx\r");
    read_anew(&b);
    type(&b, "reboot\r");
    pass(&b, 10 * SECOND);
    assert_null(strstr(b.read, "BIOS"));
}

static void what_is_typed_is_echoed(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    read_anew(&b);
    type(&b, "userr\b\r");
    assert_non_null(strstr(b.read, "userr\b \b\r\nPassword: "));
    type(&b, "letmein\r");
    assert_null(strstr(b.read, "letmein"));
    assert_non_null(strstr(b.read, "user@pc1$ "));
    read_anew(&b);
    type(&b, "uptime\r");
    assert_non_null(strstr(b.read, "uptime\r\nup 0:00:02\r\n"));
    type(&b, "help\rlogout\r");
    assert_non_null(strstr(b.read, "poweroff reboot uptime"));
    assert_non_null(strstr(b.read, "logout: not found"));
    assert_true(screen_has(&b, "logout: not found"));
    read_anew(&b);
    type(&b, "exit\r");
    assert_non_null(strstr(b.read, "pc1 login: "));
    type(&b, "user\r\r");
    assert_non_null(strstr(b.read, "Login incorrect"));
}

static void reboot_and_poweroff(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    type(&b, "user\rx\rreboot\r");
    pass(&b, SECOND);
    assert_int_equal(b.boots, 1);
    assert_false(pc_os_is_up(&b.pc));
    pass(&b, PC_START_US);
    assert_true(pc_os_is_up(&b.pc));
    type(&b, "user\rx\rpoweroff\r");
    assert_int_equal(state_of(&b), MACHINE_S0);
    pass(&b, SECOND);
    assert_int_equal(state_of(&b), MACHINE_S5);
    assert_int_equal(b.powers, 1);
    assert_false(screen_has(&b, "login"));
    assert_int_equal(pc_next_us(&b.pc), UINT64_MAX);
}

static void set_up_screen(void **state)
{
    static const char *const texts[] = {"BIOS set-up", " > System information", " > Boot order",
                                        " > System information"};
    struct bench b;

    (void)state;
    begin_running(&b);
    read_anew(&b);
    assert_true(control(&b, MACHINE_RESET, BOOT_SETUP | BOOT_SOL));
    pass(&b, 60 * SECOND);
    assert_false(pc_os_is_up(&b.pc));
    type(&b, "\x1b[B");
    assert_true(screen_has(&b, " > Boot order"));
    type(&b, "\x1b[A");
    assert_order(b.read, texts, sizeof texts / sizeof texts[0]);
    read_anew(&b);
    type(&b, "\r");
    assert_non_null(strstr(b.read, "serial number"));
    type(&b, "\x1b");
    assert_int_equal(b.boots, 2);
    pass(&b, PC_START_US);
    assert_true(pc_os_is_up(&b.pc));
}

static void del_enters_set_up(void **state)
{
    struct bench b;

    (void)state;
    begin(&b, 1u << BOOT_DISK);
    pc_ac(&b.pc, true, PC_START_BY_ITSELF);
    pass(&b, 4 * SECOND);
    assert_null(pc_press_keys(&b.pc, "\x7f"));
    assert_true(screen_has(&b, "BIOS set-up"));
    assert_null(pc_press_keys(&b.pc, "\x1b[A\r"));
    pass(&b, 0);
    assert_false(screen_has(&b, "BIOS set-up"));
    pass(&b, PC_START_US);
    assert_true(pc_os_is_up(&b.pc));
}

static void commands_in_the_wrong_state(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    assert_false(control(&b, MACHINE_POWER_UP, 0));
    assert_true(command(&b, MACHINE_POWER_DOWN, NULL));
    assert_false(command(&b, MACHINE_RESET, NULL)); /* one at a time */
    assert_int_equal(state_of(&b), MACHINE_S0);     /* its answer goes out first */
    pass(&b, PC_COMMAND_US);
    assert_int_equal(state_of(&b), MACHINE_S5);
    assert_false(control(&b, MACHINE_POWER_DOWN, 0));
    assert_false(control(&b, MACHINE_POWER_CYCLE, 0));
    assert_false(control(&b, MACHINE_RESET, 0));
    assert_true(control(&b, MACHINE_POWER_UP, 0));
    pass(&b, PC_START_US);
    assert_true(pc_os_is_up(&b.pc));
    assert_true(command(&b, MACHINE_RESET, NULL));
    pc_power(&b.pc, MACHINE_S5);
    pass(&b, PC_COMMAND_US);
    assert_int_equal(state_of(&b), MACHINE_S5);
    pc_ac(&b.pc, false, PC_START_NOT);
    assert_false(control(&b, MACHINE_POWER_UP, 0));
}

static void a_power_cycle_is_off_in_between(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    read_anew(&b);
    assert_true(control(&b, MACHINE_POWER_CYCLE, BOOT_SOL));
    pass(&b, PC_OFF_US - 1);
    assert_int_equal(state_of(&b), MACHINE_S5);
    pass(&b, 1);
    assert_int_equal(state_of(&b), MACHINE_S0);
    assert_non_null(strstr(b.read, "BIOS 1.20"));
    assert_int_equal(b.powers, 2);
    pass(&b, PC_START_US);
    assert_true(pc_os_is_up(&b.pc));
}

static void sleep_keeps_the_operating_system(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    type(&b, "user\r");
    pc_power(&b.pc, MACHINE_S3);
    assert_false(pc_os_is_up(&b.pc));
    assert_false(control(&b, MACHINE_RESET, 0));
    assert_true(control(&b, MACHINE_POWER_UP, 0));
    pass(&b, 0);
    assert_true(pc_os_is_up(&b.pc));
    type(&b, "x\r");
    assert_true(screen_has(&b, "user@pc1$"));
}

static void a_source_that_is_absent_gives_way(void **state)
{
    static const char *const pxe[] = {"Booting from the network: no boot server answers",
                                      "Booting from disk 1: starting", "pc1 login: "};
    static const char *const cd[] = {"Booting from CD drive 1: starting", "rescue login: "};
    static const char *const none[] = {"disk 1: no operating system",
                                       "CD drive 1: no CD that boots",
                                       "the network: no boot server answers", "No boot device"};
    struct machine_event event;
    struct bench b;
    bool told = false;

    (void)state;
    begin_running(&b);
    assert_true(control_source(&b, BOOT_PXE));
    pass(&b, 30 * SECOND);
    assert_order(b.read, pxe, 3);

    begin(&b, 1u << BOOT_DISK | 1u << BOOT_CD);
    pc_ac(&b.pc, true, PC_START_RUNNING);
    assert_true(control_source(&b, BOOT_CD));
    pass(&b, 30 * SECOND);
    assert_order(b.read, cd, 2);

    begin(&b, 0);
    pc_ac(&b.pc, true, PC_START_BY_ITSELF);
    pass(&b, 30 * SECOND);
    assert_true(control_source(&b, BOOT_DEFAULT));
    pass(&b, 30 * SECOND);
    assert_order(b.read, none, 4);
    while (b.pc.machine.report(b.pc.machine.ctx, &event))
        told = told || event.sensor_type == 0x1E; /* DSP0136: boot error */
    assert_true(told);
}

/* DSP0136's firmware progress: sensor type 0F, event type 6F, offset 2. */
static void progress_is_reported(void **state)
{
    struct machine_event event, last = {0};
    struct bench b;
    unsigned plain = 0, forced = 0;

    (void)state;
    begin_running(&b);
    assert_false(b.pc.machine.report(b.pc.machine.ctx, &event));
    assert_true(control(&b, MACHINE_RESET, 0));
    pass(&b, PC_START_US);
    for (; b.pc.machine.report(b.pc.machine.ctx, &event); plain++)
        last = event;
    assert_int_equal(last.sensor_type, 0x0F);
    assert_int_equal(last.event_type, 0x6F);
    assert_int_equal(last.offset, 2);
    assert_int_equal(last.entity, 0x22);
    assert_int_equal(last.data[0], 0x40);
    assert_int_equal(last.data[1], 0x13);
    assert_true(control(&b, MACHINE_RESET, BOOT_FORCE_PROGRESS));
    pass(&b, PC_START_US);
    for (; b.pc.machine.report(b.pc.machine.ctx, &event); forced++)
        ;
    assert_true(plain > 0 && forced > plain);
}

static void locks_hold_for_one_boot(void **state)
{
    struct bench b;

    (void)state;
    begin_running(&b);
    assert_true(control(&b, MACHINE_RESET, BOOT_LOCK_POWER | BOOT_LOCK_RESET | BOOT_LOCK_KEYBOARD));
    pass(&b, PC_START_US);
    assert_non_null(pc_press_power(&b.pc));
    assert_non_null(pc_press_reset(&b.pc));
    assert_non_null(pc_press_keys(&b.pc, "user\r"));
    type(&b, "user\rx\r"); /* the serial line is no keyboard */
    assert_true(screen_has(&b, "user@pc1$"));
    assert_true(control(&b, MACHINE_RESET, 0));
    pass(&b, PC_START_US);
    assert_null(pc_press_power(&b.pc));
    pass(&b, 2 * SECOND);
    assert_int_equal(state_of(&b), MACHINE_S5);
    assert_null(pc_press_power(&b.pc));
    assert_int_equal(state_of(&b), MACHINE_S0);
}

static void what_nobody_reads_is_lost(void **state)
{
    uint8_t bytes[64];
    struct bench b;

    (void)state;
    begin(&b, 1u << BOOT_DISK);
    pc_ac(&b.pc, true, PC_START_RUNNING);
    b.now_us += 2 * SECOND;
    assert_int_equal(b.pc.machine.serial_read(b.pc.machine.ctx, bytes, sizeof bytes), 0);
    type(&b, "x");
    assert_string_equal(b.read, "x");
}

static void inventory_is_known_after_a_boot(void **state)
{
    const struct hal_inventory *found;
    struct bench b;

    (void)state;
    begin(&b, 1u << BOOT_DISK);
    assert_null(b.pc.machine.inventory(b.pc.machine.ctx));
    pc_ac(&b.pc, true, PC_START_BY_ITSELF);
    pass(&b, PC_START_US);
    found = b.pc.machine.inventory(b.pc.machine.ctx);
    assert_non_null(found);
    assert_true(found->memory_count > 0 && found->disk_count > 0);
    pc_power(&b.pc, MACHINE_S5);
    assert_ptr_equal(b.pc.machine.inventory(b.pc.machine.ctx), found);
}

static void a_blank_screen_is_only_the_screen(void **state)
{
    struct bench b;
    const struct hal_machine *m = &b.pc.machine;
    struct boot_settings boot = {.options = BOOT_SOL, .verbosity = 3};

    (void)state;
    begin_running(&b);
    assert_true(m->control(m->ctx, MACHINE_RESET, &boot));
    pass(&b, 5 * SECOND);
    assert_false(screen_has(&b, "BIOS"));
    assert_non_null(strstr(b.read, "BIOS"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_post_to_log_in),
        cmocka_unit_test(the_bios_is_silent_without_sol),
        cmocka_unit_test(what_is_typed_is_echoed),
        cmocka_unit_test(reboot_and_poweroff),
        cmocka_unit_test(set_up_screen),
        cmocka_unit_test(del_enters_set_up),
        cmocka_unit_test(commands_in_the_wrong_state),
        cmocka_unit_test(a_power_cycle_is_off_in_between),
        cmocka_unit_test(sleep_keeps_the_operating_system),
        cmocka_unit_test(a_source_that_is_absent_gives_way),
        cmocka_unit_test(progress_is_reported),
        cmocka_unit_test(locks_hold_for_one_boot),
        cmocka_unit_test(what_nobody_reads_is_lost),
        cmocka_unit_test(inventory_is_known_after_a_boot),
        cmocka_unit_test(a_blank_screen_is_only_the_screen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
