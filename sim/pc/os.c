// SPDX-License-Identifier: BSD-3-Clause
#include "sim/pc/pc_internal.h"

#include <inttypes.h>
#include <string.h>

#define LEAVE_US 2000000u /* from the word to the end of the operating system */

/* How the system calls itself, by where it was booted from. */
static const char *host_name(const struct pc *pc)
{
    switch (pc->booted) {
    case BOOT_PXE:
        return "netboot";
    case BOOT_CD:
        return "rescue";
    default:
        return "pc1";
    }
}

static void ask_name(struct pc *pc)
{
    pc->phase = PC_LOGIN;
    pc->line_len = 0;
    pc_print(pc, "%s login: ", host_name(pc));
}

static void prompt(struct pc *pc)
{
    pc->phase = PC_SHELL;
    pc->line_len = 0;
    pc_print(pc, "%s@%s$ ", pc->user, host_name(pc));
}

void pc_os_start(struct pc *pc)
{
    pc->phase = PC_LOADING; /* the BIOS has ended: its rules about screen and line, too */
    pc->step_us = PC_NEVER;
    pc->os_since_us = pc_now(pc);
    pc_clear(pc);
    pc_print(pc, "%s on ttyS0\r\n\r\n", host_name(pc));
    ask_name(pc);
}

void pc_os_leave(struct pc *pc, bool restarts)
{
    pc->phase = PC_LEAVING;
    pc->restarts = restarts;
    pc->step_us = pc_now(pc) + LEAVE_US;
    pc_print(pc, "\r\n%s now.\r\n", restarts ? "Restarts" : "Goes off");
}

void pc_os_step(struct pc *pc)
{
    if (pc->phase == PC_LOADING) {
        pc_os_start(pc);
        pc_changed(pc, PC_CHANGE_OS);
    } else {
        pc->wish = pc->restarts ? PC_WISH_RESTART : PC_WISH_OFF;
    }
}

static void show_uptime(struct pc *pc)
{
    uint64_t seconds = (pc_now(pc) - pc->os_since_us) / 1000000u;

    pc_print(pc, "up %" PRIu64 ":%02u:%02u\r\n", seconds / 3600u, (unsigned)(seconds / 60u % 60u),
             (unsigned)(seconds % 60u));
}

static void run_command(struct pc *pc, const char *command)
{
    if (strcmp(command, "reboot") == 0 || strcmp(command, "poweroff") == 0) {
        pc_os_leave(pc, command[0] == 'r');
        return;
    }
    if (strcmp(command, "exit") == 0) {
        ask_name(pc);
        return;
    }
    if (strcmp(command, "help") == 0)
        pc_print(pc, "exit help poweroff reboot uptime\r\n");
    else if (strcmp(command, "uptime") == 0)
        show_uptime(pc);
    else if (command[0])
        pc_print(pc, "%s: not found; help lists the commands\r\n", command);
    prompt(pc);
}

/* The machine has no secrets: any name and any password do, but an empty one. */
static void end_line(struct pc *pc)
{
    enum pc_phase phase = pc->phase;

    pc->line[pc->line_len] = '\0';
    pc_print(pc, "\r\n");
    if (phase == PC_SHELL) {
        run_command(pc, pc->line);
    } else if (pc->line_len == 0) {
        if (phase == PC_PASSWORD)
            pc_print(pc, "Login incorrect\r\n");
        ask_name(pc);
    } else if (phase == PC_LOGIN) {
        memcpy(pc->user, pc->line, sizeof(pc->user));
        pc->phase = PC_PASSWORD;
        pc->line_len = 0;
        pc_print(pc, "Password: ");
    } else {
        prompt(pc);
    }
}

void pc_os_key(struct pc *pc, int key)
{
    bool echoes = pc->phase != PC_PASSWORD;

    if (pc->phase != PC_LOGIN && pc->phase != PC_PASSWORD && pc->phase != PC_SHELL)
        return;
    if (key == '\r') {
        end_line(pc);
    } else if (key == '\b' || key == PC_KEY_DELETE) {
        if (pc->line_len > 0 && echoes)
            pc_print(pc, "\b \b");
        pc->line_len -= pc->line_len > 0;
    } else if (key >= ' ' && key < 0x7F && pc->line_len + 1 < PC_LINE) {
        pc->line[pc->line_len++] = (char)key;
        if (echoes)
            pc_print(pc, "%c", key);
    }
}
