// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/certificates.h"

#include <stdio.h>
#include <string.h>

#include "sim/scenario/oem_file.h"

static struct oem_file oem;
static struct pem_file server;
static bool loaded;

bool certificates_load(const char *folder, char *error, size_t cap)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/certificates.oem", folder);
    if (!oem_file_load(path, &oem, error, cap))
        return false;
    snprintf(path, sizeof(path), "%s/sha1/right.pem", folder);
    loaded = pem_file_load(path, &server, error, cap);
    return loaded;
}

const struct oem_profile *certificates_oem(void)
{
    return loaded ? &oem.profile : NULL;
}

const struct pem_file *certificates_server(void)
{
    return loaded ? &server : NULL;
}

const struct oem_profile *certificates_find_oem(const char *name)
{
    return loaded && strcmp(name, oem.name) == 0 ? &oem.profile : oem_find(name);
}
