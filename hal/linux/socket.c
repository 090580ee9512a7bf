// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "hal/linux/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(sizeof(((struct sockaddr_un *)0)->sun_path) == LINUX_SOCKET_PATH,
               "a path that fits is one that the kernel takes");

void linux_socket_init(struct linux_socket *s)
{
    memset(s, 0, sizeof(*s));
    s->listener = -1;
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        s->client[i] = -1;
}

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int bind_path(const struct linux_socket *s)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    memcpy(address.sun_path, s->path, sizeof(address.sun_path));
    return bind(s->listener, (const struct sockaddr *)&address, sizeof(address));
}

/* A process that was killed leaves its socket's file behind: nobody answers there any more. */
static bool remove_stale(const struct linux_socket *s, struct linux_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat info;
    int probe, reason;

    if (lstat(s->path, &info) == 0) {
        if (!S_ISSOCK(info.st_mode))
            return linux_fail(error, "%s exists and is not a socket", s->path);
        if (info.st_uid != geteuid())
            return linux_fail(error,
                              "socket %s belongs to another user; remove it or choose another path",
                              s->path);
    }
    probe = new_socket();
    if (probe < 0)
        return linux_fail(error, "cannot create a socket: %s", strerror(errno));
    memcpy(address.sun_path, s->path, sizeof(address.sun_path));
    reason = connect(probe, (const struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
    close(probe);
    if (reason == 0 || reason == EAGAIN || reason == EPROTOTYPE)
        return linux_fail(error, "socket %s is in use by another process", s->path);
    if (reason != ECONNREFUSED && reason != ENOENT)
        return linux_fail(error, "cannot replace socket %s: %s", s->path, strerror(reason));
    if (unlink(s->path) != 0 && errno != ENOENT)
        return linux_fail(error, "cannot replace socket %s: %s", s->path, strerror(errno));
    return true;
}

/* Whether the file at the path is still the socket that was created there. */
static bool path_is_ours(const struct linux_socket *s)
{
    struct stat info;

    return lstat(s->path, &info) == 0 && info.st_dev == s->device && info.st_ino == s->inode;
}

static bool listen_at_path(struct linux_socket *s, struct linux_error *error)
{
    struct stat info;
    bool bind_failed;

    /* Before the file exists, so that it is never accessible to others. */
    if (fchmod(s->listener, S_IRUSR | S_IWUSR) != 0)
        return linux_fail(error, "cannot protect socket %s: %s", s->path, strerror(errno));
    bind_failed = bind_path(s) != 0;
    if (bind_failed && errno == EADDRINUSE) {
        if (!remove_stale(s, error))
            return false;
        bind_failed = bind_path(s) != 0;
    }
    if (bind_failed)
        return linux_fail(error, "cannot create socket %s: %s", s->path, strerror(errno));
    if (lstat(s->path, &info) == 0) {
        s->device = info.st_dev;
        s->inode = info.st_ino;
    }
    if (listen(s->listener, LINUX_CLIENTS) == 0)
        return true;
    linux_fail(error, "cannot listen on socket %s: %s", s->path, strerror(errno));
    if (path_is_ours(s))
        unlink(s->path);
    return false;
}

bool linux_socket_open(struct linux_socket *s, const char *path, struct linux_error *error)
{
    size_t length = strlen(path);

    linux_socket_init(s);
    if (length == 0 || length >= sizeof(s->path))
        return linux_fail(error,
                          "invalid socket path \"%.40s%s\"; expected 1 to %zu characters, not %zu",
                          path, length > 40 ? "..." : "", sizeof(s->path) - 1, length);
    memcpy(s->path, path, length);
    s->listener = new_socket();
    if (s->listener < 0)
        return linux_fail(error, "cannot create a socket: %s", strerror(errno));
    if (listen_at_path(s, error))
        return true;
    close(s->listener);
    s->listener = -1;
    return false;
}

void linux_socket_close(struct linux_socket *s)
{
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        linux_socket_drop(s, i);
    if (s->listener < 0)
        return;
    close(s->listener);
    s->listener = -1;
    if (path_is_ours(s))
        unlink(s->path);
}

static bool has_packet(int fd)
{
    char byte;

    return recv(fd, &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* A slot for a new client: a free one, else that of another client. */
static uint32_t choose_slot(const struct linux_socket *s, int keep)
{
    uint32_t silent = LINUX_CLIENTS, first = LINUX_CLIENTS;

    for (uint32_t i = 0; i < LINUX_CLIENTS; i++) {
        if (s->client[i] < 0)
            return i;
        if ((int)i == keep)
            continue;
        if (first == LINUX_CLIENTS || s->connected_at[i] < s->connected_at[first])
            first = i;
        if ((silent == LINUX_CLIENTS || s->heard_at[i] < s->heard_at[silent]) &&
            !has_packet(s->client[i]))
            silent = i;
    }
    return silent < LINUX_CLIENTS ? silent : first;
}

/* Fewer at a time than there are slots: a new client is heard before the next ones can take its
 * slot. */
void linux_socket_accept(struct linux_socket *s, int keep)
{
    for (uint32_t n = 0; s->listener >= 0 && n < LINUX_CLIENTS / 2; n++) {
        int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        uint32_t slot;

        if (fd < 0)
            return;
        slot = choose_slot(s, keep);
        linux_socket_drop(s, slot);
        s->client[slot] = fd;
        s->connected_at[slot] = s->heard_at[slot] = ++s->events;
    }
}

void linux_socket_drop(struct linux_socket *s, uint32_t client)
{
    if (s->client[client] >= 0)
        close(s->client[client]);
    s->client[client] = -1;
}

size_t linux_socket_receive(struct linux_socket *s, uint32_t client, void *out, size_t cap)
{
    ssize_t n;

    if (s->client[client] < 0)
        return 0;
    do {
        n = recv(s->client[client], out, cap, MSG_TRUNC);
    } while (n < 0 && errno == EINTR);
    if (n > 0) {
        s->heard_at[client] = ++s->events;
        return (size_t)n;
    }
    if (n == 0 || errno != EAGAIN)
        linux_socket_drop(s, client);
    return 0;
}

bool linux_socket_send(struct linux_socket *s, uint32_t client, const void *data, size_t len)
{
    return s->client[client] >= 0 &&
           send(s->client[client], data, len, MSG_NOSIGNAL) == (ssize_t)len;
}

uint32_t linux_socket_poll(const struct linux_socket *s, struct pollfd *out)
{
    uint32_t count = 0;

    if (s->listener >= 0)
        out[count++] = (struct pollfd){.fd = s->listener, .events = POLLIN};
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        if (s->client[i] >= 0)
            out[count++] = (struct pollfd){.fd = s->client[i], .events = POLLIN};
    return count;
}
