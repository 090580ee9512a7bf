// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device.h"
#include "hal/cortex-m/cortex-m.h"

/* Linked around device_poll() of a board's image (BENCH=1): says on the console what each
 * hand-shake has taken, in ticks of a timer that nothing else uses. What happens between the polls,
 * sleep above all, does not count; interrupts during one do. mps2-an385 only: CMSDK timer 0 (DDI
 * 0479D, 4.2), 25 MHz. */

#define TIMER_CTRL CM_REG(0x40000000u)
#define TIMER_VALUE CM_REG(0x40000004u)
#define TIMER_RELOAD CM_REG(0x40000008u)

/* A hand-shake with a pre-shared key takes some 15,000, another poll a tenth of it. */
#define SHORTEST_TICKS 5000u

uint64_t __real_device_poll(struct device *device, uint64_t now_ms);
uint64_t __wrap_device_poll(struct device *device, uint64_t now_ms);

static void put(const char *text)
{
    while (*text)
        board_putc_raw(*text++);
}

static void put_number(uint32_t value)
{
    char digits[11], *at = digits + sizeof(digits) - 1;

    *at = '\0';
    do
        *--at = (char)('0' + value % 10u);
    while ((value /= 10u) > 0);
    put(at);
}

static void report(uint32_t hand_shake, uint32_t key)
{
    put("bench: hand-shake ");
    put_number(hand_shake);
    put(" ticks, key ");
    put_number(key);
    put(" ticks\r\n");
}

static bool shakes(enum tls_state state)
{
    return state == TLS_PREPARING || state == TLS_HANDSHAKE;
}

uint64_t __wrap_device_poll(struct device *device, uint64_t now_ms)
{
    static uint32_t hand_shake, key; /* of the connection so far */
    static uint32_t arrivals;        /* when one was reported last */
    enum tls_state before = device->tls.link[0].state;
    uint32_t start, used;
    uint64_t next;
    bool whole; /* one that began and ended in this poll, with its connection or before that */

    TIMER_RELOAD = UINT32_MAX;
    TIMER_CTRL = 1;
    start = TIMER_VALUE;
    next = __real_device_poll(device, now_ms);
    used = start - TIMER_VALUE;
    whole = before == TLS_IDLE &&
            (device->tls.link[0].state == TLS_OPEN ||
             (device->tls.link[0].state == TLS_IDLE &&
              device->net.ports.turns.arrivals != arrivals && used > SHORTEST_TICKS));
    if (device->tls.link[0].state == TLS_PREPARING)
        key += used;
    else if (shakes(before) || shakes(device->tls.link[0].state) || whole)
        hand_shake += used;
    if ((shakes(before) && !shakes(device->tls.link[0].state)) || whole) {
        report(hand_shake, key);
        hand_shake = key = 0;
        arrivals = device->net.ports.turns.arrivals;
    }
    return next;
}
