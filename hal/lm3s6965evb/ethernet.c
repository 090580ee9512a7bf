// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "hal/lm3s6965evb/lm3s.h"

/* Ethernet Controller: MAC with a 2 KB FIFO each way, PHY on the chip behind its MII registers. */
#define MAC(offset) CM_REG(ETHERNET_BASE + (offset))
#define MAC_RIS MAC(0x00) /* read: causes; write: acknowledge */
#define MAC_IM MAC(0x04)
#define MAC_RCTL MAC(0x08)
#define MAC_TCTL MAC(0x0C)
#define MAC_DATA MAC(0x10)
#define MAC_IA0 MAC(0x14)
#define MAC_IA1 MAC(0x18)
#define MAC_MCTL MAC(0x20)
#define MAC_MDV MAC(0x24)
#define MAC_MTXD MAC(0x2C)
#define MAC_MRXD MAC(0x30)
#define MAC_NP MAC(0x34)
#define MAC_TR MAC(0x38)
#define INT_RX (1u << 0)
#define INT_FIFO_OVERRUN (1u << 3)
#define INT_RX_ERROR (1u << 4)
#define INT_PHY (1u << 6)
#define CAUSES (INT_RX | INT_FIFO_OVERRUN | INT_RX_ERROR | INT_PHY)
#define RCTL_ENABLE (1u << 0)
#define RCTL_NO_BAD_CRC (1u << 3)
#define RCTL_RESET_FIFO (1u << 4)
#define TCTL_ENABLE_PAD_CRC 0x07u
#define TCTL_DUPLEX 0x10u
#define MCTL_START 1u
#define MCTL_WRITE 2u
#define MDV_2_MHZ 5u /* LM3S_HZ / (2 * (MDV + 1)), at most 2.5 MHz */
#define NP_FRAMES 0x3Fu
#define TR_NEW_FRAME 1u

#define PHY_STATUS 1u
#define PHY_ID 2u
#define PHY_ADVERTISED 4u
#define PHY_PARTNER 5u
#define PHY_INTERRUPT 17u
#define PHY_STATUS_LINK 4u
#define PHY_FULL_DUPLEX 0x140u  /* 100 and 10 Mbit/s */
#define PHY_LINK_CHANGE 0x0500u /* LSCHG_IE and ANEGCOMP_IE */

#define FCS_BYTES 4u
#define HEADER_BYTES 14u /* what a length to be sent does not count */
#define LENGTH_BYTES 2u  /* in front of every frame, in either FIFO */
#define FRAME_BYTES_MAX 1514u
#define SPIN 1000000u /* a frame at 10 Mbit/s takes 1.2 ms */

static uint8_t mac_address[6];
static volatile bool link_changed;
static bool phy_present, link;

static bool wait_clear(volatile uint32_t *reg, uint32_t bit)
{
    for (uint32_t i = 0; i < SPIN; i++)
        if (!(*reg & bit))
            return true;
    return false;
}

static uint32_t phy_read(uint32_t reg)
{
    MAC_MCTL = reg << 3 | MCTL_START;
    wait_clear(&MAC_MCTL, MCTL_START);
    return MAC_MRXD & 0xFFFFu;
}

static void phy_write(uint32_t reg, uint32_t value)
{
    MAC_MTXD = value;
    MAC_MCTL = reg << 3 | MCTL_WRITE | MCTL_START;
    wait_clear(&MAC_MCTL, MCTL_START);
}

/* Auto-negotiation is on after reset. A PHY whose registers read 0 is a model without one (QEMU):
 * its link counts as up. */
static void phy_start(void)
{
    MAC_MDV = MDV_2_MHZ;
    phy_present = phy_read(PHY_ID) != 0;
    link = !phy_present;
    link_changed = phy_present;
    if (phy_present)
        phy_write(PHY_INTERRUPT, PHY_LINK_CHANGE);
}

void lm3s_ether_start(const uint8_t mac[6])
{
    memcpy(mac_address, mac, sizeof(mac_address));
    MAC_IM = 0;
    MAC_RIS = MAC_RIS;
    phy_start();
    MAC_IA0 = mac[0] | (uint32_t)mac[1] << 8 | (uint32_t)mac[2] << 16 | (uint32_t)mac[3] << 24;
    MAC_IA1 = mac[4] | (uint32_t)mac[5] << 8;
    MAC_TCTL = TCTL_ENABLE_PAD_CRC | TCTL_DUPLEX;
    MAC_RCTL = RCTL_NO_BAD_CRC | RCTL_RESET_FIFO;
    MAC_RCTL = RCTL_NO_BAD_CRC | RCTL_ENABLE;
    MAC_IM = CAUSES;
}

/* The causes stay until the main loop has dealt with them, so they are switched off meanwhile. */
void lm3s_ether_interrupt(void)
{
    cm_seed_time();
    if (MAC_RIS & INT_PHY)
        link_changed = true;
    MAC_IM = 0;
    cm_wake();
}

/* The duplex is what both ends can do. */
static void follow_duplex(void)
{
    bool full = phy_read(PHY_ADVERTISED) & phy_read(PHY_PARTNER) & PHY_FULL_DUPLEX;

    MAC_TCTL = TCTL_ENABLE_PAD_CRC | (full ? TCTL_DUPLEX : 0);
}

static bool link_up(void *ctx)
{
    (void)ctx;
    if (!link_changed)
        return link;
    link_changed = false;
    phy_read(PHY_INTERRUPT); /* reading clears it */
    MAC_RIS = INT_PHY;
    phy_read(PHY_STATUS); /* keeps a link that was lost for a moment as down until it is read */
    link = phy_read(PHY_STATUS) & PHY_STATUS_LINK;
    if (link)
        follow_duplex();
    MAC_IM = CAUSES;
    return link;
}

/* The first word is the length, which counts itself and the FCS, and the frame's first two bytes.
 * Returns the frame's length, 0 when it was not good. */
static size_t read_frame(uint8_t *out, size_t cap)
{
    uint32_t word = MAC_DATA;
    size_t total = word & 0xFFFFu, len = total - LENGTH_BYTES - FCS_BYTES;
    bool keep = total > LENGTH_BYTES + FCS_BYTES && len <= cap;

    word >>= 16;
    for (size_t at = 0, in_word = 2; at + LENGTH_BYTES < total; at++) {
        if (in_word == 4) {
            word = MAC_DATA;
            in_word = 0;
        }
        if (keep && at < len)
            out[at] = (uint8_t)word;
        word >>= 8;
        in_word++;
    }
    return keep ? len : 0;
}

/* After an overrun the FIFO's frames cannot be told apart any more (Receive FIFO). */
static void recover_from_overrun(void)
{
    if (!(MAC_RIS & INT_FIFO_OVERRUN))
        return;
    MAC_RCTL = RCTL_NO_BAD_CRC | RCTL_RESET_FIFO;
    MAC_RIS = INT_FIFO_OVERRUN;
    MAC_RCTL = RCTL_NO_BAD_CRC | RCTL_ENABLE;
}

/* True: no frame waits. The causes are cleared before the second look, so that a frame that comes
 * in between is either seen or interrupts again. */
static bool drained(void)
{
    recover_from_overrun();
    if (MAC_NP & NP_FRAMES)
        return false;
    MAC_RIS = INT_RX | INT_RX_ERROR;
    if (MAC_NP & NP_FRAMES)
        return false;
    MAC_IM = CAUSES;
    return true;
}

/* Some models filter nothing, so the address is looked at once more. */
static bool is_for_another(const uint8_t *frame)
{
    return !(frame[0] & 1) && memcmp(frame, mac_address, sizeof(mac_address)) != 0;
}

static size_t receive(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    while (!drained()) {
        size_t len = read_frame(out, cap);

        if (len >= HEADER_BYTES && !is_for_another(out))
            return len;
    }
    return 0;
}

static int send(void *ctx, const uint8_t *frame, size_t len)
{
    uint32_t word = (uint32_t)(len - HEADER_BYTES);
    size_t in_word = LENGTH_BYTES;

    (void)ctx;
    if (len < HEADER_BYTES || len > FRAME_BYTES_MAX || !wait_clear(&MAC_TR, TR_NEW_FRAME))
        return -1;
    for (size_t at = 0; at < len; at++) {
        word |= (uint32_t)frame[at] << 8 * in_word;
        if (++in_word == 4) {
            MAC_DATA = word;
            word = 0;
            in_word = 0;
        }
    }
    if (in_word > 0)
        MAC_DATA = word;
    MAC_TR = TR_NEW_FRAME;
    return 0;
}

struct hal_ether lm3s_ether_hal(void)
{
    return (struct hal_ether){.receive = receive, .send = send, .link_up = link_up};
}
