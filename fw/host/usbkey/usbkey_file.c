// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/usbkey/usbkey_file.h"

#include <stddef.h>
#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/release.h"

static const uint8_t guids[USBKEY_MAJORS][USBKEY_GUID_BYTES] = {
    {0xb5, 0x16, 0xfb, 0x71, 0x87, 0xcb, 0xf9, 0x4a, 0xb4, 0x41, 0xca, 0x7b, 0x38, 0x35, 0x78,
     0xf9},
    {0x96, 0xb2, 0x81, 0x58, 0xcf, 0x6b, 0x72, 0x4c, 0x8b, 0x91, 0xa1, 0x5e, 0x51, 0x2e, 0x99,
     0xc4},
    {0xa7, 0xf7, 0xf6, 0xc6, 0x89, 0xc4, 0xf6, 0x47, 0x93, 0xed, 0xe2, 0xe5, 0x02, 0x0d, 0xa5,
     0x1d},
    {0xaa, 0xa9, 0x34, 0x52, 0xe1, 0x29, 0xa9, 0x44, 0x8d, 0x4d, 0x08, 0x1c, 0x07, 0xb9, 0x63,
     0x53},
};

#define TEXT(max) USBKEY_TEXT, false, 1, (max), 0, 0
#define SECRET(max) USBKEY_TEXT, true, 1, (max), 0, 0
#define NUMBER(bytes, low, high) USBKEY_NUMBER, false, (bytes), (bytes), (low), (high)
#define FIXED(type, bytes) (type), false, (bytes), (bytes), 0, 0
#define OPAQUE USBKEY_OPAQUE, false, 0, USBKEY_VALUE_MAX, 0, 0

/* Widths of 15 and 21, and the layout of 19: assumed. Nothing is known of 20 but its purpose. */
static const struct usbkey_variable variables[] = {
    {1, 1, USBKEY_V1, SECRET(32), "current MEBx password"},
    {1, 2, USBKEY_V1, SECRET(32), "new MEBx password"},
    {1, 3, USBKEY_V2_0, NUMBER(1, 0, 1), "manageability"},
    {1, 4, USBKEY_V2_1, NUMBER(1, 0, 2), "local firmware update"},
    {1, 5, USBKEY_V2_1, NUMBER(1, 0, 2), "firmware update qualifier"},
    {1, 6, USBKEY_V2_1, FIXED(USBKEY_GUID, 16), "power package"},
    {2, 1, USBKEY_V1, TEXT(9), "PID"},
    {2, 2, USBKEY_V1, SECRET(39), "PPS"},
    {2, 3, USBKEY_V2_0, TEXT(255), "PKI DNS suffix"},
    {2, 4, USBKEY_V2_0, TEXT(255), "configuration server FQDN"},
    {2, 5, USBKEY_V2_0, NUMBER(1, 0, 1), "remote configuration"},
    {2, 6, USBKEY_V2_0, NUMBER(1, 0, 1), "pre-installed hashes"},
    {2, 7, USBKEY_V2_0, NUMBER(1, 0, 2), "user hashes"},
    {2, 8, USBKEY_V2_0, USBKEY_HASH, false, 22, 82, 0, 0, "add hash"},
    {2, 10, USBKEY_V2_0, NUMBER(1, 0, 7), "SOL/IDER"},
    {2, 11, USBKEY_V2_1, TEXT(63), "host name"},
    {2, 12, USBKEY_V2_1, TEXT(255), "domain"},
    {2, 13, USBKEY_V2_1, NUMBER(1, 1, 2), "DHCP"},
    {2, 14, USBKEY_V2_1, NUMBER(1, 0, 1), "secure firmware update"},
    {2, 15, USBKEY_V2_1, NUMBER(2, 1, 65535), "idle time-out"},
    {2, 16, USBKEY_V2_1, NUMBER(1, 1, 2), "provisioning mode"},
    {2, 17, USBKEY_V2_1, FIXED(USBKEY_ADDRESS, 4), "configuration server address"},
    {2, 18, USBKEY_V2_1, NUMBER(2, 1, 65535), "configuration server port"},
    {2, 19, USBKEY_V2_1, FIXED(USBKEY_IPV4, 20), "static IPv4"},
    {2, 20, USBKEY_V2_1, OPAQUE, "VLAN"},
    {2, 21, USBKEY_V2_1, NUMBER(1, 0, 2), "password policy"},
    {2, 22, USBKEY_V3, OPAQUE, "IPv6"},
    {2, 23, USBKEY_V3, NUMBER(1, 0, 1), "shared FQDN"},
    {2, 24, USBKEY_V3, NUMBER(1, 0, 1), "dynamic DNS update"},
    {2, 25, USBKEY_V3, NUMBER(1, 0, 1), "KVM"},
    {2, 26, USBKEY_V3, NUMBER(1, 0, 255), "user consent"},
    {2, 27, USBKEY_V3, NUMBER(1, 0, 1), "consent policy set remotely"},
    {2, 28, USBKEY_V3, NUMBER(1, 0, 1), "set-up active"},
    {2, 29, USBKEY_V3, NUMBER(1, 0, 1), "manual set-up"},
    {2, 30, USBKEY_V3, OPAQUE, "support channel identifier"},
    {2, 31, USBKEY_V3, OPAQUE, "support channel description"},
    {2, 32, USBKEY_V3, OPAQUE, "service account number"},
    {2, 33, USBKEY_V3, SECRET(32), "enrolment passcode"},
    {2, 34, USBKEY_V3, OPAQUE, "service type"},
    {2, 35, USBKEY_V3, OPAQUE, "service provider identifier"},
};

const struct usbkey_variable *usbkey_variables(uint32_t *count)
{
    *count = sizeof(variables) / sizeof(variables[0]);
    return variables;
}

const struct usbkey_variable *usbkey_variable(uint16_t module, uint16_t variable)
{
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        if (variables[i].module == module && variables[i].variable == variable)
            return &variables[i];
    return NULL;
}

const uint8_t *usbkey_guid(uint8_t major)
{
    return major >= 1 && major <= USBKEY_MAJORS ? guids[major - 1] : NULL;
}

static uint8_t major_of(const uint8_t *guid)
{
    for (uint8_t major = 1; major <= USBKEY_MAJORS; major++)
        if (memcmp(guid, guids[major - 1], USBKEY_GUID_BYTES) == 0)
            return major;
    return 0;
}

/* The newest of the formats with this major version; -1 = none. */
static int newest_format(uint8_t major, uint32_t formats)
{
    static const uint8_t of_major[USBKEY_MAJORS] = {SETUP_BIN_V1, SETUP_BIN_V2_0 | SETUP_BIN_V2_1,
                                                    SETUP_BIN_V3, SETUP_BIN_V4};

    for (int format = USBKEY_V4; format >= USBKEY_V1; format--)
        if (formats & of_major[major - 1] & 1u << format)
            return format;
    return -1;
}

/* The list of modules, from 40 on, must end with a 0 inside the header. */
static bool modules_end(const uint8_t *header, uint32_t header_bytes)
{
    for (uint32_t at = USBKEY_AT_MODULES; at + 2 <= header_bytes; at += 2)
        if (get_le16(header + at) == 0)
            return true;
    return false;
}

static uint32_t chunk_count(const uint8_t *field)
{
    return get_le16(field) ? get_le16(field) : 1;
}

static int parse_header(const uint8_t *header, uint64_t size, struct usbkey_file *file)
{
    uint32_t header_bytes = get_le16(header + USBKEY_AT_HEADER_BYTES);
    uint32_t header_chunks = chunk_count(header + USBKEY_AT_CHUNKS);
    uint32_t record_chunks = chunk_count(header + USBKEY_AT_RECORD_CHUNKS);
    uint64_t end;

    file->minor = header[USBKEY_AT_MINOR];
    file->keep_records = file->major >= 2 && get_le16(header + USBKEY_AT_FLAGS) & USBKEY_FLAG_KEEP;
    file->records = get_le32(header + USBKEY_AT_RECORDS);
    file->consumed = get_le32(header + USBKEY_AT_CONSUMED);
    file->first_record = header_chunks * USBKEY_CHUNK;
    file->stride = record_chunks * USBKEY_CHUNK;
    if (header[USBKEY_AT_MAJOR] != file->major || header_chunks > USBKEY_CHUNKS_MAX ||
        record_chunks > USBKEY_CHUNKS_MAX)
        return USBKEY_MALFORMED;
    if (header_bytes > USBKEY_CHUNK || !modules_end(header, header_bytes))
        return USBKEY_MALFORMED;
    end = file->first_record + (uint64_t)file->records * file->stride;
    return end > size || end > UINT32_MAX ? USBKEY_MALFORMED : USBKEY_APPLIED;
}

int usbkey_file_open(const struct hal_usb *usb, uint32_t formats, struct usbkey_file *file)
{
    uint8_t header[USBKEY_CHUNK];
    int64_t size = usb->size(usb->ctx);
    int format;

    memset(file, 0, sizeof(*file));
    file->usb = usb;
    if (size < 0)
        return USBKEY_NO_FILE;
    if (size < USBKEY_CHUNK)
        return USBKEY_NOT_SETUP_BIN;
    if (usb->read(usb->ctx, 0, header, sizeof(header)) != 0)
        return USBKEY_IO;
    file->major = major_of(header);
    if (file->major == 0)
        return USBKEY_NOT_SETUP_BIN;
    format = newest_format(file->major, formats);
    if (format < 0)
        return USBKEY_FORMAT;
    file->format = (uint8_t)format;
    return parse_header(header, (uint64_t)size, file);
}

/* Offset of chunk count, header length and number: 16 or 8; 0: neither fits. */
static uint32_t header_layout(const uint8_t *head)
{
    static const uint8_t none[USBKEY_RECORD_HEADER - 16];

    if (get_le16(head + 18) == USBKEY_RECORD_HEADER)
        return 16;
    if (get_le16(head + 10) == USBKEY_RECORD_HEADER && memcmp(head + 16, none, sizeof(none)) == 0)
        return 8;
    return 0;
}

int usbkey_record_open(const struct usbkey_file *file, uint32_t index, struct usbkey_record *record)
{
    uint8_t head[USBKEY_RECORD_HEADER];
    uint32_t type, flags, at;

    memset(record, 0, sizeof(*record));
    record->offset = file->first_record + index * file->stride;
    record->next_entry = record->offset + USBKEY_RECORD_HEADER;
    if (file->usb->read(file->usb->ctx, record->offset, head, sizeof(head)) != 0)
        return USBKEY_IO;
    type = get_le32(head + USBKEY_AT_TYPE);
    flags = get_le32(head + USBKEY_AT_RECORD_FLAGS);
    record->scrambled = flags & USBKEY_RECORD_SCRAMBLED;
    if (type == USBKEY_TYPE_INVALID || !(flags & USBKEY_RECORD_VALID))
        return USBKEY_APPLIED;
    at = header_layout(head);
    if (type != USBKEY_TYPE_DATA || at == 0 ||
        chunk_count(head + at) * USBKEY_CHUNK != file->stride)
        return USBKEY_MALFORMED;
    record->number = get_le32(head + at + 4);
    record->usable = true;
    return USBKEY_APPLIED;
}

static int read_clear(const struct usbkey_file *file, const struct usbkey_record *record,
                      uint32_t offset, uint8_t *out, size_t len)
{
    if (len > 0 && file->usb->read(file->usb->ctx, offset, out, len) != 0)
        return USBKEY_IO;
    for (size_t i = 0; record->scrambled && i < len; i++)
        out[i] = (uint8_t)(out[i] - USBKEY_SCRAMBLE);
    return USBKEY_APPLIED;
}

int usbkey_entry_next(const struct usbkey_file *file, struct usbkey_record *record,
                      struct usbkey_entry *entry)
{
    uint8_t head[USBKEY_ENTRY_HEADER] = {0};
    uint32_t left = record->offset + file->stride - record->next_entry;
    uint32_t padded;
    int result;

    result = read_clear(file, record, record->next_entry, head,
                        left < sizeof(head) ? left : sizeof(head));
    if (result != USBKEY_APPLIED)
        return result;
    entry->module = get_le16(head);
    entry->variable = get_le16(head + 2);
    entry->length = get_le16(head + 4);
    entry->offset = record->next_entry + USBKEY_ENTRY_HEADER;
    if (entry->module == 0 || entry->variable == 0)
        return 0;
    padded = (entry->length + 3u) & ~3u;
    if (left < sizeof(head) || padded > left - sizeof(head))
        return USBKEY_MALFORMED;
    record->next_entry = entry->offset + padded;
    return 1;
}

int usbkey_entry_value(const struct usbkey_file *file, const struct usbkey_record *record,
                       const struct usbkey_entry *entry, uint8_t out[USBKEY_VALUE_MAX])
{
    if (entry->length > USBKEY_VALUE_MAX)
        return USBKEY_MALFORMED;
    return read_clear(file, record, entry->offset, out, entry->length);
}
