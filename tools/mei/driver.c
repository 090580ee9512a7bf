// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "tools/mei/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hal/linux/hostbus.h"

#define DEVICE "/dev/mei"
#define NUMBER_MAX 255
#define GUID_BYTES MEI_CONNECT_BYTES
#define REQUEST_BYTES (1 + GUID_BYTES)
#define REPLY_BYTES 10
#define PROPERTIES_BYTES 8
#define SESSIONS 64u

/* An open file, as the driver has one for each open(). It is found by its socket's cookie, which no
 * other socket ever has, and not by the descriptor: a duplicate is the same file, and what somebody
 * closed behind our back is none. The oldest is forgotten. */
struct session {
    _Atomic uint64_t cookie; /* 0 = free */
    atomic_bool connected;
    /* The device sends a message only to who wants one: a read() or poll() tells it so, and a
     * read() that does not wait returns before it can have come. */
    atomic_bool wanted;
    atomic_bool watched; /* by epoll, at all times */
    atomic_size_t read;  /* how much of the message that waits has been read already */
};

static struct session sessions[SESSIONS];
static atomic_uint opened;

int mei_number(const char *path)
{
    int number = 0;

    if (!path || strncmp(path, DEVICE, sizeof(DEVICE) - 1) != 0)
        return -1;
    for (path += sizeof(DEVICE) - 1; *path >= '0' && *path <= '9' && number <= NUMBER_MAX; path++)
        number = number * 10 + (*path - '0');
    return *path == '\0' && number <= NUMBER_MAX ? number : -1;
}

int mei_access(const char *socket_path, int mode)
{
    if (access(socket_path, F_OK) != 0)
        return -errno;
    return mode & X_OK ? -EACCES : 0;
}

static int device_error(int error)
{
    switch (error) {
    case ECONNREFUSED: /* a socket that nobody listens on any more */
    case EPIPE:
    case ECONNRESET:
    case ENOTCONN:
        return -ENODEV;
    default:
        return -error;
    }
}

static uint64_t cookie_of(int fd)
{
    uint64_t cookie = 0;
    socklen_t len = sizeof(cookie);

    return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) == 0 ? cookie : 0;
}

static struct session *session_of(int fd)
{
    uint64_t cookie;

    if (opened == 0)
        return NULL;
    cookie = cookie_of(fd);
    for (uint32_t i = 0; cookie != 0 && i < SESSIONS; i++)
        if (sessions[i].cookie == cookie)
            return &sessions[i];
    return NULL;
}

bool mei_is_ours(int fd)
{
    int before = errno;
    bool ours = session_of(fd) != NULL;

    errno = before;
    return ours;
}

static int connect_to(int fd, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return 0;
    return errno == EAGAIN ? -EBUSY : device_error(errno); /* EAGAIN: its queue is full */
}

int mei_open(const char *socket_path, int flags)
{
    int type = SOCK_SEQPACKET | (flags & O_CLOEXEC ? SOCK_CLOEXEC : 0) |
               (flags & O_NONBLOCK ? SOCK_NONBLOCK : 0);
    int fd = socket(AF_UNIX, type, 0), error;
    struct session *session;

    if (fd < 0)
        return -errno;
    error = connect_to(fd, socket_path);
    if (error != 0) {
        close(fd);
        return error;
    }
    session = &sessions[opened++ % SESSIONS];
    session->cookie = 0;
    session->connected = false;
    session->wanted = session->watched = false;
    session->read = 0;
    session->cookie = cookie_of(fd);
    return fd;
}

int mei_ask_client(int fd, const uint8_t data[MEI_CONNECT_BYTES])
{
    const struct session *session = session_of(fd);
    uint8_t request[REQUEST_BYTES] = {'C'};

    if (!session)
        return -EBADF;
    if (session->connected)
        return -EBUSY;
    memcpy(request + 1, data, GUID_BYTES);
    if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
        return -ENODEV;
    return 0;
}

int mei_take_client(int fd, uint8_t data[MEI_CONNECT_BYTES])
{
    struct session *session = session_of(fd);
    uint8_t reply[REPLY_BYTES];

    if (!session || recv(fd, reply, sizeof(reply), MSG_DONTWAIT) != (ssize_t)sizeof(reply) ||
        reply[0] != 'C')
        return -ENODEV; /* hung up: the device has no power */
    switch (reply[1]) {
    case LINUX_CONNECT_OK:
        break;
    case LINUX_CONNECT_UNKNOWN:
        return -ENOTTY;
    default:
        return -EBUSY;
    }
    memcpy(data, reply + 2, PROPERTIES_BYTES);
    memset(data + PROPERTIES_BYTES, 0, MEI_CONNECT_BYTES - PROPERTIES_BYTES);
    session->wanted = false; /* that was for the reply */
    session->connected = true;
    return 0;
}

/* 5.0.0.30, a HECI driver of the time. */
void mei_version(uint8_t data[MEI_VERSION_BYTES])
{
    static const uint8_t version[MEI_VERSION_BYTES] = {5, 0, 0, 30, 0};

    memcpy(data, version, sizeof(version));
}

/* An empty message is "AMT disabled"; an end of the connection reads the same, but is no device. */
static bool is_gone(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

void mei_want(int fd, bool from_now_on)
{
    int before = errno;
    struct session *session = session_of(fd);

    if (session)
        session->wanted = true;
    if (session && from_now_on)
        session->watched = true;
    errno = before;
}

/* Why nothing can be read or written, or 0. */
static int refusal_of(const struct session *session)
{
    if (!session)
        return -EBADF;
    return session->connected ? 0 : -ENODEV;
}

/* The message stays where select() sees it until all of it has been read. */
ssize_t mei_read(int fd, void *out, size_t size, bool now)
{
    struct session *session = session_of(fd);
    const int refusal = refusal_of(session);
    uint8_t message[LINUX_MESSAGE_MAX];
    ssize_t got;
    size_t from, part;

    if (refusal || size == 0)
        return refusal;
    if (!session->wanted && !session->watched && (fcntl(fd, F_GETFL) & O_NONBLOCK)) {
        session->wanted = true;
        return -EAGAIN;
    }
    got = recv(fd, message, sizeof(message), MSG_PEEK | (now ? MSG_DONTWAIT : 0));
    if (got < 0)
        return device_error(errno);
    if (got == 0 && is_gone(fd))
        return -ENODEV;
    from = session->read < (size_t)got ? session->read : 0;
    part = (size_t)got - from < size ? (size_t)got - from : size;
    memcpy(out, message + from, part);
    session->read = from + part;
    if (session->read == (size_t)got) {
        session->read = 0;
        session->wanted = false;
        recv(fd, message, 1, MSG_DONTWAIT);
    }
    return (ssize_t)part;
}

ssize_t mei_write(int fd, const void *message, size_t size, bool now)
{
    const struct session *session = session_of(fd);
    const int refusal = refusal_of(session);
    ssize_t sent;

    if (refusal || size == 0)
        return refusal;
    if (size > LINUX_MESSAGE_MAX)
        return -EFBIG;
    sent = send(fd, message, size, MSG_NOSIGNAL | (now ? MSG_DONTWAIT : 0));
    return sent < 0 ? device_error(errno) : sent;
}
