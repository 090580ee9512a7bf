// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/tls.h"

/* Names, extensions and dates that no writer of certificates would write, put into a chain that was
 * read. */

static struct lwip_image *image;
static mbedtls_x509_crt chain;

static int begin(void **state)
{
    tls_certificates(state);
    image = lwip_image_new();
    lwip_image_enter(image);
    mbedtls_memory_buffer_alloc_init(test_memory, sizeof(test_memory));
    mbedtls_x509_crt_init(&chain);
    return mbedtls_x509_crt_parse_der(&chain, test_leaf.bytes, test_leaf.len) ||
           mbedtls_x509_crt_parse_der(&chain, test_root.bytes, test_root.len);
}

static int end(void **state)
{
    (void)state;
    mbedtls_x509_crt_free(&chain);
    lwip_image_free(image);
    return 0;
}

static struct trust_cert read_leaf(void)
{
    struct trust_chain out;

    assert_true(tls_chain_read(&chain, &out));
    assert_int_equal(out.count, 2);
    return out.cert[0];
}

/* --- names --- */

static bool is_issuer(int tag, const char *name)
{
    mbedtls_asn1_buf held = chain.issuer.val;
    bool ok;

    chain.issuer.val = (mbedtls_asn1_buf){tag, strlen(name), (unsigned char *)(uintptr_t)name};
    ok = read_leaf().issuer_ok;
    chain.issuer.val = held;
    return ok;
}

/* RFC 5280 7.1, RFC 4518 2: of what is UTF-8 or printable neither case counts, nor how many blanks.
 */
static void the_issuers_name(void **state)
{
    (void)state;
    assert_true(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "Root"));
    assert_true(is_issuer(MBEDTLS_ASN1_PRINTABLE_STRING, "Root"));
    assert_true(is_issuer(MBEDTLS_ASN1_PRINTABLE_STRING, "rOOT"));
    assert_true(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "  Root   "));
    assert_false(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "Roo t"));
    assert_false(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "Roo"));
    assert_false(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "Roots"));
    assert_false(is_issuer(MBEDTLS_ASN1_UTF8_STRING, ""));
    assert_false(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "   "));
    assert_false(is_issuer(MBEDTLS_ASN1_T61_STRING, "Root"));
}

/* Of other types every byte counts. */
static void names_of_other_types(void **state)
{
    mbedtls_x509_name *subject = &chain.next->subject;
    mbedtls_asn1_buf held = subject->val;

    (void)state;
    subject->val.tag = MBEDTLS_ASN1_T61_STRING;
    assert_true(is_issuer(MBEDTLS_ASN1_T61_STRING, "Root"));
    assert_false(is_issuer(MBEDTLS_ASN1_T61_STRING, "root"));
    assert_false(is_issuer(MBEDTLS_ASN1_T61_STRING, "Root "));
    assert_false(is_issuer(MBEDTLS_ASN1_UTF8_STRING, "Root"));
    subject->val = held;
}

/* A name with a part more, or of which two parts stand for one, is another's. */
static void names_of_other_parts(void **state)
{
    mbedtls_x509_name more = chain.issuer;
    mbedtls_x509_name *held = chain.issuer.next;

    (void)state;
    more.next = NULL;
    chain.issuer.next = &more;
    assert_false(read_leaf().issuer_ok);
    chain.issuer.next = held;
    chain.issuer.next_merged ^= 1;
    assert_false(read_leaf().issuer_ok);
    chain.issuer.next_merged ^= 1;
    assert_true(read_leaf().issuer_ok);
}

/* --- extensions --- */

static bool is_refused(const uint8_t *der, size_t len)
{
    mbedtls_x509_buf held = chain.v3_ext;
    struct trust_cert cert;

    chain.v3_ext.p = (unsigned char *)(uintptr_t)der;
    chain.v3_ext.len = len;
    cert = read_leaf();
    chain.v3_ext = held;
    return cert.unknown_critical;
}

/* What cannot be read to its end may be critical: it is taken for that. */
static void extensions_that_cannot_be_read(void **state)
{
    /* A SEQUENCE of one extension: its OID, whether it is critical, its value. */
    static const uint8_t harmless[] = {0x30, 0x0A, 0x30, 0x08, 0x06, 0x02,
                                       0x2A, 0x03, 0x04, 0x02, 0x05, 0x00};
    static const uint8_t critical[] = {0x30, 0x0D, 0x30, 0x0B, 0x06, 0x02, 0x2A, 0x03,
                                       0x01, 0x01, 0xFF, 0x04, 0x02, 0x05, 0x00};
    static const uint8_t no_sequence[] = {0x30, 0x02, 0x05, 0x00};
    static const uint8_t no_oid[] = {0x30, 0x04, 0x30, 0x02, 0x05, 0x00};
    static const uint8_t no_value[] = {0x30, 0x06, 0x30, 0x04, 0x06, 0x02, 0x2A, 0x03};
    static const uint8_t cut_off[] = {0x30, 0x04, 0x30, 0x08, 0x06, 0x02};

    (void)state;
    assert_false(is_refused(harmless, sizeof(harmless)));
    assert_true(is_refused(critical, sizeof(critical)));
    assert_true(is_refused(no_sequence, sizeof(no_sequence)));
    assert_true(is_refused(no_oid, sizeof(no_oid)));
    assert_true(is_refused(no_value, sizeof(no_value)));
    assert_true(is_refused(cut_off, sizeof(cut_off)));
}

/* RFC 5280 4.2.1.10: a list of subtrees has one at least. */
static void a_name_constraint_that_names_none(void **state)
{
    /* nameConstraints with an empty list of those that are excluded, and of those permitted. */
    static uint8_t der[] = {0x30, 0x0D, 0x30, 0x0B, 0x06, 0x03, 0x55, 0x1D,
                            0x1E, 0x04, 0x04, 0x30, 0x02, 0xA1, 0x00};
    mbedtls_x509_buf held = chain.v3_ext;

    (void)state;
    for (int i = 0; i < 2; i++) {
        chain.v3_ext.p = der;
        chain.v3_ext.len = sizeof(der);
        assert_true(read_leaf().constraint_unread);
        der[13] = 0xA0;
    }
    chain.v3_ext = held;
    assert_false(read_leaf().constraint_unread);
}

/* --- dates --- */

static uint64_t not_before(int year, int month, int day)
{
    mbedtls_x509_time held = chain.valid_from;
    uint64_t s;

    chain.valid_from = (mbedtls_x509_time){year, month, day, 0, 0, 0};
    s = read_leaf().not_before_s;
    chain.valid_from = held;
    return s;
}

/* Against `date -u -d ... +%s`; a century is a leap year only where 400 divides it. */
static void dates(void **state)
{
    (void)state;
    assert_int_equal(not_before(1969, 12, 31), 0);
    assert_int_equal(not_before(2000, 0, 1), 0); /* there is no such month */
    assert_int_equal(not_before(2000, 13, 1), 0);
    assert_int_equal(not_before(1970, 1, 1), 0);
    assert_int_equal(not_before(2000, 2, 29), 951782400);
    assert_int_equal(not_before(2000, 3, 1), 951868800);
    assert_int_equal(not_before(2023, 12, 31), 1703980800);
    assert_int_equal(not_before(2024, 12, 31), 1735603200);
    assert_int_equal(not_before(2100, 3, 1), 4107542400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_issuers_name),
        cmocka_unit_test(names_of_other_types),
        cmocka_unit_test(names_of_other_parts),
        cmocka_unit_test(extensions_that_cannot_be_read),
        cmocka_unit_test(a_name_constraint_that_names_none),
        cmocka_unit_test(dates),
    };

    return cmocka_run_group_tests_name("tls_chain_parts", tests, begin, end);
}
