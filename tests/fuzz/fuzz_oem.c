// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
// runs: 20000
/* An OEM profile's file.
 * Promises: it is read or refused; a refusal is one line without control characters and holds
 * nothing of a PPS; what was read is a device's factory. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "fw/core/settings.h"
#include "sim/scenario/oem_file.h"
#include "tests/fuzz/fuzz.h"

static bool of_a_pps(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* What follows the word pps on its line, if it is long, of a PPS's characters, and there only once.
 */
static void promise_no_pps(const uint8_t *data, size_t size, const char *error)
{
    for (size_t i = 0; i + 5 < size; i++) {
        const uint8_t *value = data + i + 5;
        size_t len = 0;

        if (memcmp(data + i, "\npps ", 5) != 0)
            continue;
        while (i + 5 + len < size && of_a_pps(value[len]))
            len++;
        promise(len < 20 || contains_bytes(data, i + 5 + len - 1, value, len) ||
                    contains_bytes(value + 1, size - i - 6, value, len) ||
                    !contains_bytes((const uint8_t *)error, strlen(error), value, len),
                "a refusal holds nothing of a PPS");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct oem_file oem;
    static int file = -1;
    char path[64], error[256] = "";
    struct settings s;

    if (file < 0)
        file = memfd_create("profile", 0);
    promise(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size,
            "the test's own file is written");
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    memset(&oem, 0xA5, sizeof(oem));
    if (oem_file_load(path, &oem, error, sizeof(error))) {
        settings_factory(&s, release_find("6.0"), &oem.profile);
        promise(oem.profile.name[0] != '\0' && strlen(oem.profile.name) <= OEM_FILE_NAME,
                "a profile has a name");
    } else {
        promise(error[0] != '\0' && memchr(error, '\0', sizeof(error)) != NULL,
                "a refusal says why");
        promise_no_controls(error);
        promise_no_pps(data, size, error);
    }
    return 0;
}
