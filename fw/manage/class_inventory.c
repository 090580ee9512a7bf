// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

#include "fw/core/text.h"

/* What the machine consists of, as it was at its last boot; while that is not known, none of this
 * is there. Names, fixed texts and numbers: LMS-cim, recorded by WSM. */

#define MACHINE_NAME "ManagedSystem"

static const struct hal_inventory *inventory(const struct manage_view *v)
{
    return v->machine ? v->machine->inventory(v->machine->ctx) : NULL;
}

static uint32_t known(const struct manage_view *v)
{
    return inventory(v) ? 1 : 0;
}

/* --- the whole, and its board --- */

static void system_package(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    out_start_tag(o, "g", "PlatformGUID");
    text_print_hex(&(struct text_out){out_char, o}, v->uuid, LIMIT_UUID_BYTES, LIMIT_UUID_BYTES, 0);
    out_end_tag(o, "g", "PlatformGUID");
}

static void product(struct out *o, const struct hal_product *p)
{
    property(o, "Manufacturer", p->manufacturer);
    property(o, "Model", p->model);
    property(o, "SerialNumber", p->serial);
    property(o, "Version", p->version);
}

static void chassis(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    product(o, &inventory(v)->system);
}

static void card(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    product(o, &inventory(v)->board);
}

static const char *bios_id(const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    return inventory(v)->bios.version;
}

/* MeshCommander cannot do without the date's element, nor with an attribute in it (MCMD). */
static void bios(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct hal_inventory *i = inventory(v);

    (void)instance;
    property(o, "Manufacturer", i->bios.vendor);
    out_text(o, "<g:ReleaseDate><h:Datetime>");
    out_escaped(o, i->bios.date);
    out_text(o, i->bios.date[0] ? "T00:00:00Z" : "");
    out_text(o, "</h:Datetime></g:ReleaseDate>");
}

/* --- processor and memory --- */

static void processor(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct hal_inventory *i = inventory(v);

    (void)instance;
    property_number(o, "CurrentClockSpeed", i->processor.mhz);
    property_number(o, "Family", i->processor.family);
    property_number(o, "MaxClockSpeed", i->processor.max_mhz);
    property_number(o, "Stepping", i->processor.stepping);
}

static void chip(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct hal_inventory *i = inventory(v);

    (void)instance;
    property(o, "Manufacturer", i->processor.manufacturer);
    property(o, "Version", i->processor.version);
}

/* A text for each of LIMIT_MEMORY_MODULES and of LIMIT_DISKS. */
#define MODULES "Memory 0\0Memory 1\0Memory 2\0Memory 3\0Memory 4\0Memory 5\0Memory 6\0Memory 7\0"
#define MEDIA "MEDIA DEV 0\0MEDIA DEV 1\0MEDIA DEV 2\0MEDIA DEV 3\0"

_Static_assert(sizeof(MODULES) == LIMIT_MEMORY_MODULES * sizeof("Memory 0") + 1, "one each");
_Static_assert(sizeof(MEDIA) == LIMIT_DISKS * sizeof("MEDIA DEV 0") + 1, "one each");

static uint32_t at_most(uint32_t count, uint32_t limit)
{
    return count < limit ? count : limit;
}

static uint32_t memory_count(const struct manage_view *v)
{
    const struct hal_inventory *i = inventory(v);

    return i ? at_most(i->memory_count, LIMIT_MEMORY_MODULES) : 0;
}

static const char *memory_id(const struct manage_view *v, uint32_t instance)
{
    (void)v;
    return text_item(MODULES, instance);
}

/* In decimal. */
static void property_long(struct out *o, const char *name, uint64_t number)
{
    char text[sizeof("18446744073709551615")], *at = text + sizeof(text) - 1;

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10u);
        number /= 10u;
    } while (number > 0);
    property(o, name, at);
}

#define MEGABYTE 0x100000u

static void memory(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct hal_memory_module *m = &inventory(v)->memory[instance];

    property(o, "BankLabel", m->bank);
    property_long(o, "Capacity", (uint64_t)m->megabytes * MEGABYTE);
    property_number(o, "FormFactor", m->form_factor);
    property(o, "Manufacturer", m->manufacturer);
    property_number(o, "MaxMemorySpeed", m->mhz);
    property_number(o, "MemoryType", m->type);
    property(o, "PartNumber", m->part);
    property(o, "SerialNumber", m->serial);
}

/* --- drives: MeshCommander takes a drive's model from the package behind it in order, of which the
 * first is the board (MCMD) --- */

static uint32_t disk_count(const struct manage_view *v)
{
    const struct hal_inventory *i = inventory(v);

    return i ? at_most(i->disk_count, LIMIT_DISKS) : 0;
}

static const char *disk_id(const struct manage_view *v, uint32_t instance)
{
    (void)v;
    return text_item(MEDIA, instance);
}

static void disk(struct out *o, const struct manage_view *v, uint32_t instance)
{
    enum { UNIT = 1000 }; /* bytes (LMS-cim) */

    property_long(o, "MaxMediaSize",
                  (uint64_t)inventory(v)->disk[instance].megabytes * MEGABYTE / UNIT);
}

static uint32_t package_count(const struct manage_view *v)
{
    return known(v) + disk_count(v);
}

static const char *package_id(const struct manage_view *v, uint32_t instance)
{
    return instance == 0 ? "CIM_Card" : disk_id(v, instance - 1);
}

static void package(struct out *o, const struct manage_view *v, uint32_t instance)
{
    enum { OTHER = 1, MODULE = 9 }; /* of PackageType */

    property_number(o, "PackageType", instance == 0 ? MODULE : OTHER);
    if (instance == 0) {
        product(o, &inventory(v)->board);
        return;
    }
    property(o, "Model", inventory(v)->disk[instance - 1].model);
    property(o, "SerialNumber", inventory(v)->disk[instance - 1].serial);
}

/* --- systems: the machine, and the ME in it --- */

static const char *system_id(const struct manage_view *v, uint32_t instance)
{
    (void)v;
    return instance == 0 ? MACHINE_NAME : SYSTEM_NAME;
}

/* --- keys and what is the same everywhere --- */

#define NAMED(property, class, key, value)                                                         \
    {                                                                                              \
        key, value, property, CIM_SCHEMA, class                                                    \
    }
#define OF_CLASS                                                                                   \
    {                                                                                              \
        "CreationClassName", "", NULL, NULL, NULL                                                  \
    }
#define BY_ID(key)                                                                                 \
    {                                                                                              \
        key, NULL, NULL, NULL, NULL                                                                \
    }
#define ALWAYS(key, value)                                                                         \
    {                                                                                              \
        key, value, NULL, NULL, NULL                                                               \
    }

static const struct wsman_key package_keys[] = {
    NAMED("Antecedent", "CIM_Chassis", "CreationClassName", "CIM_Chassis"),
    NAMED("Antecedent", "CIM_Chassis", "Tag", "CIM_Chassis"),
    NAMED("Dependent", SYSTEM_CLASS, "CreationClassName", SYSTEM_CLASS),
    NAMED("Dependent", SYSTEM_CLASS, "Name", MACHINE_NAME),
};
static const struct wsman_key system_keys[] = {OF_CLASS, BY_ID("Name")};
static const struct wsman_key tag_keys[] = {OF_CLASS, BY_ID("Tag")};
static const struct wsman_key device_keys[] = {OF_CLASS, BY_ID("DeviceID"),
                                               ALWAYS("SystemCreationClassName", SYSTEM_CLASS),
                                               ALWAYS("SystemName", MACHINE_NAME)};
static const struct wsman_key bios_keys[] = {
    ALWAYS("Name", "Primary BIOS"), BY_ID("SoftwareElementID"), ALWAYS("SoftwareElementState", "2"),
    ALWAYS("TargetOperatingSystem", "66"), BY_ID("Version")};

#define TITLE(name)                                                                                \
    {                                                                                              \
        "ElementName", "Managed System " name                                                      \
    }
#define END_OF_LIST                                                                                \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

static const struct wsman_property
    system_fixed[] = {{"EnabledState", "5"}, {"RequestedState", "12"}, END_OF_LIST},
    chassis_fixed[] = {TITLE("Chassis"), {"PackageType", "3"}, END_OF_LIST},
    card_fixed[] = {TITLE("Base Board"), {"CanBeFRUed", "true"}, {"PackageType", "9"}, END_OF_LIST},
    bios_fixed[] = {{"ElementName", "Primary BIOS"}, {"PrimaryBIOS", "true"}, END_OF_LIST},
    processor_fixed[] = {TITLE("CPU"),
                         {"CPUStatus", "1"},
                         {"EnabledState", "2"},
                         {"Role", "Central"},
                         END_OF_LIST},
    chip_fixed[] = {TITLE("Processor Chip"), {"CanBeFRUed", "true"}, END_OF_LIST},
    memory_fixed[] = {TITLE("Memory Chip"), {"IsSpeedInMhz", "true"}, {"Speed", "0"}, END_OF_LIST},
    disk_fixed[] = {TITLE("Media Access Device"), {"EnabledDefault", "2"}, END_OF_LIST},
    package_fixed[] = {TITLE("Physical Package"), END_OF_LIST};

#define ASSET(name) CIM_SCHEMA, name, ACT_READ_ASSETS, ACT_READ_ASSETS

static const struct wsman_class classes[] = {
    {ASSET("CIM_ComputerSystemPackage"), 0, WSMAN_KEYS(package_keys, 4), .read = system_package,
     .count = known},
    /* The class above it; consoles look for it here (MCMD). */
    {ASSET("CIM_SystemPackaging"), 0, WSMAN_KEYS(package_keys, 4), .read = system_package,
     .count = known, .shown_as = "CIM_ComputerSystemPackage"},
    {ASSET(SYSTEM_CLASS), 2, WSMAN_KEYS(system_keys, 2), .id = system_id,
     .properties = system_fixed},
    {ASSET("CIM_Chassis"), 0, WSMAN_KEYS(tag_keys, 2), .fixed_id = "CIM_Chassis", .read = chassis,
     .count = known, .properties = chassis_fixed},
    {ASSET("CIM_Card"), 0, WSMAN_KEYS(tag_keys, 2), .fixed_id = "CIM_Card", .read = card,
     .count = known, .properties = card_fixed},
    {ASSET("CIM_BIOSElement"), 0, WSMAN_KEYS(bios_keys, 5), .id = bios_id, .read = bios,
     .count = known, .properties = bios_fixed, .dated = true},
    {ASSET("CIM_Processor"), 0, WSMAN_KEYS(device_keys, 4), .fixed_id = "CPU 0", .read = processor,
     .count = known, .properties = processor_fixed},
    {ASSET("CIM_Chip"), 0, WSMAN_KEYS(tag_keys, 2), .fixed_id = "CPU 0", .read = chip,
     .count = known, .properties = chip_fixed},
    {ASSET("CIM_PhysicalMemory"), 0, WSMAN_KEYS(tag_keys, 2), .id = memory_id, .read = memory,
     .count = memory_count, .properties = memory_fixed},
    {ASSET("CIM_MediaAccessDevice"), 0, WSMAN_KEYS(device_keys, 4), .id = disk_id, .read = disk,
     .count = disk_count, .properties = disk_fixed},
    {ASSET("CIM_PhysicalPackage"), 0, WSMAN_KEYS(tag_keys, 2), .id = package_id, .read = package,
     .count = package_count, .properties = package_fixed},
};

const struct wsman_classes class_inventory = {classes, sizeof(classes) / sizeof(classes[0])};
