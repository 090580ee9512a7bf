// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tools/mei/driver.h"

/* Lets a program that knows /dev/mei talk to an emulated device: preload it (LD_PRELOAD) and set
 * PROVISO_HOST_SOCKET to the device's host socket. What of the C library finds, opens and reads
 * /dev/mei0 is then here. Without the variable nothing changes. A program that is linked
 * statically, or makes its system calls itself, does not see it: tools/meirun does it for those. */

static const char *socket_path(const char *path)
{
    const char *socket = getenv(MEI_SOCKET_VARIABLE);

    return socket && socket[0] && mei_number(path) >= 0 ? socket : NULL;
}

static int result(ssize_t got)
{
    if (got >= 0)
        return (int)got;
    errno = (int)-got;
    return -1;
}

/* The C library's function of that name. */
#define REAL(type, name) ((type)dlsym(RTLD_NEXT, name))

/* --- open */

typedef int open_function(const char *, int, ...);
typedef int openat_function(int, const char *, int, ...);
typedef int open_2_function(const char *, int);
typedef int openat_2_function(int, const char *, int);

static int open_any(const char *name, const char *path, int flags, mode_t mode)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_open(socket, flags))
                  : REAL(open_function *, name)(path, flags, mode);
}

static int openat_any(const char *name, int at, const char *path, int flags, mode_t mode)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_open(socket, flags))
                  : REAL(openat_function *, name)(at, path, flags, mode);
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
    return open_any("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return open_any("open64", path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return openat_any("openat", at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    mode_t mode = 0;

    READ_MODE(flags, mode);
    return openat_any("openat64", at, path, flags, mode);
}

/* What programs call that were compiled with -D_FORTIFY_SOURCE. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int at, const char *path, int flags);
int __openat64_2(int at, const char *path, int flags);
ssize_t __read_chk(int fd, void *out, size_t size, size_t room);

int __open_2(const char *path, int flags)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_open(socket, flags))
                  : REAL(open_2_function *, "__open_2")(path, flags);
}

int __open64_2(const char *path, int flags)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_open(socket, flags))
                  : REAL(open_2_function *, "__open64_2")(path, flags);
}

int __openat_2(int at, const char *path, int flags)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_open(socket, flags))
                  : REAL(openat_2_function *, "__openat_2")(at, path, flags);
}

int __openat64_2(int at, const char *path, int flags)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_open(socket, flags))
                  : REAL(openat_2_function *, "__openat64_2")(at, path, flags);
}

typedef FILE *fopen_function(const char *, const char *);

/* Its stream reads the socket itself: for who looks whether the file is there, or wants fileno().
 */
static FILE *fopen_any(const char *name, const char *path, const char *mode)
{
    const char *socket = socket_path(path);
    FILE *file;
    int fd;

    if (!socket)
        return REAL(fopen_function *, name)(path, mode);
    fd = mei_open(socket, strchr(mode, 'e') ? O_CLOEXEC : 0);
    if (result(fd) < 0)
        return NULL;
    file = fdopen(fd, mode);
    if (!file)
        close(fd);
    return file;
}

FILE *fopen(const char *path, const char *mode)
{
    return fopen_any("fopen", path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    return fopen_any("fopen64", path, mode);
}

/* --- stat and access */

#define FILL(out, number)                                                                          \
    do {                                                                                           \
        memset((out), 0, sizeof(*(out)));                                                          \
        (out)->st_mode = S_IFCHR | MEI_FILE_MODE;                                                  \
        (out)->st_nlink = 1;                                                                       \
        (out)->st_ino = 1;                                                                         \
        (out)->st_blksize = 4096;                                                                  \
        (out)->st_rdev = makedev(MEI_FILE_MAJOR, (unsigned)(number));                              \
    } while (0)

#define STAT_PATH(path, out, otherwise)                                                            \
    do {                                                                                           \
        const char *socket = socket_path(path);                                                    \
        int error = socket ? mei_access(socket, F_OK) : 0;                                         \
                                                                                                   \
        if (!socket)                                                                               \
            return (otherwise);                                                                    \
        if (error == 0)                                                                            \
            FILL((out), mei_number(path));                                                         \
        return result(error);                                                                      \
    } while (0)

#define STAT_FD(fd, out, otherwise)                                                                \
    do {                                                                                           \
        if (!mei_is_ours(fd))                                                                      \
            return (otherwise);                                                                    \
        FILL((out), 0);                                                                            \
        return 0;                                                                                  \
    } while (0)

/* The four in each width, and under the names that they had until glibc 2.33. */
#define DEFINE_STAT(STAT, suffix)                                                                  \
    int stat##suffix(const char *path, struct STAT *out)                                           \
    {                                                                                              \
        STAT_PATH(path, out,                                                                       \
                  REAL(int (*)(const char *, struct STAT *), "stat" #suffix)(path, out));          \
    }                                                                                              \
    int lstat##suffix(const char *path, struct STAT *out)                                          \
    {                                                                                              \
        STAT_PATH(path, out,                                                                       \
                  REAL(int (*)(const char *, struct STAT *), "lstat" #suffix)(path, out));         \
    }                                                                                              \
    int fstat##suffix(int fd, struct STAT *out)                                                    \
    {                                                                                              \
        STAT_FD(fd, out, REAL(int (*)(int, struct STAT *), "fstat" #suffix)(fd, out));             \
    }                                                                                              \
    int fstatat##suffix(int at, const char *path, struct STAT *out, int flags)                     \
    {                                                                                              \
        STAT_PATH(path, out,                                                                       \
                  REAL(int (*)(int, const char *, struct STAT *, int),                             \
                       "fstatat" #suffix)(at, path, out, flags));                                  \
    }                                                                                              \
    int __xstat##suffix(int version, const char *path, struct STAT *out)                           \
    {                                                                                              \
        STAT_PATH(path, out,                                                                       \
                  REAL(int (*)(int, const char *, struct STAT *), "__xstat" #suffix)(version,      \
                                                                                     path, out));  \
    }                                                                                              \
    int __lxstat##suffix(int version, const char *path, struct STAT *out)                          \
    {                                                                                              \
        STAT_PATH(path, out,                                                                       \
                  REAL(int (*)(int, const char *, struct STAT *), "__lxstat" #suffix)(version,     \
                                                                                      path, out)); \
    }                                                                                              \
    int __fxstat##suffix(int version, int fd, struct STAT *out)                                    \
    {                                                                                              \
        STAT_FD(fd, out,                                                                           \
                REAL(int (*)(int, int, struct STAT *), "__fxstat" #suffix)(version, fd, out));     \
    }                                                                                              \
    int __fxstatat##suffix(int version, int at, const char *path, struct STAT *out, int flags)     \
    {                                                                                              \
        STAT_PATH(path, out,                                                                       \
                  REAL(int (*)(int, int, const char *, struct STAT *, int),                        \
                       "__fxstatat" #suffix)(version, at, path, out, flags));                      \
    }

#define DECLARE_OLD_STAT(STAT, suffix)                                                             \
    int __xstat##suffix(int, const char *, struct STAT *);                                         \
    int __lxstat##suffix(int, const char *, struct STAT *);                                        \
    int __fxstat##suffix(int, int, struct STAT *);                                                 \
    int __fxstatat##suffix(int, int, const char *, struct STAT *, int);

DECLARE_OLD_STAT(stat, )
DECLARE_OLD_STAT(stat64, 64)
DEFINE_STAT(stat, )
DEFINE_STAT(stat64, 64)

int statx(int at, const char *path, int flags, unsigned mask, struct statx *out)
{
    const char *socket = socket_path(path);
    int error = socket ? mei_access(socket, F_OK) : 0;

    if (!socket)
        return REAL(int (*)(int, const char *, int, unsigned, struct statx *),
                    "statx")(at, path, flags, mask, out);
    if (error != 0)
        return result(error);
    memset(out, 0, sizeof(*out));
    out->stx_mask = STATX_BASIC_STATS;
    out->stx_mode = S_IFCHR | MEI_FILE_MODE;
    out->stx_nlink = 1;
    out->stx_ino = 1;
    out->stx_blksize = 4096;
    out->stx_rdev_major = MEI_FILE_MAJOR;
    out->stx_rdev_minor = (unsigned)mei_number(path);
    return 0;
}

static int access_any(const char *name, const char *path, int mode)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_access(socket, mode))
                  : REAL(int (*)(const char *, int), name)(path, mode);
}

int access(const char *path, int mode)
{
    return access_any("access", path, mode);
}

int euidaccess(const char *path, int mode)
{
    return access_any("euidaccess", path, mode);
}

int eaccess(const char *path, int mode)
{
    return access_any("eaccess", path, mode);
}

int faccessat(int at, const char *path, int mode, int flags)
{
    const char *socket = socket_path(path);

    return socket ? result(mei_access(socket, mode))
                  : REAL(int (*)(int, const char *, int, int), "faccessat")(at, path, mode, flags);
}

/* --- ioctl, read and write */

static int wait_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int ready;

    do {
        ready = poll(&p, 1, MEI_CONNECT_TIMEOUT_MS);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 ? 0 : -ETIME;
}

static void reconnect(int fd)
{
    int flags = fcntl(fd, F_GETFL), descriptor_flags = fcntl(fd, F_GETFD);
    int fresh = mei_open(getenv(MEI_SOCKET_VARIABLE), flags);

    if (fresh < 0)
        return;
    dup3(fresh, fd, descriptor_flags & FD_CLOEXEC ? O_CLOEXEC : 0);
    close(fresh);
}

static int connect_client(int fd, uint8_t *data)
{
    int error = mei_ask_client(fd, data);

    if (error != 0)
        return error;
    error = wait_readable(fd);
    if (error == 0)
        error = mei_take_client(fd, data);
    if (error != 0)
        reconnect(fd);
    return error;
}

static int answer_ioctl(int fd, unsigned request, uint8_t *data)
{
    switch (request) {
    case MEI_IOCTL_CONNECT:
        return data ? connect_client(fd, data) : -EFAULT;
    case MEI_IOCTL_VERSION:
        if (!data)
            return -EFAULT;
        mei_version(data);
        return 0;
    default:
        return -ENOTTY;
    }
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list more;
    void *data;

    va_start(more, request);
    data = va_arg(more, void *);
    va_end(more);
    if (!mei_is_ours(fd))
        return REAL(int (*)(int, unsigned long, ...), "ioctl")(fd, request, data);
    return result(answer_ioctl(fd, (unsigned)request, data)); /* some clients hold it in an int */
}

ssize_t read(int fd, void *out, size_t size)
{
    return mei_is_ours(fd) ? result(mei_read(fd, out, size, false))
                           : REAL(ssize_t(*)(int, void *, size_t), "read")(fd, out, size);
}

ssize_t __read_chk(int fd, void *out, size_t size, size_t room)
{
    return mei_is_ours(fd)
               ? result(mei_read(fd, out, size < room ? size : room, false))
               : REAL(ssize_t(*)(int, void *, size_t, size_t), "__read_chk")(fd, out, size, room);
}

ssize_t write(int fd, const void *message, size_t size)
{
    return mei_is_ours(fd)
               ? result(mei_write(fd, message, size, false))
               : REAL(ssize_t(*)(int, const void *, size_t), "write")(fd, message, size);
}

/* --- poll, select and epoll: the C library's, which the device is told of */

static void want_polled(const struct pollfd *fds, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++)
        if (fds[i].events & POLLIN)
            mei_want(fds[i].fd, false);
}

static void want_selected(int count, fd_set *readable)
{
    for (int fd = 0; readable && fd < count && fd < FD_SETSIZE; fd++)
        if (FD_ISSET(fd, readable))
            mei_want(fd, false);
}

/* The C library's headers say that poll only writes what is asked of it, which is read here. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    want_polled(fds, count);
    return REAL(int (*)(struct pollfd *, nfds_t, int), "poll")(fds, count, timeout);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    want_polled(fds, count);
    return REAL(int (*)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *),
                "ppoll")(fds, count, timeout, mask);
}

int select(int count, fd_set *readable, fd_set *writable, fd_set *urgent, struct timeval *timeout)
{
    want_selected(count, readable);
    return REAL(int (*)(int, fd_set *, fd_set *, fd_set *, struct timeval *),
                "select")(count, readable, writable, urgent, timeout);
}

int pselect(int count, fd_set *readable, fd_set *writable, fd_set *urgent,
            const struct timespec *timeout, const sigset_t *mask)
{
    want_selected(count, readable);
    return REAL(
        int (*)(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *),
        "pselect")(count, readable, writable, urgent, timeout, mask);
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    if (operation != EPOLL_CTL_DEL)
        mei_want(fd, true);
    return REAL(int (*)(int, int, int, struct epoll_event *), "epoll_ctl")(epoll, operation, fd,
                                                                           event);
}
