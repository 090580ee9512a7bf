// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_CORTEX_M_H
#define HAL_CORTEX_M_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/board.h"

/* What Cortex-M boards share: start-up and vectors (startup.c), the clock and sleep on SysTick
 * (systick.c), the fault report (fault.c), randomness from a configured seed (seed.c), the store's
 * region in RAM (ramflash.c). Registers: Arm, "ARMv7-M Architecture Reference Manual" DDI 0403E. */

#define CM_REG(address) (*(volatile uint32_t *)(address))

/* System control space, B3.2 to B3.4 */
#define CM_SYST_CSR CM_REG(0xE000E010u)
#define CM_SYST_RVR CM_REG(0xE000E014u)
#define CM_SYST_CVR CM_REG(0xE000E018u)
#define CM_NVIC_ISER CM_REG(0xE000E100u) /* interrupts 0-31; the next ones follow */
#define CM_ICSR CM_REG(0xE000ED04u)
#define CM_AIRCR CM_REG(0xE000ED0Cu)
#define CM_CFSR CM_REG(0xE000ED28u)
#define CM_HFSR CM_REG(0xE000ED2Cu)
#define CM_MMFAR CM_REG(0xE000ED34u)
#define CM_BFAR CM_REG(0xE000ED38u)

extern char cm_stack_top[], cm_stack_bottom[];

#define CM_SYST_MAX 0xFFFFFFu /* the counter has 24 bits */

static inline void cm_irq_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

static inline void cm_irq_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
}

static inline void cm_irq_enable(uint32_t irq)
{
    (&CM_NVIC_ISER)[irq / 32] = 1u << irq % 32;
}

/* An entry of the vector table. A board's own interrupts are an array of them in the section
 * ".vectors.irq", entry 0 being interrupt 0. cm_fault reports registers on the UART and restarts;
 * it is for whatever should not happen. cm_watchdog does the same where the watchdog interrupts
 * first and resets later. */
typedef void cm_vector(void);
void cm_fault(void);
void cm_watchdog(void);

/* The clock: hz ticks of SysTick a second. wait_hook is called before every sleep, at the latest
 * once per round of the counter (2^24 ticks): there the board feeds its watchdog. */
void cm_clock_start(uint32_t hz, void (*wait_hook)(void));
struct hal_clock cm_clock(void);
/* From an interrupt handler: sleep_until() returns. */
void cm_wake(void);

/* Entropy. None of the boards here has a source of its own. What cm_seed_hal() gives is drawn from
 * a pool into which go the seed that the image was built with (make SEED=), the MAC address, what
 * the RAM held at power-up, the store, the times of interrupts and, before anything is drawn, the
 * number of the start that the device keeps in its store (hal_entropy.mix): so that two starts
 * differ that have all the rest in common. Without a built-in seed it is refused, because the rest
 * can be guessed where RAM powers up the same, as in a model. */
void cm_seed_start(const uint8_t mac[6]);
void cm_seed_stir(const void *data, size_t len); /* not from an interrupt */
/* From an interrupt handler; cheap. */
void cm_seed_time(void);
struct hal_entropy cm_seed_hal(void);

/* The store's region in RAM, section ".store" (bounds given by the linker): it outlives a reset,
 * not a loss of power. Saved and loaded from outside (hal/README.md). Programs like flash: a
 * word once between erases. Sectors are as in the state files of `proviso live`, so that the two
 * can be exchanged. */
#define CM_SECTOR_BYTES 4096u
#define CM_SECTORS 4u
#define CM_STORE_BYTES (CM_SECTOR_BYTES * CM_SECTORS)
extern volatile uint32_t cm_store[];
struct hal_flash cm_ramflash(void);

/* Fills in the services that are the same on every board here: clock, entropy, flash, power. The
 * clock runs and board->mac is set. */
void cm_board_common(struct hal_board *board);

/* hal_console.write on board_putc_raw(). */
void cm_write(void *ctx, const char *text, size_t len);

/* By the board: one character at once, without interrupts: for the fault report, too. */
void board_putc_raw(char c);

/* "power", "fault", "watchdog", "request" or "reset"; to be asked once. */
const char *cm_restart_reason(void);
_Noreturn void cm_restart(uint32_t reason);

/* Plain numbers: the assembler reads them, too. */
#define CM_RESTART_FAULT 0x46415554
#define CM_RESTART_WATCHDOG 0x57444F47
#define CM_RESTART_REQUEST 0x52455155

#endif
