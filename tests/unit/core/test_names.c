// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/trace.h"

/* What a reader of a trace sees instead of a number. */

/* Intel's StatusCodeDefinitions.h. */
static const struct {
    uint32_t status;
    const char *name;
} statuses[] = {
    {0x0000, "SUCCESS"},
    {0x0001, "INTERNAL_ERROR"},
    {0x0002, "NOT_READY"},
    {0x0003, "INVALID_PT_MODE"},
    {0x0004, "INVALID_MESSAGE_LENGTH"},
    {0x000B, "NOT_ENOUGH_STORAGE"},
    {0x000C, "INVALID_NAME"},
    {0x0010, "NOT_PERMITTED"},
    {0x0017, "MAX_LIMIT_REACHED"},
    {0x001A, "INVALID_DHCP_MODE"},
    {0x001B, "INVALID_IP_ADDRESS"},
    {0x001C, "INVALID_DOMAIN_NAME"},
    {0x0020, "INVALID_PROVISIONING_STATE"},
    {0x0022, "INVALID_TIME"},
    {0x0023, "INVALID_INDEX"},
    {0x0024, "INVALID_PARAMETER"},
    {0x0026, "FLASH_WRITE_LIMIT_EXCEEDED"},
    {0x002A, "INVALID_PID_FORMAT"},
    {0x002B, "INVALID_PPS_FORMAT"},
    {0x002F, "RNG_GENERATION_IN_PROGRESS"},
    {0x0030, "RNG_NOT_READY"},
    {0x0031, "CERTIFICATE_NOT_READY"},
    {0x0200, "REMOTE_ACCESS_NOT_GRANTED"},
    {0x0801, "UNSUPPORTED_OEM_NUMBER"},
    {0x0802, "UNSUPPORTED_BOOT_OPTION"},
    {0x0803, "INVALID_COMMAND"},
    {0x0804, "INVALID_SPECIAL_COMMAND"},
    {0x0805, "INVALID_HANDLE"},
    {0x0806, "INVALID_PASSWORD"},
    {0x0807, "INVALID_REALM"},
    {0x0809, "DATA_MISSING"},
    {0x080A, "DUPLICATE"},
    {0x080E, "INVALID_KEY"},
    {0x080F, "INVALID_CERT"},
    {0x0810, "CERT_KEY_NOT_MATCH"},
    {0x0812, "UNSUPPORTED"},
    {0x0814, "NOT_FOUND"},
    {0x081C, "BLOCKING_COMPONENT"},
};

static void status_names(void **state)
{
    size_t named = 0;

    (void)state;
    for (uint32_t status = 0; status <= 0xFFFF; status++)
        named += pt_status_name(status) != NULL;
    assert_int_equal(named, sizeof(statuses) / sizeof(statuses[0]));
    for (size_t i = 0; i < named; i++) {
        assert_memory_equal(pt_status_name(statuses[i].status), "PT_STATUS_", 10);
        assert_string_equal(pt_status_name(statuses[i].status) + 10, statuses[i].name);
    }
}

/* A trace of a newer firmware is shown, not read beyond the table. */
static void trace_words_end(void **state)
{
    (void)state;
    for (int event = 0; event < TRACE_EVENTS; event++) {
        assert_true(strlen(trace_word(event)) > 1);
        assert_string_not_equal(trace_word(event), "unknown");
    }
    assert_string_equal(trace_word(TRACE_WINDOW_CLOSED), "window-closed");
    assert_string_equal(trace_word(TRACE_EVENTS), "unknown");
    assert_string_equal(trace_word(-1), "unknown");
}

/* RFC 4648, table 1. */
static void base64_digits(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char *at = c ? strchr(alphabet, c) : NULL;

        assert_int_equal(text_base64_digit((char)c), at ? (int)(at - alphabet) : -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_names),
        cmocka_unit_test(trace_words_end),
        cmocka_unit_test(base64_digits),
    };

    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
