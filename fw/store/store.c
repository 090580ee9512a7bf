#include "fw/store/store.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/wipe.h"
#include "fw/store/crc32.h"

/* What is on flash, and why a power cut at any operation is harmless: SPEC.md. */

#define BANK_MAGIC 0x53565250u /* "PRVS" */
#define BANK_VERSION 1u
#define BANK_HEADER 16u

#define RECORD_MARKER 0x5AA5u /* no byte is 0xFF: a record shows from its first byte on */
#define RECORD_HEADER 8u
#define HEAD_ON_FLASH 8u /* see record_seed() */
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

static int flash_read(const struct hal_flash *flash, uint32_t at, void *out, uint32_t len)
{
    return flash->read(flash->ctx, at, out, len); /* 0 or -1: STORE_OK, STORE_IO */
}

/* A place for a record. The generation and the offset enter the checksum, so that bytes left over
 * from a bank's earlier life never pass for a record of this one. */
struct place {
    uint32_t bank_at; /* region offset of the bank */
    uint32_t generation;
    uint32_t offset; /* of the record in the bank */
    uint32_t length; /* of the payload */
};

static uint32_t payload_at(const struct place *p)
{
    return p->bank_at + p->offset + RECORD_HEADER;
}

/* Fills what the checksum begins with, 12 bytes; the last 4 stand on flash too, and the checksum
 * behind them. */
static uint32_t record_seed(const struct place *p, uint8_t *head)
{
    put_le32(head, p->generation);
    put_le32(head + 4, p->offset);
    put_le32(head + HEAD_ON_FLASH, RECORD_MARKER | p->length << 16);
    return store_crc32(0, head, 12);
}

/* Adds what is on flash to a checksum. 1: it is these bytes, 0: it is others. NULL: all 0xFF. */
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
        *crc = store_crc32(*crc, chunk, n);
        for (uint32_t i = 0; i < n; i++)
            if (chunk[i] != (bytes ? *bytes++ : 0xFF))
                same = 0;
        at += n;
        len -= n;
    }
    wipe(chunk, sizeof(chunk));
    return same;
}

static int flash_holds(const struct hal_flash *flash, uint32_t at, uint32_t len,
                       const uint8_t *bytes)
{
    uint32_t crc = 0;

    return flash_scan(flash, at, len, bytes, &crc);
}

static void index_key(struct store *s, uint32_t key, uint32_t len, uint32_t value_at)
{
    s->at[key] = len == ENTRY_ERASED ? 0 : value_at;
    s->len[key] = (uint16_t)len;
}

/* 1: well formed, 0: not. With `into` set the entries are taken over into its index. */
static int walk_payload(const struct hal_flash *flash, uint32_t at, uint32_t length,
                        struct store *into)
{
    while (length > 0) {
        uint8_t entry[ENTRY_HEADER];
        uint32_t len, bytes;

        if (length < ENTRY_HEADER)
            return 0;
        if (flash_read(flash, at, entry, ENTRY_HEADER) != STORE_OK)
            return STORE_IO;
        at += ENTRY_HEADER;
        length -= ENTRY_HEADER;
        len = get_le16(entry + 1);
        bytes = len == ENTRY_ERASED ? 0 : len;
        if (entry[0] >= LIMIT_STORE_KEYS || bytes > LIMIT_STORE_VALUE || bytes > length)
            return 0;
        if (into)
            index_key(into, entry[0], len, at);
        at += bytes;
        length -= bytes;
    }
    return 1;
}

/* 1: a whole record stands at p->offset (p->length is set), 0: none. */
static int record_check(const struct store *s, struct place *p)
{
    uint8_t head[RECORD_HEADER], seed[12];
    uint32_t room = s->bank_bytes - p->offset;
    uint32_t crc;

    if (room < RECORD_HEADER)
        return 0;
    if (flash_read(s->flash, p->bank_at + p->offset, head, sizeof(head)) != STORE_OK)
        return STORE_IO;
    p->length = get_le16(head + 2);
    if (get_le16(head) != RECORD_MARKER || p->length > room - RECORD_HEADER)
        return 0;
    crc = record_seed(p, seed);
    if (flash_scan(s->flash, payload_at(p), p->length, NULL, &crc) < 0)
        return STORE_IO;
    if (crc != get_le32(head + 4))
        return 0;
    return walk_payload(s->flash, payload_at(p), p->length, NULL);
}

/* 1: a complete bank, *p is its snapshot's place; 0: none. The snapshot has to be whole too: of a
 * bank whose erase was interrupted the header alone may be left. */
static int bank_check(const struct store *s, uint32_t bank, struct place *p)
{
    uint8_t head[BANK_HEADER];
    uint32_t version;

    p->bank_at = bank * s->bank_bytes;
    p->offset = padded(s, BANK_HEADER);
    if (flash_read(s->flash, p->bank_at, head, sizeof(head)) != STORE_OK)
        return STORE_IO;
    version = get_le32(head + 4);
    if (get_le32(head) != BANK_MAGIC || version == 0 ||
        get_le32(head + 12) != store_crc32(0, head, 12))
        return 0;
    if (version > BANK_VERSION)
        return STORE_VERSION;
    p->generation = get_le32(head + 8);
    return record_check(s, p);
}

static bool is_newer(uint32_t a, uint32_t b)
{
    return a != b && a - b < 0x80000000u;
}

/* 1: bank and generation are set, and *newest; 0: no complete bank. */
static int newest_bank(struct store *s, struct place *newest)
{
    int found = 0;

    for (uint32_t bank = 0; bank < 2; bank++) {
        struct place p;
        int r = bank_check(s, bank, &p);

        if (r < 0)
            return r;
        if (r == 0 || (found && !is_newer(p.generation, s->generation)))
            continue;
        found = 1;
        *newest = p;
        s->bank = (uint8_t)bank;
        s->generation = p.generation;
    }
    return found;
}

static int scan_log(struct store *s, struct place *p)
{
    int r;

    while ((r = record_check(s, p)) == 1) {
        if (walk_payload(s->flash, payload_at(p), p->length, s) < 0)
            return STORE_IO;
        p->offset += padded(s, RECORD_HEADER + p->length);
    }
    if (r < 0)
        return r;
    s->end = p->offset;
    r = flash_holds(s->flash, p->bank_at + p->offset, s->bank_bytes - p->offset, NULL);
    s->tail_dirty = r == 0;
    return r < 0 ? r : STORE_OK;
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

int store_mount(struct store *store, const struct hal_flash *flash)
{
    struct place p;
    int r;

    memset(store, 0, sizeof(*store));
    if (!geometry_fits(flash))
        return STORE_GEOMETRY;
    store->flash = flash;
    store->bank_bytes = flash->sector_bytes * (flash->sector_count / 2);
    r = newest_bank(store, &p);
    if (r == 1) {
        r = scan_log(store, &p);
    } else if (r == 0) {
        /* As if bank 1 were in use and full: the first update makes bank 0. */
        store->fresh = true;
        store->bank = 1;
        store->end = store->bank_bytes;
    }
    /* Without a flash every later call answers STORE_IO, so what could not be read stays. */
    if (r != STORE_OK)
        memset(store, 0, sizeof(*store));
    return r;
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
    if (*len == 0)
        return STORE_OK;
    return flash_read(store->flash, store->at[key], out, store->len[key]);
}

int store_holds(const struct store *store, uint8_t key, const void *value, size_t len)
{
    if (!value || store->at[key] == 0 || store->len[key] != len)
        return !value && store->at[key] == 0;
    return flash_holds(store->flash, store->at[key], store->len[key], value);
}

/* A record to be written, and the payload that it will have: the updated keys, and in a snapshot
 * the others that have a value. */
struct draft {
    struct store *s;
    const struct store_update *update;
    bool snapshot;
    struct place place;
};

struct entry {
    const uint8_t *value; /* NULL: it is held at the key's place, or there is none */
    size_t len;           /* of the value, or ENTRY_ERASED */
    uint32_t bytes;       /* of the entry in the record; 0 = the record has none for this key */
};

static bool is_updated(const struct draft *d, uint32_t key)
{
    return d->update->keys >> key & 1u;
}

/* The one list of what a record holds. */
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

/* Gathers bytes into whole program units. Dry, it only sums up. After an error nothing more
 * happens. */
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

/* bytes NULL: what flash holds at `from`. */
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

        if (e.bytes == 0)
            continue;
        writer_push(w, head, 0, ENTRY_HEADER);
        writer_push(w, e.value, d->s->at[key], e.bytes - ENTRY_HEADER);
    }
}

/* Two passes: the first for the checksum, which stands in front of what it is of. */
static int record_write(const struct draft *d)
{
    uint8_t head[HEAD_ON_FLASH + RECORD_HEADER];
    uint32_t seed = record_seed(&d->place, head), sum = 0;

    for (int pass = 0; pass < 2; pass++) {
        struct writer w;

        writer_open(&w, d->s->flash, d->place.bank_at + d->place.offset, pass == 0);
        put_le32(head + HEAD_ON_FLASH + 4, sum);
        writer_push(&w, head + HEAD_ON_FLASH, 0, RECORD_HEADER);
        w.crc = seed;
        push_payload(&w, d);
        writer_flush(&w);
        wipe(w.buffer, sizeof(w.buffer));
        /* A held value may have read differently the second time. */
        if (w.failed || (pass > 0 && w.crc != sum))
            return STORE_IO;
        sum = w.crc;
    }
    return STORE_OK;
}

static int bank_erase(const struct store *s, uint32_t bank)
{
    const struct hal_flash *flash = s->flash;
    uint32_t count = flash->sector_count / 2;

    /* Upwards: the header goes first. */
    for (uint32_t i = 0; i < count; i++)
        if (flash->erase(flash->ctx, bank * count + i) != 0)
            return STORE_IO;
    return STORE_OK;
}

static int bank_finish(const struct store *s, const struct place *p)
{
    uint8_t head[BANK_HEADER];
    struct writer w;

    writer_open(&w, s->flash, p->bank_at, false);
    put_le32(head, BANK_MAGIC);
    put_le32(head + 4, BANK_VERSION);
    put_le32(head + 8, p->generation);
    put_le32(head + 12, store_crc32(0, head, 12));
    writer_push(&w, head, 0, sizeof(head));
    writer_flush(&w);
    return w.failed ? STORE_IO : STORE_OK;
}

/* Positions follow from the lengths alone: nothing can fail here. */
static void index_record(const struct draft *d)
{
    uint32_t at = d->place.bank_at + d->place.offset + RECORD_HEADER;

    for (uint32_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        struct entry e = draft_entry(d, key);

        if (e.bytes > 0 || is_updated(d, key))
            index_key(d->s, key, (uint32_t)e.len, at + ENTRY_HEADER);
        at += e.bytes;
    }
}

/* Behind the log, or as the snapshot of the other bank. STORE_FULL: there is no room. */
static int write_update(struct store *s, const struct store_update *update, bool snapshot)
{
    uint32_t bank = s->bank ^ snapshot;
    struct draft d = {s, update, snapshot, {.bank_at = bank * s->bank_bytes}};
    struct place *p = &d.place;
    uint32_t end;
    int r = STORE_OK;

    p->generation = s->generation + snapshot;
    p->offset = snapshot ? padded(s, BANK_HEADER) : s->end;
    for (uint32_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        struct entry e = draft_entry(&d, key);

        if (e.value && e.len > LIMIT_STORE_VALUE)
            return STORE_TOO_LARGE;
        p->length += e.bytes;
    }
    end = p->offset + padded(s, RECORD_HEADER + p->length);
    if (end > s->bank_bytes)
        return STORE_FULL;
    /* Until this works out there may be a stump behind the log, or the other bank may look newer
     * than the one in use: an append to the latter could be lost. */
    s->tail_dirty = true;
    if (snapshot)
        r = bank_erase(s, bank);
    if (r == STORE_OK)
        r = record_write(&d);
    if (r == STORE_OK && snapshot)
        r = bank_finish(s, p);
    if (r != STORE_OK)
        return r;
    index_record(&d);
    s->bank = (uint8_t)bank;
    s->generation = p->generation;
    s->end = end;
    s->tail_dirty = false;
    return STORE_OK;
}

int store_commit(struct store *store, const struct store_update *update)
{
    int r = STORE_FULL;

    if (!store->flash)
        return STORE_IO;
    if (update->keys >> LIMIT_STORE_KEYS)
        return STORE_TOO_LARGE;
    if (update->keys == 0)
        return STORE_OK;
    if (!store->tail_dirty)
        r = write_update(store, update, false);
    return r == STORE_FULL ? write_update(store, update, true) : r;
}
