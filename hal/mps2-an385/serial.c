// SPDX-License-Identifier: BSD-3-Clause
#include "hal/board.h"
#include "hal/cortex-m/ring.h"
#include "hal/mps2-an385/mps2.h"

/* CMSDK APB UART (DDI 0479D, 4.3), as in uart.c: the board's second one. */
#define UART_DATA CM_REG(UART1_BASE + 0x00)
#define UART_STATE CM_REG(UART1_BASE + 0x04)
#define UART_CTRL CM_REG(UART1_BASE + 0x08)
#define UART_INTCLEAR CM_REG(UART1_BASE + 0x0C)
#define UART_BAUDDIV CM_REG(UART1_BASE + 0x10)
#define STATE_TX_FULL 1u
#define STATE_RX_FULL 2u
#define CTRL_TX 1u
#define CTRL_RX 2u
#define CTRL_RX_INTERRUPT 8u
#define INT_RX 2u
#define BAUD 115200u

static struct ring input;

void board_serial_start(void)
{
    UART_BAUDDIV = MPS2_HZ / BAUD;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
    cm_irq_enable(IRQ_UART1_RX);
}

/* A full ring leaves the byte where it is and switches the interrupt off. */
void mps2_serial_rx(void)
{
    UART_INTCLEAR = INT_RX;
    while (UART_STATE & STATE_RX_FULL) {
        if (ring_full(&input)) {
            UART_CTRL = CTRL_TX | CTRL_RX;
            break;
        }
        ring_put(&input, (char)UART_DATA);
    }
    cm_wake();
}

size_t board_serial_read(uint8_t *out, size_t cap)
{
    size_t n = ring_take(&input, (char *)out, cap);

    if (UART_CTRL & CTRL_RX_INTERRUPT)
        return n;
    cm_irq_off();
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
    mps2_serial_rx();
    cm_irq_on();
    return n;
}

size_t board_serial_write(const uint8_t *bytes, size_t len)
{
    size_t n = 0;

    while (n < len && !(UART_STATE & STATE_TX_FULL))
        UART_DATA = bytes[n++];
    return n;
}
