// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/manage/certificate_name.c fw/manage/out.c
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/manage/certificate_name.h"

/* Made by openssl: issuer /O=Test/CN=Issuer, subject /C=US/ST=Oregon/L=Hillsboro/O=A, B/OU=Unit/
 * serialNumber=7/CN=Müller. Version 1 has no mark of its version, 3 has. */
static const char version_1[] =
    "308201763082011c020105300a06082a8648ce3d0403023020310d300b060355040a0c0454657374310f300d060355"
    "04"
    "030c06497373756572301e170d3236313132353232323530375a170d3336313132323232323530375a306e310b3009"
    "06"
    "0355040613025553310f300d06035504080c064f7265676f6e3112301006035504070c0948696c6c73626f726f310d"
    "30"
    "0b060355040a0c04412c2042310d300b060355040b0c04556e6974310a300806035504051301373110300e06035504"
    "03"
    "0c074dc3bc6c6c65723059301306072a8648ce3d020106082a8648ce3d03010703420004661665c1dd4355a7a9e361"
    "03"
    "75fb341eaec503490b63a3e8937afcb8bd12c499869b77544e616758c625e33d004b904b6611055f68cc47d0b64dce"
    "fc"
    "0eb0dfb2300a06082a8648ce3d0403020348003045022100a8ab8bb9cedd360439a1faf0c4daff6c801ac78ecaeff6"
    "b5"
    "8f56b3350f7759c402200b5df51a976a591e3a0b2330006f0376d6765eed8cd63601041a6d3ec0ad6cd7";
static const char version_3[] = "308201953082013ba003020102021437aa96f9b732cf795690e8e711f0d48d725c"
                                "8455300a06082a8648ce3d04030230"
                                "20310d300b060355040a0c0454657374310f300d06035504030c06497373756572"
                                "301e170d3236313132353232323530"
                                "375a170d3336313132323232323530375a3020310d300b060355040a0c04546573"
                                "74310f300d06035504030c06497373"
                                "7565723059301306072a8648ce3d020106082a8648ce3d0301070342000490d3ab"
                                "6326a73ec38b2f2b22b7f72401fb50"
                                "dffd300981399e747831a5858e91f6149c20393abc9209342a42b6474a699eddb0"
                                "80b7fb3af66be228f3f70fd106a353"
                                "3051301d0603551d0e04160414c0e7b9e2cccb41456248c0538fc8767c54dfb281"
                                "301f0603551d23041830168014c0e7"
                                "b9e2cccb41456248c0538fc8767c54dfb281300f0603551d130101ff0405300301"
                                "01ff300a06082a8648ce3d04030203"
                                "480030450220370a378d1ffc0d7b75207d84ec99b425a397f0ec665d07f3d501fa"
                                "c3b66ab67302210081f963a4f21f77"
                                "30447a8432d864a89231cc418897e77d580533888fd6f3f548";

static size_t bytes_of(const char *hex, uint8_t out[1024])
{
    size_t len = strlen(hex) / 2;

    assert_true(len <= 1024);
    for (size_t i = 0; i < len; i++) {
        unsigned byte;

        // NOLINTNEXTLINE(cert-err34-c): two digits do not overflow
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
        out[i] = (uint8_t)byte;
    }
    return len;
}

static const char *written(const uint8_t *bytes, size_t len, enum certificate_name which)
{
    static char text[161];
    struct out out = {text, sizeof(text) - 1, 0, false};

    memset(text, 0, sizeof(text));
    certificate_name_write(&out, bytes, len, which);
    return text;
}

static void both_names_are_written(void **state)
{
    uint8_t bytes[1024];
    size_t len = bytes_of(version_1, bytes);

    (void)state;
    assert_string_equal(written(bytes, len, NAME_ISSUER), "O=Test,CN=Issuer");
    assert_string_equal(written(bytes, len, NAME_SUBJECT),
                        "C=US,ST=Oregon,L=Hillsboro,O=A? B,OU=Unit,CN=M??ller");
    len = bytes_of(version_3, bytes);
    assert_string_equal(written(bytes, len, NAME_ISSUER), "O=Test,CN=Issuer");
    assert_string_equal(written(bytes, len, NAME_SUBJECT), "O=Test,CN=Issuer");
}

static void what_is_cut_off_has_no_name(void **state)
{
    uint8_t bytes[1024];
    size_t len = bytes_of(version_1, bytes);

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t exact[1024]; /* on the stack's end a sanitizer sees a byte too many */

        memcpy(exact + sizeof(exact) - cut, bytes, cut);
        assert_string_equal(written(exact + sizeof(exact) - cut, cut, NAME_SUBJECT), "");
    }
}

static void any_byte_may_be_wrong(void **state)
{
    uint8_t bytes[1024];
    size_t len = bytes_of(version_3, bytes);

    (void)state;
    for (size_t i = 0; i < len; i++)
        for (unsigned value = 0; value < 256; value++) {
            uint8_t was = bytes[i];

            bytes[i] = (uint8_t)value;
            assert_true(strlen(written(bytes, len, NAME_SUBJECT)) <= 160);
            bytes[i] = was;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_names_are_written),
        cmocka_unit_test(what_is_cut_off_has_no_name),
        cmocka_unit_test(any_byte_may_be_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
