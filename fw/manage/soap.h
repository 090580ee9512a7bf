#ifndef MANAGE_SOAP_H
#define MANAGE_SOAP_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/manage/xml.h"

/* What a request in a SOAP envelope, 1.1 or 1.2, asks for. */

enum soap_state {
    SOAP_OK,
    SOAP_BAD,      /* not well-formed XML, or no envelope */
    SOAP_TOO_LONG, /* a part that is wanted is beyond its limit */
};

/* Texts are without blanks around them; "" = not there. */
struct soap_request {
    char method[LIMIT_XML_NAME + 1]; /* the body's first element */
    char action[LIMIT_SOAP_URI + 1]; /* WS-Addressing */
    char message_id[LIMIT_SOAP_ID + 1];
    char resource[LIMIT_SOAP_URI + 1]; /* WS-Man's ResourceURI */
    char interface_handle[LIMIT_SOAP_ARGUMENT + 1];
    char context[LIMIT_SOAP_ARGUMENT + 1]; /* EnumerationContext */
    char max_elements[LIMIT_SOAP_ARGUMENT + 1];
};

struct soap {
    uint8_t state;   /* enum soap_state */
    uint8_t section; /* of the envelope */
    uint8_t field;   /* that is being read */
    uint16_t len;    /* of it */
    struct xml xml;
    struct soap_request request;
};

void soap_begin(struct soap *soap);
void soap_feed(struct soap *soap, uint8_t byte);
/* The request has ended. */
enum soap_state soap_end(struct soap *soap);

#endif
