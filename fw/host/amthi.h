#ifndef HOST_AMTHI_H
#define HOST_AMTHI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/setup.h"

/* AMTHI, the provisioning commands of the host interface (HECI client
 * 12F80028-B4B7-4B2D-ACA8-46E0FF65814C). Framing, packed little-endian (PTHI.h, LMS-old, LNX):
 *   0 u8 major 1 | 1 u8 minor 1 | 2 u16 0 | 4 u32 command | 8 u32 length of what follows
 * A response repeats the command with bit 23 set; its payload is u32 status and, only on success,
 * the answer. Pure: the caller carries out what the effects say. */

#define AMTHI_HEADER_BYTES 12
#define AMTHI_VERSION_MAJOR 1
#define AMTHI_VERSION_MINOR 1
#define AMTHI_RESPONSE_BIT 0x00800000u

/* Class CFG (4) << 24 | operation; ids: RPC types.go, LMS-old, PTHI.h. */
enum amthi_command {
    AMTHI_GET_PROVISIONING_MODE = 0x04000008,
    AMTHI_GET_PROVISIONING_STATE = 0x04000011,
    AMTHI_GET_CODE_VERSIONS = 0x0400001A,
    AMTHI_GENERATE_RNG_SEED = 0x04000028,
    AMTHI_START_CONFIGURATION = 0x04000029,
    AMTHI_SET_PROVISIONING_SERVER_OTP = 0x0400002A,
    AMTHI_GET_PROVISIONING_TLS_MODE = 0x0400002B,
    AMTHI_ENUMERATE_HASH_HANDLES = 0x0400002C,
    AMTHI_GET_CERTIFICATE_HASH_ENTRY = 0x0400002D,
    AMTHI_GET_RNG_SEED_STATUS = 0x0400002E,
    AMTHI_SET_PKI_FQDN_SUFFIX = 0x0400002F,
    AMTHI_GET_ZERO_TOUCH_ENABLED = 0x04000030,
    AMTHI_GET_PKI_FQDN_SUFFIX = 0x04000036,
    AMTHI_STOP_CONFIGURATION = 0x0400005E,
};

/* What the door may look at. */
struct amthi_view {
    const struct release *release;
    const struct settings *settings;
    const struct setup *setup;
    bool rng_ready;
};

enum amthi_action {
    AMTHI_ANSWER,     /* send the response */
    AMTHI_SILENT,     /* not AMTHI framing, or a class that is not served: no answer */
    AMTHI_RAISE,      /* feed `event` to the state machine, then answer with its status */
    AMTHI_SET_OTP,    /* store `text`, then answer */
    AMTHI_SET_SUFFIX, /* store `text`, then answer */
};

struct amthi_effects {
    enum amthi_action action;
    enum setup_event_id event;
    uint32_t command; /* as requested; for traces and for amthi_answer() */
    uint32_t status;  /* of the response, or what to answer once the action is carried out */
    char text[LIMIT_SUFFIX + 1];
};

/* Returns the response's length in `response` (LIMIT_AMTHI_RESPONSE bytes), 0 when the action is
 * not AMTHI_ANSWER. len is the message's true length, even if it exceeded the receive buffer. */
size_t amthi_handle(const struct amthi_view *view, const uint8_t *request, size_t len,
                    uint8_t *response, struct amthi_effects *effects);

/* A response without payload: header and status, 16 bytes. */
size_t amthi_answer(uint32_t command, uint32_t status, uint8_t *response);

/* "StartConfiguration"; NULL for an unknown command. */
const char *amthi_command_name(uint32_t command);

#endif
