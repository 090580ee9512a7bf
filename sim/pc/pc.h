// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_PC_H
#define SIM_PC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/machine.h"

/* The PC behind an ME, in software: power states, a BIOS that shows its start as text, a set-up
 * screen, a boot order, and an operating system with a log-in on its serial line. The screen and
 * the serial line show the same, except that the BIOS writes to the line only at a boot with
 * BOOT_SOL. It is driven by the time that its owner passes in: the same calls at the same times
 * give the same text. Its figures and names are made up. */

#define PC_START_US 20000000u /* from power to a running operating system */
/* From the ME's command to what it does: the ME's answer to who asked for it is away by then. */
#define PC_COMMAND_US 500000u
#define PC_OFF_US 2000000u /* how long a power cycle leaves it off */
#define PC_ROWS 25u
#define PC_COLUMNS 80u
#define PC_SERIAL_BYTES 4096u      /* of the machine's, not fetched yet; more push the oldest out */
#define PC_SERIAL_KEPT_US 1000000u /* after that long without a reader they are lost */
#define PC_REPORTS 32u
#define PC_LINE 64u

enum pc_change {
    PC_CHANGE_POWER, /* pc_state() is another one */
    PC_CHANGE_BOOT,  /* it starts again while it is on */
    PC_CHANGE_OS,    /* pc_os_is_up() is another one */
    PC_CHANGE_WORDS, /* text on the serial line, or a report: the ME has something to fetch */
};

struct pc_owner {
    void *ctx;
    uint64_t (*now_us)(void *ctx);
    /* pc_next_us() is earlier than it was. Called from anywhere: pc_run() is for later. May be
     * NULL. */
    void (*wake)(void *ctx);
    /* Called from pc_run() and from what a person does, never from within struct hal_machine. */
    void (*changed)(void *ctx, enum pc_change change);
};

enum pc_phase {
    PC_DARK,     /* not in S0 */
    PC_POST,     /* the BIOS's own tests */
    PC_SETUP,    /* its set-up screen */
    PC_PAUSED,   /* waits for a key before it goes on */
    PC_SELECT,   /* tries the boot sources */
    PC_NO_BOOT,  /* none of them boots: waits for a key */
    PC_LOADING,  /* the operating system starts */
    PC_TESTS,    /* diagnostics run instead of one */
    PC_LOGIN,    /* the operating system waits for a name */
    PC_PASSWORD, /* ... for its password */
    PC_SHELL,    /* ... for a command */
    PC_LEAVING,  /* ... ends, before a restart or before it switches the machine off */
    PC_HALTED,   /* ... has ended, the machine is on */
};

/* What the BIOS or the operating system wants done with the machine. */
enum pc_wish { PC_WISH_NONE, PC_WISH_RESTART, PC_WISH_OFF };

struct pc {
    struct hal_machine machine; /* for struct hal */
    struct pc_owner owner;
    uint16_t present; /* 1 << enum boot_source: what can really be booted from */
    bool ac;
    enum machine_state state;
    enum pc_phase phase;
    bool inventory_known;
    /* What is due, each at its time; UINT64_MAX = nothing is. */
    uint64_t step_us, switch_us, escape_us, command_us;
    uint8_t step;   /* of the POST, or the source that is tried next */
    uint8_t tried;  /* sources that did not boot, a bit each */
    uint8_t booted; /* enum boot_source */
    bool restarts;  /* LEAVING: starts again; else it goes off */
    bool commanded; /* the ME has given a command that is not carried out yet */
    enum machine_command command;
    enum pc_wish wish;
    struct boot_settings next, ordered, boot; /* of the wish or a cycle, of the command, of the boot
                                            under way */
    uint64_t os_since_us;
    uint8_t item;         /* of the set-up menu */
    bool escape, bracket; /* a key that began with these is not whole yet */
    char line[PC_LINE];   /* what is being typed */
    size_t line_len;
    char user[PC_LINE];
    char screen[PC_ROWS][PC_COLUMNS + 1];
    uint8_t row, column;
    uint8_t serial[PC_SERIAL_BYTES]; /* a ring */
    size_t serial_first, serial_len;
    uint64_t serial_us;     /* when somebody asked last, or the first byte was written */
    uint8_t typed[PC_LINE]; /* on the serial line, not looked at yet */
    size_t typed_len;
    struct machine_event report[PC_REPORTS];
    uint32_t reports;
};

/* Without AC. present: 1 << enum boot_source each; 0: nothing boots. */
void pc_init(struct pc *pc, const struct pc_owner *owner, uint16_t present);

/* Carries out what is due; pc_next_us() says when that is next, UINT64_MAX = never by itself. */
void pc_run(struct pc *pc);
uint64_t pc_next_us(const struct pc *pc);

enum machine_state pc_state(const struct pc *pc); /* S5 also without AC */
bool pc_os_is_up(const struct pc *pc);
bool pc_is_booting(const struct pc *pc); /* from the POST to the operating system */

/* What is done to it from outside. The mains: whether it starts by itself when they come; or it has
 * been running for a while. Its owner, who knows, is not told. */
enum pc_start { PC_START_BY_ITSELF, PC_START_NOT, PC_START_RUNNING };
void pc_ac(struct pc *pc, bool on, enum pc_start start);
/* Into this state at once, as if the operating system had asked for it; S0 boots or wakes it. */
void pc_power(struct pc *pc, enum machine_state state);
void pc_reset(struct pc *pc);
/* The operating system starts at once or ends, in S0. */
void pc_os(struct pc *pc, bool up);

/* What a person at the machine does; NULL, or why nothing happens. */
const char *pc_press_power(struct pc *pc);
const char *pc_press_reset(struct pc *pc);
/* Keys as a serial terminal sends them: \r or \n, ESC, ESC [ A, DEL. */
const char *pc_press_keys(struct pc *pc, const char *keys);

/* A line of the screen, 0 .. PC_ROWS - 1, without blanks at its end. */
const char *pc_screen_line(const struct pc *pc, uint32_t row, char out[PC_COLUMNS + 1]);

#endif
