// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/redirect.h"

/* The session layer, to the byte as amtterm and MeshCommander speak it, and as nobody should. */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char hex_digits[] = "0123456789abcdef";

static void to_hex(const uint8_t bytes[MD5_BYTES], char out[33])
{
    for (int i = 0; i < MD5_BYTES; i++) {
        out[2 * i] = hex_digits[bytes[i] >> 4];
        out[2 * i + 1] = hex_digits[bytes[i] & 15];
    }
    out[32] = '\0';
}

static void md5_text(const char *text, char out[33])
{
    uint8_t hash[MD5_BYTES];

    md5_of((const struct md5_part[]){{text, strlen(text)}}, 1, hash);
    to_hex(hash, out);
}

/* --- digest, as MeshCommander computes it --- */

struct answer {
    uint8_t kind;
    const char *user, *password, *realm, *uri, *nonce, *qop;
};

static size_t add_text(uint8_t *at, const char *text)
{
    at[0] = (uint8_t)strlen(text);
    memcpy(at + 1, text, at[0]);
    return at[0] + 1u;
}

static size_t build_answer(const struct answer *a, uint8_t out[400])
{
    static const char cnonce[] = "0a4f113b0a4f113b0a4f113b0a4f113b";
    char text[512], ha1[33], ha2[33], response[33];
    size_t len = 9;

    snprintf(text, sizeof(text), "%s:%s:%s", a->user, a->realm, a->password);
    md5_text(text, ha1);
    snprintf(text, sizeof(text), "POST:%s", a->uri);
    md5_text(text, ha2);
    if (a->kind == 4)
        snprintf(text, sizeof(text), "%s:%s:00000002:%s:%s:%s", ha1, a->nonce, cnonce, a->qop, ha2);
    else
        snprintf(text, sizeof(text), "%s:%s:%s", ha1, a->nonce, ha2);
    md5_text(text, response);
    memset(out, 0, 9);
    out[0] = 0x13;
    out[4] = a->kind;
    len += add_text(out + len, a->user);
    len += add_text(out + len, a->realm);
    len += add_text(out + len, a->nonce);
    len += add_text(out + len, a->uri);
    len += add_text(out + len, cnonce);
    len += add_text(out + len, "00000002");
    len += add_text(out + len, response);
    if (a->kind == 4)
        len += add_text(out + len, a->qop);
    out[5] = (uint8_t)(len - 9);
    return len;
}

#define FIRST_DIGEST                                                                               \
    "13000000 04 20000000 05 61646d696e 00 00 13 2f5265646972656374696f6e53657276696365 00 00 00 " \
    "00"
#define FIRST_OLD_DIGEST                                                                           \
    "13000000 03 1f000000 05 61646d696e 00 00 13 2f5265646972656374696f6e53657276696365 00 00 00"

static void challenge(struct console *c, uint8_t kind, char nonce[33])
{
    size_t len = kind == 4 ? 1 + 39 + 1 + 32 + 1 + 4 : 1 + 39 + 1 + 32;

    give_hex(c, kind == 4 ? FIRST_DIGEST : FIRST_OLD_DIGEST);
    assert_int_equal(c->out_len, 9 + len);
    assert_int_equal(c->out[0], 0x14);
    assert_int_equal(c->out[1], 1);
    assert_int_equal(c->out[4], kind);
    assert_int_equal(c->out[5], len);
    assert_int_equal(c->out[9], 39);
    assert_memory_equal(c->out + 10, FIXTURE_REALM, 39);
    assert_int_equal(c->out[49], 32);
    memcpy(nonce, c->out + 50, 32);
    nonce[32] = '\0';
    assert_int_equal(strspn(nonce, hex_digits), 32);
    if (kind == 4)
        assert_memory_equal(c->out + 82, "\4auth", 5);
    c->out_len = 0;
}

static struct console *begin_challenged(struct redirect_fixture *b, uint8_t kind, char nonce[33])
{
    struct console *c = fixture_begin(b);

    give_hex(c, START_SOL);
    expect(c, STARTED);
    challenge(c, kind, nonce);
    return c;
}

static void by_digest(void **state)
{
    static const uint8_t kinds[] = {3, 4};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct redirect_fixture b;
        uint8_t bytes[400];
        char nonce[33];
        struct console *c = begin_challenged(&b, kinds[i], nonce);
        size_t len =
            build_answer(&(struct answer){kinds[i], "admin", FIXTURE_PASSWORD, FIXTURE_REALM,
                                          "/RedirectionService", nonce, "auth"},
                         bytes);

        for (size_t n = 0; n < len; n++) { /* byte by byte */
            assert_false(is_beside(c));
            assert_int_equal(give(c, bytes + n, 1), 1);
        }
        expect(c, kinds[i] == 4 ? "14000000 04 00000000" : "14000000 03 00000000");
        assert_true(is_beside(c));
        assert_int_equal(c->right, 1);
        assert_int_equal(b.opened, 1);
    }
}

static void which_kinds_of_log_in(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    give_hex(c, START_SOL);
    expect(c, STARTED);
    give_hex(c, "13000000 00 00000000");
    expect(c, "14000000 00 03000000 01 03 04");
    b.no_plain = true; /* MEBx: no "user name and password" */
    give_hex(c, "13000000 00 00000000");
    expect(c, "14000000 00 02000000 03 04");
    give_hex(c, PLAIN_LOGIN);
    expect(c, "14020000 01 00000000");
    assert_true(c->closed);
    assert_int_equal(c->right + c->wrong, 0);
}

/* What amtterm 1.4 sends, in all splits in two. */
static void in_plain_text(void **state)
{
    uint8_t bytes[64];
    size_t len = from_hex(START_SOL PLAIN_LOGIN AMTTERM_SOL, bytes, sizeof(bytes));
    struct redirect_fixture b;

    (void)state;
    for (size_t split = 0; split <= len; split++) {
        struct console *c = fixture_begin(&b);

        assert_int_equal(give(c, bytes, split), split);
        assert_int_equal(give(c, bytes + split, len - split), len - split);
        expect(c, STARTED PLAIN_SUCCESS SOL_STARTED);
        assert_true(redirect_is_open(&b.redirect));
        b.service.closed(c->session);
        assert_false(redirect_is_open(&b.redirect));
        assert_int_equal(b.opened, 1);
        assert_int_equal(b.closed, 1);
    }
}

/* MeshCommander takes status 1 for a challenge and would go on without end (MCMD): it is another
 * one, and the end. */
static void wrong_answers(void **state)
{
    static const struct {
        struct answer answer;
        bool judged;
    } row[] = {
        {{4, "admin", "P@ssw0rd2", FIXTURE_REALM, "/RedirectionService", NULL, "auth"}, true},
        {{4, "nobody", FIXTURE_PASSWORD, FIXTURE_REALM, "/RedirectionService", NULL, "auth"}, true},
        {{4, "", "", FIXTURE_REALM, "/RedirectionService", NULL, "auth"}, true},
        {{4, "admin", FIXTURE_PASSWORD, "Digest:0", "/RedirectionService", NULL, "auth"}, false},
        {{4, "admin", FIXTURE_PASSWORD, FIXTURE_REALM, "/wsman", NULL, "auth"}, false},
        {{4, "admin", FIXTURE_PASSWORD, FIXTURE_REALM, "/RedirectionService", NULL, "auth-int"},
         false},
        {{3, "admin", FIXTURE_PASSWORD, FIXTURE_REALM, "/RedirectionService", NULL, ""}, false},
        {{4, "admin", FIXTURE_PASSWORD, FIXTURE_REALM, "/RedirectionService",
          "00000000000000000000000000000000", "auth"},
         false},
    };
    static const char *const refused[] = {"14020000 03 00000000", "14020000 04 00000000"};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct redirect_fixture b;
        uint8_t bytes[400];
        char nonce[33];
        struct console *c = begin_challenged(&b, 4, nonce);
        struct answer a = row[i].answer;
        size_t len;

        if (!a.nonce)
            a.nonce = nonce;
        len = build_answer(&a, bytes);
        assert_int_equal(give(c, bytes, len), len);
        expect(c, refused[a.kind - 3]);
        assert_true(c->closed);
        assert_int_equal(c->wrong, row[i].judged);
        assert_int_equal(b.wrong, row[i].judged);
        assert_int_equal(c->right, 0);
        assert_int_equal(b.refused, 1);
        assert_false(redirect_is_open(&b.redirect));
    }
}

/* An answer with half of its digits, or none of the right ones, is none (CVE-2017-5689). */
static void shortened_answers(void **state)
{
    struct redirect_fixture b;
    uint8_t bytes[400];
    char nonce[33];

    (void)state;
    for (uint8_t keep = 1; keep < 32; keep++) {
        struct console *c = begin_challenged(&b, 3, nonce);
        size_t len = build_answer(&(struct answer){3, "admin", FIXTURE_PASSWORD, FIXTURE_REALM,
                                                   "/RedirectionService", nonce, ""},
                                  bytes);

        bytes[len - 33] = keep; /* the response is last */
        len -= 32u - keep;
        bytes[5] = (uint8_t)(len - 9);
        assert_int_equal(give(c, bytes, len), len);
        expect(c, "14020000 03 00000000");
        assert_true(c->closed);
    }
}

/* A challenge is for one answer on its own connection. */
static void an_answer_is_good_once(void **state)
{
    struct redirect_fixture b;
    uint8_t bytes[400];
    char nonce[33], other[33];
    struct console *c = begin_challenged(&b, 4, nonce), *d = connect_console(&b, 1);
    size_t len = build_answer(&(struct answer){4, "admin", FIXTURE_PASSWORD, FIXTURE_REALM,
                                               "/RedirectionService", nonce, "auth"},
                              bytes);

    (void)state;
    give_hex(d, START_SOL);
    expect(d, STARTED);
    challenge(d, 4, other);
    assert_string_not_equal(nonce, other);
    assert_int_equal(give(d, bytes, len), len);
    expect(d, "14020000 04 00000000");
    challenge(c, 4, other); /* asked once more: the first one is forgotten */
    assert_int_equal(give(c, bytes, len), len);
    expect(c, "14020000 04 00000000");
    assert_int_equal(b.opened, 0);
}

/* Nothing that is said here opens HTTP's door: the nonce is none there. */
static void nonces_are_not_https(void **state)
{
    struct redirect_fixture b;
    char nonce[33], header[600], text[128], ha1[33], ha2[33], response[33];
    struct digest_account account = {.user = "admin", .password = FIXTURE_PASSWORD};

    (void)state;
    begin_challenged(&b, 4, nonce);
    md5_text("admin:" FIXTURE_REALM ":" FIXTURE_PASSWORD, ha1);
    md5_text("POST:/RedirectionService", ha2);
    snprintf(text, sizeof(text), "%s:%s:00000002:0a4f:auth:%s", ha1, nonce, ha2);
    md5_text(text, response);
    snprintf(header, sizeof(header),
             "Digest username=\"admin\",realm=\"" FIXTURE_REALM "\",nonce=\"%s\","
             "uri=\"/RedirectionService\",response=\"%s\",nc=00000002,cnonce=\"0a4f\",qop=auth",
             nonce, response);
    assert_int_equal(digest_check(&b.digest,
                                  &(struct digest_expected){.realm = FIXTURE_REALM,
                                                            .account = &account,
                                                            .accounts = 1,
                                                            .method = "POST",
                                                            .path = "/RedirectionService",
                                                            .now_ms = b.now_ms},
                                  header),
                     DIGEST_STALE);
}

/* Three are free; from then on the next check waits, for HTTP's answers and these alike. */
static void guesses_are_slowed_down(void **state)
{
    static const char wrong[] = "13000000 01 0f000000 05 61646d696e 08 50407373773072 65";
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);
    uint8_t bytes[64];
    uint64_t until = 0;
    size_t len;

    (void)state;
    for (int i = 0; i < 3; i++) {
        c = connect_console(&b, 0);
        give_hex(c, START_SOL);
        c->out_len = 0;
        give_hex(c, wrong);
        expect(c, "14020000 01 00000000");
        assert_int_equal(c->wrong, 1);
    }
    c = connect_console(&b, 0);
    give_hex(c, START_SOL);
    expect(c, STARTED);
    len = from_hex(PLAIN_LOGIN, bytes, sizeof(bytes));
    assert_true(give(c, bytes, len) < len); /* a right one, too */
    assert_int_equal(b.service.state(c->session, &until), STREAM_ANSWER_WAITS);
    assert_int_equal(until, b.now_ms + 250);
    assert_int_equal(c->out_len, 0);
    assert_int_equal(digest_check_from_ms(&b.digest), until);
    b.now_ms = until;
    assert_int_equal(give(c, bytes + len - 1, 1), 1);
    expect(c, PLAIN_SUCCESS);
    assert_int_equal(c->right, 1);
}

static void a_user_without_the_right(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    b.not_allowed = true;
    give_hex(c, START_SOL);
    c->out_len = 0;
    give_hex(c, PLAIN_LOGIN);
    expect(c, "14020000 01 00000000");
    assert_true(c->closed);
    assert_int_equal(c->right, 1); /* it was no guess */
    assert_int_equal(digest_check_from_ms(&b.digest), 0);
    assert_int_equal(b.opened, 0);
}

static void kinds_of_sessions(void **state)
{
    static const struct {
        const char *start, *reply;
    } row[] = {{"10000000 49444552", "11030000 00000000 00000000 00"}, /* IDER */
               {"10010000 4b564d52", "11030000 00000000 00000000 00"}, /* KVMR */
               {"10000000 534f4c53", "11010000 00000000 00000000 00"}};

    struct redirect_fixture b;
    struct console *c;

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        c = fixture_begin(&b);
        give_hex(c, row[i].start);
        expect(c, row[i].reply);
        assert_true(c->closed);
    }
    c = fixture_begin(&b);
    b.no_sol = true;
    give_hex(c, START_SOL);
    expect(c, "11030000 00000000 00000000 00");
    assert_true(c->closed);
}

/* One session at a time; who has not logged in keeps nobody out. */
static void a_second_console_is_told_busy(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b), *d = connect_console(&b, 1);

    (void)state;
    give_hex(c, START_SOL);
    expect(c, STARTED);
    give_hex(d, START_SOL);
    expect(d, STARTED);
    give_hex(c, PLAIN_LOGIN);
    expect(c, PLAIN_SUCCESS);
    give_hex(d, PLAIN_LOGIN);
    expect(d, "14020000 01 00000000");
    assert_true(d->closed);
    d = connect_console(&b, 1);
    give_hex(d, START_SOL);
    expect(d, "11020000 00000000 00000000 00");
    assert_true(d->closed);
    assert_false(c->closed);
    b.service.closed(c->session);
    d = connect_console(&b, 1);
    give_hex(d, START_SOL);
    expect(d, STARTED);
}

static void places(void **state)
{
    struct redirect_fixture b;

    (void)state;
    assert_non_null(fixture_begin(&b)->session);
    assert_non_null(connect_console(&b, 1)->session);
    assert_null(connect_console(&b, 2)->session);
    b.service.closed(b.console[0].session);
    assert_non_null(connect_console(&b, 2)->session);
    b.service.closed(b.console[1].session);
    b.deaf = true; /* the listener is closed */
    assert_null(connect_console(&b, 3)->session);
}

/* Each ends the connection, at the stage at which it comes, and nothing is answered. */
static void what_is_not_a_message(void **state)
{
    static const struct {
        int stage; /* 0 as connected, 1 started, 2 logged in, 3 with the serial line */
        const char *bytes;
    } row[] = {
        {0, "00"},
        {0, "16"}, /* TLS */
        {0, "47"}, /* HTTP */
        {0, "13"}, /* before there is a session */
        {0, "20"},
        {0, "28"},
        {0, "12"},
        {1, "10"}, /* a second one */
        {1, "20"},
        {1, "28"},
        {1, "13000000 00 01000000 00"},            /* a query has no bytes */
        {1, "13000000 01 00000000"},               /* no user */
        {1, "13000000 01 06000000 05 61646d696e"}, /* no password */
        {1, "13000000 01 0e000000 05 61646d696e 08 50407373773072"},
        {1, "13000000 01 10000000 05 61646d696e 08 50407373773072 6400"},
        {1, "13000000 01 02000000 ff ff"},
        {1, "13000000 04 08000000 00 00 00 00 00 00 00 01"},
        {1, "13000000 04 07000000 00 00 00 00 00 00 00"}, /* without qop */
        {1, "13000000 03 08000000 00 00 00 00 00 00 00 00"},
        {1, "13000000 04 f8000000"}, /* more than there is room for */
        {1, "13000000 04 ffffffff"},
        {1, "13000000 01 00000001"},
        {2, "10"},
        {2, "13"},
        {2, "22"},
        {2, "2b"},
        {2, "28"},
        {3, "20"}, /* a second one */
        {3, "13"},
        {3, "10"},
        {3, "21"},
        {3, "29"},
        {3, "2a"},
        {3, "40"}, /* IDE-R */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct redirect_fixture b;
        struct console *c = fixture_begin(&b);
        uint8_t bytes[64];
        size_t len = from_hex(row[i].bytes, bytes, sizeof(bytes)), n = 0;

        if (row[i].stage == 1)
            give_hex(c, START_SOL);
        if (row[i].stage >= 2)
            log_in(c);
        if (row[i].stage == 3)
            give_hex(c, AMTTERM_SOL);
        c->out_len = 0;
        while (n < len && !c->closed)
            n += give(c, bytes + n, 1);
        assert_true(c->closed);
        assert_int_equal(n, len); /* and not before the last one */
        assert_int_equal(c->out_len, 0);
        assert_int_equal(c->wrong, 0);
        assert_int_equal(b.refused, 1);
    }
}

/* A ticket may have 3 KB (VPRO09): it is not read. */
static void kerberos_is_refused(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    give_hex(c, START_SOL);
    c->out_len = 0;
    give_hex(c, "13000000 02 000c0000");
    expect(c, "14020000 02 00000000");
    assert_true(c->closed);
}

static void slow_consoles(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    give_hex(c, START_SOL);
    b.now_ms += 9999;
    assert_int_equal(give(c, NULL, 0), 0);
    assert_false(c->closed);
    b.now_ms++;
    give(c, NULL, 0);
    assert_true(c->closed);
    c = fixture_begin(&b);
    log_in(c);
    assert_int_equal(due_ms(c), 10000);
    pass(&b, 9999);
    assert_false(c->closed);
    pass(&b, 1);
    assert_true(c->closed);
    assert_string_equal(b.why, "too slow");
}

/* By TerminateSession, in MEBx, by RequestStateChange, or as the listener is closed. */
static void ended_from_elsewhere(void **state)
{
    struct redirect_fixture b;

    (void)state;
    for (int how = 0; how < 3; how++) {
        struct console *c = fixture_begin(&b);

        log_in(c);
        give_hex(c, AMTTERM_SOL);
        pass(&b, 1000);
        assert_false(c->closed);
        if (how == 0)
            redirect_end_all(&b.redirect);
        b.no_sol = how == 1;
        b.deaf = how == 2;
        pass(&b, 20);
        assert_true(c->closed);
        assert_int_equal(b.closed, 1);
    }
    /* Nor is anybody let in by then who has not logged in. */
    for (int how = 0; how < 2; how++) {
        struct console *c = fixture_begin(&b);

        give_hex(c, START_SOL);
        expect(c, STARTED);
        b.no_sol = how == 0;
        b.deaf = how == 1;
        give_hex(c, PLAIN_LOGIN);
        assert_true(c->closed);
        assert_int_equal(c->out_len, 0);
        assert_int_equal(b.opened, 0);
    }
    /* Who has not logged in is no session. */
    fixture_begin(&b);
    redirect_end_all(&b.redirect);
    log_in(&b.console[0]);
    assert_false(b.console[0].closed);
}

/* Whether or not the console reads: nothing of what it was to be told is waited for. */
static void ended_in_a_word(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    log_in(c);
    c->room = 5;
    give_hex(c, AMTTERM_SOL);
    assert_int_equal(c->out_len, 5);
    redirect_end_all(&b.redirect);
    give(c, NULL, 0);
    assert_true(c->closed);
    assert_int_equal(b.closed, 1);
    log_in(connect_console(&b, 1)); /* the line is free */
}

/* A console that was silent for too long has half a minute to read what it was being told, and not
 * that for each byte. */
static void no_end_byte_by_byte(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);
    uint32_t seconds = 0;

    (void)state;
    log_in(c);
    give_hex(c, AMTTERM_SOL);
    pass(&b, 9000);
    assert_false(c->closed);
    c->room = 1;
    machine_fixture_say(&b.machine, "a line that is longer than a minute has seconds");
    for (b.now_ms += 1000; !c->closed && seconds < 3600; seconds++) {
        if (seconds % 20 == 0)
            c->room = 1;
        give(c, NULL, 0);
        b.now_ms += 1000;
    }
    assert_in_range(seconds, 30, 32);
    assert_int_equal(b.closed, 1);
}

static void without_randomness(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    b.no_entropy = true;
    give_hex(c, START_SOL);
    c->out_len = 0;
    give_hex(c, FIRST_DIGEST);
    expect(c, "14020000 04 00000000");
    assert_true(c->closed);
}

/* Writes that are taken byte by byte: the answer is whole, and then the next is read. */
static void a_narrow_way(void **state)
{
    uint8_t bytes[64];
    size_t len = from_hex(START_SOL PLAIN_LOGIN, bytes, sizeof(bytes)), n;
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    c->room = 1;
    n = give(c, bytes, len);
    assert_int_equal(n, 8);
    for (int i = 0; i < 12; i++) {
        c->room = 1;
        b.service.writable(c->session);
    }
    expect(c, STARTED);
    c->room = SIZE_MAX;
    assert_int_equal(give(c, bytes + n, len - n), len - n);
    expect(c, PLAIN_SUCCESS);
}

/* Strangers' doings are traced a hundred times a minute, and then counted. */
static void floods_are_not_traced(void **state)
{
    struct redirect_fixture b;

    (void)state;
    fixture_begin(&b);
    for (int i = 0; i < 1000; i++) {
        struct console *c = connect_console(&b, 0);

        assert_non_null(c->session);
        give_hex(c, "00");
        assert_true(c->closed);
    }
    assert_int_equal(b.refused, 100);
    log_in(connect_console(&b, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_digest),
        cmocka_unit_test(which_kinds_of_log_in),
        cmocka_unit_test(in_plain_text),
        cmocka_unit_test(wrong_answers),
        cmocka_unit_test(shortened_answers),
        cmocka_unit_test(an_answer_is_good_once),
        cmocka_unit_test(nonces_are_not_https),
        cmocka_unit_test(guesses_are_slowed_down),
        cmocka_unit_test(a_user_without_the_right),
        cmocka_unit_test(kinds_of_sessions),
        cmocka_unit_test(a_second_console_is_told_busy),
        cmocka_unit_test(places),
        cmocka_unit_test(what_is_not_a_message),
        cmocka_unit_test(kerberos_is_refused),
        cmocka_unit_test(slow_consoles),
        cmocka_unit_test(ended_from_elsewhere),
        cmocka_unit_test(ended_in_a_word),
        cmocka_unit_test(no_end_byte_by_byte),
        cmocka_unit_test(without_randomness),
        cmocka_unit_test(a_narrow_way),
        cmocka_unit_test(floods_are_not_traced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
