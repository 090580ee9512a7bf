// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_USBKEY_FILE_H
#define HOST_USBKEY_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/host/usbkey/usbkey_result.h"
#include "hal/usb.h"

/* setup.bin as a container: file header, data records, entries; and the list of variables.
 * usbkey_apply.c knows what a value means. Everything is little-endian (MCMD, MC-bin).
 *
 * Sources differ on where a record keeps its chunk count, header length and number: at 16, 18, 20
 * (MC-bin's encoder, and the 24-byte length agrees) or at 8, 10, 12 (its decoder). Both are
 * accepted. A chunk count of 0 means 1. */

#define USBKEY_CHUNK 512
#define USBKEY_GUID_BYTES 16
#define USBKEY_HEADER_BYTES 42 /* without listed modules */
#define USBKEY_RECORD_HEADER 24
#define USBKEY_ENTRY_HEADER 8
#define USBKEY_CHUNKS_MAX 8 /* a full 2.1 record takes less than three; assumed */
#define USBKEY_VALUE_MAX 255
#define USBKEY_SCRAMBLE 17u /* added to every byte of a scrambled record's body */
#define USBKEY_MAJORS 4

/* File header */
#define USBKEY_AT_CHUNKS 16
#define USBKEY_AT_HEADER_BYTES 18
#define USBKEY_AT_MAJOR 24
#define USBKEY_AT_MINOR 25
#define USBKEY_AT_FLAGS 26
#define USBKEY_AT_RECORDS 28
#define USBKEY_AT_CONSUMED 32
#define USBKEY_AT_RECORD_CHUNKS 36
#define USBKEY_AT_MODULES 40
#define USBKEY_FLAG_KEEP 1u /* do not consume records; 2.0 and later */

/* Data record */
#define USBKEY_AT_TYPE 0
#define USBKEY_AT_RECORD_FLAGS 4
#define USBKEY_TYPE_INVALID 0u
#define USBKEY_TYPE_DATA 1u
#define USBKEY_RECORD_VALID 1u
#define USBKEY_RECORD_SCRAMBLED 2u

/* In order of appearance; release->setup_bin has bit 1 << format. */
enum usbkey_format { USBKEY_V1, USBKEY_V2_0, USBKEY_V2_1, USBKEY_V3, USBKEY_V4 };

enum usbkey_module { USBKEY_ME = 1, USBKEY_CM = 2 };

enum usbkey_me { /* variables of USBKEY_ME */
                 USBKEY_PASSWORD_NOW = 1,
                 USBKEY_PASSWORD_NEW = 2,
                 USBKEY_MANAGEABILITY = 3,
                 USBKEY_FW_UPDATE = 4,
                 USBKEY_FW_QUALIFIER = 5,
                 USBKEY_POWER_PACKAGE = 6,
};

enum usbkey_cm { /* variables of USBKEY_CM */
                 USBKEY_PID = 1,
                 USBKEY_PPS = 2,
                 USBKEY_PKI_SUFFIX = 3,
                 USBKEY_SERVER_FQDN = 4,
                 USBKEY_RCFG = 5,
                 USBKEY_BUILTIN_HASHES = 6,
                 USBKEY_USER_HASHES = 7,
                 USBKEY_ADD_HASH = 8,
                 USBKEY_REDIRECTION = 10,
                 USBKEY_HOST_NAME = 11,
                 USBKEY_DOMAIN = 12,
                 USBKEY_DHCP = 13,
                 USBKEY_SECURE_UPDATE = 14,
                 USBKEY_IDLE_TIMEOUT = 15,
                 USBKEY_MODE = 16,
                 USBKEY_SERVER_ADDRESS = 17,
                 USBKEY_SERVER_PORT = 18,
                 USBKEY_STATIC_IPV4 = 19,
                 USBKEY_VLAN = 20,
                 USBKEY_PASSWORD_POLICY = 21,
                 USBKEY_SETUP_ACTIVE = 28,
                 USBKEY_MANUAL = 29,
};

#define USBKEY_DHCP_OFF 1
#define USBKEY_DHCP_ON 2
#define USBKEY_HASHES_DISABLE 0
#define USBKEY_HASHES_ENABLE 1
#define USBKEY_HASHES_DELETE 2
#define USBKEY_MODE_ENTERPRISE 1 /* MC-bin: its comment has 1 and 2, its table 0 and 1 */
#define USBKEY_MODE_SMB 2

enum usbkey_type {
    USBKEY_TEXT,    /* not terminated */
    USBKEY_NUMBER,  /* as wide as the variable's length */
    USBKEY_GUID,    /* 16 bytes in wire order */
    USBKEY_ADDRESS, /* 1.2.3.4 = 04 03 02 01 */
    USBKEY_HASH,    /* u8 algorithm, hash, u8 name length, name */
    USBKEY_IPV4,    /* address, mask, gateway, two DNS servers as USBKEY_ADDRESS each: assumed */
    USBKEY_OPAQUE,
};

struct usbkey_variable {
    uint8_t module, variable;
    uint8_t format;         /* enum usbkey_format: the first that has it */
    uint8_t type;           /* enum usbkey_type */
    bool secret;            /* never to be shown */
    uint8_t shortest;       /* bytes */
    uint8_t longest;        /* bytes, <= USBKEY_VALUE_MAX */
    uint16_t lowest, limit; /* of a number, both allowed */
    const char *name;
};

const struct usbkey_variable *usbkey_variables(uint32_t *count);
/* NULL: no such variable is known. */
const struct usbkey_variable *usbkey_variable(uint16_t module, uint16_t variable);
/* The GUID of files of this major version, 1 to USBKEY_MAJORS; NULL for another. */
const uint8_t *usbkey_guid(uint8_t major);

struct usbkey_file {
    const struct hal_usb *usb;
    uint8_t major, minor;
    uint8_t format; /* enum usbkey_format: the newest of this major version that the reader knows */
    bool keep_records; /* records are not consumed */
    uint32_t records, consumed;
    uint32_t first_record, stride; /* offset of record 0, bytes of each record */
};

struct usbkey_record {
    bool usable; /* a valid data record; otherwise it has been consumed */
    bool scrambled;
    uint32_t number;             /* as stored in the record */
    uint32_t offset, next_entry; /* file offsets of the record and of its next entry */
};

struct usbkey_entry {
    uint16_t module, variable, length;
    uint32_t offset; /* of the value */
};

/* formats: the reader's SETUP_BIN_ bits. A known major version is enough: minor versions only add
 * entries, which an older reader skips (MCMD). Returns an enum usbkey_result. */
int usbkey_file_open(const struct hal_usb *usb, uint32_t formats, struct usbkey_file *file);
/* index counts from 0 to file->records - 1. */
int usbkey_record_open(const struct usbkey_file *file, uint32_t index,
                       struct usbkey_record *record);
/* 1: there is an entry; 0: the record has ended; otherwise an enum usbkey_result. */
int usbkey_entry_next(const struct usbkey_file *file, struct usbkey_record *record,
                      struct usbkey_entry *entry);
/* Reads the unscrambled value. Lengths over USBKEY_VALUE_MAX are refused. */
int usbkey_entry_value(const struct usbkey_file *file, const struct usbkey_record *record,
                       const struct usbkey_entry *entry, uint8_t out[USBKEY_VALUE_MAX]);

#endif
