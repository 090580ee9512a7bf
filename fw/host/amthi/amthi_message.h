// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_AMTHI_MESSAGE_H
#define HOST_AMTHI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/setup.h"

/* AMTHI, the commands of the host interface (HECI client
 * 12F80028-B4B7-4B2D-ACA8-46E0FF65814C). Framing, packed little-endian (PTHI.h, LMS-old, LNX):
 *   0 u8 major 1 | 1 u8 minor 1 | 2 u16 0 | 4 u32 command | 8 u32 length of what follows
 * A response repeats the command with bit 23 set. Its payload is u32 status and, only on success,
 * the answer. Also here: what a command may look at, and its effects. */

#define AMTHI_HEADER_BYTES 12
#define AMTHI_VERSION_MAJOR 1
#define AMTHI_VERSION_MINOR 1
#define AMTHI_RESPONSE_BIT 0x00800000u

/* Class << 24 | operation, class 4 = CFG, 1 = STATE (RPC types.go, LMS-old, PTHI.h). enum
 * amthi_generation says which of them a release has. */
enum amthi_command {
    AMTHI_GET_TCPIP_PARAMETERS = 0x04000006,
    AMTHI_GET_PROVISIONING_MODE = 0x04000008,
    AMTHI_UNPROVISION = 0x04000010,
    AMTHI_GET_PROVISIONING_STATE = 0x04000011,
    AMTHI_GET_CODE_VERSIONS = 0x0400001A,
    AMTHI_GET_SECURITY_PARAMETERS = 0x0400001B,
    AMTHI_GET_ADMIN_NET_ACL_ENTRY_STATUS = 0x0400001E,
    AMTHI_GET_MAC_ADDRESSES = 0x04000025,
    AMTHI_GET_AMT_SETUP_AUDIT_RECORD = 0x04000027,
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
    AMTHI_SET_ZERO_TOUCH_ENABLED = 0x0400003A,
    AMTHI_GET_PID = 0x0400003B,
    AMTHI_GET_DNS_SUFFIX_LIST = 0x0400003E,
    AMTHI_SET_ENTERPRISE_ACCESS = 0x0400003F,
    AMTHI_OPEN_USER_INITIATED_CONNECTION = 0x04000044,
    AMTHI_CLOSE_USER_INITIATED_CONNECTION = 0x04000045,
    AMTHI_GET_REMOTE_ACCESS_CONNECTION_STATUS = 0x04000046,
    AMTHI_GET_CURRENT_POWER_POLICY = 0x04000047,
    AMTHI_GET_LAN_INTERFACE_SETTINGS = 0x04000048,
    AMTHI_GET_FEATURES_STATE = 0x04000049,
    AMTHI_GET_LAST_HOST_RESET_REASON = 0x0400004A,
    AMTHI_GET_USER_INITIATED_ENABLED_INTERFACES = 0x0400004D,
    AMTHI_GET_CONFIG_SERVER_DATA = 0x0400004E,
    AMTHI_GET_ME_SETUP_AUDIT_RECORD = 0x04000050,
    AMTHI_GET_IPV6_LAN_INTERFACE_STATUS = 0x04000052,
    AMTHI_GET_HOST_FQDN = 0x04000056,
    AMTHI_GET_REDIRECTION_STATE = 0x04000058,
    AMTHI_SET_HOST_FQDN = 0x0400005B,
    AMTHI_GET_UUID = 0x0400005C,
    AMTHI_STOP_CONFIGURATION = 0x0400005E,
    AMTHI_START_CONFIGURATION_EX = 0x04000062,
    AMTHI_GET_LOCAL_SYSTEM_ACCOUNT = 0x04000067,
    AMTHI_GET_AMT_STATE = 0x01000001,
};

/* The network as the ME sees it; addresses: 1.2.3.4 = 0x01020304, 0 = none. */
struct amthi_network {
    bool link;
    bool active; /* the ME has a lease of its own; else it uses the host's address */
    struct static_address address;
    const char *domain; /* of the lease (option 15), "" = none */
};

/* What commands may look at; no pointer is NULL. */
struct amthi_view {
    const struct release *release;
    const struct settings *settings;
    const struct setup *setup;
    const uint8_t *uuid; /* LIMIT_UUID_BYTES, SMBIOS order */
    const uint8_t *mac;  /* LIMIT_MAC_BYTES */
    bool rng_ready;
    bool disabled; /* AMT is switched off in the BIOS */
    struct amthi_network network;
#if FW_MACHINE
    bool sol_open; /* somebody uses serial over LAN */
#endif
};

enum amthi_action {
    AMTHI_ANSWER,      /* send the response */
    AMTHI_SILENT,      /* not an AMTHI message, or of an unknown class: no answer */
    AMTHI_EMPTY,       /* AMT is disabled: send a message of 0 bytes (PTHI.c, LNX) */
    AMTHI_RAISE_EVENT, /* feed `event` to the state machine, then answer with its status */
    AMTHI_SET_OTP,     /* store `text`, then answer */
    AMTHI_SET_SUFFIX,  /* store `text`, then answer */
    AMTHI_SET_NAME, /* store `text` as host name and, behind its first dot, domain, then answer */
};

struct amthi_effects {
    enum amthi_action action;
    enum setup_event_id event;
    uint32_t command; /* as requested; for the trace and for amthi_status_response() */
    uint32_t status;  /* of the response; of the answer that follows the action */
    char text[LIMIT_FQDN + 1];
};

#endif
