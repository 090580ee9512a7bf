// SPDX-License-Identifier: BSD-3-Clause
#include "sim/pc/pc_internal.h"

#include <string.h>

#define POST_US 5500000u    /* from the start to the choice of a boot source */
#define ATTEMPT_US 1000000u /* for a source that does not boot */

static const struct hal_memory_module memory[] = {
    {"DIMM 0", "Northwind Memory", "0001A7F3", "NM-2G-1066", 2048, 1066, 9, 24},
    {"DIMM 1", "Northwind Memory", "0001A7F4", "NM-2G-1066", 2048, 1066, 9, 24},
};
static const struct hal_disk disk[] = {{"Northwind ND250", "ND-0042-7719", 250000}};

/* Form factors, memory types and processor families are SMBIOS's (DSP0134): DIMM, DDR3, Core 2
 * Duo. */
const struct hal_inventory pc_inventory = {
    .system = {"Northwind Traders", "Desktop 780", "1.0", "NT780-000042"},
    .board = {"Northwind Traders", "NT-B780", "A01", "B780-000042"},
    .bios = {"Northwind Traders", "1.20", "2009-06-30"},
    .processor = {"Northwind Silicon", "Dual Core E8400", 3000, 3000, 191, 10},
    .memory = memory,
    .disk = disk,
    .memory_count = sizeof(memory) / sizeof(memory[0]),
    .disk_count = sizeof(disk) / sizeof(disk[0]),
};

/* Codes of a system firmware's progress (DSP0136, table of event data). */
enum progress {
    PROGRESS_MEMORY = 0x01,
    PROGRESS_DISK = 0x02,
    PROGRESS_SETUP = 0x05,
    PROGRESS_PCI = 0x07,
    PROGRESS_VIDEO = 0x09,
    PROGRESS_KEYBOARD = 0x0C,
    PROGRESS_BOOT = 0x13,
};

#define SENSOR_FIRMWARE 0x0F
#define SENSOR_BOOT_ERROR 0x1E
#define OFFSET_PROGRESS 2
#define OFFSET_NO_MEDIA 0
#define SEVERITY_MONITOR 0x01
#define SEVERITY_CRITICAL 0x10
#define ENTITY_BIOS 0x22

static bool report(struct pc *pc, const struct machine_event *event)
{
    if (pc->reports == PC_REPORTS)
        return false;
    pc->report[pc->reports++] = *event;
    pc_changed(pc, PC_CHANGE_WORDS);
    return true;
}

bool pc_report_progress(struct pc *pc, uint8_t code)
{
    return report(pc, &(struct machine_event){.device = 0xFF,
                                              .sensor_type = SENSOR_FIRMWARE,
                                              .event_type = 0x6F,
                                              .offset = OFFSET_PROGRESS,
                                              .source = 0x68,
                                              .severity = SEVERITY_MONITOR,
                                              .sensor = 0xFF,
                                              .entity = ENTITY_BIOS,
                                              .data = {0x40, code}});
}

static void report_no_boot(struct pc *pc)
{
    report(pc, &(struct machine_event){.device = 0xFF,
                                       .sensor_type = SENSOR_BOOT_ERROR,
                                       .event_type = 0x6F,
                                       .offset = OFFSET_NO_MEDIA,
                                       .source = 0x68,
                                       .severity = SEVERITY_CRITICAL,
                                       .sensor = 0xFF,
                                       .entity = ENTITY_BIOS});
}

/* --- the tests --- */

static void show_maker(struct pc *pc)
{
    pc_clear(pc);
    pc_print(pc, "%s BIOS %s, %s\r\n", pc_inventory.bios.vendor, pc_inventory.bios.version,
             pc_inventory.bios.date);
}

static void show_system(struct pc *pc)
{
    pc_print(pc, "%s, serial number %s\r\n", pc_inventory.system.model, pc_inventory.system.serial);
}

static void show_processor(struct pc *pc)
{
    pc_print(pc, "CPU 0: %s, %u MHz\r\n", pc_inventory.processor.version,
             (unsigned)pc_inventory.processor.mhz);
}

static void count_memory(struct pc *pc)
{
    uint32_t all = 0, counted = 1024u * (pc->step - 2u);

    for (uint32_t i = 0; i < pc_inventory.memory_count; i++)
        all += pc_inventory.memory[i].megabytes;
    pc_print(pc, counted < all ? "\rMemory: %u MB" : "\rMemory: %u MB OK\r\n", (unsigned)counted);
}

static void show_disk(struct pc *pc)
{
    pc_print(pc, "Disk 1: %s, %u GB\r\n", disk[0].model, (unsigned)(disk[0].megabytes / 1000u));
}

static void show_cd(struct pc *pc)
{
    pc_print(pc, "CD drive 1: %s\r\n", pc->present & 1u << BOOT_CD ? "a CD" : "empty");
}

static void show_keys(struct pc *pc)
{
    pc_print(pc, "Press DEL for set-up.\r\n");
}

static const struct test {
    uint32_t at_us;
    void (*show)(struct pc *pc);
    uint8_t progress;
    bool only_forced; /* the report, unless it is asked for */
} tests[] = {
    {0, show_maker, 0, false},
    {200000, show_system, PROGRESS_VIDEO, true},
    {400000, show_processor, 0, false},
    {800000, count_memory, 0, false},
    {1000000, count_memory, 0, false},
    {1200000, count_memory, 0, false},
    {1400000, count_memory, PROGRESS_MEMORY, false},
    {2000000, show_disk, PROGRESS_DISK, false},
    {2500000, show_cd, PROGRESS_PCI, false},
    {3000000, show_keys, PROGRESS_KEYBOARD, true},
};

#define TESTS (sizeof(tests) / sizeof(tests[0]))
_Static_assert(sizeof(memory) / sizeof(memory[0]) == 2, "count_memory() has four steps");

void pc_post_begin(struct pc *pc, const struct boot_settings *boot)
{
    pc->boot = *boot;
    pc->phase = PC_POST;
    pc->step = pc->tried = 0;
    pc->escape = pc->bracket = false;
    pc->typed_len = 0;
    pc->switch_us = PC_NEVER;
    pc->step_us = pc_now(pc);
}

/* LMS-cim: 1 is quiet. */
static bool is_shown(const struct pc *pc)
{
    return pc->boot.verbosity != 1 || pc->step == 0;
}

static void leave_post(struct pc *pc);

static void post_step(struct pc *pc)
{
    const struct test *test = &tests[pc->step];
    uint64_t begun_us = pc->step_us - (pc->step < TESTS ? test->at_us : POST_US);
    bool forced = pc->boot.options & BOOT_FORCE_PROGRESS;

    if (pc->step == TESTS) {
        leave_post(pc);
        return;
    }
    if (is_shown(pc))
        test->show(pc);
    if (test->progress && (forced || !test->only_forced))
        pc_report_progress(pc, test->progress);
    pc->step++;
    pc->step_us = begun_us + (pc->step < TESTS ? tests[pc->step].at_us : POST_US);
}

/* --- the set-up screen --- */

static const char *const items[] = {"System information", "Boot order: disk, CD, network",
                                    "Leave set-up"};
#define ITEMS (sizeof(items) / sizeof(items[0]))
#define ITEM_SYSTEM 0
#define ITEM_LEAVE (ITEMS - 1)

static void draw_setup(struct pc *pc)
{
    pc_clear(pc);
    pc_print(pc, "BIOS set-up, %s %s\r\n\r\n", pc_inventory.bios.vendor, pc_inventory.bios.version);
    for (uint8_t i = 0; i < ITEMS; i++)
        pc_print(pc, " %c %s\r\n", i == pc->item ? '>' : ' ', items[i]);
    pc_print(pc, "\r\nArrow keys move, Enter selects, Esc leaves.\r\n");
}

static void enter_setup(struct pc *pc)
{
    pc->phase = PC_SETUP;
    pc->step_us = PC_NEVER;
    pc->item = 0;
    pc_report_progress(pc, PROGRESS_SETUP);
    draw_setup(pc);
}

static void setup_key(struct pc *pc, int key)
{
    if (key == PC_KEY_ESCAPE || (key == '\r' && pc->item == ITEM_LEAVE)) {
        /* The console that saw the set-up sees the boot behind it as well. */
        pc->next = (struct boot_settings){.options = pc->boot.options & BOOT_SOL};
        pc->wish = PC_WISH_RESTART;
        return;
    }
    if (key == PC_KEY_DOWN)
        pc->item = (uint8_t)((pc->item + 1u) % ITEMS);
    else if (key == PC_KEY_UP)
        pc->item = (uint8_t)((pc->item + ITEMS - 1u) % ITEMS);
    draw_setup(pc);
    if (key == '\r' && pc->item == ITEM_SYSTEM)
        pc_print(pc, "\r\n%s %s, serial number %s\r\n", pc_inventory.system.manufacturer,
                 pc_inventory.system.model, pc_inventory.system.serial);
}

/* --- the boot order --- */

static const struct source {
    const char *name, *absent;
} sources[] = {
    [BOOT_PXE] = {"the network", "no boot server answers"},
    [BOOT_DISK] = {"disk 1", "no operating system"},
    [BOOT_DIAGNOSTIC] = {"the diagnostics", "not installed"},
    [BOOT_CD] = {"CD drive 1", "no CD that boots"},
};

static const uint8_t order[] = {BOOT_DISK, BOOT_CD, BOOT_PXE};
#define ORDER (sizeof(order) / sizeof(order[0]))

static bool is_source(uint8_t source)
{
    return source < sizeof(sources) / sizeof(sources[0]) && sources[source].name;
}

/* The one that was asked for, then those of the order; BOOT_DEFAULT: all were tried. */
static uint8_t next_source(const struct pc *pc)
{
    uint8_t wanted = pc->boot.source;

    if (is_source(wanted) && !(pc->tried & 1u << wanted))
        return wanted;
    for (size_t i = 0; i < ORDER; i++)
        if (!(pc->tried & 1u << order[i]))
            return order[i];
    return BOOT_DEFAULT;
}

static bool boots(const struct pc *pc, uint8_t source)
{
    bool wanted = source == pc->boot.source;

    /* It has one device of each kind. */
    return pc->present & 1u << source && !(wanted && pc->boot.media > 1);
}

static void give_up(struct pc *pc)
{
    pc->phase = PC_NO_BOOT;
    pc->step_us = PC_NEVER;
    pc_print(pc, "No boot device. Press a key to try again.\r\n");
    report_no_boot(pc);
}

static void load(struct pc *pc, uint8_t source)
{
    pc->booted = source;
    pc_report_progress(pc, PROGRESS_BOOT);
    if (source == BOOT_DIAGNOSTIC) {
        pc->phase = PC_TESTS;
        pc->step_us = PC_NEVER;
        pc_print(pc, "Diagnostics: all tests passed. Press a key to restart.\r\n");
        return;
    }
    pc->phase = PC_LOADING;
    pc->step_us = pc_now(pc) + PC_START_US - POST_US;
}

/* One source: the step before has named it. */
static void select_step(struct pc *pc)
{
    uint8_t source = next_source(pc);

    if (pc->step > 0) {
        pc->tried = (uint8_t)(pc->tried | 1u << source);
        pc_print(pc, "%s\r\n", sources[source].absent);
        pc->step = 0;
        source = next_source(pc);
    }
    if (source == BOOT_DEFAULT) {
        give_up(pc);
        return;
    }
    pc_print(pc, "Booting from %s: ", sources[source].name);
    if (boots(pc, source)) {
        pc_print(pc, "starting\r\n");
        load(pc, source);
        return;
    }
    pc->step = 1;
    pc->step_us = pc_now(pc) + ATTEMPT_US;
}

static void begin_select(struct pc *pc)
{
    pc->phase = PC_SELECT;
    pc->step = 0;
    pc->tried = 0;
    select_step(pc);
}

static void leave_post(struct pc *pc)
{
    pc->inventory_known = true;
    if (pc->boot.options & BOOT_SETUP) {
        enter_setup(pc);
    } else if (pc->boot.options & BOOT_PAUSE) {
        pc->phase = PC_PAUSED;
        pc->step_us = PC_NEVER;
        pc_print(pc, "Paused. Press a key to go on.\r\n");
    } else {
        begin_select(pc);
    }
}

void pc_bios_step(struct pc *pc)
{
    if (pc->phase == PC_POST)
        post_step(pc);
    else
        select_step(pc);
}

void pc_bios_key(struct pc *pc, int key)
{
    switch (pc->phase) {
    case PC_POST:
        if (key != PC_KEY_DELETE)
            return;
        pc->inventory_known = true;
        enter_setup(pc);
        break;
    case PC_SETUP:
        setup_key(pc, key);
        break;
    case PC_PAUSED:
    case PC_NO_BOOT:
        begin_select(pc);
        break;
    case PC_TESTS:
        pc->wish = PC_WISH_RESTART;
        break;
    default:
        break;
    }
}
