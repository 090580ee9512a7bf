// SPDX-License-Identifier: BSD-3-Clause
// links: fw/host/usbkey/usbkey.c fw/host/usbkey/usbkey_apply.c fw/host/usbkey/usbkey_file.c
// links: @core
// runs: 100000
/* A USB key's setup.bin.
 * Promises: nothing is asked for outside the file; a record is applied as a whole or not at all;
 * one that was consumed is not read again. */
#include <stdlib.h>

#include "fw/host/usbkey/usbkey.h"
#include "tests/fixtures/usbkey_whole.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct file {
    uint8_t *bytes;
    size_t len;
};

static int64_t file_size(void *ctx)
{
    return (int64_t)((struct file *)ctx)->len;
}

/* The reader asks for nothing outside the file. */
static uint8_t *place(struct file *file, uint32_t offset, size_t len)
{
    if (offset > file->len || len > file->len - offset)
        abort();
    return file->bytes + offset;
}

static int file_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    memcpy(out, place(ctx, offset, len), len);
    return 0;
}

static int file_write(void *ctx, uint32_t offset, const void *data, size_t len)
{
    memcpy(place(ctx, offset, len), data, len);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct settings before;
    static struct local_outcome outcome;
    const struct release *release = release_find("6.0");
    struct file file = {malloc(size ? size : 1), size};
    struct hal_usb usb = {&file, file_size, file_read, file_write};
    struct usbkey_report report;
    uint32_t record;

    if (!file.bytes)
        abort();
    memcpy(file.bytes, data, size);
    settings_factory(&before, release, oem_find("intel"));
    usbkey_read(&usb, release, &before, 0, &outcome, &report);
    if (memcmp(file.bytes, data, size) != 0)
        abort();
    if (report.result != USBKEY_APPLIED) {
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): a copy is equal to the byte
        if (outcome.change != LOCAL_NONE || memcmp(&outcome.settings, &before, sizeof(before)) != 0)
            abort();
    } else {
        if (usbkey_outcome_wrong(&outcome, release) || usbkey_consume(&usb, &report) != 0)
            abort();
        record = report.record;
        usbkey_read(&usb, release, &before, 0, &outcome, &report);
        if (memcmp(file.bytes, data, size) != 0 && report.record == record)
            abort();
    }
    free(file.bytes);
    return 0;
}
