// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "tools/meirun/memory.h"

#include <string.h>
#include <sys/uio.h>

#define PAGE 4096u /* the smallest: none begins elsewhere */

static struct iovec there(uint64_t address, size_t size)
{
    return (struct iovec){.iov_base = (void *)(uintptr_t)address, .iov_len = size};
}

bool memory_read(pid_t thread, uint64_t address, void *out, size_t size)
{
    struct iovec here = {.iov_base = out, .iov_len = size}, remote = there(address, size);

    return size == 0 || process_vm_readv(thread, &here, 1, &remote, 1, 0) == (ssize_t)size;
}

bool memory_write(pid_t thread, uint64_t address, const void *data, size_t size)
{
    struct iovec here = {.iov_base = (void *)(uintptr_t)data, .iov_len = size};
    struct iovec remote = there(address, size);

    return size == 0 || process_vm_writev(thread, &here, 1, &remote, 1, 0) == (ssize_t)size;
}

/* It may end where the next page is nobody's. */
bool memory_text(pid_t thread, uint64_t address, char *out, size_t size)
{
    size_t first = PAGE - address % PAGE < size ? PAGE - address % PAGE : size;

    memset(out, 0, size);
    if (!memory_read(thread, address, out, first))
        return false;
    if (!memchr(out, '\0', first) && first < size &&
        !memory_read(thread, address + first, out + first, size - first))
        return false;
    out[size - 1] = '\0';
    return true;
}
