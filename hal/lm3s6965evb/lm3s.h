// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LM3S_H
#define HAL_LM3S_H

#include "hal/cortex-m/cortex-m.h"

/* Inside the port to the LM3S6965 evaluation board (Cortex-M3, Ethernet MAC and PHY on the chip).
 * Registers: Texas Instruments, "Stellaris LM3S6965 Microcontroller Data Sheet", by chapter. */

#define LM3S_HZ 25000000u

#define WATCHDOG_BASE 0x40000000u
#define GPIOA_BASE 0x40004000u
#define GPIOD_BASE 0x40007000u
#define UART0_BASE 0x4000C000u
#define UART1_BASE 0x4000D000u
#define ETHERNET_BASE 0x40048000u
#define SYSCTL_BASE 0x400FE000u

#define IRQ_UART0 5 /* Interrupts */
#define IRQ_UART1 6
#define IRQ_WATCHDOG 18
#define IRQ_ETHERNET 42
#define IRQ_COUNT 44

void lm3s_uart_start(void);
struct hal_console lm3s_uart(void);
void lm3s_uart_interrupt(void);
void lm3s_serial_interrupt(void); /* in serial.c */

void lm3s_ether_start(const uint8_t mac[6]);
struct hal_ether lm3s_ether_hal(void);
void lm3s_ether_interrupt(void);

#endif
