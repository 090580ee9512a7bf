// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_PC_INTERNAL_H
#define SIM_PC_INTERNAL_H

#include "sim/pc/pc.h"

/* Shared by pc.c (power), bios.c, os.c and text.c. */

#define PC_NEVER UINT64_MAX

/* Keys that are no character. */
enum pc_key { PC_KEY_UP = 256, PC_KEY_DOWN, PC_KEY_ESCAPE, PC_KEY_DELETE };

extern const struct hal_inventory pc_inventory;

static inline uint64_t pc_now(const struct pc *pc)
{
    return pc->owner.now_us(pc->owner.ctx);
}

static inline void pc_changed(struct pc *pc, enum pc_change change)
{
    pc->owner.changed(pc->owner.ctx, change);
}

/* text.c: what is shown. */
void pc_print(struct pc *pc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pc_clear(struct pc *pc); /* the screen, and the terminal behind the line */
void pc_black(struct pc *pc); /* the screen alone: no power */
size_t pc_serial_read(void *ctx, uint8_t *bytes, size_t cap);

/* bios.c: from here until pc_os_start(). */
void pc_post_begin(struct pc *pc, const struct boot_settings *boot);
void pc_bios_step(struct pc *pc); /* at step_us */
void pc_bios_key(struct pc *pc, int key);
bool pc_report_progress(struct pc *pc, uint8_t code);

/* os.c */
void pc_os_start(struct pc *pc);
void pc_os_step(struct pc *pc);
void pc_os_leave(struct pc *pc, bool restarts);
void pc_os_key(struct pc *pc, int key);

#endif
