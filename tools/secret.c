// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "tools/secret.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "fw/core/wipe.h"

void secret_keep(void)
{
    const struct rlimit none = {0, 0};
    const char *dumpable = getenv(SECRET_DUMPABLE_VARIABLE);

    if (dumpable && strcmp(dumpable, "1") == 0)
        return;
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* a handler of core dumps does not look at the limit */
}

/* To the line's end. */
static const char *read_line(FILE *in, char *out, size_t cap)
{
    size_t len = 0;
    int c;

    while ((c = getc(in)) != EOF && c != '\n') {
        if (c == '\0')
            return "not a text file";
        if (len + 1 == cap)
            return "line too long";
        out[len++] = (char)c;
    }
    if (ferror(in))
        return strerror(errno);
    if (len > 0 && out[len - 1] == '\r')
        len--;
    out[len] = '\0';
    return len > 0 ? NULL : "empty line";
}

const char *secret_read(const char *path, char *out, size_t cap)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "r");
    const char *wrong;

    if (!in) {
        out[0] = '\0';
        return strerror(errno);
    }
    setvbuf(in, NULL, _IONBF, 0);
    wrong = read_line(in, out, cap);
    if (!wrong && !standard && getc(in) != EOF)
        wrong = "more than one line";
    if (!standard)
        fclose(in);
    if (wrong)
        wipe(out, cap);
    return wrong;
}

void secret_forget(const char *value)
{
    wipe((void *)(uintptr_t)value, strlen(value));
}
