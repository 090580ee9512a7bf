// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

/* What the machine consists of, as MeshCommander and MeshCentral ask for it (MCMD, MC): single
 * instances by Get, the others by Enumerate and Pull without MaxElements. */

static struct machine_fixture machine;

static void start(struct manage_fixture *b, const struct hal_inventory *inventory)
{
    machine_fixture_init(&machine);
    machine.inventory = inventory;
    fixture_init(b, "6.2");
    b->machine = &machine;
    fixture_state(b, 2, ADMITTED_OPEN);
}

static const char *get(struct manage_fixture *b, const char *class)
{
    char body[2048], uri[128];

    snprintf(uri, sizeof(uri), CIM "%s", class);
    mesh(body, TRANSFER "/Get", uri, "");
    fixture_ask(b, "/wsman", body);
    return fixture_body(b);
}

/* All items, one after the other. Returns how many replies there were. */
static int pull(struct manage_fixture *b, const char *class, char items[8192])
{
    char envelope[2048], context[64], parts[512], uri[128];
    int replies = 0;

    snprintf(uri, sizeof(uri), CIM "%s", class);
    mesh(envelope, ENUMERATION "/Enumerate", uri,
         "<Enumerate xmlns=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" />");
    fixture_ask(b, "/wsman", envelope);
    assert_int_equal(b->status, 200);
    items[0] = '\0';
    for (const char *said = fixture_body(b);; said = fixture_body(b)) {
        const char *at = strstr(said, "<d:EnumerationContext>"), *from, *to;

        if (replies > 0) {
            from = strstr(said, "<d:Items>");
            to = strstr(said, "</d:Items>");
            assert_true(from && to && strlen(items) + (size_t)(to - from) < 8192);
            strncat(items, from, (size_t)(to - from));
        }
        if (!at)
            return replies;
        snprintf(context, sizeof(context), "%.36s", at + strlen("<d:EnumerationContext>"));
        snprintf(parts, sizeof(parts),
                 "<Pull xmlns=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\">"
                 "<EnumerationContext>%s</EnumerationContext><MaxElements>999</MaxElements>"
                 "<MaxCharacters>99999</MaxCharacters></Pull>",
                 context);
        mesh(envelope, ENUMERATION "/Pull", uri, parts);
        fixture_ask(b, "/wsman", envelope);
        assert_int_equal(b->status, 200);
        assert_true(b->out_len <= LIMIT_MANAGE_REPLY + 16);
        assert_true(++replies < 20);
    }
}

static int count(const char *text, const char *part)
{
    int n = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        n++;
    return n;
}

static void expect_all(const char *text, const char *const *parts)
{
    for (; *parts; parts++)
        if (!strstr(text, *parts))
            fail_msg("%s is not in %s", *parts, text);
}

#define P(name, value) "<g:" name ">" value "</g:" name ">"
#define EXPECT(text, ...) expect_all(text, (const char *const[]){__VA_ARGS__, NULL})

/* The properties that both consoles show. */
static void single_instances(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, &machine_fixture_desktop);
    EXPECT(get(&b, "CIM_ComputerSystemPackage"),
           P("PlatformGUID", "443322116655887799AABBCCDDEEFF00"), "<g:Antecedent>", "<g:Dependent>",
           ">ManagedSystem<");
    EXPECT(get(&b, "CIM_Chassis"), P("Manufacturer", "Dell Inc."), P("Model", "OptiPlex 960"),
           P("SerialNumber", "4X7QK4J"), P("Version", "01"), P("PackageType", "3"),
           P("Tag", "CIM_Chassis"), P("CreationClassName", "CIM_Chassis"),
           P("ElementName", "Managed System Chassis"));
    EXPECT(get(&b, "CIM_Card"), P("Model", "0F428D &lt;A00&gt;"), P("PackageType", "9"),
           P("CanBeFRUed", "true"), P("Tag", "CIM_Card"),
           P("ElementName", "Managed System Base Board"));
    EXPECT(get(&b, "CIM_BIOSElement"), P("Name", "Primary BIOS"), P("SoftwareElementID", "A07"),
           P("Version", "A07"), P("Manufacturer", "Dell Inc."), P("PrimaryBIOS", "true"),
           " xmlns:h=\"http://schemas.dmtf.org/wbem/wscim/1/common\"", "><a:Header>",
           "<g:ReleaseDate><h:Datetime>2009-06-30T00:00:00Z</h:Datetime></g:ReleaseDate>");
    assert_null(strstr(get(&b, "CIM_Card"), "xmlns:h="));
    assert_int_equal(b.status, 200);
    assert_null(strstr(get(&b, "CIM_Battery"), "<g:"));
    assert_int_equal(b.status, 400); /* which both consoles take for "there is none" */
}

static void lists(void **state)
{
    struct manage_fixture b;
    char items[8192];

    (void)state;
    start(&b, &machine_fixture_desktop);
    assert_true(pull(&b, "CIM_SystemPackaging", items) > 0);
    EXPECT(items, "<g:CIM_ComputerSystemPackage>",
           P("PlatformGUID", "443322116655887799AABBCCDDEEFF00"));
    pull(&b, "CIM_Processor", items);
    EXPECT(items, P("Family", "191"), P("MaxClockSpeed", "3800"), P("CurrentClockSpeed", "3000"),
           P("CPUStatus", "1"), P("DeviceID", "CPU 0"), P("Role", "Central"), P("Stepping", "10"));
    pull(&b, "CIM_Chip", items);
    EXPECT(items, P("Tag", "CPU 0"), P("Manufacturer", "Intel(R) Corporation"),
           P("Version", "Intel(R) Core(TM)2 Quad CPU Q9650 @ 3.00GHz"));
    pull(&b, "CIM_PhysicalMemory", items);
    assert_int_equal(count(items, "<g:CIM_PhysicalMemory>"), 2);
    EXPECT(items, P("BankLabel", "BANK 0"), P("Capacity", "2147483648"), P("FormFactor", "9"),
           P("MemoryType", "24"), P("PartNumber", "KVR1066D3N7/2G"), P("MaxMemorySpeed", "1066"),
           P("Capacity", "4294967296"), P("SerialNumber", ""));
    pull(&b, "CIM_ComputerSystem", items);
    EXPECT(items, P("Name", "ManagedSystem"), P("Name", "Intel(r) AMT"));
}

/* MeshCommander takes the model of drive i from package i + 1. */
static void each_drive_has_its_package(void **state)
{
    struct manage_fixture b;
    char items[8192];
    const char *board, *first, *second;

    (void)state;
    start(&b, &machine_fixture_desktop);
    pull(&b, "CIM_MediaAccessDevice", items);
    assert_int_equal(count(items, "<g:CIM_MediaAccessDevice>"), 2);
    /* 476940 MB of 2^20 bytes, in units of 1000 */
    EXPECT(items, P("DeviceID", "MEDIA DEV 0"), P("MaxMediaSize", "500107837"),
           P("DeviceID", "MEDIA DEV 1"), P("MaxMediaSize", "4699717"));
    pull(&b, "CIM_PhysicalPackage", items);
    assert_int_equal(count(items, "<g:CIM_PhysicalPackage>"), 3);
    board = strstr(items, P("PackageType", "9"));
    first = strstr(items, P("Model", "WDC WD5000AAKS"));
    second = strstr(items, P("Model", "HL-DT-ST DVDRAM"));
    assert_true(board && first && second && board < first && first < second);
}

/* One by its keys; another key is none. */
static void one_of_several(void **state)
{
    static const char selected[] =
        "<w:SelectorSet><w:Selector Name=\"Tag\">Memory 1</w:Selector></w:SelectorSet></Header>";
    struct manage_fixture b;
    char body[2048], *end;

    (void)state;
    start(&b, &machine_fixture_desktop);
    assert_non_null(strstr(get(&b, "CIM_PhysicalMemory"), "InsufficientSelectors"));
    mesh(body, TRANSFER "/Get", CIM "CIM_PhysicalMemory", "");
    end = strstr(body, "</Header>");
    assert_non_null(end);
    memmove(end + strlen(selected), end + strlen("</Header>"),
            strlen(end + strlen("</Header>")) + 1);
    memcpy(end, selected, strlen(selected));
    fixture_ask(&b, "/wsman", body);
    assert_int_equal(b.status, 200);
    EXPECT(fixture_body(&b), P("BankLabel", "BANK 1"));
}

/* What does not fit the tables is left out, and never read beyond them. */
static void more_than_can_be_shown(void **state)
{
    struct hal_memory_module modules[20];
    struct hal_disk disks[20];
    struct hal_inventory many = machine_fixture_desktop;
    struct manage_fixture b;
    char items[8192];

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        modules[i] = machine_fixture_memory[0];
        disks[i] = machine_fixture_disk[0];
    }
    many.memory = modules;
    many.disk = disks;
    many.memory_count = many.disk_count = 20;
    start(&b, &many);
    assert_true(pull(&b, "CIM_PhysicalMemory", items) > 1);
    assert_int_equal(count(items, "<g:CIM_PhysicalMemory>"), LIMIT_MEMORY_MODULES);
    pull(&b, "CIM_MediaAccessDevice", items);
    assert_int_equal(count(items, "<g:CIM_MediaAccessDevice>"), LIMIT_DISKS);
    pull(&b, "CIM_PhysicalPackage", items);
    assert_int_equal(count(items, "<g:CIM_PhysicalPackage>"), LIMIT_DISKS + 1);
}

/* The first of the consoles' batch fails: they show no hardware, and go on. */
static void nothing_is_known(void **state)
{
    static const char *const lists[] = {
        "CIM_SystemPackaging", "CIM_Processor",         "CIM_Chip",
        "CIM_PhysicalMemory",  "CIM_MediaAccessDevice", "CIM_PhysicalPackage"};
    static const char *const single[] = {"CIM_ComputerSystemPackage", "CIM_Chassis", "CIM_Card",
                                         "CIM_BIOSElement"};
    struct manage_fixture b;
    char items[8192];

    (void)state;
    for (int with_machine = 0; with_machine < 2; with_machine++) {
        start(&b, NULL);
        if (!with_machine)
            b.machine = NULL;
        for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
            get(&b, single[i]);
            assert_int_equal(b.status, 400);
        }
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
            pull(&b, lists[i], items);
            assert_string_equal(items, "<d:Items>");
        }
    }
}

static void not_in_set_up(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, &machine_fixture_desktop);
    fixture_state(&b, 1, ADMITTED_CHAIN);
    assert_non_null(strstr(get(&b, "CIM_Chassis"), "AccessDenied"));
    assert_int_equal(b.status, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_instances),
        cmocka_unit_test(lists),
        cmocka_unit_test(each_drive_has_its_package),
        cmocka_unit_test(one_of_several),
        cmocka_unit_test(more_than_can_be_shown),
        cmocka_unit_test(nothing_is_known),
        cmocka_unit_test(not_in_set_up),
    };

    return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
