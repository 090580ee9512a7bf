// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_MPS2_H
#define HAL_MPS2_H

#include "hal/cortex-m/cortex-m.h"

/* Inside the port to Arm's MPS2 board with FPGA image AN385 (Cortex-M3).
 * DAI 0385D: Application Note AN385. DDI 0479D: Cortex-M System Design Kit.
 * LAN9118: SMSC data sheet, revision 1.5. */

#define MPS2_HZ 25000000u /* DAI 0385D, 3.1 */

#define UART0_BASE 0x40004000u /* DAI 0385D, table 4-1 */
#define UART1_BASE 0x40005000u
#define WATCHDOG_BASE 0x40008000u
#define LAN9118_BASE 0x40200000u

#define IRQ_UART0_RX 0 /* DAI 0385D, table 3-3 */
#define IRQ_UART1_RX 2
#define IRQ_ETHERNET 13

void mps2_uart_start(void);
struct hal_console mps2_uart(void);
void mps2_uart_rx(void);   /* interrupt */
void mps2_serial_rx(void); /* likewise, in serial.c */

/* False: no LAN9118 answers. mac is what the chip loaded from its EEPROM, or what is given when it
 * has none. */
bool lan9118_start(uint8_t mac[6]);
struct hal_ether lan9118_hal(void);
void lan9118_interrupt(void);

#endif
