// SPDX-License-Identifier: BSD-3-Clause
// links: fw/store/store.c fw/store/crc32.c fw/core/wipe.c

#include "fw/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/store_batch.h"

/* A flash that fails or lies while it is read, at every place of the log. */

#define UPDATES 6

static struct flash_model model;
static struct store store;

static void put(uint8_t key, uint8_t value)
{
    static struct store_batch batch;
    uint8_t bytes[9];

    memset(bytes, value, sizeof(bytes));
    store_batch_begin(&batch);
    store_batch_put(&batch, key, bytes, sizeof(bytes));
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
}

/* Key i has the value i + 1. */
static void expect_values(uint8_t keys)
{
    uint8_t got[16];
    size_t len;

    for (uint8_t i = 0; i < keys; i++) {
        assert_int_equal(store_get(&store, i, got, sizeof(got), &len), STORE_OK);
        assert_int_equal(len, 9);
        assert_int_equal(got[0], i + 1);
    }
}

static void every_read_of_every_mount(void **state)
{
    (void)state;
    model_begin(&model, 512, 2, 4);
    assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
    for (uint8_t n = 0; n < UPDATES; n++) {
        uint32_t reads;

        put(n, n + 1);
        model_power(&model);
        assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
        reads = model.reads;
        for (uint32_t nth = 1; nth <= reads; nth++) {
            model_power(&model);
            model.fail_read = nth;
            assert_int_equal(store_mount(&store, &model.hal), STORE_IO);
            model_power(&model);
            model.lie_read = nth;
            if (store_mount(&store, &model.hal) == STORE_OK)
                expect_values(n + 1);
        }
        model_power(&model);
        assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
        expect_values(n + 1);
    }
    assert_null(model.broken);
}

/* Nothing is erased of a region that could not hold a store. */
static void beginning_anew_needs_room(void **state)
{
    (void)state;
    model_begin(&model, 16, 2, 4);
    assert_int_equal(store_reformat(&store, &model.hal), STORE_GEOMETRY);
    assert_int_equal(model.ops, 0);
}

/* The owner is told what is wrong: a worn-out flash and another firmware's need different help. */
static void errors_in_words(void **state)
{
    (void)state;
    assert_null(store_error_text(STORE_OK));
    assert_string_equal(store_error_text(STORE_IO), "the flash cannot be read or written");
    assert_string_equal(store_error_text(STORE_GEOMETRY), "the flash is too small");
    assert_string_equal(store_error_text(STORE_FULL), "there is no room");
    assert_string_equal(store_error_text(STORE_VERSION),
                        "another version of the firmware has written it");
    assert_string_equal(store_error_text(STORE_CORRUPT), "what is stored is damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_read_of_every_mount),
        cmocka_unit_test(beginning_anew_needs_room),
        cmocka_unit_test(errors_in_words),
    };

    return cmocka_run_group_tests_name("store_reads", tests, NULL, NULL);
}
