// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about the order of things, not about bytes
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"
#include "fw/store/boot_count.h"
#include "tests/fixtures/store_batch.h"

/* Power fails, or the flash does, at every flash operation of everything that is stored: what the
 * next start finds is what was or what was to be. */

#define PLENTY 1000000

struct story {
    const char *name;
    const char *release;
    struct settings (*before)(const struct fixture *b);
    void (*prepare)(struct fixture *b); /* with power on; may be NULL */
    int (*act)(struct fixture *b);      /* 0: done */
    int refused;                        /* what act() returns when it could not be stored */
    bool at_boot;                       /* act() is the start itself */
};

static struct settings in_window(const struct fixture *b)
{
    struct settings s = fixture_factory(b);

    s.machine.setup_state = SETUP_SETUP;
    s.machine.window_kind = WINDOW_COMMANDED;
    s.machine.window_left_s = 6 * 3600;
    memcpy(s.config.domain, "old.example", 12);
    return s;
}

static struct settings in_use(const struct fixture *b)
{
    struct settings s = fixture_provisioned(b);

    s.config.rcfg_enabled = false;
    s.config.server_ip = 0x0A000009;
    s.config.server_port = 9000;
    memcpy(s.secret.pid, "0000037M", 8);
    memcpy(s.secret.pps, "0123456789ABCDEFGHJKLMNPQRSTUVWX", 32);
    memcpy(s.secret.otp, "onetimepassword", 15);
    memcpy(s.config.domain, "mebx.example", 12);
    memcpy(s.config.pki_suffix, "pki.example", 11);
    memcpy(s.config.server_fqdn, "scs.example", 11);
    s.config.hash_active = 0x3;
    s.config.user_hash_active = 1;
    s.config.user_hash[0].algorithm = CERT_HASH_SHA1;
    memset(s.config.user_hash[0].bytes, 0x5A, 20);
    memcpy(s.config.user_hash[0].name, "mine", 4);
    return s;
}

static int full_unprovision(struct fixture *b)
{
    return device_mebx_full_unprovision(fixture_device(b), fixture_ms(b));
}

static int partial_unprovision(struct fixture *b)
{
    return device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b));
}

static int server(struct fixture *b)
{
    return device_mebx_server(fixture_device(b), 0x0A000005, 1234, fixture_ms(b));
}

static int domain(struct fixture *b)
{
    return device_mebx_domain(fixture_device(b), "new.example", fixture_ms(b));
}

static int manual(struct fixture *b)
{
    return device_mebx_manual(fixture_device(b), fixture_ms(b));
}

static void see_a_lease(struct fixture *b)
{
    fixture_ack(b, "corp.example");
}

static int agent_start(struct fixture *b)
{
    return (int)fixture_start(b);
}

/* The device may die while it answers: then there is no answer to look at. */
static int text_setter(struct fixture *b, uint8_t operation)
{
    uint8_t request[26] = {1, 1, 0, 0, operation, 0, 0, 4, 14, 0, 0, 0, 12};

    memcpy(request + 14, "corp.example", 12);
    assert_true(virtual_message_in(&b->chip.hal, request, sizeof(request)));
    chip_poll(&b->chip);
    return (int)fixture_status(b);
}

static int agent_otp(struct fixture *b)
{
    return text_setter(b, 0x2A);
}

static int agent_suffix(struct fixture *b)
{
    return text_setter(b, 0x2F);
}

static int checkpoint(struct fixture *b)
{
    fixture_run(b, 10 * MINUTE + SECOND);
    return 0;
}

static int window_ends(struct fixture *b)
{
    fixture_run(b, 2 * SECOND);
    return 0;
}

static struct settings near_the_end(const struct fixture *b)
{
    struct settings s = in_window(b);

    s.machine.window_left_s = 1;
    return s;
}

/* Without a cable: on 5.0.2 the hellos would start at once, and that is stored as well. */
static int start_without_battery(struct fixture *b)
{
    b->chip.hal.link = false;
    chip_power(&b->chip, true);
    return 0;
}

static const struct story stories[] = {
    {"full unprovision", "5.0.2", in_use, NULL, full_unprovision, DEVICE_STORE, false},
    {"full unprovision", "5.0.3", in_use, NULL, full_unprovision, DEVICE_STORE, false},
    {"partial unprovision", "5.0.3", in_use, NULL, partial_unprovision, DEVICE_STORE, false},
    {"agent start", "5.0.3", fixture_factory, see_a_lease, agent_start, 1, false},
    {"one-time password", "5.0.3", fixture_factory, NULL, agent_otp, 1, false},
    {"PKI suffix", "5.0.3", fixture_factory, NULL, agent_suffix, 1, false},
    {"MEBx server", "5.0.3", in_window, NULL, server, DEVICE_STORE, false},
    {"MEBx domain", "5.0.3", in_window, NULL, domain, DEVICE_STORE, false},
    {"MEBx manual", "5.0.3", fixture_factory, NULL, manual, DEVICE_STORE, false},
    {"window checkpoint", "5.0.3", in_window, NULL, checkpoint, 0, false},
    {"window ends", "5.0.3", near_the_end, NULL, window_ends, 0, false},
    {"lost CMOS battery", "5.0.2", in_use, NULL, start_without_battery, 0, true},
    {"lost CMOS battery", "5.0.3", in_use, NULL, start_without_battery, 0, true},
};

/* Fills the log until not even a record of one number fits: the next update has to move everything
 * to the other bank. The key is not the settings'. */
static void fill_log(struct fixture *b)
{
    static struct store_batch batch;
    struct store store;
    const uint32_t record = 16;

    assert_int_equal(store_mount(&store, &b->chip.hal.hal.flash), STORE_OK);
    while (store.bank_bytes - store.end >= record) {
        store_batch_begin(&batch);
        store_batch_put(&batch, STORE_KEY_BOOT_COUNT, &store.end, sizeof(store.end));
        assert_int_equal(store_batch_commit(&store, &batch), STORE_OK);
    }
}

static struct fixture *prepared(const struct story *story, bool fill)
{
    struct fixture *b = fixture_new(story->release, "bmp-off");
    struct settings s = story->before(b);

    fixture_store(b, &s);
    if (fill)
        fill_log(b);
    b->chip.hal.cmos_lost = story->at_boot;
    if (!story->at_boot)
        chip_power(&b->chip, true);
    if (story->prepare)
        story->prepare(b);
    return b;
}

/* The start after it all, with the cable out so that nothing new begins. */
static struct settings start_again(struct fixture *b)
{
    chip_power(&b->chip, false);
    b->chip.hal.operations_left = -1;
    b->chip.hal.link = false;
    chip_power(&b->chip, true);
    return fixture_stored(b);
}

static bool same(const struct settings *a, const struct settings *b)
{
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): a copy is equal to the byte
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* What was, and what was to be: as found on flash, and as found there after the next start. */
struct outcome {
    struct settings before, after, before_started, after_started;
    int64_t operations;
};

static struct outcome clean_run(const struct story *story, bool fill)
{
    struct fixture *b = prepared(story, fill);
    struct outcome o;

    o.before = fixture_stored(b);
    b->chip.hal.operations_left = PLENTY;
    assert_int_equal(story->act(b), 0);
    o.operations = PLENTY - b->chip.hal.operations_left;
    o.after = fixture_stored(b);
    o.after_started = start_again(b);
    fixture_free(b);

    /* Power fails before the first operation. */
    b = prepared(story, fill);
    o.before_started = start_again(b);
    fixture_free(b);
    assert_true(o.operations > 0);
    assert_false(same(&o.before, &o.after));
    return o;
}

static void cut_at(const struct story *story, bool fill, const struct outcome *o, int64_t operation)
{
    struct fixture *b = prepared(story, fill);
    struct settings found, started;

    b->chip.hal.operations_left = operation;
    (void)story->act(b);
    chip_power(&b->chip, false);
    found = fixture_stored(b);
    if (!same(&found, &o->before) && !same(&found, &o->after))
        fail_msg("%s on %s, cut at %d: a third state is stored", story->name, story->release,
                 (int)operation);
    started = start_again(b);
    if (!same(&started, same(&found, &o->before) ? &o->before_started : &o->after_started))
        fail_msg("%s on %s, cut at %d: a third state after the start", story->name, story->release,
                 (int)operation);
    if (operation == 0)
        assert_true(same(&found, &o->before));
    if (operation == o->operations)
        assert_true(same(&found, &o->after));
    fixture_free(b);
}

static void expect_cuts(bool fill)
{
    for (size_t i = 0; i < COUNT(stories); i++) {
        struct outcome o = clean_run(&stories[i], fill);

        for (int64_t n = 0; n <= o.operations; n++)
            cut_at(&stories[i], fill, &o, n);
    }
}

static void power_cut_at_every_operation(void **state)
{
    (void)state;
    expect_cuts(false);
}

static void power_cut_at_every_operation_of_a_compaction(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stories); i++)
        assert_true(clean_run(&stories[i], true).operations >
                    clean_run(&stories[i], false).operations);
    expect_cuts(true);
}

/* From operation N on the flash only reports errors; the device goes on living. */
static void fail_at(const struct story *story, bool fill, const struct outcome *o,
                    int64_t operation)
{
    struct fixture *b = prepared(story, fill);
    struct settings held = b->chip.device.settings, found;
    struct setup stood = b->chip.device.setup;
    uint32_t frames = b->frames;
    int result;

    b->chip.hal.operations_left = operation;
    result = story->act(b);
    assert_true(b->count[TRACE_STORE_ERROR] > 0);
    b->chip.hal.operations_left = -1;
    found = fixture_stored(b);
    if (result != story->refused)
        fail_msg("%s on %s, failure at %d: result %d", story->name, story->release, (int)operation,
                 result);
    if (!same(&found, &o->before))
        fail_msg("%s on %s, failure at %d: stored all the same", story->name, story->release,
                 (int)operation);
    if (!story->at_boot && story->refused != 0) {
        /* Not only on flash: the device behaves as before. */
        assert_memory_equal(&b->chip.device.settings, &held, sizeof(held));
        assert_int_equal(b->chip.device.setup.state, stood.state);
        assert_int_equal(b->chip.device.setup.window.kind, stood.window.kind);
        assert_int_equal(b->chip.device.setup.window.left_ms, stood.window.left_ms);
        assert_int_equal(b->chip.device.setup.window.bmp_left_ms, stood.window.bmp_left_ms);
        assert_int_equal(b->chip.device.net.mode == NET_CLOSED, stood.window.kind == WINDOW_CLOSED);
    }
    if (stood.window.kind == WINDOW_CLOSED)
        assert_int_equal(b->frames, frames);
    /* Once the flash works again, so does the command. */
    if (story->refused != 0) {
        assert_int_equal(story->act(b), 0);
        found = fixture_stored(b);
        assert_true(same(&found, &o->after));
    }
    fixture_free(b);
}

static void flash_that_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stories); i++) {
        struct outcome o = clean_run(&stories[i], false);

        for (int64_t n = 0; n < o.operations; n++)
            fail_at(&stories[i], false, &o, n);
    }
}

/* The last operation tells the old bank that the new one is in use: when that fails, the update is
 * there all the same. */
static void flash_that_fails_in_a_compaction(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stories); i++) {
        struct outcome o = clean_run(&stories[i], true);

        for (int64_t n = 0; n < o.operations - 1; n++)
            fail_at(&stories[i], true, &o, n);
    }
}

/* Time cannot be taken back: a window that could not be stored as closed is closed all the same. */
static void a_dead_flash_does_not_keep_the_window_open(void **state)
{
    struct fixture *b = prepared(&stories[10], false);
    uint32_t frames;

    (void)state;
    assert_string_equal(stories[10].name, "window ends");
    b->chip.hal.operations_left = 0;
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 1);
    assert_true(b->count[TRACE_STORE_ERROR] > 0);
    frames = b->frames;
    fixture_run(b, 24 * HOUR);
    assert_int_equal(b->frames, frames);
    assert_int_equal(fixture_state(b), 1);
    /* Once it can be written down it is: AC does not open what is left on flash again. */
    b->chip.hal.operations_left = -1;
    fixture_run(b, HOUR);
    assert_int_equal(fixture_stored(b).machine.window_kind, WINDOW_CLOSED);
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    fixture_run(b, HOUR);
    assert_int_equal(b->frames, frames);
    fixture_free(b);
}

static int no_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    (void)ctx;
    (void)offset;
    (void)out;
    (void)len;
    return -1;
}

/* What was stored cannot even be read back after a failure: then nothing more is written, for RAM
 * holds values that nobody set. The next start finds all as it was. */
static void a_flash_that_cannot_be_read(void **state)
{
    struct fixture *b = prepared(&stories[6], false);
    struct hal_flash *flash = &b->chip.hal.hal.flash;
    int (*read)(void *, uint32_t, void *, size_t) = flash->read;
    struct settings before = fixture_stored(b), after;

    (void)state;
    assert_string_equal(stories[6].name, "MEBx server");
    flash->read = no_read;
    b->chip.hal.operations_left = 0;
    assert_int_equal(server(b), DEVICE_STORE);
    flash->read = read;
    b->chip.hal.operations_left = PLENTY;
    assert_int_equal(domain(b), DEVICE_REFUSED); /* locked by now */
    assert_int_equal(server(b), DEVICE_REFUSED);
    fixture_run(b, HOUR);
    assert_int_equal(b->chip.hal.operations_left, PLENTY);
    after = fixture_stored(b);
    assert_true(same(&before, &after));
    b->chip.hal.operations_left = -1;
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    assert_int_equal(server(b), DEVICE_OK);
    fixture_free(b);
}

/* The battery stays lost until its consequences are stored. */
static void lost_battery_is_remembered_until_stored(void **state)
{
    struct fixture *b = prepared(&stories[COUNT(stories) - 1], false);

    (void)state;
    b->chip.hal.operations_left = 0;
    chip_power(&b->chip, true);
    assert_true(b->chip.hal.cmos_lost);
    /* Neither provisioned, with a password that the battery should have taken, nor in factory
     * state: it does not even say. */
    assert_int_equal(b->chip.device.setup.state, SETUP_LOCKED);
    fixture_silence(b);
    chip_power(&b->chip, false);
    b->chip.hal.operations_left = -1;
    chip_power(&b->chip, true);
    assert_false(b->chip.hal.cmos_lost);
    assert_int_equal(fixture_state(b), 0);
    assert_string_equal(fixture_stored(b).secret.password, "admin");
    fixture_free(b);
}

/* What the stories store is what the specification says, not just some other state. */
static void outcomes(void **state)
{
    struct outcome o;

    (void)state;
    o = clean_run(&stories[0], false);
    assert_int_equal(o.after.machine.setup_state, SETUP_FACTORY);
    assert_int_equal(o.after.machine.bmp_left_s, 24 * 3600);
    assert_true(o.after.config.rcfg_enabled);
    assert_string_equal(o.after.secret.pid, "");
    assert_string_equal(o.after.secret.password, "P@ssw0rd");
    o = clean_run(&stories[1], false);
    assert_int_equal(o.after.machine.setup_state, SETUP_FACTORY);
    assert_int_equal(o.after.machine.bmp_left_s, 0);
    o = clean_run(&stories[2], false);
    assert_int_equal(o.after.machine.setup_state, SETUP_SETUP);
    assert_int_equal(o.after.machine.window_kind, WINDOW_COMMANDED);
    assert_int_equal(o.after.machine.window_left_s, 6 * 3600);
    assert_string_equal(o.after.secret.pid, "0000037M");
    assert_string_equal(o.after.config.pki_suffix, "");
    o = clean_run(&stories[3], false);
    assert_int_equal(o.after.machine.setup_state, SETUP_SETUP);
    assert_int_equal(o.after.machine.window_left_s, 6 * 3600);
    o = clean_run(&stories[9], false);
    assert_int_equal(o.after.machine.window_left_s, 6 * 3600 - 600);
    o = clean_run(&stories[10], false);
    assert_int_equal(o.after.machine.window_kind, WINDOW_CLOSED);
    assert_int_equal(o.after.machine.setup_state, SETUP_SETUP);
    o = clean_run(&stories[11], false);
    assert_int_equal(o.after.machine.bmp_left_s, 24 * 3600);
    assert_string_equal(o.after.secret.password, "admin");
    assert_true(o.after.secret.password_default);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes),
        cmocka_unit_test(power_cut_at_every_operation),
        cmocka_unit_test(power_cut_at_every_operation_of_a_compaction),
        cmocka_unit_test(flash_that_fails),
        cmocka_unit_test(flash_that_fails_in_a_compaction),
        cmocka_unit_test(a_flash_that_cannot_be_read),
        cmocka_unit_test(a_dead_flash_does_not_keep_the_window_open),
        cmocka_unit_test(lost_battery_is_remembered_until_stored),
    };

    return cmocka_run_group_tests_name("device_power", tests, NULL, NULL);
}
