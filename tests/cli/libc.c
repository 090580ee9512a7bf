// SPDX-License-Identifier: BSD-3-Clause
/* What fw, lwIP and mbedTLS use of a C library, for a machine that has none (riscv32.sh). */
#include <stdlib.h>
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    char *t = to;
    const char *f = from;

    while (len-- > 0)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    char *t = to;
    const char *f = from;

    if (t <= f)
        return memcpy(to, from, len);
    while (len-- > 0)
        t[len] = f[len];
    return to;
}

void *memset(void *to, int value, size_t len)
{
    char *t = to;

    while (len-- > 0)
        *t++ = (char)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *x = a, *y = b;

    for (; len > 0; len--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

void *memchr(const void *bytes, int value, size_t len)
{
    const unsigned char *b = bytes;

    for (; len > 0; len--, b++)
        if (*b == (unsigned char)value)
            return (void *)b;
    return NULL;
}

size_t strlen(const char *s)
{
    size_t len = 0;

    while (s[len])
        len++;
    return len;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++)
        if (!*s)
            return NULL;
    return (char *)s;
}

int strncmp(const char *a, const char *b, size_t len)
{
    for (; len > 0; len--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

/* In a function of lwIP that nothing calls. */
int atoi(const char *s)
{
    int n = 0;

    while (*s >= '0' && *s <= '9')
        n = n * 10 + (*s++ - '0');
    return n;
}

char *strncpy(char *restrict to, const char *restrict from, size_t len)
{
    size_t i = 0;

    for (; i < len && from[i]; i++)
        to[i] = from[i];
    for (; i < len; i++)
        to[i] = '\0';
    return to;
}
