// SPDX-License-Identifier: BSD-3-Clause
#ifndef ZTCAGENT_LINK_H
#define ZTCAGENT_LINK_H

#include <stddef.h>
#include <stdint.h>

/* Connections from the agent to a device's host interface. */

#define LINK_RESPONSE_MS 2000 /* PTHI.c: how long a client waits for an answer */

struct link {
    int fd;
};

/* Waits until there is something to read: > 0; 0 after timeout_ms, < 0 on an error. */
int link_wait(int fd, int timeout_ms);

/* Each opens a link and returns NULL, or says why it could not. The exchange functions are struct
 * agent_io's, with a struct link as ctx. */

/* A socket that stands in for /dev/mei0: AF_UNIX, SOCK_SEQPACKET. The first packet asks for a
 * client by its GUID, as IOCTL_MEI_CONNECT_CLIENT does; after the reply each packet is one HECI
 * message.
 *   request: u8 'C', u8 guid[16]
 *   reply:   u8 'C', u8 status (0 ok, 1 unknown client, 2 busy), u32 LE max message length,
 *            u8 protocol version, u8 0[3] */
const char *link_open_socket(struct link *link, const char *path);
int link_exchange_socket(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                         size_t cap);

/* A board's console (fw/board/console.h): a terminal device, which is set to 115,200 baud, or a
 * stream socket that leads to one. A request is a line >HEX, its answer a line <HEX; all other
 * lines are passed over. */
const char *link_open_serial(struct link *link, const char *path);
int link_exchange_serial(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                         size_t cap);

#endif
