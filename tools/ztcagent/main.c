#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tools/ztcagent/agent.h"

/* The local agent on a socket that stands in for /dev/mei0: AF_UNIX, SOCK_SEQPACKET. The first
 * packet asks for a client by its GUID, as IOCTL_MEI_CONNECT_CLIENT does; after the reply each
 * packet is one HECI message.
 *   request: u8 'C', u8 guid[16]
 *   reply:   u8 'C', u8 status (0 ok, 1 unknown client, 2 busy), u32 LE max message length,
 *            u8 protocol version, u8 0[3] */

#define DEFAULT_SOCKET "proviso-host.sock"
#define SOCKET_VARIABLE "PROVISO_HOST_SOCKET"
#define RESPONSE_TIMEOUT_MS 2000 /* PTHI.c */
#define CONNECT_REPLY_BYTES 10

struct arguments {
    const char *socket_path;
    struct agent_options options;
    bool help;
};

static const char help_text[] =
    "usage: ztcagent [--socket PATH] [-discovery] [-activate] [-otp VALUE] [-dns SUFFIX]\n"
    "\n"
    "  -discovery     show code versions, certificate hashes and the set-up state\n"
    "  -activate      start set-up and configuration (remote configuration or one-touch)\n"
    "  -otp VALUE     with -activate: one-time password for the set-up server, 8 to 32 characters\n"
    "  -dns SUFFIX    with -activate: PKI DNS suffix\n"
    "  --socket PATH  the device's host interface\n"
    "                 (default: $" SOCKET_VARIABLE ", else ./" DEFAULT_SOCKET ")\n"
    "  --help         show this text\n"
    "\n"
    "exit status: 0 done, 1 the device refused, 2 bad usage, 3 no device\n";

static int usage_error(const char *what)
{
    fprintf(stderr, "ztcagent: %s; see ztcagent --help\n", what);
    return AGENT_USAGE;
}

/* Values are never echoed: a mistyped -otp would show its secret. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
    char what[96];

    for (int i = 1; i < argc; i++) {
        const char **value = NULL;

        if (strcmp(argv[i], "--help") == 0)
            arguments->help = true;
        else if (strcmp(argv[i], "-discovery") == 0)
            arguments->options.discovery = true;
        else if (strcmp(argv[i], "-activate") == 0)
            arguments->options.activate = true;
        else if (strcmp(argv[i], "-otp") == 0)
            value = &arguments->options.otp;
        else if (strcmp(argv[i], "-dns") == 0)
            value = &arguments->options.dns;
        else if (strcmp(argv[i], "--socket") == 0)
            value = &arguments->socket_path;
        else {
            snprintf(what, sizeof(what), "argument %d is not an option", i);
            return usage_error(what);
        }
        if (!value)
            continue;
        if (i + 1 == argc) {
            snprintf(what, sizeof(what), "%s needs a value", argv[i]);
            return usage_error(what);
        }
        *value = argv[++i];
    }
    return AGENT_OK;
}

static int wait_readable(int fd, int timeout_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int ready;

    do {
        ready = poll(&p, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready;
}

/* An answer that came after its request had been given up is not the answer to the next one. */
static void drop_late_answers(int fd)
{
    uint8_t byte;

    while (wait_readable(fd, 0) > 0)
        if (recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) <= 0)
            return;
}

static int exchange(void *ctx, const uint8_t *request, size_t len, uint8_t *response, size_t cap)
{
    int fd = *(int *)ctx;
    struct iovec part = {.iov_base = response, .iov_len = cap};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t got;

    drop_late_answers(fd);
    if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
        return 0;
    if (wait_readable(fd, RESPONSE_TIMEOUT_MS) <= 0)
        return -1;
    got = recvmsg(fd, &message, 0);
    if (got < 0)
        return 0;
    /* Longer than any response: more than cap tells the agent that it is malformed. */
    return message.msg_flags & MSG_TRUNC ? (int)cap + 1 : (int)got;
}

static void wait_ms(void *ctx, uint32_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    (void)ctx;
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        continue;
}

static void print(void *ctx, const char *line)
{
    (void)ctx;
    puts(line);
    fflush(stdout);
}

/* Asks for the AMTHI client, 12F80028-B4B7-4B2D-ACA8-46E0FF65814C; NULL, or what is wrong. */
static const char *open_client(int fd)
{
    static const uint8_t request[] = {'C',  0x28, 0x00, 0xF8, 0x12, 0xB7, 0xB4, 0x2D, 0x4B,
                                      0xAC, 0xA8, 0x46, 0xE0, 0xFF, 0x65, 0x81, 0x4C};
    uint8_t reply[CONNECT_REPLY_BYTES + 1];

    if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
        return "the connection was closed";
    if (wait_readable(fd, RESPONSE_TIMEOUT_MS) <= 0)
        return "no reply to the connect request";
    if (recv(fd, reply, sizeof(reply), 0) != CONNECT_REPLY_BYTES || reply[0] != 'C')
        return "it does not speak the host interface";
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

static int connect_device(const char *path, int *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *wrong;
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        fprintf(stderr, "ztcagent: cannot reach a device at %s: the path is too long\n", path);
        return AGENT_NO_DEVICE;
    }
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        wrong = open_client(fd);
    else
        wrong = strerror(errno);
    if (!wrong) {
        *out = fd;
        return AGENT_OK;
    }
    fprintf(stderr, "ztcagent: cannot reach a device at %s: %s\n", path, wrong);
    if (fd >= 0)
        close(fd);
    return AGENT_NO_DEVICE;
}

static const char *default_socket(void)
{
    const char *path = getenv(SOCKET_VARIABLE);

    return path && path[0] ? path : DEFAULT_SOCKET;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.socket_path = default_socket()};
    struct agent_result result;
    struct agent_io io = {.exchange = exchange, .wait_ms = wait_ms, .print = print};
    int fd = -1;
    int exit_status = parse(argc, argv, &arguments);
    const char *wrong;

    if (exit_status != AGENT_OK)
        return exit_status;
    if (arguments.help) {
        fputs(help_text, stdout);
        return AGENT_OK;
    }
    wrong = agent_usage_error(&arguments.options);
    if (wrong)
        return usage_error(wrong);
    exit_status = connect_device(arguments.socket_path, &fd);
    if (exit_status != AGENT_OK)
        return exit_status;
    io.ctx = &fd;
    exit_status = agent_run(&io, &arguments.options, &result);
    close(fd);
    return exit_status;
}
