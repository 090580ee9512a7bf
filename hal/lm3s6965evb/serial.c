// SPDX-License-Identifier: BSD-3-Clause
#include "hal/board.h"
#include "hal/cortex-m/ring.h"
#include "hal/lm3s6965evb/lm3s.h"

/* Universal Asynchronous Receivers/Transmitters (a PL011), as in uart.c: the second one, pins PD2
 * and PD3. Its clocks: System Control. */
#define RCGC1 CM_REG(SYSCTL_BASE + 0x104)
#define RCGC2 CM_REG(SYSCTL_BASE + 0x108)
#define RCGC1_UART1 (1u << 1)
#define RCGC2_GPIOD (1u << 3)
#define UART_DR CM_REG(UART1_BASE + 0x000)
#define UART_FR CM_REG(UART1_BASE + 0x018)
#define UART_IBRD CM_REG(UART1_BASE + 0x024)
#define UART_FBRD CM_REG(UART1_BASE + 0x028)
#define UART_LCRH CM_REG(UART1_BASE + 0x02C)
#define UART_CTL CM_REG(UART1_BASE + 0x030)
#define UART_IM CM_REG(UART1_BASE + 0x038)
#define UART_ICR CM_REG(UART1_BASE + 0x044)
#define GPIOD_AFSEL CM_REG(GPIOD_BASE + 0x420)
#define GPIOD_DEN CM_REG(GPIOD_BASE + 0x51C)
#define PINS_2_3 0xCu
#define FR_RX_EMPTY (1u << 4)
#define FR_TX_FULL (1u << 5)
#define LCRH_8_BITS (3u << 5)
#define LCRH_FIFOS (1u << 4)
#define CTL_ENABLE 0x301u /* UARTEN, TXE, RXE */
#define INT_RX (1u << 4)  /* the FIFO is filled to its level */
#define INT_RX_TIMEOUT (1u << 6)
#define BAUD_64THS (LM3S_HZ * 4u / 115200u) /* divisor in 1/64: HZ / (16 * baud) * 64 */

static struct ring input;

void board_serial_start(void)
{
    RCGC1 |= RCGC1_UART1;
    RCGC2 |= RCGC2_GPIOD;
    for (volatile int clocks = 0; clocks < 3; clocks++) /* before the first access */
        continue;
    GPIOD_AFSEL |= PINS_2_3;
    GPIOD_DEN |= PINS_2_3;
    UART_CTL = 0;
    UART_IBRD = BAUD_64THS / 64u;
    UART_FBRD = BAUD_64THS % 64u;
    UART_LCRH = LCRH_8_BITS | LCRH_FIFOS;
    UART_CTL = CTL_ENABLE;
    UART_IM = INT_RX | INT_RX_TIMEOUT;
    cm_irq_enable(IRQ_UART1);
}

/* A full ring leaves the bytes where they are and switches the interrupt off. */
void lm3s_serial_interrupt(void)
{
    UART_ICR = INT_RX | INT_RX_TIMEOUT;
    while (!(UART_FR & FR_RX_EMPTY)) {
        if (ring_full(&input)) {
            UART_IM = 0;
            break;
        }
        ring_put(&input, (char)UART_DR);
    }
    cm_wake();
}

size_t board_serial_read(uint8_t *out, size_t cap)
{
    size_t n = ring_take(&input, (char *)out, cap);

    if (UART_IM)
        return n;
    cm_irq_off();
    UART_IM = INT_RX | INT_RX_TIMEOUT;
    lm3s_serial_interrupt();
    cm_irq_on();
    return n;
}

size_t board_serial_write(const uint8_t *bytes, size_t len)
{
    size_t n = 0;

    while (n < len && !(UART_FR & FR_TX_FULL))
        UART_DR = bytes[n++];
    return n;
}
