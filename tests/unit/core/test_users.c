// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include "fw/core/users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/realms.h"
#include "fw/core/settings.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const uint8_t hash[16] = "a hash of 16 by";
static const uint8_t other_hash[16] = "another of 16 b";

static struct users list;

static void begin(void)
{
    memset(&list, 0, sizeof(list));
}

static struct user_values digest(const char *name)
{
    return (struct user_values){
        .name = name, .hash = hash, .access = USER_ACCESS_ANY, .realms = REALM_BIT(13)};
}

/* S-1-5-21-1-2-3-rid */
static const uint8_t *sid_of(uint8_t rid)
{
    static uint8_t sid[28] = {1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3};

    sid[24] = rid;
    return sid;
}

static struct user_values kerberos(uint8_t rid)
{
    return (struct user_values){.sid = sid_of(rid), .sid_len = 28, .access = USER_ACCESS_NETWORK};
}

static uint32_t add(struct user_values values, uint32_t *handle)
{
    return users_add(&list, &values, "chief", handle);
}

static uint32_t update(uint32_t handle, struct user_values values)
{
    return users_update(&list, handle, &values, "chief");
}

/* SCS11: seven with a digest; LMS-cim: 0x17 when there are no more. */
static void as_many_as_there_may_be(void **state)
{
    uint32_t handle, last = 0;
    char name[16];

    (void)state;
    begin();
    for (uint8_t i = 0; i < 7; i++) {
        snprintf(name, sizeof(name), "user %u", i);
        assert_int_equal(add(digest(name), &handle), 0);
        assert_true(handle > last);
        last = handle;
    }
    assert_int_equal(add(digest("one more"), &handle), 0x17);
    for (uint8_t i = 0; i < LIMIT_KERBEROS_USERS; i++)
        assert_int_equal(add(kerberos(i), &handle), 0);
    assert_int_equal(handle, 7 + LIMIT_KERBEROS_USERS);
    assert_int_equal(add(kerberos(99), &handle), 0x17);
    assert_true(users_are_valid(&list));
    assert_int_equal(users_remove(&list, 3), 0);
    assert_null(users_find(&list, 3));
    assert_int_equal(add(digest("one more"), &handle), 0);
    assert_int_equal(handle, 3);
}

/* SCS11; that their case does not count is assumed. */
static void names(void **state)
{
    static const char *const good[] = {"a",   "sixteen-chars-ok", "John Doe", "$x",
                                       "x$$", "administrators",   "O'Neil;-)"};
    static const char *const bad[] = {"",
                                      "seventeen-chars-x",
                                      "admin",
                                      "Admin",
                                      "ADMINISTRATOR",
                                      "$$uns",
                                      "a(b",
                                      "a)b",
                                      "a,b",
                                      "a:b",
                                      "a\"b",
                                      "a&b",
                                      "a<b",
                                      "a>b",
                                      "a\\b",
                                      "J\xC3\xB6rg",
                                      "a\nb",
                                      "a\x7F"};
    uint32_t handle;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        begin();
        /* The last has a bracket. */
        assert_int_equal(add(digest(good[i]), &handle), i + 1 < COUNT(good) ? 0 : 0x0C);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        begin();
        assert_int_equal(add(digest(bad[i]), &handle), 0x0C);
        assert_null(users_find(&list, 1));
    }
}

static void what_an_entry_may_be(void **state)
{
    struct user_values v;
    uint32_t handle;

    (void)state;
    begin();
    v = digest("ann");
    v.hash = NULL;
    assert_int_equal(add(v, &handle), 0x806);
    v = digest("ann");
    v.access = 3;
    assert_int_equal(add(v, &handle), 0x24);
    v.access = UINT32_MAX; /* not there */
    assert_int_equal(add(v, &handle), 0x24);
    for (uint32_t realm = 0; realm < 32; realm++) { /* LMS-cim: 0, 1, 22 are none; 24 is the last */
        begin();
        v = digest("ann");
        v.realms = REALM_BIT(realm) | REALM_BIT(5);
        assert_int_equal(add(v, &handle), realm < 2 || realm == 22 || realm > 24 ? 0x807 : 0);
    }
    begin();
    v = digest("ann");
    v.sid = sid_of(1);
    v.sid_len = 28;
    assert_int_equal(add(v, &handle), 0x24); /* which of the two? */
    v = (struct user_values){.hash = hash};
    assert_int_equal(add(v, &handle), 0x0C);
    for (size_t len = 0; len < 40; len++) { /* one that says how long it is */
        v = kerberos(1);
        v.sid_len = len;
        assert_int_equal(add(v, &handle), len == 28 ? 0 : 0x24);
    }
    v = digest("chief");
    assert_int_equal(add(v, &handle), 0x80A);
    v = digest("ann");
    assert_int_equal(add(v, &handle), 0);
    assert_int_equal(add(v, &handle), 0x80A);
    v = kerberos(1);
    assert_int_equal(add(v, &handle), 0x80A);
    v = digest("an");
    assert_int_equal(add(v, &handle), 0); /* the begin of another's name */
    assert_ptr_equal(users_named(&list, "an"), users_find(&list, handle));
    assert_null(users_named(&list, "a"));
    assert_null(users_named(&list, ""));
}

static void an_entry_is_changed(void **state)
{
    struct user_values v = digest("ann");
    uint32_t handle, ken;
    const struct user *user;

    (void)state;
    begin();
    assert_int_equal(add(v, &handle), 0);
    assert_int_equal(add(digest("bob"), &ken), 0);
    assert_int_equal(users_enable(&list, handle, false), 0);
    v.realms = REALM_BIT(2) | REALM_BIT(24);
    v.access = USER_ACCESS_LOCAL;
    v.hash = NULL;
    assert_int_equal(update(handle, v), 0);
    user = users_find(&list, handle);
    assert_int_equal(user_realms(user), REALM_BIT(2) | REALM_BIT(24));
    assert_int_equal(user_access(user), 0);
    assert_memory_equal(user->hash, hash, 16);
    assert_int_equal(user->flags & USER_ENABLED, 0);
    v.name = "anna"; /* the hash is of another name */
    assert_int_equal(update(handle, v), 0x806);
    v.hash = other_hash;
    assert_int_equal(update(handle, v), 0);
    assert_memory_equal(users_named(&list, "anna")->hash, other_hash, 16);
    assert_null(users_named(&list, "ann"));
    v.name = "bob";
    assert_int_equal(update(handle, v), 0x80A);
    assert_int_equal(update(handle, kerberos(1)), 0x24);
    assert_non_null(users_named(&list, "anna"));
    assert_int_equal(add(kerberos(1), &ken), 0);
    assert_int_equal(update(ken, digest("carl")), 0x24);
    assert_int_equal(update(ken, kerberos(2)), 0);
    assert_int_equal(users_find(&list, ken)->sid[24], 2);
}

static void handles_that_are_none(void **state)
{
    static const uint32_t none[] = {0, 2, 7, 8, USERS, USERS_HANDLES + 1, UINT32_MAX};
    uint32_t handle;

    (void)state;
    begin();
    assert_int_equal(add(digest("ann"), &handle), 0);
    for (size_t i = 0; i < COUNT(none); i++) {
        assert_null(users_find(&list, none[i]));
        assert_int_equal(update(none[i], digest("bob")), 0x805);
        assert_int_equal(users_remove(&list, none[i]), 0x805);
        assert_int_equal(users_enable(&list, none[i], true), 0x805);
    }
    /* The system's own stay as they are, and nobody has their password. */
    for (handle = USERS + 1; handle <= USERS_HANDLES; handle++) {
        assert_memory_equal(users_find(&list, handle)->name, "$$", 2);
        assert_false(user_is_let_in(users_find(&list, handle)));
        assert_int_equal(update(handle, digest("bob")), 0x10);
        assert_int_equal(users_remove(&list, handle), 0x10);
        assert_int_equal(users_enable(&list, handle, false), 0x10);
    }
    assert_null(users_named(&list, "$$uns"));
}

/* G-realms: a new one is enabled, a disabled one may do nothing. */
static void who_is_let_in(void **state)
{
    struct user_values v = digest("ann");
    uint32_t handle;

    (void)state;
    for (v.access = 0; v.access <= USER_ACCESS_ANY; v.access++) {
        begin();
        assert_int_equal(add(v, &handle), 0);
        assert_int_equal(user_is_let_in(users_find(&list, handle)), v.access != USER_ACCESS_LOCAL);
        assert_int_equal(users_enable(&list, handle, false), 0);
        assert_false(user_is_let_in(users_find(&list, handle)));
        assert_int_equal(user_access(users_find(&list, handle)), v.access);
        assert_int_equal(users_enable(&list, handle, true), 0);
        assert_int_equal(user_is_let_in(users_find(&list, handle)), v.access != USER_ACCESS_LOCAL);
    }
}

/* --- realms --- */

/* The event log's reader reads the log, and is the only one who does nothing else. */
static void what_a_realm_opens(void **state)
{
    static const struct {
        enum realm realm;
        enum act act[6];
    } row[] = {
        {REALM_EVENT_LOG_READER, {ACT_READ_LOG}},
        {REALM_EVENT_MANAGER, {ACT_READ_LOG, ACT_CHANGE_LOG}},
        {REALM_HARDWARE_ASSET, {ACT_READ_ASSETS}},
        {REALM_REDIRECTION, {ACT_READ_REDIRECTION, ACT_SET_REDIRECTION}},
        {REALM_REMOTE_CONTROL, {ACT_READ_MACHINE, ACT_READ_POWER, ACT_CONTROL_POWER}},
        {REALM_NETWORK_TIME, {ACT_READ_CLOCK, ACT_SET_CLOCK}},
        {REALM_ACL, {ACT_READ_USERS, ACT_SET_USERS}},
        {REALM_LOCAL_NOTIFICATION, {ACT_READ}}, /* nothing: see below */
        {REALM_LOCAL_SYSTEM, {ACT_READ}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        for (int act = 0; act < ACTS; act++) {
            bool opened = false;

            for (size_t j = 0; j < COUNT(row[i].act); j++)
                opened |= row[i].act[j] == (enum act)act && act != ACT_READ;
            if (realms_open(REALM_BIT(row[i].realm), (enum act)act) != opened)
                fail_msg("realm %d, act %d", row[i].realm, act);
        }
    for (int act = 0; act < ACTS; act++) {
        assert_true(realms_open(REALM_BIT(REALM_ADMINISTRATION), (enum act)act));
        assert_false(realms_open(0, (enum act)act));
    }
}

/* What only the administrator's realm opens, whatever else somebody has. */
static void what_is_the_administrators(void **state)
{
    static const enum act acts[] = {ACT_SET_NAME,   ACT_SET_ADMIN,           ACT_SET_TLS,
                                    ACT_SET_PSK,    ACT_SET_PASSWORD,        ACT_COMMIT,
                                    ACT_EXTEND,     ACT_UNPROVISION_PARTIAL, ACT_UNPROVISION_FULL,
                                    ACT_SET_NETWORK};
    uint32_t count;
    const struct realm_row *rows = realm_rows(&count);

    (void)state;
    for (size_t i = 0; i < COUNT(acts); i++)
        assert_false(realms_open(REALMS_KNOWN & ~REALM_BIT(REALM_ADMINISTRATION), acts[i]));
    for (uint32_t i = 0; i < count; i++) {
        assert_non_null(rows[i].source);
        assert_int_equal(rows[i].realms & ~REALMS_KNOWN, 0);
        for (uint32_t j = 0; j < i; j++)
            assert_int_not_equal(rows[i].act, rows[j].act);
    }
}

static void nobody_gives_what_he_has_not(void **state)
{
    (void)state;
    assert_true(realms_cover(REALM_BIT(21) | REALM_BIT(5), REALM_BIT(5)));
    assert_false(realms_cover(REALM_BIT(21) | REALM_BIT(5), REALM_BIT(5) | REALM_BIT(3)));
    assert_true(realms_cover(REALM_BIT(3), REALMS_KNOWN));
}

/* G-restore: "other ACLs" are erased by either unprovision, the administrator by the full one. */
static void unprovision_erases_them(void **state)
{
    const struct release *release = release_find("5.0.3");
    const struct oem_profile *oem = oem_find("intel");
    static struct settings s;
    uint32_t handle;

    (void)state;
    for (int full = 0; full < 3; full++) {
        settings_factory(&s, release, oem);
        strcpy(s.secret.admin_user, "chief");
        begin();
        assert_int_equal(add(digest("ann"), &handle), 0);
        s.secret.users = list;
        begin();
        if (full == 0)
            settings_partial_unprovision(&s);
        else if (full == 1)
            settings_full_unprovision(&s, release, oem, false);
        else
            settings_cmos_lost(&s, release, oem, false);
        assert_memory_equal(&s.secret.users, &list, sizeof(list));
        assert_string_equal(s.secret.admin_user, full ? "" : "chief");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_there_may_be),
        cmocka_unit_test(names),
        cmocka_unit_test(what_an_entry_may_be),
        cmocka_unit_test(an_entry_is_changed),
        cmocka_unit_test(handles_that_are_none),
        cmocka_unit_test(who_is_let_in),
        cmocka_unit_test(what_a_realm_opens),
        cmocka_unit_test(what_is_the_administrators),
        cmocka_unit_test(nobody_gives_what_he_has_not),
        cmocka_unit_test(unprovision_erases_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
