// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "hal/mps2-an385/mps2.h"

/* CMSDK watchdog (DDI 0479D, 4.5): counts down from LOAD; at zero it raises NMI and starts again,
 * at the second zero it resets. */
#define WATCHDOG_LOAD CM_REG(WATCHDOG_BASE + 0x000)
#define WATCHDOG_CONTROL CM_REG(WATCHDOG_BASE + 0x008)
#define WATCHDOG_INTCLR CM_REG(WATCHDOG_BASE + 0x00C)
#define WATCHDOG_LOCK CM_REG(WATCHDOG_BASE + 0xC00)
#define WATCHDOG_UNLOCK 0x1ACCE551u
#define WATCHDOG_INTEN 1u
#define WATCHDOG_RESEN 2u
#define WATCHDOG_SECONDS 8u

__attribute__((section(".vectors.irq"), used)) static cm_vector *const interrupts[] = {
    [IRQ_UART0_RX] = mps2_uart_rx,
#if FW_MACHINE
    [IRQ_UART0_RX + 1] = cm_fault,
    [IRQ_UART1_RX] = mps2_serial_rx,
    [IRQ_UART1_RX + 1 ... IRQ_ETHERNET - 1] = cm_fault,
#else
    [IRQ_UART0_RX + 1 ... IRQ_ETHERNET - 1] = cm_fault,
#endif
    [IRQ_ETHERNET] = lan9118_interrupt,
    [IRQ_ETHERNET + 1 ... 31] = cm_fault,
};

static void feed_watchdog(void)
{
    WATCHDOG_INTCLR = 1; /* reloads the counter */
}

static void watchdog_start(void)
{
    WATCHDOG_LOCK = WATCHDOG_UNLOCK;
    WATCHDOG_LOAD = WATCHDOG_SECONDS * MPS2_HZ;
    WATCHDOG_CONTROL = WATCHDOG_INTEN | WATCHDOG_RESEN;
}

void board_open(struct hal_board *board)
{
    static const uint8_t mac_without_eeprom[6] = {0x02, 0xA3, 0x7E, 0x00, 0x00, 0x02};

    memset(board, 0, sizeof(*board));
    board->restart = cm_restart_reason();
    cm_clock_start(MPS2_HZ, feed_watchdog);
    mps2_uart_start();
    memcpy(board->mac, mac_without_eeprom, sizeof(board->mac));
    if (lan9118_start(board->mac))
        cm_irq_enable(IRQ_ETHERNET);
    cm_irq_enable(IRQ_UART0_RX);
    watchdog_start();
    cm_board_common(board);
    board->hal.ether = lan9118_hal();
    board->console = mps2_uart();
}
