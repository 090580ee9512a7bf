// SPDX-License-Identifier: BSD-3-Clause
/* What the frames on the segment say. */
#include "sim/run/recorder_internal.h"

#include <string.h>

#include "sim/net/packet.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

uint64_t recorder_queries(const struct recorder *recorder, const char *name)
{
    for (size_t i = 0; i < recorder->since_mark.queries; i++)
        if (same_name(recorder->since_mark.query[i].name, name))
            return recorder->since_mark.query[i].count;
    return 0;
}

/* Reads the first question's name as text. DNS questions carry no compression. */
static bool question_name(const uint8_t *dns, size_t len, char out[LIMIT_FQDN + 1])
{
    size_t at = 12, used = 0;

    if (len < 12 || packet_get16(dns + 4) == 0)
        return false;
    while (at < len && dns[at]) {
        size_t label = dns[at++];

        if (label > 63 || at + label > len || used + label + 1 > LIMIT_FQDN)
            return false;
        if (used)
            out[used++] = '.';
        memcpy(out + used, dns + at, label);
        used += label;
        at += label;
    }
    out[used] = '\0';
    return at < len && used > 0 && strlen(out) == used;
}

static void count_query(struct recorder *r, const struct packet *packet)
{
    struct counters *c = &r->since_mark;
    char name[LIMIT_FQDN + 1];

    if (packet->dst_port != 53 || !question_name(packet->payload, packet->payload_len, name))
        return;
    for (size_t i = 0; i < c->queries; i++) {
        if (same_name(c->query[i].name, name)) {
            c->query[i].count++;
            return;
        }
    }
    if (!recorder_grow(r, &c->query, c->queries, &c->query_cap, sizeof *c->query))
        return;
    memcpy(c->query[c->queries].name, name, sizeof name);
    c->query[c->queries++].count = 1;
}

static void count_tcp(struct recorder *r, enum lan_sender sender, const struct packet *packet)
{
    uint64_t *frames = r->since_mark.frames[sender];

    frames[FRAME_TCP]++;
    frames[FRAME_SYN] += (packet->tcp_flags & (PACKET_TCP_SYN | PACKET_TCP_ACK)) == PACKET_TCP_SYN;
    frames[FRAME_FIN] += (packet->tcp_flags & PACKET_TCP_FIN) != 0;
    frames[FRAME_RST] += (packet->tcp_flags & PACKET_TCP_RST) != 0;
    r->since_mark.data_segments[sender] += packet->payload_len > 0;
    if (sender == LAN_ME &&
        (packet->tcp_flags & (PACKET_TCP_SYN | PACKET_TCP_ACK)) == PACKET_TCP_SYN)
        r->last_connection = (struct hello_seen){.from_ip = packet->src_ip,
                                                 .from_port = packet->src_port,
                                                 .to_ip = packet->dst_ip,
                                                 .to_port = packet->dst_port};
}

#define DHCP_OPTIONS 240 /* behind the fixed part and the magic cookie */
#define DHCP_PAD 0
#define DHCP_END 255

bool recorder_dhcp_option(const struct recorder *r, uint8_t option, uint8_t out[LAN_FRAME],
                          size_t *len)
{
    const uint8_t *message = r->since_mark.last_dhcp;
    size_t end = r->since_mark.last_dhcp_len, at = DHCP_OPTIONS;
    bool found = false;

    *len = 0;
    while (at < end && message[at] != DHCP_END) {
        if (message[at] == DHCP_PAD) {
            at++;
            continue;
        }
        size_t value = at + 2, value_len = at + 1 < end ? message[at + 1] : 0;

        if (value + value_len > end)
            break;
        if (message[at] == option) {
            memcpy(out + *len, message + value, value_len);
            *len += value_len;
            found = true;
        }
        at = value + value_len;
    }
    return found;
}

/* A client asks, for the first time or again because nobody answered. */
static void on_dhcp_request(struct recorder *r, const struct world_event *event,
                            const struct packet *packet, const struct dhcp_message *message)
{
    struct client_seen *client = &r->client[event->sender];
    struct counters *c = &r->since_mark;

    if (event->sender == LAN_ME) {
        c->last_dhcp_len =
            packet->payload_len < sizeof c->last_dhcp ? packet->payload_len : sizeof c->last_dhcp;
        memcpy(c->last_dhcp, packet->payload, c->last_dhcp_len);
    }
    if (message->type != DHCP_DISCOVER && message->type != DHCP_REQUEST)
        return;
    if (client->waits && !client->told) {
        recorder_note(r, event->time_us, ENTRY_REPEAT, event->sender == LAN_ME ? "me" : "os",
                      "no DHCP server answers");
        client->told = true;
    }
    client->waits = true;
    client->xid = message->xid;
}

/* The host's own leases are shown, too: the ME may be closed, or blind to them. */
static void on_dhcp_answer(struct recorder *r, const struct world_event *event,
                           const struct dhcp_message *message)
{
    for (int who = 0; who < LAN_LAN; who++) {
        struct client_seen *client = &r->client[who];
        char ip[16];

        if (client->xid != message->xid)
            continue;
        client->waits = client->told = false;
        ip_text(message->yiaddr, ip);
        if (message->type == DHCP_NAK)
            recorder_note(r, event->time_us, ENTRY_REPEAT, who == LAN_ME ? "me" : "os",
                          "the DHCP server refuses the address");
        else if (message->type == DHCP_ACK && who == LAN_HOST)
            recorder_note(r, event->time_us, ENTRY_REPEAT, "os", "DHCP lease %s", ip);
    }
}

static void watch_dhcp(struct recorder *r, const struct world_event *event,
                       const struct packet *packet)
{
    struct dhcp_message message;

    if (!dhcp_parse(packet->payload, packet->payload_len, &message))
        return;
    if (event->sender == LAN_LAN)
        on_dhcp_answer(r, event, &message);
    else
        on_dhcp_request(r, event, packet, &message);
}

void recorder_frame(struct recorder *r, const struct world_event *event)
{
    uint64_t *frames = r->since_mark.frames[event->sender];
    struct packet packet;

    frames[FRAME_ANY]++;
    if (!packet_parse(event->frame, event->len, &packet))
        return;
    switch (packet.kind) {
    case PACKET_ARP:
        frames[FRAME_ARP]++;
        break;
    case PACKET_DHCP:
        frames[FRAME_DHCP]++;
        watch_dhcp(r, event, &packet);
        break;
    case PACKET_DNS:
        frames[FRAME_DNS]++;
        if (event->sender == LAN_ME)
            count_query(r, &packet);
        break;
    case PACKET_TCP:
        count_tcp(r, event->sender, &packet);
        break;
    default:
        break;
    }
}
