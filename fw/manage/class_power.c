// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

#include "fw/core/machine.h"
#include "fw/core/status.h"

/* Power and boot. Names and fixed texts: LMS-cim, recorded by WSM. */

#define POWER_SERVICE_CLASS "CIM_PowerManagementService"
#define POWER_SERVICE "Intel(r) AMT Power Management Service"
#define BOOT_SERVICE "Intel(r) AMT Boot Service"
#define BOOT_SETTINGS "Intel(r) AMT:BootSettingData 0"
#define BOOT_CONFIGURATION "Intel(r) AMT: Boot Configuration 0"
#define BOOT_CAPABILITIES "Intel(r) AMT:BootCapabilities 0"
#define POWER_CAPABILITIES "Intel(r) AMT:PowerManagementCapabilities 0"

static const enum machine_command commands[] = {MACHINE_POWER_UP, MACHINE_POWER_CYCLE,
                                                MACHINE_POWER_DOWN, MACHINE_RESET};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Without a machine that can be asked, only whether the host runs is known: 2 on, 8 off - soft
 * (DSP1027). */
static void associated_power(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    for (size_t i = 0; v->machine && i < COMMANDS; i++)
        if (machine_permits(commands[i], v->machine_state, v->redirection_open))
            property_number(o, "AvailableRequestedPowerStates", machine_cim_number(commands[i]));
    property_number(o, "PowerState",
                    v->machine ? machine_cim_state(v->machine_state) : (v->host_on ? 2 : 8));
}

static void power_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    property_service(o, POWER_SERVICE_CLASS, POWER_SERVICE);
    property_number(o, "EnabledState", 5);
    property_number(o, "RequestedState", 12);
}

static void power_capabilities(struct out *o, const struct manage_view *v, uint32_t instance)
{
    enum { SETTABLE = 3, CYCLING = 4 }; /* of PowerChangeCapabilities */

    (void)v;
    (void)instance;
    property(o, "ElementName", "Intel(r) AMT: PowerManagementCapabilities");
    property(o, "InstanceID", POWER_CAPABILITIES);
    property_number(o, "PowerChangeCapabilities", SETTABLE);
    property_number(o, "PowerChangeCapabilities", CYCLING);
    for (size_t i = 0; i < COMMANDS; i++)
        property_number(o, "PowerStatesSupported", machine_cim_number(commands[i]));
    for (size_t i = 0; i < COMMANDS; i++)
        property_number(o, "RequestedPowerStatesSupported", machine_cim_number(commands[i]));
}

/* --- boot --- */

static void boot_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    property_service(o, "CIM_BootService", BOOT_SERVICE);
    property_number(o, "EnabledState", 5);
}

static void boot_configuration(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    property(o, "ElementName", "Intel(r) AMT: Boot Configuration");
    property(o, "InstanceID", BOOT_CONFIGURATION);
}

static const char *source_id(const struct manage_view *v, uint32_t instance)
{
    (void)v;
    return operation_boot_sources[instance].id;
}

static void boot_source(struct out *o, const struct manage_view *v, uint32_t instance)
{
    property(o, "ElementName", "Intel(r) AMT: Boot Source");
    property_number(o, "FailThroughSupported", 2);
    property(o, "InstanceID", source_id(v, instance));
    if (operation_boot_sources[instance].structured[0])
        property(o, "StructuredBootString", operation_boot_sources[instance].structured);
}

/* What can be chosen for one boot; by that name in AMT_BootSettingData, by the other in
 * AMT_BootCapabilities ("" = it is not one of those). */
static const struct {
    const char *setting, *capability;
    uint16_t option; /* enum boot_option */
    uint8_t field;   /* enum soap_field */
} choices[] = {
    {"BIOSPause", "BIOSPause", BOOT_PAUSE, SOAP_BIOS_PAUSE},
    {"BIOSSetup", "BIOSSetup", BOOT_SETUP, SOAP_BIOS_SETUP},
    {"ConfigurationDataReset", "ConfigurationDataReset", BOOT_RESET_CONFIG, SOAP_RESET_CONFIG},
    {"ForcedProgressEvents", "ForcedProgressEvents", BOOT_FORCE_PROGRESS, SOAP_FORCE_PROGRESS},
    {"LockKeyboard", "KeyboardLock", BOOT_LOCK_KEYBOARD, SOAP_LOCK_KEYBOARD},
    {"LockPowerButton", "PowerButtonLock", BOOT_LOCK_POWER, SOAP_LOCK_POWER},
    {"LockResetButton", "ResetButtonLock", BOOT_LOCK_RESET, SOAP_LOCK_RESET},
    {"LockSleepButton", "SleepButtonLock", BOOT_LOCK_SLEEP, SOAP_LOCK_SLEEP},
    {"ReflashBIOS", "BIOSReflash", BOOT_REFLASH, SOAP_REFLASH},
    {"UseIDER", "IDER", BOOT_IDER, SOAP_USE_IDER},
    {"UseSOL", "SOL", BOOT_SOL, SOAP_USE_SOL},
    {"UseSafeMode", "", BOOT_SAFE_MODE, SOAP_USE_SAFE_MODE},
    {"UserPasswordBypass", "UserPasswordBypass", BOOT_BYPASS_PASSWORD, SOAP_BYPASS_PASSWORD},
};

#define CHOICES (sizeof(choices) / sizeof(choices[0]))

/* The numbers beside them, with their greatest values (LMS-cim). */
static const struct {
    const char *name;
    uint8_t field, most;
} numbers[] = {{"BootMediaIndex", SOAP_MEDIA_INDEX, UINT8_MAX},
               {"FirmwareVerbosity", SOAP_VERBOSITY, 3},
               {"IDERBootDevice", SOAP_IDER_DEVICE, 1}};

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static void boot_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct boot_settings *boot = &v->boot->boot;
    const uint32_t value[NUMBERS] = {boot->media, boot->verbosity, boot->ider_device};

    (void)instance;
    property(o, "ElementName", "Intel(r) AMT Boot Configuration Settings");
    property(o, "InstanceID", BOOT_SETTINGS);
    property(o, "OwningEntity", SYSTEM_NAME);
    for (size_t i = 0; i < CHOICES; i++)
        property_flag(o, choices[i].setting, (boot->options & choices[i].option) != 0);
    for (size_t i = 0; i < NUMBERS; i++)
        property_number(o, numbers[i].name, value[i]);
}

/* The whole object; what is not said is off, what is not known is not looked at (MCMD). */
static uint32_t put_boot_settings(struct operation_call *c, uint32_t instance)
{
    struct boot_settings boot = {0};
    uint32_t value[NUMBERS] = {0};
    bool on;

    (void)instance;
    if (!c->view->machine)
        return PT_STATUS_UNSUPPORTED;
    for (size_t i = 0; i < CHOICES; i++) {
        on = false;
        if (soap_has(c->request, choices[i].field) && !soap_flag(c->request, choices[i].field, &on))
            return PT_STATUS_INVALID_PARAMETER;
        boot.options |= on ? choices[i].option : 0;
    }
    for (size_t i = 0; i < NUMBERS; i++)
        if (soap_has(c->request, numbers[i].field) &&
            (!soap_number(c->request, numbers[i].field, &value[i]) || value[i] > numbers[i].most))
            return PT_STATUS_INVALID_PARAMETER;
    boot.media = (uint16_t)value[0];
    boot.verbosity = (uint8_t)value[1];
    boot.ider_device = (uint8_t)value[2];
    return machine_boot_options(c->boot, c->view->machine->options, &boot) == MACHINE_BOOT_OK
               ? PT_STATUS_SUCCESS
               : PT_STATUS_UNSUPPORTED_BOOT_OPTION;
}

static void boot_capabilities(struct out *o, const struct manage_view *v, uint32_t instance)
{
    static const struct {
        const char *name;
        uint8_t source; /* enum boot_source */
    } forced[] = {{"ForceCDorDVDBoot", BOOT_CD},
                  {"ForceDiagnosticBoot", BOOT_DIAGNOSTIC},
                  {"ForceHardDriveBoot", BOOT_DISK},
                  {"ForceHardDriveSafeModeBoot", BOOT_DISK_SAFE},
                  {"ForcePXEBoot", BOOT_PXE}};
    uint16_t options = v->machine ? v->machine->options : 0;
    uint16_t sources = v->machine ? v->machine->sources : 0;

    (void)instance;
    for (size_t i = 0; i < CHOICES; i++)
        if (choices[i].capability[0])
            property_flag(o, choices[i].capability, (options & choices[i].option) != 0);
    property(o, "ElementName", "Intel(r) AMT: Boot Capabilities");
    for (size_t i = 0; i < sizeof(forced) / sizeof(forced[0]); i++)
        property_flag(o, forced[i].name, sources >> forced[i].source & 1u);
    property(o, "InstanceID", BOOT_CAPABILITIES);
}

/* --- keys --- */

#define PROVIDED(key, value)                                                                       \
    {                                                                                              \
        key, value, "ServiceProvided", CIM_SCHEMA, POWER_SERVICE_CLASS                             \
    }
#define USED_BY(key, value)                                                                        \
    {                                                                                              \
        key, value, "UserOfService", CIM_SCHEMA, SYSTEM_CLASS                                      \
    }

static const struct wsman_key power_keys[] = {
    PROVIDED("CreationClassName", POWER_SERVICE_CLASS), PROVIDED("Name", POWER_SERVICE),
    PROVIDED("SystemCreationClassName", SYSTEM_CLASS),  PROVIDED("SystemName", SYSTEM_NAME),
    USED_BY("CreationClassName", SYSTEM_CLASS),         USED_BY("Name", "ManagedSystem"),
};

#define ID(text) WSMAN_KEYS(wsman_instance_id, 1), .fixed_id = (text)
#define SERVICE(name) WSMAN_KEYS(wsman_service_keys, 4), .fixed_id = (name)

static const struct wsman_class classes[] = {
    {CIM_SCHEMA, "CIM_AssociatedPowerManagementService", ACT_READ_POWER, ACT_READ_POWER, 1,
     WSMAN_KEYS(power_keys, 6), .read = associated_power},
    /* The class above it, whose only instance that is; consoles look for it here (MCMD, MC). */
    {CIM_SCHEMA, "CIM_ServiceAvailableToElement", ACT_READ_POWER, ACT_READ_POWER, 1,
     WSMAN_KEYS(power_keys, 6), .read = associated_power,
     .shown_as = "CIM_AssociatedPowerManagementService"},
    {CIM_SCHEMA, POWER_SERVICE_CLASS, ACT_READ_POWER, ACT_READ_POWER, 1, SERVICE(POWER_SERVICE),
     .read = power_service},
    {CIM_SCHEMA, "CIM_PowerManagementCapabilities", ACT_READ_POWER, ACT_READ_POWER, 1,
     ID(POWER_CAPABILITIES), .read = power_capabilities},
    {CIM_SCHEMA, "CIM_BootService", ACT_READ_POWER, ACT_READ_POWER, 1, SERVICE(BOOT_SERVICE),
     .read = boot_service},
    {CIM_SCHEMA, "CIM_BootConfigSetting", ACT_READ_POWER, ACT_READ_POWER, 1, ID(BOOT_CONFIGURATION),
     .read = boot_configuration},
    {CIM_SCHEMA, "CIM_BootSourceSetting", ACT_READ_POWER, ACT_READ_POWER, OPERATION_BOOT_SOURCES,
     WSMAN_KEYS(wsman_instance_id, 1), .id = source_id, .read = boot_source},
    {AMT_SCHEMA, "AMT_BootSettingData", ACT_READ_POWER, ACT_CONTROL_POWER, 1, ID(BOOT_SETTINGS),
     .read = boot_settings, .put = put_boot_settings},
    {AMT_SCHEMA, "AMT_BootCapabilities", ACT_READ_POWER, ACT_READ_POWER, 1, ID(BOOT_CAPABILITIES),
     .read = boot_capabilities},
};

const struct wsman_classes class_power = {classes, sizeof(classes) / sizeof(classes[0])};
