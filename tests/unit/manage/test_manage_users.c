// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

#include "fw/core/realms.h"
#include "fw/manage/accounts.h"
#include "fw/manage/operation.h"
#include "fw/manage/wsman_class.h"

/* The users beside the administrator, in both protocols: as MeshCommander asks (MCMD), and by EOI
 * with the same names. */

#define SECURITY "/SecurityAdministrationService"
#define USERS_CLASS AMT "AMT_AuthorizationService"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOBODY UINT32_MAX

enum protocol { WSMAN, EOI };

/* Asks as the present user. Returns the method's status, or NOBODY with another reply in out. */
static uint32_t call(struct manage_fixture *b, enum protocol by, const char *method,
                     const char *arguments)
{
    char request[2048], action[256], body[1024];
    const char *value;

    if (by == EOI) {
        soap_lite(request, method, arguments);
        fixture_ask(b, SECURITY, request);
    } else {
        snprintf(action, sizeof(action), USERS_CLASS "/%s", method);
        snprintf(body, sizeof(body), "<r:%s_INPUT xmlns:r=\"" USERS_CLASS "\">%s</r:%s_INPUT>",
                 method, arguments, method);
        mesh(request, action, USERS_CLASS, body);
        fixture_ask(b, "/wsman", request);
    }
    if (b->status != 200)
        return NOBODY;
    value = strstr(fixture_body(b), by == EOI ? "<Status>" : "ReturnValue>");
    return value ? (uint32_t)strtoul(strchr(value, '>') + 1, NULL, 10) : NOBODY;
}

/* What a reply has under that name, the n'th; "": it has none. */
static const char *result(const struct manage_fixture *b, const char *name, uint32_t n)
{
    static char text[64];
    const char *at = b->out;
    char tag[2][64];

    snprintf(tag[0], sizeof(tag[0]), "<%s>", name);
    snprintf(tag[1], sizeof(tag[1]), "<g:%s>", name);
    text[0] = '\0';
    for (; *at; at++)
        for (int i = 0; i < 2; i++)
            if (strncmp(at, tag[i], strlen(tag[i])) == 0 && n-- == 0) {
                at += strlen(tag[i]);
                snprintf(text, sizeof(text), "%.*s", (int)strcspn(at, "<"), at);
                return text;
            }
    return text;
}

static void base64(const uint8_t *bytes, size_t len, char out[64])
{
    struct out o = {out, 63, 0, false};

    out_base64(&o, bytes, len);
    out[o.len] = '\0';
}

/* What MCMD sends for a name and a password. */
static const char *password_of(const char *name, const char *password)
{
    static char text[64];
    char ha1[33];
    uint8_t bytes[16];

    digest_ha1(&(struct digest_account){.user = name, .password = password}, FIXTURE_REALM, ha1);
    for (int i = 0; i < 16; i++) {
        char pair[3] = {ha1[2 * i], ha1[2 * i + 1], '\0'};

        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    base64(bytes, sizeof(bytes), text);
    return text;
}

/* Arguments in MCMD's order; realms: "5 19". */
static const char *entry(const char *name, const char *password, const char *access,
                         const char *realms)
{
    static char text[1024];
    int n = snprintf(text, sizeof(text),
                     "<r:DigestUsername>%s</r:DigestUsername><r:DigestPassword>%s"
                     "</r:DigestPassword><r:AccessPermission>%s</r:AccessPermission>",
                     name, password_of(name, password), access);

    while (*realms) {
        n += snprintf(text + n, sizeof(text) - (size_t)n, "<r:Realms>%.*s</r:Realms>",
                      (int)strcspn(realms, " "), realms);
        realms += strcspn(realms, " ");
        realms += *realms == ' ';
    }
    return text;
}

static const char *handle(uint32_t number)
{
    static char text[64];

    snprintf(text, sizeof(text), "<r:Handle>%u</r:Handle>", (unsigned)number);
    return text;
}

static const char *with(uint32_t number, const char *arguments)
{
    static char text[1100];

    snprintf(text, sizeof(text), "%s%s", handle(number), arguments);
    return text;
}

static void be(struct manage_fixture *b, const char *user, const char *password)
{
    b->user = user;
    b->password = password;
}

static void be_admin(struct manage_fixture *b)
{
    be(b, "admin", FIXTURE_PASSWORD);
}

/* The administrator adds somebody. Returns the handle. */
static uint32_t add(struct manage_fixture *b, const char *name, const char *realms)
{
    be_admin(b);
    assert_int_equal(call(b, WSMAN, "AddUserAclEntryEx", entry(name, "his own", "2", realms)), 0);
    return (uint32_t)strtoul(result(b, "Handle", 0), NULL, 10);
}

/* Whether anything is answered to who is `user`. */
static bool is_let_in(struct manage_fixture *b, const char *user, const char *password)
{
    be(b, user, password);
    call(b, WSMAN, "GetAdminAclEntry", "");
    b->now_ms += 60000; /* a wrong answer delays nobody here */
    return b->status != 401;
}

static void a_user_from_begin_to_end(void **state)
{
    (void)state;
    for (enum protocol by = WSMAN; by <= EOI; by++) {
        struct manage_fixture b;
        char number[32];

        fixture_init(&b, "5.0.3");
        assert_false(is_let_in(&b, "ann", "secret"));
        be_admin(&b);
        assert_int_equal(call(&b, by, "AddUserAclEntryEx", entry("ann", "secret", "2", "3 5 19 5")),
                         0);
        assert_string_equal(result(&b, "Handle", 0), "1");
        assert_int_equal(b.stores, 1);
        assert_int_equal(b.operation_status, 0);
        assert_int_equal(call(&b, by, "EnumerateUserAclEntries", "<r:StartIndex>1</r:StartIndex>"),
                         0);
        /* MCMD wants a list: the system's own two make it one. */
        assert_string_equal(result(&b, "TotalCount", 0), "3");
        assert_string_equal(result(&b, "HandlesCount", 0), "3");
        assert_string_equal(result(&b, "Handles", 0), "1");
        snprintf(number, sizeof(number), "%d", USERS + 1);
        assert_string_equal(result(&b, "Handles", 1), number);
        assert_string_equal(result(&b, "Handles", 3), "");
        assert_int_equal(call(&b, by, "GetUserAclEntryEx", handle(1)), 0);
        assert_string_equal(result(&b, "DigestUsername", 0), "ann");
        assert_string_equal(result(&b, "AccessPermission", 0), "2");
        assert_string_equal(result(&b, "Realms", 0), "3");
        assert_string_equal(result(&b, "Realms", 1), "5");
        assert_string_equal(result(&b, "Realms", 2), "19");
        assert_string_equal(result(&b, "Realms", 3), "");
        assert_null(strstr(b.out, password_of("ann", "secret")));
        assert_int_equal(call(&b, by, "GetAclEnabledState", handle(1)), 0);
        assert_string_equal(result(&b, "Enabled", 0), "true");
        assert_true(is_let_in(&b, "ann", "secret"));
        assert_int_equal(b.status, 200);

        be_admin(&b);
        assert_int_equal(
            call(&b, by, "SetAclEnabledState", with(1, "<r:Enabled>false</r:Enabled>")), 0);
        assert_int_equal(call(&b, by, "GetAclEnabledState", handle(1)), 0);
        assert_string_equal(result(&b, "Enabled", 0), "false");
        assert_false(is_let_in(&b, "ann", "secret"));
        be_admin(&b);
        assert_int_equal(call(&b, by, "SetAclEnabledState", with(1, "<r:Enabled>true</r:Enabled>")),
                         0);
        assert_true(is_let_in(&b, "ann", "secret"));

        be_admin(&b);
        assert_int_equal(
            call(&b, by, "UpdateUserAclEntryEx", with(1, entry("ann", "new", "1", "13"))), 0);
        assert_false(is_let_in(&b, "ann", "secret"));
        assert_true(is_let_in(&b, "ann", "new"));
        be_admin(&b);
        assert_int_equal(call(&b, by, "RemoveUserAclEntry", handle(1)), 0);
        assert_false(is_let_in(&b, "ann", "new"));
        assert_int_equal(b.stores, 5);
    }
}

/* LMS-cim: 0 is the machine's own; from 6.1 on it opens something there. */
static void who_is_good_only_from_the_machine(void **state)
{
    struct manage_fixture b;

    (void)state;
    fixture_init(&b, "6.0");
    be_admin(&b);
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", entry("ann", "secret", "0", "3")), 0);
    assert_false(is_let_in(&b, "ann", "secret"));
    assert_int_equal(b.wrong, 1); /* counted like any wrong answer */
    assert_false(is_let_in(&b, "$$uns", ""));
    assert_false(is_let_in(&b, "$$OsAdmin", ""));
}

static void statuses(void **state)
{
    static const char realms_of_nobody[] =
        "<r:DigestUsername>bob</r:DigestUsername><r:DigestPassword>AAAAAAAAAAAAAAAAAAAAAA=="
        "</r:DigestPassword><r:AccessPermission>2</r:AccessPermission><r:Realms>%s</r:Realms>";
    static const char *const no_realm[] = {"",   "0",  "1",          "22", "25",
                                           "32", "-5", "4294967299", "x",  "5x"};
    struct manage_fixture b;
    char arguments[512];

    (void)state;
    for (enum protocol by = WSMAN; by <= EOI; by++) {
        fixture_init(&b, "5.0.3");
        add(&b, "ann", "5");
        assert_int_equal(call(&b, by, "AddUserAclEntryEx", entry("ann", "x", "2", "5")), 0x80A);
        assert_int_equal(call(&b, by, "AddUserAclEntryEx", entry("admin", "x", "2", "5")), 0x0C);
        assert_int_equal(call(&b, by, "AddUserAclEntryEx", entry("bob", "x", "3", "5")), 0x24);
        assert_int_equal(call(&b, by, "AddUserAclEntryEx", ""), 0x0C);
        for (size_t i = 0; i < COUNT(no_realm); i++) {
            snprintf(arguments, sizeof(arguments), realms_of_nobody, no_realm[i]);
            if (call(&b, by, "AddUserAclEntryEx", arguments) != 0x807)
                fail_msg("realm '%s'", no_realm[i]);
        }
        assert_int_equal(call(&b, by, "AddUserAclEntryEx",
                              "<r:DigestUsername>bob</r:DigestUsername><r:DigestPassword>c2hvcnQ="
                              "</r:DigestPassword><r:AccessPermission>2</r:AccessPermission>"),
                         0x806);
        assert_int_equal(call(&b, by, "AddUserAclEntryEx",
                              "<r:DigestUsername>bob</r:DigestUsername>"
                              "<r:AccessPermission>2</r:AccessPermission>"),
                         0x806);
        assert_int_equal(call(&b, by, "GetUserAclEntryEx", handle(2)), 0x805);
        assert_int_equal(call(&b, by, "GetUserAclEntryEx", ""), 0x805);
        assert_int_equal(call(&b, by, "GetAclEnabledState", handle(9)), 0x805);
        assert_int_equal(call(&b, by, "RemoveUserAclEntry", handle(0)), 0x805);
        assert_int_equal(call(&b, by, "RemoveUserAclEntry", handle(USERS + 1)), 0x10);
        assert_int_equal(call(&b, by, "SetAclEnabledState", with(1, "")), 0x24);
        assert_int_equal(call(&b, by, "UpdateUserAclEntryEx", with(3, entry("bob", "x", "2", "5"))),
                         0x805);
        for (uint32_t i = 0; i < 3; i++) { /* there are three */
            static const char *const index[] = {"0", "4", "one"};

            snprintf(arguments, sizeof(arguments), "<r:StartIndex>%s</r:StartIndex>", index[i]);
            assert_int_equal(call(&b, by, "EnumerateUserAclEntries", arguments), 0x23);
        }
        assert_int_equal(call(&b, by, "EnumerateUserAclEntries", "<r:StartIndex>3</r:StartIndex>"),
                         0);
        assert_string_equal(result(&b, "HandlesCount", 0), "1");
        assert_int_equal(b.stores, 1); /* nothing of all this is stored */
        for (uint32_t i = 1; i < 7; i++) {
            char name[8];

            snprintf(name, sizeof(name), "user%u", (unsigned)i);
            add(&b, name, "5");
        }
        assert_int_equal(call(&b, by, "AddUserAclEntryEx", entry("bob", "x", "2", "5")), 0x17);
        /* What cannot be stored is not there. */
        b.store_fails = true;
        assert_int_equal(call(&b, by, "RemoveUserAclEntry", handle(1)), 1);
        assert_true(is_let_in(&b, "ann", "his own"));
    }
}

/* The list is as long as it can be, and one reply has it. */
static void everybody_in_one_reply(void **state)
{
    struct manage_fixture b;
    uint8_t sid[28] = {1, 5, 0, 0, 0, 0, 0, 5, 21};
    char text[64], arguments[256];

    (void)state;
    fixture_init(&b, "5.0.3");
    for (uint32_t i = 0; i < 7; i++) {
        snprintf(text, sizeof(text), "user%u", (unsigned)i);
        add(&b, text, "5");
    }
    for (uint32_t i = 0; i < LIMIT_KERBEROS_USERS; i++) {
        sid[24] = (uint8_t)i;
        base64(sid, sizeof(sid), text);
        snprintf(arguments, sizeof(arguments),
                 "<r:KerberosUserSid>%s</r:KerberosUserSid><r:AccessPermission>1"
                 "</r:AccessPermission><r:Realms>3</r:Realms>",
                 text);
        assert_int_equal(call(&b, i % 2 ? EOI : WSMAN, "AddUserAclEntryEx", arguments), 0);
    }
    assert_int_equal(call(&b, WSMAN, "GetUserAclEntryEx", handle(7 + LIMIT_KERBEROS_USERS)), 0);
    assert_string_equal(result(&b, "KerberosUserSid", 0), text);
    assert_string_equal(result(&b, "DigestUsername", 0), "");
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", arguments), 0x80A);
    for (enum protocol by = WSMAN; by <= EOI; by++) {
        assert_int_equal(call(&b, by, "EnumerateUserAclEntries", "<r:StartIndex>1</r:StartIndex>"),
                         0);
        snprintf(text, sizeof(text), "%u", (unsigned)USERS_HANDLES);
        assert_string_equal(result(&b, "TotalCount", 0), text);
        assert_string_equal(result(&b, "Handles", USERS_HANDLES - 1), text);
    }
}

/* Whatever class and method there is: who reads the event log is answered nothing by any that is
 * not the log's. */
static void the_event_logs_realm_alone(void **state)
{
    static const char *const classes[] = {AMT "AMT_GeneralSettings",
                                          AMT "AMT_SetupAndConfigurationService",
                                          AMT "AMT_AuthorizationService",
                                          AMT "AMT_TimeSynchronizationService",
                                          AMT "AMT_TLSSettingData",
                                          AMT "AMT_PublicKeyCertificate",
                                          AMT "AMT_PublicPrivateKeyPair",
                                          CIM "CIM_SoftwareIdentity",
                                          AMT "AMT_TLSCredentialContext",
                                          CIM "CIM_AssociatedPowerManagementService",
                                          AMT "AMT_PublicKeyManagementService"};
    static const struct {
        const char *path, *method;
    } methods[] = {
        {SECURITY, "GetCoreVersion"},
        {SECURITY, "GetDigestRealm"},
        {SECURITY, "CommitChanges"},
        {SECURITY, "Unprovision"},
        {SECURITY, "PartialUnprovision"},
        {SECURITY, "SetMEBxPassword"},
        {SECURITY, "SetAdminAclEntryEx"},
        {SECURITY, "AddUserAclEntry"},
        {SECURITY, "EnumerateUserAclEntries"},
        {SECURITY, "GetUserAclEntry"},
        {SECURITY, "RemoveUserAclEntry"},
        {SECURITY, "GetAdminAclEntry"},
        {"/NetworkAdministrationService", "GetHostName"},
        {"/NetworkAdministrationService", "GetInterfaceSettings"},
        {"/NetworkTimeService", "GetLowAccuracyTimeSynch"},
        {"/NetworkTimeService", "SetHighAccuracyTimeSynch"},
        {"/RemoteControlService", "GetSystemPowerState"},
        {"/RemoteControlService", "GetRemoteControlCapabilities"},
    };
    static const char *const verbs[] = {TRANSFER "/Get", TRANSFER "/Put", ENUMERATION "/Enumerate",
                                        ENUMERATION "/Pull"};
    static const char *const called[] = {"AddUserAclEntryEx", "GetAdminAclEntry",
                                         "EnumerateUserAclEntries", "SetAdminAclEntryEx"};
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.3");
    add(&b, "reader", "19");
    be(&b, "reader", "his own");
    b.stores = 0;
    for (size_t i = 0; i < COUNT(classes); i++)
        for (size_t j = 0; j < COUNT(verbs); j++) {
            mesh(request, verbs[j], classes[i], "");
            fixture_ask(&b, "/wsman", request);
            assert_int_equal(b.status, 400);
            assert_non_null(strstr(b.out, "AccessDenied"));
        }
    for (size_t i = 0; i < COUNT(called); i++) {
        assert_int_equal(call(&b, WSMAN, called[i], entry("bob", "x", "2", "3")), NOBODY);
        assert_int_equal(b.status, 400);
        assert_non_null(strstr(b.out, "AccessDenied"));
    }
    for (size_t i = 0; i < COUNT(methods); i++) {
        soap_lite(request, methods[i].method, "");
        fixture_ask(&b, methods[i].path, request);
        assert_int_equal(b.status, 200);
        assert_non_null(strstr(fixture_body(&b), "<Status>16</Status></"));
    }
    b.method = "GET";
    fixture_ask(&b, "/index.htm", "");
    assert_int_equal(b.status, 403);
    assert_null(strstr(b.out, "pc1"));
    assert_int_equal(b.stores, 0);
    assert_int_equal(b.orders, 0);
}

static const struct operations *const every_operation[] = {
    &operation_setup, &operation_read,    &operation_power,      &operation_log,
    &operation_users, &operation_network, &operation_redirection};
static const struct wsman_classes *const every_class[] = {
    &class_setup, &class_power, &class_log, &class_inventory, &class_network, &class_redirection};

/* What reads the log. */
static bool is_for_a_reader(const char *name)
{
    static const char *const names[] = {"PositionToFirstRecord", "GetRecords",      "GetRecord",
                                        "PositionAtRecord",      "CancelIteration", "ReadEventLog",
                                        "AMT_MessageLog"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void is_denied(struct manage_fixture *b, const char *action, const char *space,
                      const char *class, const char *body)
{
    char request[2048], uri[128];

    snprintf(uri, sizeof(uri), "%s%s", space, class);
    mesh(request, action, uri, body);
    fixture_ask(b, "/wsman", request);
    if (b->status != 400 || !strstr(b->out, "AccessDenied"))
        fail_msg("%s of %s: %s", action, class, b->out);
}

static void operation_is_denied(struct manage_fixture *b, const struct operation *o)
{
    static const char *const path[EOI_SERVICES] = {SECURITY,
                                                   "/NetworkAdministrationService",
                                                   "/NetworkTimeService",
                                                   "/RemoteControlService",
                                                   "/EventManagerService",
                                                   "/RedirectionService"};
    char request[2048], action[256];
    const char *space = o->class && strncmp(o->class, "CIM_", 4) == 0 ? CIM : AMT;

    if (o->eoi < EOI_SERVICES) {
        soap_lite(request, o->name, "");
        fixture_ask(b, path[o->eoi], request);
        if (!strstr(fixture_body(b), "<Status>16</Status></"))
            fail_msg("%s: %s", o->name, b->out);
    }
    if (o->class) {
        snprintf(action, sizeof(action), "%s%s/%s", space, o->class, o->name);
        is_denied(b, action, space, o->class, "");
    }
}

static void begin_as_reader(struct manage_fixture *b)
{
    fixture_init(b, "5.0.3");
    add(b, "reader", "19");
    be(b, "reader", "his own");
    b->stores = 0;
}

static void nothing_was_done(const struct manage_fixture *b)
{
    assert_int_equal(b->stores, 0);
    assert_int_equal(b->orders, 0);
}

/* The same of everything that the tables have, so that what is new there is asked for, too. */
static void the_event_log_and_nothing_else(void **state)
{
    static const char *const verbs[] = {
        TRANSFER "/Get",     TRANSFER "/Create",     TRANSFER "/Delete", ENUMERATION "/Enumerate",
        ENUMERATION "/Pull", ENUMERATION "/Release", TRANSFER "/Put"};
    struct manage_fixture b;
    size_t asked = 0;

    (void)state;
    for (size_t t = 0; t < COUNT(every_operation); t++) {
        begin_as_reader(&b);
        for (uint8_t i = 0; i < every_operation[t]->count; i++, asked++)
            if (!is_for_a_reader(every_operation[t]->first[i].name))
                operation_is_denied(&b, &every_operation[t]->first[i]);
        nothing_was_done(&b);
    }
    for (size_t t = 0; t < COUNT(every_class); t++)
        for (uint8_t i = 0; i < every_class[t]->count; i++, asked++) {
            const struct wsman_class *c = &every_class[t]->first[i];

            begin_as_reader(&b);
            for (size_t v = is_for_a_reader(c->name) ? COUNT(verbs) : 0; v < COUNT(verbs); v++)
                is_denied(&b, verbs[v], c->space, c->name, "");
            nothing_was_done(&b);
        }
    assert_true(asked > 80);
}

/* And each realm what is its own. */
static void what_other_realms_open(void **state)
{
    static const struct {
        const char *realms, *path, *method;
        uint32_t status;
    } row[] = {
        {"13", SECURITY, "GetCoreVersion", 0},
        {"13", "/NetworkAdministrationService", "GetHostName", 0},
        {"13", SECURITY, "CommitChanges", 16},
        {"13", SECURITY, "GetAdminAclEntry", 16},
        {"5", "/RemoteControlService", "GetSystemPowerState", 0},
        {"5", SECURITY, "GetCoreVersion", 16},
        {"12", "/NetworkTimeService", "GetLowAccuracyTimeSynch", 0},
        {"12", "/NetworkTimeService", "SetHighAccuracyTimeSynch", 0x22}, /* without a time */
        {"5", "/NetworkTimeService", "SetHighAccuracyTimeSynch", 16},
        {"21", SECURITY, "GetAdminAclEntry", 0},
        {"21", SECURITY, "SetAdminAclEntryEx", 16},
        {"3", SECURITY, "CommitChanges", 0},
        {"3", "/RemoteControlService", "GetSystemPowerState", 0},
        {"", SECURITY, "GetCoreVersion", 16},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct manage_fixture b;
        char request[2048], expected[64];

        fixture_init(&b, "5.0.3");
        add(&b, "ann", row[i].realms);
        be(&b, "ann", "his own");
        soap_lite(request, row[i].method, "");
        fixture_ask(&b, row[i].path, request);
        snprintf(expected, sizeof(expected), "<Status>%u</Status>", (unsigned)row[i].status);
        if (!strstr(fixture_body(&b), expected))
            fail_msg("%s with %s: %s", row[i].method, row[i].realms, b.out);
    }
}

/* Who manages users alone cannot make an administrator of himself or of anybody. */
static void nobody_rises(void **state)
{
    struct manage_fixture b;
    uint32_t boss, own, reader;

    (void)state;
    fixture_init(&b, "5.0.3");
    boss = add(&b, "boss", "3");
    own = add(&b, "clerk", "21 19");
    be(&b, "clerk", "his own");
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", entry("x", "x", "2", "3")), 0x10);
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", entry("x", "x", "2", "19 5")), 0x10);
    assert_int_equal(
        call(&b, WSMAN, "UpdateUserAclEntryEx", with(own, entry("clerk", "his own", "2", "21 3"))),
        0x10);
    assert_int_equal(
        call(&b, WSMAN, "UpdateUserAclEntryEx", with(boss, entry("boss", "x", "2", "19"))), 0x10);
    assert_int_equal(call(&b, WSMAN, "RemoveUserAclEntry", handle(boss)), 0x10);
    assert_int_equal(
        call(&b, WSMAN, "SetAclEnabledState", with(boss, "<r:Enabled>false</r:Enabled>")), 0x10);
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", entry("reader", "x", "2", "19")), 0);
    reader = (uint32_t)strtoul(result(&b, "Handle", 0), NULL, 10);
    assert_int_equal(call(&b, WSMAN, "RemoveUserAclEntry", handle(reader)), 0);
}

/* MCMD changes it without a commit. */
static void the_administrator_is_changed(void **state)
{
    struct manage_fixture b;
    char arguments[256];

    (void)state;
    fixture_init(&b, "5.0.3");
    b.settings.secret.password_default = true;
    assert_int_equal(call(&b, WSMAN, "GetAdminAclEntry", ""), 0);
    assert_string_equal(result(&b, "Username", 0), "admin");
    assert_int_equal(call(&b, WSMAN, "GetAdminNetAclEntryStatus", ""), 0);
    assert_string_equal(result(&b, "IsDefault", 0), "true");
    add(&b, "ann", "13");
    snprintf(arguments, sizeof(arguments),
             "<r:Username>ann</r:Username><r:DigestPassword>%s</r:DigestPassword>",
             password_of("ann", "x"));
    assert_int_equal(call(&b, WSMAN, "SetAdminAclEntryEx", arguments), 0x80A);
    assert_false(b.manage.pending.has_admin);
    snprintf(arguments, sizeof(arguments),
             "<r:Username>chief</r:Username><r:DigestPassword>%s</r:DigestPassword>",
             password_of("chief", "boss"));
    assert_int_equal(call(&b, WSMAN, "SetAdminAclEntryEx", arguments), 0);
    assert_false(is_let_in(&b, "admin", FIXTURE_PASSWORD));
    assert_true(is_let_in(&b, "chief", "boss"));
    assert_int_equal(call(&b, WSMAN, "GetAdminAclEntry", ""), 0);
    assert_string_equal(result(&b, "Username", 0), "chief");
    assert_int_equal(call(&b, WSMAN, "GetAdminNetAclEntryStatus", ""), 0);
    assert_string_equal(result(&b, "IsDefault", 0), "false");
    assert_int_equal(call(&b, WSMAN, "GetAdminAclEntryStatus", ""), 0);
    assert_string_equal(result(&b, "IsDefault", 0), "true");
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", entry("chief", "x", "2", "13")), 0x80A);
    assert_true(is_let_in(&b, "ann", "his own"));
    assert_int_equal(b.status, 400); /* to whom it is not open */
}

/* In set-up there are no users, whatever is stored. */
static void in_set_up_nobody_of_them(void **state)
{
    struct manage_fixture b;

    (void)state;
    fixture_init(&b, "5.0.3");
    add(&b, "ann", "3");
    fixture_state(&b, 1, ADMITTED_CHAIN);
    assert_false(is_let_in(&b, "ann", "his own"));
    be_admin(&b);
    assert_int_equal(call(&b, WSMAN, "AddUserAclEntryEx", entry("bob", "x", "2", "5")), 0x10);
    assert_int_equal(call(&b, EOI, "EnumerateUserAclEntries", "<StartIndex>1</StartIndex>"), 0x10);
}

/* G-auth: a change drops what was accepted before on a connection of 6.0's. */
static void no_answer_is_repeated_after_a_change(void **state)
{
    struct manage_fixture b;
    char request[4096], nonce[33], envelope[2048], inputs[2048];

    (void)state;
    fixture_init(&b, "6.0");
    b.tls = true;
    fixture_connect(&b);
    mesh(envelope, TRANSFER "/Get", AMT "AMT_GeneralSettings", "");
    fixture_feed_text(&b, "GET /wsman HTTP/1.1\r\nHost: me\r\n\r\n");
    fixture_nonce(&b, nonce);
    fixture_request(&b, request, "/wsman", nonce, 1, envelope);
    fixture_feed_text(&b, request);
    assert_int_equal(b.status, 200);
    fixture_feed_text(&b, request);
    assert_int_equal(b.status, 200);
    snprintf(inputs, sizeof(inputs),
             "<r:AddUserAclEntryEx_INPUT xmlns:r=\"" USERS_CLASS
             "\">%s</r:AddUserAclEntryEx_INPUT>",
             entry("ann", "x", "2", "13"));
    mesh(envelope, USERS_CLASS "/AddUserAclEntryEx", USERS_CLASS, inputs);
    fixture_request(&b, request, "/wsman", nonce, 2, envelope);
    fixture_feed_text(&b, request);
    assert_int_equal(b.status, 200);
    assert_int_equal(b.stores, 1);
    fixture_feed_text(&b, request);
    assert_int_equal(b.status, 401);
    assert_int_equal(b.stores, 1);
}

/* MCMD: a ticket has kilobytes. It is refused like a wrong password, and the trace says why. */
static void kerberos_is_not_there(void **state)
{
    static const char *const scheme[] = {"Negotiate", "Kerberos", "negotiate", "NTLM"};

    (void)state;
    for (size_t i = 0; i < COUNT(scheme); i++)
        for (size_t len = 8; len < 3000; len += 1400) {
            struct manage_fixture b;
            char request[4096], ticket[3000];
            bool known = i < 3;

            fixture_init(&b, "6.0");
            memset(ticket, 'Y', len);
            ticket[len] = '\0';
            snprintf(request, sizeof(request),
                     "POST /wsman HTTP/1.1\r\nHost: me\r\nAuthorization: %s %s\r\n"
                     "Content-Length: 0\r\n\r\n",
                     scheme[i], ticket);
            fixture_feed_text(&b, request);
            assert_int_equal(b.status, known || len < 100 ? 401 : 431);
            assert_int_equal(b.closed, 1);
            assert_int_equal(strstr(b.event, "Kerberos") != NULL, known);
            if (known)
                assert_non_null(strstr(b.out, "WWW-Authenticate: Digest "));
            assert_int_equal(b.right + b.wrong, 0);
        }
}

/* What the redirection ports are told: the same accounts, and realm 2 opens them. */
static void accounts_of_the_redirection_ports(void **state)
{
    struct manage_fixture b;
    struct account_secret found;
    char expected[33];
    static const char none[] = "00000000000000000000000000000000";

    (void)state;
    fixture_init(&b, "5.0.3");
    add(&b, "sixteen-chars-ok", "2");
    add(&b, "ann", "13");
    assert_true(accounts_find(&b.settings, SETUP_PROVISIONED, FIXTURE_REALM, "sixteen-chars-ok", 16,
                              &found));
    assert_true(realms_open(found.realms, ACT_SET_REDIRECTION));
    digest_ha1(&(struct digest_account){.user = "sixteen-chars-ok", .password = "his own"},
               FIXTURE_REALM, expected);
    assert_string_equal(found.ha1, expected);
    assert_true(accounts_find(&b.settings, SETUP_PROVISIONED, FIXTURE_REALM, "ann", 3, &found));
    assert_false(realms_open(found.realms, ACT_SET_REDIRECTION));
    assert_true(accounts_find(&b.settings, SETUP_PROVISIONED, FIXTURE_REALM, "admin", 5, &found));
    assert_true(realms_open(found.realms, ACT_SET_REDIRECTION));
    digest_ha1(&(struct digest_account){.user = "admin", .password = FIXTURE_PASSWORD},
               FIXTURE_REALM, expected);
    assert_string_equal(found.ha1, expected);
    assert_false(accounts_find(&b.settings, SETUP_PROVISIONED, FIXTURE_REALM, "an", 2, &found));
    assert_string_equal(found.ha1, none);
    assert_int_equal(found.realms, 0);
    assert_false(accounts_find(&b.settings, SETUP_PROVISIONED, FIXTURE_REALM, "", 0, &found));
    assert_false(accounts_find(&b.settings, SETUP_IN_PROCESS, FIXTURE_REALM, "ann", 3, &found));
    assert_int_equal(users_enable(&b.settings.secret.users, 2, false), 0);
    assert_false(accounts_find(&b.settings, SETUP_PROVISIONED, FIXTURE_REALM, "ann", 3, &found));
    assert_string_equal(found.ha1, none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_from_begin_to_end),
        cmocka_unit_test(who_is_good_only_from_the_machine),
        cmocka_unit_test(statuses),
        cmocka_unit_test(everybody_in_one_reply),
        cmocka_unit_test(the_event_logs_realm_alone),
        cmocka_unit_test(the_event_log_and_nothing_else),
        cmocka_unit_test(what_other_realms_open),
        cmocka_unit_test(nobody_rises),
        cmocka_unit_test(the_administrator_is_changed),
        cmocka_unit_test(in_set_up_nobody_of_them),
        cmocka_unit_test(no_answer_is_repeated_after_a_change),
        cmocka_unit_test(kerberos_is_not_there),
        cmocka_unit_test(accounts_of_the_redirection_ports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
