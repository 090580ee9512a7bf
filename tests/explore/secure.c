// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/secure.h"

#include <string.h>

#include <mbedtls/memory_buffer_alloc.h>

#include "fw/net/ip_stack.h"
#include "fw/net/netif_of.h"
#include "tests/explore/section.h"
#include "tests/explore/wire.h"

#define HOSTS 2 /* OWNER, STRANGER */
#define HEAP (40u * 1024u)

static struct secure_host {
    struct ip_stack stack;
    struct hal_ether ether;
    struct hal_entropy entropy;
    uint64_t random;
    uint64_t next_ms;  /* when its stack has something to do */
    size_t answer_len; /* of an answer of the operating system's that is on its way to it */
    uint8_t answer[64];
    struct secure_client client;
    char section[SECTION_MAX];
    _Alignas(16) uint8_t heap[HEAP];
} hosts[HOSTS];

static bool on;
static char device_section[SECTION_MAX];

_Static_assert(OWNER < HOSTS && STRANGER < HOSTS, "who has TLS comes first");

bool secure_is(int who)
{
    return on && who < HOSTS;
}

void *secure_memory(size_t *bytes)
{
    *bytes = on ? sizeof(hosts) : 0;
    return on ? hosts : NULL;
}

enum secure_client_state secure_state(enum who who)
{
    return secure_is((int)who) ? hosts[who].client.state : SECURE_CLIENT_IDLE;
}

static void enter(const struct secure_host *h)
{
    memcpy(device_section, section_start(), section_bytes());
    memcpy(section_start(), h->section, section_bytes());
}

static void leave(struct secure_host *h)
{
    h->next_ms = ip_stack_next_ms(&h->stack);
    memcpy(h->section, section_start(), section_bytes());
    memcpy(section_start(), device_section, section_bytes());
}

/* --- what their stacks run on --- */

/* While the operating system is up it answers for the address that it shares with the device. */
static int send_frame(void *ctx, const uint8_t *frame, size_t len)
{
    struct secure_host *h = ctx;
    struct packet packet;

    if (world.os_up && packet_parse(frame, len, &packet) && packet.kind == PACKET_ARP &&
        packet.arp_op == PACKET_ARP_REQUEST && packet.dst_ip == WORLD_ME_IP)
        h->answer_len =
            packet_arp_answer(h->answer, sizeof(h->answer), &packet, world_me_mac, WORLD_ME_IP);
    else
        wire_send(frame, len);
    return 0;
}

static size_t receive_frame(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

static bool link_up(void *ctx)
{
    (void)ctx;
    return true;
}

static int fill(void *ctx, void *out, size_t len)
{
    struct secure_host *h = ctx;
    uint8_t *bytes = out;

    while (len-- > 0) {
        h->random = h->random * 6364136223846793005u + 1442695040888963407u;
        *bytes++ = (uint8_t)(h->random >> 56);
    }
    return 0;
}

static void begin_host(int who)
{
    struct secure_host *h = &hosts[who];
    uint8_t mac[6] = {2, 0, 0, 0, 0, (uint8_t)WORLD_PEER_IP(who)};
    ip4_addr_t ip, mask;

    memset(h, 0, sizeof(*h));
    memcpy(h->section, section_pristine(), section_bytes());
    h->random = (uint64_t)who + 1;
    h->ether = (struct hal_ether){
        .ctx = h, .receive = receive_frame, .send = send_frame, .link_up = link_up};
    h->entropy = (struct hal_entropy){.ctx = h, .fill = fill};
    enter(h);
    ip_stack_start(&h->stack, mac, &h->ether, &h->entropy, world.now_ms);
    h->stack.gate_open = true;
    ip4_addr_set_u32(&ip, lwip_htonl(WORLD_PEER_IP(who)));
    ip4_addr_set_u32(&mask, lwip_htonl(0xFFFFFF00u));
    netif_set_addr(netif_of(&h->stack.netif), &ip, &mask, NULL);
    netif_set_up(netif_of(&h->stack.netif));
    netif_set_link_up(netif_of(&h->stack.netif));
    mbedtls_memory_buffer_alloc_init(h->heap, sizeof(h->heap));
    leave(h);
}

void secure_begin(bool with_tls)
{
    on = with_tls;
    for (int i = 0; on && i < HOSTS; i++)
        begin_host(i);
}

/* --- connections --- */

void secure_connect(enum who who, const struct secure_client_identity *identity)
{
    struct secure_host *h = &hosts[who];

    enter(h);
    ip_stack_run(&h->stack, world.now_ms); /* or ticks of long ago would count for this one */
    secure_client_close(&h->client, true);
    secure_client_open(&h->client, WORLD_ME_IP, SECURE_PORT, identity, &h->entropy);
    leave(h);
}

void secure_close(enum who who, bool reset)
{
    struct secure_host *h = &hosts[who];

    enter(h);
    secure_client_close(&h->client, reset);
    memset(&h->client, 0, sizeof(h->client));
    leave(h);
}

void secure_frame(int who, const uint8_t *frame, size_t len)
{
    for (int i = 0; on && i < HOSTS; i++) {
        if (who >= 0 && who != i)
            continue;
        enter(&hosts[i]);
        ip_stack_input(&hosts[i].stack, frame, len, world.now_ms);
        leave(&hosts[i]);
    }
}

bool secure_is_due(enum who who)
{
    const struct secure_host *h = &hosts[who];

    return secure_is((int)who) &&
           ((h->client.state != SECURE_CLIENT_IDLE && h->client.state != SECURE_CLIENT_ENDED) ||
            h->next_ms <= world.now_ms);
}

size_t secure_run(enum who who, const char *tx, size_t len, struct secure_text *heard)
{
    struct secure_host *h = &hosts[who];
    size_t taken;

    enter(h);
    ip_stack_run(&h->stack, world.now_ms);
    if (h->answer_len > 0)
        ip_stack_input(&h->stack, h->answer, h->answer_len, world.now_ms);
    h->answer_len = 0;
    secure_client_poll(&h->client);
    taken = len > 0 ? secure_client_write(&h->client, tx, len) : 0;
    heard->len = secure_client_read(&h->client, heard->bytes, sizeof(heard->bytes));
    secure_client_poll(&h->client);
    leave(h);
    return taken;
}

void secure_read(enum who who, struct secure_text *heard)
{
    struct secure_host *h = &hosts[who];

    enter(h);
    heard->len = secure_client_read(&h->client, heard->bytes, sizeof(heard->bytes));
    leave(h);
}

uint64_t secure_next_ms(void)
{
    uint64_t next = UINT64_MAX;

    for (int i = 0; on && i < HOSTS; i++)
        next = hosts[i].next_ms < next ? hosts[i].next_ms : next;
    return next;
}
