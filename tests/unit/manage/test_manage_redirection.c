// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

#include "fw/core/redirection.h"

/* Redirection as administrators control it: MeshCommander and MeshCentral over WS-Man (LMS-cim,
 * MCMD), consoles of the time over EOI. */

#define CLASS AMT "AMT_RedirectionService"
#define EOI "/RedirectionService"

static struct machine_fixture machine;

static void start(struct manage_fixture *b, const char *release, enum provisioning_mode mode)
{
    machine_fixture_init(&machine);
    fixture_init(b, release);
    b->machine = &machine;
    b->settings.config.mode = (uint8_t)mode;
    fixture_state(b, 2, ADMITTED_OPEN);
}

static void expect_text(const char *reply, const char *text)
{
    assert_non_null(strstr(reply, text));
}

static const char *get_of(struct manage_fixture *b, const char *class)
{
    char envelope[2048];

    mesh(envelope, TRANSFER "/Get", class, "");
    fixture_ask(b, "/wsman", envelope);
    assert_int_equal(b->status, 200);
    return fixture_body(b);
}

static const char *get(struct manage_fixture *b)
{
    return get_of(b, CLASS);
}

static const char *ask_eoi(struct manage_fixture *b, const char *method, const char *arguments)
{
    char envelope[2048];

    soap_lite(envelope, method, arguments);
    fixture_ask(b, EOI, envelope);
    assert_int_equal(b->status, 200);
    return fixture_body(b);
}

static int invoke_of(struct manage_fixture *b, const char *class, const char *method,
                     const char *arguments)
{
    char envelope[2048], action[256], request[1024];
    const char *value;

    snprintf(action, sizeof(action), "%s/%s", class, method);
    snprintf(request, sizeof(request), "<r:%s_INPUT xmlns:r=\"%s\">%s</r:%s_INPUT>", method, class,
             arguments, method);
    mesh(envelope, action, class, request);
    b->orders = 0;
    fixture_ask(b, "/wsman", envelope);
    assert_int_equal(b->status, 200);
    value = strstr(fixture_body(b), "<g:ReturnValue>");
    assert_non_null(value);
    return (int)strtol(value + strlen("<g:ReturnValue>"), NULL, 10);
}

static int invoke(struct manage_fixture *b, const char *method, const char *arguments)
{
    return invoke_of(b, CLASS, method, arguments);
}

static void what_is_shown(void **state)
{
    struct manage_fixture b;
    const char *said;

    (void)state;
    start(&b, "5.0.3", MODE_SMB); /* all of it, without anybody's doing */
    said = get(&b);
    expect_text(said, "<g:Name>Intel(r) AMT Redirection Service</g:Name>");
    expect_text(said, "<g:EnabledState>32771</g:EnabledState>");
    expect_text(said, "<g:ListenerEnabled>true</g:ListenerEnabled>");
    start(&b, "6.0", MODE_ENTERPRISE);
    said = get(&b);
    expect_text(said, "<g:EnabledState>32768</g:EnabledState>");
    expect_text(said, "<g:ListenerEnabled>false</g:ListenerEnabled>");
    b.settings.config.redirect_service = REDIRECT_STATE_SET | REDIRECT_LISTENS | REDIRECTION_SOL;
    said = get(&b);
    expect_text(said, "<g:EnabledState>32770</g:EnabledState>");
    expect_text(said, "<g:ListenerEnabled>true</g:ListenerEnabled>");
    b.settings.config.redirection = REDIRECTION_IDER; /* MEBx forbids it later */
    said = get(&b);
    expect_text(said, "<g:EnabledState>32768</g:EnabledState>");
}

/* Not beyond what MEBx permits (G-redir); the refusals' numbers are assumed. */
static void states_that_are_asked_for(void **state)
{
    static const struct {
        const char *argument;
        uint8_t mebx;
        int result;
        uint32_t service;
    } row[] = {
        {"32768", REDIRECTION_ALL, 0, 0x10},      {"32769", REDIRECTION_ALL, 0, 0x12},
        {"32770", REDIRECTION_ALL, 0, 0x11},      {"32771", REDIRECTION_ALL, 0, 0x13},
        {"32771", REDIRECTION_SOL, 0x10, 0},      {"32770", REDIRECTION_SOL, 0, 0x11},
        {"32770", REDIRECTION_IDER, 0x10, 0},     {"32768", 0, 0, 0x10},
        {"32772", REDIRECTION_ALL, 0x24, 0},      {"2", REDIRECTION_ALL, 0x24, 0},
        {"", REDIRECTION_ALL, 0x24, 0},           {"98307", REDIRECTION_ALL, 0x24, 0},
        {"4294967295", REDIRECTION_ALL, 0x24, 0},
    };
    struct manage_fixture b;
    char arguments[128];

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        start(&b, "6.0", MODE_ENTERPRISE);
        b.settings.config.redirection = row[i].mebx;
        snprintf(arguments, sizeof(arguments), "<r:RequestedState>%s</r:RequestedState>",
                 row[i].argument);
        assert_int_equal(invoke(&b, "RequestStateChange", arguments), row[i].result);
        assert_int_equal(b.orders, row[i].result == 0);
        if (row[i].result == 0) {
            assert_int_equal(b.order, MANAGE_SET_REDIRECTION);
            assert_int_equal(b.order_value, row[i].service);
        }
    }
    b.settings.config.redirect_service = REDIRECT_LISTENS; /* the listener stays as it is */
    assert_int_equal(invoke(&b, "RequestStateChange", "<r:RequestedState>32770</r:RequestedState>"),
                     0);
    assert_int_equal(b.order_value, 0x31);
}

/* MeshCommander puts the whole object back with another ListenerEnabled. */
static void the_listener(void **state)
{
    static const struct {
        const char *argument;
        uint16_t status;
        uint32_t service;
    } row[] = {{"<r:ListenerEnabled>true</r:ListenerEnabled>", 200, 0x31},
               {"<r:ListenerEnabled>false</r:ListenerEnabled>", 200, 0x11},
               {"<r:ListenerEnabled>maybe</r:ListenerEnabled>", 400, 0},
               {"", 400, 0}};
    struct manage_fixture b;
    char envelope[2048], object[1024];

    (void)state;
    start(&b, "6.0", MODE_ENTERPRISE);
    b.settings.config.redirect_service = 0x31;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        snprintf(object, sizeof(object),
                 "<r:AMT_RedirectionService xmlns:r=\"" CLASS "\">"
                 "<r:ElementName>Intel(r) AMT Redirection Service</r:ElementName>"
                 "<r:EnabledState>32771</r:EnabledState>%s</r:AMT_RedirectionService>",
                 row[i].argument);
        mesh(envelope, TRANSFER "/Put", CLASS, object);
        b.orders = 0;
        fixture_ask(&b, "/wsman", envelope);
        assert_int_equal(b.status == 200, row[i].status == 200);
        assert_int_equal(b.orders, row[i].status == 200);
        if (b.orders)
            assert_int_equal(b.order_value, row[i].service);
    }
}

static void sessions_are_ended(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.0", MODE_ENTERPRISE);
    assert_int_equal(invoke(&b, "TerminateSession", "<r:SessionType>1</r:SessionType>"), 0x814);
    b.redirection_open = true;
    assert_int_equal(invoke(&b, "TerminateSession", "<r:SessionType>0</r:SessionType>"), 0x814);
    assert_int_equal(invoke(&b, "TerminateSession", "<r:SessionType>2</r:SessionType>"), 0x24);
    assert_int_equal(b.orders, 0);
    assert_int_equal(invoke(&b, "TerminateSession", "<r:SessionType>1</r:SessionType>"), 0);
    assert_int_equal(b.orders, 1);
    assert_int_equal(b.order, MANAGE_END_REDIRECTION);
}

/* MPS has a device on which KVM is disabled; what MEBx has disabled stays so (G-kvm). MeshCommander
 * asks for 3 before it opens the listener, and does not go on after a fault (MCMD). */
static void there_is_no_kvm(void **state)
{
    static const char sap[] = CIM "CIM_KVMRedirectionSAP";
    static const struct {
        const char *argument;
        int result;
    } row[] = {{"<r:RequestedState>3</r:RequestedState><r:TimeoutPeriod>0</r:TimeoutPeriod>", 0},
               {"<r:RequestedState>2</r:RequestedState>", 0x10},
               {"<r:RequestedState>32771</r:RequestedState>", 0x24},
               {"<r:RequestedState>off</r:RequestedState>", 0x24},
               {"", 0x24}};
    struct manage_fixture b;
    const char *said;
    char envelope[2048];

    (void)state;
    start(&b, "6.0", MODE_ENTERPRISE);
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        assert_int_equal(invoke_of(&b, sap, "RequestStateChange", row[i].argument), row[i].result);
        assert_int_equal(b.orders, 0);
        said = get_of(&b, sap);
        expect_text(said, "<g:CreationClassName>CIM_KVMRedirectionSAP</g:CreationClassName>");
        expect_text(said, "<g:Name>KVM Redirection Service Access Point</g:Name>");
        expect_text(said, "<g:SystemName>ManagedSystem</g:SystemName>");
        expect_text(said, "<g:EnabledState>3</g:EnabledState>");
        expect_text(said, "<g:RequestedState>5</g:RequestedState>");
        expect_text(said, "<g:KVMProtocol>4</g:KVMProtocol>");
    }
    mesh(envelope, TRANSFER "/Put", sap,
         "<r:CIM_KVMRedirectionSAP xmlns:r=\"" CIM "CIM_KVMRedirectionSAP\">"
         "<r:EnabledState>2</r:EnabledState></r:CIM_KVMRedirectionSAP>");
    fixture_ask(&b, "/wsman", envelope);
    assert_int_equal(b.status, 400);
    expect_text(fixture_body(&b), "ActionNotSupported");
}

static void by_eoi(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "2.5", MODE_ENTERPRISE);
    expect_text(ask_eoi(&b, "SetRedirectionListenerState", "<State>true</State>"),
                "<Status>0</Status>");
    assert_int_equal(b.order, MANAGE_SET_REDIRECTION);
    assert_int_equal(b.order_value, 0x20);
    b.settings.config.redirect_service = 0x20;
    expect_text(ask_eoi(&b, "GetRedirectionListenerState", ""), "<State>true</State>");
    expect_text(ask_eoi(&b, "RequestStateChange", "<RequestedState>32770</RequestedState>"),
                "<Status>0</Status>");
    assert_int_equal(b.order_value, 0x31);
    expect_text(ask_eoi(&b, "SetRedirectionListenerState", ""), "<Status>36</Status>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown),   cmocka_unit_test(states_that_are_asked_for),
        cmocka_unit_test(the_listener),    cmocka_unit_test(sessions_are_ended),
        cmocka_unit_test(there_is_no_kvm), cmocka_unit_test(by_eoi),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
