#ifndef NET_STACK_H
#define NET_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/net/netif_memory.h"
#include "fw/net/stack_filter.h"
#include "hal/entropy.h"
#include "hal/ether.h"
#include "hal/trace.h"

/* One lwIP instance: its interface, its time, its randomness, and timers that run when a tick can
 * have an effect instead of at every period. lwIP keeps the rest in variables of its own, so there
 * is one stack per set of lwIP variables. Both the firmware and the simulated SCA use this. */

#define STACK_SECRET 16
#define STACK_WAITS 3

enum stack_timer {
    STACK_TCP,
    STACK_ARP,
    STACK_DNS,
    STACK_DHCP_FINE,
    STACK_DHCP_COARSE,
    STACK_TIMERS
};

struct stack {
    const struct hal_ether *ether;
    const struct hal_entropy *entropy;
    bool eager;             /* run every timer at its period, for tests */
    bool open;              /* frames may leave */
    bool shared;            /* an operating system owns the address: see stack_filter.c */
    struct stack_peer only; /* frames leave to this peer only, and ARP to reach it; ip 0 = to all */
    /* Whether a frame that has come may go to lwIP; NULL = all may. */
    bool (*admits)(void *ctx, const uint8_t *frame, size_t len);
    void *admits_ctx;
    uint8_t dns_waiting; /* look-ups whose answer lwIP still owes; counted by the caller of dns.h */
    uint64_t now_ms;     /* of the call that the stack is in; while a tick runs, when it was due */
    struct stack_wait {
        uint32_t ip; /* in lwIP's order */
        uint64_t until_ms;
    } wait[STACK_WAITS];        /* for whose ARP answer something waits */
    uint64_t arp_busy_until_ms; /* an ARP request may have to be repeated until then */
    uint64_t due_ms[STACK_TIMERS];
    uint32_t in_vain;              /* draws for which there was no randomness */
    uint8_t secret[STACK_SECRET];  /* of the sequence numbers */
    const struct hal_trace *trace; /* of stack_trace(); whoever calls that has set it */
    struct netif_memory netif;     /* its state points back to the stack */
};

/* Starts lwIP and adds the interface: closed, down, without an address. Returns 0, or -1 when lwIP
 * refused or there is no randomness. */
int stack_start(struct stack *stack, const uint8_t mac[LIMIT_MAC_BYTES],
                const struct hal_ether *ether, const struct hal_entropy *entropy, uint64_t now_ms);
/* A frame that does not fit lwIP's pools is dropped, as a full receive queue would. */
void stack_input(struct stack *stack, const uint8_t *frame, size_t len, uint64_t now_ms);
/* Takes the oldest waiting frame from the MAC straight into one of lwIP's buffers, shows it to
 * seen() and, if that says so and the interface is open, to lwIP. Returns its length, 0 when none
 * waits. While lwIP has no buffer, what waits is dropped. */
size_t stack_receive(struct stack *stack, bool (*seen)(void *ctx, const uint8_t *frame, size_t len),
                     void *ctx);
/* It is now_ms: runs the ticks that are due, in order, each at its own time. */
void stack_run(struct stack *stack, uint64_t now_ms);
/* The same, where the caller has set the stack's now_ms before. */
void stack_catch_up(struct stack *stack);
/* When the next tick can have an effect; UINT64_MAX = not before a frame or a call. */
uint64_t stack_next_ms(const struct stack *stack);

/* A record of the device's trace, at the stack's time. */
void stack_trace(const struct stack *stack, int event, uint32_t value, const char *text);

#if FW_TLS_TESTS
/* What lwIP's pools and heap hold now: pool entries in use, and heap bytes. Zero entries is what a
 * closed, idle stack holds; the DHCP client's struct stays on the heap. */
void stack_memory(uint32_t *pool_entries, uint32_t *heap_bytes);
#endif

#endif
