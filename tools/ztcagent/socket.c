// SPDX-License-Identifier: BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/ztcagent/link.h"

#define CONNECT_REPLY_BYTES 10

/* An answer that came after its request had been given up is not the answer to the next one. */
static void drop_late_answers(int fd)
{
    uint8_t byte;

    while (link_wait(fd, 0) > 0)
        if (recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) <= 0)
            return;
}

int link_exchange_socket(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                         size_t cap)
{
    int fd = ((const struct link *)ctx)->fd;
    struct iovec part = {.iov_base = response, .iov_len = cap};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t got;

    drop_late_answers(fd);
    if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
        return 0;
    if (link_wait(fd, LINK_RESPONSE_MS) <= 0)
        return -1;
    got = recvmsg(fd, &message, 0);
    if (got < 0)
        return 0;
    /* Longer than any response: more than cap tells the agent that it is malformed. */
    return message.msg_flags & MSG_TRUNC ? (int)cap + 1 : (int)got;
}

/* Asks for the AMTHI client, 12F80028-B4B7-4B2D-ACA8-46E0FF65814C; NULL, or what is wrong. */
static const char *open_client(int fd)
{
    static const uint8_t request[] = {'C',  0x28, 0x00, 0xF8, 0x12, 0xB7, 0xB4, 0x2D, 0x4B,
                                      0xAC, 0xA8, 0x46, 0xE0, 0xFF, 0x65, 0x81, 0x4C};
    uint8_t reply[CONNECT_REPLY_BYTES + 1];

    if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
        return "connection closed";
    if (link_wait(fd, LINK_RESPONSE_MS) <= 0)
        return "timed out after 2 s waiting for the reply to the connect request";
    if (recv(fd, reply, sizeof(reply), 0) != CONNECT_REPLY_BYTES || reply[0] != 'C')
        return "not a host interface";
    switch (reply[1]) {
    case 0:
        return NULL;
    case 1:
        return "there is no AMTHI client";
    case 2:
        return "the AMTHI client is busy";
    default:
        return "the AMTHI client refused the connection";
    }
}

const char *link_open_socket(struct link *link, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *wrong;

    link->fd = -1;
    if (strlen(path) >= sizeof(address.sun_path))
        return "path too long";
    memcpy(address.sun_path, path, strlen(path));
    link->fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (link->fd >= 0 && connect(link->fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        wrong = open_client(link->fd);
    else
        wrong = strerror(errno);
    if (wrong && link->fd >= 0)
        close(link->fd);
    return wrong;
}
