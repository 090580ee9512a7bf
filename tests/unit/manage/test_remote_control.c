// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

/* Power and boot as consoles ask for them: amttool over RemoteControl, MeshCommander and
 * MeshCentral over WS-Man. */

#define REMOTE "/RemoteControlService"
#define SELECTED(name, value)                                                                      \
    "<w:SelectorSet><w:Selector Name=\"" name "\">" value "</w:Selector></w:SelectorSet>"
#define EPR(tag, class, selectors)                                                                 \
    "<r:" tag "><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing</a:Address>"           \
    "<a:ReferenceParameters><w:ResourceURI>" CIM class "</w:ResourceURI>" selectors                \
                                                       "</a:ReferenceParameters></r:" tag ">"

static struct machine_fixture machine;

static void start(struct manage_fixture *b, const char *release)
{
    machine_fixture_init(&machine);
    fixture_init(b, release);
    b->machine = &machine;
    fixture_state(b, 2, ADMITTED_OPEN);
}

/* What follows Status in the answer to a RemoteControl of these elements. */
static int remote_control(struct manage_fixture *b, const char *arguments)
{
    char envelope[2048];
    const char *status;

    snprintf(envelope, sizeof(envelope),
             ENVELOPE_11 "<RemoteControl xmlns=\"" NS
                         "RemoteControl/2004/01\">%s</RemoteControl>" END_11,
             arguments);
    fixture_ask(b, REMOTE, envelope);
    assert_int_equal(b->status, 200);
    status = strstr(fixture_body(b), "<Status>");
    assert_non_null(status);
    return (int)strtol(status + strlen("<Status>"), NULL, 10);
}

/* A method of WS-Man's: its ReturnValue. */
static int invoke(struct manage_fixture *b, const char *class, const char *method,
                  const char *arguments)
{
    char envelope[2048], action[256], request[1536], uri[128];
    const char *value;

    snprintf(uri, sizeof(uri), CIM "%s", class);
    snprintf(action, sizeof(action), "%s/%s", uri, method);
    snprintf(request, sizeof(request), "<r:%s_INPUT xmlns:r=\"%s\">%s</r:%s_INPUT>", method, uri,
             arguments, method);
    mesh(envelope, action, uri, request);
    fixture_ask(b, "/wsman", envelope);
    assert_int_equal(b->status, 200);
    value = strstr(fixture_body(b), "<g:ReturnValue>");
    assert_non_null(value);
    return (int)strtol(value + strlen("<g:ReturnValue>"), NULL, 10);
}

static const char *get(struct manage_fixture *b, const char *uri)
{
    char envelope[2048];

    mesh(envelope, TRANSFER "/Get", uri, "");
    fixture_ask(b, "/wsman", envelope);
    return fixture_body(b);
}

static int put_boot(struct manage_fixture *b, const char *settings)
{
    char envelope[2048], object[1536];

    snprintf(object, sizeof(object),
             "<r:AMT_BootSettingData xmlns:r=\"" AMT "AMT_BootSettingData\">"
             "<r:ElementName>Intel(r) AMT Boot Configuration Settings</r:ElementName>"
             "<r:EnforceSecureBoot>false</r:EnforceSecureBoot>"
             "<r:InstanceID>Intel(r) AMT:BootSettingData 0</r:InstanceID>%s"
             "</r:AMT_BootSettingData>",
             settings);
    mesh(envelope, TRANSFER "/Put", AMT "AMT_BootSettingData", object);
    fixture_ask(b, "/wsman", envelope);
    return (int)b->status;
}

#define SYSTEM                                                                                     \
    EPR("ManagedElement", "CIM_ComputerSystem",                                                    \
        "<w:SelectorSet><w:Selector Name=\"CreationClassName\">CIM_ComputerSystem</w:Selector>"    \
        "<w:Selector Name=\"Name\">ManagedSystem</w:Selector></w:SelectorSet>")

static int power(struct manage_fixture *b, const char *state)
{
    char arguments[1024];

    snprintf(arguments, sizeof(arguments), "<r:PowerState>%s</r:PowerState>" SYSTEM, state);
    return invoke(b, "CIM_PowerManagementService", "RequestPowerStateChange", arguments);
}

static int order(struct manage_fixture *b, const char *source)
{
    char arguments[1024];

    snprintf(arguments, sizeof(arguments),
             EPR("Source", "CIM_BootSourceSetting", SELECTED("InstanceID", "%s")), source);
    return invoke(b, "CIM_BootConfigSetting", "ChangeBootOrder", source[0] ? arguments : "");
}

static int role(struct manage_fixture *b, const char *number)
{
    char arguments[1024];

    snprintf(
        arguments, sizeof(arguments),
        EPR("BootConfigSetting", "CIM_BootConfigSetting",
            SELECTED("InstanceID", "Intel(r) AMT: Boot Configuration 0")) "<r:Role>%s</r:Role>",
        number);
    return invoke(b, "CIM_BootService", "SetBootConfigRole", arguments);
}

/* --- EOI --- */

/* amttool writes Command in decimal and leaves out what it does not want. */
static void amttool_asks(void **state)
{
    static const struct {
        const char *arguments;
        enum machine_state in;
        enum machine_command command;
        uint8_t source;
        uint16_t options;
    } row[] = {
        {"<Command>17</Command><IanaOemNumber>343</IanaOemNumber>", MACHINE_S5, MACHINE_POWER_UP,
         BOOT_DEFAULT, 0},
        {"<Command>18</Command><IanaOemNumber>343</IanaOemNumber>", MACHINE_S0, MACHINE_POWER_DOWN,
         BOOT_DEFAULT, 0},
        {"<Command>16</Command><IanaOemNumber>343</IanaOemNumber><SpecialCommand>1</"
         "SpecialCommand>",
         MACHINE_S0, MACHINE_RESET, BOOT_PXE, 0},
        {"<Command>19</Command><IanaOemNumber>343</IanaOemNumber><SpecialCommand>5</"
         "SpecialCommand>",
         MACHINE_S0, MACHINE_POWER_CYCLE, BOOT_CD, 0},
        {"<Command>16</Command><IanaOemNumber>343</IanaOemNumber><SpecialCommand>193</"
         "SpecialCommand>"
         "<OEMparameters>1</OEMparameters>",
         MACHINE_S0, MACHINE_RESET, BOOT_DEFAULT, BOOT_SETUP},
        {"<Command>16</Command><BootOptions>4128</BootOptions>", MACHINE_S0, MACHINE_RESET,
         BOOT_DEFAULT, BOOT_LOCK_KEYBOARD | BOOT_FORCE_PROGRESS},
    };
    struct manage_fixture b;

    (void)state;
    start(&b, "5.0.3");
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        machine.state = row[i].in;
        assert_int_equal(remote_control(&b, row[i].arguments), 0);
        assert_int_equal(machine.asked, i + 1);
        assert_int_equal(machine.command, row[i].command);
        assert_int_equal(machine.boot.source, row[i].source);
        assert_int_equal(machine.boot.options, row[i].options);
    }
}

/* Statuses: AMTTOOL's table. */
static void what_remote_control_refuses(void **state)
{
    static const struct {
        const char *arguments;
        int status;
    } row[] = {
        {"<Command>16</Command><IanaOemNumber>4711</IanaOemNumber>", 0x801},
        {"<Command>16</Command><IanaOemNumber>x</IanaOemNumber>", 0x801},
        {"<Command>16</Command><SpecialCommand>4</SpecialCommand>", 0x802}, /* it has none */
        {"<Command>16</Command><BootOptions>32768</BootOptions>", 0x802},
        {"<Command>16</Command><BootOptions>65536</BootOptions>", 0x802},
        {"<Command>16</Command><SpecialCommand>193</SpecialCommand><OEMparameters>2</"
         "OEMparameters>",
         0x802},
        {"<Command>16</Command><SpecialCommand>1</SpecialCommand><SpecialCommandParameter>9"
         "</SpecialCommandParameter>",
         0},
        {"<Command>16</Command><SpecialCommand>6</SpecialCommand>", 0x804},
        {"<Command>16</Command><SpecialCommand>194</SpecialCommand>", 0x804},
        {"<Command>17</Command>", 0x803}, /* it is on */
        {"<Command>15</Command>", 0x803},
        {"<Command>0x10</Command>", 0x803},
        {"", 0x803},
    };
    struct manage_fixture b;
    uint32_t asked = 0;

    (void)state;
    start(&b, "5.0.3");
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        assert_int_equal(remote_control(&b, row[i].arguments), row[i].status);
        asked += row[i].status == 0;
        assert_int_equal(machine.asked, asked);
    }
    b.redirection_open = true;
    assert_int_equal(remote_control(&b, "<Command>18</Command>"), 0x803);
    assert_int_equal(remote_control(&b, "<Command>19</Command>"), 0x803);
    assert_int_equal(remote_control(&b, "<Command>16</Command>"), 0);
}

static void what_remote_control_tells(void **state)
{
    struct manage_fixture b;
    const char *said;

    (void)state;
    start(&b, "5.0.3");
    b.settings.config.redirection = REDIRECTION_SOL;
    machine.state = MACHINE_S3;
    fixture_ask(&b, REMOTE, ENVELOPE_11 "<GetSystemPowerState/>" END_11);
    assert_non_null(strstr(fixture_body(&b), "<SystemPowerState>3</SystemPowerState>"));
    fixture_ask(&b, REMOTE, ENVELOPE_11 "<GetRemoteControlCapabilities/>" END_11);
    said = fixture_body(&b);
    /* SOL, BIOS set-up, pause; PXE, disk, CD */
    assert_non_null(strstr(said, "<OemDefinedCapabilities>26</OemDefinedCapabilities>"));
    assert_non_null(strstr(said, "<SpecialCommandsSupported>4864</SpecialCommandsSupported>"));
}

/* --- WS-Man --- */

/* From wherever the machine is: 0 = done, 2 = not now, 1 = never (MCMD's menus; the numbers of
 * refusals are assumed). */
static void power_states(void **state)
{
    static const struct {
        const char *number;
        int on, off;
    } row[] = {{"2", 2, 0}, {"5", 0, 2},  {"8", 0, 2}, {"10", 0, 2}, {"4", 1, 1},
               {"7", 1, 1}, {"12", 1, 1}, {"0", 1, 1}, {"x", 1, 1}};
    struct manage_fixture b;

    (void)state;
    start(&b, "6.0");
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        machine.state = MACHINE_S0;
        assert_int_equal(power(&b, row[i].number), row[i].on);
        machine.state = MACHINE_S4;
        assert_int_equal(power(&b, row[i].number), row[i].off);
    }
    machine.unable = true;
    assert_int_equal(power(&b, "2"), 2);
}

/* MeshCommander: settings, order, role, order, power; to the BIOS, with its text on the line. */
static void meshcommander_enters_the_bios(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.0");
    assert_int_equal(order(&b, ""), 0);
    assert_int_equal(put_boot(&b, "<r:BIOSSetup>true</r:BIOSSetup><r:UseSOL>true</r:UseSOL>"
                                  "<r:FirmwareVerbosity>2</r:FirmwareVerbosity>"),
                     200);
    assert_non_null(strstr(fixture_body(&b), "<g:UseSOL>true</g:UseSOL>"));
    assert_int_equal(role(&b, "1"), 0);
    assert_int_equal(order(&b, ""), 0);
    assert_int_equal(power(&b, "10"), 0);
    assert_int_equal(machine.command, MACHINE_RESET);
    assert_int_equal(machine.boot.options, BOOT_SETUP | BOOT_SOL);
    assert_int_equal(machine.boot.verbosity, 2);
    /* It was for one boot. */
    assert_non_null(strstr(get(&b, AMT "AMT_BootSettingData"), "<g:UseSOL>false</g:UseSOL>"));
    assert_int_equal(power(&b, "10"), 0);
    assert_int_equal(machine.boot.options, 0);
}

/* MeshCentral, to PXE: the role before the order. What was refused stays set for the next try. */
static void meshcentral_boots_from_the_network(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.0");
    assert_int_equal(put_boot(&b, "<r:UseSOL>false</r:UseSOL>"), 200);
    assert_int_equal(role(&b, "1"), 0);
    assert_int_equal(order(&b, "Intel(r) AMT: Force PXE Boot"), 0);
    assert_int_equal(power(&b, "2"), 2); /* it is on */
    machine.state = MACHINE_S5;
    assert_int_equal(power(&b, "2"), 0);
    assert_int_equal(machine.boot.source, BOOT_PXE);
}

static void what_boot_refuses(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.0");
    assert_int_equal(order(&b, "Intel(r) AMT: Force Diagnostic Boot"), 1); /* it has none */
    assert_int_equal(order(&b, "Intel(r) AMT: Force Floppy Boot"), 5);
    assert_int_equal(role(&b, "2"), 5);
    assert_int_equal(role(&b, "x"), 5);
    assert_int_equal(put_boot(&b, "<r:ReflashBIOS>true</r:ReflashBIOS>"), 400); /* it cannot */
    assert_int_equal(put_boot(&b, "<r:UseSOL>maybe</r:UseSOL>"), 400);
    assert_int_equal(put_boot(&b, "<r:FirmwareVerbosity>4</r:FirmwareVerbosity>"), 400);
    assert_int_equal(put_boot(&b, "<r:IDERBootDevice>2</r:IDERBootDevice>"), 400);
    assert_int_equal(put_boot(&b, "<r:UseSOL>true</r:UseSOL>"), 200);
    assert_int_equal(order(&b, "Intel(r) AMT: Force CD/DVD Boot"), 0);
    assert_int_equal(role(&b, "1"), 2); /* 6.0 refuses here (G-boot) */
    assert_int_equal(power(&b, "10"), 0);
    assert_int_equal(machine.boot.source, BOOT_DEFAULT);
    assert_int_equal(machine.boot.options, 0);
}

/* Consoles read the power state of the single item of a class above (MCMD, MC). */
static void the_power_state(void **state)
{
    struct manage_fixture b;
    char envelope[2048], pull[512], context[64];
    const char *said;

    (void)state;
    start(&b, "3.2.1");
    machine.state = MACHINE_S3;
    mesh(envelope, ENUMERATION "/Enumerate", CIM "CIM_ServiceAvailableToElement",
         "<Enumerate xmlns=\"" ENUMERATION "\"/>");
    fixture_ask(&b, "/wsman", envelope);
    assert_int_equal(b.status, 200);
    said = strstr(fixture_body(&b), "EnumerationContext>");
    assert_non_null(said);
    assert_int_equal(sscanf(said, "EnumerationContext>%63[^<]", context), 1);
    snprintf(pull, sizeof(pull),
             "<Pull xmlns=\"" ENUMERATION "\"><EnumerationContext>%s</EnumerationContext>"
             "<MaxElements>999</MaxElements></Pull>",
             context);
    mesh(envelope, ENUMERATION "/Pull", CIM "CIM_ServiceAvailableToElement", pull);
    fixture_ask(&b, "/wsman", envelope);
    assert_int_equal(b.status, 200);
    said = fixture_body(&b);
    assert_non_null(strstr(said, "<g:CIM_AssociatedPowerManagementService>"));
    assert_non_null(strstr(said, "<g:PowerState>4</g:PowerState>"));
    assert_non_null(
        strstr(said, "<g:AvailableRequestedPowerStates>2</g:AvailableRequestedPowerStates>"));
    assert_null(strstr(said, "<g:AvailableRequestedPowerStates>5<"));
    assert_non_null(strstr(said, "ManagedSystem"));
    machine.state = MACHINE_S0;
    said = get(&b, CIM "CIM_AssociatedPowerManagementService");
    assert_non_null(strstr(said, "<g:PowerState>2</g:PowerState>"));
    assert_null(strstr(said, "<g:AvailableRequestedPowerStates>2<"));
}

static void the_classes(void **state)
{
    static const char *const single[] = {CIM "CIM_PowerManagementService",
                                         CIM "CIM_PowerManagementCapabilities",
                                         CIM "CIM_BootService",
                                         CIM "CIM_BootConfigSetting",
                                         AMT "AMT_BootCapabilities",
                                         AMT "AMT_BootSettingData"};
    struct manage_fixture b;
    const char *said;

    (void)state;
    start(&b, "6.2");
    for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
        said = get(&b, single[i]);
        assert_int_equal(b.status, 200);
        assert_non_null(strstr(said, "<g:ElementName>"));
    }
    said = get(&b, AMT "AMT_BootCapabilities");
    assert_non_null(strstr(said, "<g:ForcePXEBoot>true</g:ForcePXEBoot>"));
    assert_non_null(strstr(said, "<g:ForceDiagnosticBoot>false</g:ForceDiagnosticBoot>"));
    assert_non_null(strstr(said, "<g:SOL>true</g:SOL>"));
    assert_non_null(strstr(said, "<g:BIOSReflash>false</g:BIOSReflash>"));
}

/* --- who may not --- */

/* In set-up nothing of the machine is accessible (G-modes). */
static void not_in_set_up(void **state)
{
    struct manage_fixture b;
    char envelope[2048];

    (void)state;
    start(&b, "5.0.3");
    fixture_state(&b, 1, ADMITTED_CHAIN);
    assert_int_equal(remote_control(&b, "<Command>16</Command>"), 0x10);
    mesh(envelope, TRANSFER "/Get", AMT "AMT_BootSettingData", "");
    fixture_ask(&b, "/wsman", envelope);
    assert_int_equal(b.status, 400);
    assert_non_null(strstr(fixture_body(&b), "AccessDenied"));
    assert_int_equal(machine.asked, 0);
}

static void without_a_machine(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "5.0.3");
    b.machine = NULL;
    assert_int_equal(remote_control(&b, "<Command>16</Command>"), 0x812);
    assert_int_equal(power(&b, "10"), 1);
    assert_int_equal(order(&b, "Intel(r) AMT: Force PXE Boot"), 1);
    assert_int_equal(put_boot(&b, "<r:UseSOL>false</r:UseSOL>"), 400);
    assert_non_null(strstr(get(&b, CIM "CIM_AssociatedPowerManagementService"),
                           "<g:PowerState>2</g:PowerState>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amttool_asks),
        cmocka_unit_test(what_remote_control_refuses),
        cmocka_unit_test(what_remote_control_tells),
        cmocka_unit_test(power_states),
        cmocka_unit_test(meshcommander_enters_the_bios),
        cmocka_unit_test(meshcentral_boots_from_the_network),
        cmocka_unit_test(what_boot_refuses),
        cmocka_unit_test(the_power_state),
        cmocka_unit_test(the_classes),
        cmocka_unit_test(not_in_set_up),
        cmocka_unit_test(without_a_machine),
    };

    return cmocka_run_group_tests_name("remote_control", tests, NULL, NULL);
}
