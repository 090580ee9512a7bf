// links: fw/store/settings_store.c fw/store/store.c fw/store/crc32.c fw/core/wipe.c

#include "fw/store/settings_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/store_batch.h"

/* The device's own key and certificate for TLS beside the settings: both as they were, or an error.
 */

#define KEY_OWN_KEY 20 /* SPEC.md; behind it the parts of the certificate */

static struct flash_model model;
static struct store store;
static uint8_t primes[LIMIT_OWN_KEY], der[LIMIT_OWN_CERTIFICATE];
static uint8_t key[LIMIT_OWN_KEY], certificate[LIMIT_OWN_CERTIFICATE];
static size_t key_len, certificate_len;

static struct settings with_identity(void)
{
    return (struct settings){.secret.password = "P@ssw0rd", .config.own_identity = true};
}

static void begin(void)
{
    model_begin(&model, 4096, 2, 4);
    assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
    for (size_t i = 0; i < sizeof(primes); i++)
        primes[i] = (uint8_t)(0x80 | i);
    for (size_t i = 0; i < sizeof(der); i++)
        der[i] = (uint8_t)(i * 7);
}

static int save(size_t certificate_bytes)
{
    struct settings s = with_identity();
    struct own_identity identity = {primes, sizeof(primes), der, certificate_bytes};

    return settings_save_identity(&store, &s, &identity);
}

static int load(void)
{
    return settings_load_identity(&store, key, &key_len, certificate, &certificate_len);
}

static void change(uint8_t number, const void *value, size_t len)
{
    static struct store_batch batch;

    store_batch_begin(&batch);
    if (value)
        store_batch_put(&batch, number, value, len);
    else
        store_batch_erase(&batch, number);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
}

/* Of every length, those around the end of a value's room included; a shorter one leaves nothing of
 * a longer one. */
static void comes_back_whole(void **state)
{
    static const size_t lengths[] = {LIMIT_OWN_CERTIFICATE,
                                     1,
                                     LIMIT_STORE_VALUE + 1,
                                     LIMIT_STORE_VALUE,
                                     LIMIT_STORE_VALUE - 1,
                                     2 * LIMIT_STORE_VALUE,
                                     2 * LIMIT_STORE_VALUE + 1,
                                     LIMIT_OWN_CERTIFICATE - 1,
                                     700};

    (void)state;
    begin();
    assert_int_equal(load(), STORE_MISSING);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        assert_int_equal(save(lengths[i]), STORE_OK);
        model_power(&model);
        assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
        assert_int_equal(load(), STORE_OK);
        assert_int_equal(key_len, sizeof(primes));
        assert_memory_equal(key, primes, sizeof(primes));
        assert_int_equal(certificate_len, lengths[i]);
        assert_memory_equal(certificate, der, lengths[i]);
    }
}

/* Other settings that are saved meanwhile cost it nothing; without the flag it goes. */
static void stays_until_the_flag_goes(void **state)
{
    struct settings s = with_identity();

    (void)state;
    begin();
    assert_int_equal(save(900), STORE_OK);
    strcpy(s.secret.password, "An0ther!");
    assert_int_equal(settings_save(&store, &s), STORE_OK);
    assert_int_equal(load(), STORE_OK);
    assert_int_equal(certificate_len, 900);
    s.config.own_identity = false;
    assert_int_equal(settings_save(&store, &s), STORE_OK);
    assert_int_equal(load(), STORE_MISSING);
}

/* A key without a certificate, or another's half, is never used. */
static void one_without_the_other_is_damage(void **state)
{
    (void)state;
    begin();
    assert_int_equal(save(900), STORE_OK);
    change(KEY_OWN_KEY, NULL, 0);
    assert_int_equal(load(), STORE_CORRUPT);
    begin();
    assert_int_equal(save(100), STORE_OK);
    change(KEY_OWN_KEY + 1, NULL, 0);
    assert_int_equal(load(), STORE_CORRUPT);
    begin();
    assert_int_equal(save(600), STORE_OK); /* the parts have 256, 256 and 88 bytes */
    change(KEY_OWN_KEY + 2, NULL, 0);
    assert_int_equal(load(), STORE_CORRUPT);
    begin();
    assert_int_equal(save(600), STORE_OK);
    change(KEY_OWN_KEY + 4, der, 1);
    assert_int_equal(load(), STORE_CORRUPT);
    begin();
    assert_int_equal(save(100), STORE_OK);
    change(KEY_OWN_KEY + 2, der, 0);
    assert_int_equal(load(), STORE_CORRUPT);
    begin();
    assert_int_equal(save(LIMIT_OWN_CERTIFICATE), STORE_OK);
    change(KEY_OWN_KEY + 5, der, LIMIT_STORE_VALUE);
    assert_int_equal(load(), STORE_CORRUPT);
}

/* Two primes have an even number of bytes. */
static void half_a_key_is_damage(void **state)
{
    (void)state;
    begin();
    assert_int_equal(save(100), STORE_OK);
    change(KEY_OWN_KEY, primes, 127);
    assert_int_equal(load(), STORE_CORRUPT);
    change(KEY_OWN_KEY, primes, 0);
    assert_int_equal(load(), STORE_CORRUPT);
    change(KEY_OWN_KEY, primes, 128);
    assert_int_equal(load(), STORE_OK);
    assert_int_equal(key_len, 128);
}

/* Whichever read fails, and whichever gives a wrong bit. */
static void a_flash_that_fails(void **state)
{
    uint32_t reads;

    (void)state;
    begin();
    assert_int_equal(save(900), STORE_OK);
    model_power(&model);
    assert_int_equal(load(), STORE_OK);
    reads = model.reads;
    assert_true(reads >= 5);
    for (uint32_t nth = 1; nth <= reads; nth++) {
        model_power(&model);
        model.fail_read = nth;
        assert_int_equal(load(), STORE_IO);
        model_power(&model);
        model.lie_read = nth;
        assert_int_equal(load(), STORE_CORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_whole),
        cmocka_unit_test(stays_until_the_flag_goes),
        cmocka_unit_test(one_without_the_other_is_damage),
        cmocka_unit_test(half_a_key_is_damage),
        cmocka_unit_test(a_flash_that_fails),
    };

    return cmocka_run_group_tests_name("identity_store", tests, NULL, NULL);
}
