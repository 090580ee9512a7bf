#include "sim/report/trace_text.h"

static void put(void *ctx, char c)
{
    putc(c, ctx);
}

struct text_out trace_to_file(FILE *file)
{
    return (struct text_out){put, file};
}
