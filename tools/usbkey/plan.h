// SPDX-License-Identifier: BSD-3-Clause
#ifndef USBKEY_PLAN_H
#define USBKEY_PLAN_H

#include "fw/core/limits.h"
#include "fw/host/usbkey/usbkey_file.h"
#include "tools/usbkey/tool.h"

/* The contents of a new setup.bin. */

#define PLAN_ENTRIES 32
#define PLAN_RECORDS_MAX 20000 /* CUTLER */

struct plan_entry {
    uint8_t module, variable, length;
    uint8_t value[USBKEY_VALUE_MAX];
};

struct plan_pair {
    char pid[LIMIT_PID + 1], pps[LIMIT_PPS + 1];
};

struct plan {
    uint8_t format; /* enum usbkey_format */
    bool no_consume, scramble;
    uint32_t records;
    uint32_t entries;
    struct plan_entry entry[PLAN_ENTRIES];
    struct plan_pair *pair; /* NULL, or one for each record */
};

/* False: value is too long, or there are too many entries. Entries are kept in the order in which a
 * file has them: by module and variable. */
bool plan_add(struct plan *plan, uint8_t module, uint8_t variable, const void *value, size_t len);
bool plan_has(const struct plan *plan, uint8_t module, uint8_t variable);
/* One line "PID,PPS" for each record; blank lines and those that begin with '#' do not count.
 * Reports what is wrong. */
int plan_read_pairs(struct plan *plan, const char *path);
int plan_encode(const struct plan *plan, struct image *image); /* reports what is wrong */
void plan_free(struct plan *plan);                             /* wipes it, too */

#endif
