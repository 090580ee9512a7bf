#ifndef USBKEY_BENCH_H
#define USBKEY_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/host/usbkey.h"

/* A stick with a file on it, and files built from hand-written bytes. */

#define STICK_BYTES 4096
#define STRONG "Str0ng!pw"
#define PID "0000037M"
#define PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"

struct stick {
    uint8_t bytes[STICK_BYTES];
    int64_t len;
    uint32_t at;     /* where the next entry goes */
    int reads_left;  /* the read after so many fails; -1 = none */
    int writes_left; /* the same for writes */
    uint32_t writes;
};

static inline int64_t stick_size(void *ctx)
{
    return ((struct stick *)ctx)->len;
}

static inline int stick_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    struct stick *s = ctx;

    assert_true(len > 0);
    assert_true(offset <= s->len && (int64_t)len <= s->len - offset);
    if (s->reads_left == 0)
        return -1;
    s->reads_left -= s->reads_left > 0;
    memcpy(out, s->bytes + offset, len);
    return 0;
}

static inline int stick_write(void *ctx, uint32_t offset, const void *data, size_t len)
{
    struct stick *s = ctx;

    assert_true(offset <= s->len && (int64_t)len <= s->len - offset);
    if (s->writes_left == 0)
        return -1;
    s->writes_left -= s->writes_left > 0;
    s->writes++;
    memcpy(s->bytes + offset, data, len);
    return 0;
}

static inline struct hal_usb stick_usb(struct stick *s)
{
    return (struct hal_usb){s, stick_size, stick_read, stick_write};
}

static inline uint8_t hex_digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Blanks between bytes do not count. */
static inline uint32_t put_hex(struct stick *s, uint32_t at, const char *hex)
{
    for (; *hex; hex++) {
        if (*hex == ' ')
            continue;
        s->bytes[at++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
        hex++;
    }
    return at;
}

static inline void stick_begin(struct stick *s, const char *header, const char *record)
{
    memset(s, 0, sizeof(*s));
    s->reads_left = s->writes_left = -1;
    put_hex(s, 0, header);
    s->at = put_hex(s, 512, record);
    s->len = 1024;
}

#define GUID_1 "b516fb7187cbf94ab441ca7b383578f9"
#define GUID_2 "96b28158cf6b724c8b91a15e512e99c4"
#define GUID_3 "a7f7f6c689c4f64793ede2e5020da51d"
#define GUID_4 "aaa93452e129a9448d4d081c07b96353"
/* After the GUID: chunks, header length, number; after the version: flags, counts, modules 1, 2. */
#define HEADER_A " 0100 2e00 00000000 "
#define HEADER_B " 0000 01000000 00000000 0100 0000 0100 0200 0000"
#define HEADER_1 GUID_1 HEADER_A "01 00" HEADER_B
#define HEADER_2_0 GUID_2 HEADER_A "02 00" HEADER_B
#define HEADER_2_1 GUID_2 HEADER_A "02 01" HEADER_B
#define HEADER_3 GUID_3 HEADER_A "03 00" HEADER_B
#define RECORD "01000000 01000000 0000000000000000 0100 1800 01000000"

static inline void entry(struct stick *s, uint16_t module, uint16_t variable, const void *value,
                         size_t len)
{
    uint8_t head[8] = {(uint8_t)module,          (uint8_t)(module >> 8), (uint8_t)variable,
                       (uint8_t)(variable >> 8), (uint8_t)len,           (uint8_t)(len >> 8)};

    memcpy(s->bytes + s->at, head, sizeof(head));
    memcpy(s->bytes + s->at + sizeof(head), value, len);
    s->at += (uint32_t)(sizeof(head) + (len + 3) / 4 * 4);
}

static inline void entry_text(struct stick *s, uint16_t module, uint16_t variable, const char *text)
{
    entry(s, module, variable, text, strlen(text));
}

static inline void entry_byte(struct stick *s, uint16_t module, uint16_t variable, uint8_t value)
{
    entry(s, module, variable, &value, 1);
}

/* A file whose record begins with both passwords. */
static inline void stick_passwords(struct stick *s, const char *header)
{
    stick_begin(s, header, RECORD);
    entry_text(s, 1, 1, "admin");
    entry_text(s, 1, 2, STRONG);
}

struct reading {
    const struct release *release;
    struct settings before;
    uint32_t reported;
    struct local_outcome outcome;
    struct usbkey_report report;
};

static inline void reading_begin(struct reading *r, const char *release)
{
    memset(r, 0, sizeof(*r));
    r->release = release_find(release);
    assert_non_null(r->release);
    settings_factory(&r->before, r->release, oem_find("intel"));
}

static inline void reading_run(struct reading *r, struct stick *s)
{
    struct hal_usb usb = stick_usb(s);

    memset(&r->outcome, 0x5A, sizeof(r->outcome));
    usbkey_read(&usb, r->release, &r->before, r->reported, &r->outcome, &r->report);
}

#endif
