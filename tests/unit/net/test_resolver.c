// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/net/resolver.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define A "\xc0\x0c\0\1\0\1\0\0\0\0\0\4" /* a record of the name that was asked for, ttl 0 */
#define ONE A "\x0a\0\0\5"
#define TWO A "\x0a\0\0\6"
#define THREE A "\x0a\0\0\7"
#define CNAME "\xc0\x0c\0\5\0\1\0\0\0\0\0\6\3sca\xc0\x11"
#define OWN_A "\3sca\4site\0\0\1\0\1\0\0\0\0\0\4\x0a\0\0\5" /* of a name that is spelt in full */
#define BYTES(text) text, sizeof(text) - 1

/* The question for "ab.site" with the id 0x1234 (RFC 1035 4.1). */
static const uint8_t question[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\2ab\4site\0\0\1\0\1";
#define QUESTION_BYTES (sizeof(question) - 1)

struct answer {
    uint8_t bytes[400];
    size_t len;
};

/* The second pair of bytes in the header, the number of records said, and the records. */
static struct answer answer(uint16_t flags, uint8_t count, const char *records, size_t len)
{
    struct answer a = {.len = QUESTION_BYTES + len};

    memcpy(a.bytes, question, QUESTION_BYTES);
    a.bytes[2] = (uint8_t)(flags >> 8);
    a.bytes[3] = (uint8_t)flags;
    a.bytes[7] = count;
    memcpy(a.bytes + QUESTION_BYTES, records, len);
    return a;
}

static void addresses_in_an_answer(void **state)
{
    static const struct {
        const char *what;
        uint16_t flags;
        uint8_t count;
        const char *records;
        size_t len;
        uint32_t failed, want;
    } row[] = {
        {"one", 0x8180, 1, BYTES(ONE), 0, 0x0A000005},
        {"none", 0x8180, 0, BYTES(""), 0, 0},
        {"no such name", 0x8183, 0, BYTES(""), 0, 0},
        {"SERVFAIL, with an address all the same", 0x8182, 1, BYTES(ONE), 0, 0},
        {"the first of three", 0x8180, 3, BYTES(ONE TWO THREE), 0, 0x0A000005},
        {"the first failed", 0x8180, 3, BYTES(ONE TWO THREE), 0x0A000005, 0x0A000006},
        {"the second failed", 0x8180, 3, BYTES(ONE TWO THREE), 0x0A000006, 0x0A000007},
        {"the last failed", 0x8180, 3, BYTES(ONE TWO THREE), 0x0A000007, 0x0A000005},
        {"rotated, the first failed", 0x8180, 3, BYTES(TWO THREE ONE), 0x0A000005, 0x0A000006},
        {"rotated the other way", 0x8180, 3, BYTES(THREE ONE TWO), 0x0A000005, 0x0A000006},
        {"the only one failed", 0x8180, 1, BYTES(ONE), 0x0A000005, 0x0A000005},
        {"one that is gone failed", 0x8180, 2, BYTES(TWO THREE), 0x0A000005, 0x0A000006},
        {"the first failed, which is there twice", 0x8180, 4, BYTES(TWO ONE ONE THREE), 0x0A000005,
         0x0A000007},
        {"the only one failed, which is there twice", 0x8180, 2, BYTES(ONE ONE), 0x0A000005,
         0x0A000005},
        {"a CNAME in front", 0x8180, 2, BYTES(CNAME OWN_A), 0, 0x0A000005},
        {"only a CNAME", 0x8180, 1, BYTES(CNAME), 0, 0},
        {"truncated, none left", 0x8380, 0, BYTES(""), 0, 0},
        {"truncated, some left", 0x8380, 9, BYTES(ONE TWO), 0x0A000005, 0x0A000006},
        {"cut within a record", 0x8180, 2, BYTES(ONE A "\x0a\0"), 0x0A000005, 0x0A000005},
        {"cut within a name", 0x8180, 1, BYTES("\x0c\0"), 0, 0},
        {"cut within a pointer", 0x8180, 1, BYTES("\xc0"), 0, 0},
        {"IPv6", 0x8180, 2,
         BYTES("\xc0\x0c\0\x1c\0\1\0\0\0\0\0\x10"
               "0123456789abcdef" ONE),
         0, 0x0A000005},
        {"another class", 0x8180, 1, BYTES("\xc0\x0c\0\1\0\3\0\0\0\0\0\4\x0a\0\0\5"), 0, 0},
        {"too long for an address", 0x8180, 1, BYTES("\xc0\x0c\0\1\0\1\0\0\0\0\0\5\x0a\0\0\5\0"), 0,
         0},
        {"broadcast, then one", 0x8180, 2, BYTES(A "\xff\xff\xff\xff" ONE), 0, 0x0A000005},
        {"0.0.0.0", 0x8180, 1, BYTES(A "\0\0\0\0"), 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct answer a = answer(row[i].flags, row[i].count, row[i].records, row[i].len);

        print_message("%s\n", row[i].what);
        assert_true(resolver_is_answer(question, QUESTION_BYTES, a.bytes, a.len));
        assert_int_equal(resolver_address(a.bytes, a.len, QUESTION_BYTES, row[i].failed),
                         row[i].want);
    }
}

/* Servers may spell the name otherwise; all else has to be as it was asked. */
static void what_answers_the_question(void **state)
{
    static const struct {
        const char *what;
        size_t at;
        uint8_t value;
        bool answers;
    } row[] = {
        {"a capital letter", 13, 'A', true}, {"another letter", 13, 'c', false},
        {"the id", 0, 0x13, false},          {"the id's other half", 1, 0x35, false},
        {"a question", 2, 1, false},         {"two questions", 5, 2, false},
        {"no question", 5, 0, false},        {"the type", 22, 0x1c, false},
        {"the class", 24, 3, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct answer a = answer(0x8180, 1, BYTES(ONE));

        print_message("%s\n", row[i].what);
        a.bytes[row[i].at] = row[i].value;
        assert_int_equal(resolver_is_answer(question, QUESTION_BYTES, a.bytes, a.len),
                         row[i].answers);
        for (size_t len = 0; len < QUESTION_BYTES; len++)
            assert_false(resolver_is_answer(question, QUESTION_BYTES, a.bytes, len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_in_an_answer),
        cmocka_unit_test(what_answers_the_question),
    };

    return cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
