// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hal/linux/hostbus.h"

/* Lets a program that knows /dev/mei talk to an emulated device: preload it (LD_PRELOAD) and set
 * PROVISO_HOST_SOCKET to the device's host socket. open() of /dev/mei or /dev/mei<number> then
 * connects to that socket, and the two ioctls and the errors are the kernel driver's
 * (linux/mei.h, drivers/misc/mei/main.c). What the socket itself does as the driver does is left to
 * it: poll, select, one message per read and write. Without the variable nothing changes. */

#define SOCKET_VARIABLE "PROVISO_HOST_SOCKET"
#define DEVICE "/dev/mei"
#define DESCRIPTORS 1024
#define IOCTL_CONNECT_CLIENT 0xC0104801ul /* in: GUID; out: u32 max length, u8 version, u8 0[3] */
#define IOCTL_VERSION 0xC0054800ul        /* out: u8 major, minor, hotfix, u16 build */
#define CONNECT_TIMEOUT_MS 15000          /* MEI_CL_CONNECT_TIMEOUT */

#define GUID_BYTES 16
#define REQUEST_BYTES (1 + GUID_BYTES)
#define REPLY_BYTES 10
#define PROPERTIES_BYTES 8

enum state { NOT_OURS, OPENED, CONNECTED };

/* The table is per process, as the descriptors are. */
static _Atomic uint8_t state[DESCRIPTORS];

static enum state state_of(int fd)
{
    return fd >= 0 && fd < DESCRIPTORS ? state[fd] : NOT_OURS;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

static const char *socket_path(const char *path)
{
    size_t prefix = sizeof(DEVICE) - 1;
    const char *socket = getenv(SOCKET_VARIABLE);

    if (!socket || !socket[0] || !path || strncmp(path, DEVICE, prefix) != 0)
        return NULL;
    return path[prefix + strspn(path + prefix, "0123456789")] == '\0' ? socket : NULL;
}

static int device_error(int error)
{
    switch (error) {
    case ECONNREFUSED: /* a socket that nobody listens on any more */
    case EPIPE:
    case ECONNRESET:
    case ENOTCONN:
        return ENODEV;
    case EAGAIN: /* its queue is full */
        return EBUSY;
    default:
        return error;
    }
}

static int connect_device(const char *path, int flags)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int type = SOCK_SEQPACKET | (flags & O_CLOEXEC ? SOCK_CLOEXEC : 0) |
               (flags & O_NONBLOCK ? SOCK_NONBLOCK : 0);
    int fd;

    if (strlen(path) >= sizeof(address.sun_path))
        return fail(ENAMETOOLONG);
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, type, 0);
    if (fd < 0)
        return -1;
    if (fd < DESCRIPTORS && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    type = fd < DESCRIPTORS ? device_error(errno) : EMFILE;
    close(fd);
    return fail(type);
}

static int open_device(const char *path, int flags)
{
    int fd = connect_device(path, flags);

    if (fd >= 0)
        state[fd] = OPENED;
    return fd;
}

/* The emulator ends a connection that it refused; the driver's can be tried again. */
static int reconnect(int fd)
{
    int flags = fcntl(fd, F_GETFL), descriptor_flags = fcntl(fd, F_GETFD);
    int fresh = connect_device(getenv(SOCKET_VARIABLE), flags);

    if (fresh < 0)
        return -1;
    dup3(fresh, fd, descriptor_flags & FD_CLOEXEC ? O_CLOEXEC : 0);
    close(fresh);
    return 0;
}

static int request_client(int fd, const uint8_t guid[GUID_BYTES], uint8_t reply[REPLY_BYTES])
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    uint8_t request[REQUEST_BYTES] = {'C'};
    ssize_t got;
    int ready;

    memcpy(request + 1, guid, GUID_BYTES);
    if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
        return ENODEV;
    do {
        ready = poll(&p, 1, CONNECT_TIMEOUT_MS);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return ETIME;
    got = recv(fd, reply, REPLY_BYTES, 0);
    if (got != REPLY_BYTES || reply[0] != 'C')
        return ENODEV; /* hung up: the device has no power */
    switch (reply[1]) {
    case LINUX_CONNECT_OK:
        return 0;
    case LINUX_CONNECT_UNKNOWN:
        return ENOTTY;
    default:
        return EBUSY;
    }
}

static int connect_client(int fd, uint8_t *data)
{
    uint8_t reply[REPLY_BYTES];
    int error;

    if (!data)
        return fail(EFAULT);
    if (state_of(fd) == CONNECTED)
        return fail(EBUSY);
    error = request_client(fd, data, reply);
    if (error != 0) {
        reconnect(fd);
        return fail(error);
    }
    memcpy(data, reply + 2, PROPERTIES_BYTES);
    memset(data + PROPERTIES_BYTES, 0, GUID_BYTES - PROPERTIES_BYTES);
    state[fd] = CONNECTED;
    return 0;
}

/* 5.0.0.30, a HECI driver of the time. */
static int driver_version(uint8_t *data)
{
    static const uint8_t version[] = {5, 0, 0, 30, 0};

    if (!data)
        return fail(EFAULT);
    memcpy(data, version, sizeof(version));
    return 0;
}

static int open_any(const char *name, int at, const char *path, int flags, mode_t mode)
{
    const char *socket = socket_path(path);

    if (socket)
        return open_device(socket, flags);
    if (strncmp(name, "openat", 6) == 0) {
        int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, name);

        return real(at, path, flags, mode);
    }
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);

    return real(path, flags, mode);
}

/* The mode is there only with flags that may create a file. */
#define READ_MODE(flags, mode)                                                                     \
    do {                                                                                           \
        va_list more;                                                                              \
                                                                                                   \
        va_start(more, flags);                                                                     \
        if ((flags)&O_CREAT || ((flags)&O_TMPFILE) == O_TMPFILE)                                   \
            (mode) = va_arg(more, mode_t);                                                         \
        va_end(more);                                                                              \
    } while (0)

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return open_any("open", AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return open_any("open64", AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return open_any("openat", at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return open_any("openat64", at, path, flags, mode);
}

int close(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "close");

    if (state_of(fd) != NOT_OURS)
        state[fd] = NOT_OURS;
    return real(fd);
}

int ioctl(int fd, unsigned long request, ...)
{
    int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
    va_list more;
    void *data;

    va_start(more, request);
    data = va_arg(more, void *);
    va_end(more);
    if (state_of(fd) == NOT_OURS)
        return real(fd, request, data);
    switch (request & 0xFFFFFFFFul) { /* some clients hold it in an int */
    case IOCTL_CONNECT_CLIENT:
        return connect_client(fd, data);
    case IOCTL_VERSION:
        return driver_version(data);
    default:
        return fail(ENOTTY);
    }
}

/* An empty message is "AMT disabled"; an end of the connection reads the same, but is no device. */
static bool is_gone(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

ssize_t read(int fd, void *buffer, size_t size)
{
    ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    ssize_t got;

    switch (state_of(fd)) {
    case NOT_OURS:
        return real(fd, buffer, size);
    case OPENED:
        return fail(ENODEV);
    default:
        break;
    }
    if (size == 0)
        return 0;
    got = real(fd, buffer, size);
    if ((got == 0 && is_gone(fd)) || (got < 0 && errno == ECONNRESET))
        return fail(ENODEV);
    return got;
}

ssize_t write(int fd, const void *buffer, size_t size)
{
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    ssize_t sent;

    switch (state_of(fd)) {
    case NOT_OURS:
        return real(fd, buffer, size);
    case OPENED:
        return fail(ENODEV);
    default:
        break;
    }
    if (size == 0)
        return 0;
    if (size > LINUX_MESSAGE_MAX)
        return fail(EFBIG);
    sent = send(fd, buffer, size, MSG_NOSIGNAL);
    return sent < 0 && errno != EAGAIN ? fail(device_error(errno)) : sent;
}
