// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/wipe.h"
#include "sim/world/world_internal.h"

#include <stdlib.h>
#include <string.h>

#include "fw/store/settings_store.h"
#include "sim/base/identity.h"
#include "sim/net/packet.h"

#define PC_GROUP 1

static void me_frame_out(void *ctx, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;

    lan_send(&w->lan, w->me_port, frame, len);
}

static void me_message_out(void *ctx, const uint8_t *message, size_t len)
{
    struct world *w = ctx;

    w->answered = true;
    w->answer_len = len < sizeof(w->answer) ? len : sizeof(w->answer);
    memcpy(w->answer, message, w->answer_len);
}

static void me_trace(void *ctx, uint64_t now_ms, int trace, uint32_t value, const char *text,
                     const char *source)
{
    struct world *w = ctx;
    struct world_event event = {
        .kind = WORLD_DEVICE, .trace = trace, .value = value, .text = text, .source = source};

    (void)now_ms;
    world_emit(w, &event);
}

static void me_frame_in(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;

    world_pc_traffic(w, frame, len);
    if (!w->chip.powered)
        return;
    if (from == LAN_HOST)
        virtual_host_frame(&w->chip.hal, frame, len);
    else
        virtual_frame_in(&w->chip.hal, frame, len);
    chip_poll(&w->chip);
}

static void on_tap(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;
    struct world_event event = {.kind = WORLD_FRAME, .sender = from, .frame = frame, .len = len};

    world_emit(w, &event);
}

static bool is_filtered(void *ctx, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;
    struct packet p;

    if (!packet_parse(frame, len, &p) || p.kind != PACKET_TCP)
        return false;
    for (uint8_t i = 0; i < w->scas; i++)
        if (w->sca[i].hello_port.mode == SCA_FILTER && p.dst_ip == w->sca[i].ip)
            return true;
    for (size_t i = 0; i < WORLD_FIREWALL; i++)
        if (w->firewall[i] == p.dst_port && p.dst_port != 0 &&
            memcmp(p.dst_mac, w->os.mac, sizeof(w->os.mac)) == 0)
            return true;
    return false;
}

/* The flash of a device that was provisioned before the story begins. */
static bool write_provisioned(struct world *w)
{
    struct store store;
    struct settings s;
    bool stored;
    static const char password[] = "Provisi0n!";

    settings_factory(&s, w->config.release, w->config.oem);
    s.machine.setup_state = SETUP_PROVISIONED;
    s.machine.window_kind = WINDOW_OPERATIONAL;
    s.machine.bmp_left_s = 0;
    s.secret.password_default = false;
    memcpy(s.secret.password, password, sizeof(password));
    stored = store_mount(&store, &w->chip.hal.hal.flash) == STORE_OK &&
             settings_save(&store, &s) == STORE_OK;
    wipe(&s, sizeof(s));
    return stored;
}

static bool build_world(struct world *w)
{
    struct virtual_out out = {w, me_frame_out, me_message_out, me_trace};
    struct lan_port port = {
        .ctx = w, .frame = me_frame_in, .sender = LAN_ME, .link = false, .group = PC_GROUP};
    struct device_config device = {.release = w->config.release,
                                   .shipped = w->config.shipped,
                                   .oem = w->config.oem,
                                   .blind_to_dhcp = w->config.blind_to_dhcp,
                                   .certificate_s = w->config.certificate_s,
                                   .eager_timers = w->config.eager_timers};
    uint64_t seed = w->config.seed;
    struct rng rng;

    identity_parse_uuid(IDENTITY_UUID, device.uuid);
    identity_parse_mac(IDENTITY_MAC, device.mac);
    clock_init(&w->clock);
    lan_init(&w->lan, &w->clock, seed);
    w->lan.tap = on_tap;
    w->lan.tap_ctx = w;
    w->lan.drop = is_filtered;
    w->lan.drop_ctx = w;
    rng_seed(&rng, seed, "me");
    if (!chip_init(&w->chip, &w->clock, &device, &out, rng_next(&rng)))
        return false;
    w->me_port = lan_attach(&w->lan, &port);
    host_os_init(&w->os, &w->lan, &w->clock, seed, device.mac, PC_GROUP);
    lan_set_link(&w->lan, w->os.port, false);
    dhcpd_init(&w->dhcpd, &w->lan, WORLD_DHCP_IP);
    w->dhcpd.first_ip = WORLD_POOL_IP;
    w->dhcpd.gateway = WORLD_DHCP_IP;
    w->dhcpd.dns = WORLD_DNS_IP;
    dnsd_init(&w->dnsd, &w->lan, WORLD_DNS_IP);
    world_pc_init(w);
    w->cable = true;
    w->mains = true;
    w->battery = true;
    return !w->config.start_provisioned || write_provisioned(w);
}

struct world *world_new(const struct world_config *config, const struct world_observer *observer)
{
    struct world *w = calloc(1, sizeof(*w));

    if (!w)
        return NULL;
    w->config = *config;
    w->observer = *observer;
    if (!build_world(w)) {
        world_free(w);
        return NULL;
    }
    return w;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    for (uint8_t i = 0; i < w->scas; i++)
        sca_free(&w->sca[i]);
    for (uint8_t i = 0; i < w->consoles; i++)
        console_free(&w->console[i]);
    chip_free(&w->chip);
    lan_free(&w->lan);
    clock_free(&w->clock);
    wipe(w, sizeof(*w));
    free(w);
}

struct sim_clock *world_clock(struct world *w)
{
    return &w->clock;
}

struct lan *world_lan(struct world *w)
{
    return &w->lan;
}

uint64_t world_now_us(const struct world *w)
{
    return w->clock.now_us;
}

void world_run_until(struct world *w, uint64_t time_us)
{
    clock_run(&w->clock, time_us);
}

uint64_t world_device_polls(const struct world *w)
{
    return w->chip.polls;
}

/* A switch of one of the servers. */
static void throw(struct world * w, bool *position, bool on)
{
    if (*position == on)
        world_explain(w, "it is so already");
    *position = on;
}

void world_dhcp(struct world *w, bool on)
{
    throw(w, &w->dhcpd.enabled, on);
}

void world_dhcp_nak(struct world *w, bool nak)
{
    throw(w, &w->dhcpd.nak_requests, nak);
}

void world_dhcp_delay(struct world *w, uint64_t delay_us)
{
    w->dhcpd.delay_us = delay_us;
}

void world_dhcp_pool(struct world *w, uint32_t first_ip)
{
    w->dhcpd.first_ip = first_ip;
    w->dhcpd.leases = 0;
}

void world_dhcp_lease(struct world *w, uint32_t seconds)
{
    w->dhcpd.lease_s = seconds;
}

static bool set_option15(struct dhcpd *dhcpd, const char *suffix)
{
    size_t n = suffix ? strlen(suffix) : 0;

    if (n >= sizeof(dhcpd->option15))
        return false;
    memset(dhcpd->option15, 0, sizeof(dhcpd->option15));
    if (n > 0)
        memcpy(dhcpd->option15, suffix, n);
    return true;
}

bool world_dhcp_option15(struct world *w, const char *suffix)
{
    return set_option15(&w->dhcpd, suffix);
}

/* Its pool is the same, so that it has no reason to refuse what a client had before. */
bool world_rogue_dhcp(struct world *w, uint32_t ip, const char *suffix)
{
    if (ip == 0) {
        throw(w, &w->rogue.enabled, false);
        return true;
    }
    if (!w->rogue_attached)
        dhcpd_init(&w->rogue, &w->lan, ip);
    w->rogue_attached = true;
    w->rogue.enabled = true;
    w->rogue.ip = ip;
    packet_put32(w->rogue.mac + 2, ip);
    w->rogue.first_ip = WORLD_POOL_IP;
    w->rogue.gateway = WORLD_DHCP_IP;
    w->rogue.dns = WORLD_DNS_IP;
    return set_option15(&w->rogue, suffix);
}

#define SPOOFED_XID 0xDEADBEEFu

void world_spoof_ack(struct world *w, const char *suffix)
{
    static const uint8_t from[6] = {0x02, 0x66, 0x66, 0x66, 0x66, 0x66};
    struct dhcp_message head = {
        .op = DHCP_FROM_SERVER, .type = DHCP_ACK, .xid = SPOOFED_XID, .yiaddr = WORLD_POOL_IP};
    uint8_t message[DHCP_BYTES], frame[LAN_FRAME];
    size_t len;

    memcpy(head.mac, w->os.mac, sizeof(head.mac));
    len = dhcp_begin(message, &head);
    len = dhcp_option_u32(message, len, 54, w->dhcpd.ip);
    len = dhcp_option_u32(message, len, 51, w->dhcpd.lease_s);
    len = dhcp_option_u32(message, len, 1, w->dhcpd.mask);
    len = dhcp_option(message, len, 15, suffix, (uint8_t)strlen(suffix));
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), w->os.mac, from, w->dhcpd.ip, DHCP_SERVER_PORT,
                     WORLD_POOL_IP, DHCP_CLIENT_PORT, message, len);
    lan_send(&w->lan, w->dhcpd.port, frame, len);
}

bool world_dns_a(struct world *w, const char *name, uint32_t ip)
{
    return dnsd_set_a(&w->dnsd, name, ip);
}

bool world_dns_add(struct world *w, const char *name, uint32_t ip)
{
    return dnsd_add_a(&w->dnsd, name, ip);
}

/* The place of this port, or with port 0 a free one; NULL: there is none. */
static uint16_t *find_port(struct world *w, uint16_t port)
{
    for (size_t i = 0; i < WORLD_FIREWALL; i++)
        if (w->firewall[i] == port)
            return &w->firewall[i];
    return NULL;
}

bool world_firewall(struct world *w, uint16_t port, bool on)
{
    uint16_t *place = find_port(w, port);

    if (on && !place) {
        place = find_port(w, 0);
        if (!place) {
            world_explain(w, "the firewall has no room for another port");
            return false;
        }
        *place = port;
    } else if (!on && place) {
        *place = 0;
    } else {
        world_explain(w, on ? "the firewall loses what goes to this port already"
                            : "the firewall lets this port through already");
    }
    return true;
}

bool world_dns_cname(struct world *w, const char *name, const char *target)
{
    return dnsd_set_cname(&w->dnsd, name, target);
}

bool world_dns_remove(struct world *w, const char *name)
{
    if (dnsd_remove(&w->dnsd, name))
        return true;
    world_explain(w, "the DNS server has no such name");
    return false;
}

void world_dns_silent(struct world *w, bool silent)
{
    throw(w, &w->dnsd.silent, silent);
}

static struct sca *find_sca(struct world *w, uint32_t ip)
{
    for (uint8_t i = 0; i < w->scas; i++)
        if (w->sca[i].ip == ip)
            return &w->sca[i];
    return NULL;
}

static struct sca *add_sca(struct world *w, uint32_t ip)
{
    struct sca *sca = &w->sca[w->scas];

    if (w->scas == WORLD_SCAS || !sca_init(sca, &w->clock, &w->lan, w->config.seed, ip,
                                           &(struct sca_observer){w, world_sca_event}))
        return NULL;
    w->scas++;
    return sca;
}

bool world_sca(struct world *w, uint32_t ip, enum sca_mode mode, uint16_t port)
{
    struct sca *known = find_sca(w, ip), *sca = known ? known : add_sca(w, ip);

    if (!sca)
        return false;
    sca_set(sca, mode, port);
    return true;
}

bool world_sca_plan(struct world *w, uint32_t ip, const struct sca_plan *plan)
{
    if (!find_sca(w, ip) && !world_sca(w, ip, SCA_LISTEN, 0))
        return false;
    if (!plan && !find_sca(w, ip)->session.plan)
        world_explain(w, "no server there has a set-up script");
    sca_plan(find_sca(w, ip), plan);
    return true;
}

bool world_sca_ask(struct world *w, uint32_t ip, const struct sca_order *order)
{
    struct sca *sca = find_sca(w, ip);

    if (sca && sca_ask(sca, order))
        return true;
    if (!sca || !sca->session.plan)
        world_explain(w, "no server there has a set-up script");
    else
        world_explain(w, sca->session.device_ip ? "four requests wait already"
                                                : "no device has said hello to this server");
    return false;
}

bool world_sca_clock(struct world *w, uint32_t ip, uint64_t now_s)
{
    if (!find_sca(w, ip) && !world_sca(w, ip, SCA_LISTEN, 0))
        return false;
    sca_clock(find_sca(w, ip), now_s);
    return true;
}

#define DRAIN_MS 600000u
#define DHCP_CLIENT_BYTES 160u /* lwIP keeps it for the next lease */

static void ignore_event(void *ctx, const struct world_event *event)
{
    (void)ctx;
    (void)event;
}

bool world_memory_drained(struct world *w, uint32_t *pool_entries, uint32_t *heap_bytes)
{
    struct net *net = &w->chip.device.net;
    uint64_t now = chip_now_ms(&w->chip);

    w->observer.event = ignore_event; /* the story is over */
    *pool_entries = *heap_bytes = 0;
    if (!w->chip.powered)
        return true;
    lwip_image_enter(w->chip.image);
    net_set_now(net, now);
    net_set_mode(net, NET_CLOSED, NULL);
    ip_stack_run(&net->stack, now + DRAIN_MS);
    ip_stack_memory(pool_entries, heap_bytes);
    return *pool_entries == 0 && *heap_bytes <= DHCP_CLIENT_BYTES;
}
