#ifndef TESTS_FLASH_MODEL_H
#define TESTS_FLASH_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "hal/flash.h"

/* A NOR flash for tests: keeps the rules of hal/flash.h, counts operations (programs and erases),
 * and carries out one of them wrongly when told so. The first broken rule is kept in `broken`. */

#define MODEL_BYTES 8192u
#define MODEL_OPS 512u

enum model_fault {
    MODEL_NONE,
    MODEL_CUT,  /* power is lost in the operation: nothing works until model_power() */
    MODEL_FAIL, /* the operation is carried out in part and reports an error */
    MODEL_LIE,  /* a program leaves one bit wrong (bit `variant`) and reports success */
};

struct model_op {
    bool erase;
    uint32_t offset;
    uint32_t len;
};

struct flash_model {
    struct hal_flash hal;
    uint32_t size;
    uint8_t bytes[MODEL_BYTES];
    uint8_t spent[MODEL_BYTES]; /* 1: needs a complete erase before the next program */
    uint32_t ops;
    struct model_op log[MODEL_OPS];
    uint32_t reads;
    uint32_t programmed; /* bytes */
    uint32_t erases;
    enum model_fault fault;
    uint32_t fault_op;      /* number of the operation that goes wrong */
    uint32_t fault_variant; /* program: bytes written before the fault; erase: see model_mixture */
    uint32_t fail_read;     /* number of the read that fails, from 1; 0 = none */
    uint32_t lie_read;      /* number of the read that gives one wrong bit; 0 = none */
    bool dead;
    const char *broken;
};

static inline uint32_t model_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static inline uint32_t model_seed(uint32_t a, uint32_t b)
{
    uint32_t state = (a + 1) * 2654435761u ^ (b + 7) * 40503u;

    state = state ? state : 1;
    (void)model_random(&state);
    return state;
}

static inline int model_break(struct flash_model *m, const char *what)
{
    if (!m->broken)
        m->broken = what;
    return -1;
}

static inline int model_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    struct flash_model *m = ctx;

    if (offset > m->size || len > m->size - offset)
        return model_break(m, "read outside the region");
    if (len == 0)
        return model_break(m, "read of nothing");
    if (m->dead || ++m->reads == m->fail_read)
        return -1;
    memcpy(out, m->bytes + offset, len);
    if (m->reads == m->lie_read)
        ((uint8_t *)out)[len / 2] ^= 4;
    return 0;
}

/* True when this operation is the one to go wrong. */
static inline bool model_count(struct flash_model *m, bool erase, uint32_t offset, uint32_t len)
{
    uint32_t number = m->ops++;

    if (number < MODEL_OPS)
        m->log[number] = (struct model_op){erase, offset, len};
    else
        (void)model_break(m, "more operations than the log holds");
    if (m->fault == MODEL_NONE || number != m->fault_op)
        return false;
    m->dead = m->fault == MODEL_CUT;
    return true;
}

static inline int model_program(void *ctx, uint32_t offset, const void *data, size_t len)
{
    struct flash_model *m = ctx;
    uint32_t unit = m->hal.program_unit;
    size_t part = len;
    bool hit;

    if (m->dead)
        return -1;
    if (offset > m->size || len > m->size - offset || len == 0)
        return model_break(m, "program outside the region");
    if (offset % unit || len % unit)
        return model_break(m, "program off the unit");
    for (size_t i = 0; i < len; i++)
        if (m->spent[offset + i] || m->bytes[offset + i] != 0xFF)
            return model_break(m, "program of a unit that is not erased");
    hit = model_count(m, false, offset, (uint32_t)len);
    if (hit && m->fault != MODEL_LIE && m->fault_variant < len)
        part = m->fault_variant;
    memcpy(m->bytes + offset, data, part);
    memset(m->spent + offset, 1, (part + unit - 1) / unit * unit);
    m->programmed += (uint32_t)part;
    if (!hit)
        return 0;
    if (m->fault != MODEL_LIE)
        return -1;
    m->bytes[offset + m->fault_variant / 8 % len] ^= (uint8_t)(1u << m->fault_variant % 8);
    return 0;
}

/* Which bytes of a sector keep their old value when its erase is interrupted. */
#define MODEL_MIXTURES 12u
static inline bool model_mixture(uint32_t variant, uint32_t i, uint32_t sector, uint32_t *rng)
{
    switch (variant) {
    case 0: /* not begun */
        return true;
    case 1: /* all but done */
        return false;
    case 2: /* a bank header alone is left */
        return i < 16;
    case 3: /* all but a bank header is left */
        return i >= 16;
    case 4: /* header and the beginning of the snapshot */
        return i < 32;
    case 5:
        return i < sector / 2;
    case 6: /* header, and holes behind it */
        return i < 16 || model_random(rng) % 2;
    case 7: /* one byte gone */
        return i != 20 + *rng % (sector - 20);
    default:
        return model_random(rng) % 2;
    }
}

static inline int model_erase(void *ctx, uint32_t sector)
{
    struct flash_model *m = ctx;
    uint32_t len = m->hal.sector_bytes;
    uint32_t rng = model_seed(m->fault_op, m->fault_variant);
    uint8_t *bytes = m->bytes + (size_t)sector * len;
    uint8_t *spent = m->spent + (size_t)sector * len;

    if (m->dead)
        return -1;
    if (sector >= m->hal.sector_count)
        return model_break(m, "erase outside the region");
    m->erases++;
    if (!model_count(m, true, sector * len, len)) {
        memset(bytes, 0xFF, len);
        memset(spent, 0, len);
        return 0;
    }
    for (uint32_t i = 0; i < len; i++)
        if (!model_mixture(m->fault_variant, i, len, &rng))
            bytes[i] = 0xFF;
    memset(spent, 1, len);
    return -1;
}

static inline void model_begin(struct flash_model *m, uint32_t sector_bytes, uint32_t sector_count,
                               uint32_t program_unit)
{
    memset(m, 0, sizeof(*m));
    m->size = sector_bytes * sector_count;
    if (m->size > MODEL_BYTES)
        m->size = 0;
    memset(m->bytes, 0xFF, sizeof(m->bytes));
    m->hal = (struct hal_flash){
        .ctx = m,
        .sector_bytes = sector_bytes,
        .sector_count = sector_count,
        .program_unit = program_unit,
        .read = model_read,
        .program = model_program,
        .erase = model_erase,
    };
}

/* Operation `op` from now on goes wrong. */
static inline void model_arm(struct flash_model *m, enum model_fault fault, uint32_t op,
                             uint32_t variant)
{
    m->ops = 0;
    m->fault = fault;
    m->fault_op = op;
    m->fault_variant = variant;
}

static inline void model_power(struct flash_model *m)
{
    m->dead = false;
    m->ops = 0;
    m->fault = MODEL_NONE;
    m->reads = 0;
    m->fail_read = 0;
    m->lie_read = 0;
}

/* Puts bytes there as if an earlier owner of the region had left them. */
static inline void model_leave(struct flash_model *m, uint32_t offset, const void *data, size_t len)
{
    memcpy(m->bytes + offset, data, len);
    memset(m->spent + offset, 1, len);
}

/* CRC-32 (IEEE 802.3), bit by bit: the tests' own reading of the specification. */
static inline uint32_t model_crc(const uint8_t *bytes, size_t len)
{
    uint32_t crc = 0xFFFFFFFFu;

    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1u ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
    return ~crc;
}

static inline void model_le32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

/* A bank header as SPEC.md gives it. */
static inline void model_leave_header(struct flash_model *m, uint32_t at, uint32_t version,
                                      uint32_t generation)
{
    uint8_t head[16] = "PRVS";

    model_le32(head + 4, version);
    model_le32(head + 8, generation);
    model_le32(head + 12, model_crc(head, 12));
    model_leave(m, at, head, sizeof(head));
}

/* A record as SPEC.md gives it, with a right checksum whatever the payload is. */
static inline void model_leave_record(struct flash_model *m, uint32_t bank_at, uint32_t generation,
                                      uint32_t offset, const uint8_t *payload, uint16_t len)
{
    uint8_t sum[11 + 512];
    uint8_t head[7] = {0xA5, (uint8_t)len, (uint8_t)(len >> 8)};

    if (len > 512)
        return;
    model_le32(sum, generation);
    model_le32(sum + 4, offset);
    memcpy(sum + 8, head, 3);
    if (len > 0)
        memcpy(sum + 11, payload, len);
    model_le32(head + 3, model_crc(sum, 11u + len));
    model_leave(m, bank_at + offset, head, sizeof(head));
    if (len > 0)
        model_leave(m, bank_at + offset + 7, payload, len);
}

/* What stands in a slot once the record behind it counts, or the other bank is in use. */
static inline void model_leave_seal(struct flash_model *m, uint32_t at)
{
    model_leave(m, at, "\xA5\x5A\xC3\x3C", 4);
}

#endif
