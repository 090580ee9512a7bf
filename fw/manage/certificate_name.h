// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_CERTIFICATE_NAME_H
#define MANAGE_CERTIFICATE_NAME_H

#include "fw/manage/out.h"

enum certificate_name { NAME_ISSUER, NAME_SUBJECT };

/* Writes the issuer's or subject's name of an X.509 certificate (DER) as "CN=iAMT,O=x": the
 * attributes that have a short name, in the certificate's order, with '?' for a comma or a byte
 * that is not printable ASCII. Writes nothing if the bytes are not a certificate. */
void certificate_name_write(struct out *out, const uint8_t *certificate, size_t len,
                            enum certificate_name which);

#endif
