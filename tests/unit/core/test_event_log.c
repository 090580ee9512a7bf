// SPDX-License-Identifier: BSD-3-Clause
// links: fw/core/event_log.c
#include "fw/core/event_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TIME_S 0x6598C863u

static void numbered(struct event_log *log, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++)
        event_log_add(log, i, &(struct machine_event){.sensor_type = 0x0F});
}

static uint32_t time_of(const uint8_t *record)
{
    return (uint32_t)(record[0] | record[1] << 8 | record[2] << 16) | (uint32_t)record[3] << 24;
}

/* BIOS progress, in G-record's order: PCI resources are configured. */
static void a_record(void **state)
{
    static const uint8_t expected[EVENT_RECORD_BYTES] = {0x63, 0xC8, 0x98, 0x65, 0xFF, 0x0F, 0x6F,
                                                         0x02, 0x68, 0x01, 0xFF, 0x22, 0x00, 0x40,
                                                         0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01};
    struct event_log log = {0};

    (void)state;
    event_log_add(&log, TIME_S,
                  &(struct machine_event){.device = 0xFF,
                                          .sensor_type = 0x0F,
                                          .event_type = 0x6F,
                                          .offset = 2,
                                          .source = 0x68,
                                          .severity = 1,
                                          .sensor = 0xFF,
                                          .entity = 0x22,
                                          .data = {0x40, 7, 0, 0, 0, 0, 0, 1}});
    event_log_begin(&log);
    assert_memory_equal(event_log_at(&log, 1), expected, sizeof(expected));
    assert_null(event_log_at(&log, 0));
    assert_null(event_log_at(&log, 2));
    assert_null(event_log_at(&log, UINT32_MAX));
}

/* The tenth wrong password makes a record as a real device's, recorded by WSM:
 * Y8iYZf8GbwVoEP8mYaoKAAAAAAAA. */
static void wrong_passwords(void **state)
{
    static const uint8_t expected[EVENT_RECORD_BYTES] = {0x63, 0xC8, 0x98, 0x65, 0xFF, 0x06, 0x6F,
                                                         0x05, 0x68, 0x10, 0xFF, 0x26, 0x61, 0xAA,
                                                         0x0A, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
    struct event_log log = {0};

    (void)state;
    for (int i = 1; i <= 25; i++) {
        event_log_wrong_password(&log, TIME_S);
        assert_int_equal(log.count, i / 10);
    }
    event_log_begin(&log);
    assert_memory_equal(event_log_at(&log, 1), expected, sizeof(expected));
}

/* The oldest go. */
static void it_is_a_ring(void **state)
{
    struct event_log log = {0};

    (void)state;
    numbered(&log, 1, LIMIT_EVENTS + 3);
    event_log_begin(&log);
    assert_int_equal(log.count, LIMIT_EVENTS);
    for (uint32_t i = 1; i <= LIMIT_EVENTS; i++)
        assert_int_equal(time_of(event_log_at(&log, i)), LIMIT_EVENTS + 4 - i);
    assert_null(event_log_at(&log, LIMIT_EVENTS + 1));
}

/* Records that are added while one reads move none that were there; what they push out is gone. */
static void an_iteration_goes_on(void **state)
{
    struct event_log log = {0};

    (void)state;
    numbered(&log, 1, 10);
    event_log_begin(&log);
    assert_int_equal(time_of(event_log_at(&log, 4)), 7);
    numbered(&log, 11, 5);
    assert_int_equal(time_of(event_log_at(&log, 4)), 7);
    assert_int_equal(time_of(event_log_at(&log, 10)), 1);
    assert_null(event_log_at(&log, 11));
    numbered(&log, 16, LIMIT_EVENTS - 12);
    assert_int_equal(time_of(event_log_at(&log, 7)), 4);
    assert_null(event_log_at(&log, 8));
    event_log_begin(&log);
    assert_int_equal(time_of(event_log_at(&log, 1)), LIMIT_EVENTS + 3);
}

static void frozen_and_cleared(void **state)
{
    struct event_log log = {0};

    (void)state;
    numbered(&log, 1, 3);
    log.frozen = true;
    numbered(&log, 4, 3);
    for (int i = 0; i < 20; i++)
        event_log_wrong_password(&log, TIME_S);
    assert_int_equal(log.count, 3);
    event_log_clear(&log);
    assert_int_equal(log.count, 0);
    assert_true(log.frozen);
    event_log_begin(&log);
    assert_null(event_log_at(&log, 1));
    log.frozen = false;
    numbered(&log, 1, 1);
    assert_int_equal(log.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record),           cmocka_unit_test(wrong_passwords),
        cmocka_unit_test(it_is_a_ring),       cmocka_unit_test(an_iteration_goes_on),
        cmocka_unit_test(frozen_and_cleared),
    };

    return cmocka_run_group_tests_name("event_log", tests, NULL, NULL);
}
