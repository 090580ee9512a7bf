// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_AMTHI_H
#define HOST_AMTHI_H

#include <stddef.h>
#include <stdint.h>

#include "fw/host/amthi/amthi_message.h"

/* The AMTHI command interface: one request, one answer. Pure: the caller carries out the
 * effects. */

/* Writes the response (at most LIMIT_AMTHI_RESPONSE bytes) and returns its length; 0 when the
 * action is not AMTHI_ANSWER. len is the message's true length, even if it exceeded the receive
 * buffer. */
size_t amthi_handle(const struct amthi_view *view, const uint8_t *request, size_t len,
                    uint8_t *response, struct amthi_effects *effects);

/* A response without payload: header and status, 16 bytes. */
size_t amthi_status_response(uint32_t command, uint32_t status, uint8_t *response);

/* "StartConfiguration"; NULL for an unknown command, and without FW_TEXTS. */
#if FW_TEXTS
const char *amthi_command_name(uint32_t command);
#else
static inline const char *amthi_command_name(uint32_t command)
{
    (void)command;
    return NULL;
}
#endif

#endif
