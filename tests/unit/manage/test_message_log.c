// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

/* The event log as MeshCommander and MeshCmd read it, and by the older service. */

#define LOG "AMT_MessageLog"

static void start(struct manage_fixture *b, uint32_t records)
{
    fixture_init(b, "5.0.3");
    fixture_state(b, 2, ADMITTED_OPEN);
    for (uint32_t i = 1; i <= records; i++)
        event_log_add(&b->log, i, &(struct machine_event){.sensor_type = 0x0F});
}

static const char *invoke(struct manage_fixture *b, const char *method, const char *arguments)
{
    char envelope[2048], request[1024], action[128];

    snprintf(request, sizeof(request), "<r:%s_INPUT xmlns:r=\"" AMT LOG "\">%s</r:%s_INPUT>",
             method, arguments, method);
    snprintf(action, sizeof(action), AMT LOG "/%s", method);
    mesh(envelope, action, AMT LOG, request);
    fixture_ask(b, "/wsman", envelope);
    assert_int_equal(b->status, 200);
    return fixture_body(b);
}

static int number_in(const char *reply, const char *name)
{
    char tag[64];
    const char *at;

    snprintf(tag, sizeof(tag), "<g:%s>", name);
    at = strstr(reply, tag);
    assert_non_null(at);
    return (int)strtol(at + strlen(tag), NULL, 10);
}

static uint32_t records_in(const char *reply)
{
    uint32_t n = 0;

    for (; (reply = strstr(reply, "<g:RecordArray>")) != NULL; reply++)
        n++;
    return n;
}

/* All of them, whatever fits into a reply, newest first, and none twice. */
static void meshcommander_reads(void **state)
{
    struct manage_fixture b;
    uint32_t all = 0;
    int next;
    const char *reply;
    bool more = true;

    (void)state;
    start(&b, 100);
    reply = invoke(&b, "PositionToFirstRecord", "");
    assert_int_equal(number_in(reply, "ReturnValue"), 0);
    next = number_in(reply, "IterationIdentifier");
    assert_int_equal(next, 1);
    while (more) {
        char arguments[256];

        snprintf(arguments, sizeof(arguments),
                 "<r:IterationIdentifier>%d</r:IterationIdentifier>"
                 "<r:MaxReadRecords>390</r:MaxReadRecords>",
                 next);
        reply = invoke(&b, "GetRecords", arguments);
        assert_int_equal(number_in(reply, "ReturnValue"), 0);
        if (all == 0) /* the newest: 64 00 00 00 00 0F 00 ... */
            assert_non_null(strstr(reply, "<g:RecordArray>ZAAAAAAPAAAAAAAAAAAAAAAAAAAA<"));
        assert_true(records_in(reply) > 0);
        all += records_in(reply);
        more = strstr(reply, "<g:NoMoreRecords>false<") != NULL;
        next = number_in(reply, "IterationIdentifier");
        assert_int_equal(next, all + 1);
    }
    assert_int_equal(all, 100);
}

/* MeshCommander takes an empty log without RecordArray only. */
static void an_empty_log(void **state)
{
    struct manage_fixture b;
    const char *reply;

    (void)state;
    start(&b, 0);
    assert_int_equal(number_in(invoke(&b, "PositionToFirstRecord", ""), "ReturnValue"), 0);
    reply = invoke(&b, "GetRecords",
                   "<r:IterationIdentifier>1</r:IterationIdentifier>"
                   "<r:MaxReadRecords>390</r:MaxReadRecords>");
    assert_int_equal(number_in(reply, "ReturnValue"), 0);
    assert_non_null(strstr(reply, "<g:NoMoreRecords>true<"));
    assert_int_equal(records_in(reply), 0);
}

static void one_record(void **state)
{
    struct manage_fixture b;
    const char *reply;

    (void)state;
    start(&b, 3);
    invoke(&b, "PositionToFirstRecord", "");
    reply = invoke(&b, "GetRecord",
                   "<r:IterationIdentifier>3</r:IterationIdentifier>"
                   "<r:PositionToNext>true</r:PositionToNext>");
    assert_int_equal(number_in(reply, "IterationIdentifier"), 4);
    assert_non_null(strstr(reply, "<g:RecordData>AQAAAAAPAAAAAAAAAAAAAAAAAAAA<"));
    reply = invoke(&b, "PositionAtRecord", "<r:RecordNumber>2</r:RecordNumber>");
    assert_int_equal(number_in(reply, "IterationIdentifier"), 2);
}

static void what_is_not_there(void **state)
{
    static const struct {
        const char *method, *arguments;
        int value;
    } row[] = {
        {"GetRecords",
         "<r:IterationIdentifier>0</r:IterationIdentifier>"
         "<r:MaxReadRecords>5</r:MaxReadRecords>",
         2},
        {"GetRecords",
         "<r:IterationIdentifier>4294967295</r:IterationIdentifier>"
         "<r:MaxReadRecords>5</r:MaxReadRecords>",
         2},
        {"GetRecords", "<r:MaxReadRecords>5</r:MaxReadRecords>", 2},
        {"GetRecords",
         "<r:IterationIdentifier>1</r:IterationIdentifier>"
         "<r:MaxReadRecords>0</r:MaxReadRecords>",
         5},
        {"GetRecords", "<r:IterationIdentifier>1</r:IterationIdentifier>", 5},
        {"GetRecord", "<r:IterationIdentifier>4</r:IterationIdentifier>", 2},
        {"GetRecord",
         "<r:IterationIdentifier>1</r:IterationIdentifier>"
         "<r:PositionToNext>maybe</r:PositionToNext>",
         5},
        {"PositionAtRecord", "<r:RecordNumber>4</r:RecordNumber>", 2},
        {"PositionAtRecord", "", 5},
        {"CancelIteration", "<r:IterationIdentifier>0</r:IterationIdentifier>", 2},
        {"CancelIteration", "<r:IterationIdentifier>1</r:IterationIdentifier>", 0},
        {"FreezeLog", "<r:Freeze>maybe</r:Freeze>", 5},
        {"FreezeLog", "", 5},
    };
    struct manage_fixture b;

    (void)state;
    start(&b, 3);
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        assert_int_equal(number_in(invoke(&b, row[i].method, row[i].arguments), "ReturnValue"),
                         row[i].value);
    assert_int_equal(b.log.count, 3);
    assert_false(b.log.frozen);
}

static void frozen_and_cleared(void **state)
{
    struct manage_fixture b;
    char envelope[2048];

    (void)state;
    start(&b, 3);
    invoke(&b, "FreezeLog", "<r:Freeze>true</r:Freeze>");
    assert_true(b.log.frozen);
    mesh(envelope, TRANSFER "/Get", AMT LOG, "");
    fixture_ask(&b, "/wsman", envelope);
    fixture_body(&b);
    assert_non_null(strstr(b.out, "<g:IsFrozen>true<"));
    assert_non_null(strstr(b.out, "<g:CurrentNumberOfRecords>3<"));
    invoke(&b, "FreezeLog", "<r:Freeze>false</r:Freeze>");
    assert_false(b.log.frozen);
    invoke(&b, "ClearLog", "");
    assert_int_equal(b.log.count, 0);
}

static void the_older_service(void **state)
{
    struct manage_fixture b;
    const char *reply;

    (void)state;
    start(&b, 2);
    fixture_ask(&b, "/EventManagerService", ENVELOPE_11 "<ReadEventLog/>" END_11);
    reply = fixture_body(&b);
    assert_non_null(strstr(reply, "<Status>0</Status><TotalRecordCount>2</TotalRecordCount>"
                                  "<EventLogRecord>AgAAAAAPAAAAAAAAAAAAAAAAAAAA</EventLogRecord>"
                                  "<EventLogRecord>AQAAAAAPAAAAAAAAAAAAAAAAAAAA</EventLogRecord>"));
    fixture_ask(&b, "/EventManagerService",
                ENVELOPE_11 "<FreezeEventLog><Freeze>true</Freeze></FreezeEventLog>" END_11);
    assert_true(b.log.frozen);
    fixture_ask(&b, "/EventManagerService", ENVELOPE_11 "<ClearEventLog/>" END_11);
    assert_int_equal(b.log.count, 0);
}

/* A password that is tried ten times is in the log (recorded by WSM). */
static void wrong_passwords(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, 0);
    b.password = "wrong";
    b.clock_s = 1000;
    for (int i = 0; i < 10; i++) {
        b.now_ms += 60000;
        fixture_ask(&b, "/wsman", "");
        assert_int_equal(b.status, 401);
    }
    assert_int_equal(b.log.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meshcommander_reads), cmocka_unit_test(an_empty_log),
        cmocka_unit_test(one_record),          cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(frozen_and_cleared),  cmocka_unit_test(the_older_service),
        cmocka_unit_test(wrong_passwords),
    };

    return cmocka_run_group_tests_name("message_log", tests, NULL, NULL);
}
