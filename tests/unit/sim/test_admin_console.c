// SPDX-License-Identifier: BSD-3-Clause
// links: sim/console/call.c sim/console/order.c sim/console/sol.c sim/server/http_reply.c sim/server/xml_text.c sim/server/openssl.c sim/net/packet.c @fw @lwip
/* A console against a device that is written out by hand: the wire between them is this file. */
#include "sim/console/call.h"
#include "sim/console/sol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* --- the wire --- */

static enum wire_state state;
static uint8_t sent[32768], answer[8192];
static size_t sent_len, answer_len, answer_at, piece;
static unsigned connections;
static uint16_t port;

bool wire_open(struct wire *w, bool tls, uint32_t ip, uint16_t to,
               const struct hal_entropy *entropy)
{
    (void)ip;
    (void)entropy;
    w->tls = tls;
    w->used = true;
    port = to;
    connections++;
    state = WIRE_OPEN;
    answer_len = answer_at = sent_len = 0;
    return true;
}

enum wire_state wire_poll(struct wire *w)
{
    return w->used ? state : WIRE_IDLE;
}

size_t wire_write(struct wire *w, const void *bytes, size_t len)
{
    (void)w;
    assert_true(len <= sizeof sent - sent_len);
    memcpy(sent + sent_len, bytes, len);
    sent_len += len;
    return len;
}

size_t wire_read(struct wire *w, void *out, size_t cap)
{
    size_t n = answer_len - answer_at;

    (void)w;
    if (piece && n > piece)
        n = piece;
    if (n > cap)
        n = cap;
    memcpy(out, answer + answer_at, n);
    answer_at += n;
    return n;
}

void wire_close(struct wire *w)
{
    memset(w, 0, sizeof *w);
}

void wire_free(struct wire *w)
{
    (void)w;
}

static int fill(void *ctx, void *out, size_t len)
{
    (void)ctx;
    memset(out, 0x5A, len);
    return 0;
}

static const struct hal_entropy entropy = {.fill = fill};

/* --- serial over LAN --- */

static struct sol sol;
static char heard[256];
static size_t heard_len;

static void hear(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    memcpy(heard + heard_len, bytes, len);
    heard_len += len;
    heard[heard_len] = '\0';
}

static void run_sol(void)
{
    for (int i = 0; i < 3; i++)
        sol_run(&sol, 0);
}

/* The device says this; what the console answers is in `sent`. */
static void say(const void *bytes, size_t len)
{
    memcpy(answer, bytes, len);
    answer_len = len;
    answer_at = sent_len = 0;
    run_sol();
}

static void connect_sol(void)
{
    memset(&sol, 0, sizeof sol);
    sol.entropy = &entropy;
    sol.text = hear;
    heard_len = 0;
    heard[0] = '\0';
    assert_true(sol_begin(&sol, false, 0x0A000032, "admin", "Provisi0n!", 0));
    run_sol();
    assert_int_equal(port, 16994);
    assert_int_equal(sent_len, 8);
    assert_memory_equal(sent, "\x10\0\0\0SOL ", 8);
}

static const uint8_t session_granted[13] = {0x11, 0, 0, 0, 1};
static const uint8_t all_logins[] = {0x14, 0, 0, 0, 0, 3, 0, 0, 0, 1, 3, 4};
static const uint8_t challenge[] = {0x14, 1,   0, 0,   4,   13,  0, 0,   0,   3,   'r',
                                    'l',  'm', 3, 'a', 'b', 'c', 4, 'a', 'u', 't', 'h'};
static const uint8_t login_done[] = {0x14, 0, 0, 0, 4, 0, 0, 0, 0};
static const uint8_t sol_started[23] = {0x21};

static void log_in(void)
{
    connect_sol();
    say(session_granted, sizeof session_granted);
    assert_memory_equal(sent, "\x13\0\0\0\0\0\0\0\0", 9);
    say(all_logins, sizeof all_logins);
}

static void open_sol(void)
{
    log_in();
    say(challenge, sizeof challenge);
    say(login_done, sizeof login_done);
    assert_int_equal(sent_len, 24);
    assert_int_equal(sent[0], 0x20);
    say(sol_started, sizeof sol_started);
    assert_int_equal(sol.state, SOL_OPEN);
}

/* The digest of user admin, realm rlm, nonce abc, uri /RedirectionService, method POST, nc 00000002
 * and the cnonce below, by md5sum. */
static void log_in_by_digest(void **unused)
{
    static const char cnonce[] = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
    size_t at = 9;
    const char *const texts[] = {"admin",
                                 "rlm",
                                 "abc",
                                 "/RedirectionService",
                                 cnonce,
                                 "00000002",
                                 "9c07c37b8a8a972655bb4eb9a1ab23b8",
                                 "auth"};

    (void)unused;
    log_in();
    /* The strongest that is offered; 41 bytes of data where there are no more texts (MCMD). */
    assert_int_equal(sent[4], 4);
    say(challenge, sizeof challenge);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(sent[at], strlen(texts[i]));
        assert_memory_equal(sent + at + 1, texts[i], strlen(texts[i]));
        at += 1 + strlen(texts[i]);
    }
    assert_int_equal(sent_len, at);
}

static void log_in_in_clear(void **unused)
{
    static const uint8_t plain[] = {0x14, 0, 0, 0, 0, 1, 0, 0, 0, 1};

    (void)unused;
    connect_sol();
    say(session_granted, sizeof session_granted);
    say(plain, sizeof plain);
    assert_int_equal(sent_len, 9 + 6 + 11);
    assert_memory_equal(sent,
                        "\x13\0\0\0\x01\x11\0\0\0\x05"
                        "admin\x0aProvisi0n!",
                        sent_len);
}

static void what_stands_in_the_way(void **unused)
{
    static const uint8_t busy[] = {0x11, 2, 0, 0}, consent[13] = {0x11, 5},
                         none[] = {0x14, 0, 0, 0, 0, 1, 0, 0, 0, 2};

    (void)unused;
    connect_sol();
    say(busy, sizeof busy);
    assert_int_equal(sol.state, SOL_BUSY);
    connect_sol();
    say(consent, sizeof consent);
    assert_int_equal(sol.state, SOL_REFUSED);
    connect_sol();
    say(session_granted, sizeof session_granted);
    say(none, sizeof none); /* Kerberos only */
    assert_int_equal(sol.state, SOL_REFUSED);
    connect_sol();
    say("HTTP/1.1 400", 12);
    assert_int_equal(sol.state, SOL_FAILED);
    connect_sol();
    state = WIRE_ENDED;
    run_sol();
    assert_int_equal(sol.state, SOL_FAILED);
    connect_sol();
    sol_run(&sol, SOL_PATIENCE_MS);
    assert_int_equal(sol.state, SOL_FAILED);
}

/* A device either closes the connection or challenges anew. */
static void wrong_password(void **unused)
{
    (void)unused;
    log_in();
    say(challenge, sizeof challenge);
    state = WIRE_ENDED;
    run_sol();
    assert_int_equal(sol.state, SOL_REFUSED);
    log_in();
    say(challenge, sizeof challenge);
    say(challenge, sizeof challenge);
    assert_int_equal(sol.state, SOL_REFUSED);
}

static void text_both_ways(void **unused)
{
    static const uint8_t data[] = {0x2A, 0,    0, 0, 7, 0, 0,  0, 3,    0, 'p', 'c',
                                   '1',  0x29, 0, 0, 0, 8, 0,  0, 0,    3, 4, /* controls */
                                   0x2B, 0,    0, 0, 9, 0, 0,  0, 0x2A, 0, 0,   0,
                                   10,   0,    0, 0, 1, 0, '$'};

    (void)unused;
    for (piece = 0; piece < 5; piece++) {
        open_sol();
        memcpy(answer, data, sizeof data);
        answer_len = sizeof data;
        answer_at = sent_len = 0;
        run_sol();
        assert_string_equal(heard, "pc1$");
        assert_int_equal(sent_len, 8); /* the heartbeat's answer */
        assert_int_equal(sent[0], 0x2B);
    }
    piece = 0;
    sent_len = 0;
    assert_true(sol_type(&sol, "ls\r"));
    assert_int_equal(sent_len, 13);
    assert_memory_equal(sent, "\x28\0\0\0\0\0\0\0\x03\0ls\r", 13);
    sent_len = 0;
    sol_end(&sol);
    assert_int_equal(sent[0], 0x22);
    assert_int_equal(sent[8], 0x12);
    assert_int_equal(sol.state, SOL_NONE);
    assert_false(sol_type(&sol, "x"));
    open_sol();
    state = WIRE_ENDED;
    run_sol();
    assert_int_equal(sol.state, SOL_ENDED);
}

/* --- orders --- */

static struct call call;

/* The device answers the request that was sent; the next one is then in `sent`. */
static void reply(const char *text)
{
    answer_len = strlen(text);
    memcpy(answer, text, answer_len);
    answer_at = sent_len = 0;
    call_run(&call, 0);
    call_run(&call, 0);
    sent[sent_len] = '\0';
}

static void reply_with(const char *element)
{
    char text[512], body[256];

    snprintf(body, sizeof body, "<a:E xmlns:a=\"x\"><a:B>%s</a:B></a:E>", element);
    snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
             body);
    reply(text);
}

#define CHALLENGE                                                                                  \
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"rlm\", nonce=\"abc\", "         \
    "qop=\"auth\"\r\nContent-Length: 0\r\n"

static void order(enum console_protocol protocol, struct console_order o)
{
    memset(&call, 0, sizeof call);
    call.protocol = protocol;
    call.ip = 0x0A000032;
    call.entropy = &entropy;
    if (!o.user) {
        o.user = "admin";
        o.password = "Provisi0n!";
    }
    connections = 0;
    call_begin(&call, &o, 0);
    call_run(&call, 0);
    sent[sent_len] = '\0';
}

static bool asks(const char *text)
{
    return strstr((const char *)sent, text) != NULL;
}

static void power_by_wsman(void **unused)
{
    (void)unused;
    order(CONSOLE_WSMAN, (struct console_order){.task = CONSOLE_POWER, .command = CONSOLE_DOWN});
    assert_int_equal(port, 16992);
    assert_true(asks("POST /wsman HTTP/1.1\r\nHost: 10.0.0.50:16992\r\n"));
    assert_false(asks("Authorization"));
    /* A new connection where the device closes the first one. */
    reply(CHALLENGE "Connection: close\r\n\r\n");
    assert_int_equal(connections, 2);
    assert_true(asks("Authorization: Digest username=\"admin\""));
    assert_true(asks("CIM_PowerManagementService/RequestPowerStateChange</a:Action>"));
    assert_true(asks("<h:PowerState>8</h:PowerState>"));
    assert_true(asks("<w:Selector Name=\"Name\">ManagedSystem</w:Selector>"));
    reply_with("<a:ReturnValue>0</a:ReturnValue>");
    assert_false(call.busy);
    assert_int_equal(call.result, CALL_DONE);
}

/* MeshCommander's order (MC); the first refusal ends it. */
static void boot_settings_come_first(void **unused)
{
    struct console_order o = {.task = CONSOLE_POWER,
                              .command = CONSOLE_RESET,
                              .source = CONSOLE_BOOT_PXE,
                              .options = CONSOLE_OPTION_SOL};

    (void)unused;
    order(CONSOLE_WSMAN, o);
    reply(CHALLENGE "\r\n");
    assert_int_equal(connections, 1);
    assert_true(asks("transfer/Get<") && asks("AMT_BootSettingData"));
    reply_with("<a:UseSOL>false</a:UseSOL>");
    assert_true(asks("<h:ChangeBootOrder_INPUT") && !asks("<h:Source>"));
    reply_with("<a:ReturnValue>0</a:ReturnValue>");
    assert_true(asks("transfer/Put<") && asks("<h:UseSOL>true</h:UseSOL>"));
    reply_with("<a:UseSOL>true</a:UseSOL>");
    assert_true(asks("<h:SetBootConfigRole_INPUT") && asks("<h:Role>1</h:Role>"));
    reply_with("<a:ReturnValue>0</a:ReturnValue>");
    assert_true(asks("Intel(r) AMT: Force PXE Boot"));
    reply_with("<a:ReturnValue>0</a:ReturnValue>");
    assert_true(asks("<h:PowerState>10</h:PowerState>"));
    reply_with("<a:ReturnValue>0</a:ReturnValue>");
    assert_int_equal(call.result, CALL_DONE);
    order(CONSOLE_WSMAN, o);
    reply_with("<a:UseSOL>false</a:UseSOL>");
    reply_with("<a:ReturnValue>1</a:ReturnValue>");
    assert_int_equal(call.result, CALL_REFUSED);
    assert_int_equal(call.status, 1);
}

/* As amttool sends it (AMTTOOL). */
static void power_by_eoi(void **unused)
{
    (void)unused;
    order(CONSOLE_SOAP, (struct console_order){.task = CONSOLE_POWER,
                                               .command = CONSOLE_CYCLE,
                                               .source = CONSOLE_BOOT_CD});
    assert_true(asks("POST /RemoteControlService HTTP/1.1\r\n"));
    assert_true(asks("SOAPAction: \"http://schemas.intel.com/platform/client/RemoteControl/2004/01"
                     "#RemoteControl\""));
    assert_true(asks("<Command>19</Command><IanaOemNumber>343</IanaOemNumber>"
                     "<SpecialCommand>5</SpecialCommand></RemoteControl>"));
    reply_with("<a:Status>2051</a:Status>");
    assert_int_equal(call.result, CALL_REFUSED);
    assert_int_equal(call.status, 0x803);
    order(CONSOLE_SOAP, (struct console_order){.task = CONSOLE_STATE});
    reply_with("<a:Status>0</a:Status><a:SystemPowerState>5</a:SystemPowerState>");
    assert_int_equal(call.result, CALL_DONE);
    assert_int_equal(call.value, 5);
    order(CONSOLE_SOAP, (struct console_order){.task = CONSOLE_LOG});
    assert_int_equal(call.result, CALL_FAILED);
}

static void credentials_that_are_wrong(void **unused)
{
    (void)unused;
    order(CONSOLE_WSMAN, (struct console_order){.task = CONSOLE_STATE});
    reply(CHALLENGE "\r\n");
    reply(CHALLENGE "\r\n");
    assert_false(call.busy);
    assert_int_equal(call.result, CALL_REFUSED);
    assert_int_equal(call.http, 401);
    order(CONSOLE_WSMAN, (struct console_order){.task = CONSOLE_STATE});
    call_run(&call, CALL_PATIENCE_MS);
    assert_int_equal(call.result, CALL_FAILED);
}

/* DigestPassword is MD5(user:realm:password) in base64 (LMS-cim), by openssl's command. */
static void a_new_user(void **unused)
{
    (void)unused;
    order(CONSOLE_WSMAN, (struct console_order){.task = CONSOLE_USER_ADD,
                                                .new_user = "li<sa",
                                                .new_password = "Secret1!",
                                                .realms = 1u << 19 | 1u << 2});
    reply(CHALLENGE "\r\n");
    assert_true(asks("<h:DigestUsername>li&#60;sa</h:DigestUsername>"));
    assert_true(asks("<h:DigestPassword>tGzkrUBwh84PbBeCFvLh1w==</h:DigestPassword>"));
    assert_true(asks("<h:AccessPermission>2</h:AccessPermission><h:Realms>2</h:Realms>"
                     "<h:Realms>19</h:Realms>"));
}

static void records_of_the_log(void **unused)
{
    (void)unused;
    order(CONSOLE_WSMAN, (struct console_order){.task = CONSOLE_LOG});
    reply_with("<a:IterationIdentifier>1</a:IterationIdentifier><a:ReturnValue>0</a:ReturnValue>");
    assert_true(asks("<h:GetRecords_INPUT"));
    reply_with("<a:RecordArray>AA==</a:RecordArray><a:RecordArray>AQ==</a:RecordArray>"
               "<a:ReturnValue>0</a:ReturnValue>");
    assert_int_equal(call.result, CALL_DONE);
    assert_int_equal(call.value, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_in_by_digest),
        cmocka_unit_test(log_in_in_clear),
        cmocka_unit_test(what_stands_in_the_way),
        cmocka_unit_test(wrong_password),
        cmocka_unit_test(text_both_ways),
        cmocka_unit_test(power_by_wsman),
        cmocka_unit_test(boot_settings_come_first),
        cmocka_unit_test(power_by_eoi),
        cmocka_unit_test(credentials_that_are_wrong),
        cmocka_unit_test(a_new_user),
        cmocka_unit_test(records_of_the_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
