// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LINUX_FLASH_H
#define HAL_LINUX_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/flash.h"
#include "hal/linux/error.h"

/* Flash in a file: what one process has written, the next one finds, however the first one ended.
 * A program unit that is not erased cannot be programmed: that is an error and changes nothing.
 * Once the open file has another size, or has been removed or replaced, every operation is an
 * error. */

#define LINUX_FLASH_SECTOR_BYTES 4096u
#define LINUX_FLASH_SECTORS 4u
#define LINUX_FLASH_BYTES (LINUX_FLASH_SECTOR_BYTES * LINUX_FLASH_SECTORS)
#define LINUX_FLASH_UNIT 4u

struct linux_flash {
    int fd; /* -1 = closed */
    bool in_memory;
};

/* path NULL: in memory only. A file that does not exist is created, erased; an existing one must
 * have the flash's size. The file is locked: one process at a time can have it open. */
bool linux_flash_open(struct linux_flash *flash, const char *path, struct linux_error *error);
void linux_flash_close(struct linux_flash *flash);
struct hal_flash linux_flash_hal(struct linux_flash *flash);

#endif
