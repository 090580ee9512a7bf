// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/cortex-m.h"

/* The last thing that a wrong program does: it prints where it was, and starts anew. No interrupt,
 * no variable and no trust in the stack is needed for it. */

#define AIRCR_RESET 0x05FA0004u /* VECTKEY and SYSRESETREQ */
#define RUNS 0x52554E53u

/* How the last run ended; survives a reset, not a loss of power. */
__attribute__((section(".noinit"))) static volatile uint32_t last_ending[2];

__attribute__((used)) void cm_report(const uint32_t *frame, uint32_t reason);

_Noreturn void cm_restart(uint32_t reason)
{
    last_ending[0] = reason;
    last_ending[1] = ~reason;
    __asm volatile("dsb" ::: "memory");
    CM_AIRCR = AIRCR_RESET;
    for (;;)
        continue;
}

_Noreturn void board_restart(void)
{
    cm_restart(CM_RESTART_REQUEST);
}

const char *cm_restart_reason(void)
{
    uint32_t last = last_ending[1] == ~last_ending[0] ? last_ending[0] : 0;

    last_ending[0] = RUNS;
    last_ending[1] = ~RUNS;
    switch (last) {
    case CM_RESTART_FAULT:
        return "fault";
    case CM_RESTART_WATCHDOG:
        return "watchdog";
    case CM_RESTART_REQUEST:
        return "request";
    case RUNS:
        return "reset";
    default:
        return "power";
    }
}

static void print_text(const char *text)
{
    while (*text)
        board_putc_raw(*text++);
}

static void print_register(const char *name, uint32_t value)
{
    print_text(name);
    for (int shift = 28; shift >= 0; shift -= 4)
        board_putc_raw("0123456789abcdef"[value >> shift & 15u]);
}

/* frame: what the processor pushed (B1.5.6): r0-r3, r12, lr, pc, xpsr. */
void cm_report(const uint32_t *frame, uint32_t reason)
{
    static const char *const name[] = {
        " r0=", " r1=", " r2=", " r3=", " r12=", " lr=", "\r\n  pc=", " xpsr="};
    uintptr_t at = (uintptr_t)frame;

    print_text(reason == CM_RESTART_FAULT ? "\r\nfault:" : "\r\nwatchdog, the main loop hangs:");
    if (at % 4 == 0 && at >= (uintptr_t)cm_stack_bottom && at <= (uintptr_t)cm_stack_top - 32)
        for (int i = 0; i < 8; i++)
            print_register(name[i], frame[i]);
    else
        print_text(" the stack is lost");
    print_register(" sp=", (uint32_t)at);
    print_register("\r\n  cfsr=", CM_CFSR);
    print_register(" hfsr=", CM_HFSR);
    print_register(" mmfar=", CM_MMFAR);
    print_register(" bfar=", CM_BFAR);
    print_text("\r\n");
    cm_restart(reason);
}

/* The stack may be what is wrong, so the report begins a new one. */
#define REPORT(reason)                                                                             \
    __asm volatile("tst lr, #4\n"                                                                  \
                   "ite eq\n"                                                                      \
                   "mrseq r0, msp\n"                                                               \
                   "mrsne r0, psp\n"                                                               \
                   "ldr r1, =" #reason "\n"                                                        \
                   "ldr r2, =cm_stack_top\n"                                                       \
                   "mov sp, r2\n"                                                                  \
                   "b cm_report\n"                                                                 \
                   ".ltorg\n")
#define REPORT_EXPANDED(reason) REPORT(reason)

__attribute__((naked)) void cm_fault(void)
{
    REPORT_EXPANDED(CM_RESTART_FAULT);
}

__attribute__((naked)) void cm_watchdog(void)
{
    REPORT_EXPANDED(CM_RESTART_WATCHDOG);
}
