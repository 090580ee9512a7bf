// SPDX-License-Identifier: BSD-3-Clause
// links: sim/net/capture.c
// pcapng files (sim/net/capture.h), byte for byte after the pcapng file format's specification.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/capture.h"

static char path[4096]; /* beside the test program */

static const uint8_t head[] = {
    /* section header: magic, version 1.0, length not given */
    0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 28, 0, 0, 0,
    /* interface "me": Ethernet, no limit, if_name, if_tsresol 10^-6, end of options */
    1, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 'm', 'e', 0, 0, 9, 0, 1, 0, 6, 0,
    0, 0, 0, 0, 0, 0, 40, 0, 0, 0,
    /* "host" */
    1, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4, 0, 'h', 'o', 's', 't', 9, 0, 1, 0, 6,
    0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0,
    /* "lan" */
    1, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 'l', 'a', 'n', 0, 9, 0, 1, 0, 6, 0,
    0, 0, 0, 0, 0, 0, 40, 0, 0, 0};

static size_t read_file(uint8_t *out, size_t cap)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);

    size_t len = fread(out, 1, cap, file);

    assert_int_equal(fclose(file), 0);
    return len;
}

static int remove_file(void **state)
{
    (void)state;
    remove(path);
    return 0;
}

static void test_no_frame(void **state)
{
    struct capture capture;
    uint8_t bytes[1024];

    (void)state;
    assert_int_equal(capture_open(&capture, path), 0);
    assert_int_equal(capture_close(&capture), 0);
    assert_int_equal(read_file(bytes, sizeof(bytes)), sizeof(head));
    assert_memory_equal(bytes, head, sizeof(head));
}

static void test_one_frame(void **state)
{
    /* 2009-07-10T19:43:00Z = 1247254980 s; 1.5 s later that is 1247254981500000 us =
     * 0x00046E5F2E1DDC60. 17 bytes, so three of padding. */
    static const uint8_t frame[17] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 13, 14, 15};
    static const uint8_t block[52] = {
        6,    0,    0,  0,  52, 0, 0,  0,  1,  0, 0, 0, 0x5F, 0x6E, 0x04, 0x00, 0x60, 0xDC,
        0x1D, 0x2E, 17, 0,  0,  0, 17, 0,  0,  0, 1, 2, 3,    4,    5,    6,    7,    8,
        9,    10,   11, 12, 8,  0, 13, 14, 15, 0, 0, 0, 52,   0,    0,    0};
    struct capture capture;
    uint8_t bytes[1024];

    (void)state;
    assert_int_equal(capture_open(&capture, path), 0);
    capture_frame(&capture, 1500000, LAN_HOST, frame, sizeof(frame));
    assert_int_equal(capture_close(&capture), 0);
    assert_int_equal(read_file(bytes, sizeof(bytes)), sizeof(head) + sizeof(block));
    assert_memory_equal(bytes, head, sizeof(head));
    assert_memory_equal(bytes + sizeof(head), block, sizeof(block));
}

static void test_interface_is_the_sender(void **state)
{
    static const uint8_t frame[60] = {0};
    struct capture capture;
    uint8_t bytes[1024];

    (void)state;
    assert_int_equal(capture_open(&capture, path), 0);
    for (int from = 0; from < LAN_SENDERS; from++)
        capture_frame(&capture, 0, (enum lan_sender)from, frame, sizeof(frame));
    assert_int_equal(capture_close(&capture), 0);
    assert_int_equal(read_file(bytes, sizeof(bytes)), sizeof(head) + (size_t)3 * 92);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(bytes[sizeof(head) + i * 92 + 8], i); /* me 0, host 1, lan 2 */
}

static void test_replaces_a_file(void **state)
{
    struct capture capture;
    uint8_t bytes[1024];
    FILE *file = fopen(path, "wb");

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 500; i++)
        fputc('x', file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(capture_open(&capture, path), 0);
    assert_int_equal(capture_close(&capture), 0);
    assert_int_equal(read_file(bytes, sizeof(bytes)), sizeof(head));
}

static void test_cannot_open(void **state)
{
    struct capture capture;

    (void)state;
    errno = 0;
    assert_int_equal(capture_open(&capture, "no-such-folder/x.pcapng"), -1);
    assert_int_equal(errno, ENOENT);
}

/* On a full disk: noticed whether the bytes were still buffered or had long been refused. */
static void test_write_error_is_seen_at_close(void **state)
{
    static const uint8_t frame[1500] = {0};
    struct capture capture;

    (void)state;
    for (int frames = 0; frames <= 1000; frames += 1000) {
        assert_int_equal(capture_open(&capture, "/dev/full"), 0);
        for (int i = 0; i < frames; i++)
            capture_frame(&capture, 0, LAN_ME, frame, sizeof(frame));
        errno = 0;
        assert_int_equal(capture_close(&capture), -1);
        assert_int_not_equal(errno, 0);
    }
}

/* The error is old, and nothing is left to be written at close. */
static void test_old_write_error_is_seen_at_close(void **state)
{
    static const uint8_t frame[60] = {0};
    struct capture capture;

    (void)state;
    assert_int_equal(capture_open(&capture, path), 0);
    assert_int_equal(capture_close(&capture), 0);
    capture.file = fopen(path, "rb"); /* refuses to be written to */
    assert_non_null(capture.file);
    capture_frame(&capture, 0, LAN_ME, frame, sizeof(frame));
    errno = 0;
    assert_int_equal(capture_close(&capture), -1);
    assert_int_equal(errno, EIO);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_no_frame, remove_file),
        cmocka_unit_test_teardown(test_one_frame, remove_file),
        cmocka_unit_test_teardown(test_interface_is_the_sender, remove_file),
        cmocka_unit_test_teardown(test_replaces_a_file, remove_file),
        cmocka_unit_test(test_cannot_open),
        cmocka_unit_test(test_write_error_is_seen_at_close),
        cmocka_unit_test_teardown(test_old_write_error_is_seen_at_close, remove_file),
    };

    snprintf(path, sizeof(path), "%s.pcapng", argc > 0 ? argv[0] : "test_capture");
    return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}
