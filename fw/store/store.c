#include "fw/store/store.h"

#include <string.h>

#include "fw/store/crc32.h"

/* What is on flash, and why a power cut at any operation is harmless: SPEC.md. */

#define BANK_MAGIC 0x53565250u /* "PRVS" */
#define BANK_VERSION 1u
#define BANK_HEADER 16u

#define RECORD_MARKER 0x5AA5u /* no byte is 0xFF: a record shows from its first byte on */
#define RECORD_HEADER 8u
#define ENTRY_HEADER 3u
#define ENTRY_ERASED 0xFFFFu
#define WRITE_CHUNK 48u
#define READ_CHUNK 32u

static uint32_t get_u16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get_u32(const uint8_t *p)
{
    return get_u16(p) | get_u16(p + 2) << 16;
}

static void set_u16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void set_u32(uint8_t *p, uint32_t value)
{
    set_u16(p, value);
    set_u16(p + 2, value >> 16);
}

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
    return flash->read(flash->ctx, at, out, len) == 0 ? STORE_OK : STORE_IO;
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

static uint32_t record_seed(const struct place *p)
{
    uint8_t head[12];

    set_u32(head, p->generation);
    set_u32(head + 4, p->offset);
    set_u16(head + 8, RECORD_MARKER);
    set_u16(head + 10, p->length);
    return store_crc32(0, head, sizeof(head));
}

static int flash_crc(const struct hal_flash *flash, uint32_t at, uint32_t len, uint32_t *crc)
{
    uint8_t chunk[READ_CHUNK];

    while (len > 0) {
        uint32_t n = smaller(len, sizeof(chunk));

        if (flash_read(flash, at, chunk, n) != STORE_OK)
            return STORE_IO;
        *crc = store_crc32(*crc, chunk, n);
        at += n;
        len -= n;
    }
    return STORE_OK;
}

static void index_key(struct store *s, const uint8_t *entry, uint32_t value_at)
{
    bool erased = get_u16(entry + 1) == ENTRY_ERASED;

    s->at[entry[0]] = erased ? 0 : value_at;
    s->len[entry[0]] = erased ? 0 : (uint16_t)get_u16(entry + 1);
}

/* Bytes of the value behind an entry's header; more than `room` when the entry is malformed. */
static uint32_t entry_value(const uint8_t *entry, uint32_t room)
{
    uint32_t len = get_u16(entry + 1);

    if (entry[0] >= LIMIT_STORE_KEYS)
        return room + 1;
    if (len == ENTRY_ERASED)
        return 0;
    return len > LIMIT_STORE_VALUE ? room + 1 : len;
}

/* 1: well formed, 0: not. With `into` set the entries are taken over into its index. */
static int walk_payload(const struct hal_flash *flash, uint32_t at, uint32_t length,
                        struct store *into)
{
    while (length > 0) {
        uint8_t entry[ENTRY_HEADER];
        uint32_t value;

        if (length < ENTRY_HEADER)
            return 0;
        if (flash_read(flash, at, entry, ENTRY_HEADER) != STORE_OK)
            return STORE_IO;
        at += ENTRY_HEADER;
        length -= ENTRY_HEADER;
        value = entry_value(entry, length);
        if (value > length)
            return 0;
        if (into)
            index_key(into, entry, at);
        at += value;
        length -= value;
    }
    return 1;
}

/* 1: a whole record stands at p->offset (p->length is set), 0: none. */
static int record_check(const struct store *s, struct place *p)
{
    uint8_t head[RECORD_HEADER];
    uint32_t room = s->bank_bytes - p->offset;
    uint32_t crc;

    if (room < RECORD_HEADER)
        return 0;
    if (flash_read(s->flash, p->bank_at + p->offset, head, sizeof(head)) != STORE_OK)
        return STORE_IO;
    p->length = get_u16(head + 2);
    if (get_u16(head) != RECORD_MARKER || p->length > room - RECORD_HEADER)
        return 0;
    crc = record_seed(p);
    if (flash_crc(s->flash, payload_at(p), p->length, &crc) != STORE_OK)
        return STORE_IO;
    if (crc != get_u32(head + 4))
        return 0;
    return walk_payload(s->flash, payload_at(p), p->length, NULL);
}

/* 1: a complete bank, 0: none. The snapshot has to be whole too: of a bank whose erase was
 * interrupted the header alone may be left. */
static int bank_check(const struct store *s, uint32_t bank, uint32_t *generation)
{
    uint8_t head[BANK_HEADER];
    struct place p = {.bank_at = bank * s->bank_bytes, .offset = padded(s, BANK_HEADER)};
    uint32_t version;

    if (flash_read(s->flash, p.bank_at, head, sizeof(head)) != STORE_OK)
        return STORE_IO;
    version = get_u32(head + 4);
    if (get_u32(head) != BANK_MAGIC || version == 0 ||
        get_u32(head + 12) != store_crc32(0, head, 12))
        return 0;
    if (version > BANK_VERSION)
        return STORE_VERSION;
    p.generation = *generation = get_u32(head + 8);
    return record_check(s, &p);
}

static bool is_newer(uint32_t a, uint32_t b)
{
    return a != b && a - b < 0x80000000u;
}

/* 1: bank and generation are set, 0: no complete bank. */
static int newest_bank(struct store *s)
{
    int found = 0;

    for (uint8_t bank = 0; bank < 2; bank++) {
        uint32_t generation = 0;
        int r = bank_check(s, bank, &generation);

        if (r < 0)
            return r;
        if (r == 0 || (found && !is_newer(generation, s->generation)))
            continue;
        found = 1;
        s->bank = bank;
        s->generation = generation;
    }
    return found;
}

static int check_tail(struct store *s)
{
    uint8_t chunk[READ_CHUNK];

    for (uint32_t offset = s->end; offset < s->bank_bytes;) {
        uint32_t n = smaller(s->bank_bytes - offset, sizeof(chunk));

        if (flash_read(s->flash, s->bank * s->bank_bytes + offset, chunk, n) != STORE_OK)
            return STORE_IO;
        for (uint32_t i = 0; i < n; i++)
            if (chunk[i] != 0xFF)
                s->tail_dirty = true;
        offset += n;
    }
    return STORE_OK;
}

static int scan_log(struct store *s)
{
    struct place p = {.bank_at = s->bank * s->bank_bytes,
                      .generation = s->generation,
                      .offset = padded(s, BANK_HEADER)};
    int r;

    while ((r = record_check(s, &p)) == 1) {
        if (walk_payload(s->flash, payload_at(&p), p.length, s) < 0)
            return STORE_IO;
        p.offset += padded(s, RECORD_HEADER + p.length);
    }
    if (r < 0)
        return r;
    s->end = p.offset;
    return check_tail(s);
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
    int r;

    memset(store, 0, sizeof(*store));
    if (!geometry_fits(flash))
        return STORE_GEOMETRY;
    store->flash = flash;
    store->bank_bytes = flash->sector_bytes * (flash->sector_count / 2);
    r = newest_bank(store);
    if (r == 1) {
        r = scan_log(store);
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

void store_batch_begin(struct store_batch *batch)
{
    batch->used = 0;
    batch->error = STORE_OK;
}

static uint8_t *batch_entry(struct store_batch *batch, uint8_t key, uint32_t len, size_t room)
{
    uint8_t *entry = batch->bytes + batch->used;

    if (key >= LIMIT_STORE_KEYS || room > LIMIT_STORE_VALUE ||
        ENTRY_HEADER + room > sizeof(batch->bytes) - batch->used) {
        if (batch->error == STORE_OK)
            batch->error = STORE_TOO_LARGE;
        return NULL;
    }
    entry[0] = key;
    set_u16(entry + 1, len);
    batch->used = (uint16_t)(batch->used + ENTRY_HEADER + room);
    return entry + ENTRY_HEADER;
}

void store_batch_put(struct store_batch *batch, uint8_t key, const void *value, size_t len)
{
    uint8_t *out = batch_entry(batch, key, (uint32_t)len, len);

    if (out && len > 0)
        memcpy(out, value, len);
}

void store_batch_erase(struct store_batch *batch, uint8_t key)
{
    (void)batch_entry(batch, key, ENTRY_ERASED, 0);
}

static uint32_t batch_step(const struct store_batch *batch, uint32_t pos)
{
    return ENTRY_HEADER + entry_value(batch->bytes + pos, LIMIT_STORE_VALUE);
}

/* The last word on a key, NULL when the batch does not name it. */
static const uint8_t *batch_find(const struct store_batch *batch, uint32_t key)
{
    const uint8_t *found = NULL;

    for (uint32_t pos = 0; pos < batch->used; pos += batch_step(batch, pos))
        if (batch->bytes[pos] == key)
            found = batch->bytes + pos;
    return found;
}

/* Gathers bytes into whole program units. Dry, it only sums up. */
struct writer {
    const struct hal_flash *flash;
    uint32_t at; /* where the first byte of the buffer goes */
    uint32_t fill;
    uint32_t room; /* a multiple of the program unit */
    uint32_t crc;
    bool dry;
    uint8_t buffer[WRITE_CHUNK];
};

static void writer_begin(struct writer *w, const struct store *s, uint32_t at)
{
    uint32_t unit = s->flash->program_unit;

    memset(w, 0, sizeof(*w));
    w->flash = s->flash;
    w->at = at;
    w->room = WRITE_CHUNK / unit * unit;
}

static int writer_flush(struct writer *w)
{
    const struct hal_flash *flash = w->flash;
    uint32_t read_back = 0;

    if (w->fill == 0)
        return STORE_OK;
    while (w->fill % flash->program_unit != 0)
        w->buffer[w->fill++] = 0xFF;
    if (flash->program(flash->ctx, w->at, w->buffer, w->fill) != 0 ||
        flash_crc(flash, w->at, w->fill, &read_back) != STORE_OK ||
        read_back != store_crc32(0, w->buffer, w->fill))
        return STORE_IO;
    w->at += w->fill;
    w->fill = 0;
    return STORE_OK;
}

static int writer_push(struct writer *w, const uint8_t *bytes, uint32_t len)
{
    w->crc = store_crc32(w->crc, bytes, len);
    if (w->dry)
        return STORE_OK;
    while (len > 0) {
        uint32_t n = smaller(w->room - w->fill, len);

        memcpy(w->buffer + w->fill, bytes, n);
        w->fill += n;
        bytes += n;
        len -= n;
        if (w->fill == w->room && writer_flush(w) != STORE_OK)
            return STORE_IO;
    }
    return STORE_OK;
}

static int push_held(struct writer *w, const struct store *s, uint8_t key)
{
    uint8_t chunk[READ_CHUNK] = {key};
    uint32_t left = s->len[key];
    uint32_t at = s->at[key];
    int r;

    set_u16(chunk + 1, left);
    r = writer_push(w, chunk, ENTRY_HEADER);
    while (r == STORE_OK && left > 0) {
        uint32_t n = smaller(left, sizeof(chunk));

        r = flash_read(s->flash, at, chunk, n);
        if (r == STORE_OK)
            r = writer_push(w, chunk, n);
        at += n;
        left -= n;
    }
    return r;
}

/* The one list of what a snapshot holds: key by key the batch's word, else the held value.
 * Returns the bytes that `key` takes; *entry is NULL for a held value. */
static uint32_t snapshot_entry(const struct store *s, const struct store_batch *batch, uint8_t key,
                               const uint8_t **entry)
{
    *entry = batch_find(batch, key);
    if (!*entry)
        return s->at[key] == 0 ? 0 : ENTRY_HEADER + s->len[key];
    if (get_u16(*entry + 1) == ENTRY_ERASED)
        return 0;
    return ENTRY_HEADER + get_u16(*entry + 1);
}

static uint32_t snapshot_length(const struct store *s, const struct store_batch *batch)
{
    const uint8_t *entry;
    uint32_t length = 0;

    for (uint8_t key = 0; key < LIMIT_STORE_KEYS; key++)
        length += snapshot_entry(s, batch, key, &entry);
    return length;
}

static int push_snapshot(struct writer *w, const struct store *s, const struct store_batch *batch)
{
    for (uint8_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        const uint8_t *entry;
        uint32_t bytes = snapshot_entry(s, batch, key, &entry);
        int r = STORE_OK;

        if (bytes > 0)
            r = entry ? writer_push(w, entry, bytes) : push_held(w, s, key);
        if (r != STORE_OK)
            return r;
    }
    return STORE_OK;
}

static int push_payload(struct writer *w, const struct store *s, const struct store_batch *batch,
                        bool snapshot)
{
    return snapshot ? push_snapshot(w, s, batch) : writer_push(w, batch->bytes, batch->used);
}

/* Two passes over the payload: the first for the checksum, which stands in front of it. */
static int record_write(const struct store *s, const struct store_batch *batch, bool snapshot,
                        const struct place *p)
{
    uint8_t head[RECORD_HEADER];
    struct writer w;
    uint32_t sum;
    int r;

    writer_begin(&w, s, p->bank_at + p->offset);
    w.dry = true;
    w.crc = record_seed(p);
    r = push_payload(&w, s, batch, snapshot);
    if (r != STORE_OK)
        return r;
    sum = w.crc;
    set_u16(head, RECORD_MARKER);
    set_u16(head + 2, p->length);
    set_u32(head + 4, sum);
    w.dry = false;
    r = writer_push(&w, head, sizeof(head));
    w.crc = record_seed(p);
    if (r == STORE_OK)
        r = push_payload(&w, s, batch, snapshot);
    if (r == STORE_OK)
        r = writer_flush(&w);
    /* A held value may have read differently the second time. */
    return r == STORE_OK && w.crc != sum ? STORE_IO : r;
}

static int append(struct store *s, const struct store_batch *batch)
{
    struct place p = {.bank_at = s->bank * s->bank_bytes,
                      .generation = s->generation,
                      .offset = s->end,
                      .length = batch->used};
    int r = record_write(s, batch, false, &p);

    if (r != STORE_OK) {
        s->tail_dirty = true;
        return r;
    }
    s->end += padded(s, RECORD_HEADER + p.length);
    for (uint32_t pos = 0; pos < batch->used; pos += batch_step(batch, pos))
        index_key(s, batch->bytes + pos, payload_at(&p) + pos + ENTRY_HEADER);
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
    int r;

    set_u32(head, BANK_MAGIC);
    set_u32(head + 4, BANK_VERSION);
    set_u32(head + 8, p->generation);
    set_u32(head + 12, store_crc32(0, head, 12));
    writer_begin(&w, s, p->bank_at);
    r = writer_push(&w, head, sizeof(head));
    return r == STORE_OK ? writer_flush(&w) : r;
}

/* Takes the new bank into use. Positions follow from the lengths alone: nothing can fail here. */
static void bank_switch(struct store *s, const struct store_batch *batch, const struct place *p)
{
    uint32_t at = payload_at(p);

    for (uint8_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        const uint8_t *entry;
        uint32_t bytes = snapshot_entry(s, batch, key, &entry);

        s->at[key] = bytes == 0 ? 0 : at + ENTRY_HEADER;
        s->len[key] = bytes == 0 ? 0 : (uint16_t)(bytes - ENTRY_HEADER);
        at += bytes;
    }
    s->bank ^= 1u;
    s->generation = p->generation;
    s->end = p->offset + padded(s, RECORD_HEADER + p->length);
    s->tail_dirty = false;
}

static int compact(struct store *s, const struct store_batch *batch)
{
    struct place p = {.bank_at = (s->bank ^ 1u) * s->bank_bytes,
                      .generation = s->generation + 1,
                      .offset = padded(s, BANK_HEADER),
                      .length = snapshot_length(s, batch)};
    int r;

    if (p.offset + padded(s, RECORD_HEADER + p.length) > s->bank_bytes)
        return STORE_FULL;
    /* Until this works out the other bank may look newer than the one in use: an append to the
     * latter could be lost. */
    s->tail_dirty = true;
    r = bank_erase(s, s->bank ^ 1u);
    if (r == STORE_OK)
        r = record_write(s, batch, true, &p);
    if (r == STORE_OK)
        r = bank_finish(s, &p);
    if (r == STORE_OK)
        bank_switch(s, batch, &p);
    return r;
}

int store_commit(struct store *store, const struct store_batch *batch)
{
    if (!store->flash)
        return STORE_IO;
    if (batch->error != STORE_OK)
        return batch->error;
    if (batch->used == 0)
        return STORE_OK;
    if (!store->tail_dirty &&
        padded(store, RECORD_HEADER + batch->used) <= store->bank_bytes - store->end)
        return append(store, batch);
    return compact(store, batch);
}
