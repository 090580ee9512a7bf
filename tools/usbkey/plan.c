// SPDX-License-Identifier: BSD-3-Clause
#include "tools/usbkey/plan.h"

#include <stdlib.h>
#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/psk.h"
#include "fw/core/wipe.h"

bool plan_add(struct plan *plan, uint8_t module, uint8_t variable, const void *value, size_t len)
{
    uint32_t at = plan->entries;
    struct plan_entry *e;

    if (plan->entries == PLAN_ENTRIES || len > USBKEY_VALUE_MAX)
        return false;
    for (; at > 0; at--) {
        e = &plan->entry[at - 1];
        if (e->module < module || (e->module == module && e->variable <= variable))
            break;
        plan->entry[at] = *e;
    }
    e = &plan->entry[at];
    *e = (struct plan_entry){.module = module, .variable = variable, .length = (uint8_t)len};
    memcpy(e->value, value, len);
    plan->entries++;
    return true;
}

bool plan_has(const struct plan *plan, uint8_t module, uint8_t variable)
{
    for (uint32_t i = 0; i < plan->entries; i++)
        if (plan->entry[i].module == module && plan->entry[i].variable == variable)
            return true;
    return false;
}

static bool read_pair(char *line, struct plan_pair *pair)
{
    char *comma = strchr(line, ',');

    if (!comma)
        return false;
    *comma++ = '\0';
    comma += strspn(comma, " ");
    return psk_read_pid(line, pair->pid) && psk_read_pps(comma, pair->pps);
}

/* text is terminated. A wrong line is not repeated: it holds a secret. */
static int read_lines(struct plan *plan, const char *path, char *text)
{
    uint32_t number = 0;

    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        line[strcspn(line, "\r")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (plan->records == PLAN_RECORDS_MAX)
            return tool_error("%s: too many pairs; expected at most %d", path, PLAN_RECORDS_MAX);
        if (!read_pair(line, &plan->pair[plan->records++]))
            return tool_error("%s:%u: invalid pair; expected PID,PPS with correct check characters",
                              path, number);
    }
    return plan->records ? TOOL_OK : tool_error("%s: no pair; expected lines PID,PPS", path);
}

int plan_read_pairs(struct plan *plan, const char *path)
{
    struct image file;
    char *text;
    int result = image_load(path, &file);

    if (result != TOOL_OK)
        return result;
    text = malloc(file.len + 1);
    plan->pair = calloc(PLAN_RECORDS_MAX, sizeof(*plan->pair));
    plan->records = 0;
    if (text && plan->pair) {
        memcpy(text, file.bytes, file.len);
        text[file.len] = '\0';
        result = memchr(text, 0, file.len) ? tool_error("%s is not a text file", path)
                                           : read_lines(plan, path, text);
    } else {
        result = tool_error("out of memory");
    }
    if (text)
        wipe(text, file.len);
    free(text);
    image_free(&file);
    return result;
}

static uint32_t padded(uint32_t len)
{
    return (len + 3u) & ~3u;
}

static uint32_t record_chunks(const struct plan *plan)
{
    uint32_t len = USBKEY_RECORD_HEADER;

    for (uint32_t i = 0; i < plan->entries; i++)
        len += USBKEY_ENTRY_HEADER + padded(plan->entry[i].length);
    if (plan->pair)
        len += 2 * USBKEY_ENTRY_HEADER + padded(LIMIT_PID) + padded(LIMIT_PPS);
    return (len + USBKEY_CHUNK - 1) / USBKEY_CHUNK;
}

static void put_header(const struct plan *plan, uint32_t chunks, uint8_t *p)
{
    static const uint8_t major[] = {1, 2, 2, 3, 4}, minor[] = {0, 0, 1, 0, 0};
    uint32_t modules = 0;

    memcpy(p, usbkey_guid(major[plan->format]), USBKEY_GUID_BYTES);
    for (uint32_t i = 0; i < plan->entries; i++)
        if (i == 0 || plan->entry[i].module != plan->entry[i - 1].module)
            put_le16(p + USBKEY_AT_MODULES + 2 * modules++, plan->entry[i].module);
    if (plan->pair && plan->entry[plan->entries - 1].module != USBKEY_CM)
        put_le16(p + USBKEY_AT_MODULES + 2 * modules++, USBKEY_CM);
    put_le16(p + USBKEY_AT_CHUNKS, 1);
    put_le16(p + USBKEY_AT_HEADER_BYTES, USBKEY_HEADER_BYTES + 2 * modules);
    p[USBKEY_AT_MAJOR] = major[plan->format];
    p[USBKEY_AT_MINOR] = minor[plan->format];
    put_le16(p + USBKEY_AT_FLAGS, plan->no_consume ? USBKEY_FLAG_KEEP : 0);
    put_le32(p + USBKEY_AT_RECORDS, plan->records);
    put_le16(p + USBKEY_AT_RECORD_CHUNKS, chunks);
}

static void put_record(const struct plan *record, uint32_t index, uint32_t chunks, uint8_t *p)
{
    uint32_t at = USBKEY_RECORD_HEADER;

    put_le32(p + USBKEY_AT_TYPE, USBKEY_TYPE_DATA);
    put_le32(p + USBKEY_AT_RECORD_FLAGS,
             USBKEY_RECORD_VALID | (record->scramble ? USBKEY_RECORD_SCRAMBLED : 0));
    put_le16(p + 16, chunks);
    put_le16(p + 18, USBKEY_RECORD_HEADER);
    put_le32(p + 20, index + 1);
    for (uint32_t i = 0; i < record->entries; i++) {
        const struct plan_entry *e = &record->entry[i];

        put_le16(p + at, e->module);
        put_le16(p + at + 2, e->variable);
        put_le16(p + at + 4, e->length);
        memcpy(p + at + USBKEY_ENTRY_HEADER, e->value, e->length);
        at += USBKEY_ENTRY_HEADER + padded(e->length);
    }
    for (at = USBKEY_RECORD_HEADER; record->scramble && at < chunks * USBKEY_CHUNK; at++)
        p[at] = (uint8_t)(p[at] + USBKEY_SCRAMBLE);
}

int plan_encode(const struct plan *plan, struct image *image)
{
    uint32_t chunks = record_chunks(plan);

    if (chunks > USBKEY_CHUNKS_MAX)
        return tool_error("the values are too long for one record");
    image->len = USBKEY_CHUNK * (1 + (size_t)plan->records * chunks);
    image->bytes = calloc(1, image->len);
    if (!image->bytes)
        return tool_error("out of memory");
    put_header(plan, chunks, image->bytes);
    for (uint32_t i = 0; i < plan->records; i++) {
        struct plan record = *plan;
        bool good = !plan->pair ||
                    (plan_add(&record, USBKEY_CM, USBKEY_PID, plan->pair[i].pid, LIMIT_PID) &&
                     plan_add(&record, USBKEY_CM, USBKEY_PPS, plan->pair[i].pps, LIMIT_PPS));

        if (good)
            put_record(&record, i, chunks, image->bytes + USBKEY_CHUNK * (1 + (size_t)i * chunks));
        wipe(&record, sizeof(record));
        if (!good)
            return tool_error("too many options");
    }
    return TOOL_OK;
}

void plan_free(struct plan *plan)
{
    if (plan->pair)
        wipe(plan->pair, PLAN_RECORDS_MAX * sizeof(*plan->pair));
    free(plan->pair);
    wipe(plan, sizeof(*plan));
}
