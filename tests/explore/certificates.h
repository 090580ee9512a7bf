// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_CERTIFICATES_H
#define EXPLORE_CERTIFICATES_H

#include <stdbool.h>
#include <stddef.h>

#include "fw/core/release.h"
#include "sim/server/pem_file.h"

/* What a set-up server shows of itself, and an OEM profile whose hashes make it trusted: as
 * tests/certificates makes them. */

/* False: error says what cannot be read, in one line. */
bool certificates_load(const char *folder, char *error, size_t cap);
const struct oem_profile *certificates_oem(void); /* NULL: none are loaded */
const struct pem_file *certificates_server(void); /* alike */

/* A built-in profile, or that one under its name "certificates"; NULL: there is none. */
const struct oem_profile *certificates_find_oem(const char *name);

#endif
