// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "hal/mps2-an385/mps2.h"

/* SMSC LAN9118, host interface of 32 bits, FIFOs little-endian. Register numbers and bits: data
 * sheet, section 5.3 (system registers), 5.4 (MAC registers, behind MAC_CSR_CMD), 5.5 (PHY). */

#define LAN(offset) CM_REG(LAN9118_BASE + (offset))
#define RX_DATA_FIFO LAN(0x00)
#define TX_DATA_FIFO LAN(0x20)
#define RX_STATUS_FIFO LAN(0x40)
#define TX_STATUS_FIFO LAN(0x48)
#define ID_REV LAN(0x50)
#define IRQ_CFG LAN(0x54)
#define INT_STS LAN(0x58)
#define INT_EN LAN(0x5C)
#define BYTE_TEST LAN(0x64)
#define FIFO_INT LAN(0x68)
#define RX_CFG LAN(0x6C)
#define TX_CFG LAN(0x70)
#define HW_CFG LAN(0x74)
#define RX_FIFO_INF LAN(0x7C)
#define TX_FIFO_INF LAN(0x80)
#define MAC_CSR_CMD LAN(0xA4)
#define MAC_CSR_DATA LAN(0xA8)
#define AFC_CFG LAN(0xAC)
#define E2P_CMD LAN(0xB0)

#define ID_LAN9118 0x0118u
#define BYTE_TEST_PATTERN 0x87654321u
#define IRQ_CFG_PUSH_PULL_HIGH 0x111u /* IRQ_EN, IRQ_POL, IRQ_TYPE */
#define INT_PHY (1u << 18)
#define INT_RX_STATUS_LEVEL (1u << 3) /* RSFL: more frames wait than FIFO_INT says, 0 here */
#define HW_CFG_SRST 1u
#define HW_CFG_FIFOS 0x00150000u /* TX_FIFO_SZ 5, the default; bit 20 "must be one" */
#define TX_CFG_ON 2u
#define MAC_CSR_BUSY 0x80000000u
#define MAC_CSR_READ 0x40000000u
#define E2P_BUSY 0x80000000u
#define E2P_MAC_LOADED 0x100u

#define MAC_CR 1u
#define MAC_ADDRH 2u
#define MAC_ADDRL 3u
#define MAC_MII_ACC 6u
#define MAC_MII_DATA 7u
#define MAC_CR_RXEN (1u << 2)
#define MAC_CR_TXEN (1u << 3)
#define MAC_CR_FDPX (1u << 20)
#define MII_BUSY 1u
#define MII_WRITE 2u
#define MII_PHY (1u << 11)

#define PHY_CONTROL 0u
#define PHY_STATUS 1u
#define PHY_ADVERTISED 4u
#define PHY_PARTNER 5u
#define PHY_INT_SOURCE 29u
#define PHY_INT_MASK 30u
#define PHY_CONTROL_RESET 0x8000u
#define PHY_CONTROL_AUTONEG 0x1200u /* enable and restart */
#define PHY_STATUS_LINK 4u
#define PHY_FULL_DUPLEX 0x140u /* 100 and 10 Mbit/s */
#define PHY_INT_LINK 0x50u     /* link down, auto-negotiation complete */

#define RX_STATUS_ERROR (1u << 15)
#define RX_STATUS_LENGTH(status) ((status) >> 16 & 0x3FFFu) /* with the FCS */
#define FCS_BYTES 4u
#define TX_A_WHOLE_FRAME 0x3000u /* first and last segment in one buffer */
#define TX_COMMAND_BYTES 8u
#define SPIN 100000u /* reads; far above the data sheet's times for each wait */

static bool chip_present; /* a LAN9118 answered */
static volatile bool link_changed;
static bool link;

static bool wait_clear(volatile uint32_t *reg, uint32_t bit)
{
    for (uint32_t i = 0; i < SPIN; i++)
        if (!(*reg & bit))
            return true;
    return false;
}

static uint32_t mac_read(uint32_t reg)
{
    MAC_CSR_CMD = MAC_CSR_BUSY | MAC_CSR_READ | reg;
    wait_clear(&MAC_CSR_CMD, MAC_CSR_BUSY);
    return MAC_CSR_DATA;
}

static void mac_write(uint32_t reg, uint32_t value)
{
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = MAC_CSR_BUSY | reg;
    wait_clear(&MAC_CSR_CMD, MAC_CSR_BUSY);
}

static void mii_wait(void)
{
    for (uint32_t i = 0; i < SPIN && (mac_read(MAC_MII_ACC) & MII_BUSY); i++)
        continue;
}

static uint32_t phy_read(uint32_t reg)
{
    mac_write(MAC_MII_ACC, MII_PHY | reg << 6 | MII_BUSY);
    mii_wait();
    return mac_read(MAC_MII_DATA);
}

static void phy_write(uint32_t reg, uint32_t value)
{
    mac_write(MAC_MII_DATA, value);
    mac_write(MAC_MII_ACC, MII_PHY | reg << 6 | MII_WRITE | MII_BUSY);
    mii_wait();
}

static void load_mac(uint8_t mac[6])
{
    uint32_t high, low;

    wait_clear(&E2P_CMD, E2P_BUSY);
    if (E2P_CMD & E2P_MAC_LOADED) {
        high = mac_read(MAC_ADDRH);
        low = mac_read(MAC_ADDRL);
        for (int i = 0; i < 4; i++)
            mac[i] = (uint8_t)(low >> 8 * i);
        mac[4] = (uint8_t)high;
        mac[5] = (uint8_t)(high >> 8);
        return;
    }
    mac_write(MAC_ADDRH, mac[4] | (uint32_t)mac[5] << 8);
    mac_write(MAC_ADDRL,
              mac[0] | (uint32_t)mac[1] << 8 | (uint32_t)mac[2] << 16 | (uint32_t)mac[3] << 24);
}

static void phy_start(void)
{
    phy_write(PHY_CONTROL, PHY_CONTROL_RESET);
    for (uint32_t i = 0; i < SPIN && (phy_read(PHY_CONTROL) & PHY_CONTROL_RESET); i++)
        continue;
    phy_write(PHY_INT_MASK, PHY_INT_LINK);
    phy_write(PHY_CONTROL, PHY_CONTROL_AUTONEG);
    link_changed = true;
}

bool lan9118_start(uint8_t mac[6])
{
    for (uint32_t i = 0; i < SPIN && BYTE_TEST != BYTE_TEST_PATTERN; i++)
        continue;
    chip_present = BYTE_TEST == BYTE_TEST_PATTERN && ID_REV >> 16 == ID_LAN9118;
    if (!chip_present)
        return false;
    HW_CFG = HW_CFG_SRST;
    wait_clear(&HW_CFG, HW_CFG_SRST);
    HW_CFG = HW_CFG_FIFOS;
    load_mac(mac);
    phy_start();
    FIFO_INT = 0;
    RX_CFG = 0;
    TX_CFG = TX_CFG_ON;
    IRQ_CFG = IRQ_CFG_PUSH_PULL_HIGH;
    INT_STS = 0xFFFFFFFFu;
    INT_EN = INT_RX_STATUS_LEVEL | INT_PHY;
    return true;
}

/* The causes stay until the main loop has dealt with them, so they are switched off meanwhile. */
void lan9118_interrupt(void)
{
    cm_seed_time();
    if (INT_STS & INT_PHY)
        link_changed = true;
    INT_EN = 0;
    cm_wake();
}

/* Own address and broadcasts; group addresses are nothing to this device. The duplex is what both
 * ends can do. */
static void follow_duplex(void)
{
    bool full = phy_read(PHY_ADVERTISED) & phy_read(PHY_PARTNER) & PHY_FULL_DUPLEX;

    mac_write(MAC_CR, MAC_CR_TXEN | MAC_CR_RXEN | (full ? MAC_CR_FDPX : 0));
}

static bool link_up(void *ctx)
{
    (void)ctx;
    if (!chip_present || !link_changed)
        return link;
    link_changed = false;
    phy_read(PHY_INT_SOURCE); /* reading clears it */
    INT_STS = INT_PHY;
    phy_read(PHY_STATUS); /* keeps a link that was lost for a moment as down until it is read */
    link = phy_read(PHY_STATUS) & PHY_STATUS_LINK;
    if (link)
        follow_duplex();
    INT_EN = INT_RX_STATUS_LEVEL | INT_PHY;
    return link;
}

/* Pops a frame's words, the last one with the FCS behind it; keeps the first `keep` bytes. */
static void read_frame(uint8_t *out, size_t keep, size_t len)
{
    for (size_t at = 0; at < len; at += 4) {
        uint32_t word = RX_DATA_FIFO;

        if (at + 4 <= keep)
            memcpy(out + at, &word, 4);
        else if (at < keep)
            memcpy(out + at, &word, keep - at);
    }
}

static bool frames_wait(void)
{
    return RX_FIFO_INF >> 16 & 0xFFu;
}

/* True: no frame waits. The cause is cleared before the second look, so that a frame that comes
 * in between is either seen or interrupts again. */
static bool drained(void)
{
    if (frames_wait())
        return false;
    INT_STS = INT_RX_STATUS_LEVEL;
    if (frames_wait())
        return false;
    INT_EN = INT_RX_STATUS_LEVEL | INT_PHY;
    return true;
}

static size_t receive(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    while (chip_present && !drained()) {
        uint32_t status = RX_STATUS_FIFO;
        size_t len = RX_STATUS_LENGTH(status);
        bool good = !(status & RX_STATUS_ERROR) && len > FCS_BYTES && len - FCS_BYTES <= cap;

        read_frame(out, good ? len - FCS_BYTES : 0, len);
        if (good)
            return len - FCS_BYTES;
    }
    return 0;
}

static void drop_tx_status(void)
{
    while (TX_FIFO_INF >> 16 & 0xFFu)
        (void)TX_STATUS_FIFO;
}

static int send(void *ctx, const uint8_t *frame, size_t len)
{
    (void)ctx;
    if (!chip_present)
        return -1;
    drop_tx_status();
    if ((TX_FIFO_INF & 0xFFFFu) < len + 4 + TX_COMMAND_BYTES)
        return -1;
    TX_DATA_FIFO = TX_A_WHOLE_FRAME | (uint32_t)len;
    TX_DATA_FIFO = (uint32_t)len; /* no tag */
    for (size_t at = 0; at < len; at += 4) {
        uint32_t word = 0;

        memcpy(&word, frame + at, len - at < 4 ? len - at : 4);
        TX_DATA_FIFO = word;
    }
    return 0;
}

struct hal_ether lan9118_hal(void)
{
    return (struct hal_ether){.receive = receive, .send = send, .link_up = link_up};
}
