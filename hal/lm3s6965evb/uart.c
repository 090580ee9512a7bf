// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/ring.h"
#include "hal/lm3s6965evb/lm3s.h"

/* Universal Asynchronous Receivers/Transmitters (a PL011), pins PA0 and PA1. */
#define UART_DR CM_REG(UART0_BASE + 0x000)
#define UART_FR CM_REG(UART0_BASE + 0x018)
#define UART_IBRD CM_REG(UART0_BASE + 0x024)
#define UART_FBRD CM_REG(UART0_BASE + 0x028)
#define UART_LCRH CM_REG(UART0_BASE + 0x02C)
#define UART_CTL CM_REG(UART0_BASE + 0x030)
#define UART_IM CM_REG(UART0_BASE + 0x038)
#define UART_ICR CM_REG(UART0_BASE + 0x044)
#define GPIOA_AFSEL CM_REG(GPIOA_BASE + 0x420)
#define GPIOA_DEN CM_REG(GPIOA_BASE + 0x51C)
#define PINS_0_1 3u
#define FR_RX_EMPTY (1u << 4)
#define FR_TX_FULL (1u << 5)
#define LCRH_8_BITS (3u << 5)
#define LCRH_FIFOS (1u << 4)
#define CTL_ENABLE 0x301u /* UARTEN, TXE, RXE */
#define INT_RX (1u << 4)  /* the FIFO is filled to its level */
#define INT_RX_TIMEOUT (1u << 6)
#define BAUD_64THS (LM3S_HZ * 4u / 115200u) /* divisor in 1/64: HZ / (16 * baud) * 64 */

static struct ring input;

void lm3s_uart_start(void)
{
    GPIOA_AFSEL |= PINS_0_1;
    GPIOA_DEN |= PINS_0_1;
    UART_CTL = 0;
    UART_IBRD = BAUD_64THS / 64u;
    UART_FBRD = BAUD_64THS % 64u;
    UART_LCRH = LCRH_8_BITS | LCRH_FIFOS;
    UART_CTL = CTL_ENABLE;
    UART_IM = INT_RX | INT_RX_TIMEOUT;
}

/* A full ring leaves the bytes where they are and switches the interrupt off. */
void lm3s_uart_interrupt(void)
{
    UART_ICR = INT_RX | INT_RX_TIMEOUT;
    cm_seed_time();
    while (!(UART_FR & FR_RX_EMPTY)) {
        if (ring_full(&input)) {
            UART_IM = 0;
            break;
        }
        ring_put(&input, (char)UART_DR);
    }
    cm_wake();
}

static size_t read(void *ctx, char *out, size_t cap)
{
    size_t n = ring_take(&input, out, cap);

    (void)ctx;
    if (UART_IM)
        return n;
    cm_irq_off();
    UART_IM = INT_RX | INT_RX_TIMEOUT;
    lm3s_uart_interrupt();
    cm_irq_on();
    return n;
}

void board_putc_raw(char c)
{
    while (UART_FR & FR_TX_FULL)
        continue;
    UART_DR = (uint8_t)c;
}

struct hal_console lm3s_uart(void)
{
    return (struct hal_console){NULL, read, cm_write};
}
