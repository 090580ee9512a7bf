// SPDX-License-Identifier: BSD-3-Clause
// links: @mebx @core
// once: slow in an emulator, and about keys, which are single bytes
#include "tests/fixtures/mebx.h"

#define LONG_WALK                                                                                  \
    "admin\r" OWN "\r" OWN "\r" ME "2\r3\r3\r9\r" UP AMT "1\rws1\r3\r2\r3\r1\r2\r1\r1\r"           \
    "2\rexample.com\r3\r192.168.0.2\r4\r255.255.255.0\r" UP "4\r1\r192.168.0.9\r9000\r2\r" PID     \
    "\r" PPS "\r5\r1\r2\r3\r3\r" SHA1 "\rMy CA\r2\r1\r" UP UP UP "7\r2\rn\r" UP UP "4\rn\r"        \
    "1\r" OTHER "\r" OTHER "\r" EXIT

/* What was typed as a secret is nowhere in what was written. */
static void assert_no_secret_on_screen(void)
{
    assert_false(on_screen(OWN));
    assert_false(on_screen(OTHER));
    assert_false(on_screen("admin"));
    assert_false(on_screen(PPS));
    assert_false(on_screen(PPS_PLAIN));
    assert_false(on_screen("NKLD"));
    assert_false(on_screen("69XJ"));
}

static bool is_blank(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < len; i++)
        if (p[i])
            return false;
    return true;
}

static void test_the_long_walk(void **state)
{
    (void)state;
    factory(r502);
    open_menu(r502);
    type(LONG_WALK);
    assert_true(fixture.left);
    assert_int_equal(fixture.outcome.change, LOCAL_KEY_ENTERED);
    assert_string_equal(now()->secret.password, OTHER);
    assert_string_equal(now()->secret.pps, PPS_PLAIN);
    assert_string_equal(now()->config.host_name, "ws1");
    assert_int_equal(now()->config.hash_active & 0x1F, 0x1E);
    assert_no_secret_on_screen();
    assert_true(is_blank(fixture.mebx.line, sizeof(fixture.mebx.line)));
    assert_true(is_blank(fixture.mebx.answer, sizeof(fixture.mebx.answer)));
}

static void test_ctrl_c_everywhere(void **state)
{
    static const char keys[] = LONG_WALK;
    struct settings before;

    (void)state;
    for (size_t k = 0; k < sizeof(keys) - 1; k++) {
        factory(r502);
        before = fixture.settings;
        open_menu(r502);
        type_bytes(keys, k);
        assert_false(fixture.left);
        assert_int_equal(fixture.outcome.change, LOCAL_NONE);
        type("\x03");
        assert_true(fixture.left);
        assert_int_equal(fixture.outcome.change, LOCAL_NONE);
        assert_memory_equal(&fixture.settings, &before, sizeof(before));
        assert_true(is_blank(now(), sizeof(*now())));
        assert_true(is_blank(fixture.mebx.line, sizeof(fixture.mebx.line)));
        assert_true(is_blank(fixture.mebx.answer, sizeof(fixture.mebx.answer)));
        shows("Nothing is changed.\n");
        assert_no_secret_on_screen();
    }
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* What the screen ended with when the line that ends now began. */
static bool was_asked_for_yes(size_t line_start)
{
    static const char question[] = "are you sure (y/n)? ";
    size_t n = sizeof(question) - 1;

    return line_start >= n && memcmp(fixture.screen + line_start - n, question, n) == 0;
}

/* One byte; a change comes of nothing but a "y" and CR or LF as the whole answer to a question. */
static void press(char key, size_t *line_start)
{
    bool ends = key == '\r' || key == '\n';
    bool yes = fixture.mebx.length == 1 &&
               (fixture.mebx.line[0] == 'y' || fixture.mebx.line[0] == 'Y') &&
               was_asked_for_yes(*line_start);

    type_bytes(&key, 1);
    if (fixture.left && fixture.outcome.change != LOCAL_NONE)
        assert_true(ends && yes);
    if (ends)
        *line_start = fixture.len;
}

/* Walks through the menu by what it offers, with wild bytes in between. */
static void random_session(uint64_t seed, bool logged_in)
{
    static const char *const steps[] = {
        "0\r", "1\r", "2\r", "3\r", "4\r", "5\r", "6\r", "7\r", "1\r", "3\r", "4\r", "2\r", "\r",
        "n\r", "y\r", "Y\r", "yy\r", ".\r", "a\r", "y", "\b", "\x7f", "\n", "12345", "ab_c\r",
        // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): a macro and the key after it
        "10.0.0.9\r", PID "\r", "2\r", "3\r", "ws\r", "y\n", PPS, SHA1 "\r", "\x1b[A\r",
        "4\r2\r" PID "\r" PPS "\r", "0\r0\r4\ry\r", OTHER "\r", OWN "\r"};

    changed(r502);
    fixture.setup.state = (uint8_t)(seed / 8 % SETUP_STATES);
    open_menu(r502);
    if (logged_in)
        type(LOGIN);
    for (size_t line_start = fixture.len, i = 0; i < 150 && !fixture.left; i++) {
        uint32_t random = next_random(&seed);
        const char *step = steps[random / 32 % (sizeof(steps) / sizeof(steps[0]))];
        char wild[2] = {(char)(random / 32 % 255 + 1), '\0'};

        for (const char *p = random % 32 ? step : wild; *p && !fixture.left; p++)
            press(*p, &line_start);
    }
    if (!fixture.left)
        assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

static void test_random_walks(void **state)
{
    uint32_t came_of_it[LOCAL_FULL + 1] = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= 10000; seed++) {
        bool logged_in = seed % 8 != 0;

        random_session(seed, logged_in);
        came_of_it[fixture.outcome.change]++;
        if (fixture.setup.state == SETUP_LOCKED)
            assert_true(fixture.outcome.change == LOCAL_NONE ||
                        fixture.outcome.change == LOCAL_FULL);
        else if (!logged_in && fixture.outcome.change != LOCAL_NONE)
            assert_true(fixture.mebx.logged_in);
    }
    /* Else the walks did not come far enough to prove anything. */
    for (int change = LOCAL_NONE; change <= LOCAL_FULL; change++)
        assert_int_equal(came_of_it[change] > 0, change != LOCAL_HALT); /* a USB key's */
}

static void test_random_bytes(void **state)
{
    uint64_t seed = 42;

    (void)state;
    for (int session = 0; session < 100; session++) {
        changed(r502);
        open_menu(r502);
        for (int i = 0; i < 1000 && !fixture.left; i++) {
            char key = (char)(next_random(&seed) % 256);

            if (key != 0x03)
                type_bytes(&key, 1);
        }
        assert_false(fixture.mebx.logged_in);
        assert_int_equal(fixture.outcome.change, LOCAL_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_long_walk),
        cmocka_unit_test(test_ctrl_c_everywhere),
        cmocka_unit_test(test_random_walks),
        cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests_name("mebx_hostile", tests, find_rows, NULL);
}
