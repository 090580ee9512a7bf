// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

/* WS-Management as DSP0226 has it where MeshCentral does not go: references, selectors, filters,
 * batches, and a fault for each thing that is not done. */

#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman"
#define SELECTOR_FILTER                                                                            \
    "<w:Filter Dialect=\"" WSMAN "/SelectorFilter\"><w:SelectorSet>%s"                             \
    "</w:SelectorSet></w:Filter>"
#define SELECTOR(name, value) "<w:Selector Name=\"" name "\">" value "</w:Selector>"
#define SET(selectors) "<w:SelectorSet>" selectors "</w:SelectorSet>"

static const uint8_t certificate[] = {'c', 'e', 'r', 't'}, key[] = {'k', 'e', 'y'};
static struct machine_fixture machine;

static void start(struct manage_fixture *b)
{
    fixture_init(b, "5.0.2");
    b->certificate = certificate;
    b->certificate_len = sizeof(certificate);
    b->public_key = key;
    b->public_key_len = sizeof(key);
    machine_fixture_init(&machine);
    machine.inventory = &machine_fixture_desktop;
    b->machine = &machine;
}

/* As wsl writes it: mustUnderstand on whatever it can be on. Returns the reply's body. */
static const char *ask(struct manage_fixture *b, const char *action, const char *class,
                       const char *header, const char *body)
{
    char request[3072];

    snprintf(
        request, sizeof(request),
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
        " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"" WSMAN
        ".xsd\" xmlns:n=\"" ENUMERATION "\">\n <s:Header>\n"
        "  <a:Action s:mustUnderstand=\"true\">%s</a:Action>\n"
        "  <a:To s:mustUnderstand=\"true\">http://pc1:16992/wsman</a:To>\n"
        "  <w:ResourceURI s:mustUnderstand='1'>%s</w:ResourceURI>\n"
        "  <a:MessageID s:mustUnderstand=\"true\">7</a:MessageID>\n"
        "  <a:ReplyTo>\n   <a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/"
        "anonymous</a:Address>\n  </a:ReplyTo>\n%s </s:Header><s:Body>%s</s:Body></s:Envelope>",
        action, class, header, body);
    fixture_ask(b, "/wsman", request);
    return fixture_body(b);
}

static const char *get(struct manage_fixture *b, const char *class, const char *header)
{
    return ask(b, TRANSFER "/Get", class, header, "");
}

/* Enumerate with these parts; the last context is pulled with those. */
static const char *enumerate(struct manage_fixture *b, const char *class, const char *parts)
{
    char body[1024];

    snprintf(body, sizeof(body), "<n:Enumerate>%s</n:Enumerate>", parts);
    return ask(b, ENUMERATION "/Enumerate", class, "", body);
}

static const char *pull(struct manage_fixture *b, const char *class, const char *parts)
{
    char body[1024];

    snprintf(body, sizeof(body),
             "<n:Pull><n:EnumerationContext>%08X-0000-0000-0000-000000000000"
             "</n:EnumerationContext>%s</n:Pull>",
             (unsigned)b->manage.wsman.enumerations, parts);
    return ask(b, ENUMERATION "/Pull", class, "", body);
}

static int count_of(const char *text, const char *what)
{
    int n = 0;

    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

/* What stands in text from `from` to the end of `to`. */
static void cut(char *out, size_t size, const char *text, const char *from, const char *to)
{
    const char *begin = strstr(text, from), *end = begin ? strstr(begin, to) : NULL;

    if (!end)
        fail_msg("no %s ... %s in %s", from, to, text);
    end += strlen(to);
    assert_true((size_t)(end - begin) < size);
    memcpy(out, begin, (size_t)(end - begin));
    out[end - begin] = '\0';
}

static void is_fault(const struct manage_fixture *b, const char *subcode, const char *detail)
{
    char text[256];

    assert_int_equal(b->status, 400);
    snprintf(text, sizeof(text), "<a:Value>a:Sender</a:Value><a:Subcode><a:Value>%s</a:Value>",
             subcode);
    if (!strstr(b->out, text))
        fail_msg("no %s in %s", subcode, b->out);
    snprintf(text, sizeof(text), "<c:FaultDetail>" WSMAN "/faultDetail/%s</c:FaultDetail>", detail);
    if (detail[0] ? !strstr(b->out, text) : strstr(b->out, "FaultDetail") != NULL)
        fail_msg("not \"%s\" in %s", detail, b->out);
}

static const struct {
    const char *class;
    int instances, keys; /* texts, those in references too */
} classes[] = {
    {AMT "AMT_GeneralSettings", 1, 1},
    {AMT "AMT_SetupAndConfigurationService", 1, 4},
    {AMT "AMT_AuthorizationService", 1, 4},
    {AMT "AMT_TimeSynchronizationService", 1, 4},
    {AMT "AMT_PublicKeyManagementService", 1, 4},
    {AMT "AMT_TLSSettingData", 2, 1},
    {AMT "AMT_TLSCredentialContext", 1, 2},
    {AMT "AMT_PublicKeyCertificate", 1, 1},
    {AMT "AMT_PublicPrivateKeyPair", 1, 1},
    {CIM "CIM_AssociatedPowerManagementService", 1, 6},
    {CIM "CIM_SoftwareIdentity", 10, 1},
    {CIM "CIM_ComputerSystem", 2, 2},
    {CIM "CIM_ComputerSystemPackage", 1, 4},
    {CIM "CIM_SystemPackaging", 1, 4},
    {CIM "CIM_Chassis", 1, 2},
    {CIM "CIM_Card", 1, 2},
    {CIM "CIM_BIOSElement", 1, 5},
    {CIM "CIM_Processor", 1, 4},
    {CIM "CIM_Chip", 1, 2},
    {CIM "CIM_PhysicalMemory", 2, 2},
    {CIM "CIM_MediaAccessDevice", 2, 4},
    {CIM "CIM_PhysicalPackage", 3, 2},
    {AMT "AMT_EthernetPortSettings", 1, 1},
    {AMT "AMT_SystemPowerScheme", 7, 2},
    {CIM "CIM_ElementSettingData", 1, 4},
};

/* The selectors of a reference, as they are, get the object that came with it; with any other value
 * they get nothing; and what they say the object says. */
static void selectors_get(struct manage_fixture *b, const char *class, int keys, char *set,
                          const char *object)
{
    char shown[256];
    int values = 0;

    assert_non_null(strstr(get(b, class, set), object));
    for (char *at = set; (at = strstr(at, "\">")); at++) {
        char *value = at + 2, was = *value;
        const char *name = at;

        if (was == '<')
            continue; /* a reference */
        while (name[-1] != '"')
            name--;
        snprintf(shown, sizeof(shown), "<g:%.*s>%.*s</", (int)(at - name), name,
                 (int)strcspn(value, "<"), value);
        if (!strstr(object, shown)) { /* then within a reference */
            snprintf(shown, sizeof(shown), "Name=\"%.*s\">%.*s</", (int)(at - name), name,
                     (int)strcspn(value, "<"), value);
            assert_non_null(strstr(object, shown));
        }
        *value = '#';
        get(b, class, set);
        is_fault(b, "c:InvalidSelectors", "InvalidValue");
        *value = was;
        values++;
    }
    assert_int_equal(values, keys);
}

static void pull_item(struct manage_fixture *b, const char *class, char out[2048])
{
    static char items[2048];

    cut(items, sizeof(items), pull(b, class, "<n:MaxElements>1</n:MaxElements>"), "<d:Items>",
        "</d:Items>");
    cut(out, 2048, items + strlen("<d:Items>"), "<", "</d:Items>");
    *strstr(out, "</d:Items>") = '\0';
}

/* DSP0226 8.7 */
static void every_class_by_its_keys(void **state)
{
    static const char *const mode[] = {
        "", "<w:EnumerationMode> EnumerateEPR </w:EnumerationMode>",
        "<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode>"};

    (void)state;
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        static struct manage_fixture b[3];
        const char *class = classes[i].class;
        int n = 0;

        for (int m = 0; m < 3; m++) {
            start(&b[m]);
            enumerate(&b[m], class, mode[m]);
        }
        for (bool more = true; more; n++) {
            static char object[2048], reference[2048], both[8192], set[2048];

            pull_item(&b[0], class, object);
            more = !strstr(b[0].out, "<d:EndOfSequence>");
            pull_item(&b[1], class, reference);
            snprintf(both, sizeof(both), "<d:Items><c:Item>%s%s</c:Item></d:Items>", object,
                     reference);
            pull(&b[2], class, "<n:MaxElements>1</n:MaxElements>");
            if (strlen(both) > 1950) /* with the envelope that is more than a reply holds */
                is_fault(&b[2], "c:EncodingLimit", "ServiceEnvelopeLimit");
            else
                assert_non_null(strstr(b[2].out, both));
            snprintf(both, sizeof(both),
                     "<b:EndpointReference><b:Address>http://schemas.xmlsoap.org/ws/2004/08/"
                     "addressing/role/anonymous</b:Address><b:ReferenceParameters><c:ResourceURI>%s"
                     "</c:ResourceURI><c:SelectorSet>",
                     class);
            assert_memory_equal(reference, both, strlen(both));
            strcpy(set, strstr(reference, "<c:SelectorSet>"));
            set[strlen(set) - strlen("</b:ReferenceParameters></b:EndpointReference>")] = '\0';
            selectors_get(&b[1], class, classes[i].keys, set, object);
        }
        assert_int_equal(n, classes[i].instances);
    }
}

#define CONTEXT(element, collection)                                                               \
    SET("<w:Selector Name=\"ElementInContext\"><a:EndpointReference><a:Address>x</a:Address>"      \
        "<a:ReferenceParameters><w:ResourceURI>" AMT                                               \
        "AMT_PublicKeyCertificate</w:ResourceURI>" SET(                                            \
            element) "</a:ReferenceParameters></a:EndpointReference></w:Selector>"                 \
                     "<w:Selector Name=\"ElementProvidingContext\"><a:EndpointReference>"          \
                     "<a:Address>x</a:Address><a:ReferenceParameters>" SET(                        \
                         collection) "</a:ReferenceParameters></a:EndpointReference></"            \
                                     "w:Selector>")
#define HANDLE SELECTOR("InstanceID", "Intel(r) AMT Certificate: Handle: 0")
#define COLLECTION SELECTOR("ElementName", "TLSProtocolEndpointInstances Collection")

/* detail: NULL = it is found. Of keys as many are enough as identify it: MeshCentral deletes by one
 * of four. */
static void selectors(void **state)
{
    static const struct {
        const char *class, *header, *detail;
    } row[] = {
        {CIM "CIM_SoftwareIdentity", "", "InsufficientSelectors"},
        {CIM "CIM_SoftwareIdentity", SET(""), "InsufficientSelectors"},
        {CIM "CIM_SoftwareIdentity", SET(SELECTOR("InstanceID", " AMT ")), NULL},
        {CIM "CIM_SoftwareIdentity", SET(SELECTOR("Instance&#x49;D", "A&#77;T")), NULL},
        {CIM "CIM_SoftwareIdentity", SET(SELECTOR("InstanceID", "amt")), "InvalidValue"},
        {CIM "CIM_SoftwareIdentity", SET(SELECTOR("InstanceID", "")), "InvalidValue"},
        {CIM "CIM_SoftwareIdentity", SET(SELECTOR("VersionString", "5.0.2")),
         "UnexpectedSelectors"},
        {CIM "CIM_SoftwareIdentity",
         SET(SELECTOR("InstanceID", "AMT") SELECTOR("VersionString", "5.0.2")),
         "UnexpectedSelectors"},
        {CIM "CIM_SoftwareIdentity",
         SET(SELECTOR("InstanceID", "AMT") SELECTOR("InstanceID", "Sku")), "DuplicateSelectors"},
        {CIM "CIM_SoftwareIdentity",
         SET(SELECTOR("VersionString", "5.0.2") SELECTOR("InstanceID", "none")),
         "UnexpectedSelectors"},
        {CIM "CIM_SoftwareIdentity", SET("<w:Selector>AMT</w:Selector>"), "UnexpectedSelectors"},
        {CIM "CIM_SoftwareIdentity", SET("<w:Selector xmlns:Name=\"InstanceID\">AMT</w:Selector>"),
         "UnexpectedSelectors"},
        {CIM "CIM_SoftwareIdentity", "<x:Other>" SELECTOR("InstanceID", "AMT") "</x:Other>",
         "InsufficientSelectors"},
        {AMT "AMT_GeneralSettings", "", NULL},
        {AMT "AMT_GeneralSettings", SET(SELECTOR("InstanceID", "Intel(r) AMT")), "InvalidValue"},
        {AMT "AMT_TimeSynchronizationService", SET(SELECTOR("SystemName", "Intel(r) AMT")), NULL},
        {AMT "AMT_TimeSynchronizationService",
         SET(SELECTOR("SystemName", "Intel(r) AMT") SELECTOR("Name", "x")), "InvalidValue"},
        {AMT "AMT_TLSCredentialContext", CONTEXT(HANDLE, COLLECTION), NULL},
        {AMT "AMT_TLSCredentialContext", CONTEXT(COLLECTION, HANDLE), "UnexpectedSelectors"},
        {AMT "AMT_TLSCredentialContext", CONTEXT("", COLLECTION), "InvalidValue"},
        {AMT "AMT_TLSCredentialContext", CONTEXT(HANDLE HANDLE, COLLECTION), "DuplicateSelectors"},
        {AMT "AMT_TLSCredentialContext", CONTEXT(SELECTOR("InstanceID", "Handle: 1"), COLLECTION),
         "InvalidValue"},
        {AMT "AMT_TLSCredentialContext", SET(HANDLE), "UnexpectedSelectors"},
        {AMT "AMT_TLSCredentialContext", SET(SELECTOR("ElementInContext", "Handle: 0")),
         "InvalidValue"},
        {AMT "AMT_PublicKeyCertificate", CONTEXT(HANDLE, COLLECTION), "UnexpectedSelectors"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        static struct manage_fixture b;
        const char *body;

        start(&b);
        body = get(&b, row[i].class, row[i].header);
        if (row[i].detail)
            is_fault(&b, "c:InvalidSelectors", row[i].detail);
        else if (!strstr(body, "/GetResponse</b:Action>"))
            fail_msg("%zu: %s", i, body);
    }
}

/* The same for what changes something: it does not happen. */
static void writing_needs_the_right_one(void **state)
{
    static const char setup[] = AMT "AMT_SetupAndConfigurationService";
    static const char other[] = SET(SELECTOR("InstanceID", "Intel(r) AMT"));
    static struct manage_fixture b;

    (void)state;
    start(&b);
    fixture_state(&b, 1, ADMITTED_CHAIN);
    ask(&b, TRANSFER "/Put", AMT "AMT_GeneralSettings", other,
        "<r:AMT_GeneralSettings><r:HostName>pc2</r:HostName></r:AMT_GeneralSettings>");
    is_fault(&b, "c:InvalidSelectors", "InvalidValue");
    ask(&b, TRANSFER "/Delete", AMT "AMT_TLSCredentialContext",
        CONTEXT(SELECTOR("InstanceID", "Intel(r) AMT Certificate: Handle: 1"), COLLECTION), "");
    is_fault(&b, "c:InvalidSelectors", "InvalidValue");
    ask(&b, AMT "AMT_SetupAndConfigurationService/Unprovision", setup, other,
        "<p:Unprovision_INPUT/>");
    is_fault(&b, "c:InvalidSelectors", "UnexpectedSelectors");
    /* What is no instance of the class is not read as one. */
    ask(&b, TRANSFER "/Put", AMT "AMT_GeneralSettings", "",
        "<r:AMT_Other><r:HostName>pc2</r:HostName></r:AMT_Other>");
    is_fault(&b, "e:InvalidRepresentation", "InvalidNamespace");
    ask(&b, TRANSFER "/Put", AMT "AMT_GeneralSettings", "", "");
    is_fault(&b, "e:InvalidRepresentation", "InvalidNamespace");
    ask(&b, TRANSFER "/Put", AMT "AMT_GeneralSettings", "",
        "<r:AMT_GeneralSettings><r:HostName>pc_2</r:HostName></r:AMT_GeneralSettings>");
    is_fault(&b, "e:InvalidRepresentation", "InvalidValues");
    assert_int_equal(b.orders, 0);
    assert_false(b.manage.pending.has_host_name);
    ask(&b, TRANSFER "/Put", AMT "AMT_GeneralSettings",
        SET(SELECTOR("InstanceID", "Intel(r) AMT: General Settings")),
        "<r:AMT_GeneralSettings><r:HostName>pc2</r:HostName><r:DomainName>site1.example"
        "</r:DomainName></r:AMT_GeneralSettings>");
    assert_int_equal(b.status, 200);
    assert_true(b.manage.pending.has_host_name);
    ask(&b, TRANSFER "/Create", AMT "AMT_TLSCredentialContext", "",
        "<r:AMT_Other><r:ElementInContext/></r:AMT_Other>");
    is_fault(&b, "e:InvalidRepresentation", "InvalidNamespace");
    assert_non_null(strstr(
        ask(&b, TRANSFER "/Create", AMT "AMT_TLSCredentialContext", "",
            "<r:AMT_TLSCredentialContext><r:ElementInContext><a:Address>x</a:Address>"
            "<a:ReferenceParameters>" SET(HANDLE) "</a:ReferenceParameters></r:ElementInContext>"
                                                  "</r:AMT_TLSCredentialContext>"),
        "/transfer/CreateResponse</b:Action>"));
    assert_non_null(strstr(b.out, "<a:Body><e:ResourceCreated><b:Address>http://schemas.xmlsoap.org"
                                  "/ws/2004/08/addressing/role/anonymous</b:Address>"
                                  "<b:ReferenceParameters><c:ResourceURI>" AMT
                                  "AMT_TLSCredentialContext</c:ResourceURI><c:SelectorSet>"
                                  "<c:Selector Name=\"ElementInContext\">"));
    assert_non_null(strstr(b.out, "</c:Selector></c:SelectorSet></b:ReferenceParameters>"
                                  "</e:ResourceCreated></a:Body></a:Envelope>"));
    assert_non_null(strstr(ask(&b, TRANSFER "/Delete", AMT "AMT_TLSCredentialContext",
                               CONTEXT(HANDLE, COLLECTION), ""),
                           "/transfer/DeleteResponse</b:Action><b:MessageID>uuid:00000000-8086-8086"
                           "-8086-000000000009</b:MessageID>")); /* the tenth */
    assert_int_equal(b.orders, 1);
    assert_int_equal(b.order, MANAGE_CLEAR_IDENTITY);
}

#define DIALECT(uri) "<w:Filter Dialect=\"" uri "\">select * from CIM_SoftwareIdentity</w:Filter>"

static void filters(void **state)
{
    static const struct {
        const char *class, *filter, *subcode;
        int instances;
    } row[] = {
        {CIM "CIM_SoftwareIdentity", "", NULL, 10},
        {CIM "CIM_SoftwareIdentity", SELECTOR("InstanceID", "Sku"), NULL, 1},
        {CIM "CIM_SoftwareIdentity", SELECTOR("InstanceID", "Legacy Mode"), NULL, 1},
        {CIM "CIM_SoftwareIdentity", SELECTOR("InstanceID", "none"), NULL, 0},
        {CIM "CIM_SoftwareIdentity", SELECTOR("VendorID", "8086"), "d:CannotProcessFilter", 0},
        {CIM "CIM_SoftwareIdentity", SELECTOR("InstanceID", "AMT") SELECTOR("InstanceID", "AMT"),
         "d:CannotProcessFilter", 0},
    };
    static const struct {
        const char *class, *filter;
    } foreign[] = {
        {CIM "CIM_SoftwareIdentity", DIALECT("http://schemas.dmtf.org/wbem/cql/1/dsp0202.pdf")},
        {CIM "CIM_SoftwareIdentity", DIALECT("http://schemas.microsoft.com/wbem/wsman/1/WQL")},
        {CIM "CIM_SoftwareIdentity", "<n:Filter>/*</n:Filter>"}, /* XPath */
        {"http://schemas.dmtf.org/wbem/wscim/1/*",
         DIALECT("http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter")},
    };
    static struct manage_fixture b;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        char filter[512];
        const char *body;

        start(&b);
        snprintf(filter, sizeof(filter), SELECTOR_FILTER, row[i].filter);
        enumerate(&b, row[i].class, filter);
        if (row[i].subcode) {
            is_fault(&b, row[i].subcode, "");
            continue;
        }
        body = pull(&b, row[i].class, "");
        assert_int_equal(count_of(body, "<g:CIM_SoftwareIdentity>"), row[i].instances);
        assert_non_null(strstr(body, "<d:EndOfSequence>"));
    }
    /* Selectors in the header are of a namespace, for those who have some (DSP0227). */
    for (int with = 0; with < 2; with++) {
        char body[512];

        start(&b);
        snprintf(body, sizeof(body), "<n:Enumerate>" SELECTOR_FILTER "</n:Enumerate>",
                 SELECTOR("InstanceID", "Sku"));
        ask(&b, ENUMERATION "/Enumerate", CIM "CIM_SoftwareIdentity",
            SET(SELECTOR("__cimnamespace", "root/cimv2")), with ? body : "<n:Enumerate/>");
        assert_int_equal(
            count_of(pull(&b, CIM "CIM_SoftwareIdentity", ""), "<g:CIM_SoftwareIdentity>"),
            with ? 1 : 10);
    }
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        start(&b);
        enumerate(&b, foreign[i].class, foreign[i].filter);
        is_fault(&b, "d:FilterDialectRequestedUnavailable", "");
        assert_non_null(strstr(b.out, "<a:Detail><d:SupportedDialect>" WSMAN "/SelectorFilter</"));
    }
    enumerate(&b, AMT "AMT_None", "");
    is_fault(&b, "b:DestinationUnreachable", "InvalidResourceURI");
}

static void batches(void **state)
{
    static const struct {
        const char *bounds;
        int items; /* of ten; -1: SchemaValidationError */
    } row[] = {
        {"", 10}, /* as many as fit (MCMD, WSL) */
        {"<n:MaxElements>3</n:MaxElements>", 3},
        {"<n:MaxElements>99999999999999999999</n:MaxElements>", 10},
        {"<n:MaxElements>0</n:MaxElements>", -1},
        {"<n:MaxElements>-1</n:MaxElements>", -1},
        {"<n:MaxElements>3x</n:MaxElements>", -1},
        {"<n:MaxElements></n:MaxElements>", -1},
        {"<n:MaxCharacters>99999</n:MaxCharacters>", 10},
        {"<n:MaxElements>2</n:MaxElements><n:MaxCharacters>99999</n:MaxCharacters>", 2},
        {"<n:MaxCharacters>0</n:MaxCharacters>", -1},
    };
    static struct manage_fixture b;
    const char *body;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        start(&b);
        enumerate(&b, CIM "CIM_SoftwareIdentity", "");
        body = pull(&b, CIM "CIM_SoftwareIdentity", row[i].bounds);
        if (row[i].items < 0) {
            is_fault(&b, "c:SchemaValidationError", "");
            continue;
        }
        assert_int_equal(count_of(body, "<g:CIM_SoftwareIdentity>"), row[i].items);
        assert_int_equal(strstr(body, "EndOfSequence") != NULL, row[i].items == 10);
    }
    /* Characters: no more than are wanted; with too few for one nothing is lost. */
    start(&b);
    enumerate(&b, CIM "CIM_SoftwareIdentity", "");
    body = pull(&b, CIM "CIM_SoftwareIdentity", "<n:MaxCharacters>400</n:MaxCharacters>");
    assert_int_equal(count_of(body, "<g:CIM_SoftwareIdentity>"), 2); /* of some 150 each */
    pull(&b, CIM "CIM_SoftwareIdentity", "<n:MaxCharacters>20</n:MaxCharacters>");
    is_fault(&b, "c:EncodingLimit", "MaxEnvelopeSize");
    body = pull(&b, CIM "CIM_SoftwareIdentity", "");
    assert_int_equal(count_of(body, "<g:CIM_SoftwareIdentity>"), 8);
}

/* DSP0226 8.2.3: the context comes before the items, and is empty when these are all. */
static void optimized(void **state)
{
    static struct manage_fixture b;
    const char *body;

    (void)state;
    start(&b);
    body = enumerate(&b, CIM "CIM_SoftwareIdentity",
                     "<w:OptimizeEnumeration/><w:MaxElements>512</w:MaxElements>");
    assert_int_equal(count_of(body, "<g:CIM_SoftwareIdentity>"), 10);
    assert_non_null(strstr(body, "<d:EnumerateResponse><d:EnumerationContext></"
                                 "d:EnumerationContext><c:Items><g:CIM_SoftwareIdentity>"));
    assert_non_null(strstr(body, "</g:CIM_SoftwareIdentity></c:Items><c:EndOfSequence>"
                                 "</c:EndOfSequence></d:EnumerateResponse></a:Body>"));
    pull(&b, CIM "CIM_SoftwareIdentity", "");
    is_fault(&b, "d:InvalidEnumerationContext", "");
    body = enumerate(&b, CIM "CIM_SoftwareIdentity",
                     "<w:OptimizeEnumeration></w:OptimizeEnumeration><w:MaxElements>4"
                     "</w:MaxElements><w:EnumerationMode>EnumerateEPR</w:EnumerationMode>");
    assert_int_equal(count_of(body, "<b:EndpointReference>"), 4);
    assert_non_null(strstr(body, "<d:EnumerationContext>00000002-0000-0000-0000-000000000000</"
                                 "d:EnumerationContext><c:Items><b:EndpointReference>"));
    assert_non_null(
        strstr(body, "</b:EndpointReference></c:Items></d:EnumerateResponse></a:Body>"));
    body = pull(&b, CIM "CIM_SoftwareIdentity", "<n:MaxElements>2</n:MaxElements>");
    assert_int_equal(count_of(body, "<b:EndpointReference>"), 2);
    /* Nothing to be enumerated. */
    b.certificate = NULL;
    body = enumerate(&b, AMT "AMT_PublicKeyCertificate", "<w:OptimizeEnumeration/>");
    assert_non_null(strstr(body, "</d:EnumerationContext><c:Items></c:Items><c:EndOfSequence>"));
}

/* An item that no reply has room for is a fault, not an enumeration without end; as a reference it
 * is there. */
static void too_large_an_item(void **state)
{
    static const uint8_t large[LIMIT_OWN_CERTIFICATE];
    static const char both[] = "<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode>";
    static struct manage_fixture b;
    const char *body;

    (void)state;
    start(&b);
    b.certificate = large;
    b.certificate_len = sizeof(large);
    enumerate(&b, AMT "AMT_PublicKeyCertificate", both);
    pull(&b, AMT "AMT_PublicKeyCertificate", "");
    is_fault(&b, "c:EncodingLimit", "ServiceEnvelopeLimit");
    enumerate(&b, AMT "AMT_PublicKeyCertificate", "");
    body = pull(&b, AMT "AMT_PublicKeyCertificate", "");
    assert_non_null(strstr(body, "<g:X509Certificate>AAAA"));
    body = enumerate(&b, AMT "AMT_PublicKeyCertificate",
                     "<w:EnumerationMode>EnumerateEPR</w:EnumerationMode>"
                     "<w:OptimizeEnumeration/>");
    assert_int_equal(count_of(body, "<b:EndpointReference>"), 1);
    /* It goes while it is enumerated. */
    enumerate(&b, AMT "AMT_PublicKeyCertificate", "");
    b.certificate = NULL;
    body = pull(&b, AMT "AMT_PublicKeyCertificate", "");
    assert_non_null(strstr(body, "<d:Items></d:Items><d:EndOfSequence>"));
}

static void release(void **state)
{
    static const char body[] = "<n:Release><n:EnumerationContext>"
                               "00000001-0000-0000-0000-000000000000</n:EnumerationContext>"
                               "</n:Release>";
    static struct manage_fixture b;

    (void)state;
    start(&b);
    enumerate(&b, CIM "CIM_SoftwareIdentity", "");
    assert_non_null(strstr(ask(&b, ENUMERATION "/Release", CIM "CIM_SoftwareIdentity", "", body),
                           "/enumeration/ReleaseResponse</b:Action>"));
    ask(&b, ENUMERATION "/Release", CIM "CIM_SoftwareIdentity", "", body);
    is_fault(&b, "d:InvalidEnumerationContext", "");
    pull(&b, CIM "CIM_SoftwareIdentity", "");
    is_fault(&b, "d:InvalidEnumerationContext", "");
}

/* What a header asks for; subcode NULL: it is served. */
static void headers(void **state)
{
    static const struct {
        const char *header, *subcode, *detail;
    } row[] = {
        {"<w:OperationTimeout s:mustUnderstand=\"true\">PT60S</w:OperationTimeout>", NULL, NULL},
        {"<w:MaxEnvelopeSize s:mustUnderstand=\"true\">8192</w:MaxEnvelopeSize>", NULL, NULL},
        {"<w:MaxEnvelopeSize>8191</w:MaxEnvelopeSize>", "c:EncodingLimit", "MinimumEnvelopeLimit"},
        {"<w:MaxEnvelopeSize>much</w:MaxEnvelopeSize>", "c:SchemaValidationError", ""},
        {"<w:Locale xml:lang=\"de\" s:mustUnderstand=\"false\"/>", NULL, NULL},
        {"<w:Locale s:mustUnderstand=\"true\" xml:lang=\"de\"/>", "c:UnsupportedFeature", "Locale"},
        {"<w:FragmentTransfer s:mustUnderstand=\"true\">HostName</w:FragmentTransfer>",
         "c:UnsupportedFeature", "FragmentLevelAccess"},
        {"<w:FragmentTransfer>HostName</w:FragmentTransfer>", "c:UnsupportedFeature",
         "FragmentLevelAccess"},
        {"<w:OptionSet><w:Option Name=\"ShowExtensions\"/></w:OptionSet>", NULL, NULL},
        {"<x:Other s:mustUnderstand=\"0\"/>", NULL, NULL},
        {"<x:Other x:y=\"true\"/>", NULL, NULL},
        {"<x:Other xmlns:mustUnderstand=\"true\"/>", NULL, NULL},
        {"<x:Other><x:Inside s:mustUnderstand=\"true\"/></x:Other>", NULL, NULL},
        {"<a:FaultTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous/"
         "</a:Address></a:FaultTo>",
         NULL, NULL},
        {"<a:FaultTo><a:Address>http://other:80/</a:Address></a:FaultTo>", "c:UnsupportedFeature",
         "AddressingMode"},
        {"<a:FaultTo><a:Address>http://x/anonymous.example</a:Address></a:FaultTo>",
         "c:UnsupportedFeature", "AddressingMode"},
        {"<a:FaultTo><a:Address/></a:FaultTo>", "c:UnsupportedFeature", "AddressingMode"},
        {"<a:From><a:Address>http://me/</a:Address></a:From>", NULL, NULL},
    };
    static const char *const not_understood[] = {
        "<x:Other s:mustUnderstand=\"true\"/>",
        "<x:Other x='1' s:mustUnderstand = \"1\" >t</x:Other>",
        "<w:OptionSet s:mustUnderstand=\"true\"/>", /* G-dsp0226 */
        "<w:RequestEPR s:mustUnderstand=\"true\"/>",
    };
    static struct manage_fixture b;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        start(&b);
        get(&b, AMT "AMT_GeneralSettings", row[i].header);
        if (row[i].subcode)
            is_fault(&b, row[i].subcode, row[i].detail);
        else if (b.status != 200)
            fail_msg("%s: %s", row[i].header, b.out);
    }
    for (size_t i = 0; i < sizeof(not_understood) / sizeof(not_understood[0]); i++) {
        start(&b);
        get(&b, AMT "AMT_GeneralSettings", not_understood[i]);
        assert_int_equal(b.status, 500);
        assert_non_null(strstr(b.out, "/ws/2004/08/addressing/fault</b:Action>"));
        assert_non_null(strstr(b.out, "<a:Code><a:Value>a:MustUnderstand</a:Value></a:Code>"));
    }
    /* In the older protocol's SOAP the same. */
    start(&b);
    fixture_ask(&b, "/SecurityAdministrationService",
                "<s:Envelope><s:Header><x:Other s:mustUnderstand=\"1\"/></s:Header><s:Body>"
                "<GetCoreVersion/></s:Body></s:Envelope>");
    assert_int_equal(b.status, 500);
    assert_non_null(strstr(fixture_body(&b), "<faultcode>s:MustUnderstand</faultcode>"));
}

/* What is not served has a fault's name. */
static void not_served(void **state)
{
    static const char eventing[] = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    static const struct {
        const char *space, *action, *class, *body, *subcode, *detail;
    } row[] = {
        {ENUMERATION, "/Renew", CIM "CIM_SoftwareIdentity", "", "b:ActionNotSupported", ""},
        {ENUMERATION, "/GetStatus", CIM "CIM_SoftwareIdentity", "", "b:ActionNotSupported", ""},
        {ENUMERATION, "/Enumerate", CIM "CIM_SoftwareIdentity",
         "<n:Enumerate><w:EnumerationMode>EnumerateSome</w:EnumerationMode></n:Enumerate>",
         "c:UnsupportedFeature", "EnumerationMode"},
        {eventing, "/Subscribe", AMT "AMT_GeneralSettings", "", "b:ActionNotSupported", ""},
        {eventing, "/Subscribe", CIM "CIM_FilterCollection", "", "b:DestinationUnreachable",
         "InvalidResourceURI"},
        {eventing, "/Unsubscribe", AMT "AMT_GeneralSettings", "", "b:ActionNotSupported", ""},
        {eventing, "/Renew", AMT "AMT_GeneralSettings", "", "b:ActionNotSupported", ""},
        {TRANSFER, "/Get", AMT "AMT_AuditLog", "", "b:DestinationUnreachable",
         "InvalidResourceURI"},
        {TRANSFER, "/Head", AMT "AMT_GeneralSettings", "", "b:ActionNotSupported", ""},
        {TRANSFER, "/Create", AMT "AMT_GeneralSettings", "", "b:ActionNotSupported", ""},
        {AMT, "AMT_GeneralSettings/Reset", AMT "AMT_GeneralSettings", "", "b:ActionNotSupported",
         ""},
    };
    static struct manage_fixture b;
    char action[256];

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        start(&b);
        snprintf(action, sizeof(action), "%s%s", row[i].space, row[i].action);
        ask(&b, action, row[i].class, "", row[i].body);
        is_fault(&b, row[i].subcode, row[i].detail);
    }
    start(&b);
    fixture_ask(&b, "/wsman",
                "<s:Envelope><s:Header><w:ResourceURI>" AMT
                "AMT_GeneralSettings</w:ResourceURI></s:Header><s:Body/></s:Envelope>");
    is_fault(&b, "b:MessageInformationHeaderRequired", "");
}

/* Each limit, and what could count twice. */
static void hostile_headers(void **state)
{
    static const struct {
        const char *header, *body, *subcode;
    } row[] = {
        {"<w:SelectorSet><w:Selector Name=\"InstanceID\" Name=\"x\">AMT</w:Selector>"
         "</w:SelectorSet>",
         "", "c:SchemaValidationError"},
        {"<w:SelectorSet><w:Selector Name=\"InstanceID>AMT</w:Selector></w:SelectorSet>", "",
         "c:SchemaValidationError"},
        {"<w:SelectorSet><w:Selector Name=InstanceID>AMT</w:Selector></w:SelectorSet>", "",
         "c:SchemaValidationError"},
        {"<w:SelectorSet><w:Selector Name=\"&other;\">AMT</w:Selector></w:SelectorSet>", "",
         "c:SchemaValidationError"},
        {"<w:SelectorSet><w:Selector Name=\"01234567890123456789012345678901234567890123456789\">"
         "AMT</w:Selector></w:SelectorSet>",
         "", "c:EncodingLimit"},
        {"</s:Header><s:Header>", "", "c:SchemaValidationError"},
        {"", "<n:Enumerate><w:Filter Dialect=\"a\"/><n:Filter Dialect=\"b\"/></n:Enumerate>",
         "c:SchemaValidationError"},
        {"", "<n:Enumerate><w:Filter Dialect=\"a\" Dialect=\"b\"/></n:Enumerate>",
         "c:SchemaValidationError"},
    };
    static struct manage_fixture b;
    char set[1024] = "<w:SelectorSet>";

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        start(&b);
        ask(&b, row[i].body[0] ? ENUMERATION "/Enumerate" : TRANSFER "/Get",
            CIM "CIM_SoftwareIdentity", row[i].header, row[i].body);
        is_fault(&b, row[i].subcode, "");
    }
    for (int i = 0; i < LIMIT_SELECTORS; i++)
        strcat(set, SELECTOR("K", "v"));
    strcat(set, "</w:SelectorSet>");
    get(&b, CIM "CIM_SoftwareIdentity", set);
    is_fault(&b, "c:InvalidSelectors", "UnexpectedSelectors");
    memmove(strstr(set, "</w:SelectorSet>"), SELECTOR("K", "v") "</w:SelectorSet>",
            sizeof(SELECTOR("K", "v") "</w:SelectorSet>"));
    get(&b, CIM "CIM_SoftwareIdentity", set);
    is_fault(&b, "c:EncodingLimit", "");
    /* More text than is kept. */
    strcpy(set, "<w:SelectorSet>");
    for (int i = 0; i < LIMIT_SELECTORS; i++)
        strcat(set, SELECTOR("Kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
                             "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"));
    strcat(set, "</w:SelectorSet>");
    get(&b, CIM "CIM_SoftwareIdentity", set);
    is_fault(&b, "c:EncodingLimit", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_by_its_keys),
        cmocka_unit_test(selectors),
        cmocka_unit_test(writing_needs_the_right_one),
        cmocka_unit_test(filters),
        cmocka_unit_test(batches),
        cmocka_unit_test(optimized),
        cmocka_unit_test(too_large_an_item),
        cmocka_unit_test(release),
        cmocka_unit_test(headers),
        cmocka_unit_test(not_served),
        cmocka_unit_test(hostile_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
