// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/usbkey/usbkey.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/permits.h"
#include "fw/core/status.h"
#include "fw/core/wipe.h"
#include "fw/host/usbkey/usbkey_apply.h"
#include "fw/host/usbkey/usbkey_file.h"

#define ALL_FORMATS UINT32_MAX

static int apply_record(const struct usbkey_file *file, struct usbkey_record *record,
                        struct usbkey_apply *apply, struct usbkey_report *report)
{
    struct usbkey_entry entry = {0};
    uint8_t value[USBKEY_VALUE_MAX];
    int result;

    while ((result = usbkey_entry_next(file, record, &entry)) > 0) {
        result = USBKEY_APPLIED;
        if (usbkey_apply_known(apply, &entry))
            result = usbkey_entry_value(file, record, &entry, value);
        if (result == USBKEY_APPLIED)
            result = usbkey_apply_entry(apply, &entry, value);
        if (result != USBKEY_APPLIED)
            break;
    }
    if (result == USBKEY_APPLIED)
        result = usbkey_apply_end(apply, &entry);
    if (result != USBKEY_APPLIED) {
        report->module = entry.module;
        report->variable = entry.variable;
    }
    report->ignored = apply->ignored;
    wipe(value, sizeof(value));
    return result;
}

/* Finds the first usable record, from the counter on. */
static int find_record(const struct usbkey_file *file, struct usbkey_record *record,
                       struct usbkey_report *report)
{
    for (uint32_t i = file->consumed; i < file->records; i++) {
        int result = usbkey_record_open(file, i, record);

        if (result == USBKEY_APPLIED && !record->usable)
            continue;
        report->record = i + 1;
        return result;
    }
    return USBKEY_EXHAUSTED;
}

static enum local_change change_of(const struct usbkey_apply *apply)
{
    bool starts = apply->active || usbkey_apply_seen(apply, USBKEY_CM, USBKEY_PID);

    if (apply->manual)
        return LOCAL_MANUAL;
    if (usbkey_apply_seen(apply, USBKEY_CM, USBKEY_SETUP_ACTIVE) && !apply->active)
        return LOCAL_HALT;
    if (starts && settings_credentials(apply->settings, apply->release) != CREDENTIALS_NONE)
        return LOCAL_KEY_ENTERED;
    return LOCAL_SETTINGS;
}

static int read_key(const struct hal_usb *usb, const struct release *release,
                    enum situation situation, struct local_outcome *outcome,
                    struct usbkey_report *report)
{
    struct usbkey_file file;
    struct usbkey_record record;
    struct usbkey_apply apply;
    int result = usbkey_file_open(usb, release->setup_bin.value, &file);

    if (result != USBKEY_APPLIED)
        return result;
    if (!permits_key(release, &outcome->settings, situation))
        return USBKEY_STATE;
    if (!outcome->settings.secret.password_default)
        return USBKEY_NOT_DEFAULT;
    result = find_record(&file, &record, report);
    if (result != USBKEY_APPLIED)
        return result;
    usbkey_apply_begin(&apply, release, &file, &outcome->settings);
    result = apply_record(&file, &record, &apply, report);
    if (result == USBKEY_APPLIED)
        outcome->change = change_of(&apply);
    return result;
}

void usbkey_read(const struct hal_usb *usb, const struct release *release,
                 const struct settings *settings, enum situation situation,
                 struct local_outcome *outcome, struct usbkey_report *report)
{
    int result;

    memset(report, 0, sizeof(*report));
    outcome->change = LOCAL_NONE;
    outcome->settings = *settings;
    result = read_key(usb, release, situation, outcome, report);
    report->result = (enum usbkey_result)result;
    if (result != USBKEY_APPLIED)
        outcome->settings = *settings;
}

int usbkey_consume(const struct hal_usb *usb, const struct usbkey_report *report)
{
    struct usbkey_file file;
    struct usbkey_record record;
    uint8_t used[8] = {0}, counter[4]; /* type and flags: invalid */
    int result;

    if (report->result != USBKEY_APPLIED || report->record == 0)
        return USBKEY_APPLIED;
    result = usbkey_file_open(usb, ALL_FORMATS, &file);
    if (result != USBKEY_APPLIED)
        return result;
    if (file.keep_records)
        return USBKEY_APPLIED;
    if (report->record > file.records)
        return USBKEY_MALFORMED;
    result = usbkey_record_open(&file, report->record - 1, &record);
    if (result != USBKEY_APPLIED)
        return result;
    put_le32(used + USBKEY_AT_RECORD_FLAGS, record.scrambled ? USBKEY_RECORD_SCRAMBLED : 0);
    put_le32(counter, report->record);
    if (usb->write(usb->ctx, record.offset, used, sizeof(used)) != 0 ||
        usb->write(usb->ctx, USBKEY_AT_CONSUMED, counter, sizeof(counter)) != 0)
        return USBKEY_IO;
    return USBKEY_APPLIED;
}

const char *usbkey_result_text(int result)
{
    switch (result) {
    case USBKEY_APPLIED:
        return "applied";
    case USBKEY_NO_FILE:
        return "there is no setup.bin";
    case USBKEY_IO:
        return "the stick cannot be read or written";
    case USBKEY_NOT_SETUP_BIN:
        return "not a setup.bin file";
    case USBKEY_FORMAT:
        return "this release does not read this format";
    case USBKEY_MALFORMED:
        return "a length, count or offset does not fit";
    case USBKEY_EXHAUSTED:
        return "every record has been used";
    case USBKEY_ORDER:
        return "entries are missing or out of order";
    case USBKEY_VALUE:
        return "a value is not allowed";
    case USBKEY_PASSWORD:
        return "the current MEBx password is a different one";
    case USBKEY_NOT_DEFAULT:
        return "the MEBx password is no longer the factory default";
    case USBKEY_STATE:
        return "set-up has gone too far for a key";
    default:
        return "unknown result";
    }
}
