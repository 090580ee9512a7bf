// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "hal/lm3s6965evb/lm3s.h"

/* System Control */
#define RIS CM_REG(SYSCTL_BASE + 0x050)
#define RCC CM_REG(SYSCTL_BASE + 0x060)
#define RCGC0 CM_REG(SYSCTL_BASE + 0x100)
#define RCGC1 CM_REG(SYSCTL_BASE + 0x104)
#define RCGC2 CM_REG(SYSCTL_BASE + 0x108)
#define USER_REG0 CM_REG(SYSCTL_BASE + 0x1E0) /* Internal Memory: the MAC address, by the maker */
#define USER_REG1 CM_REG(SYSCTL_BASE + 0x1E4)
#define RIS_PLL_LOCKED (1u << 6)
#define RCC_MOSCDIS (1u << 0)
#define RCC_OSCSRC (3u << 4) /* 0: the main oscillator */
#define RCC_XTAL (15u << 6)
#define RCC_XTAL_8MHZ (14u << 6)
#define RCC_BYPASS (1u << 11)
#define RCC_PWRDN (1u << 13)
#define RCC_USESYSDIV (1u << 22)
#define RCC_SYSDIV (15u << 23)
#define RCC_SYSDIV_8 (7u << 23) /* 200 MHz / 8 */
#define RCGC0_WATCHDOG (1u << 3)
#define RCGC1_UART0 (1u << 0)
#define RCGC2_GPIOA (1u << 0)
#define RCGC2_EMAC (1u << 28)
#define RCGC2_EPHY (1u << 30)

/* Watchdog Timer: counts down from LOAD; at zero it interrupts and starts again, at the second zero
 * it resets. */
#define WATCHDOG_LOAD CM_REG(WATCHDOG_BASE + 0x000)
#define WATCHDOG_CTL CM_REG(WATCHDOG_BASE + 0x008)
#define WATCHDOG_ICR CM_REG(WATCHDOG_BASE + 0x00C)
#define WATCHDOG_INTEN 1u
#define WATCHDOG_RESEN 2u
#define WATCHDOG_SECONDS 8u

__attribute__((section(".vectors.irq"), used)) static cm_vector *const interrupts[] = {
    [0 ... IRQ_UART0 - 1] = cm_fault,
    [IRQ_UART0] = lm3s_uart_interrupt,
#if FW_MACHINE
    [IRQ_UART1] = lm3s_serial_interrupt,
#else
    [IRQ_UART1] = cm_fault,
#endif
    [IRQ_UART1 + 1 ... IRQ_WATCHDOG - 1] = cm_fault,
    [IRQ_WATCHDOG] = cm_watchdog,
    [IRQ_WATCHDOG + 1 ... IRQ_ETHERNET - 1] = cm_fault,
    [IRQ_ETHERNET] = lm3s_ether_interrupt,
    [IRQ_ETHERNET + 1 ... IRQ_COUNT - 1] = cm_fault,
};

/* Initialization and Configuration in System Control: first away from the PLL, then the crystal,
 * then the PLL and its divider, then back. */
static void clock_start(void)
{
    uint32_t rcc = (RCC | RCC_BYPASS) & ~RCC_USESYSDIV;

    RCC = rcc;
    rcc &= ~(RCC_MOSCDIS | RCC_OSCSRC | RCC_XTAL | RCC_PWRDN | RCC_SYSDIV);
    rcc |= RCC_XTAL_8MHZ;
    RCC = rcc;
    rcc |= RCC_SYSDIV_8 | RCC_USESYSDIV;
    RCC = rcc;
    while (!(RIS & RIS_PLL_LOCKED))
        continue;
    RCC = rcc & ~RCC_BYPASS;
}

static void peripherals_start(void)
{
    RCGC0 |= RCGC0_WATCHDOG;
    RCGC1 |= RCGC1_UART0;
    RCGC2 |= RCGC2_GPIOA | RCGC2_EMAC | RCGC2_EPHY;
    for (volatile int clocks = 0; clocks < 3; clocks++) /* before the first access */
        continue;
}

static void feed_watchdog(void)
{
    WATCHDOG_ICR = 1; /* reloads the counter */
}

static void watchdog_start(void)
{
    WATCHDOG_LOAD = WATCHDOG_SECONDS * LM3S_HZ;
    WATCHDOG_CTL = WATCHDOG_RESEN;
    WATCHDOG_CTL = WATCHDOG_RESEN | WATCHDOG_INTEN; /* from now on only a reset changes it */
}

/* An erased register means that the maker wrote none. */
static void read_mac(uint8_t mac[6])
{
    uint32_t user0 = USER_REG0, user1 = USER_REG1;

    if ((user0 & 0xFFFFFFu) == 0xFFFFFFu)
        return;
    for (int i = 0; i < 3; i++) {
        mac[i] = (uint8_t)(user0 >> 8 * i);
        mac[3 + i] = (uint8_t)(user1 >> 8 * i);
    }
}

void board_open(struct hal_board *board)
{
    static const uint8_t mac_without_user_registers[6] = {0x02, 0xA3, 0x7E, 0x00, 0x00, 0x03};

    memset(board, 0, sizeof(*board));
    board->restart = cm_restart_reason();
    clock_start();
    peripherals_start();
    cm_clock_start(LM3S_HZ, feed_watchdog);
    lm3s_uart_start();
    memcpy(board->mac, mac_without_user_registers, sizeof(board->mac));
    read_mac(board->mac);
    lm3s_ether_start(board->mac);
    cm_irq_enable(IRQ_UART0);
    cm_irq_enable(IRQ_WATCHDOG);
    cm_irq_enable(IRQ_ETHERNET);
    watchdog_start();
    cm_board_common(board);
    board->hal.ether = lm3s_ether_hal();
    board->console = lm3s_uart();
}
