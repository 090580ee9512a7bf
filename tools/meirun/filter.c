// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "tools/meirun/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined __s390x__
#define ARCHITECTURE AUDIT_ARCH_S390X
#elif defined __riscv && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_PPC64LE
#else
#define ARCHITECTURE 0 /* no program's: none of its calls is handed over */
#endif

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const uint32_t with_a_path[] = {
#ifdef SYS_open
    SYS_open,
#endif
#ifdef SYS_stat
    SYS_stat,       SYS_lstat,
#endif
#ifdef SYS_access
    SYS_access,
#endif
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_openat2
    SYS_openat2,
#endif
    SYS_openat,     SYS_statx, SYS_faccessat,
};

static const struct {
    uint32_t call, argument; /* which argument is the descriptor */
} on_a_descriptor[] = {
    {SYS_read, 0}, {SYS_write, 0}, {SYS_fstat, 0}, {SYS_ioctl, 0}, {SYS_epoll_ctl, 2},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PROGRAM_MAX (4 + 2 * COUNT(with_a_path) + 6 * COUNT(on_a_descriptor) + 1)

struct program {
    struct sock_filter code[PROGRAM_MAX];
    uint16_t len;
};

static void put(struct program *p, struct sock_filter instruction)
{
    p->code[p->len++] = instruction;
}

static void load(struct program *p, size_t offset)
{
    put(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Skips instructions: so many if it is true, so many if not. */
static void jump(struct program *p, uint16_t condition, uint32_t value, uint8_t yes, uint8_t no)
{
    put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | condition | BPF_K, value, yes, no));
}

static void verdict(struct program *p, uint32_t action)
{
    put(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The lower half of an argument, which a descriptor is. */
static size_t offset_of_argument(uint32_t number)
{
    size_t half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

    return offsetof(struct seccomp_data, args) + 8 * number + half;
}

static void write_program(struct program *p, const struct filter_range *range)
{
    load(p, offsetof(struct seccomp_data, arch));
    jump(p, BPF_JEQ, ARCHITECTURE, 1, 0);
    verdict(p, SECCOMP_RET_ALLOW);
    load(p, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < COUNT(with_a_path); i++) {
        jump(p, BPF_JEQ, with_a_path[i], 0, 1);
        verdict(p, SECCOMP_RET_USER_NOTIF);
    }
    for (size_t i = 0; i < COUNT(on_a_descriptor); i++) {
        jump(p, BPF_JEQ, on_a_descriptor[i].call, 0, 5);
        load(p, offset_of_argument(on_a_descriptor[i].argument));
        jump(p, BPF_JGE, (uint32_t)range->first, 0, 2);
        jump(p, BPF_JGT, (uint32_t)range->last, 1, 0);
        verdict(p, SECCOMP_RET_USER_NOTIF);
        verdict(p, SECCOMP_RET_ALLOW);
    }
    verdict(p, SECCOMP_RET_ALLOW);
}

bool filter_range(struct filter_range *out)
{
    struct rlimit limit;
    rlim_t count = FD_SETSIZE;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < count)
        count = limit.rlim_cur;
    out->last = (int)count - 1;
    out->first = out->last - FILTER_DESCRIPTORS + 1;
    return out->first > FILTER_DESCRIPTORS;
}

int filter_install(const struct filter_range *range)
{
    /* A signal does not interrupt what is being answered, so that nothing is done twice. */
    const unsigned long flags[] = {SECCOMP_FILTER_FLAG_NEW_LISTENER |
                                       SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                                   SECCOMP_FILTER_FLAG_NEW_LISTENER}; /* before Linux 5.19 */
    struct program program = {.len = 0};
    struct sock_fprog handle = {.filter = program.code};
    long listener = -1;

    if (ARCHITECTURE == 0) {
        errno = ENOSYS;
        return -1;
    }
    write_program(&program, range);
    handle.len = program.len;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    for (size_t i = 0; i < COUNT(flags) && listener < 0; i++)
        listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[i], &handle);
    return (int)listener;
}
