// SPDX-License-Identifier: BSD-3-Clause
// links: fw/store/settings_store.c fw/store/boot_count.c fw/store/store.c fw/store/crc32.c
// links: fw/core/wipe.c fw/core/users.c

#include "fw/store/settings_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/setup.h"
#include "fw/core/window.h"
#include "fw/store/boot_count.h"

#define MODEL_BYTES 16384u
#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/store_batch.h"

static struct flash_model model;
static struct store store;
static struct store_batch batch;

static void power_back(void)
{
    model_power(&model);
    assert_int_equal(store_mount(&store, &model.hal), STORE_OK);
}

static void begin(uint32_t unit)
{
    model_begin(&model, 4096, 2, unit);
    power_back();
}

/* As they leave a factory: few texts. */
static struct settings factory(void)
{
    return (struct settings){
        .machine.bmp_left_s = 86400,
        .config.mode = MODE_ENTERPRISE,
        .config.rcfg_enabled = true,
        .secret.password_default = true,
        .secret.password = "admin",
        .config.server_port = 9971,
        .config.dhcp_enabled = true,
        .me.manageability = MANAGEABILITY_AMT,
        .config.redirection = REDIRECTION_ALL,
        .config.password_policy = PASSWORD_DURING_SETUP,
        .me.idle_timeout_min = 1,
        .config.hash_active = 0x1F,
    };
}

/* So many entries of each kind, as many as there may be. */
static void add_users(struct users *users, size_t count)
{
    static const uint8_t hash[16] = "sixteen bytes...";
    uint8_t sid[28] = {1, 5, 0, 0, 0, 0, 0, 5, 21};
    uint32_t handle;

    for (size_t i = 0; i < count; i++) {
        char name[17];

        snprintf(name, sizeof(name), "sixteen-chars-%02u", (unsigned)(i % 100));
        sid[27] = (uint8_t)i;
        if (i < LIMIT_USERS)
            assert_int_equal(users_add(users,
                                       &(struct user_values){.name = name,
                                                             .hash = hash,
                                                             .access = USER_ACCESS_NETWORK,
                                                             .realms = 1u << 5 | 1u << 19},
                                       "admin", &handle),
                             0);
        assert_int_equal(
            users_add(users,
                      &(struct user_values){
                          .sid = sid, .sid_len = 28, .access = USER_ACCESS_ANY, .realms = 1u << 24},
                      "admin", &handle),
            0);
    }
}

/* Every field set, and none as in the factory. */
static struct settings busy(void)
{
    struct settings s = {
        .machine.setup_state = SETUP_IN_PROCESS,
        .machine.window_kind = WINDOW_COMMANDED,
        .machine.window_left_s = 21600,
        .machine.bmp_left_s = 0x01020304,
        .config.mode = MODE_SMB,
        .secret.password = "P@ssw0rd",
        .secret.pid = "4444-ABC",
        .secret.pps = "0123-4567-89AB-CDEF-GHIJ-KLMN",
        .secret.otp = "0tp-0tp-0tp",
        .config.pki_suffix = "corp.example",
        .config.domain = "site.corp.example",
        .config.server_fqdn = "sca.corp.example",
        .config.server_ip = 0x0A000005,
        .config.server_port = 0x1234,
        .config.host_name = "pc17",
        .secret.admin_user = "root",
        .secret.admin_digest = "0123456789abcdef0123456789abcdef",
        .config.tls_off = true,
        .config.fixed = {0x0A000011, 0xFFFFFF00, 0x0A000001, 0x0A000002, 0x0A000003},
        .me.power_package = 11,
        .config.redirection = REDIRECTION_IDER | REDIRECTION_LEGACY,
        .config.redirect_service = 0x31,
        .config.password_policy = PASSWORD_ANYTIME,
        .me.idle_timeout_min = 0x0201,
        .me.certificate_by = "6.2.611",
        .config.hash_active = 0xFFFFF,
        .config.hash_erased = 0x10203,
        .config.user_hash_active = 5,
        .config.user_hash = {{.algorithm = CERT_HASH_SHA1, .name = "one"},
                             {.algorithm = CERT_HASH_SHA256, .name = ""},
                             {.algorithm = CERT_HASH_SHA384, .name = "three"}},
    };

    for (int i = 0; i < LIMIT_HASHES_USER; i++)
        memset(s.config.user_hash[i].bytes, 0xA0 + i, LIMIT_HASH_BYTES);
    add_users(&s.secret.users, 1);
    return s;
}

/* Field by field: the struct has padding. */
static void expect_same(const struct settings *a, const struct settings *b)
{
    assert_int_equal(a->machine.setup_state, b->machine.setup_state);
    assert_int_equal(a->machine.window_kind, b->machine.window_kind);
    assert_int_equal(a->machine.window_left_s, b->machine.window_left_s);
    assert_int_equal(a->machine.bmp_left_s, b->machine.bmp_left_s);
    assert_int_equal(a->config.mode, b->config.mode);
    assert_int_equal(a->config.rcfg_enabled, b->config.rcfg_enabled);
    assert_int_equal(a->secret.password_default, b->secret.password_default);
    assert_memory_equal(a->secret.password, b->secret.password, sizeof(a->secret.password));
    assert_memory_equal(a->secret.pid, b->secret.pid, sizeof(a->secret.pid));
    assert_memory_equal(a->secret.pps, b->secret.pps, sizeof(a->secret.pps));
    assert_memory_equal(a->secret.otp, b->secret.otp, sizeof(a->secret.otp));
    assert_memory_equal(a->config.pki_suffix, b->config.pki_suffix, sizeof(a->config.pki_suffix));
    assert_memory_equal(a->config.domain, b->config.domain, sizeof(a->config.domain));
    assert_memory_equal(a->config.server_fqdn, b->config.server_fqdn,
                        sizeof(a->config.server_fqdn));
    assert_int_equal(a->config.server_ip, b->config.server_ip);
    assert_int_equal(a->config.server_port, b->config.server_port);
    assert_memory_equal(a->config.host_name, b->config.host_name, sizeof(a->config.host_name));
    assert_int_equal(a->config.dhcp_enabled, b->config.dhcp_enabled);
    assert_memory_equal(&a->config.fixed, &b->config.fixed,
                        sizeof(a->config.fixed)); /* five u32, no padding */
    assert_int_equal(a->me.manageability, b->me.manageability);
    assert_int_equal(a->me.power_package, b->me.power_package);
    assert_int_equal(a->config.redirection, b->config.redirection);
    assert_int_equal(a->config.password_policy, b->config.password_policy);
    assert_int_equal(a->me.idle_timeout_min, b->me.idle_timeout_min);
    assert_memory_equal(a->me.certificate_by, b->me.certificate_by, sizeof(a->me.certificate_by));
    assert_memory_equal(a->secret.admin_user, b->secret.admin_user, sizeof(a->secret.admin_user));
    assert_memory_equal(a->secret.admin_digest, b->secret.admin_digest,
                        sizeof(a->secret.admin_digest));
    assert_memory_equal(&a->secret.users, &b->secret.users, sizeof(a->secret.users));
    assert_int_equal(a->config.tls_off, b->config.tls_off);
    assert_int_equal(a->config.own_identity, b->config.own_identity);
    assert_int_equal(a->config.hash_active, b->config.hash_active);
    assert_int_equal(a->config.redirect_service, b->config.redirect_service);
    assert_int_equal(a->config.hash_erased, b->config.hash_erased);
    assert_int_equal(a->config.user_hash_active, b->config.user_hash_active);
    assert_memory_equal(a->config.user_hash, b->config.user_hash, sizeof(a->config.user_hash));
}

static void save(const struct settings *next)
{
    assert_int_equal(settings_save(&store, next), STORE_OK);
    assert_null(model.broken);
}

static void expect_loads(const struct settings *want)
{
    struct settings got = factory();

    power_back();
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    expect_same(&got, want);
    assert_null(model.broken);
}

static void fresh_store_keeps_the_callers_values(void **state)
{
    struct settings s = busy();
    struct settings want = busy();

    (void)state;
    begin(4);
    assert_int_equal(settings_load(&store, &s), STORE_OK);
    expect_same(&s, &want);
}

static void everything_comes_back(void **state)
{
    static const uint32_t units[] = {1, 4, 8, 16};
    struct settings s;

    (void)state;
    for (int i = 0; i < 4; i++) {
        begin(units[i]);
        s = factory();
        save(&s);
        expect_loads(&s);
        s = busy();
        save(&s);
        expect_loads(&s);
        s = factory();
        save(&s);
        expect_loads(&s);
    }
}

static void fill(char *text, size_t size)
{
    memset(text, 'x', size - 1);
    text[size - 1] = 0;
}

static void longest_texts_fit_one_update(void **state)
{
    struct settings s = busy();

    (void)state;
    fill(s.secret.password, sizeof(s.secret.password));
    fill(s.secret.pid, sizeof(s.secret.pid));
    fill(s.secret.pps, sizeof(s.secret.pps));
    fill(s.secret.otp, sizeof(s.secret.otp));
    fill(s.config.pki_suffix, sizeof(s.config.pki_suffix));
    fill(s.config.domain, sizeof(s.config.domain));
    fill(s.config.server_fqdn, sizeof(s.config.server_fqdn));
    fill(s.config.host_name, sizeof(s.config.host_name));
    for (int i = 0; i < LIMIT_HASHES_USER; i++)
        fill(s.config.user_hash[i].name, sizeof(s.config.user_hash[i].name));
    begin(4);
    save(&s);
    expect_loads(&s);
}

/* In the two sectors a bank that every board has. */
static void as_many_users_as_there_may_be(void **state)
{
    struct settings s = busy();

    (void)state;
    memset(&s.secret.users, 0, sizeof(s.secret.users));
    add_users(&s.secret.users, LIMIT_KERBEROS_USERS);
    model_begin(&model, 4096, 4, 4);
    power_back();
    save(&s);
    expect_loads(&s);
    memset(&s.secret.users, 0, sizeof(s.secret.users)); /* an unprovision */
    save(&s);
    expect_loads(&s);
    for (uint8_t key = 28; key < LIMIT_STORE_KEYS; key++)
        assert_int_equal(store.at[key], 0);
}

/* An entry that nobody can have made: a device that took it might let somebody in. */
static void users_that_are_none(void **state)
{
    static const struct {
        size_t at;
        uint8_t byte;
    } row[] = {
        {0, '$'},                     /* "$$xteen": the system's */
        {0, 7},                       /* no character */
        {3, '"'},   {35, 8}, {35, 7}, /* no such access permission */
        {34, 0x80},                   /* realm 25 */
        {32, 0xFF},                   /* one that there is: right */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct settings s = busy(), got = factory();
        uint8_t *first = (uint8_t *)&s.secret.users.entry[0];

        begin(4);
        if (first[row[i].at] == 's')
            first[1] = '$';
        first[row[i].at] = row[i].byte;
        assert_int_equal(settings_save(&store, &s), STORE_OK);
        power_back();
        assert_int_equal(settings_load(&store, &got), row[i].at == 32 ? STORE_OK : STORE_CORRUPT);
    }
    for (uint8_t len = 1; len < 80; len++) { /* a part of an entry, and one too many */
        struct settings s = busy(), got = factory();
        uint8_t value[252 + 1] = {0};

        begin(4);
        save(&s);
        store_batch_begin(&batch);
        store_batch_put(&batch, 28, value, len);
        assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
        power_back();
        assert_int_equal(settings_load(&store, &got), len % 36 ? STORE_CORRUPT : STORE_OK);
    }
}

static void shorter_texts_replace_longer_ones(void **state)
{
    struct settings s = busy();
    struct settings got;

    (void)state;
    begin(4);
    save(&s);
    got = busy();
    fill(got.secret.password, sizeof(got.secret.password));
    fill(got.config.server_fqdn, sizeof(got.config.server_fqdn));
    fill(got.config.user_hash[1].name, sizeof(got.config.user_hash[1].name));
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    expect_same(&got, &s);
}

/* The bytes behind a value on flash are the next entry's head: they must not pass for its end. */
static void longer_text_is_not_mistaken(void **state)
{
    struct settings s = busy();

    (void)state;
    begin(4);
    save(&s);
    memcpy(s.secret.otp, "0tp-0tp-0tp\x06\x0C", 14);
    save(&s);
    expect_loads(&s);
}

/* Texts and user hashes that are gone are gone on flash too. */
static void emptied_fields_have_no_key(void **state)
{
    struct settings s = busy();

    (void)state;
    begin(4);
    save(&s);
    for (uint8_t key = 0; key < 20; key++)
        assert_int_not_equal(store.at[key], 0);
    for (uint8_t key = 20; key < 27; key++)
        assert_int_equal(store.at[key], 0);
    assert_int_not_equal(store.at[27], 0);
    s = factory();
    save(&s);
    for (uint8_t key = 3; key <= 8; key++)
        assert_int_equal(store.at[key], 0);
    for (uint8_t key = 11; key <= 13; key++)
        assert_int_equal(store.at[key], 0);
    assert_int_equal(store.at[16], 0);
    assert_int_equal(store.at[18], 0);
    assert_int_equal(store.at[19], 0);
    assert_int_equal(store.at[27], 0);
}

static void expect_held(uint8_t key, const void *want, size_t want_len)
{
    uint8_t got[LIMIT_STORE_VALUE];
    size_t len = 0;

    assert_int_equal(store_get(&store, key, got, sizeof(got), &len), STORE_OK);
    assert_int_equal(len, want_len);
    assert_memory_equal(got, want, want_len);
}

/* SPEC.md, "Keys of the settings". */
static void values_are_as_specified(void **state)
{
    struct settings s = busy();
    uint8_t hash[49 + 5] = {3};

    (void)state;
    memset(hash + 1, 0xA2, 48);
    memcpy(hash + 49, "three", 5);
    begin(4);
    save(&s);
    expect_held(0, "\x02\x02\x60\x54\x00\x00\x04\x03\x02\x01", 10);
    expect_held(1, "\x02\x00\x00", 3);
    expect_held(2, "P@ssw0rd", 8);
    expect_held(3, "4444-ABC", 8);
    expect_held(4, "0123-4567-89AB-CDEF-GHIJ-KLMN", 29);
    expect_held(5, "0tp-0tp-0tp", 11);
    expect_held(6, "corp.example", 12);
    expect_held(7, "site.corp.example", 17);
    expect_held(8, "sca.corp.example", 16);
    expect_held(9, "\x05\x00\x00\x0A\x34\x12", 6);
    expect_held(10, "\xFF\xFF\x0F\x00\x05\x03\x02\x01\x00", 9);
    expect_held(13, hash, sizeof(hash));
    expect_held(14, "\x00\x0B\x0A\x02\x01\x02", 6);
    expect_held(17, "\1\0\x31\0\0\0", 6);
    expect_held(15,
                "\x00\x11\x00\x00\x0A\x00\xFF\xFF\xFF\x01\x00\x00\x0A\x02\x00\x00\x0A\x03\x00\x00"
                "\x0A",
                21);
    expect_held(16, "pc17", 4);
    /* Realms 5 and 19 are bits 3 and 17; from the network, and enabled. */
    expect_held(28, "sixteen-chars-00sixteen bytes...\x08\x00\x02\x05", 36);
    expect_held(
        29, "\x01\x05\0\0\0\0\0\x05\x15\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\x06",
        36);
    assert_int_equal(store.len[12], 49);
}

static uint32_t programmed_by(const struct settings *next)
{
    uint32_t before = model.programmed;

    model.ops = 0;
    save(next);
    return model.programmed - before;
}

/* Slot 4, record header 7, entry header 3. */
static void only_differences_are_written(void **state)
{
    struct settings s = busy();

    (void)state;
    begin(4);
    save(&s);
    assert_int_equal(programmed_by(&s), 0);
    assert_int_equal(model.ops, 0);
    s.machine.window_left_s -= 600;
    assert_int_equal(programmed_by(&s), 24); /* 4 + 7 + 3 + 10 */
    assert_int_equal(model.ops, 2);
    s.secret.password_default = true;
    assert_int_equal(programmed_by(&s), 20); /* 4 + 7 + 3 + 3, padded to 4 */
    s.config.server_port++;
    s.config.hash_active ^= 1;
    assert_int_equal(programmed_by(&s), 32); /* 4 + 7 + 3 + 6 + 3 + 9 */
    s.secret.otp[0] = 0;
    assert_int_equal(programmed_by(&s), 16); /* 4 + 7 + 3 */
    s.config.domain[16] = 'X';               /* behind the first bytes that are compared */
    assert_int_equal(programmed_by(&s), 32); /* 4 + 7 + 3 + 17 */
    s.config.user_hash[2].bytes[47] ^= 1;
    assert_int_equal(programmed_by(&s), 68); /* 4 + 7 + 3 + 54 */
    s.me.idle_timeout_min++;
    assert_int_equal(programmed_by(&s), 20); /* 4 + 7 + 3 + 6 */
    s.config.fixed.dns2++;
    assert_int_equal(programmed_by(&s), 36); /* 4 + 7 + 3 + 21 */
    s.secret.otp[1] = 'y';                   /* behind the NUL */
    assert_int_equal(programmed_by(&s), 0);
    power_back();
    assert_int_equal(programmed_by(&s), 0);
    s.secret.otp[1] = 't';
    memset(s.secret.otp, 0, sizeof(s.secret.otp));
    expect_loads(&s);
}

/* Checkpoints of 24 hours at one in ten minutes: how many bank erases they cost. */
static void a_day_of_checkpoints_is_cheap(void **state)
{
    struct settings s = factory();

    (void)state;
    begin(4);
    save(&s);
    assert_int_equal(model.erases, 2); /* both banks, on a new device */
    for (int i = 0; i < 144; i++) {
        s.machine.bmp_left_s -= 600;
        save(&s);
    }
    assert_int_equal(model.erases, 2); /* 144 * 24 = 3456 bytes */
    expect_loads(&s);
}

struct damage {
    uint8_t key;
    uint16_t len;
    const char *bytes;
};

static const struct damage damages[] = {
    {0, 9, "\1\1\1\1\1\1\1\1\1"},
    {0, 11, "\1\1\1\1\1\1\1\1\1\1\1"},
    {0, 10, "\4\1\1\1\1\1\1\1\1\1"}, /* no such state */
    {0, 10, "\1\5\1\1\1\1\1\1\1\1"}, /* no such window */
    {0, 0, ""},
    {1, 2, "\1\1"},
    {1, 4, "\1\1\1\1"},
    {1, 3, "\3\1\1"}, /* no such mode */
    {1, 3, "\1\2\1"},
    {1, 3, "\1\1\2"},
    {2, 0, ""},
    {2, 33, "123456789012345678901234567890123"},
    {3, 9, "123456789"},
    {4, 33, "123456789012345678901234567890123"},
    {4, 5, "ab\0cd"},
    {4, 1, "\0"},
    {5, 0, ""},
    {5, 33, "123456789012345678901234567890123"},
    {9, 5, "\1\1\1\1\1"},
    {9, 7, "\1\1\1\1\1\1\1"},
    {10, 4, "\1\1\1\1"},
    {10, 6, "\1\1\1\1\1\1"},
    {10, 8, "\1\1\1\1\1\1\1\1"},
    {10, 10, "\1\1\1\1\1\1\1\1\1\1"},
    {11, 0, ""},
    {11, 48, "\1bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},
    {12, 50, "\0bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbn"},
    {12, 50, "\4bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbn"},
    {14, 5, "\1\1\1\1\1"},
    {14, 7, "\1\1\1\1\1\1\1"},
    {14, 6, "\2\1\1\1\1\1"},   /* no such manageability */
    {14, 6, "\1\x0C\1\1\1\1"}, /* no such power package */
    {14, 6, "\1\1\x10\1\1\1"}, /* no such redirection */
    {14, 6, "\1\1\1\3\1\1"},   /* no such policy */
    {15, 20, "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"},
    {15, 22, "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"},
    {15, 21, "\2\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"},
    {16, 3, "a\0b"},
    {17, 1, "\0"},
    {17, 3, "\0\0\0"},
    {17, 5, "\0\0\0\0\0"},
    {17, 7, "\0\0\0\0\0\0\0"},
    {17, 2, "\2\0"},
    {17, 2, "\0\1"}, /* an own key and certificate, and there are none */
    {18, 4, "ro\0t"},
    {19, 0, ""},
    {27, 8, "3.2.1.12"}, /* longer than any version */
    {27, 4, "3.\0002"},
    {13, 52, "\2bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbn\0m"},
};

/* Nothing of it is taken over. */
static void expect_corrupt(void)
{
    struct settings got = factory();

    assert_int_equal(settings_load(&store, &got), STORE_CORRUPT);
    power_back();
    assert_int_equal(settings_load(&store, &got), STORE_CORRUPT);
}

/* Of a device in use, one value changes to what no save writes. */
static void expect_refused(uint8_t key, const void *bytes, size_t len)
{
    struct settings s = busy();

    begin(4);
    save(&s);
    store_batch_begin(&batch);
    store_batch_put(&batch, key, bytes, len);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    expect_corrupt();
}

static void values_that_no_save_writes_are_damage(void **state)
{
    char text[LIMIT_STORE_VALUE];

    (void)state;
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++)
        expect_refused(damages[i].key, damages[i].bytes, damages[i].len);
    memset(text, 'x', sizeof(text));
    expect_refused(6, text, LIMIT_PKI_SUFFIX + 1);
    expect_refused(7, text, LIMIT_DOMAIN + 1);
    expect_refused(8, text, LIMIT_FQDN + 1);
    expect_refused(16, text, LIMIT_HOST_NAME + 1);
    text[200] = 0;
    expect_refused(8, text, LIMIT_FQDN);
    memset(text, 1, sizeof(text));
    expect_refused(11, text, 49 + LIMIT_HASH_NAME + 1);
}

/* SPEC.md: a firmware that knew of no erased hashes wrote key 10 without them. */
static void a_state_from_before_hashes_were_erased(void **state)
{
    struct settings s = busy(), got = factory();

    (void)state;
    begin(4);
    save(&s);
    store_batch_begin(&batch);
    store_batch_put(&batch, 10, "\3\0\0\0\1", 5);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    assert_int_equal(got.config.hash_active, 3);
    assert_int_equal(got.config.user_hash_active, 1);
    assert_int_equal(got.config.hash_erased, 0);
}

/* SPEC.md: a firmware without redirection wrote key 17 without it. */
static void a_state_from_before_redirection(void **state)
{
    struct settings s = busy(), got = factory();

    (void)state;
    begin(4);
    save(&s);
    store_batch_begin(&batch);
    store_batch_put(&batch, 17, "\1\0", 2);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    assert_true(got.config.tls_off);
    assert_int_equal(got.config.redirect_service, 0);
}

/* All that a save writes: without the count of starts. */
#define SAVED ((STORE_KEY(LIMIT_STORE_KEYS) - 1) & ~STORE_KEY(26))

static void without(store_keys keys)
{
    struct settings s = busy();

    begin(4);
    save(&s);
    store_batch_begin(&batch);
    for (uint8_t key = 0; key < LIMIT_STORE_KEYS; key++)
        if (keys >> key & 1)
            store_batch_erase(&batch, key);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
}

/* SPEC.md: numbers and the password are written by every save. */
static void what_every_save_writes_is_there(void **state)
{
    static const uint8_t required[] = {0, 1, 2, 9, 10, 14, 15};
    struct settings got = factory(), plain = factory();

    (void)state;
    for (size_t i = 0; i < sizeof(required); i++) {
        without(STORE_KEY(required[i]));
        expect_corrupt();
        without(SAVED & ~STORE_KEY(required[i]));
        expect_corrupt();
    }
    without(SAVED & ~STORE_KEY(27)); /* only who has made the certificate */
    expect_corrupt();
    without(SAVED & ~STORE_KEY(28)); /* only users */
    expect_corrupt();
    without(SAVED); /* not one: no save yet */
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    expect_same(&got, &plain);
}

/* Those of a device's factory are not those of its last save. */
static void a_text_that_is_not_stored_is_empty(void **state)
{
    struct settings s = factory(), got = busy();

    (void)state;
    begin(4);
    save(&s);
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    expect_same(&got, &s);
}

/* Written by firmware without the configuration service. */
static void the_services_keys_may_be_missing(void **state)
{
    struct settings want = busy(), got = factory();

    (void)state;
    without(7u << 17);
    want.config.tls_off = false;
    want.config.redirect_service = 0;
    memset(want.secret.admin_user, 0, sizeof(want.secret.admin_user));
    memset(want.secret.admin_digest, 0, sizeof(want.secret.admin_digest));
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    expect_same(&got, &want);
}

/* The flash no longer has what it had when it was mounted. */
static void a_value_that_changes_later_is_damage(void **state)
{
    struct settings s = busy(), got = factory();

    (void)state;
    begin(4);
    save(&s);
    for (uint8_t key = 0; key < 20; key++) {
        model.bytes[store.at[key]] ^= 1;
        assert_int_equal(settings_load(&store, &got), STORE_CORRUPT);
        assert_int_equal(settings_save(&store, &s), STORE_CORRUPT);
        model.bytes[store.at[key]] ^= 1;
    }
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    expect_same(&got, &s);
}

static void starts_are_counted(void **state)
{
    struct settings s = busy(), got = factory(), plain = factory();
    uint32_t count = 77;

    (void)state;
    begin(4);
    for (uint32_t start = 1; start <= 300; start++) { /* over several banks */
        assert_int_equal(store_boot_count(&store, &count), STORE_OK);
        assert_int_equal(count, start);
        power_back();
        assert_false(store.fresh);
    }
    assert_int_equal(settings_load(&store, &got), STORE_OK); /* still as from the factory */
    expect_same(&got, &plain);
    save(&s);
    s = factory();
    save(&s);
    assert_int_equal(store_boot_count(&store, &count), STORE_OK);
    assert_int_equal(count, 301);
    model_arm(&model, MODEL_FAIL, 0, 0);
    assert_int_equal(store_boot_count(&store, &count), STORE_IO);
    assert_int_equal(count, 301);
    model_power(&model);
    expect_held(26, "\x2D\x01\0\0", 4);
}

static void a_count_that_is_none_is_damage(void **state)
{
    static const struct damage counts[] = {{26, 0, ""}, {26, 3, "123"}, {26, 5, "12345"}};
    uint32_t count = 77;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(4);
        store_batch_begin(&batch);
        store_batch_put(&batch, counts[i].key, counts[i].bytes, counts[i].len);
        assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
        assert_int_equal(store_boot_count(&store, &count), STORE_CORRUPT);
        assert_int_equal(count, 77);
    }
    model.fail_read = 1;
    model.reads = 0;
    assert_int_equal(store_mount(&store, &model.hal), STORE_IO);
    assert_int_equal(store_boot_count(&store, &count), STORE_IO);
}

/* The OEM's hashes come with the device, not from its flash. */
static void the_oems_hashes_are_not_stored(void **state)
{
    static const struct cert_hash hash[2];
    struct settings s = busy(), got = factory();

    (void)state;
    begin(4);
    s.config.oem_roots = (struct root_set){hash, 1, "test"};
    save(&s);
    got.config.oem_roots = (struct root_set){hash, 2, "test"};
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    assert_int_equal(got.config.oem_roots.count, 2);
    assert_ptr_equal(got.config.oem_roots.hash, hash);
}

/* Values of other keys are nobody's business here. */
static void foreign_keys_stay(void **state)
{
    struct settings s = busy();

    (void)state;
    begin(4);
    store_batch_begin(&batch);
    store_batch_put(&batch, 26, "theirs", 6);
    assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    save(&s);
    expect_loads(&s);
    expect_held(26, "theirs", 6);
}

static void unterminated_texts_are_refused(void **state)
{
    struct settings good = busy();
    struct settings bad = busy();

    (void)state;
    begin(4);
    save(&good);
    model.ops = 0;
    bad.machine.window_left_s = 1;
    memset(bad.secret.pid, 'x', sizeof(bad.secret.pid));
    assert_int_equal(settings_save(&store, &bad), STORE_TOO_LARGE);
    bad = good;
    memset(bad.config.user_hash[1].name, 'x', sizeof(bad.config.user_hash[1].name));
    assert_int_equal(settings_save(&store, &bad), STORE_TOO_LARGE);
    assert_int_equal(model.ops, 0);
    expect_loads(&good);
}

static void flash_errors_are_reported(void **state)
{
    struct settings s = busy(), got;
    uint32_t reads;

    (void)state;
    begin(4);
    save(&s);
    power_back();
    model.reads = 0;
    got = factory();
    assert_int_equal(settings_load(&store, &got), STORE_OK);
    reads = model.reads;
    for (uint32_t nth = 1; nth <= reads; nth++) {
        model_power(&model);
        model.fail_read = nth;
        got = factory();
        assert_int_equal(settings_load(&store, &got), STORE_IO);
    }
    model_power(&model);
    s.config.user_hash[2].name[0] = 'T';
    model.fail_read = 1;
    assert_int_equal(settings_save(&store, &s), STORE_IO);
    assert_int_equal(model.ops, 0);
    save(&s);
    expect_loads(&s);
}

static void unmounted_store_is_refused(void **state)
{
    struct settings s = busy();
    struct settings want = busy();

    (void)state;
    begin(4);
    model.fail_read = 1;
    model.reads = 0;
    assert_int_equal(store_mount(&store, &model.hal), STORE_IO);
    assert_int_equal(settings_load(&store, &s), STORE_IO);
    expect_same(&s, &want);
    assert_int_equal(settings_save(&store, &s), STORE_IO);
    assert_int_equal(model.ops, 0);
}

/* The whole of a set-up in one update: after a cut all of it or none of it. */
static void a_cut_save_is_all_or_nothing(void **state)
{
    static struct flash_model before;
    struct settings old = factory();
    struct settings next = busy();
    struct settings got;
    uint32_t ops;

    (void)state;
    begin(8);
    save(&old);
    before = model;
    model.ops = 0;
    save(&next);
    ops = model.ops;
    assert_true(ops > 5);
    for (uint32_t op = 0; op < ops; op++)
        for (uint32_t part = 0; part <= 48; part++) {
            model = before;
            power_back();
            model_arm(&model, MODEL_CUT, op, part);
            assert_int_equal(settings_save(&store, &next), STORE_IO);
            power_back();
            got = factory();
            assert_int_equal(settings_load(&store, &got), STORE_OK);
            expect_same(&got, got.machine.setup_state == next.machine.setup_state ? &next : &old);
            save(&next);
            expect_loads(&next);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh_store_keeps_the_callers_values),
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(longest_texts_fit_one_update),
        cmocka_unit_test(as_many_users_as_there_may_be),
        cmocka_unit_test(users_that_are_none),
        cmocka_unit_test(shorter_texts_replace_longer_ones),
        cmocka_unit_test(longer_text_is_not_mistaken),
        cmocka_unit_test(emptied_fields_have_no_key),
        cmocka_unit_test(values_are_as_specified),
        cmocka_unit_test(only_differences_are_written),
        cmocka_unit_test(a_day_of_checkpoints_is_cheap),
        cmocka_unit_test(values_that_no_save_writes_are_damage),
        cmocka_unit_test(a_state_from_before_hashes_were_erased),
        cmocka_unit_test(a_state_from_before_redirection),
        cmocka_unit_test(what_every_save_writes_is_there),
        cmocka_unit_test(a_text_that_is_not_stored_is_empty),
        cmocka_unit_test(the_services_keys_may_be_missing),
        cmocka_unit_test(a_value_that_changes_later_is_damage),
        cmocka_unit_test(starts_are_counted),
        cmocka_unit_test(a_count_that_is_none_is_damage),
        cmocka_unit_test(the_oems_hashes_are_not_stored),
        cmocka_unit_test(foreign_keys_stay),
        cmocka_unit_test(unterminated_texts_are_refused),
        cmocka_unit_test(flash_errors_are_reported),
        cmocka_unit_test(unmounted_store_is_refused),
        cmocka_unit_test(a_cut_save_is_all_or_nothing),
    };

    return cmocka_run_group_tests_name("settings_store", tests, NULL, NULL);
}
