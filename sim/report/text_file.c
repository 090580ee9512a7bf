// SPDX-License-Identifier: BSD-3-Clause
#include "sim/report/text_file.h"

static void put(void *ctx, char c)
{
    putc(c, ctx);
}

struct text_out text_to_file(FILE *file)
{
    return (struct text_out){put, file};
}
