// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include <string.h>

#include "fw/core/address.h"
#include "fw/core/power.h"
#include "fw/core/status.h"
#include "fw/core/text.h"

/* --- address --- */

static bool is_none_or_host(uint32_t ip)
{
    return ip == 0 || address_is_host(ip);
}

static bool address_ok(const struct static_address *a)
{
    return address_is_mask(a->mask) && address_is_host_in(a->ip, a->mask) &&
           is_none_or_host(a->gateway) && is_none_or_host(a->dns1) && is_none_or_host(a->dns2);
}

uint32_t operation_set_address(struct operation_call *c, bool dhcp,
                               const struct static_address *fixed)
{
    const struct setup_settings *now = &c->view->settings->config;
    struct settings *draft;
    uint32_t status;

    if (!dhcp && !address_ok(fixed))
        return PT_STATUS_INVALID_PARAMETER;
    if (dhcp == now->dhcp_enabled && (dhcp || memcmp(fixed, &now->fixed, sizeof(*fixed)) == 0))
        return PT_STATUS_SUCCESS;
    draft = c->device->draft(c->device->ctx);
    draft->config.dhcp_enabled = dhcp;
    if (!dhcp)
        draft->config.fixed = *fixed;
    status = c->device->store(c->device->ctx, true);
    c->last_reply = status == PT_STATUS_SUCCESS;
    return status;
}

/* 0 where it is not there. False: it is no number. */
static bool read_address(const struct operation_call *c, enum soap_field field, uint32_t *out)
{
    *out = 0;
    return !soap_has(c->request, field) || soap_number(c->request, field, out);
}

/* As amttool asks for it: a machine's own address goes with its own hardware address (AMTTOOL). The
 * link policy follows from the power package. */
static uint32_t set_interface_settings(struct operation_call *c)
{
    const char *mode = soap_text(c->request, SOAP_INTERFACE_MODE);
    bool dhcp = strcmp(mode, "SHARED_MAC_ADDRESS") == 0;
    struct static_address fixed;

    if (strcmp(soap_text(c->request, SOAP_INTERFACE_HANDLE), "0") != 0)
        return PT_STATUS_INVALID_HANDLE;
    if ((!dhcp && strcmp(mode, "SEPARATE_MAC_ADDRESS") != 0) ||
        !read_address(c, SOAP_IP, &fixed.ip) || !read_address(c, SOAP_MASK, &fixed.mask) ||
        !read_address(c, SOAP_GATEWAY, &fixed.gateway) ||
        !read_address(c, SOAP_DNS1, &fixed.dns1) || !read_address(c, SOAP_DNS2, &fixed.dns2))
        return PT_STATUS_INVALID_PARAMETER;
    return operation_set_address(c, dhcp, &fixed);
}

/* --- power packages --- */

uint32_t operation_packages(const struct release *release)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < POWER_PACKAGES; i++)
        count += power_package_offered(release, i);
    return count;
}

uint32_t operation_package(const struct release *release, uint32_t scheme)
{
    uint32_t package = 0;

    for (uint32_t i = 0; i < POWER_PACKAGES; i++)
        if (power_package_offered(release, i) && scheme-- == 0)
            package = i;
    return package;
}

/* power_guids in base64, each an item of a list. */
static const char guids[] = "lE+DEvsQT9yWjh4jKwyQZQ==\0"
                            "oYYAq5p/TEKm5rskOildng==\0"
                            "coarrJa0SOKbnpt9+Rx/1A==\0"
                            "ezLNTWu+Q4mmKk172NvQJg==\0"
                            "cyJzRiPcQy+pihPTeYLYVQ==\0"
                            "xRmkum5vjU2yJ1F/fkWV2w==\0"
                            "1gvj7QTFLEa3ctGAGO4vxA==\0"
                            "djmXEQtWUEOIcJgS85G1YA==\0"
                            "JtMcdocIx0u7Xzh0QxWl/w==\0"
                            "Uw4I22wP2Uiy0olY0/EVbg==\0"
                            "BV3Vtkykh02lqLR8FN7aXw==\0"
                            "MIAN7gnAeEOvKHhootu+Og==\0";

const char *operation_package_guid(uint32_t package)
{
    return text_item(guids, package);
}

/* The offered package with the GUID of the request. False: there is none. */
static bool find_package(const struct operation_call *c, uint32_t *package)
{
    for (*package = 0; *package < POWER_PACKAGES; ++*package)
        if (power_package_offered(c->view->release, *package) &&
            strcmp(operation_package_guid(*package), soap_text(c->request, SOAP_SCHEME)) == 0)
            return true;
    return false;
}

static uint32_t store_package(struct operation_call *c, uint32_t package)
{
    c->device->draft(c->device->ctx)->me.power_package = (uint8_t)package;
    return c->device->store(c->device->ctx, false);
}

/* By its GUID (LMS-cim), or else the one whose method it is (MCMD). */
static uint32_t set_power_scheme(struct operation_call *c)
{
    uint32_t package = operation_package(c->view->release, c->instance);

    if (soap_has(c->request, SOAP_SCHEME) && !find_package(c, &package))
        return PT_STATUS_INVALID_PARAMETER;
    return store_package(c, package);
}

/* In EOI a package is its GUID in base64; the parameter's name is assumed. */
#define PACKAGE_GUID "PackageGuid"

static uint32_t enumerate_power_packages(struct operation_call *c)
{
    for (uint32_t i = 0; i < operation_packages(c->view->release); i++)
        out_element(c->out, "", PACKAGE_GUID,
                    operation_package_guid(operation_package(c->view->release, i)));
    return PT_STATUS_SUCCESS;
}

static uint32_t get_active_power_package(struct operation_call *c)
{
    out_element(c->out, "", PACKAGE_GUID,
                operation_package_guid(c->view->settings->me.power_package));
    return PT_STATUS_SUCCESS;
}

static uint32_t set_active_power_package(struct operation_call *c)
{
    uint32_t package;

    return find_package(c, &package) ? store_package(c, package) : PT_STATUS_INVALID_PARAMETER;
}

static const struct operation operations[] = {
    {"SetInterfaceSettings", EOI_NETWORK_ADMINISTRATION, ACT_SET_NETWORK, NULL,
     set_interface_settings, OPERATION_CHANGES},
    {"SetPowerScheme", EOI_SERVICES, ACT_SET_NETWORK, "AMT_SystemPowerScheme", set_power_scheme,
     OPERATION_CHANGES},
    {"EnumeratePowerPackages", EOI_SECURITY_ADMINISTRATION, ACT_READ_NETWORK, NULL,
     enumerate_power_packages, OPERATION_READS},
    {"GetActivePowerPackage", EOI_SECURITY_ADMINISTRATION, ACT_READ_NETWORK, NULL,
     get_active_power_package, OPERATION_READS},
    {"SetActivePowerPackage", EOI_SECURITY_ADMINISTRATION, ACT_SET_NETWORK, NULL,
     set_active_power_package, OPERATION_CHANGES},
};

const struct operations operation_network = {operations,
                                             sizeof(operations) / sizeof(operations[0])};
