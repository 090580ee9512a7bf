// SPDX-License-Identifier: BSD-3-Clause
// links: fw/store/store.c fw/store/crc32.c fw/core/wipe.c

#include "fw/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/store/crc32.h"
#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/store_batch.h"

/* The format, the limits and foreign images. What goes wrong on the way: test_store_faults.c. */

static struct flash_model model;
static struct store store;
static struct store_batch batch;

static void power_back(void)
{
    model_power(&model);
    assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
}

static void begin(uint32_t sector_bytes, uint32_t sector_count, uint32_t unit)
{
    model_begin(&model, sector_bytes, sector_count, unit);
    power_back();
    assert_true(store.fresh);
}

static int put(uint8_t key, const void *value, size_t len)
{
    store_batch_begin(&batch);
    store_batch_put(&batch, key, value, len);
    return store_batch_commit(&store, &batch);
}

/* Written down from SPEC.md; the checksums come from another CRC-32. */
static void image_is_as_specified(void **state)
{
    /* clang-format off */
    static const uint8_t first[128] = {
        /* bank 0: header of the first generation, the seal that says that bank 1 is in use, no value */
        0x50, 0x52, 0x56, 0x53, 0x02, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x22, 0x13, 0x30, 0x62,
        0xA5, 0x5A, 0xC3, 0x3C, 0xA5, 0x00, 0x00, 0x7A, 0x49, 0x2B, 0xE6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        /* bank 1: header; snapshot of key 3 = "AB"; sealed: key 0 = "z" and key 3 erased */
        0x50, 0x52, 0x56, 0x53, 0x02, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0xCC, 0xBC, 0x85, 0x70,
        0xFF, 0xFF, 0xFF, 0xFF, 0xA5, 0x05, 0x00, 0x59, 0x92, 0x89, 0x48, 0x03, 0x02, 0x00, 0x41, 0x42,
        0xA5, 0x5A, 0xC3, 0x3C, 0xA5, 0x07, 0x00, 0xAA, 0xC0, 0xA9, 0xEE, 0x00, 0x01, 0x00, 0x7A, 0x03,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    };
    static const uint8_t second[128] = {
        /* bank 0: header; snapshot of key 0 = "z" and the new key 5 = "123456" */
        0x50, 0x52, 0x56, 0x53, 0x02, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0xA9, 0xDB, 0x39, 0xC8,
        0xFF, 0xFF, 0xFF, 0xFF, 0xA5, 0x0D, 0x00, 0xD3, 0x7D, 0xE7, 0xD6, 0x00, 0x01, 0x00, 0x7A, 0x05,
        0x06, 0x00, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        /* bank 1: as before, and sealed */
        0x50, 0x52, 0x56, 0x53, 0x02, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0xCC, 0xBC, 0x85, 0x70,
        0xA5, 0x5A, 0xC3, 0x3C, 0xA5, 0x05, 0x00, 0x59, 0x92, 0x89, 0x48, 0x03, 0x02, 0x00, 0x41, 0x42,
        0xA5, 0x5A, 0xC3, 0x3C, 0xA5, 0x07, 0x00, 0xAA, 0xC0, 0xA9, 0xEE, 0x00, 0x01, 0x00, 0x7A, 0x03,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    };
    /* clang-format on */

    (void)state;
    assert_int_equal(store_crc32(0, "123456789", 9), 0xCBF43926);
    assert_int_equal(store_crc32(store_crc32(0, "1234", 4), "56789", 5), 0xCBF43926);
    begin(64, 2, 4);
    assert_int_equal(put(3, "AB", 2), STORE_OK);
    store_batch_begin(&batch);
    store_batch_erase(&batch, 3);
    store_batch_put(&batch, 0, "z", 1);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    assert_memory_equal(model.bytes, first, sizeof(first));
    assert_int_equal(put(5, "123456", 6), STORE_OK);
    assert_memory_equal(model.bytes, second, sizeof(second));
}

static void expect_op(uint32_t i, bool erase, uint32_t offset, uint32_t len)
{
    assert_true(i < model.ops);
    assert_int_equal(model.log[i].erase, erase);
    assert_int_equal(model.log[i].offset, offset);
    assert_int_equal(model.log[i].len, len);
}

/* A bank's header is programmed behind its snapshot, and the other bank is sealed behind that. A
 * record's seal is programmed behind the record. */
static void what_makes_it_count_is_written_last(void **state)
{
    uint8_t value[60] = {1};

    (void)state;
    begin(64, 6, 16);
    assert_int_equal(put(1, value, 60), STORE_OK);
    for (uint32_t i = 0; i < 3; i++)
        expect_op(i, true, 64 * i, 64);
    expect_op(3, false, 32, 16); /* no value: 7, padded to 16 */
    expect_op(4, false, 0, 16);
    for (uint32_t i = 0; i < 3; i++)
        expect_op(5 + i, true, 192 + 64 * i, 64);
    expect_op(8, false, 224, 48); /* 7 + 3 + 60 = 70, padded to 80 */
    expect_op(9, false, 272, 32);
    expect_op(10, false, 192, 16);
    expect_op(11, false, 16, 16);
    assert_int_equal(model.ops, 12);

    model.ops = 0;
    assert_int_equal(put(2, value, 7), STORE_OK); /* 16 + 16 + 80 + 16 + 32 of 192 */
    expect_op(0, false, 320, 32);
    expect_op(1, false, 304, 16);
    assert_int_equal(model.ops, 2);

    model.ops = 0;
    assert_int_equal(put(2, value, 8), STORE_OK); /* 48 bytes do not fit 32 */
    for (uint32_t i = 0; i < 3; i++)
        expect_op(i, true, 64 * i, 64);
    expect_op(3, false, 32, 48); /* 7 + 3 + 60 + 3 + 8 = 81, padded to 96 */
    expect_op(4, false, 80, 48);
    expect_op(5, false, 0, 16);
    expect_op(6, false, 208, 16);
    assert_int_equal(model.ops, 7);
}

/* 256 bytes: bank header 16, slot 4, record header 7, entry header 3. */
static void full_bank_keeps_the_old_values(void **state)
{
    static uint8_t image[MODEL_BYTES];
    uint8_t value[230] = {1};
    uint8_t got[230];
    size_t len;

    (void)state;
    begin(256, 2, 1);
    assert_int_equal(put(2, value, 226), STORE_OK);
    memcpy(image, model.bytes, sizeof(image));
    assert_int_equal(put(2, value, 227), STORE_FULL);
    assert_int_equal(put(4, NULL, 0), STORE_FULL);
    assert_memory_equal(model.bytes, image, sizeof(image));
    assert_int_equal(store_get(&store, 2, got, sizeof(got), &len), STORE_OK);
    assert_int_equal(len, 226);
    assert_memory_equal(got, value, len);

    store_batch_begin(&batch);
    store_batch_erase(&batch, 2);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    power_back();
    assert_false(store.fresh);
    assert_int_equal(store_get(&store, 2, got, sizeof(got), &len), STORE_MISSING);
    assert_int_equal(store.end, 16 + 4 + 7);
    assert_int_equal(put(4, NULL, 0), STORE_OK);
    power_back();
    assert_int_equal(store_get(&store, 4, got, sizeof(got), &len), STORE_OK);
    assert_int_equal(len, 0);
}

static void what_exceeds_a_limit_writes_nothing(void **state)
{
    uint8_t value[LIMIT_STORE_VALUE + 1] = {1};
    size_t len = 0;

    (void)state;
    begin(4096, 2, 4);
    put(LIMIT_STORE_KEYS, value, 1);
    store_batch_put(&batch, 1, value, 1); /* one that fits does not mend it */
    assert_int_equal(store_batch_commit(&store, &batch), STORE_TOO_LARGE);
    store_batch_begin(&batch);
    store_batch_erase(&batch, LIMIT_STORE_KEYS);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_TOO_LARGE);
    assert_int_equal(put(1, value, LIMIT_STORE_VALUE + 1), STORE_TOO_LARGE);
    assert_int_equal(put(1, value, SIZE_MAX), STORE_TOO_LARGE);
    store_batch_begin(&batch);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    for (uint8_t key = 0; key < 15; key++)
        store_batch_put(&batch, key, value, LIMIT_STORE_VALUE);
    store_batch_put(&batch, 15, value, 182); /* 16 + 4 + 7 + 15 * 259 + 3 + 181 = 4096 */
    assert_int_equal(store_batch_commit(&store, &batch), STORE_FULL);
    assert_int_equal(model.ops, 0);

    store_batch_put(&batch, 15, value, 181);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    power_back();
    assert_int_equal(store.end, 4096);
    assert_int_equal(store_get(&store, 15, value, 180, &len), STORE_TOO_LARGE);
    assert_int_equal(store_get(&store, 15, value, 181, &len), STORE_OK);
    assert_int_equal(len, 181);
    assert_int_equal(store_get(&store, 16, value, 184, &len), STORE_MISSING);
    assert_int_equal(store_get(&store, LIMIT_STORE_KEYS, value, 184, &len), STORE_MISSING);
    assert_int_equal(store_get(&store, 255, value, 184, &len), STORE_MISSING);
}

/* Whatever record it is in: the snapshot of a new bank, or one behind it. */
static void last_word_on_a_key_counts(void **state)
{
    uint8_t value[8];
    size_t len;

    (void)state;
    begin(512, 2, 8);
    for (int round = 0; round < 2; round++) {
        store_batch_begin(&batch);
        store_batch_put(&batch, 1, "old", 3);
        store_batch_put(&batch, 2, "gone", 4);
        store_batch_erase(&batch, 3);
        assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
        store_batch_begin(&batch);
        store_batch_put(&batch, 1, "newer", 5);
        store_batch_erase(&batch, 2);
        store_batch_put(&batch, 3, "back", 4);
        assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
        for (int mounts = 0; mounts < 2; mounts++) {
            assert_int_equal(store_get(&store, 1, value, sizeof(value), &len), STORE_OK);
            assert_int_equal(len, 5);
            assert_memory_equal(value, "newer", 5);
            assert_int_equal(store_get(&store, 2, value, sizeof(value), &len), STORE_MISSING);
            assert_int_equal(store_get(&store, 3, value, sizeof(value), &len), STORE_OK);
            assert_memory_equal(value, "back", 4);
            power_back();
        }
    }
    assert_int_equal(store.generation, 2);
}

static void geometry_is_checked(void **state)
{
    static const struct {
        uint32_t sector_bytes, sector_count, unit;
        int expected;
    } cases[] = {
        {256, 2, 0, STORE_GEOMETRY},
        {256, 2, 17, STORE_GEOMETRY},
        {256, 1, 4, STORE_GEOMETRY},
        {256, 0, 4, STORE_GEOMETRY},
        {0, 2, 4, STORE_GEOMETRY},
        {250, 2, 4, STORE_GEOMETRY},
        {32, 2, 4, STORE_GEOMETRY},
        {47, 2, 1, STORE_GEOMETRY},
        {48, 2, 16, STORE_OK},
        {24, 5, 3, STORE_OK},
        {45, 4, 15, STORE_OK},
        {105, 3, 7, STORE_OK},
        {65536, 65536, 4, STORE_GEOMETRY},
    };
    uint8_t value[2];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        model_begin(&model, cases[i].sector_bytes, cases[i].sector_count, cases[i].unit);
        assert_int_equal(store_mount(&store, &model.hal), cases[i].expected);
        assert_int_equal(put(0, "x", 1), cases[i].expected == STORE_OK ? STORE_OK : STORE_IO);
        assert_null(model.broken);
        if (cases[i].expected != STORE_OK)
            continue;
        assert_int_equal(put(0, "yz", 2), STORE_OK);
        power_back();
        assert_int_equal(store_get(&store, 0, value, sizeof(value), &len), STORE_OK);
        assert_int_equal(len, 2);
        assert_memory_equal(value, "yz", 2);
        assert_null(model.broken);
    }
}

/* A bank with one record, in use as bank `bank` of a region of two sectors. */
static void leave_bank(uint32_t bank, uint32_t generation, const uint8_t *payload, uint16_t len)
{
    uint32_t at = bank * model.hal.sector_bytes;

    model_leave_header(&model, at, 2, generation);
    model_leave_record(&model, at, generation, 20, payload, len);
}

static const uint8_t good[] = {1, 1, 0, 0x2A};
#define GOOD_END 31u /* of a bank with that, in units of 1 */

static void generation_wraps(void **state)
{
    (void)state;
    begin(256, 2, 1);
    leave_bank(1, UINT32_MAX, good, sizeof(good));
    memset(model.spent + 256 + GOOD_END, 1, 256 - GOOD_END);
    model_leave(&model, 300, "", 1); /* dirty: the next update compacts */
    power_back();
    assert_int_equal(put(1, "\x2B", 1), STORE_OK);
    assert_int_equal(store.generation, 0);
    power_back();
    assert_int_equal(store.generation, 0);
    assert_int_equal(model.bytes[store.at[1]], 0x2B);
}

static void mounts_with(int expected)
{
    static uint8_t image[MODEL_BYTES];
    uint8_t value[1];
    size_t len;

    memcpy(image, model.bytes, sizeof(image));
    model_power(&model);
    assert_int_equal(store_mount(&store, &model.hal), expected);
    if (expected == STORE_OK)
        return;
    assert_int_equal(put(1, "x", 1), STORE_IO);
    assert_int_equal(store_get(&store, 1, value, sizeof(value), &len), STORE_IO);
    assert_int_equal(model.ops, 0);
    assert_memory_equal(model.bytes, image, sizeof(image));
}

/* Older ones as well, and whatever the other bank is. */
static void other_versions_are_left_alone(void **state)
{
    static const uint32_t versions[] = {0, 1, 3, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        for (uint32_t bank = 0; bank < 2; bank++) {
            begin(512, 2, 4);
            model_leave_header(&model, bank * 512, versions[i], 6);
            mounts_with(STORE_VERSION);
            for (uint32_t generation = 5; generation <= 7; generation++) {
                leave_bank(1 - bank, generation, good, sizeof(good));
                mounts_with(STORE_VERSION);
            }
        }
}

/* What the bank in use, the other one's generation and seal, and the own seal come to. */
static void banks_have_to_fit_together(void **state)
{
    static const struct {
        uint32_t other;
        bool other_sealed, own_sealed;
        int expected;
    } cases[] = {
        {8, true, false, STORE_OK},        {8, false, false, STORE_OK},
        {8, true, true, STORE_CORRUPT},    {8, false, true, STORE_CORRUPT},
        {7, true, false, STORE_CORRUPT},   {9, true, false, STORE_CORRUPT},
        {11, false, false, STORE_CORRUPT}, {0, false, false, STORE_CORRUPT},
    };
    static const uint8_t older[] = {1, 1, 0, 0x29};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(512, 2, 4);
        leave_bank(0, 9, good, sizeof(good));
        leave_bank(1, cases[i].other, older, sizeof(older));
        if (cases[i].other_sealed)
            model_leave_seal(&model, 512 + 16);
        if (cases[i].own_sealed)
            model_leave_seal(&model, 16);
        mounts_with(cases[i].expected);
        if (cases[i].expected != STORE_OK)
            continue;
        assert_int_equal(model.bytes[store.at[1]], 0x2A);
        assert_int_equal(store.tail_dirty, !cases[i].other_sealed);
    }
}

/* The newer bank has a header and no snapshot: it is damaged if it ever was in use, and was never
 * finished if not. */
static void a_bank_once_in_use_is_never_given_up(void **state)
{
    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        begin(512, 2, 4);
        leave_bank(0, 8, good, sizeof(good));
        model_leave_header(&model, 512, 2, 9);
        if (sealed)
            model_leave_seal(&model, 16);
        mounts_with(sealed ? STORE_CORRUPT : STORE_OK);
        assert_true(sealed || store.tail_dirty);

        begin(512, 2, 4); /* and without its header */
        leave_bank(0, 8, good, sizeof(good));
        model_leave_record(&model, 512, 9, 20, good, sizeof(good));
        if (sealed)
            model_leave_seal(&model, 16);
        mounts_with(sealed ? STORE_CORRUPT : STORE_OK);
    }
}

/* Right checksums around what this firmware would not write. */
static const struct payload {
    uint16_t len;
    uint8_t bytes[12];
} malformed[] = {
    {1, {0}},                            /* half an entry */
    {4, {1, 0, 0, 2}},                   /* a whole entry and a stump */
    {5, {LIMIT_STORE_KEYS, 2, 0, 7, 7}}, /* key out of range */
    {3, {LIMIT_STORE_KEYS, 0xFF, 0xFF}}, /* the same, erased */
    {5, {1, 3, 0, 7, 7}},                /* value longer than the record */
    {5, {1, 0xFE, 0xFF, 7, 7}},          /* the longest length that is not the erased mark */
    {9, {1, 1, 0, 7, 0xFF, 1, 1, 0, 7}}, /* good, bad, good */
};

static void malformed_records_are_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        const struct payload *p = &malformed[i];

        begin(512, 2, 4);
        leave_bank(1, 9, p->bytes, p->len);
        mounts_with(STORE_CORRUPT);

        begin(512, 2, 4);
        leave_bank(1, 9, good, sizeof(good));
        model_leave_record(&model, 512, 9, 36, p->bytes, p->len);
        mounts_with(STORE_OK);
        assert_true(store.tail_dirty && store.end == 32 && store.generation == 9);
        assert_int_equal(model.bytes[store.at[1]], 0x2A);
        model_leave_seal(&model, 512 + 32);
        mounts_with(STORE_CORRUPT);
    }
}

/* A bank with one record that holds one value of `len` bytes. */
static void one_value(uint32_t sector_bytes, uint16_t len, int expected)
{
    uint8_t payload[3 + 300] = {1, (uint8_t)len, (uint8_t)(len >> 8)};

    begin(sector_bytes, 2, 1);
    leave_bank(1, 2, payload, (uint16_t)(3 + len));
    mounts_with(expected);
    assert_int_equal(store.len[1], expected == STORE_OK ? len : 0);
}

static void records_end_with_the_bank(void **state)
{
    (void)state;
    one_value(256, 256 - 16 - 4 - 7 - 3, STORE_OK);
    one_value(512, LIMIT_STORE_VALUE, STORE_OK);
    one_value(512, LIMIT_STORE_VALUE + 1, STORE_CORRUPT);
    begin(256, 2, 1);
    leave_bank(0, 3, (const uint8_t *)"\1\xE3\0", 3);
    model.bytes[21] = 230; /* longer than the bank by one */
    mounts_with(STORE_CORRUPT);
}

/* A record is bound to its bank's generation and to its place. */
static void strayed_records_are_damage(void **state)
{
    (void)state;
    begin(512, 2, 4);
    model_leave_header(&model, 0, 2, 9);
    model_leave_record(&model, 0, 8, 20, good, sizeof(good));
    mounts_with(STORE_CORRUPT);

    begin(512, 2, 4);
    leave_bank(0, 9, good, sizeof(good));
    model_leave(&model, 36, model.bytes + 20, 11);
    model_leave_seal(&model, 32);
    mounts_with(STORE_CORRUPT);
}

/* A slot of which a cut has left some: its record counts, and the next update makes a new bank. */
static void half_a_seal_is_one(void **state)
{
    static const uint8_t later[] = {1, 1, 0, 0x2B};

    (void)state;
    for (uint32_t n = 0; n <= 4; n++) {
        begin(512, 2, 4);
        leave_bank(1, 9, good, sizeof(good));
        model_leave_record(&model, 512, 9, 36, later, sizeof(later));
        model_leave(&model, 512 + 32, "\xA5\x5A\xC3\x3C", n);
        mounts_with(STORE_OK);
        assert_int_equal(store.tail_dirty, n < 4);
        assert_int_equal(model.bytes[store.at[1]], n == 0 ? 0x2A : 0x2B);
    }
}

/* What was read at the mount is not what stands there now. */
static void what_changes_later_is_an_error(void **state)
{
    uint8_t value[8];
    size_t len;

    (void)state;
    begin(512, 2, 4);
    assert_int_equal(put(1, "value", 5), STORE_OK);
    assert_int_equal(put(2, "other", 5), STORE_OK);
    for (int mounted = 0; mounted < 2; mounted++) {
        model.bytes[store.at[1] + 3] ^= 1;
        assert_int_equal(store_get(&store, 1, value, sizeof(value), &len), STORE_CORRUPT);
        assert_int_equal(store_get(&store, 2, value, sizeof(value), &len), STORE_OK);
        assert_int_equal(store_holds(&store, 1, "value", 5), STORE_CORRUPT);
        assert_int_equal(store_holds(&store, 1, "vameu", 5), STORE_CORRUPT);
        assert_int_equal(store_holds(&store, 2, "other", 5), 1);
        store.tail_dirty = true; /* it is not copied into a new bank either */
        assert_int_equal(put(2, "next", 4), STORE_IO);
        model.bytes[store.at[1] + 3] ^= 1;
        power_back();
        assert_int_equal(store_get(&store, 2, value, sizeof(value), &len), STORE_OK);
        assert_int_equal(len, 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_is_as_specified),
        cmocka_unit_test(what_makes_it_count_is_written_last),
        cmocka_unit_test(last_word_on_a_key_counts),
        cmocka_unit_test(what_exceeds_a_limit_writes_nothing),
        cmocka_unit_test(full_bank_keeps_the_old_values),
        cmocka_unit_test(geometry_is_checked),
        cmocka_unit_test(generation_wraps),
        cmocka_unit_test(other_versions_are_left_alone),
        cmocka_unit_test(banks_have_to_fit_together),
        cmocka_unit_test(a_bank_once_in_use_is_never_given_up),
        cmocka_unit_test(malformed_records_are_damage),
        cmocka_unit_test(records_end_with_the_bank),
        cmocka_unit_test(strayed_records_are_damage),
        cmocka_unit_test(half_a_seal_is_one),
        cmocka_unit_test(what_changes_later_is_an_error),
    };

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
