// SPDX-License-Identifier: BSD-3-Clause
// links: hal/linux/flash.c hal/linux/error.c fw/store/store.c fw/store/crc32.c fw/core/wipe.c
#define _GNU_SOURCE

#include "hal/linux/flash.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fw/store/store.h"
#include "tests/fixtures/store_batch.h"

static char folder[64];
static char path[128];
static struct linux_flash flash;
static struct hal_flash hal;
static struct linux_error error;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/proviso-flash-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/state", folder);
    flash.fd = -1;
    error.text[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    linux_flash_close(&flash);
    unlink(path);
    /* Fails when something else was left in it. */
    return rmdir(folder);
}

static void open_again(void)
{
    linux_flash_close(&flash);
    if (!linux_flash_open(&flash, path, &error))
        fail_msg("%s", error.text);
    hal = linux_flash_hal(&flash);
}

static void fails_with(const char *expected)
{
    struct linux_flash other = {.fd = -1};

    error.text[0] = '\0';
    assert_false(linux_flash_open(&other, path, &error));
    assert_string_equal(error.text, expected);
    assert_int_equal(other.fd, -1);
}

static void assert_erased(uint32_t offset, uint32_t len)
{
    static uint8_t bytes[LINUX_FLASH_BYTES];

    assert_int_equal(hal.read(hal.ctx, offset, bytes, len), 0);
    for (uint32_t i = 0; i < len; i++)
        assert_int_equal(bytes[i], 0xFF);
}

static void test_geometry(void **state)
{
    struct stat info;

    (void)state;
    open_again();
    assert_int_equal(hal.sector_bytes, 4096);
    assert_int_equal(hal.sector_count, 4);
    assert_int_equal(hal.program_unit, 4);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 16384);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_erased(0, 16384);
}

static void test_keeps(void **state)
{
    uint8_t read[8];

    (void)state;
    open_again();
    assert_int_equal(hal.program(hal.ctx, 16380, "last", 4), 0);
    assert_int_equal(hal.program(hal.ctx, 4092, "twopages", 8), 0);
    open_again();
    assert_int_equal(hal.read(hal.ctx, 4092, read, 8), 0);
    assert_memory_equal(read, "twopages", 8);
    assert_int_equal(hal.read(hal.ctx, 16380, read, 4), 0);
    assert_memory_equal(read, "last", 4);
    assert_erased(0, 4092);
    assert_erased(4100, 16380 - 4100);
}

static void test_program_only_erased(void **state)
{
    static const uint8_t zeros[8] = {0};
    uint8_t read[8];

    (void)state;
    open_again();
    assert_int_equal(hal.program(hal.ctx, 4, "once", 4), 0);
    /* Not even to bytes that only clear bits, or the same ones; the unit in front stays erased. */
    assert_int_equal(hal.program(hal.ctx, 0, zeros, 8), -1);
    assert_int_equal(hal.program(hal.ctx, 4, "once", 4), -1);
    assert_erased(0, 4);
    assert_int_equal(hal.read(hal.ctx, 4, read, 4), 0);
    assert_memory_equal(read, "once", 4);
    assert_int_equal(hal.erase(hal.ctx, 0), 0);
    assert_int_equal(hal.program(hal.ctx, 0, zeros, 8), 0);
    assert_int_equal(hal.read(hal.ctx, 0, read, 8), 0);
    assert_memory_equal(read, zeros, 8);
}

static void test_erase_one_sector(void **state)
{
    uint8_t read[4];

    (void)state;
    open_again();
    assert_int_equal(hal.program(hal.ctx, 4092, "----", 4), 0);
    assert_int_equal(hal.program(hal.ctx, 4096, "from", 4), 0);
    assert_int_equal(hal.program(hal.ctx, 8188, "upto", 4), 0);
    assert_int_equal(hal.program(hal.ctx, 8192, "----", 4), 0);
    assert_int_equal(hal.erase(hal.ctx, 1), 0);
    assert_erased(4096, 4096);
    assert_int_equal(hal.read(hal.ctx, 4092, read, 4), 0);
    assert_memory_equal(read, "----", 4);
    assert_int_equal(hal.read(hal.ctx, 8192, read, 4), 0);
    assert_memory_equal(read, "----", 4);
}

static void test_bad_requests(void **state)
{
    uint8_t byte[8] = {0};

    (void)state;
    open_again();
    assert_int_equal(hal.read(hal.ctx, 16384, byte, 1), -1);
    assert_int_equal(hal.read(hal.ctx, 16380, byte, 5), -1);
    assert_int_equal(hal.read(hal.ctx, UINT32_MAX, byte, 1), -1);
    assert_int_equal(hal.read(hal.ctx, 1, byte, SIZE_MAX), -1);
    assert_int_equal(hal.read(hal.ctx, 16384, byte, 0), 0);
    assert_int_equal(hal.program(hal.ctx, 16384, byte, 4), -1);
    assert_int_equal(hal.program(hal.ctx, 16380, byte, 8), -1);
    assert_int_equal(hal.program(hal.ctx, 2, byte, 4), -1);
    assert_int_equal(hal.program(hal.ctx, 0, byte, 3), -1);
    assert_int_equal(hal.erase(hal.ctx, 4), -1);
    assert_int_equal(hal.erase(hal.ctx, UINT32_MAX), -1);
    assert_erased(0, 16384);
}

/* As long as it lasts: also at a place that would still be there. */
static void assert_fails(void)
{
    uint8_t byte[4] = {0};

    assert_int_equal(hal.read(hal.ctx, 0, byte, 4), -1);
    assert_int_equal(hal.read(hal.ctx, 16380, byte, 4), -1);
    assert_int_equal(hal.program(hal.ctx, 0, byte, 4), -1);
    assert_int_equal(hal.program(hal.ctx, 16380, byte, 4), -1);
    assert_int_equal(hal.erase(hal.ctx, 0), -1);
    assert_int_equal(hal.erase(hal.ctx, 3), -1);
}

static void test_another_size_while_open(void **state)
{
    static const off_t sizes[] = {0, 4096, 16383, 16385, 65536};
    struct stat info;

    (void)state;
    open_again();
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(truncate(path, sizes[i]), 0);
        assert_fails();
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_size, sizes[i]);
    }
}

static void test_removed_while_open(void **state)
{
    struct linux_flash next = {.fd = -1};
    uint8_t byte[4];

    (void)state;
    open_again();
    assert_int_equal(unlink(path), 0);
    assert_fails();
    assert_true(linux_flash_open(&next, path, &error)); /* another process's new one */
    assert_fails();
    hal = linux_flash_hal(&next);
    assert_int_equal(hal.read(hal.ctx, 0, byte, 4), 0);
    linux_flash_close(&next);
}

static void test_wrong_files(void **state)
{
    static const off_t sizes[] = {0, 1, 4096, 16383, 16385, 65536};
    char expected[256];

    (void)state;
    open_again();
    linux_flash_close(&flash);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct stat info;

        assert_int_equal(truncate(path, sizes[i]), 0);
        snprintf(expected, sizeof(expected),
                 "state file %s has %lld bytes, expected 16384; it is damaged or no state file; "
                 "remove it to start with a new device",
                 path, (long long)sizes[i]);
        fails_with(expected);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_size, sizes[i]);
    }
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    snprintf(expected, sizeof(expected), "state file %s is not a regular file", path);
    fails_with(expected);
}

static void test_no_place(void **state)
{
    char expected[256];

    (void)state;
    snprintf(path, sizeof(path), "%s/none/state", folder);
    snprintf(expected, sizeof(expected), "cannot create state file %s: No such file or directory",
             path);
    fails_with(expected);
}

static void test_locked(void **state)
{
    char expected[256];

    (void)state;
    open_again();
    snprintf(expected, sizeof(expected), "state file %s is in use by another process", path);
    fails_with(expected);
    open_again();
}

static void test_in_memory(void **state)
{
    struct linux_flash second = {.fd = -1};

    (void)state;
    assert_true(linux_flash_open(&flash, NULL, &error));
    assert_true(linux_flash_open(&second, NULL, &error));
    hal = linux_flash_hal(&flash);
    assert_int_equal(hal.program(hal.ctx, 0, "mine", 4), 0);
    assert_int_equal(hal.program(hal.ctx, 0, "mine", 4), -1);
    hal = linux_flash_hal(&second);
    assert_erased(0, 16384);
    linux_flash_close(&second);
}

#define KEY 3u
#define VALUE_BYTES 200u

static int put(struct store *store, uint8_t fill)
{
    static struct store_batch batch;
    uint8_t value[VALUE_BYTES];

    memset(value, fill, sizeof(value));
    store_batch_begin(&batch);
    store_batch_put(&batch, KEY, value, sizeof(value));
    return store_batch_commit(store, &batch);
}

/* Updates without end; says each that is complete. */
static void update_for_ever(int said)
{
    struct linux_flash own = {.fd = -1};
    struct hal_flash own_hal;
    struct store store;

    if (!linux_flash_open(&own, path, &error))
        _exit(2);
    own_hal = linux_flash_hal(&own);
    if (store_mount(&store, &own_hal) != STORE_OK)
        _exit(3);
    for (uint8_t fill = 1;; fill++)
        if (put(&store, fill) != STORE_OK || write(said, &fill, 1) != 1)
            _exit(4);
}

/* Returns the number of the last update that was said to be complete. */
static uint8_t kill_after(unsigned updates)
{
    uint8_t last = 0, next;
    int said[2], status;
    pid_t child;

    assert_int_equal(pipe(said), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        update_for_ever(said[1]);
    close(said[1]);
    for (unsigned i = 0; i < updates; i++)
        assert_int_equal(read(said[0], &last, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(said[0], &next, 1) == 1)
        last = next;
    close(said[0]);
    return last;
}

static void test_killed(void **state)
{
    struct store store;
    uint8_t value[VALUE_BYTES];
    size_t len;

    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        uint8_t last = kill_after(1 + round * 3);

        open_again();
        assert_int_equal(store_mount(&store, &hal), STORE_OK);
        assert_int_equal(store_get(&store, KEY, value, sizeof(value), &len), STORE_OK);
        assert_int_equal(len, sizeof(value));
        /* The next one may have become complete without having been said. */
        assert_true(value[0] == last || value[0] == (uint8_t)(last + 1));
        for (size_t i = 1; i < len; i++)
            assert_int_equal(value[i], value[0]);
        linux_flash_close(&flash);
    }
}

/* A store in a file that is cut, or filled up with zeros again, is an error and never blank. */
static void test_store_in_a_cut_file(void **state)
{
    struct store store;
    uint8_t value[VALUE_BYTES];
    size_t len;

    (void)state;
    open_again();
    assert_int_equal(store_mount(&store, &hal), STORE_OK);
    assert_true(store.fresh);
    for (uint8_t fill = 1; fill <= 5; fill++)
        assert_int_equal(put(&store, fill), STORE_OK);
    assert_true(store.bank == 1 && store.end > 1000);
    for (off_t size = 8192 + 1000; size >= 0; size -= 100) {
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(store_get(&store, KEY, value, sizeof(value), &len), STORE_IO);
        assert_int_equal(put(&store, 9), STORE_IO);
        assert_int_equal(truncate(path, LINUX_FLASH_BYTES), 0);
        open_again();
        assert_int_equal(store_mount(&store, &hal), STORE_CORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_geometry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keeps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_program_only_erased, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_erase_one_sector, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_size_while_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_removed_while_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_locked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_in_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_store_in_a_cut_file, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("linux_flash", tests, NULL, NULL);
}
