// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "tools/meirun/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/hostbus.h"
#include "tools/meirun/memory.h"

#define PATH_BYTES 16 /* more than the longest name of a device */
#define LOOK_AFTER_MS 100

/* The kernel's may be longer than the ones that this was compiled with. */
union notification {
    struct seccomp_notif n;
    char room[512];
};

struct call {
    struct serve *serve;
    const struct seccomp_notif *n;
    uint64_t argument[6];
    pid_t thread;
};

static uint64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

void serve_init(struct serve *s, int listener, const char *socket_path,
                const struct filter_range *range)
{
    s->listener = listener;
    s->socket_path = socket_path;
    s->range = *range;
    for (uint32_t i = 0; i < SERVE_WAITING; i++)
        s->waiting[i].fd = -1;
}

/* A value, a negative errno; or the kernel runs the call, which is not ours. The program may have
 * been killed meanwhile. */
static void respond(const struct serve *s, uint64_t id, int64_t value, bool let_it_run)
{
    union {
        struct seccomp_notif_resp r;
        char room[512];
    } response = {.r = {.id = id}};

    if (let_it_run)
        response.r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (value < 0)
        response.r.error = (int)value;
    else
        response.r.val = value;
    ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* --- descriptors of the program */

static pid_t process_of(pid_t thread)
{
    char name[64], line[128];
    pid_t process = thread;
    FILE *file;

    snprintf(name, sizeof(name), "/proc/%d/status", (int)thread);
    file = fopen(name, "re");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, "Tgid:", 5) == 0)
            process = (pid_t)strtol(line + 5, NULL, 10);
    if (file)
        fclose(file);
    return process;
}

/* Our own duplicate of it. */
static int duplicate(pid_t thread, int number)
{
    int process = (int)syscall(SYS_pidfd_open, process_of(thread), 0);
    int fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, number, 0);

    if (process >= 0)
        close(process);
    return fd;
}

static bool is_free(pid_t thread, int number)
{
    char name[64];

    snprintf(name, sizeof(name), "/proc/%d/fd/%d", (int)thread, number);
    return faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

static bool closes_on_exec(pid_t thread, int number)
{
    char name[64], line[128];
    unsigned long flags = 0;
    FILE *file;

    snprintf(name, sizeof(name), "/proc/%d/fdinfo/%d", (int)thread, number);
    file = fopen(name, "re");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, "flags:", 6) == 0)
            flags = strtoul(line + 6, NULL, 8);
    if (file)
        fclose(file);
    return flags & O_CLOEXEC;
}

/* Gives the program ours, under that number, in place of what it has there. */
static int hand(const struct serve *s, uint64_t id, int fd, int number, bool close_on_exec)
{
    struct seccomp_notif_addfd add = {
        .id = id,
        .flags = SECCOMP_ADDFD_FLAG_SETFD,
        .srcfd = (uint32_t)fd,
        .newfd = (uint32_t)number,
        .newfd_flags = close_on_exec ? O_CLOEXEC : 0,
    };

    return ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 ? -EMFILE : number;
}

/* --- calls that name a file */

/* Which device it names; -1: none. */
static int device_of(const struct call *c, uint32_t argument)
{
    char path[PATH_BYTES];

    if (!memory_text(c->thread, c->argument[argument], path, sizeof(path)))
        return -1;
    return mei_number(path);
}

static int64_t answer_open(const struct call *c, uint64_t flags)
{
    int number = c->serve->range.first, fd, result;

    while (number <= c->serve->range.last && !is_free(c->thread, number))
        number++;
    if (number > c->serve->range.last)
        return -EMFILE;
    fd = mei_open(c->serve->socket_path, (int)flags);
    if (fd < 0)
        return fd;
    result = hand(c->serve, c->n->id, fd, number, flags & O_CLOEXEC);
    close(fd);
    return result;
}

static int64_t answer_openat2(const struct call *c)
{
    struct open_how how;

    if (!memory_read(c->thread, c->argument[2], &how, sizeof(how)))
        return -EFAULT;
    return answer_open(c, how.flags);
}

/* The kernel's struct stat is the C library's on every 64-bit machine of Linux. */
static int64_t fill_stat(const struct call *c, uint64_t address, int device)
{
    struct stat s = {
        .st_mode = S_IFCHR | MEI_FILE_MODE,
        .st_nlink = 1,
        .st_ino = 1,
        .st_blksize = 4096,
        .st_rdev = makedev(MEI_FILE_MAJOR, (unsigned)device),
    };

    return memory_write(c->thread, address, &s, sizeof(s)) ? 0 : -EFAULT;
}

static int64_t fill_statx(const struct call *c, uint64_t address, int device)
{
    struct statx s = {
        .stx_mask = STATX_BASIC_STATS,
        .stx_mode = S_IFCHR | MEI_FILE_MODE,
        .stx_nlink = 1,
        .stx_ino = 1,
        .stx_blksize = 4096,
        .stx_rdev_major = MEI_FILE_MAJOR,
        .stx_rdev_minor = (unsigned)device,
    };

    return memory_write(c->thread, address, &s, sizeof(s)) ? 0 : -EFAULT;
}

static int64_t answer_stat(const struct call *c, uint32_t out, int device)
{
    int error = mei_access(c->serve->socket_path, F_OK);

    if (error != 0)
        return error;
    return c->n->data.nr == SYS_statx ? fill_statx(c, c->argument[out], device)
                                      : fill_stat(c, c->argument[out], device);
}

/* fstat(), as C libraries make it of the calls that name a file. */
static bool means_descriptor(const struct call *c, uint64_t flags)
{
    char path[PATH_BYTES];
    bool ours;
    int fd;

    if (!(flags & AT_EMPTY_PATH) || (int)c->argument[0] < c->serve->range.first ||
        (int)c->argument[0] > c->serve->range.last ||
        !memory_text(c->thread, c->argument[1], path, sizeof(path)) || path[0] != '\0')
        return false;
    fd = duplicate(c->thread, (int)c->argument[0]);
    ours = mei_is_ours(fd);
    close(fd);
    return ours;
}

static int64_t answer_path(const struct call *c, bool *let_it_run)
{
    int call = c->n->data.nr;
    bool is_old = false; /* has no descriptor of a folder before the path */
    int device;

#ifdef SYS_open
    is_old = call == SYS_open || call == SYS_stat || call == SYS_lstat || call == SYS_access;
#endif
    device = device_of(c, is_old ? 0 : 1);
    if (device < 0 && ((call == SYS_newfstatat && means_descriptor(c, c->argument[3])) ||
                       (call == SYS_statx && means_descriptor(c, c->argument[2]))))
        device = 0;
    if (device < 0) {
        *let_it_run = true;
        return 0;
    }
    switch (call) {
#ifdef SYS_open
    case SYS_open:
        return answer_open(c, c->argument[1]);
    case SYS_stat:
    case SYS_lstat:
        return answer_stat(c, 1, device);
    case SYS_access:
        return mei_access(c->serve->socket_path, (int)c->argument[1]);
#endif
    case SYS_openat:
        return answer_open(c, c->argument[2]);
    case SYS_openat2:
        return answer_openat2(c);
    case SYS_newfstatat:
        return answer_stat(c, 2, device);
    case SYS_statx:
        return answer_stat(c, 4, device);
    default: /* faccessat, faccessat2 */
        return mei_access(c->serve->socket_path, (int)c->argument[2]);
    }
}

/* --- calls on a descriptor: each returns -EAGAIN while the program has to wait */

static int64_t try_read(const struct serve_waiting *w)
{
    uint8_t message[LINUX_MESSAGE_MAX];
    size_t size = w->size < sizeof(message) ? w->size : sizeof(message);
    ssize_t got = mei_read(w->fd, message, size, true);

    if (got > 0 && !memory_write(w->thread, w->address, message, (size_t)got))
        got = -EFAULT;
    explicit_bzero(message, sizeof(message));
    return got;
}

static int64_t try_write(const struct serve_waiting *w)
{
    uint8_t message[LINUX_MESSAGE_MAX];
    ssize_t sent;

    if (w->size > sizeof(message))
        return -EFBIG;
    if (!memory_read(w->thread, w->address, message, w->size))
        return -EFAULT;
    sent = mei_write(w->fd, message, w->size, true);
    explicit_bzero(message, sizeof(message));
    return sent;
}

/* The emulator has ended a connection that it refused; the driver's can be tried again. */
static void reconnect(const struct serve *s, const struct serve_waiting *w)
{
    int fresh = mei_open(s->socket_path, fcntl(w->fd, F_GETFL));

    if (fresh < 0)
        return;
    hand(s, w->id, fresh, w->number, closes_on_exec(w->thread, w->number));
    close(fresh);
}

static int64_t try_connect(const struct serve *s, const struct serve_waiting *w)
{
    struct pollfd p = {.fd = w->fd, .events = POLLIN};
    uint8_t data[MEI_CONNECT_BYTES];
    int error = -ETIME;

    if (poll(&p, 1, 0) > 0)
        error = mei_take_client(w->fd, data);
    else if (clock_ms() < w->until_ms)
        return -EAGAIN;
    if (error != 0)
        reconnect(s, w);
    else if (!memory_write(w->thread, w->address, data, sizeof(data)))
        error = -EFAULT;
    return error;
}

static int64_t begin_ioctl(struct serve_waiting *w, uint32_t request)
{
    uint8_t data[MEI_CONNECT_BYTES];
    int error;

    switch (request) {
    case MEI_IOCTL_CONNECT:
        if (!memory_read(w->thread, w->address, data, sizeof(data)))
            return -EFAULT;
        error = mei_ask_client(w->fd, data);
        w->until_ms = clock_ms() + MEI_CONNECT_TIMEOUT_MS;
        return error != 0 ? error : -EAGAIN;
    case MEI_IOCTL_VERSION:
        mei_version(data);
        return memory_write(w->thread, w->address, data, MEI_VERSION_BYTES) ? 0 : -EFAULT;
    default:
        return -ENOTTY;
    }
}

static int64_t begin(const struct call *c, struct serve_waiting *w)
{
    switch (w->call) {
    case SYS_read:
        return try_read(w);
    case SYS_write:
        return try_write(w);
    case SYS_ioctl:
        return begin_ioctl(w, (uint32_t)c->argument[1]);
    default:
        return fill_stat(c, c->argument[1], 0);
    }
}

/* What an ioctl waits for, it does on any descriptor. */
static bool may_wait(const struct serve_waiting *w)
{
    return w->call == SYS_ioctl || !(fcntl(w->fd, F_GETFL) & O_NONBLOCK);
}

static struct serve_waiting *free_place(struct serve *s)
{
    for (uint32_t i = 0; i < SERVE_WAITING; i++)
        if (s->waiting[i].fd < 0)
            return &s->waiting[i];
    return NULL;
}

static void answer_descriptor(const struct call *c)
{
    struct serve *s = c->serve;
    struct serve_waiting w = {
        .call = c->n->data.nr,
        .number = (int)c->argument[c->n->data.nr == SYS_epoll_ctl ? 2 : 0],
        .thread = c->thread,
        .id = c->n->id,
        .address = c->argument[c->n->data.nr == SYS_ioctl ? 2 : 1],
        .size = c->argument[2],
        .until_ms = UINT64_MAX,
    };
    struct serve_waiting *place;
    int64_t result;

    w.events = w.call == SYS_write ? POLLOUT : POLLIN;
    w.fd = duplicate(w.thread, w.number);
    if (!mei_is_ours(w.fd) || w.call == SYS_epoll_ctl) {
        mei_want(w.fd, true);
        close(w.fd);
        respond(s, w.id, 0, true);
        return;
    }
    result = begin(c, &w);
    place = result == -EAGAIN && may_wait(&w) ? free_place(s) : NULL;
    if (place) {
        *place = w;
        return;
    }
    close(w.fd); /* first: where the program closes its own, it is the last */
    respond(s, w.id, result, false);
}

/* --- one thing after the other */

static bool is_on_descriptor(int call)
{
    return call == SYS_read || call == SYS_write || call == SYS_fstat || call == SYS_ioctl ||
           call == SYS_epoll_ctl;
}

static void answer_next(struct serve *s)
{
    union notification next;
    struct call c = {.serve = s, .n = &next.n};
    bool let_it_run = false;
    int64_t result;

    memset(&next, 0, sizeof(next));
    if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, &next) != 0)
        return;
    c.thread = (pid_t)next.n.pid;
    for (uint32_t i = 0; i < 6; i++)
        c.argument[i] = next.n.data.args[i];
    if (is_on_descriptor(next.n.data.nr)) {
        answer_descriptor(&c);
        return;
    }
    result = answer_path(&c, &let_it_run);
    respond(s, next.n.id, result, let_it_run);
}

static void go_on(struct serve *s, struct serve_waiting *w)
{
    /* Killed: its connection must not outlive it. */
    bool alive = ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &w->id) == 0;
    int64_t result = 0;

    if (alive)
        result = w->call == SYS_ioctl  ? try_connect(s, w)
                 : w->call == SYS_read ? try_read(w)
                                       : try_write(w);
    if (result == -EAGAIN)
        return;
    close(w->fd);
    w->fd = -1;
    if (alive)
        respond(s, w->id, result, false);
}

bool serve(struct serve *s, int also)
{
    struct pollfd p[2 + SERVE_WAITING] = {{.fd = s->listener, .events = POLLIN},
                                          {.fd = also, .events = POLLIN}};
    bool somebody_waits = false;

    for (uint32_t i = 0; i < SERVE_WAITING; i++) {
        p[2 + i] = (struct pollfd){.fd = s->waiting[i].fd, .events = s->waiting[i].events};
        somebody_waits |= s->waiting[i].fd >= 0;
    }
    if (poll(p, 2 + SERVE_WAITING, somebody_waits ? LOOK_AFTER_MS : -1) < 0)
        return true;
    for (uint32_t i = 0; i < SERVE_WAITING; i++)
        if (s->waiting[i].fd >= 0)
            go_on(s, &s->waiting[i]);
    if (p[0].revents & POLLIN)
        answer_next(s);
    return !(p[0].revents & POLLHUP);
}
