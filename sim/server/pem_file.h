// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_PEM_FILE_H
#define SIM_SERVER_PEM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A certificate, those above it and its key, as OpenSSL writes them into one PEM file: leaf first,
 * the key last. */

#define PEM_FILE_CERTIFICATES 6u
#define PEM_FILE_BYTES (64u * 1024u)

struct pem_part {
    uint8_t *der;
    size_t len;
};

struct pem_file {
    struct pem_part certificate[PEM_FILE_CERTIFICATES];
    uint32_t certificates;
    struct pem_part key; /* an RSA key as of PKCS #1 */
};

/* False: *error, one line, names the file and says why; *out needs no free. */
bool pem_file_load(const char *path, struct pem_file *out, char *error, size_t cap);
void pem_file_free(struct pem_file *file);

#endif
