// SPDX-License-Identifier: BSD-3-Clause
// links: fw/store/settings_store.c fw/store/store.c fw/store/crc32.c fw/core/wipe.c
// links: fw/core/users.c

#include "fw/store/settings_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixtures/flash_model.h"

/* The device's own key and certificate on a flash that fails while they are read: both as they
 * were, or an error. What is damaged there: tests/unit/net/test_own_identity.c. */

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
        cmocka_unit_test(a_flash_that_fails),
    };

    return cmocka_run_group_tests_name("identity_store", tests, NULL, NULL);
}
