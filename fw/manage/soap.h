#ifndef MANAGE_SOAP_H
#define MANAGE_SOAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/manage/xml.h"

/* What a request in a SOAP envelope, 1.1 or 1.2, asks for. */

enum soap_state {
    SOAP_OK,
    SOAP_BAD,      /* not well-formed XML, no envelope, or a value that can be read in two ways */
    SOAP_TOO_LONG, /* a part that is wanted is beyond its limit */
};

/* What is wanted of a request, whichever it is. */
enum soap_field {
    SOAP_ACTION, /* WS-Addressing */
    SOAP_MESSAGE_ID,
    SOAP_RESOURCE, /* WS-Man's ResourceURI */
    SOAP_SELECTOR, /* the first one's value */
    SOAP_INTERFACE_HANDLE,
    SOAP_CONTEXT, /* EnumerationContext */
    SOAP_MAX_ELEMENTS,
    SOAP_PASSWORD,
    SOAP_USER,
    SOAP_DIGEST_PASSWORD,
    SOAP_HOST_NAME,
    SOAP_DOMAIN_NAME,
    SOAP_PID,
    SOAP_PPS,
    SOAP_PROVISIONING_MODE,
    SOAP_DURATION,
    SOAP_TA0,
    SOAP_TM1,
    SOAP_TM2,
    SOAP_ENABLED,
    SOAP_MUTUAL_AUTHENTICATION,
    SOAP_ELEMENT_IN_CONTEXT, /* the selector of what it refers to */
    SOAP_FIELDS
};

/* What comes in base 64 and is long. */
enum soap_blob { SOAP_KEY, SOAP_CERTIFICATE, SOAP_BLOBS };

struct soap_request {
    char method[LIMIT_XML_NAME + 1]; /* the body's first element */
    uint16_t at[SOAP_FIELDS];        /* in text; 0 = not there */
    char text[LIMIT_SOAP_TEXT + 1];  /* the fields, without blanks around them, each with a NUL */
    const uint8_t *blob[SOAP_BLOBS]; /* NULL = not there */
    uint16_t blob_len[SOAP_BLOBS];
};

struct soap {
    uint8_t state;   /* enum soap_state */
    uint8_t section; /* of the envelope */
    uint8_t reading; /* row of what is being read, 0 = nothing */
    bool in_element; /* inside ElementInContext */
    uint8_t digits;  /* of base 64, in bits */
    bool padded;
    uint16_t used; /* of request.text */
    uint32_t bits;
    uint8_t *room; /* for blobs */
    size_t room_len, room_used;
    struct xml xml;
    struct soap_request request;
};

void soap_begin(struct soap *soap);
/* Before the first byte: blobs are decoded into this memory, which stays the caller's. */
void soap_room(struct soap *soap, void *room, size_t room_len);
void soap_feed(struct soap *soap, uint8_t byte);
/* The request has ended. */
enum soap_state soap_end(struct soap *soap);

/* "" = empty or not there. */
static inline const char *soap_text(const struct soap_request *request, enum soap_field field)
{
    return request->text + request->at[field];
}

static inline bool soap_has(const struct soap_request *request, enum soap_field field)
{
    return request->at[field] != 0;
}

/* A decimal number of at most ten digits that fits, and nothing else. */
bool soap_number(const struct soap_request *request, enum soap_field field, uint32_t *out);
/* "true" or "1", "false" or "0". */
bool soap_flag(const struct soap_request *request, enum soap_field field, bool *out);

#endif
