// SPDX-License-Identifier: BSD-3-Clause
// links: fw/store/store.c tests/fixtures/crc32_table.c fw/core/wipe.c
// once: slow in an emulator; the bytes of the store are for test_store there

#include "fw/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/slow_build.h"
#include "tests/fixtures/store_batch.h"

/* Power cuts, failures and bit flips run over one scenario: update n gives a few keys values that
 * are a function of key and n. A state of the store is then a row of numbers, 0 = no value. */

#define UPDATES 64
#define NEXT_UPDATE 200 /* the first one after a recovery */
#define LAST_UPDATE 201

struct row {
    uint8_t n[LIMIT_STORE_KEYS];
};

struct rig {
    struct flash_model m;
    struct store s;
    struct row row;
};

static struct rig live; /* the only one that runs: stores and models point into it */
static struct store_batch batch;

static const uint32_t geometries[][2] = {{256, 2}, {512, 2}, {256, 4}, {4096, 2}};
static const uint32_t units[] = {1, 4, 8, 16};

#define GEOMETRIES (sizeof(geometries) / sizeof(geometries[0]))
#define UNITS (sizeof(units) / sizeof(units[0]))

static size_t longest(void)
{
    uint32_t bank = live.m.hal.sector_bytes * (live.m.hal.sector_count / 2);

    return bank <= 256 ? 24 : bank <= 512 ? 60 : LIMIT_STORE_VALUE;
}

/* Some end in 0xFF, like erased flash: a cut there is the hardest to see. */
static size_t make_value(uint8_t key, uint8_t n, uint8_t *out)
{
    uint32_t rng = model_seed(key, n);
    size_t len = 1 + model_random(&rng) % longest();
    size_t plain = rng % 4 == 0 ? len / 2 : len;

    out[0] = n;
    for (size_t i = 1; i < len; i++)
        out[i] = i < plain ? (uint8_t)model_random(&rng) : 0xFF;
    return len;
}

static void make_update(uint8_t n, struct row *row)
{
    static const uint8_t keys[] = {0, 1, 7, LIMIT_STORE_KEYS - 2, LIMIT_STORE_KEYS - 1};
    uint8_t value[LIMIT_STORE_VALUE];
    uint32_t rng = model_seed(n, 99);
    uint32_t count = 1 + model_random(&rng) % 3;

    store_batch_begin(&batch);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t key = keys[model_random(&rng) % sizeof(keys)];

        if (model_random(&rng) % 5 == 0) {
            store_batch_erase(&batch, key);
            row->n[key] = 0;
        } else {
            store_batch_put(&batch, key, value, make_value(key, n, value));
            row->n[key] = n;
        }
    }
}

static struct row after_update(const struct row *row, uint8_t n)
{
    struct row next = *row;

    make_update(n, &next);
    return next;
}

static int update(uint8_t n)
{
    struct row next = after_update(&live.row, n);
    int r = store_batch_commit(&live.s, &batch);

    if (r == STORE_OK)
        live.row = next;
    return r;
}

/* Every value has to be one that was written, to the byte. */
static struct row held(void)
{
    uint8_t got[LIMIT_STORE_VALUE];
    uint8_t want[LIMIT_STORE_VALUE];
    struct row row = {{0}};

    for (uint8_t key = 0; key < LIMIT_STORE_KEYS; key++) {
        size_t len = 0;
        int r = store_get(&live.s, key, got, sizeof(got), &len);

        if (r == STORE_MISSING)
            continue;
        assert_int_equal(r, STORE_OK);
        assert_int_not_equal(len, 0);
        row.n[key] = got[0];
        assert_int_equal(len, make_value(key, got[0], want));
        assert_memory_equal(got, want, len);
    }
    return row;
}

static bool same(const struct row *a, const struct row *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static void power_back(void)
{
    model_power(&live.m);
    assert_int_equal(store_mount(&live.s, &live.m.hal), STORE_OK);
}

static void begin(uint32_t sector_bytes, uint32_t sector_count, uint32_t unit)
{
    model_begin(&live.m, sector_bytes, sector_count, unit);
    memset(&live.row, 0, sizeof(live.row));
    power_back();
    assert_true(live.s.fresh);
}

static void run_updates(uint8_t first, uint8_t last)
{
    for (uint8_t n = first; n <= last; n++)
        assert_int_equal(update(n), STORE_OK);
}

/* The mounted store holds one of these states and nothing else. */
static void expect_one_of(const struct row *a, const struct row *b, const struct row *c)
{
    struct row now = held();

    if (!same(&now, a) && !same(&now, b) && !same(&now, c))
        fail_msg("a third state: unit %u, operation %u, variant %u",
                 (unsigned)live.m.hal.program_unit, (unsigned)live.m.fault_op,
                 (unsigned)live.m.fault_variant);
    live.row = now;
}

static void expect_update(uint8_t n)
{
    struct row now;

    assert_int_equal(update(n), STORE_OK);
    power_back();
    now = held();
    assert_true(same(&now, &live.row));
    assert_false(live.s.tail_dirty);
    assert_null(live.m.broken);
}

/* The update is there already when the bank that it was in is sealed: what goes wrong with that is
 * left to the next one. */
static bool is_late(const struct flash_model *done, uint32_t op)
{
    return done->log[0].erase && op == done->ops - 1;
}

static uint32_t variants(const struct model_op *op)
{
    return op->erase ? MODEL_MIXTURES : op->len + 1;
}

/* The i-th of a few variants that stand for all. */
#define FEW 5
static uint32_t few(const struct model_op *op, uint32_t i)
{
    const uint32_t erase[FEW] = {0, 2, 4, 6, 9};
    const uint32_t program[FEW] = {0, 1, op->len / 2, op->len - 1, op->len};

    return op->erase ? erase[i] : program[i];
}

/* Cuts the first update after a recovery at each of its operations. */
static void cut_again(void)
{
    static struct rig before;
    static struct flash_model done;
    struct row next;

    before = live;
    next = after_update(&before.row, NEXT_UPDATE);
    model_power(&live.m);
    assert_int_equal(update(NEXT_UPDATE), STORE_OK);
    done = live.m;
    for (uint32_t op = 0; op < done.ops; op++)
        for (uint32_t i = 0; i < FEW; i++) {
            live = before;
            model_arm(&live.m, MODEL_CUT, op, few(&done.log[op], i));
            assert_int_equal(update(NEXT_UPDATE), is_late(&done, op) ? STORE_OK : STORE_IO);
            power_back();
            expect_one_of(&before.row, &next, &next);
            expect_update(LAST_UPDATE);
        }
}

static void cut_once(const struct rig *before, const struct rig *after, uint8_t n, uint32_t op,
                     uint32_t variant)
{
    bool late = is_late(&after->m, op);

    live = *before;
    model_arm(&live.m, MODEL_CUT, op, variant);
    assert_int_equal(update(n), late ? STORE_OK : STORE_IO);
    power_back();
    expect_one_of(late ? &after->row : &before->row, &after->row, &after->row);
}

/* Every operation of every update, cut in every way, and a few ways followed by a second cut. */
static void cut_scenario(void)
{
    static struct rig before, after;

    for (uint8_t n = 1; n <= UPDATES; n++) {
        before = live;
        model_power(&live.m);
        assert_int_equal(update(n), STORE_OK);
        after = live;
        for (uint32_t op = 0; op < after.m.ops; op++) {
            const struct model_op *what = &after.m.log[op];

            for (uint32_t variant = 0; variant < variants(what); variant++) {
                cut_once(&before, &after, n, op, variant);
                expect_update(NEXT_UPDATE);
            }
            for (uint32_t i = 0; i < FEW; i++) {
                cut_once(&before, &after, n, op, few(what, i));
                cut_again();
            }
        }
        live = after;
        power_back();
        expect_one_of(&after.row, &after.row, &after.row);
    }
    assert_null(live.m.broken);
}

/* The machine of the other byte order is an emulated one, some ten times slower: there one unit
 * in two geometries shows that the format is the same. So it does with sanitizers that no access is
 * out of bounds, and with counters that each line is reached. */
#ifdef SLOW_BUILD
#define FIRST_UNIT 2u
#define UNIT_STEP UNITS
#define GEOMETRY_STEP 2u
#else
#define FIRST_UNIT 0u
#define UNIT_STEP 1u
#define GEOMETRY_STEP 1u
#endif

static void cut_at_every_operation(void **state)
{
    (void)state;
    for (size_t g = 0; g < GEOMETRIES; g += GEOMETRY_STEP)
        for (size_t u = FIRST_UNIT; u < UNITS; u += UNIT_STEP) {
            begin(geometries[g][0], geometries[g][1], units[u]);
            cut_scenario();
            assert_true(live.s.generation >= 4);
        }
}

/* The next update after one that failed, on the state that this left; and cut. */
static void go_on(const struct rig *failed, const struct row *old, const struct row *next)
{
    static struct flash_model done;
    struct row now;

    live = *failed;
    model_power(&live.m);
    expect_update(NEXT_UPDATE);
    now = after_update(&failed->row, NEXT_UPDATE);
    assert_true(same(&now, &live.row));

    live = *failed;
    model_power(&live.m);
    assert_int_equal(update(NEXT_UPDATE), STORE_OK);
    done = live.m;
    for (uint32_t cut = 0; cut < done.ops; cut++)
        for (uint32_t v = 0; v < MODEL_MIXTURES; v++) {
            live = *failed;
            model_arm(&live.m, MODEL_CUT, cut, v);
            assert_int_equal(update(NEXT_UPDATE), is_late(&done, cut) ? STORE_OK : STORE_IO);
            power_back();
            expect_one_of(old, next, &now);
        }
}

/* A device that reports errors but keeps its power: what the flash says and does for operation
 * `op` of update n. */
static void fail_once(const struct rig *before, const struct rig *after, uint8_t n, uint32_t op,
                      enum model_fault fault, uint32_t variant)
{
    static struct rig failed;
    bool late = is_late(&after->m, op);
    const struct row *old = late ? &after->row : &before->row;
    struct row now;

    live = *before;
    model_arm(&live.m, fault, op, variant);
    assert_int_equal(update(n), late ? STORE_OK : STORE_IO);
    assert_true(live.s.tail_dirty);
    now = held();
    assert_true(same(&now, old));
    failed = live;
    power_back();
    expect_one_of(old, &after->row, &after->row);
    go_on(&failed, old, &after->row);
}

/* A failed update may have reached the flash whole, so the mount after a cut may find it: but never
 * less than the old values, and never half of it. */
static void fail_every_operation(void **state)
{
    static struct rig before, after;

    (void)state;
    begin(256, 4, 4);
    for (uint8_t n = 1; n <= UPDATES / 2; n++) {
        before = live;
        model_power(&live.m);
        assert_int_equal(update(n), STORE_OK);
        after = live;
        for (uint32_t op = 0; op < after.m.ops; op++) {
            const struct model_op *what = &after.m.log[op];

            for (uint32_t i = 0; i < FEW; i++)
                fail_once(&before, &after, n, op, MODEL_FAIL, few(what, i));
            for (uint32_t bit = 0; !what->erase && bit < what->len * 8; bit += 37)
                fail_once(&before, &after, n, op, MODEL_LIE, bit);
        }
        live = after;
        power_back();
    }
    assert_true(live.s.generation >= 4);
    assert_null(live.m.broken);
}

/* A read that fails, or one that gives a wrong bit: the update must not go through. */
static void read_badly(const struct rig *before, const struct rig *after, uint8_t n, uint32_t fail,
                       uint32_t lie)
{
    bool late = after->m.log[0].erase && fail + lie == after->m.reads;
    struct row now;

    live = *before;
    model_power(&live.m);
    live.m.fail_read = fail;
    live.m.lie_read = lie;
    assert_int_equal(update(n), late ? STORE_OK : STORE_IO);
    assert_true(live.s.tail_dirty);
    model_power(&live.m);
    now = held();
    assert_true(same(&now, late ? &after->row : &before->row));
    expect_update(NEXT_UPDATE);
}

static void fail_every_read_of_an_update(void **state)
{
    static struct rig before, after;

    (void)state;
    begin(512, 2, 8);
    for (uint8_t n = 1; n <= UPDATES / 2; n++) {
        before = live;
        model_power(&live.m);
        assert_int_equal(update(n), STORE_OK);
        after = live;
        for (uint32_t nth = 1; nth <= after.m.reads; nth++) {
            read_badly(&before, &after, n, nth, 0);
            read_badly(&before, &after, n, 0, nth);
        }
        live = after;
    }
    assert_true(live.s.generation >= 4);
}

static void fail_every_read_of_a_mount(void **state)
{
    static struct rig before;
    uint8_t value[LIMIT_STORE_VALUE];
    uint32_t reads;
    size_t len;

    (void)state;
    begin(512, 2, 4);
    run_updates(1, 20);
    power_back();
    reads = live.m.reads;
    assert_true(reads > 10);
    before = live;
    for (uint32_t nth = 1; nth <= reads; nth++) {
        model_power(&live.m);
        live.m.fail_read = nth;
        assert_int_equal(store_mount(&live.s, &live.m.hal), STORE_IO);
        assert_int_equal(store_get(&live.s, 0, value, sizeof(value), &len), STORE_IO);
        assert_int_equal(update(NEXT_UPDATE), STORE_IO);
        assert_int_equal(live.m.ops, 0);
    }
    power_back();
    expect_one_of(&before.row, &before.row, &before.row);
}

static struct rig whole; /* what is damaged */

/* The mount of what is damaged gives every value that there was, or none and an error. */
static void same_or_error(void)
{
    struct row now;
    int r;

    model_power(&live.m);
    r = store_mount(&live.s, &live.m.hal);
    if (r == STORE_CORRUPT) {
        assert_null(live.s.flash);
        return;
    }
    assert_int_equal(r, STORE_OK);
    assert_int_equal(live.s.fresh, whole.s.fresh);
    now = held();
    if (!same(&now, &whole.row))
        fail_msg("other values: unit %u", (unsigned)live.m.hal.program_unit);
    live.row = now;
    expect_update(NEXT_UPDATE);
}

static void flip_every_byte(void)
{
    static const uint8_t flips[] = {1, 2, 4, 8, 16, 32, 64, 128, 0xFF, 0x55};
    uint32_t bank = live.s.bank_bytes;

    for (uint32_t at = 0; at < 2 * bank; at++)
        for (size_t i = 0; i < sizeof(flips) + 2; i++) {
            live = whole;
            live.m.bytes[at] = (uint8_t)(i < sizeof(flips) ? live.m.bytes[at] ^ flips[i]
                                                           : 0xFFu * (i - sizeof(flips)));
            same_or_error();
        }
}

/* Runs of zeros or of 0xFF, from every place on, as long as a sector and shorter. */
static void lose_every_run(void)
{
    static const uint32_t lengths[] = {2, 7, 16, 64, 256};

    for (uint32_t at = 0; at < whole.m.size; at++)
        for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
            uint32_t left = whole.m.size - at, len = lengths[i] < left ? lengths[i] : left;

            live = whole;
            memset(live.m.bytes + at, 0, len);
            same_or_error();
        }
    for (uint32_t sector = 0; sector < whole.m.hal.sector_count; sector++) {
        live = whole;
        assert_int_equal(live.m.hal.erase(live.m.hal.ctx, sector), 0);
        /* SPEC.md: the one loss that does not show. */
        if (store_mount(&live.s, &live.m.hal) != STORE_OK || live.s.end % whole.m.hal.sector_bytes)
            same_or_error();
    }
}

/* From the first update on, over several banks. */
static void damage_gives_the_same_or_an_error(void **state)
{
    (void)state;
    for (size_t u = 0; u < UNITS; u++) {
        begin(256, 2 + 2 * (u % 2), units[u]);
        for (uint8_t n = 1; n <= UPDATES / 4; n = (uint8_t)(2 * n)) {
            run_updates(n / 2 + 1, n);
            whole = live;
            flip_every_byte();
            lose_every_run();
            live = whole;
        }
        assert_true(live.s.generation >= 4);
    }
}

/* Nothing but the header and the empty record of the first bank: a cut format. */
static bool in_format(uint32_t at, uint32_t unit)
{
    uint32_t record = (16 + unit - 1) / unit * unit + (4 + unit - 1) / unit * unit;

    return at < 16 || (at >= record && at < record + 7);
}

static void blank_is_blank_throughout(void **state)
{
    (void)state;
    for (size_t u = 0; u < UNITS; u++) {
        begin(256, 2, units[u]);
        for (uint32_t at = 0; at < live.m.size; at++) {
            live.m.bytes[at] ^= 0x10;
            assert_int_equal(store_mount(&live.s, &live.m.hal),
                             in_format(at, units[u]) ? STORE_OK : STORE_CORRUPT);
            assert_int_equal(live.s.fresh, in_format(at, units[u]));
            live.m.bytes[at] ^= 0x10;
        }
    }
}

static void foreign_bytes_are_damage(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 4000; seed++) {
        uint32_t rng = model_seed(seed, 5);
        uint32_t kind = seed % 4;

        begin(seed % 8 < 4 ? 256 : 512, 2 + seed % 3, units[seed % UNITS]);
        for (uint32_t i = 0; i < live.m.size; i++) {
            uint8_t byte = (uint8_t)model_random(&rng);

            if (kind == 1 && byte < 128)
                byte = 0xFF;
            if (kind == 2)
                byte = "PRVS\x02\0\0\0\xA5\x10\0"[byte % 11];
            model_leave(&live.m, i, &byte, 1);
        }
        if (kind == 3) {
            model_leave_header(&live.m, 0, 2, seed);
            model_leave_header(&live.m, live.s.bank_bytes, 2, seed + 1);
        }
        assert_int_equal(store_mount(&live.s, &live.m.hal), STORE_CORRUPT);
        assert_int_equal(update(1), STORE_IO);
        assert_int_equal(live.m.ops, 0);
        assert_null(live.m.broken);
    }
}

/* Whatever there was, and whatever a cut has left of it. */
static void begins_anew_at_every_cut(void **state)
{
    static struct rig before;

    (void)state;
    for (uint8_t n = 0; n <= UPDATES; n = (uint8_t)(n + 3)) {
        begin(256, 4, 4);
        run_updates(1, n);
        before = live;
        for (uint32_t op = 0; op < 4; op++)
            for (uint32_t v = 0; v < MODEL_MIXTURES; v++) {
                live = before;
                model_arm(&live.m, MODEL_CUT, op, v);
                assert_int_equal(store_reformat(&live.s, &live.m.hal), STORE_IO);
                assert_null(live.s.flash);
                model_power(&live.m);
                assert_int_equal(store_reformat(&live.s, &live.m.hal), STORE_OK);
                assert_true(live.s.fresh && live.m.ops == 4);
                memset(&live.row, 0, sizeof(live.row));
                expect_update(NEXT_UPDATE);
            }
    }
}

static void odd_sector_is_not_touched(void **state)
{
    uint8_t sentinel[256];

    (void)state;
    begin(256, 5, 7 + 1);
    memset(sentinel, 0x5C, sizeof(sentinel));
    model_leave(&live.m, 1024, sentinel, sizeof(sentinel));
    power_back();
    run_updates(1, UPDATES);
    assert_true(live.s.generation >= 4);
    assert_memory_equal(live.m.bytes + 1024, sentinel, sizeof(sentinel));
    power_back();
    expect_one_of(&live.row, &live.row, &live.row);
    assert_int_equal(store_reformat(&live.s, &live.m.hal), STORE_OK);
    assert_memory_equal(live.m.bytes + 1024, sentinel, sizeof(sentinel));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_sector_is_not_touched),
        cmocka_unit_test(begins_anew_at_every_cut),
        cmocka_unit_test(blank_is_blank_throughout),
        cmocka_unit_test(foreign_bytes_are_damage),
        cmocka_unit_test(damage_gives_the_same_or_an_error),
        cmocka_unit_test(fail_every_operation),
        cmocka_unit_test(fail_every_read_of_an_update),
        cmocka_unit_test(fail_every_read_of_a_mount),
        cmocka_unit_test(cut_at_every_operation),
    };

    return cmocka_run_group_tests_name("store_faults", tests, NULL, NULL);
}
