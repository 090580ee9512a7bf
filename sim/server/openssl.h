// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_OPENSSL_H
#define SIM_SERVER_OPENSSL_H

#include <stdbool.h>
#include <stddef.h>

#include "hal/entropy.h"

/* OpenSSL as the set-up server uses it: the firmware has mbedTLS, so that a mistake in what one of
 * them does is not made by the other. It reads no configuration of the machine's and draws from no
 * randomness of the machine's: a run is its seed's. */

/* To be called before anything else of OpenSSL's, as often as one likes. */
void openssl_start(void);
/* Where this thread draws from until the next call; NULL: a draw ends the program. */
void openssl_draw_from(const struct hal_entropy *from);

#define OPENSSL_MD5_HEX 33u

/* Of the texts, one behind the other, as small digits. False: no memory. */
bool openssl_md5(const char *const text[], size_t texts, char hex[OPENSSL_MD5_HEX]);

#endif
