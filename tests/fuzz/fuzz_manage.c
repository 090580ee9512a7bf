// links: fw/manage/digest.c fw/manage/eoi.c fw/manage/http.c fw/manage/out.c fw/manage/service.c
// links: @core fw/manage/soap.c fw/manage/wsman.c fw/manage/xml.c
// links: @core
#include <stdlib.h>
#include <string.h>

#include "fw/core/trace.h"
#include "fw/manage/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A hash that is always the same: whoever answers with 32 zeros has the password, so that what lies
 * behind it is reached, too. */
void md5_of(const struct md5_part *part, size_t parts, uint8_t out[MD5_BYTES])
{
    for (size_t i = 0; i < parts; i++)
        if (part[i].len > 0 && !part[i].bytes)
            abort();
    memset(out, 0, MD5_BYTES);
}

struct peer {
    struct settings settings;
    uint8_t uuid[LIMIT_UUID_BYTES];
    struct hal_entropy entropy;
    bool ended;
};

static int zeros(void *ctx, void *out, size_t len)
{
    (void)ctx;
    memset(out, 0, len);
    return 0;
}

static void view(void *ctx, struct manage_view *out)
{
    struct peer *p = ctx;

    *out = (struct manage_view){.release = &release_5_0_2,
                                .settings = &p->settings,
                                .uuid = p->uuid,
                                .entropy = &p->entropy,
                                .option15 = ""};
}

static void trace(void *ctx, int event, uint32_t value, const char *text)
{
    (void)ctx;
    if (event != TRACE_REQUEST || value < 200 || value > 505)
        abort();
    for (; text && *text; text++)
        if (*text < 0x20 || *text > 0x7E)
            abort();
}

static size_t take(void *ctx, const void *bytes, size_t len)
{
    const struct peer *p = ctx;

    if (p->ended || len == 0 || len > LIMIT_MANAGE_REPLY || !bytes)
        abort();
    return (len + 1) / 2; /* never all at once */
}

static void end(void *ctx)
{
    ((struct peer *)ctx)->ended = true;
}

/* One connection: everything is taken sooner or later, no reply is larger than its buffer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct manage manage;
    struct peer peer = {.entropy = {.fill = zeros}};
    struct stream_service s;
    size_t n = 0;

    settings_factory(&peer.settings, &release_5_0_2, &oem_intel);
    manage_init(&manage, &(struct manage_host){&peer, view, trace});
    s = manage_service(&manage);
    s.opened(s.ctx, &(struct stream){&peer, take, end});
    while (n < size && !peer.ended) {
        n += s.input(s.ctx, data + n, size - n);
        if (n > size)
            abort();
        while (manage.open && manage.reply_len > 0)
            s.writable(s.ctx);
    }
    return 0;
}
