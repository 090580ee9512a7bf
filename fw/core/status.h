// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* Status codes of the host interface, PT_STATUS_x = AMT_STATUS_x.
 * Source: Intel StatusCodeDefinitions.h (2004-2008 and intel/lms), rpc-go status.go. */
#define PT_STATUS_LIST(X)                                                                          \
    X(0x0000, SUCCESS)                                                                             \
    X(0x0001, INTERNAL_ERROR)                                                                      \
    X(0x0002, NOT_READY)                                                                           \
    X(0x0003, INVALID_PT_MODE)                                                                     \
    X(0x0004, INVALID_MESSAGE_LENGTH)                                                              \
    X(0x000B, NOT_ENOUGH_STORAGE)                                                                  \
    X(0x000C, INVALID_NAME)                                                                        \
    X(0x0010, NOT_PERMITTED)                                                                       \
    X(0x001A, INVALID_DHCP_MODE)                                                                   \
    X(0x001B, INVALID_IP_ADDRESS)                                                                  \
    X(0x001C, INVALID_DOMAIN_NAME)                                                                 \
    X(0x0020, INVALID_PROVISIONING_STATE)                                                          \
    X(0x0022, INVALID_TIME)                                                                        \
    X(0x0023, INVALID_INDEX)                                                                       \
    X(0x0024, INVALID_PARAMETER)                                                                   \
    X(0x0026, FLASH_WRITE_LIMIT_EXCEEDED)                                                          \
    X(0x002A, INVALID_PID_FORMAT)                                                                  \
    X(0x002B, INVALID_PPS_FORMAT)                                                                  \
    X(0x002F, RNG_GENERATION_IN_PROGRESS)                                                          \
    X(0x0030, RNG_NOT_READY)                                                                       \
    X(0x0031, CERTIFICATE_NOT_READY)                                                               \
    X(0x0200, REMOTE_ACCESS_NOT_GRANTED)                                                           \
    X(0x0801, UNSUPPORTED_OEM_NUMBER)                                                              \
    X(0x0802, UNSUPPORTED_BOOT_OPTION)                                                             \
    X(0x0803, INVALID_COMMAND)                                                                     \
    X(0x0804, INVALID_SPECIAL_COMMAND)                                                             \
    X(0x0805, INVALID_HANDLE)                                                                      \
    X(0x0806, INVALID_PASSWORD)                                                                    \
    X(0x0809, DATA_MISSING)                                                                        \
    X(0x080E, INVALID_KEY)                                                                         \
    X(0x080F, INVALID_CERT)                                                                        \
    X(0x0810, CERT_KEY_NOT_MATCH)                                                                  \
    X(0x0812, UNSUPPORTED)                                                                         \
    X(0x0814, NOT_FOUND)                                                                           \
    X(0x081C, BLOCKING_COMPONENT)                                                                  \
    PT_STATUS_MACHINE_LIST(X)

/* Those that only the management of a machine has. */
#if FW_MACHINE
#define PT_STATUS_MACHINE_LIST(X)                                                                  \
    X(0x0017, MAX_LIMIT_REACHED)                                                                   \
    X(0x0807, INVALID_REALM)                                                                       \
    X(0x080A, DUPLICATE)
#else
#define PT_STATUS_MACHINE_LIST(X)
#endif

enum pt_status {
#define PT_STATUS_ENUM(value, name) PT_STATUS_##name = (value),
    PT_STATUS_LIST(PT_STATUS_ENUM)
#undef PT_STATUS_ENUM
};

/* "PT_STATUS_NOT_READY"; NULL for a code that is not in the list, and without FW_TEXTS
 * (config.h). */
#if FW_TEXTS
const char *pt_status_name(uint32_t status);
#else
static inline const char *pt_status_name(uint32_t status)
{
    (void)status;
    return NULL;
}
#endif

#endif
