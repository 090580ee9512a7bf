// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
#define _POSIX_C_SOURCE 200809L // mkdtemp
#include "tests/fixtures/scenario.h"

#include <unistd.h>

#define SERVER HEAD "sca 10.0.0.5 provision "
#define PEM "build/certificates/sha1/right.pem"
#define PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"

static void a_plan(void **state)
{
    struct scenario s;
    const struct sca_plan *p;

    (void)state;
    read_good(SERVER "wsman", &s);
    assert_int_equal(s.step[1].kind, STEP_SCA_PLAN);
    assert_int_equal(s.step[1].ip, 0x0A000005);
    p = s.step[1].plan;
    assert_int_equal(p->protocol, SCA_WSMAN);
    assert_int_equal(p->certificate.certificates, 0);
    assert_null(p->pid);
    assert_null(p->password);
    assert_false(p->idle);
    assert_null(p->stop_before);
    scenario_free(&s);
    read_good(SERVER
              "soap certificate " PEM " device-certificate build/certificates/sha1/device.pem "
              "host-name h1 domain-name d.example stop-before CommitChanges "
              "disconnect-after SetMEBxPassword reset-at GetDigestRealm without SetDomainName "
              "without SetHostName password \"\" admin-password A mebx-password B",
              &s);
    p = s.step[1].plan;
    assert_int_equal(p->protocol, SCA_SOAP);
    assert_int_equal(p->certificate.certificates, 3);
    assert_int_equal(p->device_certificate.certificates, 3);
    assert_string_equal(p->host_name, "h1");
    assert_string_equal(p->domain_name, "d.example");
    assert_string_equal(p->password, "");
    assert_string_equal(p->admin_password, "A");
    assert_string_equal(p->mebx_password, "B");
    assert_string_equal(p->stop_before->name, "CommitChanges");
    assert_string_equal(p->disconnect_after->name, "SetMEBxPassword");
    assert_string_equal(p->reset_at->name, "GetDigestRealm");
    assert_string_equal(p->without[0]->name, "SetDomainName");
    assert_string_equal(p->without[1]->name, "SetHostName");
    assert_null(p->without[2]);
    scenario_free(&s);
    read_good(SERVER "soap idle reset-at CommitChanges", &s);
    assert_true(s.step[1].plan->idle);
    scenario_free(&s);
    read_good(SERVER "off", &s);
    assert_int_equal(s.step[1].kind, STEP_SCA_PLAN);
    assert_null(s.step[1].plan);
    scenario_free(&s);
}

/* Neither the texts that transcripts show nor messages may hold them. */
static void secrets(void **state)
{
    struct scenario s;

    (void)state;
    read_good(SERVER "wsman psk 0000-037M " PPS " password Secret1! admin-password Secret2! "
                     "mebx-password Secret3!\nat 1m sca 10.0.0.5 ask SetTLSPSK 0000-037M " PPS,
              &s);
    assert_string_equal(s.step[1].plan->pps, PPS);
    assert_null(strstr(s.step[1].text, "Secret"));
    assert_null(strstr(s.step[1].text, PPS));
    assert_null(strstr(s.step[2].text, PPS));
    assert_string_equal(s.step[2].order.pps, PPS);
    scenario_free(&s);
    expect_error_begins(SERVER "wsman password Secret1! Secret2!",
                        "t.scn:2: unknown word after sca IP provision \"***\"; expected one of ");
}

static void orders(void **state)
{
    struct scenario s;

    (void)state;
    read_good(SERVER "wsman\nat 1m sca 10.0.0.5 ask ExtendProvisioningPeriod 12\n"
                     "sca 10.0.0.5 provision soap\nsca 10.0.0.5 ask SetHostName pc_7\n"
                     "refused sca 10.0.0.5 ask GetSystemPowerState",
              &s);
    assert_int_equal(s.step[2].kind, STEP_SCA_ASK);
    assert_string_equal(s.step[2].order.operation->name, "ExtendProvisioningPeriod");
    assert_int_equal(s.step[2].order.hours, 12);
    assert_string_equal(s.step[4].order.host_name, "pc_7");
    assert_true(s.step[5].refused);
    scenario_free(&s);
}

static void the_clock(void **state)
{
    static const struct {
        const char *text;
        uint64_t seconds; /* by date -u */
    } table[] = {{"2009-01-14T13:00:00", 1231938000},
                 {"1970-01-02T00:00:00", 86400},
                 {"2000-02-29T23:59:59", 951868799},
                 {"2036-12-31T00:00:01", 2114294401}};
    static const char *const bad[] = {
        "2009-01-14",          "2009-01-14 13:00:00", "2009-02-29T00:00:00",
        "2100-02-29T00:00:00", "2009-13-01T00:00:00", "2009-00-01T00:00:00",
        "2009-01-00T00:00:00", "2009-01-14T24:00:00", "2009-01-14T13:60:00",
        "1969-12-31T00:00:00", "2009-01-14T13:00:0x", "2009-01-14T13:00:000"};
    struct scenario s;
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        snprintf(text, sizeof text, HEAD "sca 10.0.0.5 clock %s", table[i].text);
        read_good(text, &s);
        assert_int_equal(s.step[1].kind, STEP_SCA_CLOCK);
        assert_int_equal(s.step[1].clock_s, table[i].seconds);
        scenario_free(&s);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, HEAD "sca 10.0.0.5 clock \"%s\"", bad[i]);
        expect_error_begins(text, "t.scn:2: invalid date and time \"");
    }
}

static void what_is_wrong(void **state)
{
    (void)state;
    expect_error(SERVER "ftp", "t.scn:2: unknown protocol after provision \"ftp\"; expected one of "
                               "soap, wsman, off");
    expect_error(SERVER "soap stop-before Unprovision",
                 "t.scn:2: unknown operation \"Unprovision\"; expected one of the first stage like "
                 "CommitChanges");
    expect_error(SERVER "soap host-name",
                 "t.scn:2: missing host name; expected it after \"host-name\"");
    expect_error(SERVER "soap psk 0000-037M",
                 "t.scn:2: missing PPS; expected it at the end of the line");
    expect_error(
        SERVER "soap psk 0000-037M " PPS "X",
        "t.scn:2: invalid PID or PPS; expected a PPS of 1 to 32 characters, without dashes");
    expect_error(SERVER "wsman without CommitChanges without CommitChanges without CommitChanges "
                        "without CommitChanges without CommitChanges",
                 "t.scn:2: too many operations left out; expected at most 4");
    expect_error(SERVER "soap certificate build/none.pem",
                 "t.scn:2: build/none.pem: No such file or directory");
    expect_error(SERVER "soap\nsca 10.0.0.5 ask CommitChanges",
                 "t.scn:3: ask needs a time; expected `at TIME sca IP ask OPERATION`");
    expect_error(
        SERVER "soap\nat 1m sca 10.0.0.6 ask CommitChanges",
        "t.scn:3: this server has no set-up script; expected `sca IP provision ...` above");
    expect_error(SERVER "soap\nat 1m sca 10.0.0.5 ask Sing",
                 "t.scn:3: unknown operation \"Sing\"; expected one of the server's like "
                 "CommitChanges");
    expect_error(HEAD "at 1m expect sca operation Sing status 0",
                 "t.scn:2: unknown operation \"Sing\"; expected one like CommitChanges");
    expect_error(HEAD "at 1m expect sca operation CommitChanges status ok",
                 "t.scn:2: invalid status \"ok\"; expected a number like 0x10");
    expect_error_begins(HEAD "at 1m expect sca stage 3 accepted", "t.scn:2: unknown stage \"3\"");
    expect_error_begins(HEAD "at 1m expect sca stage 2 fine",
                        "t.scn:2: unknown result of the stage \"fine\"");
}

static void written(const char *path, const char *content)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    fputs(content, out);
    fclose(out);
}

/* A file that is none gives one line with its name. */
static void files_that_are_none(void **state)
{
    static const struct {
        const char *content, *why;
    } table[] = {
        {"", "no certificate in it; expected the server's own first"},
        {"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
         "no certificate in it; expected the server's own first"},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
         "a certificate cannot be read"},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n", "a certificate cannot be read"},
    };
    char folder[] = "/tmp/pemXXXXXX", path[64], error[300];
    struct pem_file file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x.pem", folder);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        written(path, table[i].content);
        assert_false(pem_file_load(path, &file, error, sizeof error));
        assert_memory_equal(error, path, strlen(path));
        assert_string_equal(error + strlen(path) + 2, table[i].why);
    }
    unlink(path);
    rmdir(folder);
    assert_true(pem_file_load(PEM, &file, error, sizeof error));
    assert_true(file.key.len > 1000); /* PKCS #1, 2048 bits */
    assert_memory_equal(file.key.der + 4, "\x02\x01\x00\x02\x82", 5);
    pem_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan),        cmocka_unit_test(secrets),
        cmocka_unit_test(orders),        cmocka_unit_test(the_clock),
        cmocka_unit_test(what_is_wrong), cmocka_unit_test(files_that_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
