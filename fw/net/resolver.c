// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/resolver.h"

#include <string.h>

#include "lwip/udp.h"

#include "fw/core/address.h"
#include "fw/core/bytes.h"

#define PORT_DNS 53
#define FIRST_FREE_PORT 1024u
#define FREE_PORTS (0x10000u - FIRST_FREE_PORT)

/* The header (RFC 1035 4.1.1). */
#define FLAGS_AT 2
#define CODE_AT 3
#define QUESTIONS_AT 4
#define ANSWERS_AT 6
#define IS_ANSWER 0x80u
#define RECURSION_DESIRED 1u
#define CODE_MASK 0x0fu

/* A record, behind its name (RFC 1035 4.1.3). */
#define DATA_BYTES_AT 8
#define RECORD_BYTES 10
#define TYPE_A_CLASS_IN 0x00010001u

#define POINTER 0xc0u

#define TIMES_ASKED 4 /* after 0, 1, 2 and 4 s, and three more for the last answer */

static uint8_t folded(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20u : c;
}

bool resolver_is_answer(const uint8_t *query, size_t query_bytes, const uint8_t *message,
                        size_t len)
{
    if (len < query_bytes || get_be16(message) != get_be16(query) ||
        !(message[FLAGS_AT] & IS_ANSWER) || get_be16(message + QUESTIONS_AT) != 1)
        return false;
    for (size_t i = RESOLVER_NAME_AT; i < query_bytes; i++)
        if (folded(message[i]) != folded(query[i]))
            return false;
    return true;
}

/* Where a name ends that begins there; len or more: not within the message. */
static size_t skip_name(const uint8_t *message, size_t len, size_t at)
{
    while (at < len && message[at] != 0) {
        if (message[at] >= POINTER)
            return at + 2;
        at += 1u + message[at];
    }
    return at + 1;
}

/* Reads the record at *at and moves behind it. False: it does not end within the message. *ip: the
 * address that it gives, 0 = none that a machine can have. */
static bool read_record(const uint8_t *message, size_t len, size_t *at, uint32_t *ip)
{
    size_t record = skip_name(message, len, *at), data = record + RECORD_BYTES, bytes;

    if (data > len)
        return false;
    bytes = get_be16(message + record + DATA_BYTES_AT);
    if (bytes > len - data)
        return false;
    *at = data + bytes;
    *ip =
        bytes == 4 && get_be32(message + record) == TYPE_A_CLASS_IN ? get_be32(message + data) : 0;
    if (!address_is_host(*ip))
        *ip = 0;
    return true;
}

uint32_t resolver_address(const uint8_t *message, size_t len, size_t query_bytes,
                          uint32_t failed_ip)
{
    uint32_t first = 0, ip;
    size_t at = query_bytes;
    bool behind = false;

    if (message[CODE_AT] & CODE_MASK)
        return 0;
    for (uint32_t left = get_be16(message + ANSWERS_AT); left > 0; left--) {
        if (!read_record(message, len, &at, &ip))
            break;
        if (ip == 0)
            continue;
        if (ip == failed_ip)
            behind = true;
        else if (behind)
            return ip;
        if (first == 0)
            first = ip;
    }
    return first;
}

/* Writes the question, all but its id. */
static void write_query(struct resolver *r, const char *name)
{
    static const uint8_t type_class[] = {0, 1, 0, 1};
    uint8_t *text = r->query + RESOLVER_NAME_AT + 1, label = 0;
    size_t len = strlen(name);

    memset(r->query, 0, RESOLVER_NAME_AT);
    r->query[FLAGS_AT] = RECURSION_DESIRED;
    r->query[QUESTIONS_AT + 1] = 1;
    memcpy(text, name, len + 1);
    memcpy(text + len + 1, type_class, sizeof(type_class));
    r->query_bytes = (uint16_t)(RESOLVER_NAME_AT + 1 + len + 1 + sizeof(type_class));
    /* The length of each label takes the place of the dot before it. */
    while (len-- > 0) {
        if (text[len] == '.') {
            text[len] = label;
            label = 0;
        } else {
            label++;
        }
    }
    r->query[RESOLVER_NAME_AT] = label;
}

/* The name in the question, as it was before write_query(). */
static const char *restore_name(struct resolver *r)
{
    uint8_t *label = r->query + RESOLVER_NAME_AT, len = *label;

    for (;;) {
        label += 1u + len;
        len = *label;
        if (len == 0)
            return (const char *)r->query + RESOLVER_NAME_AT + 1;
        *label = '.';
    }
}

static void end_look_up(struct resolver *r, uint32_t ip)
{
    resolver_stop(r);
    r->found(r->ctx, restore_name(r), ip);
}

static void ask(struct resolver *r)
{
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, r->query_bytes, PBUF_RAM);

    r->ticks_left = r->sent ? r->sent : 1;
    r->sent++;
    if (!p) /* as if it were lost on its way */
        return;
    pbuf_take(p, r->query, r->query_bytes);
    udp_send(r->pcb, p);
    pbuf_free(p);
}

static void ask_next_server(struct resolver *r)
{
    uint32_t server = 0;
    ip_addr_t to;

    while (server == 0) {
        if (r->next_server == RESOLVER_SERVERS) {
            end_look_up(r, 0);
            return;
        }
        server = r->server[r->next_server++];
    }
    ip_addr_set_ip4_u32(&to, lwip_htonl(server));
    udp_connect(r->pcb, &to, PORT_DNS);
    r->sent = 0;
    ask(r);
}

/* A frame lies in one buffer (ip_stack.c). */
static void on_answer(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
                      u16_t port)
{
    struct resolver *r = arg;
    bool answers = resolver_is_answer(r->query, r->query_bytes, p->payload, p->len);
    uint32_t ip = 0;

    (void)pcb;
    (void)from; /* lwIP has compared them: the port is connected to the server */
    (void)port;
    if (answers)
        ip = resolver_address(p->payload, p->len, r->query_bytes, r->failed_ip);
    pbuf_free(p);
    if (ip)
        end_look_up(r, ip);
    else if (answers)
        ask_next_server(r);
}

void resolver_look_up(struct resolver *r, const char *name, uint32_t random)
{
    uint32_t ip = address_spelt(name);

    write_query(r, name);
    r->next_server = 0;
    r->pcb = ip ? NULL : udp_new();
    if (!r->pcb) {
        end_look_up(r, ip);
        return;
    }
    put_le16(r->query, (uint16_t)(random >> 16));
    udp_recv(r->pcb, on_answer, r);
    udp_bind(r->pcb, IP_ANY_TYPE, (u16_t)(FIRST_FREE_PORT + random % FREE_PORTS));
    ask_next_server(r);
}

void resolver_stop(struct resolver *r)
{
    if (r->pcb)
        udp_remove(r->pcb);
    r->pcb = NULL;
}

void resolver_tick(struct resolver *r)
{
    if (!r->pcb || --r->ticks_left > 0)
        return;
    if (r->sent < TIMES_ASKED)
        ask(r);
    else
        ask_next_server(r);
}
