// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_OEM_FILE_H
#define SIM_OEM_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "fw/core/release.h"

/* An OEM profile in a text file: one `key value` per line, # begins a comment. A reader of INI
 * files (inih and the like) cannot read that: it wants '=' or ':' between the two, and would take a
 * power package's colon for it.
 *
 *   name acme                          letters, digits and '-'; not the name of a built-in profile
 *   bmp-hours 48                       0 to 255, "intel", or "off" (the same as 0)
 *   remote-configuration on            or "off"
 *   localized-bios                     the hello says that admin credentials are not set
 *   default-domain oem.example
 *   host-label ProvisionServer
 *   pid 0000-037M                      pid and pps together or neither; with or without dashes
 *   pps NKLD-G5DC-...
 *   power-package "Desktop: ON in S0"  a text of power_find()
 *   unprovision-to oem                 or "intel": what a full unprovision and a lost battery
 *                                      return to; else as the release says
 *   hash sha1 HEX "friendly name"      as often as there is room beside the release's roots
 *
 * Every key but `hash` at most once; only `name` is required. The rest is as in the profile
 * "intel". Nothing of a PPS appears in a message. */

#define OEM_FILE_NAME 31

struct oem_file {
    struct oem_profile profile; /* points into the members below: a copy of the struct is no use */
    char name[OEM_FILE_NAME + 1];
    char pid[LIMIT_PID + 1];
    char pps[LIMIT_PPS + 1];
    char default_domain[LIMIT_DOMAIN + 1];
    char host_label[LIMIT_HOST_LABEL + 1];
    struct cert_hash hash[LIMIT_HASHES_BUILTIN];
    uint8_t hash_bytes[LIMIT_HASHES_BUILTIN][LIMIT_HASH_BYTES];
    char hash_name[LIMIT_HASHES_BUILTIN][LIMIT_HASH_NAME + 1];
};

/* False: error holds one line, "FILE:LINE: what; expected ..." or "cannot open FILE: why", cut to
 * cap bytes. */
bool oem_file_load(const char *path, struct oem_file *out, char *error, size_t cap);

/* For an option's argument: a path if it contains '/' or ends in ".oem", else the name of a
 * built-in profile. NULL: error says why. The profile points into storage when it is a file's. */
const struct oem_profile *oem_file_or_profile(const char *name_or_path, struct oem_file *storage,
                                              char *error, size_t cap);

#endif
