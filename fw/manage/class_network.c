// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/class_property.h"

#include "fw/core/address.h"
#include "fw/core/hex.h"
#include "fw/core/power.h"
#include "fw/core/status.h"
#include "fw/core/text.h"

/* The ME's address, its power package, and what else consoles read of the ME itself. Names, fixed
 * texts and numbers: LMS-cim, recorded by WSM. */

#define PORT_SETTINGS "Intel(r) AMT Ethernet Port Settings"
#define POWER_SCHEME "AMT_SystemPowerScheme"

/* --- address --- */

static void property_address(struct out *o, const char *name, uint32_t ip)
{
    if (ip == 0)
        return;
    out_start_tag(o, "g", name);
    out_print(o, "%a", ip);
    out_end_tag(o, "g", name);
}

static void property_mac(struct out *o, const uint8_t *mac)
{
    char text[3 * LIMIT_MAC_BYTES + 1]; /* "00-1f-..", and a '-' that is cut off */

    for (uint32_t i = 0; i < LIMIT_MAC_BYTES; i++) {
        hex_write(&text[3 * i], &mac[i], 1);
        text[3 * i + 2] = '-';
    }
    text[3 * LIMIT_MAC_BYTES - 1] = '\0';
    property(o, "MACAddress", text);
}

/* When the ME has link: in S0 on mains, otherwise on mains, in S0 on battery (MCMD). */
static void link_policy(struct out *o, const struct manage_view *v)
{
    enum { S0 = 1, SX = 14, S0_BATTERY = 16 };
    uint32_t count;
    const struct power_package *p = &power_packages(&count)[v->settings->me.power_package];

    property_number(o, "LinkPolicy", S0);
    if (p->s3 != POWER_ME_OFF || p->s45 != POWER_ME_OFF)
        property_number(o, "LinkPolicy", SX);
    if (p->mobile)
        property_number(o, "LinkPolicy", S0_BATTERY);
}

/* The fixed address as it is set: the one in use may be the former until the reply has left. */
static void port_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct setup_settings *s = &v->settings->config;
    const struct static_address leased = {v->ip, v->mask, v->gateway, v->dns, 0};
    const struct static_address *a = s->dhcp_enabled ? &leased : &s->fixed;

    (void)instance;
    property_flag(o, "DHCPEnabled", s->dhcp_enabled);
    property_address(o, "DefaultGateway", a->gateway);
    property_address(o, "IPAddress", a->ip);
    property_flag(o, "LinkIsUp", v->link);
    link_policy(o, v);
    property_mac(o, v->mac);
    property_address(o, "PrimaryDNS", a->dns1);
    property_address(o, "SecondaryDNS", a->dns2);
    property_flag(o, "SharedDynamicIP", s->dhcp_enabled);
    property_flag(o, "SharedMAC", s->dhcp_enabled);
    property_address(o, "SubnetMask", a->mask);
}

/* 0 where it is empty or not there. False: it is no address. */
static bool read_address(const struct operation_call *c, enum soap_field field, uint32_t *out)
{
    const char *text = soap_text(c->request, field);

    *out = address_spelt(text);
    return *out != 0 || text[0] == '\0';
}

/* With DHCP, addresses are not looked at. The link policy follows from the power package, whatever
 * is said of it here. */
static uint32_t put_port_settings(struct operation_call *c, uint32_t instance)
{
    struct static_address fixed = {0};
    bool dhcp;

    (void)instance;
    if (!soap_flag(c->request, SOAP_DHCP, &dhcp))
        return PT_STATUS_INVALID_PARAMETER;
    if (!dhcp &&
        (!read_address(c, SOAP_IP, &fixed.ip) || !read_address(c, SOAP_MASK, &fixed.mask) ||
         !read_address(c, SOAP_GATEWAY, &fixed.gateway) ||
         !read_address(c, SOAP_DNS1, &fixed.dns1) || !read_address(c, SOAP_DNS2, &fixed.dns2)))
        return PT_STATUS_INVALID_PARAMETER;
    return operation_set_address(c, dhcp, &fixed);
}

/* --- power packages --- */

#define SCHEMES                                                                                    \
    "SCHEME 0\0SCHEME 1\0SCHEME 2\0SCHEME 3\0SCHEME 4\0SCHEME 5\0"                                 \
    "SCHEME 6\0SCHEME 7\0SCHEME 8\0SCHEME 9\0SCHEME 10\0SCHEME 11\0"

static uint32_t scheme_count(const struct manage_view *v)
{
    return operation_packages(v->release);
}

static const char *scheme_id(const struct manage_view *v, uint32_t instance)
{
    if (instance >= WSMAN_SECOND)
        return operation_package_guid(operation_package(v->release, instance - WSMAN_SECOND));
    return text_item(SCHEMES, instance);
}

static void scheme(struct out *o, const struct manage_view *v, uint32_t instance)
{
    out_start_tag(o, "g", "Description");
    power_print(&(struct text_out){out_char, o}, operation_package(v->release, instance));
    out_end_tag(o, "g", "Description");
}

/* Of the settings that can be current there is one that is: the power scheme (MCMD). */
static const char *current_id(const struct manage_view *v, uint32_t instance)
{
    uint32_t scheme = 0;

    while (operation_package(v->release, scheme) != v->settings->me.power_package &&
           scheme + 1 < scheme_count(v))
        scheme++;
    return scheme_id(v, instance + scheme);
}

/* --- services that later releases have --- */

static uint32_t opt_in_count(const struct manage_view *v)
{
    return v->release->later_classes.value & LATER_OPT_IN ? 1 : 0;
}

static uint32_t host_based_count(const struct manage_view *v)
{
    return v->release->later_classes.value & LATER_HOST_BASED_SETUP ? 1 : 0;
}

/* --- keys and what is the same everywhere --- */

#define SETTING(key, value)                                                                        \
    {                                                                                              \
        key, value, "SettingData", AMT_SCHEMA, POWER_SCHEME                                        \
    }
#define MANAGED(key, value)                                                                        \
    {                                                                                              \
        key, value, "ManagedElement", CIM_SCHEMA, SYSTEM_CLASS                                     \
    }

static const struct wsman_key scheme_keys[] = {{"InstanceID", NULL, NULL, NULL, NULL},
                                               {"SchemeGUID", wsman_second_id, NULL, NULL, NULL}};
/* The console takes the GUID from the second (MCMD). */
static const struct wsman_key current_keys[] = {
    MANAGED("CreationClassName", SYSTEM_CLASS), MANAGED("Name", SYSTEM_NAME),
    SETTING("InstanceID", NULL), SETTING("SchemeGUID", wsman_second_id)};

#define TITLE(name)                                                                                \
    {                                                                                              \
        "ElementName", name                                                                        \
    }
#define END_OF_LIST                                                                                \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

#define OPT_IN "Intel(r) AMT OptIn Service"
#define HOST_BASED "Intel(r) AMT Host Based Setup Service"

static const struct wsman_property
    port_fixed[] = {TITLE(PORT_SETTINGS),
                    {"PhysicalConnectionType", "0"},
                    {"SharedStaticIp", "false"},
                    END_OF_LIST},
    scheme_fixed[] = {TITLE("Intel(r) AMT Power Scheme"), END_OF_LIST},
    current_fixed[] = {{"IsCurrent", "1"}, {"IsNext", "1"}, END_OF_LIST},
    opt_in_fixed[] = {TITLE(OPT_IN),
                      {"CanModifyOptInPolicy", "1"},
                      {"OptInCodeTimeout", "120"},
                      {"OptInDisplayTimeout", "300"},
                      {"OptInRequired", "0"},
                      {"OptInState", "0"},
                      END_OF_LIST},
    host_based_fixed[] = {
        TITLE(HOST_BASED),        {"AllowedControlModes", "2"}, {"AllowedControlModes", "1"},
        {"CertChainStatus", "0"}, {"CurrentControlMode", "2"},  END_OF_LIST};

#define READ_ONLY ACT_READ_NETWORK, ACT_READ_NETWORK

static const struct wsman_class classes[] = {
    {AMT_SCHEMA, "AMT_EthernetPortSettings", ACT_READ_NETWORK, ACT_SET_NETWORK, 1,
     WSMAN_KEYS(wsman_instance_id, 1), .fixed_id = PORT_SETTINGS " 0", .read = port_settings,
     .put = put_port_settings, .properties = port_fixed},
    {AMT_SCHEMA, POWER_SCHEME, READ_ONLY, 0, WSMAN_KEYS(scheme_keys, 2), .id = scheme_id,
     .read = scheme, .count = scheme_count, .properties = scheme_fixed},
    {CIM_SCHEMA, "CIM_ElementSettingData", READ_ONLY, 1, WSMAN_KEYS(current_keys, 4),
     .id = current_id, .properties = current_fixed},
    {IPS_SCHEMA, "IPS_OptInService", READ_ONLY, 0, WSMAN_KEYS(wsman_service_keys, 4),
     .fixed_id = OPT_IN, .count = opt_in_count, .properties = opt_in_fixed},
    {IPS_SCHEMA, "IPS_HostBasedSetupService", READ_ONLY, 0, WSMAN_KEYS(wsman_service_keys, 4),
     .fixed_id = HOST_BASED, .count = host_based_count, .properties = host_based_fixed},
};

const struct wsman_classes class_network = {classes, sizeof(classes) / sizeof(classes[0])};
