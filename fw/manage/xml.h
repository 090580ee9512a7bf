#ifndef MANAGE_XML_H
#define MANAGE_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* A reader of XML, a byte at a time, in bounded memory: element names without their prefix, and
 * text. Attributes, comments and processing instructions are passed over. Not well-formed, too
 * deep, with a DTD or CDATA, or with entities other than the five of XML and numbers: an error. */

/* What a byte has completed, as bits. */
enum xml_event {
    XML_MORE = 0,
    XML_START = 1, /* name, at depth */
    XML_TEXT = 2,  /* text_len bytes of text, of the element that is open at depth */
    XML_END = 4,   /* of the element at depth + 1 */
    XML_BAD = 8,   /* final */
};

struct xml {
    uint8_t state;
    uint8_t depth;   /* elements that are open; the root's is 1 */
    uint8_t quote;   /* in an attribute: the one that ends it */
    uint8_t matched; /* of a mark such as a comment's */
    bool root;       /* there was one */
    uint8_t name_len, entity_len, text_len;
    uint32_t hash;                  /* of the name with its prefix */
    uint32_t open[LIMIT_XML_DEPTH]; /* the same of the open elements: the end must name them */
    char name[LIMIT_XML_NAME + 1];
    char entity[LIMIT_XML_ENTITY + 1];
    char text[4]; /* a character may be an entity: then UTF-8 */
};

void xml_begin(struct xml *xml);
int xml_feed(struct xml *xml, uint8_t byte);
/* Whether what was fed is a whole document. */
bool xml_complete(const struct xml *xml);

#endif
