// links: @sim @fw @lwip
// runs: 4000
/* An OEM profile's file.
 * Promises: it is read or refused; a refusal is one printable line and holds nothing of a PPS; what
 * was read is a device's factory. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "fw/core/settings.h"
#include "sim/oem_file.h"
#include "tests/fuzz/fuzz.h"

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
        promise_printable(error);
        promise(strstr(error, "NKLD") == NULL, "a refusal holds nothing of a PPS");
    }
    return 0;
}
