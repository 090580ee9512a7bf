// SPDX-License-Identifier: BSD-3-Clause
// links: @core
// runs: 200000
/* A hello message, as a set-up server reads it.
 * Promises: what decodes encodes to the same bytes; what does not names a place in the message. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hello hello;
    uint8_t again[LIMIT_HELLO_BYTES];
    size_t offset = SIZE_MAX;

    if (hello_decode(data, size, &hello, &offset) != HELLO_OK) {
        if (offset > size)
            abort();
        return 0;
    }
    int len = hello_encode(&hello, again, sizeof again);
    if (len < 0 || (size_t)len != size || memcmp(again, data, size) != 0)
        abort();
    return 0;
}
