#ifndef MANAGE_NAME_H
#define MANAGE_NAME_H

#include "fw/manage/out.h"

enum certificate_name { NAME_ISSUER, NAME_SUBJECT };

/* Who signed a certificate, or whose it is (X.509, DER), as "CN=iAMT,O=x": the attributes that have
 * a short name, in the certificate's order; a comma or a byte that is no printable ASCII as '?'.
 * Nothing for bytes that are no certificate. */
void name_write(struct out *out, const uint8_t *certificate, size_t len,
                enum certificate_name which);

#endif
