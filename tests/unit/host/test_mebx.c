// SPDX-License-Identifier: BSD-3-Clause
// links: @mebx @core
#include "fw/core/power.h"
#include "tests/fixtures/mebx.h"

/* --- login --- */

static void test_the_screen_from_login_to_main_menu(void **state)
{
    (void)state;
    changed(r502);
    open_menu(r502);
    type(LOGIN);
    assert_string_equal(fixture.screen, "Intel(R) Management Engine BIOS Extension, release 5.0.2\n"
                                        "Ctrl-C leaves and stores nothing.\n"
                                        "Intel(R) ME password: *********\n"
                                        "\n"
                                        "MAIN MENU\n"
                                        "  1. Change Intel(R) ME password\n"
                                        "  2. Intel(R) ME configuration\n"
                                        "  3. Intel(R) AMT configuration\n"
                                        "  4. Exit\n"
                                        "Number: ");
    assert_true(fixture.mebx.logged_in);
    assert_false(fixture.left);
}

static void test_default_password_must_be_changed_first(void **state)
{
    static const char *const weak[] = {"",
                                       "admin",
                                       "Passw0r",
                                       "password1!",
                                       "PASSWORD1!",
                                       "Password!!",
                                       "Passw0rdd",
                                       "Passw0rd_",
                                       "Passw0rd ",
                                       "Pass:w0rd!",
                                       "Pass,w0rd!",
                                       "Pass\"w0rd!",
                                       "Passw0rd!Passw0rd!Passw0rd!Passw0"};

    (void)state;
    factory(r502);
    open_menu(r502);
    type("admin\r");
    shows("Change the default password first.\nNew Intel(R) ME password: ");
    for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
        forget();
        type(weak[i]);
        type("\r");
        shows("Refused: 8 to 32 characters: lower and upper case, a digit, a special one, "
              "none of : \" ,\n");
        assert_false(on_screen("MAIN MENU"));
        assert_true(now()->secret.password_default);
    }
    forget();
    type(OWN "\r" OTHER "\r");
    shows("Refused: the two passwords differ\n");
    assert_false(on_screen("MAIN MENU"));
    assert_string_equal(now()->secret.password, "admin");
    forget();
    type(OWN "\r" OWN "\r");
    shows("MAIN MENU");
    assert_string_equal(now()->secret.password, OWN);
    assert_false(now()->secret.password_default);
    type(EXIT);
    assert_true(fixture.left);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->secret.password, OWN);
    assert_string_equal(fixture.settings.secret.password, "admin");
}

static void test_three_wrong_passwords_leave(void **state)
{
    (void)state;
    changed(r502);
    open_menu(r502);
    type("admin\rPassw0rd\r");
    assert_false(fixture.left);
    type(LOGIN EXIT); /* the third one is right */
    assert_true(fixture.left);
    assert_true(fixture.mebx.logged_in);

    open_menu(r502);
    type("admin\rPassw0rd\r\r");
    assert_true(fixture.left);
    assert_false(fixture.mebx.logged_in);
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
    forget();
    type(LOGIN EXIT); /* a menu that was left takes nothing more */
    assert_true(fixture.left);
    assert_string_equal(fixture.screen, "");
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

static void test_password_change_by_choice(void **state)
{
    (void)state;
    walk(SETUP_PROVISIONED, "1\r\r1\rweak\r1\r" OTHER "\r" OWN "\r");
    assert_string_equal(now()->secret.password, OWN);
    type("1\r" OTHER "\r" OTHER "\r" EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->secret.password, OTHER);
    assert_string_equal(now()->secret.password + strlen(OTHER) + 1, "");
}

/* --- lines --- */

static void test_line_editing(void **state)
{
    (void)state;
    changed(r502);
    open_menu(r502);
    forget();
    type("\b\x7fPassw0rdXX\b\x7f!\n");
    assert_memory_equal(fixture.screen, "**********\b \b\b \b*\n\nMAIN", 23);
    forget();
    type("3\x01\x1b\x1f\t");
    assert_string_equal(fixture.screen, "3");
    forget();
    type("\x80\xff");
    assert_string_equal(fixture.screen, "\a\a");
    type("\r\n1\r\nws1\r\n"); /* CR and LF together end one line */
    assert_string_equal(now()->config.host_name, "ws1");
    shows("  1. Host name [ws1]\n");
    type("1\n\n"); /* alone each of them ends one */
    assert_string_equal(now()->config.host_name, "ws1");
    type("\r\r1\rws2\r");
    assert_string_equal(now()->config.host_name, "ws2");
}

static void test_a_line_of_259_characters_and_one_more(void **state)
{
    char line[MEBX_LINE + 4];

    (void)state;
    walk(SETUP_FACTORY, TCPIP "2\r");
    memset(line, 'a', sizeof(line));
    forget();
    type_bytes(line, MEBX_LINE - 1);
    assert_false(on_screen("\a"));
    type("\r");
    shows("Refused: letters, digits, '-' and '.'");
    type("2\r");
    type_bytes(line, MEBX_LINE);
    shows("\a");
    /* Neither what follows nor a rubbed-out end makes a value of it. */
    type("\b\b\x7f.example\r");
    shows("Refused: a line has at most 259 characters\nDomain name (empty: keep, .: remove): ");
    assert_string_equal(now()->config.domain, "");
    forget();
    type_bytes(line, MEBX_LINE);
    type("\b\r");
    shows("Refused: a line has at most 259 characters\n");
    type("example.com\r");
    assert_string_equal(now()->config.domain, "example.com");
}

static void test_what_the_menu_does_not_have(void **state)
{
    static const char *const wrong[] = {"5\r", "0\r", "99\r"};
    static const char *const no_number[] = {
        "x\r", "-1\r", " 2\r", "2 \r", "02\r", "100\r", "4294967298\r", "18446744073709551618\r"};

    (void)state;
    walk(SETUP_FACTORY, "");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        forget();
        type(wrong[i]);
        shows("Refused: the list has no such number\n\nMAIN MENU\n");
    }
    for (size_t i = 0; i < sizeof(no_number) / sizeof(no_number[0]); i++) {
        forget();
        type(no_number[i]);
        shows("Refused: expected a number of the list\n\nMAIN MENU\n");
    }
    type(EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define SUFFIX_223                                                                                 \
    L63 "." L63 "." L63 "."                                                                        \
        "abcdefghijklmnopqrstuvwxyzabcde"
#define FQDN_253                                                                                   \
    L63 "." L63 "." L63 "."                                                                        \
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"

static void test_host_name(void **state)
{
    static const struct entry names[] = {
        {"ws1", NULL},
        {"WS-1", NULL},
        {L63, NULL},
        {L63 "l", "a host name is 1 to 63 letters, digits and '-'\n"},
        {"ws_1", "a host name is 1 to 63 letters, digits and '-'\n"},
        {"ws1.example", "a host name has no dots; the domain is another item\n"},
        {"ws 1", "a host name is 1 to 63 letters, digits and '-'\n"},
        {"ws*", "a host name is 1 to 63 letters, digits and '-'\n"},
    };

    (void)state;
    TRY(AMT, "1\r", names);
    changed(r502);
    walk(SETUP_FACTORY, AMT "1\rlonger-name\r1\rws1\r" UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->config.host_name, "ws1");
    assert_string_equal(now()->config.host_name + 4, "");
    fixture.settings = *now();
    walk(SETUP_FACTORY, AMT "1\r.\r" UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->config.host_name, "");
    walk(SETUP_FACTORY, AMT "1\rws1\r1\r\r" UP EXIT); /* as it was, and kept */
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

static void test_names(void **state)
{
    static const struct entry domains[] = {
        {"example", NULL},
        {"a.example.com", NULL},
        {SUFFIX_223, NULL},
        {SUFFIX_223 "f", "letters, digits, '-' and '.'"},
        {"my_domain.com", "no underscore"},
        {"example..com", "letters, digits, '-' and '.'"},
        {"example.com.", "letters, digits, '-' and '.'"},
        {".com", "letters, digits, '-' and '.'"},
        {"exa mple.com", "letters, digits, '-' and '.'"},
    };
    static const struct entry fqdns[] = {{"sca.example.com", NULL},
                                         {FQDN_253, NULL},
                                         {FQDN_253 "j", "letters, digits, '-' and '.'"}};

    (void)state;
    TRY(TCPIP, "2\r", domains);
    TRY(REMOTE, "2\r", domains);
    TRY(SETUP, "4\r", fqdns);
    changed(r502);
    walk(SETUP_FACTORY, TCPIP "2\rexample.com\r" UP UP SETUP
                              "4\rsca.example.com\r5\r2\rexample.org\r" UP UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->config.domain, "example.com");
    assert_string_equal(now()->config.server_fqdn, "sca.example.com");
    assert_string_equal(now()->config.pki_suffix, "example.org");
}

static void test_addresses(void **state)
{
    static const struct entry machines[] = {
        {"192.168.0.2", NULL},
        {"223.255.255.255", NULL},
        {"1.0.0.0", NULL},
        {"0.0.0.0", NULL},
        {"0.0.0.1", "expected the address of one machine\n"},
        {"127.0.0.1", "expected the address of one machine\n"},
        {"224.0.0.1", "expected the address of one machine\n"},
        {"255.255.255.255", "expected the address of one machine\n"},
        {"192.168.0", "expected an address like 192.168.0.2\n"},
        {"192.168.0.2.1", "expected an address like"},
        {"192.168.0.256", "expected an address like"},
        {"192.168.0.02", "expected an address like"},
        {"192.168..2", "expected an address like"},
        {"192.168.0.2 ", "expected an address like"},
        {"192.168.0.-2", "expected an address like"},
        {"4294967488.168.0.2", "expected an address like"},
        {"sca", "expected an address like"},
    };
    static const struct entry masks[] = {
        {"255.255.255.0", NULL},
        {"255.255.254.0", NULL},
        {"128.0.0.0", NULL},
        {"255.0.255.0", "expected a mask like 255.255.255.0\n"},
        {"0.0.0.255", "expected a mask like 255.255.255.0\n"},
        {"192.168.0.2", "expected a mask like 255.255.255.0\n"},
        {"255", "expected an address like"},
    };

    (void)state;
    TRY(TCPIP, "3\r", machines);
    TRY(TCPIP, "4\r", masks);
    TRY(TCPIP, "5\r", machines);
    TRY(TCPIP, "6\r", machines);
    TRY(TCPIP, "7\r", machines);
    changed(r502);
    walk(SETUP_FACTORY, TCPIP "1\r1\r3\r192.168.0.2\r4\r255.255.255.0\r5\r192.168.0.1\r"
                              "6\r192.168.0.3\r7\r192.168.0.4\r");
    shows("  1. DHCP [Disabled]\n");
    shows("  3. IP address [192.168.0.2]\n");
    type(UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_false(now()->config.dhcp_enabled);
    assert_int_equal(now()->config.fixed.ip, 0xC0A80002);
    assert_int_equal(now()->config.fixed.mask, 0xFFFFFF00);
    assert_int_equal(now()->config.fixed.gateway, 0xC0A80001);
    assert_int_equal(now()->config.fixed.dns1, 0xC0A80003);
    assert_int_equal(now()->config.fixed.dns2, 0xC0A80004);
    assert_false(on_screen("on no network"));
    changed(r502);
    walk(SETUP_FACTORY, TCPIP "6\r192.168.0.3\r" UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->config.fixed.dns1, 0xC0A80003);
    fixture.settings = *now();
    walk(SETUP_FACTORY, TCPIP "6\r192.168.0.3\r" UP UP EXIT); /* as it was */
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

/* G03: possible, and said. */
static void test_no_dhcp_and_no_address(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, TCPIP "1\r1\r" UP UP EXIT);
    shows("Without DHCP and address the ME is on no network.\n");
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_false(now()->config.dhcp_enabled);
}

static void test_provisioning_server(void **state)
{
    static const struct entry servers[] = {
        {"192.168.0.9\r9971", NULL},
        {"192.168.0.9\r1", NULL},
        {"\r65535", NULL},
        {"0.0.0.0\r", NULL},
        {"\r0", "expected a port from 1 to 65535\n"},
        {"\r65536", "expected a port from 1 to 65535\n"},
        {"\r99x", "expected a port from 1 to 65535\n"},
        {"sca", "expected an address like 192.168.0.2\n"},
        {"255.255.255.255", "expected the address of one machine\n"},
    };

    (void)state;
    TRY(SETUP, "1\r", servers);
    changed(r502);
    walk(SETUP_FACTORY, SETUP);
    shows("  1. Provisioning server [look-up of ProvisionServer, port 9971]\n");
    type("1\r192.168.0.9\r9000\r");
    shows("  1. Provisioning server [192.168.0.9, port 9000]\n");
    type(UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->config.server_ip, 0xC0A80009);
    assert_int_equal(now()->config.server_port, 9000);
    fixture.settings = *now();
    walk(SETUP_FACTORY, SETUP "1\r0.0.0.0\r\r" UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->config.server_ip, 0);
    walk(SETUP_FACTORY, SETUP "1\r192.168.0.9\r9000\r" UP UP EXIT); /* as it was */
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

static void test_idle_time_out(void **state)
{
    static const struct entry minutes[] = {{"1", NULL},
                                           {"65535", NULL},
                                           {"0", "expected 1 to 65535 minutes\n"},
                                           {"65536", "expected 1 to 65535 minutes\n"},
                                           {"ten", "expected 1 to"}};

    (void)state;
    TRY(ME, "3\r", minutes);
    changed(r502);
    walk(SETUP_FACTORY, ME "3\r30\r" UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->me.idle_timeout_min, 30);
    shows("  3. Idle time-out [30 minutes]\n");
}

/* HP5: a 5.0 desktop offers seven packages, "Desktop: ON in S0" first. */
static void test_power_packages(void **state)
{
    static const struct entry numbers[] = {{"1", NULL},
                                           {"7", NULL},
                                           {"8", "the list has no such number\n"},
                                           {"0", "expected a number of the list\n"},
                                           {"x", "expected a number of the list\n"}};
    char text[POWER_TEXT];

    (void)state;
    TRY(ME, "2\r", numbers);
    changed(r502);
    walk(SETUP_FACTORY, ME "2\r");
    shows("  2. Power package [Desktop: ON in S0]\n");
    shows("Power package\n"
          "  1. Desktop: ON in S0\n"
          "  2. Desktop: ON in S0, S3\n"
          "  3. Desktop: ON in S0, S3, S4-5\n"
          "  4. Desktop: ON in S0, ME Wake in S3\n"
          "  5. Desktop: ON in S0, ME Wake in S3, S4-5\n"
          "  6. Desktop: ON in S0, S3, S4-5, OFF After Power Loss\n"
          "  7. Desktop: ON in S0, ME Wake in S3, S4-5, OFF After Power Loss\n"
          "Number (empty: keep): ");
    type("3\r" UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(power_text(now()->me.power_package, text), "Desktop: ON in S0, S3, S4-5");
}

/* From 6.0 on, where there is no small-business mode (MEBX7). */
static void test_legacy_redirection(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, SOL);
    assert_false(on_screen("Legacy redirection mode"));
    type("4\r2\r");
    assert_int_equal(now()->config.redirection, REDIRECTION_ALL);
    changed(release_find("6.0"));
    fixture.setup.state = SETUP_PROVISIONED;
    open_menu(release_find("6.0"));
    type(LOGIN SOL);
    shows("  4. Legacy redirection mode [Disabled]\n");
    type("4\r2\r");
    assert_int_equal(now()->config.redirection, REDIRECTION_ALL | REDIRECTION_LEGACY);
    shows("  4. Legacy redirection mode [Enabled]\n");
}

static void test_choices(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, SOL "1\r1\r2\r1\r3\r1\r");
    assert_int_equal(now()->config.redirection, 0);
    type("2\r2\r");
    assert_int_equal(now()->config.redirection, REDIRECTION_SOL);
    type("3\r2\r");
    assert_int_equal(now()->config.redirection, REDIRECTION_SOL | REDIRECTION_IDER);
    type("1\r2\r2\r1\r" UP "6\r3\r");
    assert_int_equal(now()->config.redirection, REDIRECTION_IDER | REDIRECTION_USER);
    assert_int_equal(now()->config.password_policy, PASSWORD_ANYTIME);
    shows("  6. Password policy [Anytime]\n");
    type("6\r1\r");
    assert_int_equal(now()->config.password_policy, PASSWORD_DEFAULT_ONLY);
    type("4\r5\r1\r1\r");
    assert_false(now()->config.rcfg_enabled);
    type("1\r3\r1\r0\r1\rx\r"); /* refused, and nothing changes */
    assert_false(now()->config.rcfg_enabled);
    type("1\r2\r");
    assert_true(now()->config.rcfg_enabled);
}

/* M01: without AMT its menu is closed; a key entered before is stored and starts nothing. */
static void test_manageability(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, SETUP "2\r" PID "\r" PPS "\r" UP UP ME "1\r1\r" UP);
    assert_int_equal(now()->me.manageability, MANAGEABILITY_NONE);
    forget();
    type("3\r");
    shows("Refused: the manageability feature is not Intel(R) AMT\n\nMAIN MENU\n");
    type(EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    fixture.settings = *now();
    walk(SETUP_FACTORY, ME "1\r2\r" UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->me.manageability, MANAGEABILITY_AMT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_screen_from_login_to_main_menu),
        cmocka_unit_test(test_default_password_must_be_changed_first),
        cmocka_unit_test(test_three_wrong_passwords_leave),
        cmocka_unit_test(test_password_change_by_choice),
        cmocka_unit_test(test_line_editing),
        cmocka_unit_test(test_a_line_of_259_characters_and_one_more),
        cmocka_unit_test(test_what_the_menu_does_not_have),
        cmocka_unit_test(test_host_name),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_no_dhcp_and_no_address),
        cmocka_unit_test(test_provisioning_server),
        cmocka_unit_test(test_idle_time_out),
        cmocka_unit_test(test_power_packages),
        cmocka_unit_test(test_legacy_redirection),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_manageability),
    };
    return cmocka_run_group_tests_name("mebx", tests, find_rows, NULL);
}
