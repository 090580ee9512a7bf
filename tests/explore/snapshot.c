// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/snapshot.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/explore/section.h"
#include "tests/explore/secure.h"
#include "tests/explore/state.h"

#define LINE 64u
#define REGIONS 4

struct snapshot {
    uint32_t lines;
    size_t bytes;
    char data[]; /* of each line: uint32_t number, then its bytes */
};

static struct region {
    char *at;
    size_t len;
} regions[REGIONS];
static int region_count;
static size_t total;
static char *root, *scratch;

static void add(void *at, size_t len)
{
    if (len > 0)
        regions[region_count++] = (struct region){at, len};
    total += len;
}

static void find_regions(void)
{
    char *world_end = (char *)(&world + 1), *after_rx = (char *)&world.hal.rx_queue;
    size_t secure_len;
    void *secure = secure_memory(&secure_len);

    region_count = 0;
    total = 0;
    add(&world, (size_t)((char *)world.hal.rx - (char *)&world));
    add(after_rx, (size_t)(world_end - after_rx));
    add(section_start(), section_bytes());
    add(secure, secure_len);
}

void snapshot_root(void)
{
    char *to;

    find_regions();
    free(root);
    free(scratch);
    to = root = malloc(total);
    scratch = malloc(total + (total / LINE + REGIONS) * (sizeof(uint32_t) + LINE));
    if (!root || !scratch) {
        fprintf(stderr, "explore: no memory\n");
        exit(2);
    }
    for (int i = 0; i < region_count; i++) {
        memcpy(to, regions[i].at, regions[i].len);
        to += regions[i].len;
    }
}

static size_t line_len(const struct region *r, size_t at)
{
    return r->len - at < LINE ? r->len - at : LINE;
}

struct snapshot *snapshot_take(void)
{
    const char *old = root;
    char *out = scratch;
    uint32_t number = 0, lines = 0;
    struct snapshot *s;

    for (int i = 0; i < region_count; i++) {
        const struct region *r = &regions[i];

        for (size_t at = 0; at < r->len; at += LINE, number++) {
            size_t len = line_len(r, at);

            if (memcmp(old + at, r->at + at, len) == 0)
                continue;
            memcpy(out, &number, sizeof(number));
            memcpy(out + sizeof(number), r->at + at, len);
            out += sizeof(number) + LINE;
            lines++;
        }
        old += r->len;
    }
    s = malloc(sizeof(*s) + (size_t)(out - scratch));
    if (!s)
        return NULL;
    s->lines = lines;
    s->bytes = (size_t)(out - scratch);
    memcpy(s->data, scratch, s->bytes);
    return s;
}

void snapshot_restore(const struct snapshot *s)
{
    const char *from = root, *line;
    uint32_t first = 0, n = 0;

    for (int i = 0; i < region_count; i++) {
        memcpy(regions[i].at, from, regions[i].len);
        from += regions[i].len;
    }
    line = s ? s->data : NULL;
    for (int i = 0; s && i < region_count; i++) {
        const struct region *r = &regions[i];
        uint32_t count = (uint32_t)((r->len + LINE - 1) / LINE), number;

        while (n < s->lines) {
            memcpy(&number, line, sizeof(number));
            if (number >= first + count)
                break;
            memcpy(r->at + (number - first) * LINE, line + sizeof(number),
                   line_len(r, (number - first) * LINE));
            line += sizeof(number) + LINE;
            n++;
        }
        first += count;
    }
}

size_t snapshot_bytes(const struct snapshot *s)
{
    return sizeof(*s) + s->bytes;
}

size_t snapshot_world_bytes(void)
{
    return total;
}
