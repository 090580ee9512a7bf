// SPDX-License-Identifier: BSD-3-Clause
/* Does wipe() clear a variable that is never read again when the compiler sees both at once?
 * (wipe.sh builds this with several compilers and levels.) CLEAR is what is tried. Exit status 0:
 * nothing of the secret is left on the stack, 1: it is there. */
#define _XOPEN_SOURCE 700

// NOLINTNEXTLINE(bugprone-suspicious-include): the compiler is to see both at once
#include "fw/core/wipe.c"

#include <stdint.h>
#include <ucontext.h>

static uint8_t stack[65536] __attribute__((aligned(16)));
static ucontext_t here, there;
static volatile uint8_t sum;

static void hold(void)
{
    uint8_t secret[64];

    for (unsigned i = 0; i < sizeof(secret); i++)
        secret[i] = (uint8_t)(0xA0 + i % 13 + sum);
    __asm__ volatile("" : : "r"(secret) : "memory");
    for (unsigned i = 0; i < sizeof(secret); i++)
        sum = (uint8_t)(sum + secret[i]);
    CLEAR;
}

int main(void)
{
    uint8_t run = 0;

    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof(stack);
    there.uc_link = &here;
    makecontext(&there, hold, 0);
    swapcontext(&here, &there);
    /* A run of what was written, each byte one more than the one before. */
    for (size_t i = 1; i < sizeof(stack) && run < 6; i++)
        run = stack[i] == (uint8_t)(stack[i - 1] + 1) && stack[i] > 0x80 ? run + 1 : 0;
    return run >= 6;
}
