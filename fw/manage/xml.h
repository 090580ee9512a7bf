// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_XML_H
#define MANAGE_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* A reader of XML, a byte at a time, in bounded memory: names of elements and attributes without
 * their prefix, and text. A byte order mark in front, declarations of namespaces, comments and
 * processing instructions are skipped. Errors: XML that is not well-formed, nested too deeply, or
 * has a DTD, CDATA, or entities other than XML's five and numeric ones. Two attributes of the same
 * name are not noticed. */

/* What a byte has completed, as bits. */
enum xml_event {
    XML_MORE = 0,
    XML_START = 1, /* name of an element, at depth */
    XML_TEXT = 2,  /* text_len bytes of text in the element at depth */
    XML_END = 4,   /* end of the element at depth + 1 */
    XML_BAD = 8,   /* final */
    /* Of an attribute, after its element's start and before anything in that: */
    XML_ATTRIBUTE = 16, /* its name; the value begins */
    XML_VALUE = 32,     /* text_len bytes of its value are in text */
    XML_VALUE_END = 64,
};

struct xml {
    uint8_t state;
    uint8_t depth;   /* open elements; the root's is 1 */
    uint8_t quote;   /* in an attribute's value: the quote that ends it */
    uint8_t matched; /* matched characters of a mark such as "-->" */
    bool root;       /* the root element has begun */
    bool declares;   /* the attribute declares a namespace */
    uint8_t name_len, entity_len, text_len;
    uint32_t hash;                  /* of the name with its prefix */
    uint32_t open[LIMIT_XML_DEPTH]; /* the same for the open elements: their end tags must match */
    char name[LIMIT_XML_NAME + 1];  /* the last element's, then its attributes' */
    char entity[LIMIT_XML_ENTITY + 1];
    char text[4]; /* a byte, or an entity's character in UTF-8 */
};

void xml_begin(struct xml *xml);
int xml_feed(struct xml *xml, uint8_t byte);
/* Whether what was fed is a whole document. */
bool xml_complete(const struct xml *xml);

#endif
