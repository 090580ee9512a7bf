#ifndef HOST_AMTHI_COMMAND_H
#define HOST_AMTHI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "fw/host/amthi.h"
#include "fw/host/amthi_reply.h"

/* What amthi.c and the tables of commands share. */

/* One request on its way to its answer. The dispatcher has checked its length; of an ANSI string
 * only the characters are left. */
struct exchange {
    const struct amthi_view *view;
    const uint8_t *payload;
    size_t len;
    struct amthi_reply reply;
    struct amthi_effects *effects;
};

#define PAYLOAD_TEXT 0xFF

struct command {
    uint32_t id;
    const char *name;
    uint32_t (*handle)(struct exchange *x); /* returns the status */
    uint8_t since;                          /* an enum amthi_generation; 0: every release has it */
    uint8_t payload;                        /* exact bytes, or PAYLOAD_TEXT */
    uint8_t text_min, text_max;             /* of the one ANSI string, without NUL */
};

const struct command *amthi_setup_commands(size_t *count);
const struct command *amthi_network_commands(size_t *count);
const struct command *amthi_info_commands(size_t *count);

uint32_t amthi_get_u32(const uint8_t *at);
/* The text as effects->text, where it is a DNS name; else INVALID_PARAMETER. */
uint32_t amthi_take_name(struct exchange *x, enum amthi_action action, uint32_t max);

#endif
