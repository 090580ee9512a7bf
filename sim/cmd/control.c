// SPDX-License-Identifier: BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/cmd/cmd.h"
#include "sim/live/control.h"

#define NAME "control"
#define ANSWER_TIMEOUT_MS 5000

static const char help[] =
    "usage: proviso control --socket PATH WORD...\n"
    "\n"
    "Operates the machine of a running `proviso live --control PATH`.\n"
    "  ac on | off                 off: the chip loses its RAM, only the flash stays\n"
    "  cmos out | in               the battery; 15 s without it and without AC clear the CMOS\n"
    "  cmos clear                  the jumper: with AC off, clears the CMOS at once\n"
    "  unprovision full | partial  in MEBx\n"
    "  mebx server IP [PORT]       provisioning server entered in MEBx\n"
    "  mebx domain NAME            domain entered in MEBx\n"
    "  mebx manual                 configured by hand in MEBx\n"
    "  press power | reset         the PC's buttons\n"
    "  press enter | esc | del     its keyboard\n"
    "  press keys TEXT             likewise; a word\n"
    "  screen                      prints what is on its screen\n"
    "  state                       prints Not started, In process, Completed, AC off, ME off (the\n"
    "                              PC is off and the power package gives the ME no power), or "
    "that\n"
    "                              the device is locked (unprovision full starts anew)\n"
    "\n"
    "exit status: 0 done, 1 refused, also for wrong words, or no device, 2 bad usage\n";

static int failed(const char *path, const char *why)
{
    cmd_error(NAME, "cannot reach a device at %s: %s", path, why);
    return CMD_FAILED;
}

/* NULL, or what is wrong. */
static const char *exchange(int fd, const char *command, char answer[CONTROL_ANSWER_BYTES])
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n;
    int ready;

    if (send(fd, command, strlen(command), MSG_NOSIGNAL) < 0)
        return strerror(errno);
    do {
        ready = poll(&p, 1, ANSWER_TIMEOUT_MS);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return "timed out after 5 s without an answer";
    n = recv(fd, answer, CONTROL_ANSWER_BYTES - 1, 0);
    if (n <= 0)
        return "connection closed without an answer";
    answer[n] = '\0';
    return NULL;
}

static int ask(const char *path, const char *command)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char answer[CONTROL_ANSWER_BYTES];
    const char *wrong = NULL;
    int fd;

    if (strlen(path) >= sizeof address.sun_path)
        return cmd_error(NAME, "socket path too long; expected at most %zu characters",
                         sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        wrong = strerror(errno);
    else
        wrong = exchange(fd, command, answer);
    if (fd >= 0)
        close(fd);
    if (wrong)
        return failed(path, wrong);
    if (strncmp(answer, "error: ", 7) == 0) {
        cmd_error(NAME, "%s", answer + 7);
        return CMD_FAILED;
    }
    puts(answer);
    return cmd_finish(NAME);
}

/* Words with single spaces between them; false when they are too long together. */
static bool add_word(char command[CONTROL_COMMAND_BYTES], const char *word)
{
    size_t used = strlen(command), length = strlen(word);

    if (used + 1 + length >= CONTROL_COMMAND_BYTES)
        return false;
    if (used > 0)
        command[used++] = ' ';
    memcpy(command + used, word, length + 1);
    return true;
}

int cmd_control(int argc, char **argv)
{
    static const struct cmd_option options[] = {{"--socket", "PATH", false}, {NULL, NULL, false}};
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    char command[CONTROL_COMMAND_BYTES] = "";
    const char *path = NULL;

    for (int got; (got = cmd_next(&args, options)) != CMD_ARG_END;) {
        if (got == CMD_ARG_BAD)
            return CMD_USAGE;
        if (got == CMD_ARG_HELP) {
            fputs(help, stdout);
            return cmd_finish(NAME);
        }
        if (got != CMD_ARG_OPERAND)
            path = args.value;
        else if (!add_word(command, args.value))
            return cmd_error(NAME, "command too long; expected at most %d characters",
                             CONTROL_COMMAND_BYTES - 1);
    }
    if (!path)
        return cmd_error(NAME, "--socket PATH is required");
    if (!command[0])
        return cmd_error(NAME, "a command is required; `proviso control --help` lists them");
    return ask(path, command);
}
