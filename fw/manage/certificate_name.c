// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/certificate_name.h"

struct der {
    const uint8_t *at;
    size_t len;
};

enum { INTEGER = 0x02, OBJECT_ID = 0x06, SEQUENCE = 0x30, SET = 0x31, VERSION = 0xa0 };

/* Reads the next element. Lengths of more than two bytes are not needed here. */
static bool der_next(struct der *in, uint8_t *tag, struct der *content)
{
    size_t head = 2, len;

    if (in->len < head)
        return false;
    *tag = in->at[0];
    len = in->at[1];
    if (len >= 0x80) {
        size_t bytes = len & 0x7f;

        if (bytes == 0 || bytes > 2 || in->len < head + bytes)
            return false;
        for (len = 0; bytes > 0; bytes--)
            len = len << 8 | in->at[head++];
    }
    if (len > in->len - head)
        return false;
    *content = (struct der){in->at + head, len};
    in->at += head + len;
    in->len -= head + len;
    return true;
}

static bool der_next_tagged(struct der *in, uint8_t wanted, struct der *content)
{
    uint8_t tag;

    return der_next(in, &tag, content) && tag == wanted;
}

/* Version, serial number, algorithm, issuer, validity, subject. */
static bool find_name(struct der certificate, enum certificate_name which, struct der *name)
{
    struct der whole, signed_part, skipped;
    uint8_t tag;

    if (!der_next_tagged(&certificate, SEQUENCE, &whole) ||
        !der_next_tagged(&whole, SEQUENCE, &signed_part) ||
        !der_next(&signed_part, &tag, &skipped) ||
        (tag == VERSION && !der_next(&signed_part, &tag, &skipped)) || tag != INTEGER ||
        !der_next_tagged(&signed_part, SEQUENCE, &skipped) ||
        !der_next_tagged(&signed_part, SEQUENCE, name))
        return false;
    return which == NAME_ISSUER || (der_next_tagged(&signed_part, SEQUENCE, &skipped) &&
                                    der_next_tagged(&signed_part, SEQUENCE, name));
}

/* X.520's attributes are 2.5.4.x (RFC 4519). */
static const char *short_name(struct der id)
{
    static const char names[][3] = {
        [3] = "CN", [6] = "C", [7] = "L", [8] = "ST", [10] = "O", [11] = "OU"};

    if (id.len != 3 || id.at[0] != 0x55 || id.at[1] != 4 ||
        id.at[2] >= sizeof(names) / sizeof(*names))
        return "";
    return names[id.at[2]];
}

static void write_attribute(struct out *out, struct der attribute)
{
    struct der id, value;
    uint8_t tag;
    const char *name;

    if (!der_next_tagged(&attribute, OBJECT_ID, &id) || !der_next(&attribute, &tag, &value))
        return;
    name = short_name(id);
    if (name[0] == '\0')
        return;
    if (out->len > 0)
        out_char(out, ',');
    out_text(out, name);
    out_char(out, '=');
    for (size_t i = 0; i < value.len; i++) {
        char c = (char)value.at[i];

        out_char(out, c < ' ' || c > '~' || c == ',' ? '?' : c);
    }
}

void certificate_name_write(struct out *out, const uint8_t *certificate, size_t len,
                            enum certificate_name which)
{
    struct der name, set, attribute;

    if (!find_name((struct der){certificate, len}, which, &name))
        return;
    while (der_next_tagged(&name, SET, &set))
        while (der_next_tagged(&set, SEQUENCE, &attribute))
            write_attribute(out, attribute);
}
