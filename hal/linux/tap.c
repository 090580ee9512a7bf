// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "hal/linux/tap.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define TUN "/dev/net/tun"

_Static_assert(LINUX_TAP_NAME == IFNAMSIZ, "an interface's name");

bool linux_tap_name_ok(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length >= LINUX_TAP_NAME || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0)
        return false;
    /* The kernel replaces %d. */
    for (; *name; name++)
        if (!isgraph((unsigned char)*name) || strchr("/:%", *name))
            return false;
    return true;
}

static struct ifreq request_for(const struct linux_tap *tap)
{
    struct ifreq request;

    memset(&request, 0, sizeof(request));
    memcpy(request.ifr_name, tap->name, sizeof(request.ifr_name));
    return request;
}

static bool open_device(struct linux_tap *tap, struct linux_error *error)
{
    tap->fd = open(TUN, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (tap->fd >= 0)
        return true;
    if (errno == EACCES || errno == EPERM)
        return linux_fail(error, "cannot open " TUN ": %s; run as root or with CAP_NET_ADMIN",
                          strerror(errno));
    return linux_fail(error, "cannot open " TUN ": %s; is the tun module loaded?", strerror(errno));
}

static bool attach(struct linux_tap *tap, struct linux_error *error)
{
    struct ifreq request = request_for(tap);

    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (ioctl(tap->fd, TUNSETIFF, &request) == 0)
        return true;
    switch (errno) {
    case EPERM:
        return linux_fail(error, "cannot use interface %s: %s; run as root or with CAP_NET_ADMIN",
                          tap->name, strerror(errno));
    case EBUSY:
        return linux_fail(error, "interface %s is in use by another process", tap->name);
    case EINVAL:
        return linux_fail(error, "interface %s is not a TAP interface", tap->name);
    default:
        return linux_fail(error, "cannot use interface %s: %s", tap->name, strerror(errno));
    }
}

/* The same socket tells of changes and answers for the flags. */
static bool watch_interfaces(struct linux_tap *tap, struct linux_error *error)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};

    tap->events = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (tap->events >= 0 &&
        bind(tap->events, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return true;
    return linux_fail(error, "cannot watch interface %s: %s", tap->name, strerror(errno));
}

bool linux_tap_open(struct linux_tap *tap, const char *name, struct linux_error *error)
{
    memset(tap, 0, sizeof(*tap));
    tap->fd = -1;
    tap->events = -1;
    if (!linux_tap_name_ok(name))
        return linux_fail(error, "invalid interface name \"%.40s\"", name);
    memcpy(tap->name, name, strlen(name));
    if (open_device(tap, error) && attach(tap, error) && watch_interfaces(tap, error))
        return true;
    linux_tap_close(tap);
    return false;
}

void linux_tap_close(struct linux_tap *tap)
{
    if (tap->fd >= 0)
        close(tap->fd);
    if (tap->events >= 0)
        close(tap->events);
    tap->fd = -1;
    tap->events = -1;
}

static size_t receive(void *ctx, uint8_t *out, size_t cap)
{
    struct linux_tap *tap = ctx;
    uint8_t beyond;
    struct iovec parts[] = {{.iov_base = out, .iov_len = cap},
                            {.iov_base = &beyond, .iov_len = sizeof(beyond)}};

    for (;;) {
        ssize_t n = readv(tap->fd, parts, 2);

        if (n > (ssize_t)cap || (n < 0 && errno == EINTR))
            continue;
        if (n > 0)
            return (size_t)n;
        tap->gone = n < 0 && errno != EAGAIN;
        return 0;
    }
}

static int send_frame(void *ctx, const uint8_t *frame, size_t len)
{
    const struct linux_tap *tap = ctx;

    return write(tap->fd, frame, len) == (ssize_t)len ? 0 : -1;
}

static bool link_up(void *ctx)
{
    const struct linux_tap *tap = ctx;
    struct ifreq request = request_for(tap);

    return ioctl(tap->events, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP;
}

void linux_tap_drain(struct linux_tap *tap)
{
    uint8_t start;
    ssize_t n;

    do {
        n = read(tap->fd, &start, sizeof(start));
    } while (n > 0 || (n < 0 && errno == EINTR));
}

void linux_tap_drain_events(struct linux_tap *tap)
{
    uint8_t start;

    /* An overrun is reported as an error: some change was missed, which is a change. */
    while (recv(tap->events, &start, sizeof(start), 0) >= 0 || errno == EINTR || errno == ENOBUFS)
        continue;
}

struct hal_ether linux_tap_hal(struct linux_tap *tap)
{
    return (struct hal_ether){
        .ctx = tap, .receive = receive, .send = send_frame, .link_up = link_up};
}
