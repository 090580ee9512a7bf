// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LINUX_SOCKET_H
#define HAL_LINUX_SOCKET_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/linux/error.h"

/* A local socket that keeps packets apart (AF_UNIX, SOCK_SEQPACKET), for its owner alone (mode
 * 0600). Nothing here blocks. Every connection is accepted: where no slot is free, the client that
 * has been silent longest is dropped. */

#define LINUX_CLIENTS 8u
#define LINUX_SOCKET_PATH 108u /* sun_path with its NUL */

struct linux_socket {
    int listener;              /* -1 = closed */
    int client[LINUX_CLIENTS]; /* -1 = free */
    /* When each client connected and sent its last packet, as values of the counter `events`. */
    uint64_t events, connected_at[LINUX_CLIENTS], heard_at[LINUX_CLIENTS];
    uint64_t device, inode; /* of the socket's file */
    char path[LINUX_SOCKET_PATH];
};

void linux_socket_init(struct linux_socket *socket);
/* A stale socket file of this user's (nobody listens on it) is replaced; any other file, or a link,
 * is left alone and is an error. */
bool linux_socket_open(struct linux_socket *socket, const char *path, struct linux_error *error);
/* Drops the clients and removes the file, unless another one has taken its place. Harmless on one
 * that is not open. */
void linux_socket_close(struct linux_socket *socket);

#define LINUX_KEEP_NONE (-1)
/* Accepts waiting connections, a few at a time. Where all LINUX_CLIENTS slots are in use, each new
 * one replaces a client: of those without a waiting packet the one that was heard longest ago, else
 * the one that connected first; never the client `keep`. */
void linux_socket_accept(struct linux_socket *socket, int keep);
void linux_socket_drop(struct linux_socket *socket, uint32_t client);
/* The packet's true length, even if it exceeds cap; 0 when none waits. A client that went away, or
 * sent an empty packet, is dropped. */
size_t linux_socket_receive(struct linux_socket *socket, uint32_t client, void *out, size_t cap);
/* False: not sent, the client is gone or does not read. */
bool linux_socket_send(struct linux_socket *socket, uint32_t client, const void *data, size_t len);
/* What to poll for; returns the number of entries, at most LINUX_CLIENTS + 1. */
uint32_t linux_socket_poll(const struct linux_socket *socket, struct pollfd *out);

#endif
