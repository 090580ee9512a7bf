// SPDX-License-Identifier: BSD-3-Clause
#define _DEFAULT_SOURCE

#include "tools/line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

static const char *make_raw(int fd)
{
    struct termios raw;

    if (tcgetattr(fd, &raw) != 0)
        return "not a terminal";
    cfmakeraw(&raw);
    raw.c_cflag |= CLOCAL | CREAD;
    cfsetspeed(&raw, B115200);
    return tcsetattr(fd, TCSANOW, &raw) == 0 ? NULL : strerror(errno);
}

static int connect_stream(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), reason;

    memcpy(address.sun_path, path, strlen(path));
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int line_open(const char *path, const char **why)
{
    struct stat info;
    int fd;

    *why = NULL;
    if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)) {
        *why = "path too long";
        return -1;
    }
    if (stat(path, &info) != 0) {
        *why = strerror(errno);
        return -1;
    }
    fd = S_ISSOCK(info.st_mode) ? connect_stream(path) : open(path, O_RDWR | O_NOCTTY);
    if (fd < 0)
        *why = strerror(errno);
    else if (!S_ISSOCK(info.st_mode))
        *why = make_raw(fd);
    if (fd >= 0 && *why)
        close(fd);
    return *why ? -1 : fd;
}
