// SPDX-License-Identifier: BSD-3-Clause
// links: sim/server/script.c sim/server/xml_text.c sim/server/openssl.c @fw @lwip
#include "sim/server/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char body[SCA_BODY + 1];

static const struct sca_facts facts_at_first = {.host_name = "a<b",
                                                .domain_name = "corp.example",
                                                .admin_password = "Adm1n!",
                                                .mebx_password = "M&x!12345",
                                                .now_s = 1231938000,
                                                .realm = "Digest:0",
                                                .context = "C1"};

static const char *body_of(enum sca_protocol protocol, const char *name, bool pull)
{
    const struct sca_operation *op = sca_find_operation(protocol, false, name);
    size_t len;

    assert_non_null(op);
    assert_true(sca_body(protocol, op, pull, 7, &facts_at_first, body, &len));
    body[len] = '\0';
    return body;
}

static void holds_names(enum sca_protocol protocol, uint8_t stage, const char *names)
{
    const struct sca_operation *op = NULL;
    char seen[1000] = "";

    while ((op = sca_next_operation(protocol, stage, op))) {
        strcat(seen, op->name);
        strcat(seen, " ");
    }
    assert_string_equal(seen, names);
}

/* S4's log and MeshCentral's order (MC). */
static void the_order_of_the_sources(void **state)
{
    (void)state;
    holds_names(SCA_SOAP, 1,
                "ClearTLSCredentials GetLowAccuracyTimeSynch SetHighAccuracyTimeSynch SetHostName "
                "SetDomainName SetTLSCertificateWithKeyPair SetTlsServerAuthentication "
                "GetDigestRealm SetAdminAclEntryEx SetMEBxPassword CommitChanges ");
    holds_names(SCA_SOAP, 2, "GetCoreVersion GetHostName ");
    holds_names(SCA_WSMAN, 1,
                "AMT_GeneralSettings CIM_SoftwareIdentity AMT_SetupAndConfigurationService "
                "SetMEBxPassword SetAdminAclEntryEx GetLowAccuracyTimeSynch "
                "SetHighAccuracyTimeSynch AMT_PublicKeyCertificate AMT_PublicPrivateKeyPair "
                "AMT_TLSSettingData AMT_TLSCredentialContext CommitChanges ");
    holds_names(SCA_WSMAN, 2, "AMT_GeneralSettings ");
    assert_null(sca_find_operation(SCA_SOAP, true, "Unprovision"));
    assert_non_null(sca_find_operation(SCA_SOAP, false, "Unprovision"));
    assert_null(sca_find_operation(SCA_WSMAN, false, "ClearTLSCredentials"));
}

static void requests_in_soap(void **state)
{
    char path[64], action[160];
    const struct sca_operation *op = sca_find_operation(SCA_SOAP, true, "SetHostName");

    (void)state;
    assert_string_equal(sca_path(SCA_SOAP, op, path), "/NetworkAdministrationService");
    assert_string_equal(
        sca_soap_action(SCA_SOAP, op, action),
        "http://schemas.intel.com/platform/client/NetworkAdministration/2004/01#SetHostName");
    assert_non_null(
        strstr(body_of(SCA_SOAP, "SetHostName", false),
               "<s:Body><SetHostName xmlns=\"http://schemas.intel.com/platform/client/"
               "NetworkAdministration/2004/01\"><HostName>a&lt;b</HostName></SetHostName>"));
    assert_non_null(strstr(body_of(SCA_SOAP, "SetHighAccuracyTimeSynch", false),
                           "<Ta0>0</Ta0><Tm1>1231938000</Tm1><Tm2>1231938000</Tm2>"));
    /* md5 of admin:Digest:0:Adm1n! */
    assert_non_null(
        strstr(body_of(SCA_SOAP, "SetAdminAclEntryEx", false),
               "<Username>admin</Username><DigestPassword>e8507dd1dc18fb03b73c1a919eb35523"
               "</DigestPassword>"));
}

static void requests_in_wsman(void **state)
{
    char path[64], action[160];
    const struct sca_operation *op = sca_find_operation(SCA_WSMAN, true, "SetMEBxPassword");

    (void)state;
    assert_string_equal(sca_path(SCA_WSMAN, op, path), "/wsman");
    assert_string_equal(sca_soap_action(SCA_WSMAN, op, action), "");
    body_of(SCA_WSMAN, "SetMEBxPassword", false);
    assert_non_null(strstr(body, "<a:Action>http://intel.com/wbem/wscim/1/amt-schema/1/"
                                 "AMT_SetupAndConfigurationService/SetMEBxPassword</a:Action>"));
    assert_non_null(strstr(body, "<SetMEBxPassword_INPUT xmlns=\"http://intel.com/wbem/wscim/1/"
                                 "amt-schema/1/AMT_SetupAndConfigurationService\"><Password>"
                                 "M&amp;x!12345</Password></SetMEBxPassword_INPUT>"));
    assert_non_null(strstr(body, "<a:MessageID>7</a:MessageID>"));
    body_of(SCA_WSMAN, "CIM_SoftwareIdentity", false);
    assert_non_null(strstr(body, "/2004/09/enumeration/Enumerate</a:Action>"));
    assert_non_null(strstr(body, "<w:ResourceURI>http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
                                 "CIM_SoftwareIdentity</w:ResourceURI>"));
    body_of(SCA_WSMAN, "CIM_SoftwareIdentity", true);
    assert_non_null(strstr(body, "/2004/09/enumeration/Pull</a:Action>"));
    assert_non_null(strstr(body, "<EnumerationContext>C1</EnumerationContext>"));
}

static void what_does_not_fit_is_told(void **state)
{
    static uint8_t bytes[SCA_BODY];
    struct pem_file file = {
        .certificate = {{bytes, sizeof bytes}}, .certificates = 1, .key = {bytes, 100}};
    struct sca_facts facts = facts_at_first;
    size_t len;

    (void)state;
    facts.device_certificate = &file;
    assert_false(sca_body(SCA_SOAP,
                          sca_find_operation(SCA_SOAP, true, "SetTLSCertificateWithKeyPair"), false,
                          1, &facts, body, &len));
    file.certificate[0].len = 3;
    assert_true(sca_body(SCA_SOAP,
                         sca_find_operation(SCA_SOAP, true, "SetTLSCertificateWithKeyPair"), false,
                         1, &facts, body, &len));
    body[len] = '\0';
    assert_non_null(strstr(body, "<Certificate>AAAA</Certificate>"));
}

static bool reads(enum sca_protocol protocol, const char *name, const char *text,
                  struct sca_facts *facts, uint32_t *status)
{
    return sca_read_reply(protocol, sca_find_operation(protocol, false, name), false, text, facts,
                          status);
}

#define SOAP_REPLY(inner) "<s:E xmlns:s='x' xmlns:g='y'><s:Body><R>" inner "</R></s:Body></s:E>"

static void replies(void **state)
{
    struct sca_facts facts = facts_at_first;
    uint32_t status;

    (void)state;
    assert_true(
        reads(SCA_SOAP, "CommitChanges", SOAP_REPLY("<Status>16</Status>"), &facts, &status));
    assert_int_equal(status, 16);
    assert_true(reads(SCA_SOAP, "GetLowAccuracyTimeSynch",
                      SOAP_REPLY("<Status>0</Status><Ta0>1234567890</Ta0>"), &facts, &status));
    assert_int_equal(facts.device_time, 1234567890);
    assert_true(reads(SCA_SOAP, "GetDigestRealm",
                      SOAP_REPLY("<Status>0</Status><DigestRealm>Digest:&amp;1</DigestRealm>"),
                      &facts, &status));
    assert_string_equal(facts.realm, "Digest:&1");
    assert_true(reads(SCA_SOAP, "GetHostName",
                      SOAP_REPLY("<Status>0</Status><HostName>a&lt;b</HostName>"), &facts,
                      &status));
    assert_false(reads(SCA_SOAP, "GetHostName",
                       SOAP_REPLY("<Status>0</Status><HostName>b</HostName>"), &facts, &status));
    assert_true(reads(SCA_WSMAN, "CommitChanges", SOAP_REPLY("<g:ReturnValue>2057</g:ReturnValue>"),
                      &facts, &status));
    assert_int_equal(status, 0x809);
    assert_true(reads(SCA_WSMAN, "CIM_SoftwareIdentity",
                      SOAP_REPLY("<g:EnumerationContext>X7</g:EnumerationContext>"), &facts,
                      &status));
    assert_string_equal(facts.context, "X7");
}

static void no_replies(void **state)
{
    struct sca_facts facts = facts_at_first;
    uint32_t status;

    (void)state;
    assert_false(reads(SCA_SOAP, "CommitChanges", "", &facts, &status));
    assert_false(reads(SCA_SOAP, "CommitChanges", SOAP_REPLY(""), &facts, &status));
    assert_false(
        reads(SCA_SOAP, "CommitChanges", SOAP_REPLY("<Status></Status>"), &facts, &status));
    assert_false(
        reads(SCA_SOAP, "CommitChanges", SOAP_REPLY("<Status>-1</Status>"), &facts, &status));
    assert_false(reads(SCA_SOAP, "CommitChanges", SOAP_REPLY("<Status>4294967296</Status>"), &facts,
                       &status));
    assert_false(reads(SCA_SOAP, "CommitChanges", "<a><Status>0</a>", &facts, &status));
    assert_false(reads(SCA_SOAP, "GetLowAccuracyTimeSynch", SOAP_REPLY("<Status>0</Status>"),
                       &facts, &status));
    assert_false(reads(SCA_WSMAN, "CIM_SoftwareIdentity", SOAP_REPLY(""), &facts, &status));
    /* behind the status it is no XML; a prefix that nothing explains; a document type (SOAP 1.1,
     * section 3) */
    assert_false(reads(SCA_SOAP, "CommitChanges", "<a><Status>0</Status></b>", &facts, &status));
    assert_false(reads(SCA_SOAP, "CommitChanges", "<a><Status>0</Status></a>x", &facts, &status));
    assert_false(
        reads(SCA_SOAP, "CommitChanges", "<a><g:Status>0</g:Status></a>", &facts, &status));
    assert_false(
        reads(SCA_SOAP, "CommitChanges", "<!DOCTYPE a><a><Status>0</Status></a>", &facts, &status));
}

/* The lines: S4. */
static void log_lines(void **state)
{
    char line[SCA_LINE];

    (void)state;
    sca_log_line(sca_find_operation(SCA_SOAP, true, "ClearTLSCredentials"), false, 200, 0, line);
    assert_string_equal(line, "SecurityAdministration.ClearTLSCredentials finished with HRESULT = "
                              "0x0, status = 0x0, clientError = 0.");
    sca_log_line(sca_find_operation(SCA_SOAP, true, "SetDomainName"), false, 200, 0, line);
    assert_string_equal(line,
                        "NetworkAdmin.SetDomainName finished with HRESULT = 0x0, status = 0x0.");
    sca_log_line(sca_find_operation(SCA_SOAP, true, "SetMEBxPassword"), false, 200, 0x10, line);
    assert_string_equal(line, "SecurityAdministration.SetMEBxPassword finished with HRESULT = 0x0, "
                              "status = 0x10, clientError = 0.");
    sca_log_line(sca_find_operation(SCA_WSMAN, true, "CIM_SoftwareIdentity"), true, 401, 0, line);
    assert_string_equal(line, "CIM_SoftwareIdentity.Pull finished with HRESULT = 0x80190191, "
                              "status = 0x0, clientError = 0.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_the_sources),
        cmocka_unit_test(requests_in_soap),
        cmocka_unit_test(requests_in_wsman),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(replies),
        cmocka_unit_test(no_replies),
        cmocka_unit_test(log_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
