// SPDX-License-Identifier: BSD-3-Clause
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/text.h"

/* What every fuzz test begins with. A promise that does not hold ends the program with a line that
 * says which; libFuzzer then keeps the input. */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void promise(bool kept, const char *what)
{
    if (kept)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

/* An input that is read from its beginning; at its end come zeros and nothing. */
struct input {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t take_byte(struct input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

static inline uint32_t take_u16(struct input *in)
{
    uint32_t low = take_byte(in);

    return low | (uint32_t)take_byte(in) << 8;
}

/* Up to len bytes; *got says how many. */
static inline const uint8_t *take_bytes(struct input *in, size_t len, size_t *got)
{
    const uint8_t *bytes = in->at;

    *got = len < in->left ? len : in->left;
    in->at += *got;
    in->left -= *got;
    return bytes;
}

/* A copy with nothing behind it, so that a read beyond the end is seen. Free it. */
static inline uint8_t *exact_copy(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);

    promise(copy != NULL, "memory for the test");
    if (len)
        memcpy(copy, bytes, len);
    return copy;
}

/* Text that goes to a person's terminal holds no control characters. */
static inline void promise_printable(const char *text)
{
    for (; text && *text; text++)
        promise((uint8_t)*text >= 0x20 && (uint8_t)*text <= 0x7E, "a text is printable ASCII");
}

/* A message about somebody's file shows its words: of any language, but no control characters. */
static inline void promise_no_controls(const char *text)
{
    for (; *text; text++)
        promise((uint8_t)*text >= 0x20 && *text != 0x7F, "a message has no control characters");
}

/* Not with memcmp() or strstr(), and not counted: libFuzzer would learn the text from it. */
__attribute__((no_sanitize("coverage"))) static inline bool
contains_bytes(const uint8_t *data, size_t size, const uint8_t *text, size_t len)
{
    for (size_t i = 0; i + len <= size; i++) {
        size_t same = 0;

        while (same < len && data[i + same] == text[same])
            same++;
        if (same == len)
            return true;
    }
    return false;
}

static inline bool contains(const uint8_t *data, size_t size, const char *text)
{
    return contains_bytes(data, size, (const uint8_t *)text, strlen(text));
}

#endif
