#include "fw/manage/name.h"

struct der {
    const uint8_t *at;
    size_t len;
};

enum { INTEGER = 0x02, OBJECT_ID = 0x06, SEQUENCE = 0x30, SET = 0x31, VERSION = 0xa0 };

/* Takes the next element off; its content. No length of more than two bytes is needed here. */
static bool take(struct der *in, uint8_t *tag, struct der *content)
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

static bool take_as(struct der *in, uint8_t want, struct der *content)
{
    uint8_t tag;

    return take(in, &tag, content) && tag == want;
}

/* Version, serial number, algorithm, issuer, validity, subject. */
static bool find(struct der certificate, enum certificate_name which, struct der *name)
{
    struct der whole, signed_part, skipped;
    uint8_t tag;

    if (!take_as(&certificate, SEQUENCE, &whole) || !take_as(&whole, SEQUENCE, &signed_part) ||
        !take(&signed_part, &tag, &skipped) ||
        (tag == VERSION && !take(&signed_part, &tag, &skipped)) || tag != INTEGER ||
        !take_as(&signed_part, SEQUENCE, &skipped) || !take_as(&signed_part, SEQUENCE, name))
        return false;
    return which == NAME_ISSUER ||
           (take_as(&signed_part, SEQUENCE, &skipped) && take_as(&signed_part, SEQUENCE, name));
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

    if (!take_as(&attribute, OBJECT_ID, &id) || !take(&attribute, &tag, &value))
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

void name_write(struct out *out, const uint8_t *certificate, size_t len,
                enum certificate_name which)
{
    struct der name, set, attribute;

    if (!find((struct der){certificate, len}, which, &name))
        return;
    while (take_as(&name, SET, &set))
        while (take_as(&set, SEQUENCE, &attribute))
            write_attribute(out, attribute);
}
