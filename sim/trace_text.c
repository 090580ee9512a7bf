#include "sim/trace_text.h"

static void write_text(void *ctx, const char *text, size_t len)
{
    fwrite(text, 1, len, ctx);
}

struct trace_out trace_to_file(FILE *file)
{
    return (struct trace_out){file, write_text};
}
