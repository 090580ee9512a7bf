// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/dnsd.h"

#include <string.h>

#include "sim/net/packet.h"

#define DNS_PORT 53
#define HEADER 12
#define ANSWER_BYTES 512 /* RFC 1035 2.3.4 */
#define NAME_CHARS 253
#define LABEL_CHARS 63

#define TYPE_A 1
#define TYPE_CNAME 5
#define CLASS_IN 1
#define FLAG_RESPONSE 0x8000
#define FLAG_TRUNCATED 0x0200
#define FLAG_RECURSION_DESIRED 0x0100
#define FLAG_RECURSION_AVAILABLE 0x0080
#define OPCODE_MASK 0x7800
#define POINTER 0xC000

enum rcode {
    NOERROR = 0,
    FORMERR = 1,
    SERVFAIL = 2,
    NXDOMAIN = 3,
    NOTIMP = 4,
    REFUSED = 5,
};

struct question {
    size_t end; /* of the question in the message */
    uint16_t type, class;
    char name[NAME_CHARS + 1];
};

/* The records of an answer, in order. */
struct chain {
    const struct dnsd_record *record[DNSD_CHAIN + 1];
    uint8_t count;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_name_char(char c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_name(const char *name)
{
    size_t label = 0;
    size_t len = 0;

    for (; name[len]; len++) {
        if (len == NAME_CHARS)
            return false;
        if (name[len] == '.') {
            if (label == 0)
                return false;
            label = 0;
        } else if (!is_name_char(name[len]) || ++label > LABEL_CHARS) {
            return false;
        }
    }
    return label > 0;
}

static bool same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

static const struct dnsd_record *find_record(const struct dnsd *dnsd, const char *name)
{
    for (uint8_t i = 0; i < dnsd->records; i++) {
        if (same_name(dnsd->record[i].name, name))
            return &dnsd->record[i];
    }
    return NULL;
}

static bool set_record(struct dnsd *dnsd, const struct dnsd_record *record)
{
    const struct dnsd_record *old = find_record(dnsd, record->name);

    if (old)
        dnsd->record[old - dnsd->record] = *record;
    else if (dnsd->records < DNSD_RECORDS)
        dnsd->record[dnsd->records++] = *record;
    else
        return false;
    return true;
}

bool dnsd_set_a(struct dnsd *dnsd, const char *name, uint32_t ip)
{
    struct dnsd_record record = {.ip = {ip}};

    if (!is_name(name))
        return false;
    memcpy(record.name, name, strlen(name));
    return set_record(dnsd, &record);
}

bool dnsd_add_a(struct dnsd *dnsd, const char *name, uint32_t ip)
{
    const struct dnsd_record *old = find_record(dnsd, name);

    if (!old || old->is_cname)
        return false;
    struct dnsd_record *record = &dnsd->record[old - dnsd->record];
    for (size_t i = 0; i < DNSD_ADDRESSES; i++) {
        if (record->ip[i])
            continue;
        record->ip[i] = ip;
        return true;
    }
    return false;
}

bool dnsd_set_cname(struct dnsd *dnsd, const char *name, const char *target)
{
    struct dnsd_record record = {.is_cname = true};

    if (!is_name(name) || !is_name(target))
        return false;
    memcpy(record.name, name, strlen(name));
    memcpy(record.target, target, strlen(target));
    return set_record(dnsd, &record);
}

bool dnsd_remove(struct dnsd *dnsd, const char *name)
{
    const struct dnsd_record *old = find_record(dnsd, name);

    if (old == NULL)
        return false;
    dnsd->record[old - dnsd->record] = dnsd->record[--dnsd->records];
    return true;
}

/* Reads a name without compression pointers into text; returns where it ends, 0 when malformed. A
 * character that no record can have becomes '?', so that a dot inside a label is not a separator.
 */
static size_t read_name(const uint8_t *data, size_t len, char text[NAME_CHARS + 1])
{
    size_t at = HEADER;
    size_t chars = 0;

    while (at < len && data[at] != 0) {
        size_t label = data[at++];

        if (label > LABEL_CHARS || label > len - at || chars + (chars > 0) + label > NAME_CHARS)
            return 0;
        if (chars > 0)
            text[chars++] = '.';
        for (; label > 0; label--) {
            char c = (char)data[at++];

            text[chars++] = is_name_char(c) ? c : '?';
        }
    }
    text[chars] = '\0';
    return at < len ? at + 1 : 0;
}

/* NOERROR, or why the message is no question that can be answered. */
static enum rcode read_question(const uint8_t *data, size_t len, struct question *out)
{
    if (packet_get16(data + 2) & OPCODE_MASK)
        return NOTIMP;
    if (packet_get16(data + 4) != 1 || packet_get16(data + 6) != 0 || packet_get16(data + 8) != 0)
        return FORMERR;
    out->end = read_name(data, len, out->name);
    if (out->end == 0 || len - out->end < 4)
        return FORMERR;
    out->type = packet_get16(data + out->end);
    out->class = packet_get16(data + out->end + 2);
    out->end += 4;
    /* Records after the question (EDNS) are not looked at; bytes that nothing announces are wrong.
     */
    if (packet_get16(data + 10) == 0 && len != out->end)
        return FORMERR;
    return NOERROR;
}

static enum rcode resolve(const struct dnsd *dnsd, const struct question *question,
                          struct chain *chain)
{
    const struct dnsd_record *record = find_record(dnsd, question->name);

    if (question->class != CLASS_IN)
        return REFUSED;
    if (record == NULL)
        return NXDOMAIN;
    if (question->type == TYPE_CNAME && record->is_cname)
        chain->record[chain->count++] = record;
    if (question->type != TYPE_A)
        return NOERROR;
    while (record && record->is_cname) {
        if (chain->count == DNSD_CHAIN) {
            chain->count = 0;
            return SERVFAIL;
        }
        chain->record[chain->count++] = record;
        record = find_record(dnsd, record->target);
    }
    if (record == NULL)
        return NXDOMAIN;
    chain->record[chain->count++] = record;
    return NOERROR;
}

/* A legal name takes its length + 2 bytes. */
static void write_name(uint8_t *out, const char *name)
{
    do {
        size_t label = strcspn(name, ".");

        *out++ = (uint8_t)label;
        memcpy(out, name, label);
        out += label;
        name += label;
    } while (*name++);
    *out = 0;
}

/* What is written of an answer. */
struct answer {
    uint8_t *out;
    size_t len;
    uint16_t records;
    uint16_t owner; /* where the name of the next record stands */
};

/* One record, its owner's name a pointer. ip 0: the CNAME. False: it does not fit, and the answer
 * is marked. */
static bool put_record(struct answer *a, const struct dnsd *dnsd, const struct dnsd_record *record,
                       uint32_t ip)
{
    const size_t data_len = ip ? 4 : strlen(record->target) + 2;
    uint8_t *at = a->out + a->len;

    if (a->len + 12 + data_len > ANSWER_BYTES) {
        packet_put16(a->out + 2, packet_get16(a->out + 2) | FLAG_TRUNCATED);
        return false;
    }
    packet_put16(at, POINTER | a->owner);
    packet_put16(at + 2, ip ? TYPE_A : TYPE_CNAME);
    packet_put16(at + 4, CLASS_IN);
    packet_put32(at + 6, dnsd->ttl_s);
    packet_put16(at + 10, (uint16_t)data_len);
    if (ip)
        packet_put32(at + 12, ip);
    else
        write_name(at + 12, record->target);
    a->len += 12 + data_len;
    packet_put16(a->out + 6, ++a->records);
    return true;
}

/* Appends the chain's records to the question; each owner name is a pointer, to the question for
 * the first, to the target of the record before for the others. Returns the length. */
static size_t write_answers(const struct dnsd *dnsd, const struct chain *chain, uint8_t *out,
                            size_t len)
{
    struct answer a = {.out = out, .len = len, .owner = HEADER};

    for (uint8_t i = 0; i < chain->count; i++) {
        const struct dnsd_record *record = chain->record[i];

        if (record->is_cname && !put_record(&a, dnsd, record, 0))
            break;
        for (size_t k = 0; !record->is_cname && k < DNSD_ADDRESSES && record->ip[k]; k++)
            if (!put_record(&a, dnsd, record, record->ip[k]))
                break;
        a.owner = (uint16_t)(a.len - (record->is_cname ? strlen(record->target) + 2 : 0));
    }
    return a.len;
}

static size_t build_answer(const struct dnsd *dnsd, const uint8_t *data, size_t len,
                           uint8_t out[ANSWER_BYTES])
{
    struct question question = {.end = HEADER};
    struct chain chain = {.count = 0};
    enum rcode rcode = read_question(data, len, &question);
    const bool understood = rcode == NOERROR;
    const uint16_t kept = packet_get16(data + 2) & (OPCODE_MASK | FLAG_RECURSION_DESIRED);

    if (understood)
        rcode = resolve(dnsd, &question, &chain);
    memset(out, 0, HEADER);
    memcpy(out, data, 2);
    packet_put16(out + 2, (uint16_t)(FLAG_RESPONSE | kept | FLAG_RECURSION_AVAILABLE | rcode));
    if (!understood)
        return HEADER;
    packet_put16(out + 4, 1);
    memcpy(out + HEADER, data + HEADER, question.end - HEADER);
    return write_answers(dnsd, &chain, out, question.end);
}

static void on_query(const struct dnsd *dnsd, const struct packet *packet)
{
    const uint8_t *data = packet->payload;
    uint8_t message[ANSWER_BYTES];
    uint8_t frame[LAN_FRAME];

    if (packet->dst_port != DNS_PORT || packet->dst_ip != dnsd->ip ||
        packet->payload_len < HEADER || packet_get16(data + 2) & FLAG_RESPONSE)
        return;

    size_t len = build_answer(dnsd, data, packet->payload_len, message);

    len = packet_udp(frame, sizeof(frame), packet->src_mac, dnsd->mac, dnsd->ip, DNS_PORT,
                     packet->src_ip, packet->src_port, message, len);
    lan_send(dnsd->lan, dnsd->port, frame, len);
}

static void on_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct dnsd *dnsd = ctx;
    struct packet packet;
    uint8_t reply[64];

    (void)from;
    if (!packet_parse(frame, len, &packet) || !packet_is_for(&packet, dnsd->mac))
        return;

    size_t reply_len = packet_arp_answer(reply, sizeof(reply), &packet, dnsd->mac, dnsd->ip);

    if (reply_len)
        lan_send(dnsd->lan, dnsd->port, reply, reply_len);
    else if (packet.kind == PACKET_DNS && !dnsd->silent)
        on_query(dnsd, &packet);
}

void dnsd_init(struct dnsd *dnsd, struct lan *lan, uint32_t ip)
{
    const struct lan_port port = {.ctx = dnsd, .frame = on_frame, .sender = LAN_LAN, .link = true};

    *dnsd = (struct dnsd){.lan = lan, .mac = {0x02}, .ip = ip, .ttl_s = 300};
    packet_put32(dnsd->mac + 2, ip);
    dnsd->port = lan_attach(lan, &port);
}
