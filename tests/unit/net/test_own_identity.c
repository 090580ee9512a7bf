// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/setup.h"
#include "fw/store/settings_store.h"
#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/store_batch.h"

/* The device's own key and certificate on the store: written with the settings in one update, kept
 * by every later one, gone with the settings that speak of it. */

static struct flash_model model;
static struct store store;
static uint8_t key[LIMIT_OWN_KEY], certificate[LIMIT_OWN_CERTIFICATE];

static void mount(void)
{
    model_power(&model);
    assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
}

static struct settings begin(void)
{
    struct settings s;

    model_begin(&model, 4096, 2, 4);
    mount();
    settings_factory(&s, release_find("5.0.3"), oem_find("intel"));
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)(i * 7 + 1);
    for (size_t i = 0; i < sizeof(certificate); i++)
        certificate[i] = (uint8_t)(i * 13 + 2);
    return s;
}

static int save(const struct settings *s, size_t key_len, size_t certificate_len)
{
    struct own_identity id = {key, key_len, certificate, certificate_len};

    return settings_save_identity(&store, s, key_len ? &id : NULL);
}

/* What the store has now: this much of the two, or nothing. */
static void expect_held(size_t key_len, size_t certificate_len)
{
    uint8_t got_key[LIMIT_OWN_KEY], got[LIMIT_OWN_CERTIFICATE];
    size_t got_key_len, got_len;
    int r = settings_load_identity(&store, got_key, &got_key_len, got, &got_len);

    if (key_len == 0) {
        assert_int_equal(r, STORE_MISSING);
        return;
    }
    assert_int_equal(r, STORE_OK);
    assert_int_equal(got_key_len, key_len);
    assert_int_equal(got_len, certificate_len);
    assert_memory_equal(got_key, key, key_len);
    assert_memory_equal(got, certificate, certificate_len);
}

/* Parts of a certificate are 256 bytes: one less, just so, and one more. */
static void lengths(void **state)
{
    static const size_t row[] = {1, 255, 256, 257, 512, 900, 1024, 1025, LIMIT_OWN_CERTIFICATE};
    struct settings s = begin();

    (void)state;
    s.config.own_identity = true;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        assert_int_equal(save(&s, 128, row[i]), STORE_OK);
        mount();
        expect_held(128, row[i]);
    }
    for (size_t i = sizeof(row) / sizeof(row[0]); i-- > 0;) { /* and shorter again */
        assert_int_equal(save(&s, 256, row[i]), STORE_OK);
        mount();
        expect_held(256, row[i]);
    }
}

static void it_stays_while_the_settings_say_so(void **state)
{
    struct settings s = begin();

    (void)state;
    expect_held(0, 0);
    assert_int_equal(save(&s, 128, 500), STORE_OK); /* the settings do not speak of it */
    expect_held(0, 0);
    s.config.own_identity = true;
    assert_int_equal(save(&s, 128, 500), STORE_OK);
    s.config.host_name[0] = 'a';
    assert_int_equal(settings_save(&store, &s), STORE_OK);
    assert_int_equal(save(&s, 0, 0), STORE_OK);
    mount();
    expect_held(128, 500);
    s.config.own_identity = false;
    assert_int_equal(settings_save(&store, &s), STORE_OK);
    mount();
    expect_held(0, 0);
}

/* Nothing of the old set-up with something of the new one. */
static void a_cut_is_all_or_nothing(void **state)
{
    static struct flash_model before;
    struct settings old = begin(), next = old, got;
    uint32_t ops;

    (void)state;
    next.machine.setup_state = SETUP_PROVISIONED;
    next.config.own_identity = true;
    assert_int_equal(settings_save(&store, &old), STORE_OK);
    before = model;
    model.ops = 0;
    assert_int_equal(save(&next, 128, 700), STORE_OK);
    ops = model.ops;
    assert_true(ops > 5);
    for (uint32_t op = 0; op < ops; op++)
        for (uint32_t part = 0; part <= 48; part += 3) {
            model = before;
            mount();
            model_arm(&model, MODEL_CUT, op, part);
            assert_int_equal(save(&next, 128, 700), STORE_IO);
            mount();
            settings_factory(&got, release_find("5.0.3"), oem_find("intel"));
            assert_int_equal(settings_load(&store, &got), STORE_OK);
            assert_int_equal(got.config.own_identity, got.machine.setup_state == SETUP_PROVISIONED);
            expect_held(got.config.own_identity ? 128 : 0, 700);
        }
}

/* SPEC.md: key 20 is the key, 21 to 25 are the certificate's parts. */
static void one_without_the_other_is_damage(void **state)
{
    static const struct {
        uint8_t key;
        int len; /* -1: erased */
    } changes[] = {
        {20, -1}, {20, 0},   {20, 127}, {21, -1}, {21, 255}, {21, 0},
        {22, -1}, {22, 255}, {24, 0},   {25, 1},  {25, 129},
    };
    uint8_t got_key[LIMIT_OWN_KEY], got[LIMIT_OWN_CERTIFICATE];
    static struct store_batch batch;
    size_t key_len, len;

    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct settings s = begin();

        s.config.own_identity = true;
        assert_int_equal(save(&s, 128, 600), STORE_OK);
        store_batch_begin(&batch);
        if (changes[i].len < 0)
            store_batch_erase(&batch, changes[i].key);
        else
            store_batch_put(&batch, changes[i].key, certificate, (size_t)changes[i].len);
        assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
        assert_int_equal(settings_load_identity(&store, got_key, &key_len, got, &len),
                         STORE_CORRUPT);
        if (changes[i].len < 0 && changes[i].key < 22)
            assert_int_equal(settings_load(&store, &s), STORE_CORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),
        cmocka_unit_test(it_stays_while_the_settings_say_so),
        cmocka_unit_test(a_cut_is_all_or_nothing),
        cmocka_unit_test(one_without_the_other_is_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
