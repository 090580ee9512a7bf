// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
#include "sim/run/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/status.h"
#include "sim/net/packet.h"

static const uint8_t me_mac[6] = {2, 0, 0, 0, 0, 1}, server_mac[6] = {2, 0, 0, 0, 0, 2};

#define ME_IP 0x0A000032u
#define DNS_IP 0x0A000002u
#define SCA_IP 0x0A000005u

/* Whether the expectation written so holds; what was seen is left in `seen`. */
static char seen[EXPECT_SEEN_BYTES];

static bool holds_for(const char *line, const struct expect_view *view)
{
    struct scenario scenario;
    struct scenario_error error;
    char text[1024];

    snprintf(text, sizeof text, "device 5.0.2\nat 1m expect %s\n", line);
    if (!scenario_read("t.scn", text, strlen(text), &scenario, &error))
        fail_msg("%s", error.text);
    bool holds = expect_holds(&scenario.step[1].expect, view, seen);
    scenario_free(&scenario);
    return holds;
}

static bool holds(const char *line, const struct recorder *recorder)
{
    return holds_for(line, &(struct expect_view){.recorder = recorder, .state = -1});
}

static void frame(struct recorder *r, enum lan_sender from, const uint8_t *bytes, size_t len)
{
    struct world_event event = {.kind = WORLD_FRAME, .sender = from, .frame = bytes, .len = len};

    recorder_event(r, &event);
}

static void dns_query(struct recorder *r, enum lan_sender from, uint16_t port, const char *name)
{
    uint8_t bytes[400], dns[300] = {0x12, 0x34, 1, 0, 0, 1};
    size_t at = 12;

    while (*name) {
        size_t label = strcspn(name, ".");

        dns[at++] = (uint8_t)label;
        memcpy(dns + at, name, label);
        at += label;
        name += label + (name[label] == '.');
    }
    at++;
    dns[at + 1] = 1;
    dns[at + 3] = 1;
    size_t len = packet_udp(bytes, sizeof bytes, server_mac, me_mac, ME_IP, 50000, DNS_IP, port,
                            dns, at + 4);
    assert_true(len > 0);
    frame(r, from, bytes, len);
}

static void segment(struct recorder *r, enum lan_sender from, uint8_t flags, size_t data)
{
    uint8_t bytes[14 + 20 + 20 + 200] = {0}, *ip = bytes + 14, *tcp = ip + 20;
    uint32_t sum = 0;

    memcpy(bytes, server_mac, 6);
    memcpy(bytes + 6, me_mac, 6);
    packet_put16(bytes + 12, 0x0800);
    ip[0] = 0x45;
    packet_put16(ip + 2, (uint16_t)(40 + data));
    ip[8] = 64;
    ip[9] = 6;
    packet_put32(ip + 12, ME_IP);
    packet_put32(ip + 16, SCA_IP);
    for (int i = 0; i < 20; i += 2)
        sum += packet_get16(ip + i);
    packet_put16(ip + 10, (uint16_t) ~((sum & 0xFFFF) + (sum >> 16)));
    packet_put16(tcp, 16994);
    packet_put16(tcp + 2, 9971);
    tcp[12] = 5 << 4;
    tcp[13] = flags;
    frame(r, from, bytes, 14 + 40 + data);
}

static void hello(struct recorder *r, uint64_t time_us, uint32_t retry)
{
    static const uint8_t bytes[3] = {0x01, 0xAB, 0x02};
    struct hello content = {.version = HELLO_V3_PKI, .retry = retry};
    struct world_event event = {.kind = WORLD_HELLO,
                                .time_us = time_us,
                                .frame = bytes,
                                .len = sizeof bytes,
                                .hello = &content,
                                .ip = ME_IP,
                                .port = 16994};

    recorder_event(r, &event);
}

static void device(struct recorder *r, int trace)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_DEVICE, .trace = trace});
}

static void said(struct recorder *r, const char *line)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_AGENT, .text = line});
}

static void operators(void **state)
{
    static const struct {
        enum compare_op op;
        bool below, equal, above;
    } table[OPS] = {
        {OP_EQ, false, true, false}, {OP_NE, true, false, true},  {OP_LT, true, false, false},
        {OP_LE, true, true, false},  {OP_GT, false, false, true}, {OP_GE, false, true, true},
    };

    (void)state;
    for (size_t i = 0; i < OPS; i++) {
        assert_int_equal(compare_holds(table[i].op, 1, 2), table[i].below);
        assert_int_equal(compare_holds(table[i].op, 2, 2), table[i].equal);
        assert_int_equal(compare_holds(table[i].op, 3, 2), table[i].above);
    }
}

static void windows(void **state)
{
    struct recorder r;
    struct expect_view view = {.recorder = &r, .state = -1};

    (void)state;
    recorder_init(&r);
    assert_true(holds_for("window closed", &view));
    assert_false(holds_for("window open", &view));
    assert_string_equal(seen, "window closed");
    assert_false(holds_for("window left <= 1h", &view));
    view.window_open = true;
    assert_true(holds_for("window open", &view));
    assert_false(holds_for("window left >= 0", &view));
    assert_string_equal(seen, "window open without an end");
    view.window_left_s = 5400;
    assert_true(holds_for("window left == 1h30m", &view));
    assert_false(holds_for("window left < 90m", &view));
    assert_string_equal(seen, "window open, left 1h30m");
    recorder_free(&r);
}

/* A DISCOVER of the ME with these options behind number 53. */
static void discover(struct recorder *r, enum lan_sender from, const char *host_name)
{
    static const uint8_t parameters[] = {1, 3, 6, 15};
    const struct dhcp_message head = {
        .op = DHCP_FROM_CLIENT, .type = DHCP_DISCOVER, .xid = 7, .mac = {2, 0, 0, 0, 0, 1}};
    uint8_t message[DHCP_BYTES], bytes[LAN_FRAME];
    size_t len = dhcp_begin(message, &head);

    if (host_name)
        len = dhcp_option(message, len, 12, host_name, (uint8_t)strlen(host_name));
    len = dhcp_option(message, len, 55, parameters, sizeof(parameters));
    len = dhcp_end(message, len);
    len = packet_udp(bytes, sizeof bytes, server_mac, me_mac, 0, DHCP_CLIENT_PORT, 0xFFFFFFFFu,
                     DHCP_SERVER_PORT, message, len);
    frame(r, from, bytes, len);
}

static void options_of_dhcp(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    discover(&r, LAN_HOST, "host");
    assert_false(holds("dhcp option 12 none", &r));
    assert_string_equal(seen, "no DHCP message of the ME");
    discover(&r, LAN_ME, NULL);
    assert_true(holds("dhcp option 12 none", &r));
    assert_true(holds("dhcp option 53 01", &r));
    assert_true(holds("dhcp option 55 0103 xx 0f", &r));
    assert_true(holds("dhcp option 55 01 ...", &r));
    assert_false(holds("dhcp option 55 0103", &r));
    assert_string_equal(seen, "0103060f");
    discover(&r, LAN_ME, "pc1");
    assert_true(holds("dhcp option 12 text \"pc1\"", &r));
    assert_false(holds("dhcp option 12 text \"pc\"", &r));
    assert_string_equal(seen, "\"pc1\"");
    assert_false(holds("dhcp option 12 none", &r));
    assert_false(holds("dhcp option 81 text \"pc1\"", &r));
    assert_string_equal(seen, "no such option");
    recorder_mark(&r);
    assert_false(holds("dhcp option 53 01", &r));
    recorder_free(&r);
}

/* Each client's requests that nobody answers are shown once. */
static void leases_that_fail(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    discover(&r, LAN_HOST, NULL);
    assert_int_equal(r.entries, 0);
    discover(&r, LAN_HOST, NULL);
    discover(&r, LAN_HOST, NULL);
    discover(&r, LAN_ME, NULL);
    discover(&r, LAN_ME, NULL);
    assert_int_equal(r.entries, 2);
    assert_string_equal(r.entry[0].who, "os");
    assert_string_equal(r.entry[0].text, "no DHCP server answers");
    assert_string_equal(r.entry[1].who, "me");
    recorder_free(&r);
}

static void reported_state(void **state)
{
    struct recorder r;
    struct expect_view view = {.recorder = &r, .state = 1};

    (void)state;
    recorder_init(&r);
    assert_true(holds_for("state \"In process\"", &view));
    assert_false(holds_for("state \"Not started\"", &view));
    assert_string_equal(seen, "state \"In process\"");
    view.state = -1;
    assert_false(holds_for("state \"Not started\"", &view));
    assert_string_equal(seen, "no answer");
    assert_true(holds_for("state none", &view));
    view.state = 0;
    assert_false(holds_for("state none", &view));
    assert_string_equal(seen, "state \"Not started\"");
    recorder_free(&r);
}

static void status_of_the_agent(void **state)
{
    struct recorder r;
    struct agent_result result = {.status = UINT32_MAX};
    struct expect_view view = {.recorder = &r};

    (void)state;
    recorder_init(&r);
    assert_false(holds_for("status PT_STATUS_SUCCESS", &view));
    assert_string_equal(seen, "no StartConfiguration sent");
    view.agent = &result;
    assert_false(holds_for("status PT_STATUS_SUCCESS", &view));
    assert_string_equal(seen, "no StartConfiguration sent");
    result.status = PT_STATUS_NOT_READY;
    assert_true(holds_for("status PT_STATUS_NOT_READY", &view));
    assert_false(holds_for("status PT_STATUS_SUCCESS", &view));
    assert_string_equal(seen, "status PT_STATUS_NOT_READY");
    result.status = 0x123;
    assert_false(holds_for("status PT_STATUS_SUCCESS", &view));
    assert_string_equal(seen, "status 0x123");
    recorder_free(&r);
}

static void lines_of_the_last_run_only(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    assert_false(holds("agent line \"one\"", &r));
    assert_string_equal(seen, "no line from the agent");
    recorder_agent(&r, 0, "agent -discovery");
    said(&r, "one");
    said(&r, "one more");
    assert_true(holds("agent line \"one\"", &r));
    assert_true(holds("agent lines \"one\" == 2", &r));
    assert_false(holds("agent line \"on\"", &r));
    recorder_agent(&r, 0, "agent -activate");
    said(&r, "three: four");
    assert_false(holds("agent line \"one\"", &r));
    assert_false(holds("agent line \"three: five\"", &r));
    assert_string_equal(seen, "\"three: four\"");
    assert_true(holds("agent lines \"one\" == 0", &r));
    recorder_free(&r);
}

static void hellos(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    assert_true(holds("hello count == 0", &r));
    assert_false(holds("hello retry == 0", &r));
    assert_string_equal(seen, "no hello");
    segment(&r, LAN_ME, PACKET_TCP_SYN, 0);
    hello(&r, 5000000, 0);
    hello(&r, 65000000, 7);
    assert_true(holds("hello count == 2", &r));
    assert_true(holds("hello retry == 7", &r));
    assert_false(holds("hello retry == 0", &r));
    assert_true(holds("hello from 10.0.0.50", &r));
    assert_false(holds("hello from 10.0.0.5", &r));
    assert_true(holds("hello to 10.0.0.5 9971", &r));
    assert_false(holds("hello to 10.0.0.5 9972", &r));
    assert_false(holds("hello to 10.0.0.6 9971", &r));
    assert_string_equal(seen, "hello to 10.0.0.5 9971");
    assert_true(holds("hello source-port 16994", &r));
    assert_false(holds("hello source-port 16995", &r));
    recorder_mark(&r);
    assert_true(holds("hello count == 0", &r));
    recorder_free(&r);
}

static void hello_bytes(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    hello(&r, 0, 0);
    assert_true(holds("hello bytes 01ab02", &r));
    assert_true(holds("hello bytes 01 AB 02", &r));
    assert_true(holds("hello bytes 01xx02", &r));
    assert_true(holds("hello bytes 01 ...", &r));
    assert_false(holds("hello bytes 01ab03", &r));
    assert_string_equal(seen, "01ab02");
    assert_false(holds("hello bytes 01ab", &r));
    assert_false(holds("hello bytes 01ab0203", &r));
    assert_false(holds("hello bytes 02 ...", &r));
    assert_true(holds("hello bytes 01ab02 ...", &r)); /* any number, also none */
    recorder_free(&r);
}

static void hello_times(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    hello(&r, 100000000, 0);
    hello(&r, 162000000, 1); /* 1m2s */
    hello(&r, 218000000, 2); /* 1m58s */
    assert_true(holds("hello times 0 1m 2m", &r));
    assert_false(holds("hello times 0 1m", &r));
    assert_string_equal(seen, "3 hellos");
    assert_false(holds("hello times 0 1m 2m 3m", &r));
    assert_false(holds("hello times 0 59s 2m", &r));
    assert_string_equal(seen, "hello 2 of 3 after 1m2s");
    assert_false(holds("hello times 0 1m 2m1s", &r));
    recorder_free(&r);
}

static void frames(void **state)
{
    static const uint8_t junk[20] = {0};
    struct recorder r;

    (void)state;
    recorder_init(&r);
    frame(&r, LAN_ME, junk, sizeof junk);
    segment(&r, LAN_ME, PACKET_TCP_SYN, 0);
    segment(&r, LAN_LAN, PACKET_TCP_SYN | PACKET_TCP_ACK, 0);
    segment(&r, LAN_ME, PACKET_TCP_ACK, 10);
    segment(&r, LAN_ME, PACKET_TCP_FIN | PACKET_TCP_ACK, 0);
    segment(&r, LAN_LAN, PACKET_TCP_RST, 0);
    dns_query(&r, LAN_ME, 53, "provisionserver");
    assert_true(holds("frames me == 5", &r));
    assert_true(holds("frames me any == 5", &r));
    assert_true(holds("frames me tcp == 3", &r));
    assert_true(holds("frames me syn == 1", &r));
    assert_true(holds("frames me fin == 1", &r));
    assert_true(holds("frames me rst == 0", &r));
    assert_true(holds("frames me dns == 1", &r));
    assert_true(holds("frames me dhcp == 0", &r));
    assert_true(holds("frames me arp == 0", &r));
    assert_true(holds("frames lan syn == 0", &r));
    assert_true(holds("frames lan rst == 1", &r));
    assert_true(holds("frames host == 0", &r));
    assert_true(holds("tcp data-segments me == 1", &r));
    assert_true(holds("tcp data-segments lan == 0", &r));
    assert_false(holds("frames me == 0", &r));
    assert_string_equal(seen, "5");
    recorder_mark(&r);
    assert_true(holds("frames me == 0", &r));
    assert_true(holds("tcp data-segments me == 0", &r));
    recorder_free(&r);
}

static void queries(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    dns_query(&r, LAN_ME, 53, "ProvisionServer.corp.example");
    dns_query(&r, LAN_ME, 53, "provisionserver.CORP.example");
    dns_query(&r, LAN_ME, 53, "ProvisionServer");
    dns_query(&r, LAN_HOST, 53, "ProvisionServer");
    assert_true(holds("dns query provisionserver.corp.example == 2", &r));
    assert_true(holds("dns query ProvisionServer == 1", &r));
    assert_true(holds("dns query corp.example == 0", &r));
    recorder_mark(&r);
    assert_true(holds("dns query ProvisionServer == 0", &r));
    recorder_free(&r);
}

static void trace_events(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    device(&r, TRACE_LINK);
    device(&r, TRACE_LINK);
    device(&r, TRACE_ATTEMPT);
    assert_true(holds("trace link == 2", &r));
    assert_true(holds("trace attempt == 1", &r));
    assert_true(holds("trace boot == 0", &r));
    assert_false(holds("trace link > 2", &r));
    recorder_free(&r);
}

/* A host interface that gives the same answer to everything, and keeps the request. */
struct fake_host {
    uint8_t request[64], answer[64];
    size_t request_len, answer_len;
};

static int fake_amthi(void *ctx, const uint8_t *request, size_t len, uint8_t *response, size_t cap)
{
    struct fake_host *host = ctx;

    assert_true(len <= sizeof host->request && host->answer_len <= cap);
    memcpy(host->request, request, len);
    host->request_len = len;
    memcpy(response, host->answer, host->answer_len);
    return (int)host->answer_len;
}

static void answer(struct fake_host *host, const void *bytes, size_t len)
{
    memcpy(host->answer, bytes, len);
    host->answer_len = len;
}

static void asked_of_the_host_interface(void **state)
{
    static const uint8_t no_key[24] = {1, 1, 0, 0, 0x3B, 0, 0x80, 4, 12};
    static const uint8_t key[] = {1, 1, 0, 0, 0x3B, 0,   0x80, 4,   12,  0,   0,   0,
                                  0, 0, 0, 0, '0',  '0', '0',  '0', '0', '3', '7', 'M'};
    static const uint8_t pki[20] = {1, 1, 0, 0, 0x2B, 0, 0x80, 4, 8, [16] = 2};
    static const uint8_t hashes[28] = {1, 1, 0, 0, 0x2C, 0, 0x80, 4, 16, [16] = 2, [24] = 1};
    static const uint8_t refused[16] = {1, 1, 0, 0, 0x3B, 0, 0x80, 4, 4, [12] = 1};
    static const uint8_t get_pid[12] = {1, 1, 0, 0, 0x3B, 0, 0, 4};
    struct recorder r;
    struct fake_host host = {.answer_len = 0};
    struct expect_view view = {.recorder = &r, .host = &host, .amthi = fake_amthi};

    (void)state;
    recorder_init(&r);
    assert_false(holds_for("pid none", &view));
    assert_string_equal(seen, "no answer");
    assert_int_equal(host.request_len, sizeof get_pid);
    assert_memory_equal(host.request, get_pid, sizeof get_pid);
    answer(&host, no_key, sizeof no_key);
    assert_true(holds_for("pid none", &view));
    assert_false(holds_for("pid 0000-037M", &view));
    assert_string_equal(seen, "pid none");
    answer(&host, key, sizeof key);
    assert_true(holds_for("pid 0000-037M", &view));
    assert_true(holds_for("pid 0000037M", &view));
    assert_false(holds_for("pid none", &view));
    assert_false(holds_for("pid ABCD-EFG8", &view));
    assert_false(holds_for("tls-mode psk", &view)); /* the answer to something else */
    answer(&host, key, sizeof key - 1);
    assert_false(holds_for("pid 0000-037M", &view));
    answer(&host, refused, sizeof refused);
    assert_false(holds_for("pid none", &view));
    assert_string_equal(seen, "status 0x1");
    answer(&host, pki, sizeof pki);
    assert_true(holds_for("tls-mode pki", &view));
    assert_false(holds_for("tls-mode none", &view));
    assert_string_equal(seen, "tls-mode pki");
    answer(&host, hashes, sizeof hashes);
    assert_true(holds_for("hash count == 2", &view));
    assert_false(holds_for("hash count > 2", &view));
    recorder_free(&r);
}

static void exact_exchanges(void **state)
{
    static const uint8_t bytes[] = {1, 0xAB, 2};
    struct recorder r;
    struct fake_host host = {.answer_len = 0};
    struct expect_view view = {.recorder = &r, .host = &host, .amthi = fake_amthi};

    (void)state;
    recorder_init(&r);
    assert_true(holds_for("amthi 01fF10 empty", &view));
    assert_int_equal(host.request_len, 3);
    assert_memory_equal(host.request, "\x01\xff\x10", 3);
    assert_false(holds_for("amthi 01 01ab02", &view));
    assert_string_equal(seen, "an empty answer");
    answer(&host, bytes, sizeof bytes);
    assert_true(holds_for("amthi 01 01AB02", &view));
    assert_true(holds_for("amthi 01 \"01 xx 02\"", &view));
    assert_false(holds_for("amthi 01 01ab", &view));
    assert_false(holds_for("amthi 01 01ab03", &view));
    assert_false(holds_for("amthi 01 empty", &view));
    assert_string_equal(seen, "01ab02");
    recorder_free(&r);
}

static void probes_and_sticks(void **state)
{
    struct recorder r;
    struct expect_view view = {.recorder = &r, .probe = -1};

    (void)state;
    recorder_init(&r);
    assert_false(holds_for("probe silent", &view));
    assert_string_equal(seen, "no probe");
    view.probe = PROBE_CLOSED;
    assert_true(holds_for("probe closed", &view));
    assert_false(holds_for("probe silent", &view));
    assert_string_equal(seen, "closed");
    assert_false(holds_for("usb \"applied\"", &view));
    assert_string_equal(seen, "no USB key");
    view.usb = "applied";
    assert_true(holds_for("usb \"applied\"", &view));
    view.usb = "not a setup.bin file";
    assert_false(holds_for("usb \"applied\"", &view));
    assert_string_equal(seen, "not a setup.bin file");
    recorder_free(&r);
}

static void connections(void **state)
{
    struct world_event event = {.kind = WORLD_SCA, .text = "connection"};
    struct recorder r;

    (void)state;
    recorder_init(&r);
    recorder_event(&r, &event);
    recorder_event(&r, &event);
    event.text = "connection reset";
    recorder_event(&r, &event);
    assert_true(holds("sca connections == 2", &r));
    recorder_mark(&r);
    assert_true(holds("sca connections == 0", &r));
    recorder_free(&r);
}

static void text_of_the_last_trace(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    assert_false(holds("trace tls-refused text \"no root\"", &r));
    assert_string_equal(seen, "no such event");
    recorder_event(&r, &(struct world_event){
                           .kind = WORLD_DEVICE, .trace = TRACE_TLS_REFUSED, .text = "no root"});
    assert_true(holds("trace tls-refused text \"no root\"", &r));
    device(&r, TRACE_TLS_REFUSED);
    assert_false(holds("trace tls-refused text \"no root\"", &r));
    assert_string_equal(seen, "\"\"");
    recorder_free(&r);
}

static void log_line(struct recorder *r, const char *line)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_SCA_LOG, .text = line});
}

static void answered(struct recorder *r, const char *operation, uint16_t http, uint32_t status)
{
    recorder_event(
        r, &(struct world_event){
               .kind = WORLD_SCA_OPERATION, .text = operation, .port = http, .value = status});
}

static void lines_of_a_log_in_their_order(void **state)
{
    struct recorder r;
    size_t from = 0;
    struct expect_view view = {.recorder = &r, .log_from = &from};

    (void)state;
    recorder_init(&r);
    assert_false(holds_for("sca log \"one\"", &view));
    assert_string_equal(seen, "no further line of a log");
    log_line(&r, "line one.");
    said(&r, "line two.");
    log_line(&r, "line three.");
    log_line(&r, "line one again.");
    assert_false(holds_for("sca log \"two\"", &view));
    assert_string_equal(seen, "no such line; the last one is \"line one again.\"");
    assert_true(holds_for("sca log \"three\"", &view));
    assert_true(holds_for("sca log \"one\"", &view));
    assert_false(holds_for("sca log \"one\"", &view));
    assert_true(holds_for("sca logs \"one\" == 2", &view));
    assert_true(holds_for("sca logs \"line\" == 3", &view));
    recorder_mark(&r);
    from = 0;
    assert_false(holds_for("sca log \"one\"", &view));
    assert_true(holds_for("sca logs \"one\" == 0", &view));
    recorder_free(&r);
}

static void answers_to_operations(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    assert_false(holds("sca operation CommitChanges status 0x0", &r));
    assert_string_equal(seen, "no answer to CommitChanges");
    answered(&r, "CommitChanges", 200, 0x809);
    answered(&r, "SetHostName", 500, 0);
    assert_true(holds("sca operation CommitChanges status 0x809", &r));
    assert_true(holds("sca operation CommitChanges status 2057", &r));
    assert_true(holds("sca operation CommitChanges http 200", &r));
    assert_false(holds("sca operation CommitChanges status 0", &r));
    assert_string_equal(seen, "HTTP 200, status 0x809");
    assert_false(holds("sca operation SetHostName status 0", &r)); /* it has none */
    assert_true(holds("sca operation SetHostName http 500", &r));
    answered(&r, "CommitChanges", 200, 0);
    assert_true(holds("sca operation CommitChanges status 0", &r));
    recorder_mark(&r);
    assert_false(holds("sca operation CommitChanges status 0", &r));
    recorder_free(&r);
}

static void results_of_stages(void **state)
{
    struct world_event event = {
        .kind = WORLD_SCA_STAGE, .port = SCA_STAGE_SECOND, .value = SCA_REFUSED, .text = "refused"};
    struct recorder r;

    (void)state;
    recorder_init(&r);
    assert_true(holds("sca stage 2 none", &r));
    recorder_event(&r, &event);
    assert_true(holds("sca stage 2 refused", &r));
    assert_true(holds("sca stage 1 none", &r));
    assert_true(holds("sca stage old-credentials none", &r));
    assert_false(holds("sca stage 2 accepted", &r));
    assert_string_equal(seen, "refused");
    recorder_mark(&r);
    assert_true(holds("sca stage 2 none", &r));
    recorder_free(&r);
}

#define CONSOLE_IP 0x0A000008u

static void serial(struct recorder *r, uint64_t time_us, const char *text)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_SERIAL,
                                            .time_us = time_us,
                                            .ip = CONSOLE_IP,
                                            .frame = (const uint8_t *)text,
                                            .len = strlen(text)});
}

static void text_of_the_serial_line(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    assert_false(holds("serial login", &r));
    assert_string_equal(seen, "nothing on the serial line");
    assert_true(holds("serial login == 0", &r));
    serial(&r, 1, "\x1b[2J\x1b[Hpc1 log");
    serial(&r, 2, "in: ");
    assert_true(holds("serial \"pc1 login: \"", &r));
    assert_true(holds("serial login == 1", &r));
    assert_false(holds("serial login >= 2", &r));
    recorder_end(&r);
    assert_int_equal(r.entries, 2);
    assert_string_equal(r.entry[0].text, "pc1 log"); /* nothing that moves a cursor */
    recorder_mark(&r);
    assert_false(holds("serial login", &r));
    recorder_free(&r);
}

static void text_on_the_screen(void **state)
{
    static struct pc pc;
    struct expect_view view = {.pc = &pc, .state = -1};

    (void)state;
    memset(&pc, 0, sizeof pc);
    assert_false(holds_for("screen BIOS", &view));
    assert_string_equal(seen, "a black screen");
    memcpy(pc.screen[3], "BIOS set-up", 11);
    memcpy(pc.screen[9], "the last line", 13);
    assert_true(holds_for("screen \"BIOS set-up\"", &view));
    assert_false(holds_for("screen login", &view));
    assert_string_equal(seen, "... \"the last line\"");
    assert_true(holds_for("screen \"the \" == 1", &view));
}

static void what_has_become_of_an_order(void **state)
{
    struct recorder r;
    struct world_event event = {.kind = WORLD_CONSOLE_CALL, .ip = CONSOLE_IP};

    (void)state;
    recorder_init(&r);
    assert_true(holds("console 10.0.0.8 call none", &r));
    assert_true(holds("console 10.0.0.8 sol none", &r));
    event.result = CALL_REFUSED;
    event.port = 200;
    event.value = 2;
    recorder_event(&r, &event);
    assert_true(holds("console 10.0.0.8 call refused", &r));
    assert_true(holds("console 10.0.0.8 status 0x2", &r));
    assert_false(holds("console 10.0.0.8 status 0", &r));
    assert_true(holds("console 10.0.0.8 http 200", &r));
    assert_true(holds("console 10.0.0.9 call none", &r));
    assert_false(holds("console 10.0.0.8 value == 0", &r)); /* nothing was read */
    event.result = CALL_DONE;
    event.value = 0;
    event.number = 8;
    recorder_event(&r, &event);
    assert_true(holds("console 10.0.0.8 value == 8", &r));
    recorder_event(
        &r, &(struct world_event){.kind = WORLD_CONSOLE_SOL, .ip = CONSOLE_IP, .result = SOL_OPEN});
    recorder_mark(&r);
    assert_true(holds("console 10.0.0.8 call none", &r));
    assert_true(holds("console 10.0.0.8 sol open", &r)); /* it is still */
    recorder_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators),
        cmocka_unit_test(windows),
        cmocka_unit_test(options_of_dhcp),
        cmocka_unit_test(leases_that_fail),
        cmocka_unit_test(reported_state),
        cmocka_unit_test(status_of_the_agent),
        cmocka_unit_test(lines_of_the_last_run_only),
        cmocka_unit_test(hellos),
        cmocka_unit_test(hello_bytes),
        cmocka_unit_test(hello_times),
        cmocka_unit_test(frames),
        cmocka_unit_test(queries),
        cmocka_unit_test(trace_events),
        cmocka_unit_test(asked_of_the_host_interface),
        cmocka_unit_test(exact_exchanges),
        cmocka_unit_test(probes_and_sticks),
        cmocka_unit_test(connections),
        cmocka_unit_test(text_of_the_last_trace),
        cmocka_unit_test(lines_of_a_log_in_their_order),
        cmocka_unit_test(answers_to_operations),
        cmocka_unit_test(results_of_stages),
        cmocka_unit_test(text_of_the_serial_line),
        cmocka_unit_test(text_on_the_screen),
        cmocka_unit_test(what_has_become_of_an_order),
    };
    return cmocka_run_group_tests_name("expect", tests, NULL, NULL);
}
