// SPDX-License-Identifier: BSD-3-Clause
#include "fw/store/store.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/wipe.h"
#include "fw/store/crc32.h"

/* What is on flash, and why a power cut at any operation is harmless: SPEC.md. */

#define BANK_MAGIC 0x53565250u /* "PRVS" */
#define BANK_VERSION 2u
#define BANK_HEADER 16u
#define FIRST_GENERATION 1u

/* Neither a seal nor a record begins with 0xFF: each is visible from its first byte on. */
#define SEAL 0x3CC35AA5u
#define SEAL_BYTES 4u
#define RECORD_MARKER 0xA5u
#define RECORD_HEADER 7u
#define HEAD_ON_FLASH 8u /* see record_seed() */
#define RECORD_SEED 11u
#define ENTRY_HEADER 3u
#define ENTRY_ERASED 0xFFFFu
#define WRITE_CHUNK 48u
#define READ_CHUNK 32u

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t padded(const struct store *s, uint32_t bytes)
{
    uint32_t unit = s->flash->program_unit;

    return (bytes + unit - 1) / unit * unit;
}

/* Where a bank's slots and records begin. */
static uint32_t log_start(const struct store *s)
{
    return padded(s, BANK_HEADER);
}

/* Where the record after the slot at this offset begins. */
static uint32_t after_slot(const struct store *s, uint32_t slot)
{
    return slot + padded(s, SEAL_BYTES);
}

static int flash_read(const struct hal_flash *flash, uint32_t at, void *out, uint32_t len)
{
    return flash->read(flash->ctx, at, out, len); /* 0 or -1: STORE_OK, STORE_IO */
}

/* A record's place. The generation and the offset are part of its checksum, so that bytes left over
 * from a bank's earlier use never pass for a record of the present one. */
struct record_place {
    uint32_t bank_at; /* region offset of the bank */
    uint32_t generation;
    uint32_t offset; /* of the record in the bank */
    uint32_t length; /* of the payload */
};

static uint32_t payload_at(const struct record_place *p)
{
    return p->bank_at + p->offset + RECORD_HEADER;
}

/* Fills in what the checksum begins with. Its last 3 bytes are also on flash, followed by the
 * checksum. */
static uint32_t record_seed(const struct record_place *p, uint8_t *head)
{
    put_le32(head, p->generation);
    put_le32(head + 4, p->offset);
    head[HEAD_ON_FLASH] = RECORD_MARKER;
    put_le16(head + HEAD_ON_FLASH + 1, p->length);
    return store_crc32(0, head, RECORD_SEED);
}

/* 1: flash holds these bytes (NULL: all 0xFF); 0: it holds others. *crc is continued over what
 * flash holds, unless crc is NULL. */
static int flash_scan(const struct hal_flash *flash, uint32_t at, uint32_t len,
                      const uint8_t *bytes, uint32_t *crc)
{
    uint8_t chunk[READ_CHUNK];
    int same = 1;

    while (len > 0) {
        uint32_t n = smaller(len, sizeof(chunk));

        if (flash_read(flash, at, chunk, n) != STORE_OK) {
            same = STORE_IO;
            break;
        }
        if (crc)
            *crc = store_crc32(*crc, chunk, n);
        for (uint32_t i = 0; i < n; i++) {
            uint8_t expected = bytes ? *bytes++ : 0xFF;

            if (chunk[i] != expected)
                same = 0;
        }
        at += n;
        len -= n;
    }
    wipe(chunk, sizeof(chunk));
    return same;
}

static int flash_holds(const struct hal_flash *flash, uint32_t at, uint32_t len,
                       const uint8_t *bytes)
{
    return flash_scan(flash, at, len, bytes, NULL);
}

static int slot_is_erased(const struct store *s, uint32_t at)
{
    return flash_holds(s->flash, at, padded(s, SEAL_BYTES), NULL);
}

static void index_key(struct store *s, uint32_t key, uint32_t len, uint32_t value_at, uint32_t crc)
{
    s->at[key] = len == ENTRY_ERASED ? 0 : value_at;
    s->len[key] = (uint16_t)len;
    s->crc[key] = crc;
}

/* Reads an entry that has to end within `room` bytes, and continues the checksum over it. With
 * `into` set the entry is added to that store's index. Returns the entry's length; 0: it is
 * malformed. */
static int entry_read(const struct hal_flash *flash, uint32_t at, uint32_t room, uint32_t *crc,
                      struct store *into)
{
    uint8_t entry[ENTRY_HEADER], value[READ_CHUNK];
    uint32_t len, bytes, value_crc = 0;

    if (room < ENTRY_HEADER)
        return 0;
    if (flash_read(flash, at, entry, ENTRY_HEADER) != STORE_OK)
        return STORE_IO;
    *crc = store_crc32(*crc, entry, ENTRY_HEADER);
    at += ENTRY_HEADER;
    len = get_le16(entry + 1);
    bytes = len == ENTRY_ERASED ? 0 : len;
    if (entry[0] >= LIMIT_STORE_KEYS || bytes > LIMIT_STORE_VALUE || bytes > room - ENTRY_HEADER)
        return 0;
    for (uint32_t done = 0; done < bytes;) {
        uint32_t n = smaller(bytes - done, sizeof(value));

        if (flash_read(flash, at + done, value, n) != STORE_OK)
            return STORE_IO;
        *crc = store_crc32(*crc, value, n);
        value_crc = store_crc32(value_crc, value, n);
        done += n;
    }
    if (into)
        index_key(into, entry[0], len, at, value_crc);
    return (int)(ENTRY_HEADER + bytes);
}

/* 1: there is a complete record at p->offset, and p->length is set; 0: there is none. With `into`
 * set the record's entries are added to its index, which is unusable unless 1 is returned. */
static int record_read(const struct store *s, struct record_place *p, struct store *into)
{
    uint8_t head[RECORD_HEADER], seed[RECORD_SEED];
    uint32_t crc, done = 0;

    if (p->offset > s->bank_bytes - RECORD_HEADER) /* geometry_fits() */
        return 0;
    if (flash_read(s->flash, p->bank_at + p->offset, head, sizeof(head)) != STORE_OK)
        return STORE_IO;
    p->length = get_le16(head + 1);
    if (head[0] != RECORD_MARKER || p->length > s->bank_bytes - p->offset - RECORD_HEADER)
        return 0;
    crc = record_seed(p, seed);
    while (done < p->length) {
        int n = entry_read(s->flash, payload_at(p) + done, p->length - done, &crc, into);

        if (n <= 0)
            return n;
        done += (uint32_t)n;
    }
    return crc == get_le32(head + 3);
}

/* 1: the bank's header is right, and *p is the place of its snapshot; 0: it is not. */
static int header_read(const struct store *s, uint32_t bank, struct record_place *p)
{
    uint8_t head[BANK_HEADER];

    p->bank_at = bank * s->bank_bytes;
    p->offset = after_slot(s, log_start(s));
    if (flash_read(s->flash, p->bank_at, head, sizeof(head)) != STORE_OK)
        return STORE_IO;
    if (get_le32(head) != BANK_MAGIC || get_le32(head + 12) != store_crc32(0, head, 12))
        return 0;
    if (get_le32(head + 4) != BANK_VERSION)
        return STORE_VERSION;
    p->generation = get_le32(head + 8);
    return 1;
}

/* 1: the region holds nothing but what an interrupted format can leave; 0: it holds more. */
static int is_blank(const struct store *s)
{
    uint32_t slot = log_start(s), record = after_slot(s, slot);
    uint32_t rest = record + RECORD_HEADER;
    int r = flash_holds(s->flash, BANK_HEADER, record - BANK_HEADER, NULL);

    if (r == 1)
        r = flash_holds(s->flash, rest, 2 * s->bank_bytes - rest, NULL);
    return r;
}

/* Reads the log after the snapshot. A slot in which anything is programmed means that its record is
 * complete. */
static int log_read(struct store *s, struct record_place *p)
{
    uint8_t seal[SEAL_BYTES];
    int r;

    put_le32(seal, SEAL);
    for (;;) {
        uint32_t slot = p->offset + padded(s, RECORD_HEADER + p->length), at = p->bank_at + slot;

        s->end = slot;
        p->offset = after_slot(s, slot);
        if (p->offset > s->bank_bytes || (r = slot_is_erased(s, at)) == 1)
            break;
        if (r == 0)
            r = record_read(s, p, s);
        if (r != 1)
            return r == 0 ? STORE_CORRUPT : r;
        r = flash_holds(s->flash, at, SEAL_BYTES, seal);
        if (r < 0)
            return r;
        s->tail_dirty |= r == 0;
    }
    r = flash_holds(s->flash, p->bank_at + s->end, s->bank_bytes - s->end, NULL);
    s->tail_dirty |= r == 0;
    return r < 0 ? r : STORE_OK;
}

/* Finds the bank in use. 1: found, and *p is the place of its snapshot; 0: the region is blank. */
static int bank_find(struct store *s, struct record_place *p)
{
    struct record_place of[2];
    int right[2], whole, left;
    uint32_t other;

    for (uint32_t bank = 0; bank < 2; bank++)
        if ((right[bank] = header_read(s, bank, &of[bank])) < 0)
            return right[bank];
    s->bank = !right[0] || (right[1] && of[1].generation == of[0].generation + 1);
    other = s->bank ^ 1u;
    if (right[other] && of[other].generation + 1 != of[s->bank].generation)
        return STORE_CORRUPT;
    whole = right[s->bank] ? record_read(s, &of[s->bank], NULL) : 0;
    left = right[other] ? slot_is_erased(s, of[other].bank_at + log_start(s)) : 0;
    if (whole < 0 || left < 0)
        return STORE_IO;
    if (whole == 0 && left == 1) { /* it has never been in use */
        s->bank = (uint8_t)other;
        whole = record_read(s, &of[other], NULL);
    }
    s->tail_dirty = left == 1;
    if (whole == 1)
        whole = slot_is_erased(s, of[s->bank].bank_at + log_start(s));
    *p = of[s->bank];
    if (whole == 0 && (whole = is_blank(s)) == 1)
        return 0;
    return whole == 0 ? STORE_CORRUPT : whole;
}

static bool geometry_fits(const struct hal_flash *flash)
{
    uint32_t unit = flash->program_unit;
    uint32_t sector = flash->sector_bytes;

    if (unit < 1 || unit > 16 || flash->sector_count < 2)
        return false;
    if (sector == 0 || sector % unit != 0 || sector > UINT32_MAX / flash->sector_count)
        return false;
    return sector * (flash->sector_count / 2) >= 3 * BANK_HEADER;
}

static bool is_unformatted(const struct store *s)
{
    return s->fresh && s->generation < FIRST_GENERATION;
}

static int mount(struct store *s)
{
    struct record_place p;
    int r = bank_find(s, &p);

    if (r == 0) {
        /* As if bank 1 were in use and full: the format makes bank 0. */
        s->fresh = true;
        s->bank = 1;
        s->end = s->bank_bytes;
        return STORE_OK;
    }
    if (r < 0)
        return r;
    s->generation = p.generation;
    r = record_read(s, &p, s);
    if (r != 1)
        return r == 0 ? STORE_CORRUPT : r;
    s->fresh = p.generation == FIRST_GENERATION && p.length == 0;
    return log_read(s, &p);
}

int store_mount(struct store *store, const struct hal_flash *flash)
{
    int r;

    memset(store, 0, sizeof(*store));
    if (!geometry_fits(flash))
        return STORE_GEOMETRY;
    store->flash = flash;
    store->bank_bytes = flash->sector_bytes * (flash->sector_count / 2);
    r = mount(store);
    /* Without store->flash every later call returns STORE_IO, so what could not be read is left
     * alone. */
    if (r != STORE_OK)
        memset(store, 0, sizeof(*store));
    return r;
}

static int bank_erase(const struct hal_flash *flash, uint32_t bank)
{
    uint32_t count = flash->sector_count / 2;

    /* Upwards: the header is erased first. */
    for (uint32_t i = 0; i < count; i++)
        if (flash->erase(flash->ctx, bank * count + i) != 0)
            return STORE_IO;
    return STORE_OK;
}

int store_reformat(struct store *store, const struct hal_flash *flash)
{
    memset(store, 0, sizeof(*store));
    if (!geometry_fits(flash))
        return STORE_GEOMETRY;
    for (uint32_t bank = 0; bank < 2; bank++)
        if (bank_erase(flash, bank) != STORE_OK)
            return STORE_IO;
    return store_mount(store, flash);
}

int store_get(const struct store *store, uint8_t key, void *out, size_t cap, size_t *len)
{
    if (!store->flash)
        return STORE_IO;
    if (key >= LIMIT_STORE_KEYS || store->at[key] == 0)
        return STORE_MISSING;
    *len = store->len[key];
    if (*len > cap)
        return STORE_TOO_LARGE;
    if (*len > 0 && flash_read(store->flash, store->at[key], out, store->len[key]) != STORE_OK)
        return STORE_IO;
    return store_crc32(0, out, *len) == store->crc[key] ? STORE_OK : STORE_CORRUPT;
}

int store_holds(const struct store *store, uint8_t key, const void *value, size_t len)
{
    uint32_t crc = 0;
    int same;

    if (!value || store->at[key] == 0 || store->len[key] != len)
        return !value && store->at[key] == 0;
    same = flash_scan(store->flash, store->at[key], store->len[key], value, &crc);
    return same >= 0 && crc != store->crc[key] ? STORE_CORRUPT : same;
}

/* A record to be written. Its payload: the updated keys, and in a snapshot all others that have a
 * value. */
struct draft {
    struct store *s;
    const struct store_update *update;
    bool snapshot;
    struct record_place place;
};

struct entry {
    const uint8_t *value; /* NULL: the value is on flash, or there is none */
    size_t len;           /* of the value, or ENTRY_ERASED */
    uint32_t bytes;       /* of the entry in the record; 0 = the record has no entry for this key */
};

static bool is_updated(const struct draft *d, uint32_t key)
{
    return d->update->keys >> key & 1u;
}

/* The entry that the record has for this key: the only list of a record's contents. */
static struct entry draft_entry(const struct draft *d, uint32_t key)
{
    struct entry e = {NULL, d->s->len[key], 0};

    if (is_updated(d, key)) {
        e.value = d->update->value(d->update->ctx, (uint8_t)key, &e.len);
        if (!e.value) {
            e.len = ENTRY_ERASED;
            e.bytes = d->snapshot ? 0 : ENTRY_HEADER;
            return e;
        }
    } else if (!d->snapshot || d->s->at[key] == 0) {
        return e;
    }
    e.bytes = ENTRY_HEADER + (uint32_t)e.len;
    return e;
}

/* Collects bytes into whole program units. In a dry run it only computes the checksum. After an
 * error it does nothing more. */
struct writer {
    const struct hal_flash *flash;
    uint32_t at; /* where the first byte of the buffer goes */
    uint32_t fill;
    uint32_t crc;
    bool dry, failed;
    uint8_t buffer[WRITE_CHUNK];
};

static void writer_open(struct writer *w, const struct hal_flash *flash, uint32_t at, bool dry)
{
    w->flash = flash;
    w->at = at;
    w->fill = 0;
    w->crc = 0;
    w->dry = dry;
    w->failed = false;
}

static void writer_flush(struct writer *w)
{
    const struct hal_flash *flash = w->flash;

    while (w->fill % flash->program_unit != 0)
        w->buffer[w->fill++] = 0xFF;
    if (w->fill > 0 && !w->dry && !w->failed)
        w->failed = flash->program(flash->ctx, w->at, w->buffer, w->fill) != 0 ||
                    flash_holds(flash, w->at, w->fill, w->buffer) != 1;
    w->at += w->fill;
    w->fill = 0;
}

/* bytes NULL: copies what flash holds at `from`. */
static void writer_push(struct writer *w, const uint8_t *bytes, uint32_t from, uint32_t len)
{
    uint32_t room = WRITE_CHUNK / w->flash->program_unit * w->flash->program_unit;

    while (len > 0 && !w->failed) {
        uint32_t n = smaller(room - w->fill, len);
        uint8_t *to = w->buffer + w->fill;

        if (bytes) {
            memcpy(to, bytes, n);
            bytes += n;
        } else {
            w->failed = flash_read(w->flash, from, to, n) != STORE_OK;
            from += n;
        }
        w->crc = store_crc32(w->crc, to, n);
        w->fill += n;
        len -= n;
        if (w->fill == room)
            writer_flush(w);
    }
}

static void push_payload(struct writer *w, const struct draft *d)
{
    for (uint32_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        struct entry e = draft_entry(d, key);
        const uint8_t head[ENTRY_HEADER] = {(uint8_t)key, (uint8_t)e.len, (uint8_t)(e.len >> 8)};
        uint32_t from = d->s->at[key], len = e.bytes - ENTRY_HEADER, crc = 0;

        if (e.bytes == 0)
            continue;
        /* A value that has changed on flash must not get a valid checksum here. */
        if (!is_updated(d, key) &&
            (flash_scan(d->s->flash, from, len, NULL, &crc) < 0 || crc != d->s->crc[key]))
            w->failed = true;
        writer_push(w, head, 0, ENTRY_HEADER);
        writer_push(w, e.value, from, len);
    }
}

/* Two passes: the first computes the checksum, which precedes the bytes that it covers. */
static int record_write(const struct draft *d)
{
    uint8_t head[HEAD_ON_FLASH + RECORD_HEADER];
    uint32_t seed = record_seed(&d->place, head), sum = 0;

    for (int pass = 0; pass < 2; pass++) {
        struct writer w;

        writer_open(&w, d->s->flash, d->place.bank_at + d->place.offset, pass == 0);
        put_le32(head + RECORD_SEED, sum);
        writer_push(&w, head + HEAD_ON_FLASH, 0, RECORD_HEADER);
        w.crc = seed;
        push_payload(&w, d);
        writer_flush(&w);
        wipe(w.buffer, sizeof(w.buffer));
        /* A value on flash may have read differently the second time. */
        if (w.failed || (pass > 0 && w.crc != sum))
            return STORE_IO;
        sum = w.crc;
    }
    return STORE_OK;
}

static int write_all(const struct store *s, uint32_t at, const uint8_t *bytes, uint32_t len)
{
    struct writer w;

    writer_open(&w, s->flash, at, false);
    writer_push(&w, bytes, 0, len);
    writer_flush(&w);
    return w.failed ? STORE_IO : STORE_OK;
}

static int slot_seal(const struct store *s, uint32_t at)
{
    uint8_t seal[SEAL_BYTES];

    put_le32(seal, SEAL);
    return write_all(s, at, seal, sizeof(seal));
}

static int bank_header_write(const struct store *s, const struct record_place *p)
{
    uint8_t head[BANK_HEADER];

    put_le32(head, BANK_MAGIC);
    put_le32(head + 4, BANK_VERSION);
    put_le32(head + 8, p->generation);
    put_le32(head + 12, store_crc32(0, head, 12));
    return write_all(s, p->bank_at, head, sizeof(head));
}

/* Indexes the record's entries. Their places follow from the lengths alone, so nothing can fail. */
static void index_record(const struct draft *d)
{
    uint32_t at = d->place.bank_at + d->place.offset + RECORD_HEADER;

    for (uint32_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        struct entry e = draft_entry(d, key);
        uint32_t crc = e.value ? store_crc32(0, e.value, e.len) : d->s->crc[key];

        if (e.bytes > 0 || is_updated(d, key))
            index_key(d->s, key, (uint32_t)e.len, at + ENTRY_HEADER, crc);
        at += e.bytes;
    }
}

static uint32_t draft_end(const struct draft *d)
{
    return d->place.offset + padded(d->s, RECORD_HEADER + d->place.length);
}

/* Finds the record's place: after the log, or as the snapshot of the other bank. STORE_FULL: there
 * is no room. */
static int draft_place(struct draft *d)
{
    const struct store *s = d->s;
    struct record_place *p = &d->place;

    p->bank_at = (s->bank ^ d->snapshot) * s->bank_bytes;
    p->generation = s->generation + d->snapshot;
    p->offset = after_slot(s, d->snapshot ? log_start(s) : s->end);
    p->length = 0;
    for (uint32_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        struct entry e = draft_entry(d, key);

        if (e.value && e.len > LIMIT_STORE_VALUE)
            return STORE_TOO_LARGE;
        p->length += e.bytes;
    }
    return draft_end(d) > s->bank_bytes ? STORE_FULL : STORE_OK;
}

/* Writes the record, and then what makes it valid: the header of its bank, or the seal before
 * it. */
static int draft_write(const struct draft *d)
{
    const struct record_place *p = &d->place;
    int r = d->snapshot ? bank_erase(d->s->flash, d->s->bank ^ 1u) : STORE_OK;

    if (r == STORE_OK)
        r = record_write(d);
    if (r != STORE_OK)
        return r;
    return d->snapshot ? bank_header_write(d->s, p) : slot_seal(d->s, p->bank_at + d->s->end);
}

static int draft_commit(const struct draft *d)
{
    struct store *s = d->s;
    uint32_t left_at = s->bank * s->bank_bytes + log_start(s);
    bool was_blank = is_unformatted(s);
    int r;

    /* Until this succeeds there may be a partial record after the log, or the other bank may look
     * newer than the one in use: an append to the latter could be lost. */
    s->tail_dirty = true;
    r = draft_write(d);
    if (r != STORE_OK)
        return r;
    index_record(d);
    s->end = draft_end(d);
    s->generation = d->place.generation;
    /* From here on the new bank is in use. If the old one cannot be marked as used up, the next
     * update writes another bank. */
    if (d->snapshot) {
        s->bank ^= 1u;
        r = was_blank ? STORE_OK : slot_seal(s, left_at);
    }
    s->tail_dirty = r != STORE_OK;
    return STORE_OK;
}

/* The first bank gets no values, so that a store with values always has two banks, and no partial
 * state of this one can be taken for it. */
static int format(struct store *s)
{
    const struct store_update nothing = {0};
    struct draft d = {.s = s, .update = &nothing, .snapshot = true};
    int r = draft_place(&d);

    return r == STORE_OK ? draft_commit(&d) : r;
}

int store_commit(struct store *store, const struct store_update *update)
{
    struct draft d = {.s = store, .update = update};
    int r = STORE_FULL;

    if (!store->flash)
        return STORE_IO;
    if (update->keys >> LIMIT_STORE_KEYS)
        return STORE_TOO_LARGE;
    if (update->keys == 0)
        return STORE_OK;
    if (!store->tail_dirty && !store->fresh)
        r = draft_place(&d);
    if (r == STORE_FULL) {
        d.snapshot = true;
        r = draft_place(&d);
    }
    if (r == STORE_OK && is_unformatted(store)) {
        r = format(store);
        if (r == STORE_OK)
            r = draft_place(&d);
    }
    if (r == STORE_OK)
        r = draft_commit(&d);
    if (r == STORE_OK)
        store->fresh = false;
    return r;
}

#if FW_TEXTS
const char *store_error_text(int error)
{
    switch (error) {
    case STORE_OK:
        return NULL;
    case STORE_IO:
        return "the flash cannot be read or written";
    case STORE_GEOMETRY:
        return "the flash is too small";
    case STORE_FULL:
        return "there is no room";
    case STORE_VERSION:
        return "another version of the firmware has written it";
    default:
        return "what is stored is damaged";
    }
}
#endif
