// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/password.h"

#include <stdint.h>

#include "fw/core/limits.h"

#define PASSWORD_MIN 8u

enum { LOWER = 1, UPPER = 2, DIGIT = 4, SPECIAL = 8 };

static uint32_t class_of(char c)
{
    if (c >= 'a' && c <= 'z')
        return LOWER;
    if (c >= 'A' && c <= 'Z')
        return UPPER;
    if (c >= '0' && c <= '9')
        return DIGIT;
    return c == '_' || c == ' ' ? 0 : SPECIAL;
}

bool password_is_strong(const char *password)
{
    uint32_t classes = 0, len = 0;

    for (; password[len]; len++) {
        char c = password[len];

        if (len >= LIMIT_PASSWORD || c < ' ' || c > '~' || c == ':' || c == '"' || c == ',')
            return false;
        classes |= class_of(c);
    }
    return len >= PASSWORD_MIN && classes == (LOWER | UPPER | DIGIT | SPECIAL);
}
