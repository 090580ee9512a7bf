// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/cortex-m.h"

/* SysTick runs through its 24 bits freely and its interrupt extends them to 64. A sleep that must
 * end before the counter comes round starts it anew with a shorter round. */

#define CSR_ENABLE 1u
#define CSR_TICKINT 2u
#define CSR_CLKSOURCE 4u /* the processor's clock */
#define ICSR_PENDSTSET (1u << 26)
#define ICSR_PENDSTCLR (1u << 25)
#define ROUND_MIN 64u /* ticks; a shorter round could be over before it is set up */

static struct {
    uint64_t rounds; /* ticks of the rounds that are over */
    uint32_t reload; /* of the round that runs */
    uint32_t ticks_per_ms;
    void (*wait_hook)(void);
    volatile bool woken;
} clock;

void cm_systick(void);

void cm_systick(void)
{
    clock.rounds += clock.reload + 1u;
    /* Whatever ends the next round, it began with the same length. */
    cm_seed_time();
}

/* Interrupts are off: a round that ends meanwhile is pending and not counted yet. */
static uint64_t ticks(void)
{
    uint32_t left = CM_SYST_CVR;
    uint64_t rounds = clock.rounds;

    if (CM_ICSR & ICSR_PENDSTSET) {
        left = CM_SYST_CVR;
        rounds += clock.reload + 1u;
    }
    return rounds + (clock.reload - left);
}

/* Interrupts are off. Between reading the count and starting anew a few ticks are lost, well under
 * a microsecond; it happens a few times a second at the most. */
static void start_round(uint32_t reload)
{
    clock.rounds = ticks();
    CM_SYST_RVR = reload;
    CM_SYST_CVR = 0; /* any value clears it; it reloads with the next tick */
    CM_ICSR = ICSR_PENDSTCLR;
    while (CM_SYST_CVR == 0)
        continue;
    clock.reload = reload;
}

void cm_clock_start(uint32_t hz, void (*wait_hook)(void))
{
    clock.ticks_per_ms = hz / 1000u;
    clock.wait_hook = wait_hook;
    clock.reload = CM_SYST_MAX;
    CM_SYST_RVR = CM_SYST_MAX;
    CM_SYST_CVR = 0;
    CM_SYST_CSR = CSR_CLKSOURCE | CSR_TICKINT | CSR_ENABLE;
    while (CM_SYST_CVR == 0)
        continue;
}

void cm_wake(void)
{
    clock.woken = true;
}

static uint64_t now_ms(void *ctx)
{
    uint64_t now;

    (void)ctx;
    cm_irq_off();
    now = ticks();
    cm_irq_on();
    return now / clock.ticks_per_ms;
}

/* Interrupts are off. False: the time has come. */
static bool set_alarm(uint64_t wake_ms)
{
    uint64_t now = ticks(), left = UINT64_MAX;
    uint32_t reload = CM_SYST_MAX;

    if (wake_ms < UINT64_MAX / clock.ticks_per_ms) {
        uint64_t wake = wake_ms * clock.ticks_per_ms;

        if (wake <= now)
            return false;
        left = wake - now;
    }
    if (left < CM_SYST_MAX)
        reload = left > ROUND_MIN ? (uint32_t)left : ROUND_MIN;
    /* The round that runs is good enough if it ends no later than the alarm; a short one that was
     * left over is stretched. */
    if (reload < CM_SYST_CVR || clock.reload != CM_SYST_MAX)
        start_round(reload);
    return true;
}

/* WFI returns for an interrupt that is pending although interrupts are off, so nothing can come
 * between the look and the sleep (DDI 0403E, B1.5.19). */
static void sleep_until(void *ctx, uint64_t wake_ms)
{
    bool asleep = true;

    (void)ctx;
    while (asleep) {
        clock.wait_hook();
        cm_irq_off();
        asleep = !clock.woken && set_alarm(wake_ms);
        if (asleep)
            __asm volatile("wfi" ::: "memory");
        else
            clock.woken = false;
        cm_irq_on();
    }
}

struct hal_clock cm_clock(void)
{
    return (struct hal_clock){NULL, now_ms, sleep_until};
}
