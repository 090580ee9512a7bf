// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/order.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "sim/server/openssl.h"
#include "sim/server/xml_text.h"

#define EOI "http://schemas.intel.com/platform/client/"
#define CIM "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
#define AMT "http://intel.com/wbem/wscim/1/amt-schema/1/"
#define TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define ANONYMOUS ADDRESSING "/role/anonymous"

__attribute__((format(printf, 2, 3))) static void put(struct order_request *r, const char *format,
                                                      ...)
{
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(r->body + r->len, sizeof(r->body) - r->len, format, arguments);
    va_end(arguments);
    if (n > 0)
        r->len += (size_t)n;
    if (r->len >= sizeof(r->body))
        r->len = sizeof(r->body) - 1;
}

static void put_escaped(struct order_request *r, const char *text)
{
    for (; *text; text++) {
        if (*text == '&' || *text == '<' || *text == '>')
            put(r, "&#%d;", *text);
        else
            put(r, "%c", *text);
    }
}

/* --- what both protocols say of a new user (LMS-cim: AddUserAclEntryEx) --- */

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Base64 of MD5(user:realm:password). */
static void put_digest(struct order_request *r, const struct console_order *o, const char *realm)
{
    const char *const text[] = {o->new_user, ":", realm, ":", o->new_password};
    char hex[OPENSSL_MD5_HEX];
    unsigned char sum[16], base64[32];

    if (!openssl_md5(text, 5, hex))
        return;
    for (size_t i = 0; i < sizeof(sum); i++)
        sum[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    EVP_EncodeBlock(base64, sum, sizeof(sum));
    put(r, "%s", (const char *)base64);
}

#define ANY_ACCESS 2

static void put_user(struct order_request *r, const struct console_order *o, const char *realm,
                     const char *prefix)
{
    put(r, "<%sDigestUsername>", prefix);
    put_escaped(r, o->new_user);
    put(r, "</%sDigestUsername><%sDigestPassword>", prefix, prefix);
    put_digest(r, o, realm);
    put(r, "</%sDigestPassword><%sAccessPermission>%d</%sAccessPermission>", prefix, prefix,
        ANY_ACCESS, prefix);
    for (unsigned i = 0; i < 32; i++)
        if (o->realms >> i & 1u)
            put(r, "<%sRealms>%u</%sRealms>", prefix, i, prefix);
}

/* --- EOI --- */

#define COMMAND_RESET 16
#define COMMAND_UP 17
#define COMMAND_DOWN 18
#define COMMAND_CYCLE 19
#define INTEL 343
#define SPECIAL_OEM 0xC1
#define OEM_SETUP 1

static void put_remote_control(struct order_request *r, const struct console_order *o)
{
    static const int command[] = {[CONSOLE_UP] = COMMAND_UP,
                                  [CONSOLE_DOWN] = COMMAND_DOWN,
                                  [CONSOLE_CYCLE] = COMMAND_CYCLE,
                                  [CONSOLE_RESET] = COMMAND_RESET};
    static const int special[] = {[CONSOLE_BOOT_PXE] = 1,
                                  [CONSOLE_BOOT_DISK] = 2,
                                  [CONSOLE_BOOT_CD] = 5,
                                  [CONSOLE_BOOT_DIAGNOSTICS] = 4};

    put(r, "<Command>%d</Command><IanaOemNumber>%d</IanaOemNumber>", command[o->command], INTEL);
    if (o->options & CONSOLE_OPTION_SETUP)
        put(r, "<SpecialCommand>%d</SpecialCommand><OEMparameters>%d</OEMparameters>", SPECIAL_OEM,
            OEM_SETUP);
    else if (o->source != CONSOLE_BOOT_DEFAULT)
        put(r, "<SpecialCommand>%d</SpecialCommand>", special[o->source]);
}

static bool write_soap(const struct console_order *o, uint8_t nth, const char *realm,
                       struct order_request *r)
{
    static const struct {
        const char *service, *method;
    } call[CONSOLE_TASKS] = {
        [CONSOLE_POWER] = {"RemoteControl", "RemoteControl"},
        [CONSOLE_STATE] = {"RemoteControl", "GetSystemPowerState"},
        [CONSOLE_USER_ADD] = {"SecurityAdministration", "AddUserAclEntryEx"},
    };
    const char *service = call[o->task].service, *method = call[o->task].method;

    if (nth > 0 || !service)
        return false;
    snprintf(r->path, sizeof(r->path), "/%sService", service);
    snprintf(r->action, sizeof(r->action), EOI "%s/2004/01#%s", service, method);
    put(r,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope "
        "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><%s xmlns=\"" EOI
        "%s/2004/01\">",
        method, service);
    if (o->task == CONSOLE_POWER)
        put_remote_control(r, o);
    else if (o->task == CONSOLE_USER_ADD)
        put_user(r, o, realm, "");
    put(r, "</%s></s:Body></s:Envelope>", method);
    return true;
}

/* --- WS-Man --- */

struct act {
    const char *space, *class;
    const char *method; /* NULL: Get or Put */
    void (*put)(struct order_request *r, const struct console_order *o, const char *realm);
};

/* An endpoint reference, inside the element that holds it. */
static void put_reference(struct order_request *r, const char *class, const char *key,
                          const char *value)
{
    put(r,
        "<a:Address>" ANONYMOUS "</a:Address><a:ReferenceParameters><w:ResourceURI>" CIM
        "%s</w:ResourceURI><w:SelectorSet>%s<w:Selector Name=\"%s\">%s</w:Selector>"
        "</w:SelectorSet></a:ReferenceParameters>",
        class,
        strcmp(key, "Name") == 0 ? "<w:Selector Name=\"CreationClassName\">CIM_ComputerSystem"
                                   "</w:Selector>"
                                 : "",
        key, value);
}

static void put_state_change(struct order_request *r, const struct console_order *o,
                             const char *realm)
{
    static const int state[] = {
        [CONSOLE_UP] = 2, [CONSOLE_DOWN] = 8, [CONSOLE_CYCLE] = 5, [CONSOLE_RESET] = 10};

    (void)realm;
    put(r, "<h:PowerState>%d</h:PowerState><h:ManagedElement>", state[o->command]);
    put_reference(r, "CIM_ComputerSystem", "Name", "ManagedSystem");
    put(r, "</h:ManagedElement>");
}

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

/* The whole object, as before 7.0. */
static void put_settings(struct order_request *r, const struct console_order *o, const char *realm)
{
    (void)realm;
    put(r,
        "<h:BIOSPause>%s</h:BIOSPause><h:BIOSSetup>%s</h:BIOSSetup>"
        "<h:BootMediaIndex>0</h:BootMediaIndex>"
        "<h:ConfigurationDataReset>false</h:ConfigurationDataReset>",
        truth(o->options & CONSOLE_OPTION_PAUSE), truth(o->options & CONSOLE_OPTION_SETUP));
    put(r, "<h:ElementName>Intel(r) AMT Boot Configuration Settings</h:ElementName>"
           "<h:FirmwareVerbosity>0</h:FirmwareVerbosity>"
           "<h:ForcedProgressEvents>false</h:ForcedProgressEvents>"
           "<h:IDERBootDevice>0</h:IDERBootDevice>"
           "<h:InstanceID>Intel(r) AMT:BootSettingData 0</h:InstanceID>"
           "<h:LockKeyboard>false</h:LockKeyboard><h:LockPowerButton>false</h:LockPowerButton>"
           "<h:LockResetButton>false</h:LockResetButton>"
           "<h:LockSleepButton>false</h:LockSleepButton>"
           "<h:OwningEntity>Intel(r) AMT</h:OwningEntity><h:ReflashBIOS>false</h:ReflashBIOS>");
    put(r,
        "<h:UseIDER>false</h:UseIDER><h:UseSOL>%s</h:UseSOL><h:UseSafeMode>false</h:UseSafeMode>"
        "<h:UserPasswordBypass>false</h:UserPasswordBypass>",
        truth(o->options & CONSOLE_OPTION_SOL));
}

static void put_role(struct order_request *r, const struct console_order *o, const char *realm)
{
    (void)o;
    (void)realm;
    put(r, "<h:BootConfigSetting>");
    put_reference(r, "CIM_BootConfigSetting", "InstanceID", "Intel(r) AMT: Boot Configuration 0");
    put(r, "</h:BootConfigSetting><h:Role>1</h:Role>");
}

static void put_source(struct order_request *r, const struct console_order *o, const char *realm)
{
    static const char *const id[CONSOLE_SOURCES] = {
        [CONSOLE_BOOT_PXE] = "Intel(r) AMT: Force PXE Boot",
        [CONSOLE_BOOT_DISK] = "Intel(r) AMT: Force Hard-drive Boot",
        [CONSOLE_BOOT_CD] = "Intel(r) AMT: Force CD/DVD Boot",
        [CONSOLE_BOOT_DIAGNOSTICS] = "Intel(r) AMT: Force Diagnostic Boot",
    };

    (void)realm;
    if (!id[o->source])
        return;
    put(r, "<h:Source>");
    put_reference(r, "CIM_BootSourceSetting", "InstanceID", id[o->source]);
    put(r, "</h:Source>");
}

#define REDIRECTION_NONE 32768
#define REDIRECTION_BOTH 32771

static void put_redirection_state(struct order_request *r, const struct console_order *o,
                                  const char *realm)
{
    (void)realm;
    put(r, "<h:RequestedState>%d</h:RequestedState>", o->on ? REDIRECTION_BOTH : REDIRECTION_NONE);
}

static void put_redirection(struct order_request *r, const struct console_order *o,
                            const char *realm)
{
    (void)realm;
    put(r,
        "<h:CreationClassName>AMT_RedirectionService</h:CreationClassName>"
        "<h:ElementName>Intel(r) AMT Redirection Service</h:ElementName>"
        "<h:EnabledState>%d</h:EnabledState><h:ListenerEnabled>%s</h:ListenerEnabled>"
        "<h:Name>Intel(r) AMT Redirection Service</h:Name>"
        "<h:SystemCreationClassName>CIM_ComputerSystem</h:SystemCreationClassName>"
        "<h:SystemName>Intel(r) AMT</h:SystemName>",
        o->on ? REDIRECTION_BOTH : REDIRECTION_NONE, truth(o->on));
}

static void put_records(struct order_request *r, const struct console_order *o, const char *realm)
{
    (void)o;
    (void)realm;
    put(r, "<h:IterationIdentifier>1</h:IterationIdentifier>"
           "<h:MaxReadRecords>390</h:MaxReadRecords>");
}

static void put_new_user(struct order_request *r, const struct console_order *o, const char *realm)
{
    put_user(r, o, realm, "h:");
}

#define SETTINGS "AMT_BootSettingData"
#define CHANGE_STATE                                                                               \
    {                                                                                              \
        CIM, "CIM_PowerManagementService", "RequestPowerStateChange", put_state_change             \
    }

static const struct act plain_power[] = {CHANGE_STATE};
/* MC, and MeshCommander's for each action with boot options. */
static const struct act boot_power[] = {
    {AMT, SETTINGS, NULL, NULL},
    {CIM, "CIM_BootConfigSetting", "ChangeBootOrder", NULL},
    {AMT, SETTINGS, NULL, put_settings},
    {CIM, "CIM_BootService", "SetBootConfigRole", put_role},
    {CIM, "CIM_BootConfigSetting", "ChangeBootOrder", put_source},
    CHANGE_STATE,
};
static const struct act state[] = {{CIM, "CIM_AssociatedPowerManagementService", NULL, NULL}};
static const struct act event_log[] = {{AMT, "AMT_MessageLog", "PositionToFirstRecord", NULL},
                                       {AMT, "AMT_MessageLog", "GetRecords", put_records}};
static const struct act redirection[] = {
    {AMT, "AMT_RedirectionService", "RequestStateChange", put_redirection_state},
    {AMT, "AMT_RedirectionService", NULL, put_redirection},
};
static const struct act user_add[] = {
    {AMT, "AMT_AuthorizationService", "AddUserAclEntryEx", put_new_user}};

#define ACTS(list)                                                                                 \
    {                                                                                              \
        list, sizeof(list) / sizeof((list)[0])                                                     \
    }

static const struct act *act_of(const struct console_order *o, uint8_t nth)
{
    static const struct {
        const struct act *act;
        size_t count;
    } acts[CONSOLE_TASKS] = {
        [CONSOLE_POWER] = ACTS(plain_power), [CONSOLE_STATE] = ACTS(state),
        [CONSOLE_LOG] = ACTS(event_log),     [CONSOLE_REDIRECTION] = ACTS(redirection),
        [CONSOLE_USER_ADD] = ACTS(user_add),
    };
    bool boots = o->source != CONSOLE_BOOT_DEFAULT || o->options;

    if (o->task == CONSOLE_POWER && boots)
        return nth < sizeof(boot_power) / sizeof(boot_power[0]) ? &boot_power[nth] : NULL;
    return nth < acts[o->task].count ? &acts[o->task].act[nth] : NULL;
}

static bool write_wsman(const struct console_order *o, uint8_t nth, const char *realm,
                        struct order_request *r)
{
    const struct act *act = act_of(o, nth);
    const char *suffix = act && act->method ? "_INPUT" : "", *element;

    if (!act)
        return false;
    element = act->method ? act->method : act->class;
    snprintf(r->path, sizeof(r->path), "/wsman");
    put(r, "<?xml version=\"1.0\" encoding=\"utf-8\"?><Envelope "
           "xmlns=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"" ADDRESSING
           "\" xmlns:w=\"" WSMAN "\"><Header><a:Action>");
    if (act->method)
        put(r, "%s%s/%s", act->space, act->class, act->method);
    else
        put(r, TRANSFER "/%s", act->put ? "Put" : "Get");
    put(r,
        "</a:Action><a:To>/wsman</a:To><w:ResourceURI>%s%s</w:ResourceURI>"
        "<a:MessageID>%u</a:MessageID><a:ReplyTo><a:Address>" ANONYMOUS
        "</a:Address></a:ReplyTo><w:OperationTimeout>PT60S</w:OperationTimeout></Header><Body>",
        act->space, act->class, nth + 1u);
    if (act->method || act->put) {
        put(r, "<h:%s%s xmlns:h=\"%s%s\">", element, suffix, act->space, act->class);
        if (act->put)
            act->put(r, o, realm);
        put(r, "</h:%s%s>", element, suffix);
    }
    put(r, "</Body></Envelope>");
    return true;
}

bool order_write(enum console_protocol protocol, const struct console_order *order, uint8_t nth,
                 const char *realm, struct order_request *out)
{
    memset(out, 0, sizeof(*out));
    return protocol == CONSOLE_SOAP ? write_soap(order, nth, realm, out)
                                    : write_wsman(order, nth, realm, out);
}

/* --- answers --- */

static bool number(const char *body, const char *name, uint32_t *out)
{
    char text[16], *end;
    unsigned long long value;

    if (!xml_text(body, name, text, sizeof(text)) || text[0] < '0' || text[0] > '9')
        return false;
    value = strtoull(text, &end, 10);
    *out = (uint32_t)value;
    return *end == '\0' && value <= UINT32_MAX;
}

/* How often such an element begins, whatever its prefix. */
static uint32_t count_elements(const char *body, const char *name)
{
    size_t len = strlen(name);
    uint32_t count = 0;

    for (const char *at = strstr(body, name); at; at = strstr(at + len, name)) {
        const char *begin = at;

        while (begin > body && begin[-1] != '<' && begin[-1] != '>' && begin[-1] != '/')
            begin--;
        count += begin > body && begin[-1] == '<' && (at[len] == '>' || at[len] == ' ');
    }
    return count;
}

static bool read_soap(const struct console_order *o, const char *body, uint32_t *status,
                      uint32_t *value)
{
    if (!number(body, "Status", status))
        return false;
    return o->task != CONSOLE_STATE || *status != 0 || number(body, "SystemPowerState", value);
}

static bool read_wsman(const struct console_order *o, uint8_t nth, const char *body,
                       uint32_t *status, uint32_t *value)
{
    const struct act *act = act_of(o, nth);

    if (!act || (act->method && !number(body, "ReturnValue", status)))
        return false;
    if (o->task == CONSOLE_STATE)
        return number(body, "PowerState", value);
    if (o->task == CONSOLE_LOG && nth == 1)
        *value = count_elements(body, "RecordArray");
    return true;
}

bool order_read(enum console_protocol protocol, const struct console_order *order, uint8_t nth,
                const char *body, uint32_t *status, uint32_t *value)
{
    *status = 0;
    return protocol == CONSOLE_SOAP ? read_soap(order, body, status, value)
                                    : read_wsman(order, nth, body, status, value);
}
