// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
#define _POSIX_C_SOURCE 200809L // mkdtemp
#include "tests/fixtures/scenario.h"

/* Lines about the machine, MEBx, USB keys and the host interface. */

static void machine_lines(void **state)
{
    struct scenario s;

    (void)state;
    read_good("device 5.0.3\npc stays-off\n"
              "at 1m power s3\npower s5\npower s0\nmains off\nbios amt off\n"
              "lan dhcp nak\nlan dhcp nak off\nlan dhcp slow 5s\nlan pool 10.0.0.80\n"
              "probe 10.0.0.50 16993\n"
              "lan rogue-dhcp 10.0.0.66 option15 evil.example\nlan rogue-dhcp off\n"
              "lan spoof ack option15 evil.example\n",
              &s);
    assert_int_equal(s.step[1].pc, PC_STAYS_OFF);
    assert_int_equal(s.step[2].kind, STEP_POWER);
    assert_int_equal(s.step[2].power, POWER_S3);
    assert_int_equal(s.step[3].power, POWER_S45);
    assert_int_equal(s.step[4].power, POWER_S0);
    assert_int_equal(s.step[5].kind, STEP_MAINS);
    assert_false(s.step[5].on);
    assert_int_equal(s.step[6].kind, STEP_BIOS);
    assert_false(s.step[6].on);
    assert_int_equal(s.step[7].kind, STEP_LAN_NAK);
    assert_true(s.step[7].on);
    assert_false(s.step[8].on);
    assert_int_equal(s.step[9].kind, STEP_LAN_SLOW);
    assert_int_equal(s.step[9].delay_us, 5000000);
    assert_int_equal(s.step[10].kind, STEP_LAN_POOL);
    assert_int_equal(s.step[10].ip, 0x0A000050);
    assert_int_equal(s.step[11].kind, STEP_PROBE);
    assert_int_equal(s.step[11].port, 16993);
    assert_int_equal(s.step[12].kind, STEP_LAN_ROGUE);
    assert_true(s.step[12].on);
    assert_int_equal(s.step[12].ip, 0x0A000042);
    assert_string_equal(s.step[12].name, "evil.example");
    assert_int_equal(s.step[13].kind, STEP_LAN_ROGUE);
    assert_false(s.step[13].on);
    assert_int_equal(s.step[14].kind, STEP_LAN_SPOOF);
    assert_string_equal(s.step[14].name, "evil.example");
    scenario_free(&s);
    expect_error(HEAD "at 1m power s4\n",
                 "t.scn:2: unknown state after power \"s4\"; expected one of s0, s3, s5");
    expect_error(HEAD "at 1m bios off\n", "t.scn:2: unknown word after bios \"off\"; expected amt");
    expect_error(HEAD "power s3\n", "t.scn:2: power needs a time; expected `at TIME power ...`");
    expect_error(HEAD "lan dhcp dead\n", "t.scn:2: unknown word after lan dhcp \"dead\"; expected "
                                         "one of off, on, nak, slow");
    expect_error(HEAD "lan rogue-dhcp 10.0.0.66\n",
                 "t.scn:2: missing word after lan rogue-dhcp IP; "
                 "expected option15");
    expect_error(HEAD "lan spoof ack option15 evil.example\n",
                 "t.scn:2: lan spoof needs a time; expected `at TIME lan spoof ...`");
    expect_error(HEAD "at 1m probe 10.0.0.50\n",
                 "t.scn:2: missing port; expected a number from 1 to 65535");
}

static void visits_to_mebx(void **state)
{
    static const uint8_t hash[3] = {0x00, 0x11, 0xab};
    struct scenario s;

    (void)state;
    read_good(HEAD "at 1m mebx psk 0000-037M not-a-pps password Provisi0n!\n"
                   "refused mebx host under_score\n"
                   "mebx hash add sha1:0011AB2233445566778899aabbccddeeff001122 \"Corp root\"\n"
                   "mebx hash 2 off\n"
                   "mebx mode smb\n"
                   "mebx power \"Desktop: ON in S0, S3\"\n"
                   "mebx address 10.0.0.60 255.255.255.0 10.0.0.1 10.0.0.2\n"
                   "mebx suffix none\n"
                   "mebx keys \"a\\n\\x03\\\\n\"\n",
              &s);
    assert_int_equal(s.step[1].kind, STEP_MEBX_VISIT);
    assert_int_equal(s.step[1].visit.change, VISIT_PSK);
    assert_string_equal(s.step[1].visit.text, "0000-037M");
    assert_string_equal(s.step[1].visit.pps, "not-a-pps");
    assert_string_equal(s.step[1].visit.password, "Provisi0n!");
    assert_false(s.step[1].refused);
    assert_true(s.step[2].refused);
    assert_int_equal(s.step[2].visit.change, VISIT_HOST);
    assert_string_equal(s.step[2].visit.text, "under_score");
    assert_string_equal(s.step[2].text, "refused mebx host under_score");
    assert_int_equal(s.step[3].visit.change, VISIT_HASH_ADD);
    assert_int_equal(s.step[3].visit.algorithm, CERT_HASH_SHA1);
    assert_memory_equal(s.step[3].visit.bytes, hash, sizeof hash);
    assert_int_equal(s.step[3].visit.bytes[19], 0x22);
    assert_string_equal(s.step[3].visit.text, "Corp root");
    assert_int_equal(s.step[4].visit.hash, 2);
    assert_false(s.step[4].visit.on);
    assert_int_equal(s.step[5].visit.mode, MODE_SMB);
    assert_int_equal(s.step[6].visit.package, 1);
    assert_int_equal(s.step[7].visit.fixed.dns1, 0x0A000002);
    assert_null(s.step[8].visit.text);
    assert_int_equal(s.step[9].kind, STEP_MEBX_KEYS);
    assert_string_equal(s.step[9].keys, "a\n\x03\\n");
    scenario_free(&s);
}

static void bad_visits(void **state)
{
    (void)state;
    expect_error_begins(HEAD "at 1m mebx jump\n",
                        "t.scn:2: unknown word after mebx \"jump\"; expected one of psk, password");
    expect_error(HEAD "at 1m mebx hash 0 on\n",
                 "t.scn:2: invalid number of the hash \"0\"; expected a number from 1 to 23");
    expect_error(HEAD "at 1m mebx hash add md5:00 x\n",
                 "t.scn:2: invalid hash \"md5:00\"; expected sha1:HEX, sha256:HEX or sha384:HEX");
    expect_error(HEAD "at 1m mebx hash add sha1:00 x\n",
                 "t.scn:2: invalid hash; expected 40 hexadecimal digits");
    expect_error(HEAD "at 1m mebx hash add sha1:0011AB2233445566778899aabbccddeeff00112233 x\n",
                 "t.scn:2: invalid hash; expected 40 hexadecimal digits");
    expect_error(
        HEAD "at 1m mebx power \"Always\"\n",
        "t.scn:2: unknown power package \"Always\"; expected one like \"Desktop: ON in S0\"");
    expect_error_begins(HEAD "at 1m mebx keys \"\\q\"\n",
                        "t.scn:2: invalid escape in the text to type; ");
    expect_error_begins(HEAD "at 1m mebx keys \"\\x00\"\n",
                        "t.scn:2: invalid escape in the text to type; ");
    expect_error_begins(HEAD "at 1m mebx keys \"\\\"\n",
                        "t.scn:2: invalid escape in the text to type; ");
    expect_error(HEAD "at 1m refused ac off\n",
                 "t.scn:2: refused can only precede unprovision, mebx, usb, upgrade or sca IP ask");
    expect_error(HEAD "at 1m refused expect pid none\n",
                 "t.scn:2: refused can only precede unprovision, mebx, usb, upgrade or sca IP ask");
    expect_error_begins(HEAD "at 1m refused\n", "t.scn:2: missing action; ");
}

static void host_interface_expectations(void **state)
{
    struct scenario s;

    (void)state;
    read_good(HEAD "at 1m expect state none\n"
                   "expect pid none\n"
                   "expect pid 0000-037M\n"
                   "expect tls-mode pki\n"
                   "expect amthi \"0101 0000\" \"01xx 00\"\n"
                   "expect amthi 0101 empty\n"
                   "expect probe closed\n"
                   "expect usb \"applied\"\n"
                   "expect sca connections < 3\n",
              &s);
    assert_int_equal(s.step[1].expect.number, STATE_NO_ANSWER);
    assert_null(s.step[2].expect.text);
    assert_string_equal(s.step[3].expect.text, "0000-037M");
    assert_int_equal(s.step[4].expect.number, 2);
    assert_string_equal(s.step[5].expect.request, "01010000");
    assert_string_equal(s.step[5].expect.text, "01xx00");
    assert_null(s.step[6].expect.text);
    assert_int_equal(s.step[7].expect.number, PROBE_CLOSED);
    assert_string_equal(s.step[8].expect.text, "applied");
    assert_int_equal(s.step[9].expect.number, 3);
    scenario_free(&s);
    expect_error(HEAD "at 1m expect pid 0000-0370\n",
                 "t.scn:2: invalid PID \"0000-0370\"; expected one like 0000-037M, or none");
    expect_error(HEAD "at 1m expect amthi 01xx empty\n",
                 "t.scn:2: invalid request; expected at most 512 bytes, none of them xx");
    expect_error_begins(HEAD "at 1m expect amthi 0101 010\n", "t.scn:2: invalid bytes \"010\"; ");
    expect_error(
        HEAD "at 1m expect probe shut\n",
        "t.scn:2: unknown result of the probe \"shut\"; expected one of silent, closed, open");
    expect_error(HEAD "at 1m expect tls-mode tls\n",
                 "t.scn:2: unknown TLS mode \"tls\"; expected one of none, psk, pki");
}

/* In a folder of its own, so that the path is the scenario's and not the test's. */
static void files_beside_the_scenario(void **state)
{
    static const char text[] = HEAD "at 1m usb stick.bin flip 1 truncate 3\nusb again\n";
    char folder[] = "/tmp/scenario-XXXXXX", path[64], file[64];
    struct scenario s;
    struct scenario_error error = {.text = ""};

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/stick.bin", folder);
    snprintf(file, sizeof file, "%s/t.scn", folder);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite("\1\2\3\4", 1, 4, out), 4);
    assert_int_equal(fclose(out), 0);
    if (!scenario_read(file, text, sizeof text - 1, &s, &error))
        fail_msg("%s", error.text);
    assert_int_equal(s.step[1].stick.len, 3);
    assert_memory_equal(s.step[1].stick.file, "\1\xfd\3", 3);
    assert_null(s.step[2].stick.file);
    scenario_free(&s);
    remove(path);
    remove(folder);
    expect_error(HEAD "at 1m usb stick.bin\n",
                 "t.scn:2: cannot open \"stick.bin\": No such file or directory");
    expect_error_begins(HEAD "device oem ./none.oem\n",
                        "t.scn:2: cannot open ./none.oem: No such file");
}

static void buttons_and_consoles(void **state)
{
    struct scenario s;

    (void)state;
    read_good(HEAD "console 10.0.0.8 use soap tls\n"
                   "at 1m press power\npress keys \"root\\n\\x1b\"\n"
                   "console 10.0.0.8 power cycle boot pxe sol as lisa Secret1!\n"
                   "console 10.0.0.8 power up\n"
                   "console 10.0.0.8 read log\n"
                   "console 10.0.0.8 redirection on\n"
                   "console 10.0.0.8 user add lisa Secret1! event-log redirection as admin Q\n"
                   "console 10.0.0.8 sol open\n"
                   "console 10.0.0.8 sol type \"ls\\n\"\n"
                   "console 10.0.0.8 sol close\n",
              &s);
    assert_int_equal(s.step[1].kind, STEP_CONSOLE_USE);
    assert_true(s.step[1].setup && s.step[1].console.on);
    assert_int_equal(s.step[1].protocol, CONSOLE_SOAP);
    assert_int_equal(s.step[2].kind, STEP_PRESS);
    assert_int_equal(s.step[2].button, WORLD_POWER_BUTTON);
    assert_string_equal(s.step[3].keys, "root\n\x1b");
    assert_int_equal(s.step[4].kind, STEP_CONSOLE_ORDER);
    assert_int_equal(s.step[4].console.command, CONSOLE_CYCLE);
    assert_int_equal(s.step[4].console.source, CONSOLE_BOOT_PXE);
    assert_int_equal(s.step[4].console.options, CONSOLE_OPTION_SOL);
    assert_string_equal(s.step[4].console.user, "lisa");
    assert_string_equal(s.step[4].console.password, "Secret1!");
    assert_null(strstr(s.step[4].text, "Secret1!"));
    assert_string_equal(s.step[5].console.user, "admin");
    assert_int_equal(s.step[6].console.task, CONSOLE_LOG);
    assert_true(s.step[7].console.on);
    assert_int_equal(s.step[8].console.realms, 1u << 19 | 1u << 2); /* LMS-cim */
    assert_string_equal(s.step[8].console.new_password, "Secret1!");
    assert_string_equal(s.step[8].console.user, "admin");
    assert_null(strstr(s.step[8].text, "Secret1!"));
    assert_int_equal(s.step[9].kind, STEP_SOL_OPEN);
    assert_string_equal(s.step[10].keys, "ls\n");
    assert_int_equal(s.step[11].kind, STEP_SOL_CLOSE);
    scenario_free(&s);
    expect_error(HEAD "sca 10.0.0.5 listen\nat 1m console 10.0.0.5 power up\n",
                 "t.scn:3: a set-up application has this address; expected another one");
    expect_error(HEAD "console 10.0.0.8 power up\n",
                 "t.scn:2: console power needs a time; expected `at TIME console ...`");
    expect_error(HEAD "at 1m console 10.0.0.8 power up sol sol\n",
                 "t.scn:2: \"sol\" stands on this line twice; expected it once");
    expect_error(HEAD "at 1m console 10.0.0.8 user add lisa Secret1! everything\n",
                 "t.scn:2: unknown realm \"everything\"; expected one of redirection, "
                 "administration, hardware, remote-control, event-manager, network-time, "
                 "general-info, event-log, audit-log, users");
    expect_error(HEAD "at 1m console 10.0.0.1 read state\nconsole 10.0.0.2 read state\n"
                      "console 10.0.0.3 read state\nconsole 10.0.0.4 read state\n"
                      "console 10.0.0.6 read state\n",
                 "t.scn:6: too many consoles; expected at most 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machine_lines),
        cmocka_unit_test(visits_to_mebx),
        cmocka_unit_test(bad_visits),
        cmocka_unit_test(host_interface_expectations),
        cmocka_unit_test(files_beside_the_scenario),
        cmocka_unit_test(buttons_and_consoles),
    };
    return cmocka_run_group_tests_name("scenario machine", tests, NULL, NULL);
}
