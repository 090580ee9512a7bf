// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_SOAP_H
#define MANAGE_SOAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/manage/xml.h"

/* Reads requests in SOAP envelopes, 1.1 or 1.2. */

enum soap_state {
    SOAP_OK,
    SOAP_BAD,      /* not well-formed XML, not an envelope, or ambiguous */
    SOAP_TOO_LONG, /* a part that is needed exceeds its limit */
};

/* The fields that are kept, of whatever request. */
enum soap_field {
    SOAP_ACTION, /* WS-Addressing */
    SOAP_MESSAGE_ID,
    SOAP_RESOURCE,     /* WS-Man's ResourceURI */
    SOAP_MAX_ENVELOPE, /* MaxEnvelopeSize */
    SOAP_INTERFACE_HANDLE,
    SOAP_CONTEXT, /* EnumerationContext */
    SOAP_MAX_ELEMENTS,
    SOAP_MAX_CHARACTERS,
    SOAP_MODE,    /* EnumerationMode */
    SOAP_DIALECT, /* the Filter's */
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
    SOAP_REFERENCE, /* the selector in ElementInContext, or in a boot configuration's Source */
#if FW_MACHINE
    SOAP_POWER_STATE,
    SOAP_ROLE,
    SOAP_COMMAND,
    SOAP_IANA_OEM,
    SOAP_SPECIAL_COMMAND,
    SOAP_SPECIAL_PARAMETER,
    SOAP_OEM_PARAMETERS,
    SOAP_BOOT_OPTIONS,
    SOAP_BIOS_PAUSE,
    SOAP_BIOS_SETUP,
    SOAP_RESET_CONFIG,
    SOAP_FORCE_PROGRESS,
    SOAP_LOCK_KEYBOARD,
    SOAP_LOCK_POWER,
    SOAP_LOCK_RESET,
    SOAP_LOCK_SLEEP,
    SOAP_REFLASH,
    SOAP_USE_IDER,
    SOAP_USE_SOL,
    SOAP_USE_SAFE_MODE,
    SOAP_BYPASS_PASSWORD,
    SOAP_MEDIA_INDEX,
    SOAP_VERBOSITY,
    SOAP_IDER_DEVICE,
    SOAP_REQUESTED_STATE,
    SOAP_SESSION_TYPE,
    SOAP_LISTENER_ENABLED,
    SOAP_STATE,
    SOAP_ITERATION,
    SOAP_MAX_RECORDS,
    SOAP_POSITION_TO_NEXT,
    SOAP_RECORD_NUMBER,
    SOAP_FREEZE,
    SOAP_DIGEST_USER,
    SOAP_SID, /* KerberosUserSid */
    SOAP_ACCESS,
    SOAP_HANDLE,
    SOAP_START_INDEX,
    SOAP_INTERFACE_MODE,
    SOAP_DHCP,
    SOAP_IP, /* dotted in WS-Man, a number in EOI; so are the mask and those that follow */
    SOAP_MASK,
    SOAP_GATEWAY,
    SOAP_DNS1,
    SOAP_DNS2,
    SOAP_SCHEME,
    SOAP_PING,
    SOAP_RMCP_PING,
    SOAP_IDLE_TIMEOUT,
#endif
    SOAP_FIELDS
};

/* Long values in base64. */
enum soap_blob { SOAP_KEY, SOAP_CERTIFICATE, SOAP_BLOBS };

/* What a request's header can demand that is not done here, as bits. */
enum soap_demand {
    SOAP_NOT_UNDERSTOOD = 1, /* a header block with mustUnderstand that nobody here knows */
    SOAP_LOCALE = 2,         /* the same, to answer in a certain language */
    SOAP_FRAGMENT = 4,       /* a part of an instance */
    SOAP_ELSEWHERE = 8,      /* an answer to somebody else than who asks on this connection */
};

struct soap_request {
    char method[LIMIT_XML_NAME + 1]; /* the body's first element */
    uint8_t demands;                 /* enum soap_demand */
    bool filter, optimize;           /* the body has a Filter, an OptimizeEnumeration */
    /* Selectors: those of the Filter, or if there is none those of the header. Whose bit is set in
     * `nested` is part of the reference that is the value of the last one before whose bit is not.
     * See soap_selector_name(). */
    uint8_t selectors, nested;
    uint16_t at[SOAP_FIELDS + 2 * LIMIT_SELECTORS]; /* offset in text; 0 = not there */
    char text[LIMIT_SOAP_TEXT + 1];  /* the fields, without surrounding blanks, each with a NUL */
    const uint8_t *blob[SOAP_BLOBS]; /* NULL = not there */
    uint16_t blob_len[SOAP_BLOBS];
#if FW_MACHINE
    uint32_t realms; /* of all elements Realms: a bit for each number; what is no number of a realm
                        has bit 0 */
#endif
};

struct soap {
    uint8_t state;     /* enum soap_state */
    uint8_t section;   /* of the envelope */
    uint8_t reading;   /* row of what is being read + 1; 0 = nothing */
    uint8_t target;    /* of its text: number in request.at */
    uint8_t max;       /* characters of that */
    uint8_t attribute; /* which attribute is being read */
    uint8_t demand;    /* what mustUnderstand means in this header block: enum soap_demand */
    uint8_t selector;  /* depth of the selector that is open; 0 = none */
    uint8_t anonymous; /* matched characters of an address' last word */
    bool selects;      /* inside the header's SelectorSet, or the Filter */
    bool addresses;    /* inside ReplyTo or FaultTo */
    bool refers;       /* inside the reference whose selector is kept */
    uint8_t bit_count; /* bits of base64 that do not make a byte yet */
    bool padded;
    uint16_t used; /* length of request.text */
    uint32_t bits;
    uint8_t *blobs; /* the caller's memory for blobs */
    size_t blobs_cap, blobs_len;
    struct xml xml;
    struct soap_request request;
};

void soap_begin(struct soap *soap);
/* To be called before the first byte: blobs are decoded into this memory, which stays the
 * caller's. */
void soap_set_blob_memory(struct soap *soap, void *memory, size_t len);
void soap_feed(struct soap *soap, uint8_t byte);
/* To be called at the end of the request. */
enum soap_state soap_end(struct soap *soap);

/* The field's text; "" = empty or not there. */
static inline const char *soap_text(const struct soap_request *request, enum soap_field field)
{
    return request->text + request->at[field];
}

static inline bool soap_has(const struct soap_request *request, enum soap_field field)
{
    return request->at[field] != 0;
}

static inline const char *soap_selector_name(const struct soap_request *request, uint8_t i)
{
    return request->text + request->at[SOAP_FIELDS + 2 * i];
}

static inline const char *soap_selector_value(const struct soap_request *request, uint8_t i)
{
    return request->text + request->at[SOAP_FIELDS + 2 * i + 1];
}

/* A decimal uint32_t and nothing else. False: it is not one. */
bool soap_number(const struct soap_request *request, enum soap_field field, uint32_t *out);
/* "true" or "1", "false" or "0". False: it is neither. */
bool soap_flag(const struct soap_request *request, enum soap_field field, bool *out);

#endif
