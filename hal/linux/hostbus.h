// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LINUX_HOSTBUS_H
#define HAL_LINUX_HOSTBUS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "hal/hostbus.h"
#include "hal/linux/socket.h"

/* The host interface on a local socket that stands in for /dev/mei0. A connection's first packet
 * asks for a client, as IOCTL_MEI_CONNECT_CLIENT does; after the reply each packet is one HECI
 * message. Any other first packet, and any refusal, ends the connection.
 *   request: u8 'C', u8 guid[16]
 *   reply:   u8 'C', u8 status (enum linux_connect), u32 LE max message length, u8 protocol
 *            version, u8 0[3]
 * AMTHI serves one connection at a time. When a client disconnects, its request and the answer to
 * it are dropped. An answer is on its way for latency_ms: a caller never finds it there when its
 * write() returns, as with the hardware, and clients exist that then lose it (MeshCmd). A client
 * either for LINUX_AMTHI_IDLE_MS keeps AMTHI until another one asks for it. */

enum linux_connect {
    LINUX_CONNECT_OK = 0,
    LINUX_CONNECT_UNKNOWN = 1, /* no client of that GUID */
    LINUX_CONNECT_BUSY = 2,    /* another client is connected to AMTHI */
};

#define LINUX_MESSAGE_MAX 5120u /* max_msg_length of AMTHI, assumed */
#define LINUX_PROTOCOL_VERSION 1u
#define LINUX_AMTHI_IDLE_MS 60000u /* twice the longest pause of an agent (LMS-agent) */
/* Assumed: no source has a figure. More than a caller's next instructions take, and a thousandth of
 * what the driver gives AMTHI for an answer (drivers/misc/mei/hw.h: 10 and 12 s). */
#define LINUX_AMTHI_LATENCY_MS 10u

struct linux_hostbus {
    struct linux_socket socket;
    bool powered;
    int amthi_client;     /* which client of the socket is connected to AMTHI, -1 = none */
    bool request_waiting; /* it sent a message that the device has not asked for yet */
    bool answer_due;      /* the device has a message of it: the next answer is for it */
    uint64_t heard_ms;    /* when it last asked or was answered */
    uint32_t latency_ms;
    bool answer_held; /* on its way, until answer_ms */
    uint64_t answer_ms;
    size_t answer_len;
    uint8_t answer[LINUX_MESSAGE_MAX];
};

void linux_hostbus_init(struct linux_hostbus *bus);
/* Off: every connection is closed, new ones too. */
void linux_hostbus_power(struct linux_hostbus *bus, bool on);
/* Handles new connections, connect requests and disconnects, and hands over an answer that is
 * due. */
void linux_hostbus_service(struct linux_hostbus *bus);
/* In how many milliseconds linux_hostbus_service() is to be called even if nothing happens;
 * UINT64_MAX = never. */
uint64_t linux_hostbus_due_ms(const struct linux_hostbus *bus);
/* As linux_socket_poll(). */
uint32_t linux_hostbus_poll(const struct linux_hostbus *bus, struct pollfd *out);
struct hal_hostbus linux_hostbus_hal(struct linux_hostbus *bus);

#endif
