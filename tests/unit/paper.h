#ifndef TESTS_PAPER_H
#define TESTS_PAPER_H

#include <stddef.h>

/* What a struct text_out writes on. */
struct paper {
    char text[256];
    size_t len;
};

static inline void paper_put(void *ctx, char c)
{
    struct paper *paper = ctx;

    assert_true(paper->len + 1 < sizeof(paper->text));
    paper->text[paper->len++] = c;
    paper->text[paper->len] = '\0';
}

#endif
