// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/meirun/filter.h"
#include "tools/meirun/serve.h"
#include "tools/version.h"

#define DEFAULT_SOCKET "proviso-host.sock"

/* As env(1) and its kind have them. */
enum { STATUS_FAILED = 125, STATUS_NOT_RUN = 126, STATUS_NOT_FOUND = 127, STATUS_SIGNAL = 128 };

static const char help_text[] =
    "usage: meirun [--socket PATH] PROGRAM [ARGUMENT...]\n"
    "\n"
    "Runs a program for which /dev/mei0 is an emulated device's host interface, one that is\n"
    "statically linked, too.\n"
    "\n"
    "  --socket PATH  the device's host interface, as proviso live --host-socket makes it\n"
    "                 (default: $" MEI_SOCKET_VARIABLE ", else ./" DEFAULT_SOCKET ")\n"
    "  --help         show this text\n"
    "  --version      show the version\n"
    "\n"
    "exit status: the program's; 128 + N if signal N ended it; 125 meirun itself failed,\n"
    "126 the program could not be run, 127 it was not found\n";

static int complain(const char *what)
{
    fprintf(stderr, "meirun: %s\n", what);
    return STATUS_FAILED;
}

/* --- the program */

static bool send_descriptor(int to, int fd)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
                            .cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS}};
    char byte = 0;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control.room)};

    memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
    return sendmsg(to, &message, 0) == 1;
}

/* -1: none came. */
static int receive_descriptor(int from)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    char byte;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control.room)};
    int fd = -1;

    if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message))
        memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
    return fd;
}

/* In the child. */
static void become(char **program, const struct filter_range *range, int parent)
{
    int listener = filter_install(range), error;

    if (listener < 0 || !send_descriptor(parent, listener))
        _exit(STATUS_FAILED);
    close(listener);
    close(parent);
    execvp(program[0], program);
    error = errno;
    fprintf(stderr, "meirun: cannot run %s: %s\n", program[0], strerror(error));
    _exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
}

static pid_t child;

static void pass_on(int signal)
{
    kill(child, signal);
}

/* The terminal's own reach the program anyway, and it decides what they mean. */
static void set_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGTERM, pass_on);
    signal(SIGHUP, pass_on);
}

/* Until the last process that the program has started has ended. */
static int attend(int listener, const char *socket_path, const struct filter_range *range)
{
    static struct serve server;
    int ended = (int)syscall(SYS_pidfd_open, child, 0), status = 0;

    serve_init(&server, listener, socket_path, range);
    while (serve(&server, ended))
        if (ended >= 0 && waitpid(child, &status, WNOHANG) == child) {
            close(ended);
            ended = -1;
        }
    if (ended >= 0)
        waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run(char **program, const char *socket_path)
{
    struct filter_range range;
    int pair[2], listener;

    if (mei_access(socket_path, 0) != 0) {
        fprintf(stderr,
                "meirun: there is no device at %s; \"proviso live --host-socket %s\" makes one, "
                "--socket PATH names another\n",
                socket_path, socket_path);
        return STATUS_FAILED;
    }
    if (!filter_range(&range))
        return complain("a program may have too few open files; raise the limit: ulimit -n 64");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 || (child = fork()) < 0)
        return complain(strerror(errno));
    if (child == 0) {
        close(pair[0]);
        become(program, &range, pair[1]);
    }
    close(pair[1]);
    set_signals();
    listener = receive_descriptor(pair[0]);
    close(pair[0]);
    if (listener >= 0)
        return attend(listener, socket_path, &range);
    waitpid(child, NULL, 0);
    return complain("this kernel does not let one program answer another's system calls, or "
                    "forbids it here (Linux 5.9 or newer is needed, with seccomp's user "
                    "notification); a program that is not statically linked can be run with "
                    "LD_PRELOAD=meipreload.so instead");
}

/* Its options end where the program begins. */
int main(int argc, char **argv)
{
    const char *socket_path = getenv(MEI_SOCKET_VARIABLE);
    int at = 1;

    if (!socket_path || !socket_path[0])
        socket_path = DEFAULT_SOCKET;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            fputs(help_text, stdout);
            return 0;
        }
        if (strcmp(argv[at], "--version") == 0) {
            puts("meirun " PROVISO_VERSION);
            return 0;
        }
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (strncmp(argv[at], "--socket=", 9) == 0)
            socket_path = argv[at] + 9;
        else if (strcmp(argv[at], "--socket") == 0 && at + 1 < argc)
            socket_path = argv[++at];
        else
            return complain("unknown option, or one without its value; see meirun --help");
    }
    if (at >= argc)
        return complain("which program? see meirun --help");
    return run(argv + at, socket_path);
}
