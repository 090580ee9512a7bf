// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/manage/xml.c
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/manage/xml.h"

/* What a document holds: "<name" for a start, ">" for an end, text as it is, " name='value'" for an
 * attribute. */
static bool read(const char *document, char out[512])
{
    struct xml x;
    size_t n = 0;

    xml_begin(&x);
    for (; *document; document++) {
        int event = xml_feed(&x, (uint8_t)*document);

        if (event & XML_BAD) {
            /* It stays so. */
            assert_int_equal(xml_feed(&x, '<'), XML_BAD);
            return false;
        }
        if (event & XML_START)
            n += (size_t)snprintf(out + n, 512 - n, "<%s", x.name);
        if (event & XML_ATTRIBUTE)
            n += (size_t)snprintf(out + n, 512 - n, " %s='", x.name);
        if (event & (XML_TEXT | XML_VALUE))
            n += (size_t)snprintf(out + n, 512 - n, "%.*s", x.text_len, x.text);
        if (event & XML_VALUE_END)
            n += (size_t)snprintf(out + n, 512 - n, "'");
        if (event & XML_END)
            n += (size_t)snprintf(out + n, 512 - n, ">");
        assert_true(n < 512);
    }
    out[n] = '\0';
    return xml_complete(&x);
}

static void documents(void **state)
{
    static const struct {
        const char *document, *expected;
    } row[] = {
        {"<a/>", "<a>"},
        {"<a></a>", "<a>"},
        {"\xef\xbb\xbf<a/>", "<a>"}, /* a byte order mark */
        {"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<a>\xef\xbb\xbf</a>", "<a\xef\xbb\xbf>"},
        {"<a ></a >", "<a>"},
        {"<a />", "<a>"},
        {"<a-0.9_Z b-0.9_Z=''/>", "<a-0.9_Z b-0.9_Z=''>"},
        {"<s:a xmlns:s=\"u>rn&quot;/\" b='\"'>x</s:a>\n", "<a b='\"'x>"},
        {"<a xmlns='u' s:b = \"1\"\tc='&lt;&#x41;/>'/>", "<a b='1' c='<A/>'>"},
        {"<a b=''><c d=\" x\ny \" /></a>", "<a b=''<c d=' x y '>>"},
        {"<?xml version=\"1.0\"?>\r\n<!-- <b> -->\n<a><!--- -->t</a><?end?>", "<at>"},
        {"<a><b>1</b> <n:c/>2</a>", "<a<b1> <c>2>"},
        {"<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</a>", "<a<>&\"'AB>"},
        {"<a xmlns:b=\"\t\n\">&#9;&#xD7FF;&#xE000;</a\r\n>", "<a\t\xed\x9f\xbf\xee\x80\x80>"},
        {"<a>&#xe9;&#x20AC;&#x1F600;</a>", "<a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80>"},
        {"<a>&#x80;&#x7FF;&#x800;&#xFFFD;&#x10000;&#x10FFFF;</a>",
         "<a\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbf>"},
        {"<\xc3\xa9>\xc3\xa9</\xc3\xa9>", "<\xc3\xa9\xc3\xa9>"},
        {"<a>]]></a>", "<a]]>>"},
        {"<A><Z/><z/><_/><b0/><b9/><b-/><b./></A>", "<A<Z><z><_><b0><b9><b-><b.>>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        char out[512];

        if (!read(row[i].document, out))
            fail_msg("%s is refused", row[i].document);
        assert_string_equal(out, row[i].expected);
    }
}

static void what_is_refused(void **state)
{
    static const char *const row[] = {
        "",
        " ",
        "x",
        "\xef\xbb\xbf",
        "\xef\xbb<a/>",
        " \xef\xbb\xbf<a/>",
        "\xef\xbb\xbf\xef\xbb\xbf<a/>",
        "<?xml version=\"1.0\"?>\xef\xbb\xbf<a/>",
        "<a>",
        "<a></b>",
        "<n:a></m:a>",
        "<a></a></a>",
        "<a></a><b></b>",
        "<a></a>x",
        "</a>",
        "<>",
        "< a></a>",
        "<1></1>",
        "<:a></:a>",
        "<n:></n:>",
        "<a></a b>",
        "<a><b></a></b>",
        "<a b=\"<\"></a>",
        "<a b></a>",
        "<a b=></a>",
        "<a b=c></a>",
        "<a b='c></a>",
        "<a =\"c\"></a>",
        "<a b= c=\"\"></a>",
        "<a b c=\"\"></a>",
        "<a b=\"\"c=\"\"></a>",
        "<a 1=\"\"></a>",
        "<a x:=\"\"></a>",
        "<a b=\"&\"></a>",
        "<a b=\"&other;\"></a>",
        "<a \"b\"></a>",
        "<a b=\"\x01\"></a>",
        "<a></>",
        "<a></ a>",
        "<a / >",
        "<a//>",
        "<a?></a?>",
        "<a>&",
        "<a>&;</a>",
        "<a>&nbsp;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#xDFFF;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&#xFFFF;</a>",
        "<a>&#x110000;</a>",
        "<a>&#1;</a>",
        "<a>&#12a;</a>",
        "<a>&toolonganame;</a>",
        "&amp;<a></a>",
        "<a>\x01</a>",
        "<a><!-- a -- b --></a>",
        "<a><!- x --></a>",
        "<a><![CDATA[x]]></a>",
        /* No document type: neither entities that grow nor files of others. */
        "<!DOCTYPE a><a></a>",
        "<!DOCTYPE a [<!ENTITY x \"&y;&y;\"><!ENTITY y \"z\">]><a>&x;</a>",
        "<a><!ENTITY x SYSTEM \"file:///etc/passwd\"></a>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        char out[512];

        if (read(row[i], out))
            fail_msg("%s is read", row[i]);
    }
}

/* Each limit exactly, and one more. */
static void limits(void **state)
{
    char text[512], out[512], name[LIMIT_XML_NAME + 2];

    (void)state;
    for (int over = 0; over < 2; over++) {
        int depth = LIMIT_XML_DEPTH + over;

        text[0] = '\0';
        for (int i = 0; i < depth; i++)
            strcat(text, "<a>");
        for (int i = 0; i < depth; i++)
            strcat(text, "</a>");
        assert_int_equal(read(text, out), !over);

        memset(name, 'n', sizeof(name));
        name[LIMIT_XML_NAME + over] = '\0';
        snprintf(text, sizeof(text), "<p:%s/>", name);
        assert_int_equal(read(text, out), !over);
        snprintf(text, sizeof(text), "<a p:%s=''/>", name);
        assert_int_equal(read(text, out), !over);

        snprintf(text, sizeof(text), "<a>&#%0*d;</a>", LIMIT_XML_ENTITY - 1 + over, 65);
        assert_int_equal(read(text, out), !over);
    }
}

/* Deeper than any document: one million starts change nothing behind the limit. */
static void endless_nesting(void **state)
{
    struct xml x;
    int event = 0;

    (void)state;
    xml_begin(&x);
    for (int i = 0; i < 1000000; i++)
        for (const char *c = "<a b='c'>"; *c; c++)
            event |= xml_feed(&x, (uint8_t)*c);
    assert_true(event & XML_BAD);
    assert_false(xml_complete(&x));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(limits),
        cmocka_unit_test(endless_nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
