// SPDX-License-Identifier: BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fw/core/hex.h"
#include "fw/core/wipe.h"
#include "tools/line.h"
#include "tools/ztcagent/link.h"

#define LINE_BYTES 16384u /* two digits a byte of the longest message, and to spare */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

static void drop_input(int fd)
{
    char bytes[256];

    while (link_wait(fd, 0) > 0)
        if (read(fd, bytes, sizeof(bytes)) <= 0)
            return;
}

const char *link_open_serial(struct link *link, const char *path)
{
    const char *wrong;

    link->fd = line_open(path, &wrong);
    if (link->fd < 0)
        return wrong;
    /* Ends whatever somebody has begun to type. */
    if (write_all(link->fd, "\r", 1))
        return NULL;
    wrong = strerror(errno);
    close(link->fd);
    return wrong;
}

/* The next line without its end, cut to cap - 1 bytes. False: the device went away, or until_ms
 * passed. */
static bool read_line(int fd, int64_t until_ms, char *line, size_t cap)
{
    size_t len = 0;

    for (;;) {
        int64_t left = until_ms - now_ms();
        char byte;

        if (left < 0 || link_wait(fd, (int)left) <= 0 || read(fd, &byte, 1) != 1)
            return false;
        if (byte == '\n')
            break;
        if (byte != '\r' && len + 1 < cap)
            line[len++] = byte;
    }
    line[len] = '\0';
    return true;
}

/* More than cap tells the agent that the answer is malformed. */
static int decode(const char *hex, uint8_t *out, size_t cap)
{
    size_t len = strlen(hex);

    if (len % 2 || len / 2 > cap || !hex_read(hex, out, len / 2))
        return (int)cap + 1;
    return (int)len / 2;
}

static bool send_request(int fd, const uint8_t *request, size_t len)
{
    char line[LINE_BYTES];
    size_t at = 1;
    bool sent;

    line[0] = '>';
    for (size_t i = 0; i < len && at + 4 < sizeof(line); i++)
        at += (size_t)snprintf(line + at, sizeof(line) - at, "%02X", request[i]);
    line[at++] = '\r';
    sent = write_all(fd, line, at);
    wipe(line, sizeof(line));
    return sent;
}

int link_exchange_serial(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                         size_t cap)
{
    int fd = ((const struct link *)ctx)->fd;
    int64_t until_ms = now_ms() + LINK_RESPONSE_MS;
    char line[LINE_BYTES];

    drop_input(fd);
    if (!send_request(fd, request, len))
        return -1;
    while (read_line(fd, until_ms, line, sizeof(line))) {
        if (line[0] == '<')
            return decode(line + 1, response, cap);
        if (line[0] == '!')
            return -1;
    }
    return -1;
}
