// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <string.h>

#include "fw/core/wipe.h"
#include "fw/host/usbkey/usbkey.h"
#include "fw/host/usbkey/usbkey_file.h"
#include "tools/usbkey/tool.h"

static void print_text(const uint8_t *value, uint16_t len)
{
    for (uint16_t i = 0; i < len; i++)
        if (value[i] < 32 || value[i] > 126 || value[i] == '\\')
            printf("\\x%02x", value[i]);
        else
            putchar(value[i]);
}

static void print_hex(const uint8_t *value, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        printf("%02x", value[i]);
}

static void print_address(const uint8_t *p)
{
    printf("%u.%u.%u.%u", p[3], p[2], p[1], p[0]);
}

static void print_hash(const uint8_t *value, uint16_t len)
{
    static const char *const names[] = {"sha1", "sha256", "sha384"};
    uint8_t bytes = cert_hash_bytes(value[0]);

    if (bytes == 0 || len < 2u + bytes || len != 2u + bytes + value[1 + bytes]) {
        print_hex(value, len);
        return;
    }
    printf("%s:", names[value[0] - 1]);
    print_hex(value + 1, bytes);
    putchar(':');
    print_text(value + 2 + bytes, value[1 + bytes]);
}

static void print_value(const struct usbkey_variable *v, const uint8_t *value, uint16_t len)
{
    bool fits = len >= v->shortest && len <= v->longest;

    if (v->type == USBKEY_TEXT) {
        print_text(value, len);
    } else if (fits && v->type == USBKEY_NUMBER) {
        printf("%u", len == 1 ? value[0] : (unsigned)(value[0] | value[1] << 8));
    } else if (fits && v->type == USBKEY_HASH) {
        print_hash(value, len);
    } else if (fits && (v->type == USBKEY_ADDRESS || v->type == USBKEY_IPV4)) {
        for (uint16_t at = 0; at < len; at += 4) {
            fputs(at ? "," : "", stdout);
            print_address(value + at);
        }
    } else {
        print_hex(value, len);
    }
}

static int print_entry(const struct usbkey_file *file, const struct usbkey_record *record,
                       const struct usbkey_entry *entry, bool secrets)
{
    const struct usbkey_variable *v = usbkey_variable(entry->module, entry->variable);
    uint8_t value[USBKEY_VALUE_MAX];
    char where[16];

    snprintf(where, sizeof(where), "%u/%u", entry->module, entry->variable);
    printf("  %-6s %-28s ", where, v ? v->name : "unknown");
    if (!v || entry->length > USBKEY_VALUE_MAX) {
        printf("(%u bytes)\n", entry->length);
        return USBKEY_APPLIED;
    }
    int result = usbkey_entry_value(file, record, entry, value);

    if (result == USBKEY_APPLIED && v->secret && !secrets)
        fputs(TOOL_SECRET, stdout);
    else if (result == USBKEY_APPLIED)
        print_value(v, value, entry->length);
    putchar('\n');
    wipe(value, sizeof(value));
    return result;
}

static int print_record(const struct usbkey_file *file, uint32_t index, bool secrets)
{
    struct usbkey_record record;
    struct usbkey_entry entry;
    int result = usbkey_record_open(file, index, &record);

    if (result != USBKEY_APPLIED)
        return result;
    printf("record %u%s%s\n", index + 1, record.usable ? "" : ", used",
           record.scrambled ? ", scrambled" : "");
    while ((result = usbkey_entry_next(file, &record, &entry)) > 0) {
        result = print_entry(file, &record, &entry, secrets);
        if (result != USBKEY_APPLIED)
            return result;
    }
    return result;
}

static int show(const char *path, bool secrets)
{
    struct image image;
    struct usbkey_file file;
    int result = image_load(path, &image);

    if (result != TOOL_OK)
        return result;
    struct hal_usb usb = image_usb(&image);

    result = usbkey_file_open(&usb, UINT32_MAX, &file);
    if (result == USBKEY_APPLIED)
        printf("format    %u.%u%s\nrecords   %u, %u used\n", file.major, file.minor,
               file.keep_records ? ", records are not consumed" : "", file.records, file.consumed);
    for (uint32_t i = 0; result == USBKEY_APPLIED && i < file.records; i++)
        result = print_record(&file, i, secrets);
    image_free(&image);
    return result == USBKEY_APPLIED ? TOOL_OK
                                    : tool_error("%s: %s", path, usbkey_result_text(result));
}

int cmd_show(int argc, char **argv)
{
    static const struct options_known options[] = {{"--secrets", false}, {NULL, false}};
    struct options args = {.argc = argc, .argv = argv};
    const char *path = NULL;
    bool secrets = false;

    for (;;) {
        switch (tool_next(&args, options)) {
        case TOOL_END:
            return path ? show(path, secrets) : tool_error("a file to show is required");
        case TOOL_OPERAND:
            if (path)
                return tool_error("too many arguments; show expects one file");
            path = args.value;
            break;
        case TOOL_BAD:
            return TOOL_USAGE;
        default:
            secrets = true;
        }
    }
}
