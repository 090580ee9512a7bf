// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip hal/virtual/virtual.c
// runs: 500
/* Frames from anybody, through lwIP to a device: ARP, ICMP, UDP, DHCP, DNS, TCP, set-up hello,
 * floods, stalls. The input is a list of acts (enum deed).
 * Promises: the device comes to rest after each act; no frame leaves a closed window; frames and
 * traces are well formed; after ten quiet minutes the host interface and the network's side answer
 * a right client; lwIP's pools are empty again; strangers have changed nothing that is stored. */
#include "tests/fuzz/fuzz_wire.h"

enum deed {
    DEED_PASS,    /* time, with the device called when it wants to be */
    DEED_STALL,   /* time, while the machine stands still */
    DEED_FRAME,   /* as it is in the input */
    DEED_IPV4,    /* a payload of protocol `argument` */
    DEED_UDP,     /* to one of the ports that the device knows */
    DEED_DHCP,    /* a server's message of type `argument` to the last transaction, with options */
    DEED_DNS,     /* records for the last question */
    DEED_OPEN,    /* a connection */
    DEED_SEND,    /* on it */
    DEED_CLOSE,   /* FIN */
    DEED_SEGMENT, /* on it, with flags, numbers and window of the input's */
    DEED_ARP,     /* a request or an answer */
    DEED_PING,    /* from some address */
    DEED_ASK,     /* a request without a password */
    DEED_SHAKE,   /* a TLS client's first message */
    DEED_FLOOD,   /* SYNs from many ports */
    DEED_NETWORK, /* which stations answer */
    DEED_CABLE,   /* in or out, and the host's operating system */
    DEED_OWNER,   /* a request with the right password */
    DEED_GUESS,   /* ... with the default one, or none */
    DEED_MESSAGE, /* from the host */
    DEED_PERSON,  /* in MEBx, or at the mains plug */
    DEED_FLASH,   /* wears out after `argument` operations, or is well again */
    DEED_HOST,    /* the host's operating system sends a DHCP message of type `argument` */
    DEEDS
};

static bool trusted; /* somebody was there who may change the device */
static bool broken;  /* flash was, once */

static void pass(bool stall, uint8_t argument, uint16_t len)
{
    static const uint32_t unit[] = {1, 20, 250, 1000, 10000, 60000, 600000};
    uint64_t ms = (uint64_t)(argument + 1u) * unit[len % COUNT(unit)];

    if (stall)
        world_stall(ms);
    else
        world_pass(ms > 7200000 ? 7200000 : ms);
}

static void udp(uint8_t argument, const uint8_t *bytes, size_t len)
{
    static const uint16_t port[][2] = {{67, 68}, {68, 67}, {53, 53}, {5000, 16992}, {5000, 623}};
    const uint16_t *p = port[argument % COUNT(port)];

    wire_udp(argument & 0x80 ? WORLD_DNS_IP : WORLD_PEER_IP, p[0], w.lease_ip,
             argument & 0x40 ? w.dns_port : p[1], bytes, len);
}

static void segment(const struct flow *f, const uint8_t *bytes, size_t len)
{
    struct wire_segment s = {.sequence = f->next, .acknowledge = f->heard, .flags = WIRE_RST};

    if (len >= 4) {
        s.flags = bytes[0] & 0x3F;
        s.sequence += (uint32_t)(int8_t)bytes[1] * (bytes[0] & 0x40 ? 100u : 1u);
        s.acknowledge += (uint32_t)(int8_t)bytes[2] * (bytes[0] & 0x80 ? 100u : 1u);
        s.window = (uint16_t)(bytes[3] * 64u);
        bytes += 4;
        len -= 4;
    }
    wire_tcp(f, &s, bytes, len);
}

static void arp(uint8_t argument)
{
    wire_arp(argument & 1 ? 2 : 1, argument & 2 ? w.lease_ip : WORLD_PEER_IP + (argument >> 4),
             argument & 4 ? w.lease_ip : WORLD_GATEWAY_IP, argument & 8);
}

static void ping(uint8_t argument, const uint8_t *bytes, size_t len)
{
    uint8_t echo[128] = {8};

    if (len > sizeof(echo) - 4)
        len = sizeof(echo) - 4;
    if (len)
        memcpy(echo + 4, bytes, len);
    wire_ipv4(WIRE_ICMP, WORLD_PEER_IP + argument, w.lease_ip, echo, 4 + len, 2);
}

static void flood(uint8_t argument, uint16_t len)
{
    struct flow f = {.theirs = w.flow[0].theirs, .mine = (uint16_t)(50000 + argument)};

    for (uint16_t i = 0; i <= len % 64; i++) {
        f.mine++;
        wire_tcp(&f,
                 &(struct wire_segment){.from = WORLD_PEER_IP + (argument & 1 ? i : 0u),
                                        .sequence = 77,
                                        .flags = WIRE_SYN,
                                        .window = 8000},
                 NULL, 0);
        if (argument & 2)
            world_pass(100);
    }
}

static const char *const paths[] = {"/wsman", "/SecurityAdministrationService",
                                    "/NetworkAdministrationService", "/NetworkTimeService",
                                    "/index.htm"};

/* One of the operations whose effects reach the network, or the input's own body. */
static void ask_as(struct flow *f, const char *password, uint8_t argument, const uint8_t *bytes,
                   size_t len)
{
    static const struct {
        const char *path, *body;
    } known[] = {
        {"/SecurityAdministrationService", "<CommitChanges></CommitChanges>"},
        {"/SecurityAdministrationService", "<Unprovision></Unprovision>"},
        {"/SecurityAdministrationService", "<PartialUnprovision></PartialUnprovision>"},
        {"/SecurityAdministrationService", "<GetCoreVersion></GetCoreVersion>"},
        {"/SecurityAdministrationService",
         "<SetTlsServerAuthentication><Enabled>false</Enabled></SetTlsServerAuthentication>"},
        {"/NetworkTimeService", "<SetHighAccuracyTimeSynch><Ta0>0</Ta0><Tm1>1600000000</Tm1>"
                                "<Tm2>1600000000</Tm2></SetHighAccuracyTimeSynch>"},
        {"/NetworkAdministrationService", "<SetHostName><HostName>pc2</HostName></SetHostName>"},
    };
    uint8_t which = argument >> 3;
    char body[400], request[WIRE_REQUEST];
    const char *path = paths[which % COUNT(paths)];

    if (which < COUNT(known)) {
        path = known[which].path;
        len = (size_t)snprintf(body, sizeof(body), "<s:Envelope><s:Body>%s</s:Body></s:Envelope>",
                               known[which].body);
        bytes = (const uint8_t *)body;
    }
    len = wire_request(request, path, password, bytes, len);
    for (size_t at = 0; at < len; at += 1440) {
        flow_push(f, (const uint8_t *)request + at, len - at, 8000);
        world_poll();
    }
}

static void message(uint8_t argument, const uint8_t *bytes, size_t len)
{
    uint8_t copy[LIMIT_AMTHI_REQUEST + 8];

    if (len > sizeof(copy))
        len = sizeof(copy);
    memcpy(copy, bytes, len);
    if (argument & 1 && len >= 12) {
        memcpy(copy, "\1\1\0\0", 4);
        copy[5] = copy[6] = 0;
        copy[7] = 4;
        put_le32(copy + 8, (uint32_t)(len - 12));
    }
    virtual_message_in(&w.hal, copy, len);
}

static void person(uint8_t argument)
{
    switch (argument % 8) {
    case 0:
        device_mebx_full_unprovision(&w.device, w.now_ms);
        break;
    case 1:
        device_mebx_partial_unprovision(&w.device, w.now_ms);
        break;
    case 2:
        device_mebx_manual(&w.device, w.now_ms);
        break;
    case 3:
        device_mebx_server(&w.device, argument & 8 ? WORLD_PEER_IP : 0, 0, w.now_ms);
        break;
    case 4:
        device_mebx_domain(&w.device, "corp.example", w.now_ms);
        break;
    case 5:
        w.hal.cmos_lost = true;
        world_boot();
        break;
    case 6:
        device_suspend(&w.device, w.now_ms);
        break;
    default:
        world_boot();
    }
}

static void carry_out(enum deed what, uint8_t argument, const uint8_t *bytes, size_t len)
{
    static const char ask[] =
        "POST /SecurityAdministrationService HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n";
    struct flow *f = &w.flow[(argument & 7) % WIRE_STRANGERS];

    switch (what) {
    case DEED_FRAME:
        virtual_frame_in(&w.hal, bytes, len);
        break;
    case DEED_IPV4:
        wire_ipv4(argument, WORLD_PEER_IP, w.lease_ip, bytes, len, SIZE_MAX);
        break;
    case DEED_UDP:
        udp(argument, bytes, len);
        break;
    case DEED_DHCP:
        wire_dhcp(argument, bytes, len);
        break;
    case DEED_DNS:
        wire_dns(argument & 1 ? 0x8180 : 0x8583, argument >> 1 & 3, bytes, len);
        break;
    case DEED_OPEN:
        flow_open(f);
        break;
    case DEED_SEND:
        flow_push(f, bytes, len, argument & 0x80 ? 1 : 8000);
        break;
    case DEED_CLOSE:
        flow_close(f);
        break;
    case DEED_SEGMENT:
        segment(argument & 8 ? &w.flow[WIRE_SERVER] : f, bytes, len);
        break;
    case DEED_ARP:
        arp(argument);
        break;
    case DEED_PING:
        ping(argument, bytes, len);
        break;
    case DEED_ASK:
        flow_push(f, (const uint8_t *)ask, sizeof(ask) - 1, 8000);
        break;
    case DEED_SHAKE:
        flow_push(f, wire_client_hello, sizeof(wire_client_hello), 8000);
        break;
    case DEED_NETWORK:
        w.arp = argument & 1;
        w.dhcp = argument & 2;
        w.dns = argument & 4;
        w.server = argument & 8;
        w.acks = argument & 16;
        break;
    case DEED_CABLE:
        w.hal.link = argument & 1;
        w.hal.host = (enum hal_host)((argument >> 1) % 3);
        break;
    case DEED_OWNER:
        trusted = w.replying = true;
        ask_as(f, WORLD_PASSWORD, argument, bytes, len);
        break;
    case DEED_GUESS:
        ask_as(f, len & 1 ? "admin" : "", argument, bytes, len);
        break;
    case DEED_MESSAGE:
        trusted = true;
        message(argument, bytes, len);
        break;
    case DEED_PERSON:
        trusted = true;
        person(argument);
        break;
    case DEED_HOST:
        wire_host_asks(argument & 15, WORLD_ME_IP + (argument >> 4), bytes, len);
        break;
    case DEED_FLASH:
        broken = true;
        w.hal.operations_left = argument & 0x80 ? -1 : argument;
        break;
    default:
        break;
    }
}

static void deed(struct input *in)
{
    enum deed what = (enum deed)(take_byte(in) % DEEDS);
    uint8_t argument = take_byte(in);
    uint16_t len = take_byte(in);
    size_t got = 0;
    const uint8_t *bytes = in->at;

    switch (what) {
    case DEED_PASS:
    case DEED_STALL:
        pass(what == DEED_STALL, argument, len);
        return;
    case DEED_FLOOD:
        flood(argument, len);
        break;
    case DEED_OPEN:
    case DEED_CLOSE:
    case DEED_ARP:
    case DEED_ASK:
    case DEED_SHAKE:
    case DEED_NETWORK:
    case DEED_CABLE:
    case DEED_PERSON:
    case DEED_FLASH:
        carry_out(what, argument, NULL, len);
        break;
    default:
        /* Up to a whole frame: long ones are counted in eights. */
        bytes = take_bytes(in, len < 128 ? len : (len - 112u) * 8u, &got);
        carry_out(what, argument, bytes, got);
    }
    w.now_ms++;
    world_poll();
}

/* What is stored, but for the time that runs. */
static struct settings stored(void)
{
    struct settings s;
    struct store store;

    memset(&s, 0, sizeof(s));
    settings_factory(&s, world_config.release, world_config.oem);
    promise(store_mount(&store, &w.hal.hal.flash) == STORE_OK &&
                settings_load(&store, &s) == STORE_OK,
            "what is stored can be read");
    s.machine.window_left_s = s.machine.bmp_left_s = 0;
    return s;
}

static void check(enum world_kind kind, const struct settings *before)
{
    struct settings after;
    uint32_t state;

    if (broken)
        world_boot();
    wire_quiet(600000);
    state = world_state();
    if (!trusted && !broken && kind >= WORLD_SMB && kind <= WORLD_TLS) {
        after = stored();
        promise(state == 2, "a stranger does not end operation");
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): a copy is equal to the byte
        promise(memcmp(before, &after, sizeof(after)) == 0, "a stranger changes nothing stored");
    }
    if (state == 2 && w.device.settings.me.manageability == MANAGEABILITY_AMT &&
        w.device.settings.config.dhcp_enabled) {
        if (settings_tls_on(&w.device.settings))
            promise_https();
        else
            promise_http();
    } else if (!trusted && !broken && w.device.net.mode == NET_ACTIVE) {
        promise_https();
    }
    promise_pools(15);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct settings before;
    enum world_kind kind;

    kind = (enum world_kind)(take_byte(&in) % WORLDS);
    if (!world_moment[kind].variables) {
        world_prepare(kind, NULL);
        wire_warm_up();
        world_keep(kind);
    }
    world_enter(kind, data, size);
    trusted = broken = false;
    before = stored();
    for (int i = 0; i < 60 && in.left > 0; i++)
        deed(&in);
    w.hal.operations_left = -1;
    check(kind, &before);
    return 0;
}
