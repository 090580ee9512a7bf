// SPDX-License-Identifier: BSD-3-Clause
#include "tools/usbkey/tool.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/wipe.h"

#define FILE_MAX (16u << 20) /* 20,000 records are 10 MB (CUTLER) */

int tool_error(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    fputs("usbkey: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return TOOL_USAGE;
}

/* What stands in an argument is not repeated but for its name: it may hold a secret. */
int tool_next(struct options *args, const struct options_known *options)
{
    int got = options_next(args, options);

    switch (got) {
    case OPTIONS_END:
        return TOOL_END;
    case OPTIONS_OPERAND:
        return TOOL_OPERAND;
    case OPTIONS_UNKNOWN:
        tool_error("unknown option %.*s; see usbkey --help", (int)strcspn(args->text, "="),
                   args->text);
        return TOOL_BAD;
    case OPTIONS_TAKES_NONE:
        tool_error("%s takes no value", options[args->option].name);
        return TOOL_BAD;
    case OPTIONS_NEEDS_VALUE:
        tool_error("%s requires a value", options[args->option].name);
        return TOOL_BAD;
    default:
        return got;
    }
}

/* Not realloc(), which leaves a copy behind. */
static bool grow(struct image *image, size_t room)
{
    uint8_t *more = malloc(room);

    if (!more)
        return false;
    if (image->bytes) {
        memcpy(more, image->bytes, image->len);
        wipe(image->bytes, image->len);
    }
    free(image->bytes);
    image->bytes = more;
    return true;
}

static int read_all(FILE *file, struct image *image)
{
    size_t room = 0;

    setvbuf(file, NULL, _IONBF, 0);
    for (;;) {
        if (image->len == room && !grow(image, room = room ? 2 * room : 4096))
            return -1;
        size_t got = fread(image->bytes + image->len, 1, room - image->len, file);

        image->len += got;
        if (got == 0 || image->len > FILE_MAX)
            return ferror(file) ? -1 : 0;
    }
}

int image_load(const char *path, struct image *image)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    int failed, error;

    *image = (struct image){0};
    if (!file)
        return tool_error("cannot open %s: %s", path, strerror(errno));
    failed = read_all(file, image);
    error = errno;
    if (!standard)
        fclose(file);
    if (!failed && image->len <= FILE_MAX)
        return TOOL_OK;
    image_free(image);
    return failed ? tool_error("cannot read %s: %s", path, strerror(error))
                  : tool_error("%s is too long for a setup.bin", path);
}

static int64_t image_size(void *ctx)
{
    return (int64_t)((struct image *)ctx)->len;
}

static int image_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    const struct image *image = ctx;

    if (offset > image->len || len > image->len - offset)
        return -1;
    memcpy(out, image->bytes + offset, len);
    return 0;
}

static int image_write(void *ctx, uint32_t offset, const void *data, size_t len)
{
    struct image *image = ctx;

    if (offset > image->len || len > image->len - offset)
        return -1;
    memcpy(image->bytes + offset, data, len);
    return 0;
}

struct hal_usb image_usb(struct image *image)
{
    return (struct hal_usb){image, image_size, image_read, image_write};
}

void image_free(struct image *image)
{
    if (image->bytes)
        wipe(image->bytes, image->len);
    free(image->bytes);
    *image = (struct image){0};
}
