// links: fw/store/store.c fw/store/crc32.c fw/core/wipe.c

#include "fw/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/store/crc32.h"
#include "tests/unit/flash_model.h"
#include "tests/unit/store_batch.h"

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
    static const uint8_t image[128] = {
        /* bank 0: header; key 3 = "AB"; key 0 = "z" and key 3 erased */
        0x50, 0x52, 0x56, 0x53, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0xC1, 0x14, 0xBF, 0xEC,
        0xA5, 0x5A, 0x05, 0x00, 0x8D, 0x77, 0xBA, 0x5E, 0x03, 0x02, 0x00, 0x41, 0x42, 0xFF, 0xFF, 0xFF,
        0xA5, 0x5A, 0x07, 0x00, 0x10, 0x25, 0xEC, 0xBC, 0x00, 0x01, 0x00, 0x7A, 0x03, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        /* bank 1: header; snapshot of key 0 = "z" and the new key 5 = "123456" */
        0x50, 0x52, 0x56, 0x53, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x2F, 0xBB, 0x0A, 0xFE,
        0xA5, 0x5A, 0x0D, 0x00, 0xD0, 0x48, 0xAE, 0xDC, 0x00, 0x01, 0x00, 0x7A, 0x05, 0x06, 0x00, 0x31,
        0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
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
    assert_int_equal(put(5, "123456", 6), STORE_OK);
    assert_memory_equal(model.bytes, image, sizeof(image));
}

static void expect_op(uint32_t i, bool erase, uint32_t offset, uint32_t len)
{
    assert_true(i < model.ops);
    assert_int_equal(model.log[i].erase, erase);
    assert_int_equal(model.log[i].offset, offset);
    assert_int_equal(model.log[i].len, len);
}

/* The sector with the header is erased first, and the header is programmed last. */
static void bank_is_made_in_order(void **state)
{
    uint8_t value[60] = {1};

    (void)state;
    begin(64, 6, 16);
    assert_int_equal(put(1, value, 60), STORE_OK);
    assert_int_equal(model.ops, 3 + 3);
    for (uint32_t i = 0; i < 3; i++)
        expect_op(i, true, 64 * i, 64);
    expect_op(3, false, 16, 48); /* 8 + 3 + 60 = 71, padded to 80 */
    expect_op(4, false, 64, 32);
    expect_op(5, false, 0, 16);

    assert_int_equal(put(1, value, 60), STORE_OK); /* 16 + 80 + 80 of 192 */
    assert_int_equal(model.ops, 6 + 2);
    expect_op(6, false, 96, 48);
    expect_op(7, false, 144, 32);

    model.ops = 0;
    assert_int_equal(put(2, value, 7), STORE_OK); /* 18 bytes do not fit 16 */
    for (uint32_t i = 0; i < 3; i++)
        expect_op(i, true, 192 + 64 * i, 64);
    expect_op(3, false, 208, 48); /* 8 + 3 + 60 + 3 + 7 = 81, padded to 96 */
    expect_op(4, false, 256, 48);
    expect_op(5, false, 192, 16);
    assert_int_equal(model.ops, 3 + 3);
}

/* 256 bytes: bank header 16, record header 8, entry header 3. */
static void full_bank_keeps_the_old_values(void **state)
{
    static uint8_t image[MODEL_BYTES];
    uint8_t value[230] = {1};
    uint8_t got[230];
    size_t len;

    (void)state;
    begin(256, 2, 1);
    assert_int_equal(put(2, value, 229), STORE_OK);
    memcpy(image, model.bytes, sizeof(image));
    assert_int_equal(put(2, value, 230), STORE_FULL);
    assert_int_equal(put(4, NULL, 0), STORE_FULL);
    assert_memory_equal(model.bytes, image, sizeof(image));
    assert_int_equal(store_get(&store, 2, got, sizeof(got), &len), STORE_OK);
    assert_int_equal(len, 229);
    assert_memory_equal(got, value, len);

    store_batch_begin(&batch);
    store_batch_erase(&batch, 2);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    power_back();
    assert_int_equal(store_get(&store, 2, got, sizeof(got), &len), STORE_MISSING);
    assert_int_equal(store.end, 16 + 8);
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
    store_batch_erase(&batch, 31);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_TOO_LARGE);
    assert_int_equal(put(1, value, LIMIT_STORE_VALUE + 1), STORE_TOO_LARGE);
    assert_int_equal(put(1, value, SIZE_MAX), STORE_TOO_LARGE);
    store_batch_begin(&batch);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    for (uint8_t key = 0; key < 15; key++)
        store_batch_put(&batch, key, value, LIMIT_STORE_VALUE);
    store_batch_put(&batch, 15, value, 185); /* 16 + 8 + 15 * 259 + 3 + 184 = 4096 */
    assert_int_equal(store_batch_commit(&store, &batch), STORE_FULL);
    assert_int_equal(model.ops, 0);

    store_batch_put(&batch, 15, value, 184);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    power_back();
    assert_int_equal(store.end, 4096);
    assert_int_equal(store_get(&store, 15, value, 183, &len), STORE_TOO_LARGE);
    assert_int_equal(store_get(&store, 15, value, 184, &len), STORE_OK);
    assert_int_equal(len, 184);
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
    assert_int_equal(store.generation, 1);
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

static void generation_wraps(void **state)
{
    static const uint8_t good[] = {1, 1, 0, 0x2A};

    (void)state;
    begin(256, 2, 1);
    model_leave_header(&model, 256, 1, UINT32_MAX);
    model_leave_record(&model, 256, UINT32_MAX, 16, good, sizeof(good));
    memset(model.spent + 300, 1, 212);
    model_leave(&model, 300, "", 1); /* dirty: the next update compacts */
    power_back();
    assert_int_equal(put(1, "\x2B", 1), STORE_OK);
    assert_int_equal(store.generation, 0);
    power_back();
    assert_int_equal(store.generation, 0);
    assert_int_equal(model.bytes[store.at[1]], 0x2B);
}

static void newer_version_is_left_alone(void **state)
{
    static const uint8_t good[] = {1, 1, 0, 0x2A};
    static uint8_t image[MODEL_BYTES];
    uint8_t value[1];
    size_t len;

    (void)state;
    for (uint32_t bank = 0; bank < 2; bank++) {
        begin(512, 2, 4);
        model_leave_header(&model, 512 - bank * 512, 1, 7);
        model_leave_record(&model, 512 - bank * 512, 7, 16, good, sizeof(good));
        model_leave_header(&model, bank * 512, 2, 6);
        memcpy(image, model.bytes, sizeof(image));
        assert_int_equal(store_mount(&store, &model.hal), STORE_VERSION);
        assert_int_equal(put(1, "x", 1), STORE_IO);
        assert_int_equal(store_get(&store, 1, value, sizeof(value), &len), STORE_IO);
        assert_int_equal(model.ops, 0);
        assert_memory_equal(model.bytes, image, sizeof(image));
    }
    begin(512, 2, 4);
    model_leave_header(&model, 0, 0, 1);
    model_leave_record(&model, 0, 1, 16, good, sizeof(good));
    power_back();
    assert_true(store.fresh);
}

struct payload {
    uint16_t len;
    uint8_t bytes[12];
};

/* Right checksums around what this firmware would not write. */
static const struct payload malformed[] = {
    {1, {0}},                            /* half an entry */
    {4, {1, 0, 0, 2}},                   /* a whole entry and a stump */
    {5, {LIMIT_STORE_KEYS, 2, 0, 7, 7}}, /* key out of range */
    {3, {LIMIT_STORE_KEYS, 0xFF, 0xFF}}, /* the same, erased */
    {5, {1, 3, 0, 7, 7}},                /* value longer than the record */
    {5, {1, 0xFE, 0xFF, 7, 7}},          /* the longest length that is not the erased mark */
    {9, {1, 1, 0, 7, 0xFF, 1, 1, 0, 7}}, /* good, bad, good */
};

static void malformed_records_do_not_count(void **state)
{
    static const uint8_t good[] = {1, 1, 0, 0x2A};
    uint8_t value[4];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        const struct payload *p = &malformed[i];

        begin(512, 2, 4);
        model_leave_header(&model, 512, 1, 9);
        model_leave_record(&model, 512, 9, 16, p->bytes, p->len);
        power_back();
        assert_true(store.fresh);

        begin(512, 2, 4);
        model_leave_header(&model, 512, 1, 9);
        model_leave_record(&model, 512, 9, 16, good, sizeof(good));
        model_leave_record(&model, 512, 9, 28, p->bytes, p->len);
        power_back();
        assert_true(store.tail_dirty && store.end == 28 && store.generation == 9);
        assert_int_equal(store_get(&store, 1, value, sizeof(value), &len), STORE_OK);
        assert_int_equal(len, 1);
        assert_int_equal(value[0], 0x2A);
    }
}

/* A bank with one record that holds one value of `len` bytes. */
static bool one_value_mounts(uint32_t sector_bytes, uint16_t len)
{
    uint8_t payload[3 + 300] = {1, (uint8_t)len, (uint8_t)(len >> 8)};

    begin(sector_bytes, 2, 1);
    model_leave_header(&model, 0, 1, 1);
    model_leave_record(&model, 0, 1, 16, payload, (uint16_t)(3 + len));
    power_back();
    return !store.fresh && store.len[1] == len;
}

static void records_end_with_the_bank(void **state)
{
    (void)state;
    assert_true(one_value_mounts(256, 256 - 16 - 8 - 3));
    assert_false(one_value_mounts(256, 256 - 16 - 8 - 3 + 1));
    assert_true(one_value_mounts(512, LIMIT_STORE_VALUE));
    assert_false(one_value_mounts(512, LIMIT_STORE_VALUE + 1));
}

/* A record is bound to its bank's generation and to its place. */
static void strayed_records_do_not_count(void **state)
{
    static const uint8_t good[] = {1, 1, 0, 0x2A};

    (void)state;
    begin(512, 2, 4);
    model_leave_header(&model, 0, 1, 9);
    model_leave_record(&model, 0, 8, 16, good, sizeof(good));
    power_back();
    assert_true(store.fresh);

    begin(512, 2, 4);
    model_leave_header(&model, 0, 1, 9);
    model_leave_record(&model, 0, 9, 16, good, sizeof(good));
    model_leave(&model, 28, model.bytes + 16, 12);
    power_back();
    assert_true(store.tail_dirty && store.end == 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_is_as_specified),
        cmocka_unit_test(bank_is_made_in_order),
        cmocka_unit_test(last_word_on_a_key_counts),
        cmocka_unit_test(what_exceeds_a_limit_writes_nothing),
        cmocka_unit_test(full_bank_keeps_the_old_values),
        cmocka_unit_test(geometry_is_checked),
        cmocka_unit_test(generation_wraps),
        cmocka_unit_test(newer_version_is_left_alone),
        cmocka_unit_test(malformed_records_do_not_count),
        cmocka_unit_test(records_end_with_the_bank),
        cmocka_unit_test(strayed_records_do_not_count),
    };

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
