// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/ring.h"
#include "hal/mps2-an385/mps2.h"

/* CMSDK APB UART (DDI 0479D, 4.3): one byte of buffer each way. */
#define UART_DATA CM_REG(UART0_BASE + 0x00)
#define UART_STATE CM_REG(UART0_BASE + 0x04)
#define UART_CTRL CM_REG(UART0_BASE + 0x08)
#define UART_INTCLEAR CM_REG(UART0_BASE + 0x0C)
#define UART_BAUDDIV CM_REG(UART0_BASE + 0x10)
#define STATE_TX_FULL 1u
#define STATE_RX_FULL 2u
#define CTRL_TX 1u
#define CTRL_RX 2u
#define CTRL_RX_INTERRUPT 8u
#define INT_RX 2u
#define BAUD 115200u

static struct ring input;

void mps2_uart_start(void)
{
    UART_BAUDDIV = MPS2_HZ / BAUD;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
}

/* A full ring leaves the byte where it is and switches the interrupt off. */
void mps2_uart_rx(void)
{
    UART_INTCLEAR = INT_RX;
    cm_seed_time();
    while (UART_STATE & STATE_RX_FULL) {
        if (ring_full(&input)) {
            UART_CTRL = CTRL_TX | CTRL_RX;
            break;
        }
        ring_put(&input, (char)UART_DATA);
    }
    cm_wake();
}

static size_t read(void *ctx, char *out, size_t cap)
{
    size_t n = ring_take(&input, out, cap);

    (void)ctx;
    if (UART_CTRL & CTRL_RX_INTERRUPT)
        return n;
    cm_irq_off();
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
    mps2_uart_rx();
    cm_irq_on();
    return n;
}

void board_putc_raw(char c)
{
    while (UART_STATE & STATE_TX_FULL)
        continue;
    UART_DATA = (uint8_t)c;
}

struct hal_console mps2_uart(void)
{
    return (struct hal_console){NULL, read, cm_write};
}
