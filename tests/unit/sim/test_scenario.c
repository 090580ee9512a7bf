// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
#include "tests/fixtures/scenario.h"

#include "fw/core/status.h"

static void times(void **state)
{
    static const struct {
        const char *text;
        uint64_t us;
    } good[] = {
        {"0", 0},
        {"0s", 0},
        {"1ms", 1000},
        {"500ms", 500000},
        {"90s", 90000000},
        {"5m", 300000000},
        {"2m5s", 125000000},
        {"6h", 21600000000},
        {"1h30m", 5400000000},
        {"1h2m3s4ms", 3723004000},
        {"1h4ms", 3600004000},
        {"10000h", 36000000000000},
        {"0h90s", 90000000},
    };
    static const char *const bad[] = {
        "",     "5",    "s",      "-1s", "1.5s",      "1s1m",
        "1m1m", "5 m",  "10001h", "1d",  "1mss",      "ms",
        "0x5s", "10h5", "1sm",    "5M",  "10000h1ms", "99999999999999999999999s"};
    uint64_t us;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        us = 1;
        if (!scenario_time(good[i].text, &us) || us != good[i].us)
            fail_msg("\"%s\" read as %llu us", good[i].text, (unsigned long long)us);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (scenario_time(bad[i], &us))
            fail_msg("\"%s\" was read as a time", bad[i]);
}

static void times_as_text(void **state)
{
    char text[32];

    (void)state;
    assert_string_equal(scenario_time_text(0, text), "0s");
    assert_string_equal(scenario_time_text(125000000, text), "2m5s");
    assert_string_equal(scenario_time_text(5400001000, text), "1h30m1ms");
    assert_string_equal(scenario_time_text(86400000000, text), "24h");
}

static void releases_compare_by_number(void **state)
{
    (void)state;
    assert_true(release_compare("5.0.2", "5.0.3") < 0);
    assert_true(release_compare("5.0.10", "5.0.2") > 0);
    assert_true(release_compare("5.0.2", "5.0.2") == 0);
    assert_true(release_compare("5.0", "5.0.0") == 0);
    assert_true(release_compare("5", "5.0.1") < 0);
    assert_true(release_compare("10.0", "9.9.9") > 0);
}

/* Whether `mark when CONDITION` concerns the release. */
static bool concerns(const char *condition, const char *release)
{
    struct scenario scenario;
    char text[200];

    snprintf(text, sizeof text, HEAD "at 1m mark when %s\n", condition);
    read_good(text, &scenario);
    assert_int_equal(scenario.steps, 2);
    bool result = step_applies_to(&scenario.step[1], release_find(release));
    scenario_free(&scenario);
    return result;
}

static void conditions(void **state)
{
    static const struct {
        const char *condition;
        bool on_502, on_503;
    } table[] = {
        {"5.0.2", true, false},       {"5.0.3", false, true},        {"5.0.2 5.0.3", true, true},
        {">=5.0.3", false, true},     {"<=5.0.2", true, false},      {"<5.0.3", true, false},
        {">5.0.2", false, true},      {">=3.0 <5.0.3", true, false}, {">=6.0", false, false},
        {"5.0.2 >=6.0", true, false}, {">=5.0.10", false, false},    {"<5.0.10", true, true},
        {"5.0.3 <5.0.3", true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (concerns(table[i].condition, "5.0.2") != table[i].on_502 ||
            concerns(table[i].condition, "5.0.3") != table[i].on_503)
            fail_msg("when %s", table[i].condition);
}

static void no_condition_concerns_all(void **state)
{
    struct scenario scenario;

    (void)state;
    read_good(HEAD "at 1m mark\n", &scenario);
    assert_true(step_applies_to(&scenario.step[1], release_find("5.0.2")));
    assert_true(step_applies_to(&scenario.step[1], release_find("5.0.3")));
    scenario_free(&scenario);
}

static void bad_conditions(void **state)
{
    (void)state;
    expect_error(HEAD "at 1m mark when\n",
                 "t.scn:2: missing release after when; expected one like 5.0.2 or >=5.0.3");
    expect_error(HEAD "at 1m mark when 5.0.9\n",
                 "t.scn:2: unknown release \"5.0.9\" after when; see `proviso releases`");
    expect_error(HEAD "at 1m mark when >= 5.0.3\n",
                 "t.scn:2: invalid release \">=\" after when; expected one like 5.0.2 or >=5.0.3");
    expect_error(HEAD "at 1m mark when new\n",
                 "t.scn:2: invalid release \"new\" after when; expected one like 5.0.2 or >=5.0.3");
    expect_error(HEAD "at 1m mark when >5.0.2 <5.0.3\n",
                 "t.scn:2: no release fits this when; see `proviso releases`");
    expect_error("device 5.0.2 when 5.0.2\n",
                 "t.scn:1: the line that names the release cannot have a when");
}

static void setup_lines(void **state)
{
    struct scenario s;

    (void)state;
    read_good("device 5.0.3 oem-bmp 24 localized-bios oem-domain oem.example\n"
              "device blind-to-dhcp oem localized certificate-after 20s\n"
              "start provisioned\n"
              "pc os none\n"
              "lan option15 none\n"
              "lan lease 1h\n"
              "dns a.example cname b.example\n"
              "dns silent\n"
              "sca 10.0.0.5 filter 9972\n",
              &s);
    assert_string_equal(s.release->name, "5.0.3");
    assert_int_equal(s.steps, 9);
    for (size_t i = 0; i < s.steps; i++)
        assert_true(s.step[i].setup);
    assert_int_equal(s.step[0].device.bmp_hours, 24);
    assert_true(s.step[0].device.localized_bios);
    assert_string_equal(s.step[0].device.domain, "oem.example");
    assert_null(s.step[0].device.oem);
    assert_false(s.step[0].device.blind_to_dhcp);
    assert_true(s.step[1].device.blind_to_dhcp);
    assert_int_equal(s.step[0].device.certificate_s, 0);
    assert_int_equal(s.step[1].device.certificate_s, 20);
    assert_string_equal(s.step[1].device.oem->name, "localized");
    assert_int_equal(s.step[1].device.bmp_hours, OEM_BMP_UNSET);
    assert_true(s.step[2].on);
    assert_int_equal(s.step[3].pc, PC_NO_OS);
    assert_null(s.step[4].name);
    assert_int_equal(s.step[5].seconds, 3600);
    assert_string_equal(s.step[6].target, "b.example");
    assert_true(s.step[7].on);
    assert_int_equal(s.step[8].ip, 0x0A000005);
    assert_int_equal(s.step[8].mode, SCA_FILTER);
    assert_int_equal(s.step[8].port, 9972);
    scenario_free(&s);
}

static void bare_metal_words(void **state)
{
    struct scenario s;

    (void)state;
    read_good("device 5.0.2 oem-bmp off\ndevice oem-bmp intel when 5.0.3\n", &s);
    assert_int_equal(s.step[0].device.bmp_hours, 0);
    assert_int_equal(s.step[1].device.bmp_hours, OEM_BMP_INTEL);
    scenario_free(&s);
    expect_error("device 5.0.2 oem-bmp on\n",
                 "t.scn:1: unknown oem-bmp \"on\"; expected off, intel or a number of hours");
    expect_error("device 5.0.2 oem-bmp 256\n",
                 "t.scn:1: invalid oem-bmp \"256\"; expected a number from 0 to 255");
}

static void steps_in_time(void **state)
{
    struct scenario s;

    (void)state;
    read_good(HEAD "at 2m5s  cmos out for 15s # drained\n"
                   "at 2m10s ac on\n"
                   "         ac off\n"
                   "at 2m20s link down\n"
                   "\n"
                   "end 1h\n",
              &s);
    assert_int_equal(s.steps, 7);
    assert_int_equal(s.step[1].kind, STEP_CMOS);
    assert_false(s.step[1].on);
    assert_int_equal(s.step[1].at_us, 125000000);
    assert_string_equal(s.step[1].text, "cmos out for 15s");
    assert_int_equal(s.step[2].kind, STEP_AC);
    assert_int_equal(s.step[3].kind, STEP_AC);
    assert_int_equal(s.step[3].at_us, 130000000);
    assert_int_equal(s.step[3].line, 4);
    /* The battery comes back first: its line is above. */
    assert_int_equal(s.step[4].kind, STEP_CMOS);
    assert_true(s.step[4].on);
    assert_int_equal(s.step[4].at_us, 140000000);
    assert_int_equal(s.step[4].line, 2);
    assert_int_equal(s.step[5].kind, STEP_LINK);
    assert_int_equal(s.step[6].kind, STEP_WAIT);
    assert_int_equal(s.step[6].at_us, 3600000000);
    scenario_free(&s);
}

static void expectations(void **state)
{
    struct scenario s;
    const struct expectation *e;

    (void)state;
    read_good(HEAD "at 1m expect state \"In process\"\n"
                   "expect status PT_STATUS_NOT_READY\n"
                   "expect frames me == 0\n"
                   "expect frames host syn >= 3\n"
                   "expect hello times 0 1m 5m\n"
                   "expect hello bytes 0100 xx03 ...\n"
                   "expect hello to 10.0.0.5 9971\n"
                   "expect trace window-closed < 2\n"
                   "expect agent lines \"Certificate Hash\" != 5\n",
              &s);
    assert_int_equal(s.steps, 10);
    assert_int_equal(s.step[1].expect.number, 1);
    assert_int_equal(s.step[2].expect.number, PT_STATUS_NOT_READY);
    e = &s.step[3].expect;
    assert_int_equal(e->sender, LAN_ME);
    assert_int_equal(e->frames, FRAME_ANY);
    assert_int_equal(e->op, OP_EQ);
    e = &s.step[4].expect;
    assert_int_equal(e->sender, LAN_HOST);
    assert_int_equal(e->frames, FRAME_SYN);
    assert_int_equal(e->op, OP_GE);
    assert_int_equal(e->number, 3);
    e = &s.step[5].expect;
    assert_int_equal(e->times, 3);
    assert_int_equal(e->times_us[1], 60000000);
    assert_int_equal(e->times_us[2], 300000000);
    assert_string_equal(s.step[6].expect.text, "0100xx03.");
    assert_int_equal(s.step[7].expect.ip, 0x0A000005);
    assert_int_equal(s.step[7].expect.number, 9971);
    assert_int_equal(s.step[8].expect.trace, TRACE_WINDOW_CLOSED);
    assert_int_equal(s.step[8].expect.op, OP_LT);
    assert_string_equal(s.step[9].expect.text, "Certificate Hash");
    assert_int_equal(s.step[9].expect.op, OP_NE);
    scenario_free(&s);
}

static void bad_expectations(void **state)
{
    (void)state;
    expect_error_begins(
        HEAD "at 1m expect stat x\n",
        "t.scn:2: unknown expectation \"stat\", perhaps \"state\"; expected one of state, ");
    expect_error(HEAD "at 1m expect state \"In progress\"\n",
                 "t.scn:2: unknown state \"In progress\"; expected one of \"Not started\", "
                 "\"In process\", Completed, none");
    expect_error(HEAD "at 1m expect status NOT_READY\n",
                 "t.scn:2: unknown status \"NOT_READY\"; expected one like PT_STATUS_NOT_READY");
    expect_error(HEAD "at 1m expect hello count = 1\n",
                 "t.scn:2: unknown comparison \"=\"; expected one of ==, !=, <, <=, >, >=");
    expect_error(HEAD "at 1m expect hello count == one\n",
                 "t.scn:2: invalid number \"one\"; expected a number from 0 to 4294967295");
    expect_error(HEAD "at 1m expect hello times 1m 2m\n",
                 "t.scn:2: times since the first hello must begin with 0 and increase");
    expect_error(HEAD "at 1m expect hello times 0 2m 1m\n",
                 "t.scn:2: times since the first hello must begin with 0 and increase");
    expect_error(
        HEAD "at 1m expect hello bytes 010\n",
        "t.scn:2: invalid bytes \"010\"; expected pairs of hexadecimal digits, xx or a final ...");
    expect_error(HEAD "at 1m expect hello bytes x1\n",
                 "t.scn:2: invalid bytes \"x1\"; xx stands for a whole byte");
    expect_error(HEAD "at 1m expect hello bytes 01 ... 02\n",
                 "t.scn:2: unexpected \"02\"; expected the end of the line");
    expect_error_begins(HEAD "at 1m expect frames you == 0\n",
                        "t.scn:2: unknown sender \"you\"; expected one of me, host, lan");
    expect_error(HEAD "at 1m expect frames me\n",
                 "t.scn:2: missing kind of frame; expected one of any, arp, dhcp, dns, tcp, syn, "
                 "fin, rst");
}

static void errors_name_line_and_word(void **state)
{
    (void)state;
    expect_error(HEAD "\n# comment\nat 1m foo\n",
                 "t.scn:4: unknown action \"foo\"; expected one of device, start, pc, judges, lan, "
                 "dns, firewall, sca, console, ac, power, mains, bios, upgrade, cmos, link, os, "
                 "host, press, agent, unprovision, mebx, usb, probe, mark, expect");
    expect_error(HEAD "at 1m ac onn\n",
                 "t.scn:2: unknown state after ac \"onn\"; expected one of off, on");
    expect_error(HEAD "at 1m ac on off\n",
                 "t.scn:2: unexpected \"off\"; expected the end of the line");
    expect_error(HEAD "at 1m ac\n", "t.scn:2: missing state after ac; expected one of off, on");
    expect_error(
        HEAD "at 5 ac on\n",
        "t.scn:2: invalid time \"5\"; expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up to "
        "10000h");
    expect_error(HEAD "at 5m ac on\nat 4m59s ac off\n",
                 "t.scn:3: time goes back; expected 5m or later");
    expect_error(HEAD "ac on\n", "t.scn:2: ac needs a time; expected `at TIME ac ...`");
    expect_error(HEAD "at 1m start factory\n", "t.scn:2: start must come before the first at");
    expect_error(HEAD "end 1m\nat 2m mark\n", "t.scn:3: nothing may follow `end`, the last line");
    expect_error(HEAD "at 1m expect agent line \"no end\n",
                 "t.scn:2: missing closing double quote; expected one on the same line");
    expect_error("start factory\n",
                 "t.scn:1: missing release; expected a line like `device 5.0.2`");
    expect_error("device 5.0.2\ndevice 5.0.3\n", "t.scn:2: second release; it is already 5.0.2");
    expect_error_begins("device 5.0.9\n", "t.scn:1: unknown release \"5.0.9\"; expected one of ");
    expect_error_begins("device 5.0.2 oem acme\n",
                        "t.scn:1: unknown OEM profile \"acme\"; expected one of ");
    expect_error(HEAD "dns a..b 10.0.0.5\n",
                 "t.scn:2: invalid DNS name \"a..b\"; expected one like corp.example: "
                 "letters, digits, - and _ between dots");
    expect_error(HEAD "dns a.b 10.0.0.256\n",
                 "t.scn:2: invalid address \"10.0.0.256\"; expected an IPv4 address like 10.0.0.5");
    expect_error(HEAD "sca 10.0.0.5 listen 0\n",
                 "t.scn:2: invalid port \"0\"; expected a number from 1 to 65535");
}

static void assert_faults(const char *text, size_t count, const char *const *fault)
{
    struct scenario scenario;
    struct scenario_error error;

    assert_false(scenario_read("t.scn", text, strlen(text), &scenario, &error));
    assert_string_equal(error.text, fault[0]);
    for (size_t i = 1; i < count && i < error.faults; i++)
        assert_string_equal(error.more[i - 1], fault[i]);
    assert_int_equal(error.faults, count);
}

#define ASSERT_FAULTS(text, ...)                                                                   \
    do {                                                                                           \
        static const char *const fault[] = {__VA_ARGS__};                                          \
        assert_faults(text, sizeof fault / sizeof fault[0], fault);                                \
    } while (0)

/* Each faulty line is told, and only what is wrong with it itself. */
static void every_faulty_line_is_told(void **state)
{
    char many[1024] = HEAD "at 1m\n";
    struct scenario scenario;
    struct scenario_error error;

    (void)state;
    ASSERT_FAULTS(
        "device x\nat x ac on\nac of\nend 1h\nmark\nmark\n",
        "t.scn:1: unknown word after device \"x\"; expected one of oem-bmp, oem, "
        "oem-domain, localized-bios, blind-to-dhcp, schedule, certificate-after, "
        "unprovision-to",
        "t.scn:2: invalid time \"x\"; expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up "
        "to 10000h",
        "t.scn:3: unknown state after ac \"of\"; expected one of off, on",
        "t.scn:5: nothing may follow `end`, the last line");
    ASSERT_FAULTS("dns silent no\nat 1m \x01\n\x02\n",
                  "t.scn:1: unknown state after dns silent \"no\"; expected one of off, on",
                  "t.scn:2: invalid byte 0x01; expected text",
                  "t.scn:3: missing release; expected a line like `device 5.0.2`");
    ASSERT_FAULTS(
        HEAD "sca 10.0.0.5 provision soap idlee\nat 1m sca 10.0.0.5 ask CommitChanges\n",
        "t.scn:2: unknown word after sca IP provision \"idlee\", perhaps \"idle\"; expected "
        "one of certificate, psk, device-certificate, password, admin-password, "
        "mebx-password, host-name, domain-name, idle, stop-before, disconnect-after, "
        "reset-at, without");
    for (int i = 0; i < 25; i++)
        strcat(many, "ac\n");
    assert_false(scenario_read("t.scn", many, strlen(many), &scenario, &error));
    assert_int_equal(error.faults, 25);
    assert_string_equal(error.more[SCENARIO_FAULTS - 2],
                        "t.scn:22: missing state after ac; expected one of off, on");
}

static void words_that_contradict(void **state)
{
    struct scenario s;

    (void)state;
    ASSERT_FAULTS(HEAD "lan option15 a.example\nlan option15 b.example\nlan option15 none\n",
                  "t.scn:3: this contradicts line 2, `lan option15 a.example`; expected one of the "
                  "two, or `when RELEASE` behind this one",
                  "t.scn:4: this contradicts line 2, `lan option15 a.example`; expected one of the "
                  "two, or `when RELEASE` behind this one");
    ASSERT_FAULTS(HEAD "start provisioned when 5.0.2\nstart factory\n",
                  "t.scn:3: this contradicts line 2, `start provisioned`; expected one of the two "
                  "for a release");
    ASSERT_FAULTS(
        HEAD "sca 10.0.0.5 listen\nsca 10.0.0.5 hang\nsca 10.0.0.6 hang\n",
        "t.scn:3: this contradicts line 2, `sca 10.0.0.5 listen`; expected one of the two, "
        "or `when RELEASE` behind this one");
    ASSERT_FAULTS(HEAD "dns a.example 10.0.0.5\ndns a.example cname b.example\n",
                  "t.scn:3: this contradicts line 2, `dns a.example 10.0.0.5`; expected one of the "
                  "two, or `when RELEASE` behind this one");
    ASSERT_FAULTS(
        "device 5.0.2 oem-bmp off\ndevice oem-bmp 24\n",
        "t.scn:2: this contradicts line 1, `device 5.0.2 oem-bmp off`; expected one of the "
        "two, or `when RELEASE` behind this one");
    ASSERT_FAULTS("device 5.0.2 oem-bmp off oem-bmp off\n",
                  "t.scn:1: \"oem-bmp\" stands on this line twice; expected it once");
    ASSERT_FAULTS(HEAD "at 1m agent -activate -dns a.example -dns b.example\n",
                  "t.scn:2: \"-dns\" stands on this line twice; expected it once");
    ASSERT_FAULTS(HEAD "sca 10.0.0.5 provision soap idle stop-before CommitChanges\n",
                  "t.scn:2: an idle server walks no stage in which it could stop or disconnect; "
                  "expected either idle or that word");
    ASSERT_FAULTS(HEAD "judges nothing\nat 1m mark\nexpect state none\n",
                  "t.scn:4: this judges, but line 2 says `judges nothing`");
    /* An exception for some releases, and the same once more, are no contradiction. */
    read_good(HEAD "lan option15 a.example\nlan option15 a.example\n"
                   "lan option15 b.example when 5.0.3\nsca 10.0.0.5 hang when 5.0.2\n"
                   "sca 10.0.0.5 reset when 5.0.3\npc stays-off\npc os none\n"
                   "at 1m lan option15 c.example\n",
              &s);
    scenario_free(&s);
}

static void marks_of_encodings(void **state)
{
    static const char utf16[] = "\xFF\xFE"
                                "d\0e\0";
    struct scenario s;
    struct scenario_error error;

    (void)state;
    read_good("\xEF\xBB\xBF" HEAD "at 1m expect agent line \"\xC3\xA4\" # \xC3\xA4\n", &s);
    assert_string_equal(s.step[1].expect.text, "\xC3\xA4");
    scenario_free(&s);
    assert_false(scenario_read("t.scn", utf16, sizeof utf16 - 1, &s, &error));
    assert_string_equal(error.text, "t.scn:1: the file is written in UTF-16; expected UTF-8 or "
                                    "ASCII, as an editor's \"save as\" offers");
    assert_int_equal(error.faults, 1);
    expect_error(HEAD "at 1m expect state \xE2\x80\x9CIn process\xE2\x80\x9D\n",
                 "t.scn:2: a character that is not ASCII, outside double quotes; expected plain "
                 "letters and blanks, and \" for quotes");
}

/* The lines between are played again, each time so much later. */
static void repetitions(void **state)
{
    static const uint64_t at_s[] = {60, 70, 130, 660, 670, 730, 1260, 1270, 1330, 1390};
    struct scenario s;

    (void)state;
    read_good(HEAD "at 1m repeat 3 every 10m\nac off\nat +10s ac on when 5.0.2\n"
                   "at +1m expect hello times 0 1m\nrepeat end\nat +1m mark\n",
              &s);
    assert_int_equal(s.steps, 11);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(s.step[i + 1].at_us, at_s[i] * 1000000);
    assert_int_equal(s.step[1].kind, STEP_AC);
    assert_int_equal(s.step[7].kind, STEP_AC);
    assert_int_equal(s.step[7].line, 3);
    assert_int_equal(s.step[8].conditions, 1);
    assert_ptr_equal(s.step[9].expect.times_us, s.step[3].expect.times_us);
    scenario_free(&s);
    ASSERT_FAULTS(HEAD "at 1m repeat 3 every 10m\nat 2m ac off\n",
                  "t.scn:3: a time inside the repetition of line 2 counts from the line above; "
                  "expected one like +30s",
                  "t.scn:2: a repetition without an end; expected `repeat end` below");
    ASSERT_FAULTS(HEAD "at 1m repeat 3 every 10m\nat +11m mark\nrepeat end\n",
                  "t.scn:4: a round takes 11m; expected at most the 10m between the rounds");
    ASSERT_FAULTS(HEAD "at 1m repeat 2 every 10m\nrepeat 2 every 5m\nrepeat end\nrepeat end\n",
                  "t.scn:3: a repetition inside that of line 2; expected its `repeat end` above");
    ASSERT_FAULTS(HEAD "at 1m repeat 1 every 10m\nmark\nrepeat end\n",
                  "t.scn:2: invalid number of rounds \"1\"; expected a number from 2 to 4096");
    ASSERT_FAULTS(HEAD "repeat 2 every 10m\nat 1m repeat end\n",
                  "t.scn:2: repeat needs a time; expected `at TIME repeat N every TIME`");
    ASSERT_FAULTS(HEAD "at 1m repeat end\nat +9999h repeat 3 every 1h\nrepeat end\n",
                  "t.scn:2: no repetition to end; expected `repeat N every TIME` above",
                  "t.scn:4: the last round is too late; expected it within 10000h");
    ASSERT_FAULTS(HEAD "at +1m ac off\n",
                  "t.scn:2: nothing above has a time; expected `at TIME` without +");
    ASSERT_FAULTS(HEAD "at 1m repeat 4096 every 1m\nmark\nrepeat end\nmark\n",
                  "t.scn:4: too many steps; expected at most 4096");
}

static void newer_words(void **state)
{
    struct scenario s;

    (void)state;
    read_good(HEAD
              "dns a.example 10.0.0.5 10.0.0.6\nfirewall 16993\nsca 10.0.0.5 closes-first 9972\n"
              "at 1m firewall 16993 off\nexpect window open\nexpect window left >= 1h30m\n"
              "expect dhcp option 81 none\nexpect dhcp option 55 0103 ...\n",
              &s);
    assert_int_equal(s.step[1].ip, 0x0A000005);
    assert_int_equal(s.step[1].more_ip[0], 0x0A000006);
    assert_int_equal(s.step[1].more_ip[1], 0);
    assert_true(s.step[2].on);
    assert_int_equal(s.step[2].port, 16993);
    assert_int_equal(s.step[3].mode, SCA_CLOSES_FIRST);
    assert_int_equal(s.step[3].port, 9972);
    assert_false(s.step[4].on);
    assert_int_equal(s.step[6].expect.number, 5400);
    assert_int_equal(s.step[8].expect.number, 55);
    assert_string_equal(s.step[8].expect.text, "0103.");
    scenario_free(&s);
    ASSERT_FAULTS(HEAD "dns a.example 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5\n",
                  "t.scn:2: too many addresses; expected at most 4");
    ASSERT_FAULTS(HEAD "firewall 1\nfirewall 2\nfirewall 3\nfirewall 4\nfirewall 5\nfirewall 6\n"
                       "firewall 7\nfirewall 8\nfirewall 9\nfirewall 1 on\n",
                  "t.scn:10: too many ports of the firewall; expected at most 8");
    ASSERT_FAULTS(
        HEAD "at 1m expect window left >= 500ms\nexpect dhcp option 12\n",
        "t.scn:2: invalid time left; expected whole seconds",
        "t.scn:3: missing contents of the option; expected none, text \"TEXT\" or bytes in "
        "hexadecimal");
}

static void bytes_that_are_no_text(void **state)
{
    static const char with_nul[] = HEAD "at 1m\0 mark\n";
    struct scenario scenario;
    struct scenario_error error = {.text = ""};

    (void)state;
    expect_error(HEAD "at 1m \x01 mark\n", "t.scn:2: invalid byte 0x01; expected text");
    assert_false(scenario_read("t.scn", with_nul, sizeof with_nul - 1, &scenario, &error));
    assert_string_equal(error.text, "t.scn:2: invalid byte 0x00; expected text");
}

static void line_ends_do_not_matter(void **state)
{
    struct scenario s;

    (void)state;
    read_good("device 5.0.2\r\nat 1m mark\r\nat 2m mark", &s);
    assert_int_equal(s.steps, 3);
    assert_int_equal(s.step[2].at_us, 120000000);
    scenario_free(&s);
}

static void quoted_words_are_no_keywords(void **state)
{
    struct scenario s;

    (void)state;
    read_good(HEAD "at 1m expect agent line \"when # at\" when 5.0.3\n", &s);
    assert_string_equal(s.step[1].expect.text, "when # at");
    assert_int_equal(s.step[1].conditions, 1);
    assert_string_equal(s.step[1].text, "expect agent line \"when # at\"");
    scenario_free(&s);
}

static void limits(void **state)
{
    char text[8192] = HEAD;

    (void)state;
    for (int i = 1; i <= 5; i++)
        snprintf(text + strlen(text), 64, "sca 10.0.0.%d listen\n", i);
    expect_error(text, "t.scn:6: too many SCA addresses; expected at most 4");
    strcpy(text, HEAD);
    for (int i = 1; i <= 33; i++)
        snprintf(text + strlen(text), 64, "dns n%d.example 10.0.0.5\n", i);
    expect_error(text, "t.scn:34: too many DNS names; expected at most 32");
    strcpy(text, HEAD "at 1m expect hello times 0");
    for (int i = 1; i <= 96; i++)
        snprintf(text + strlen(text), 64, " %dm", i);
    expect_error(text, "t.scn:2: too many words on one line; expected at most 96");
}

/* The same address or name again replaces; it takes no place. */
static void replacing_is_no_addition(void **state)
{
    struct scenario s;
    char text[8192] = HEAD "at 1m\n";

    (void)state;
    for (int i = 1; i <= 40; i++)
        snprintf(text + strlen(text), 64, "sca 10.0.0.%d listen\ndns n%d.example 10.0.0.5\n",
                 i % 4 + 1, i % 32);
    read_good(text, &s);
    assert_int_equal(s.steps, 82);
    scenario_free(&s);
}

static void secrets_stay_secret(void **state)
{
    struct scenario s;

    (void)state;
    read_good(HEAD "at 1m agent -activate -otp Secret123 -dns corp.example\n", &s);
    assert_string_equal(s.step[1].agent.otp, "Secret123");
    assert_string_equal(s.step[1].agent.dns, "corp.example");
    assert_null(strstr(s.step[1].text, "Secret123"));
    assert_string_equal(s.step[1].text, "agent -activate -otp ********* -dns corp.example");
    scenario_free(&s);
    read_good(HEAD "at 1m mebx psk 0000-037M PPS-PPS password Secret12!\n"
                   "mebx password Secret12!\nmebx keys \"Secret\\n\"\n",
              &s);
    assert_string_equal(s.step[1].text, "mebx psk 0000-037M ******* password *********");
    assert_string_equal(s.step[2].text, "mebx password *********");
    assert_string_equal(s.step[3].text, "mebx keys **********");
    scenario_free(&s);
    expect_error(HEAD "at 1m mebx psk 0000-037M PPS-PPS Secret12!\n",
                 "t.scn:2: unknown word after the PPS \"***\"; expected password");
    expect_error(HEAD "at 1m agent -activate -otp Secret\n",
                 "t.scn:2: invalid one-time password; expected 8 to 32 characters");
    expect_error_begins(HEAD "at 1m agent -activate -otp Secret12 Secret34\n",
                        "t.scn:2: unknown switch after agent \"***\"; ");
    expect_error(HEAD "at 1m agent -discovery -otp Secret12\n",
                 "t.scn:2: -otp and -dns require -activate");
}

static void missing_file(void **state)
{
    struct scenario scenario;
    struct scenario_error error = {.text = ""};

    (void)state;
    assert_false(scenario_load("/nonexistent/x.scn", &scenario, &error));
    assert_string_equal(error.text, "cannot open /nonexistent/x.scn: No such file or directory");
    assert_false(scenario_load("/", &scenario, &error));
    assert_string_equal(error.text, "cannot read /: Is a directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times),
        cmocka_unit_test(times_as_text),
        cmocka_unit_test(releases_compare_by_number),
        cmocka_unit_test(conditions),
        cmocka_unit_test(no_condition_concerns_all),
        cmocka_unit_test(bad_conditions),
        cmocka_unit_test(setup_lines),
        cmocka_unit_test(bare_metal_words),
        cmocka_unit_test(steps_in_time),
        cmocka_unit_test(expectations),
        cmocka_unit_test(bad_expectations),
        cmocka_unit_test(errors_name_line_and_word),
        cmocka_unit_test(every_faulty_line_is_told),
        cmocka_unit_test(words_that_contradict),
        cmocka_unit_test(marks_of_encodings),
        cmocka_unit_test(repetitions),
        cmocka_unit_test(newer_words),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(line_ends_do_not_matter),
        cmocka_unit_test(quoted_words_are_no_keywords),
        cmocka_unit_test(limits),
        cmocka_unit_test(replacing_is_no_addition),
        cmocka_unit_test(secrets_stay_secret),
        cmocka_unit_test(missing_file),
    };
    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
