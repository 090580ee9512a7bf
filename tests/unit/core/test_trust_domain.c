// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include "tests/fixtures/trust.h"

/* By hand from COMM1395: the name must match option 15, so each DHCP zone needs its own; from 2.6
 * on the last two fields match alone and zones below count, in .com and .net only (S4: trouble in
 * third-level domains elsewhere). MC accepts a certificate for the suffix itself, and one for
 * *.suffix. */
static const struct {
    const char *common_name, *reference;
    bool equal, last_two; /* accepted under SUFFIX_EQUAL, SUFFIX_LAST_TWO_LABELS */
} rows[] = {
    /* .com and .net */
    {"sca.example.com", "example.com", true, true},
    {"provision.intel.com", "a.intel.com", false, true},
    {"provision.intel.com", "b.intel.com", false, true},
    {"sca.example.com", "b.a.example.com", false, true},
    {"sca.a.example.com", "a.example.com", true, true},
    {"sca.a.example.com", "b.example.com", false, true},
    {"sca.a.example.com", "example.com", false, true},
    {"sca.d.c.b.a.example.com", "x.y.example.com", false, true},
    {"sca.d.c.b.a.example.com", "d.c.b.a.example.com", true, true},
    {"example.com", "example.com", true, true},
    {"example.com", "a.example.com", false, true},
    {"sca.example.com", "sca.example.com", true, true},
    {"sca.example.com", "other.com", false, false},
    {"sca.example.com", "example.net", false, false},
    {"sca.example.com", "example.org", false, false},
    {"sca.example.com", "a.example.org", false, false},
    {"sca.example.com", "com", false, false},
    {"sca.com", "com", true, false},
    {"com", "com", false, false},
    {"com", "example.com", false, false},
    {"sca.example.com", "example", false, false},
    {"sca.myexample.com", "example.com", false, false},
    {"sca.example.com", "myexample.com", false, false},
    {"sca.example.com", "ample.com", false, false},
    {"sca.example.com", "example.co", false, false},
    {"sca.example.com", "example.comm", false, false},
    {"sca.example.com.evil.com", "example.com", false, false},
    {"sca.example.com.evil.com", "evil.com", false, true},
    {"sca.example.net", "example.net", true, true},
    {"sca.example.net", "a.example.net", false, true},
    {"sca.a.example.net", "b.example.net", false, true},
    {"sca.other.net", "a.example.net", false, false},
    {"sca.net.com", "a.net.com", false, true},
    {"sca.xn--bcher-kva.com", "a.xn--bcher-kva.com", false, true},

    /* elsewhere: what follows the first label, whole, under both rules */
    {"sca.example.org", "example.org", true, true},
    {"sca.example.org", "a.example.org", false, false},
    {"sca.a.example.org", "a.example.org", true, true},
    {"sca.a.example.org", "example.org", false, false},
    {"sca.a.example.org", "b.example.org", false, false},
    {"example.org", "example.org", true, true},
    {"example.co.uk", "example.co.uk", true, true},
    {"corp.example", "corp.example", true, true},
    {"example.org", "a.example.org", false, false},
    {"sca.example.de", "a.example.de", false, false},
    {"sca.example.co.uk", "example.co.uk", true, true},
    {"sca.example.co.uk", "a.example.co.uk", false, false},
    {"sca.a.example.co.uk", "a.example.co.uk", true, true},
    {"sca.a.example.co.uk", "example.co.uk", false, false},
    {"sca.other.co.uk", "example.co.uk", false, false},
    {"sca.example.co.uk", "co.uk", false, false},
    {"sca.example.com.au", "example.com.au", true, true},
    {"sca.other.com.au", "example.com.au", false, false},
    {"sca.example.com.au", "a.example.com.au", false, false},
    {"sca.example.net.nz", "a.example.net.nz", false, false},
    {"sca.com.example.org", "a.com.example.org", false, false},
    {"sca.example.co", "a.example.co", false, false},
    {"sca.example.comm", "a.example.comm", false, false},
    {"sca.example.xcom", "a.example.xcom", false, false},
    {"sca.example.local", "example.local", true, true},
    {"sca.local", "local", true, true},
    {"local", "local", false, false},

    /* letter case, the final dot */
    {"SCA.EXAMPLE.COM", "example.com", true, true},
    {"sca.example.com", "EXAMPLE.COM", true, true},
    {"sca.Example.CoM", "a.eXamplE.cOm", false, true},
    {"sca.example.ORG", "Example.org", true, true},
    {"SCAZ.AZ.org", "az.org", true, true},
    {"sca.example.com.", "example.com", true, true},
    {"sca.example.com", "example.com.", true, true},
    {"sca.example.com.", "a.example.com.", false, true},
    {"sca.example.org", "example.org.", true, true},
    {"sca.example.com..", "example.com", false, false},
    {"sca.example.com", "example.com..", false, false},

    /* a wildcard is as good as the domain that it is of, not as one above or below */
    {"*.example.com", "example.com", true, true},
    {"*.Example.com.", "example.com", true, true},
    {"*.example.com", "a.example.com", false, true},
    {"*.example.com", "other.com", false, false},
    {"*.example.org", "example.org", true, true},
    {"*.example.org", "a.example.org", false, false},
    {"*.a.example.org", "example.org", false, false},
    {"*.example.org", "org", false, false},
    {"*.com", "example.com", false, false},
    {"*.com", "com", false, false},
    {"*.*.example.org", "example.org", false, false},
    {"*.", "example.com", false, false},
    {"*sca.example.org", "example.org", false, false},

    /* no DNS names: empty labels, hostile text */
    {"*", "example.com", false, false},
    {"sca.*.com", "*.com", false, false},
    {"sca.example.com", "*.example.com", false, false},
    {"sca.example.com", "*", false, false},
    {"", "example.com", false, false},
    {".", "example.com", false, false},
    {"..", ".", false, false},
    {"sca.example.com", ".", false, false},
    {"sca", ".", false, false},
    {".example.com", "example.com", false, false},
    {"sca.example.com", ".example.com", false, false},
    {"sca..example.com", "example.com", false, false},
    {"sca..example.com", ".example.com", false, false},
    {"sca.example..org", "example..org", false, false},
    {"sca.my_corp.org", "my_corp.org", false, false},
    {"sca.example.com", "my_zone.example.com", false, true}, /* Active Directory's */
    {"sca.example.org", "my_zone.example.org", false, false},
    {" sca.example.com", "example.com", false, false},
    {"sca.example.com ", "example.com", false, false},
    {"sca.example.com\n", "example.com", false, false},
    {"CN=sca.example.com", "example.com", false, false},
    {"https://sca.example.com", "example.com", false, false},
    {"sca.example.com/..", "example.com", false, false},
    {"admin@sca.example.com", "example.com", false, false},
    {"%s%n%n.example.com", "example.com", false, false},
    {"sca.ex\xc3\xa4mple.org", "ex\xc3\xa4mple.org", false, false},
    {"sca.\xff\xfe\x80.org", "\xff\xfe\x80.org", false, false},
    {"sca.\x01.org", "\x01.org", false, false},
    {"sca.example.com", "example.com,other.com", false, false},
    {"sca.example.com", "other.com example.com", false, false},
};

static void expect(struct fixture *b, size_t row, const char *field, bool accepted)
{
    enum trust_refusal refusal = verdict(b);

    if (refusal != (accepted ? TRUST_OK : TRUST_WRONG_DOMAIN))
        fail_msg("row %zu, %s in %s \"%s\": %s", row, rows[row].common_name, field,
                 rows[row].reference, trust_refusal_text(refusal));
}

static void every_row(enum suffix_rule rule)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool accepted = rule == SUFFIX_EQUAL ? rows[i].equal : rows[i].last_two;
        struct fixture b = fixture_of("5.0.2");

        b.release.suffix.value = rule;
        put_name(&b, rows[i].common_name);
        b.reference.option15 = rows[i].reference;
        expect(&b, i, "option 15", accepted);
        b.reference.option15 = "";
        b.reference.pki_suffix = rows[i].reference;
        expect(&b, i, "the suffix", accepted);
    }
}

static void rows_where_the_domain_must_be_equal(void **state)
{
    (void)state;
    every_row(SUFFIX_EQUAL);
}

static void rows_where_the_last_two_labels_decide(void **state)
{
    (void)state;
    every_row(SUFFIX_LAST_TWO_LABELS);
}

/* The name is the configuration server's, whole, under both rules. */
static void the_server_name_must_be_equal_entirely(void **state)
{
    static const struct {
        const char *common_name, *server;
        bool accepted;
    } names[] = {
        {"sca.example.com", "sca.example.com", true},
        {"sca.a.example.co.uk", "sca.a.example.co.uk", true},
        {"SCA.Example.com", "sca.example.COM.", true},
        {"sca", "sca", true},
        {"example.com", "example.com", true},
        {"sca.example.com", "example.com", false},
        {"sca.example.com", "other.example.com", false},
        {"sca.example.com", "a.sca.example.com", false},
        {"sca.example.com", "sca.example.org", false},
        {"sca.example.com", "sca.example.co", false},
        {"sca.example.com", "sca", false},
        {"*.example.com", "*.example.com", false},
        {"*.example.com", "sca.example.com", false},
        {"*.example.com", "example.com", false},
        {"sca.example.com", "*.example.com", false},
        {"", "sca.example.com", false},
        {".", ".", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        for (uint32_t rule = SUFFIX_EQUAL; rule <= SUFFIX_LAST_TWO_LABELS; rule++) {
            struct fixture b = fixture_of("5.0.2");

            b.release.suffix.value = rule;
            b.reference.option15 = "";
            b.reference.server_fqdn = names[i].server;
            put_name(&b, names[i].common_name);
            assert_int_equal(verdict(&b), names[i].accepted ? TRUST_OK : TRUST_WRONG_DOMAIN);
        }
}

/* Bit 0, 1, 2: the suffix, the server's name, option 15. One that is right is enough. */
static void each_of_the_three_alone_is_enough(void **state)
{
    static const char *const right[] = {"example.org", "sca.example.org", "example.org"};
    static const char *const wrong[] = {"", "other.org"};

    (void)state;
    for (unsigned mask = 0; mask < 8; mask++)
        for (unsigned set = 0; set < 8; set++) {
            struct fixture b = fixture_of("5.0.2");
            const char *text[3];

            for (int i = 0; i < 3; i++)
                text[i] = mask >> i & 1u ? right[i] : wrong[set >> i & 1u];
            put_name(&b, "sca.example.org");
            b.reference.pki_suffix = text[0];
            b.reference.server_fqdn = text[1];
            b.reference.option15 = text[2];
            assert_int_equal(verdict(&b), mask  ? TRUST_OK
                                          : set ? TRUST_WRONG_DOMAIN
                                                : TRUST_NO_REFERENCE);
        }
}

/* Labels of these lengths, joined by dots. */
static void labels(char *out, const int *length, int count)
{
    for (int i = 0; i < count; i++) {
        if (i > 0)
            *out++ = '.';
        memset(out, 'a' + i, (size_t)length[i]);
        out += length[i];
    }
    *out = '\0';
}

static void names_of_the_longest_kind(void **state)
{
    char name[300];
    struct fixture b = fixture_of("5.0.2");

    (void)state;
    labels(name, (const int[]){63, 63, 63, 57, 3}, 5);
    assert_int_equal(strlen(name), LIMIT_FQDN);
    put_name(&b, name);
    b.reference.option15 = name + 64;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.reference.option15 = name + 65;
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
    b.reference.option15 = "";
    b.reference.server_fqdn = name;
    assert_int_equal(verdict(&b), TRUST_OK);

    labels(name, (const int[]){3, 64, 3}, 3);
    put_name(&b, name);
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
    labels(name, (const int[]){3, 63, 3}, 3);
    put_name(&b, name);
    assert_int_equal(verdict(&b), TRUST_OK);
}

/* One character too many is not cut off: what is left would be another name, and a right one. */
static void names_that_are_too_long_are_no_names(void **state)
{
    char longest[300], longer[300];
    struct fixture b = fixture_of("5.0.2");

    (void)state;
    labels(longest, (const int[]){63, 63, 63, 57, 3}, 5);
    labels(longer, (const int[]){63, 63, 63, 57, 4}, 5);
    assert_int_equal(sizeof(b.chain.common_name), strlen(longer));
    memcpy(b.chain.common_name, longer, sizeof(b.chain.common_name));
    b.reference.option15 = longest + 64;
    b.reference.server_fqdn = longest;
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);

    put_name(&b, longest);
    assert_int_equal(verdict(&b), TRUST_OK);
    b.reference.option15 = "";
    b.reference.server_fqdn = longer;
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
    memcpy(longer, longest, LIMIT_FQDN);
    longer[LIMIT_FQDN] = '.'; /* a final dot counts towards the length */
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
}

/* Every byte value in every place of an otherwise good name: only letters, digits and '-' may be
 * in a label, and the end of the name decides what it is. */
static void one_odd_byte(void **state)
{
    static const char good[] = "sca.example.org";

    (void)state;
    for (size_t at = 0; at < sizeof(good) - 1; at++)
        for (int byte = 1; byte < 256; byte++) {
            bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9') || byte == '-';
            struct fixture b = fixture_of("5.0.2");

            b.reference.option15 = "example.org";
            put_name(&b, good);
            b.chain.common_name[at] = (char)byte;
            if ((at < 3 && letter) || byte == good[at] ||
                (good[at] != '.' && byte == good[at] - ('a' - 'A')))
                assert_int_equal(verdict(&b), TRUST_OK);
            else
                assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
        }
}

/* RFC 5280, 4.2.1.10: "Any DNS name that can be constructed by simply adding zero or more labels to
 * the left-hand side of the name satisfies the name constraint." */
static void subtrees_of_names(void **state)
{
    static const struct {
        const char *name, *subtree;
        bool read, inside;
    } subtrees[] = {
        {"host.example.com", "host.example.com", true, true},
        {"www.host.example.com", "host.example.com", true, true},
        {"a.b.host.example.com", "host.example.com", true, true},
        {"host1.example.com", "host.example.com", true, false},
        {"myhost.example.com", "host.example.com", true, false},
        {"example.com", "host.example.com", true, false},
        {"www.host.example.com", "com", true, true},
        {"WWW.Host.Example.COM.", "host.EXAMPLE.com.", true, true},
        {"", "example.com", true, false},
        {"*.example.com", "example.com", true, true},
        {"*.example.com", "a.example.com", true, false},
        {"host.example.com", "", false, false},
        {"host.example.com", ".", false, false},
        {"host.example.com", ".example.com", false, false},
        {"host.example.com", "*.example.com", false, false},
        {"host.example.com", "host..example.com", false, false},
    };
    char longest[LIMIT_FQDN + 2];
    bool inside;

    (void)state;
    for (size_t i = 0; i < COUNT(subtrees); i++) {
        inside = !subtrees[i].inside;
        assert_int_equal(trust_is_in_subtree(subtrees[i].name, subtrees[i].subtree, &inside),
                         subtrees[i].read);
        assert_int_equal(inside, subtrees[i].inside);
    }
    memset(longest, 'a', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    assert_false(trust_is_in_subtree("host.example.com", longest, &inside));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_where_the_domain_must_be_equal),
        cmocka_unit_test(rows_where_the_last_two_labels_decide),
        cmocka_unit_test(the_server_name_must_be_equal_entirely),
        cmocka_unit_test(each_of_the_three_alone_is_enough),
        cmocka_unit_test(names_of_the_longest_kind),
        cmocka_unit_test(names_that_are_too_long_are_no_names),
        cmocka_unit_test(one_odd_byte),
        cmocka_unit_test(subtrees_of_names),
    };

    return cmocka_run_group_tests_name("trust_domain", tests, NULL, NULL);
}
