// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include <string.h>

#include "fw/core/machine.h"
#include "fw/core/status.h"

/* Power and boot, by either protocol. */

#define INTEL_IANA 343u

/* CIM's return values (DSP1027, DSP1012); which one a device gives is assumed. */
enum cim_return { CIM_NOT_SUPPORTED = 1, CIM_FAILED = 2, CIM_INVALID_PARAMETER = 5 };

static uint32_t control(struct operation_call *c, enum machine_command command,
                        const struct boot_settings *boot, uint32_t refusal)
{
    const struct manage_view *v = c->view;

    if (!machine_permits(command, v->machine_state, v->redirection_open)) {
        c->why = "the machine's state, or an open redirection session, does not allow it";
        return refusal;
    }
    return c->device->control(c->device->ctx, command, boot) ? PT_STATUS_SUCCESS : refusal;
}

/* --- EOI's RemoteControl (AMTTOOL; names of the last two parameters: S4's class names) --- */

#define SPECIAL_OEM 0xC1u

/* SpecialCommand 0 to 5 are the sources, in this order. */
_Static_assert(BOOT_PXE == 1 && BOOT_CD == 5, "numbered as SpecialCommand");

/* ASF's boot options (DSP0136 3.2.4.1): its two bytes, the first one the lower (assumed). */
static const struct {
    uint16_t bit, option; /* enum boot_option */
} asf_options[] = {
    {0x0002, BOOT_LOCK_POWER},   {0x0004, BOOT_LOCK_RESET},      {0x0020, BOOT_LOCK_KEYBOARD},
    {0x0040, BOOT_LOCK_SLEEP},   {0x0800, BOOT_BYPASS_PASSWORD}, {0x1000, BOOT_FORCE_PROGRESS},
    {0x8000, BOOT_RESET_CONFIG},
};

#define ASF_VERBOSITY_AT 13

/* An optional number: `missing` where it is not there. */
static bool optional_number(const struct operation_call *c, enum soap_field field, uint32_t missing,
                            uint32_t *out)
{
    *out = missing;
    return !soap_has(c->request, field) || soap_number(c->request, field, out);
}

static bool read_asf_options(struct operation_call *c, struct boot_settings *boot)
{
    uint32_t bits;

    if (!optional_number(c, SOAP_BOOT_OPTIONS, 0, &bits) || bits > UINT16_MAX)
        return false;
    for (size_t i = 0; i < sizeof(asf_options) / sizeof(asf_options[0]); i++)
        if (bits & asf_options[i].bit)
            boot->options |= asf_options[i].option;
    boot->verbosity = (uint8_t)(bits >> ASF_VERBOSITY_AT & 3u);
    return true;
}

/* Intel's own special command: bit 0 of its parameter boots over IDE redirection, bit 1 from its CD
 * instead of its floppy (assumed); OEMparameters 1 enters the BIOS set-up (AMTTOOL). */
static bool read_oem_command(struct operation_call *c, struct boot_settings *boot)
{
    uint32_t parameter, oem;

    if (!optional_number(c, SOAP_SPECIAL_PARAMETER, 0, &parameter) || parameter > 3 ||
        !optional_number(c, SOAP_OEM_PARAMETERS, 0, &oem) || oem > 1)
        return false;
    if (parameter & 1u)
        boot->options |= BOOT_IDER;
    boot->ider_device = (uint8_t)(parameter >> 1);
    if (oem)
        boot->options |= BOOT_SETUP;
    return true;
}

/* Returns a PT_STATUS. */
static uint32_t read_boot(struct operation_call *c, struct boot_settings *boot)
{
    struct machine_boot wanted = {.next = true};
    uint32_t special, iana;

    if (!optional_number(c, SOAP_IANA_OEM, INTEL_IANA, &iana) || iana != INTEL_IANA)
        return PT_STATUS_UNSUPPORTED_OEM_NUMBER;
    if (!optional_number(c, SOAP_SPECIAL_COMMAND, 0, &special) ||
        (special > BOOT_CD && special != SPECIAL_OEM))
        return PT_STATUS_INVALID_SPECIAL_COMMAND;
    if (!read_asf_options(c, boot) || (special == SPECIAL_OEM && !read_oem_command(c, boot)))
        return PT_STATUS_UNSUPPORTED_BOOT_OPTION;
    if (machine_boot_options(&wanted, c->view->machine->options, boot) != MACHINE_BOOT_OK ||
        machine_boot_source(&wanted, c->view->machine->sources,
                            special == SPECIAL_OEM ? BOOT_DEFAULT : (uint8_t)special) !=
            MACHINE_BOOT_OK)
        return PT_STATUS_UNSUPPORTED_BOOT_OPTION;
    *boot = wanted.boot;
    return PT_STATUS_SUCCESS;
}

static uint32_t remote_control(struct operation_call *c)
{
    enum machine_command command;
    struct boot_settings boot = {0};
    uint32_t number, status;

    if (!c->view->machine)
        return PT_STATUS_UNSUPPORTED;
    if (!soap_number(c->request, SOAP_COMMAND, &number) || !machine_eoi_command(number, &command))
        return PT_STATUS_INVALID_COMMAND;
    status = read_boot(c, &boot);
    return status == PT_STATUS_SUCCESS ? control(c, command, &boot, PT_STATUS_INVALID_COMMAND)
                                       : status;
}

/* --- WS-Man (LMS-cim, MCMD, MC) --- */

static uint32_t request_power_state_change(struct operation_call *c)
{
    enum machine_command command;
    struct machine_boot after = *c->boot;
    struct boot_settings boot;
    uint32_t number, status;

    if (!c->view->machine || !soap_number(c->request, SOAP_POWER_STATE, &number) ||
        !machine_cim_command(number, &command))
        return CIM_NOT_SUPPORTED;
    boot = machine_boot_take(&after, command);
    status = control(c, command, &boot, CIM_FAILED);
    if (status == PT_STATUS_SUCCESS)
        *c->boot = after;
    return status;
}

static uint32_t boot_result(struct operation_call *c, enum machine_boot_error error)
{
    if (error == MACHINE_BOOT_EXCLUDED)
        c->why = "a boot source and what leaves no choice of one";
    return error == MACHINE_BOOT_OK       ? PT_STATUS_SUCCESS
           : error == MACHINE_BOOT_ABSENT ? CIM_NOT_SUPPORTED
                                          : CIM_FAILED;
}

/* Without a source the machine's own order counts. */
static uint32_t change_boot_order(struct operation_call *c)
{
    const char *id = soap_text(c->request, SOAP_REFERENCE);
    uint8_t source = BOOT_DEFAULT;

    if (!c->view->machine)
        return CIM_NOT_SUPPORTED;
    for (uint32_t i = 0; id[0] && i < OPERATION_BOOT_SOURCES; i++)
        if (strcmp(operation_boot_sources[i].id, id) == 0)
            source = operation_boot_sources[i].source;
    if (id[0] && source == BOOT_DEFAULT)
        return CIM_INVALID_PARAMETER;
    return boot_result(c, machine_boot_source(c->boot, c->view->machine->sources, source));
}

/* Role 1: the next boot only; 32768: not the next one. */
static uint32_t set_boot_config_role(struct operation_call *c)
{
    enum { NEXT = 1, NOT_NEXT = 32768 };
    uint32_t role;

    if (!soap_number(c->request, SOAP_ROLE, &role) || (role != NEXT && role != NOT_NEXT))
        return CIM_INVALID_PARAMETER;
    return boot_result(c, machine_boot_next(c->boot, role == NEXT));
}

const struct operation_boot_source operation_boot_sources[OPERATION_BOOT_SOURCES] = {
    {"Intel(r) AMT: Force PXE Boot", "CIM:Network:1", BOOT_PXE},
    {"Intel(r) AMT: Force Hard-drive Boot", "CIM:Hard-Disk:1", BOOT_DISK},
    {"Intel(r) AMT: Force CD/DVD Boot", "CIM:CD/DVD:1", BOOT_CD},
    {"Intel(r) AMT: Force Diagnostic Boot", "", BOOT_DIAGNOSTIC},
};

static const struct operation operations[] = {
    {"RemoteControl", EOI_REMOTE_CONTROL, ACT_CONTROL_POWER, NULL, remote_control,
     OPERATION_CHANGES},
    {"RequestPowerStateChange", EOI_SERVICES, ACT_CONTROL_POWER, "CIM_PowerManagementService",
     request_power_state_change, OPERATION_CHANGES},
    {"ChangeBootOrder", EOI_SERVICES, ACT_CONTROL_POWER, "CIM_BootConfigSetting", change_boot_order,
     OPERATION_CHANGES},
    {"SetBootConfigRole", EOI_SERVICES, ACT_CONTROL_POWER, "CIM_BootService", set_boot_config_role,
     OPERATION_CHANGES},
};

const struct operations operation_power = {operations, sizeof(operations) / sizeof(operations[0])};
