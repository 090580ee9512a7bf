// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "hal/linux/flash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATE_PATH_BYTES 4096

static int read_all(int fd, uint32_t offset, void *out, size_t len)
{
    uint8_t *bytes = out;

    for (size_t done = 0; done < len;) {
        ssize_t n = pread(fd, bytes + done, len - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        done += (size_t)n;
    }
    return 0;
}

/* What it returned from survives the end of the process and of the machine. */
static int write_all(int fd, uint32_t offset, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    for (size_t done = 0; done < len;) {
        ssize_t n = pwrite(fd, bytes + done, len - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        done += (size_t)n;
    }
    return fdatasync(fd);
}

static int erase_sector(int fd, uint32_t sector)
{
    uint8_t erased[LINUX_FLASH_SECTOR_BYTES];

    memset(erased, 0xFF, sizeof(erased));
    return write_all(fd, sector * LINUX_FLASH_SECTOR_BYTES, erased, sizeof(erased));
}

static int erase_all(int fd)
{
    for (uint32_t sector = 0; sector < LINUX_FLASH_SECTORS; sector++)
        if (erase_sector(fd, sector) != 0)
            return -1;
    return 0;
}

static bool in_range(uint32_t offset, size_t len)
{
    return offset <= LINUX_FLASH_BYTES && len <= LINUX_FLASH_BYTES - offset;
}

/* The file still has its size, and a name if it ever had one. Otherwise somebody has cut it, or
 * removed or replaced it, and the next start would find something else. */
static bool is_whole(const struct linux_flash *flash)
{
    struct stat info;

    return fstat(flash->fd, &info) == 0 && info.st_size == LINUX_FLASH_BYTES &&
           (info.st_nlink > 0 || flash->in_memory);
}

static int flash_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    const struct linux_flash *flash = ctx;

    return in_range(offset, len) && is_whole(flash) ? read_all(flash->fd, offset, out, len) : -1;
}

static int flash_program(void *ctx, uint32_t offset, const void *data, size_t len)
{
    const struct linux_flash *flash = ctx;
    uint8_t held[LINUX_FLASH_SECTOR_BYTES];

    if (!in_range(offset, len) || offset % LINUX_FLASH_UNIT || len % LINUX_FLASH_UNIT)
        return -1;
    for (size_t done = 0; done < len;) {
        size_t n = len - done < sizeof(held) ? len - done : sizeof(held);

        if (flash_read(ctx, offset + (uint32_t)done, held, n) != 0)
            return -1;
        for (size_t i = 0; i < n; i++)
            if (held[i] != 0xFF)
                return -1;
        done += n;
    }
    return write_all(flash->fd, offset, data, len);
}

static int flash_erase(void *ctx, uint32_t sector)
{
    const struct linux_flash *flash = ctx;

    return sector < LINUX_FLASH_SECTORS && is_whole(flash) ? erase_sector(flash->fd, sector) : -1;
}

/* A new file gets its name when it is whole, so that a killed process leaves none of another size.
 * True also when another process was faster. */
static bool create(const char *path, struct linux_error *error)
{
    char temporary[STATE_PATH_BYTES];
    int length = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path), fd, reason = 0;

    if (length < 0 || (size_t)length >= sizeof(temporary))
        return linux_fail(error, "path of the state file too long");
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return linux_fail(error, "cannot create state file %s: %s", path, strerror(errno));
    if (erase_all(fd) != 0 || (link(temporary, path) != 0 && errno != EEXIST))
        reason = errno;
    close(fd);
    unlink(temporary);
    return reason == 0 ||
           linux_fail(error, "cannot create state file %s: %s", path, strerror(reason));
}

static bool check(int fd, const char *path, struct linux_error *error)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return linux_fail(error, "cannot open state file %s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return linux_fail(error, "state file %s is not a regular file", path);
    if (info.st_size != LINUX_FLASH_BYTES)
        return linux_fail(error,
                          "state file %s has %lld bytes, expected %u; it is damaged or no state "
                          "file; remove it to start with a new device",
                          path, (long long)info.st_size, LINUX_FLASH_BYTES);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return linux_fail(error, "state file %s is in use by another process", path);
    return linux_fail(error, "cannot lock state file %s: %s", path, strerror(errno));
}

static bool open_file(struct linux_flash *flash, const char *path, struct linux_error *error)
{
    flash->fd = open(path, O_RDWR | O_CLOEXEC);
    if (flash->fd < 0 && errno == ENOENT) {
        if (!create(path, error))
            return false;
        flash->fd = open(path, O_RDWR | O_CLOEXEC);
    }
    if (flash->fd < 0)
        return linux_fail(error, "cannot open state file %s: %s", path, strerror(errno));
    if (check(flash->fd, path, error))
        return true;
    linux_flash_close(flash);
    return false;
}

bool linux_flash_open(struct linux_flash *flash, const char *path, struct linux_error *error)
{
    flash->in_memory = !path;
    if (path)
        return open_file(flash, path, error);
    flash->fd = memfd_create("proviso-flash", MFD_CLOEXEC);
    if (flash->fd >= 0 && erase_all(flash->fd) == 0)
        return true;
    linux_fail(error, "cannot allocate the flash: %s", strerror(errno));
    linux_flash_close(flash);
    return false;
}

void linux_flash_close(struct linux_flash *flash)
{
    if (flash->fd >= 0)
        close(flash->fd);
    flash->fd = -1;
}

struct hal_flash linux_flash_hal(struct linux_flash *flash)
{
    return (struct hal_flash){.ctx = flash,
                              .sector_bytes = LINUX_FLASH_SECTOR_BYTES,
                              .sector_count = LINUX_FLASH_SECTORS,
                              .program_unit = LINUX_FLASH_UNIT,
                              .read = flash_read,
                              .program = flash_program,
                              .erase = flash_erase};
}
