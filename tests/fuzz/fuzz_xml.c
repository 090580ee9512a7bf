// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/manage/xml.c
// runs: 100000
/* The bytes of an XML document.
 * Promises: starts and ends balance at every depth, names, texts and values keep to their limits,
 * an attribute ends before anything else begins, an error stays. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fw/manage/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xml x;
    uint32_t depth = 0;
    int event = 0;
    bool value = false;

    xml_begin(&x);
    for (size_t i = 0; i < size; i++) {
        event = xml_feed(&x, data[i]);
        if (event & XML_BAD)
            break;
        depth += (event & XML_START) != 0;
        if (event & XML_END && depth-- == 0)
            abort();
        if (depth != x.depth || depth > LIMIT_XML_DEPTH)
            abort();
        if (event & XML_START && (x.name[0] == '\0' || strlen(x.name) > LIMIT_XML_NAME))
            abort();
        if (event & XML_ATTRIBUTE && (x.name[0] == '\0' || strlen(x.name) > LIMIT_XML_NAME))
            abort();
        if (event & (XML_VALUE | XML_VALUE_END) ? !value : value && event != XML_MORE)
            abort();
        value = (value || event & XML_ATTRIBUTE) && !(event & XML_VALUE_END);
        if (event & XML_VALUE && (x.text_len < 1 || x.text_len > 4))
            abort();
        if (event & XML_TEXT && (x.text_len < 1 || x.text_len > 4 || depth == 0))
            abort();
    }
    if (event & XML_BAD ? xml_complete(&x) || xml_feed(&x, '<') != XML_BAD
                        : xml_complete(&x) && depth != 0)
        abort();
    return 0;
}
