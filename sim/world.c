#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "fw/store/settings_store.h"
#include "sim/chip.h"
#include "sim/dhcpd.h"
#include "sim/dnsd.h"
#include "sim/identity.h"
#include "sim/oshost.h"
#include "sim/packet.h"
#include "sim/sca.h"

#define SCAS 4
#define PC_GROUP 1
#define OS_START_US 20000000u   /* from power to a running operating system */
#define CMOS_DRAIN_US 15000000u /* S3: pull the battery for 15 s */
#define ANSWER_US 2000000u      /* Intel's clients wait 2 s for an answer (PTHI.c) */

struct world {
    struct world_config config;
    struct world_observer observer;
    struct sim_clock clock;
    struct lan lan;
    struct chip chip;
    int me_port;
    struct oshost os;
    struct dhcpd dhcpd;
    struct dnsd dnsd;
    struct sca sca[SCAS];
    uint8_t scas;
    bool ac, cable, battery;
    uint64_t drained_since_us; /* when both AC and battery were gone; 0 = they are not */
    struct clock_event *os_start;
    uint8_t answer[VIRTUAL_MESSAGE_BYTES];
    size_t answer_len;
    bool answered;
};

static void emit(struct world *w, struct world_event *event)
{
    event->time_us = w->clock.now_us;
    w->observer.event(w->observer.ctx, event);
}

static void pc_did(struct world *w, const char *text)
{
    struct world_event event = {.kind = WORLD_PC, .text = text};

    emit(w, &event);
}

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
    emit(w, &event);
}

static void me_frame_in(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;

    (void)from;
    if (!w->chip.powered)
        return;
    virtual_frame_in(&w->chip.hal, frame, len);
    chip_poll(&w->chip);
}

static void on_tap(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;
    struct world_event event = {.kind = WORLD_FRAME, .sender = from, .frame = frame, .len = len};

    emit(w, &event);
}

static bool filtered(void *ctx, const uint8_t *frame, size_t len)
{
    struct world *w = ctx;
    struct packet p;

    if (!packet_parse(frame, len, &p) || p.kind != PACKET_TCP)
        return false;
    for (uint8_t i = 0; i < w->scas; i++)
        if (w->sca[i].mode == WORLD_SCA_FILTER && p.dst_ip == w->sca[i].ip)
            return true;
    return false;
}

/* The flash of a device that was provisioned before the story begins. */
static bool write_provisioned(struct world *w)
{
    static struct store_batch batch;
    struct store store;
    struct settings s;
    static const char password[] = "Provisi0n!";

    settings_factory(&s, w->config.release, w->config.oem);
    s.setup_state = SETUP_PROVISIONED;
    s.window_kind = WINDOW_OPERATIONAL;
    s.bmp_left_s = 0;
    s.password_default = false;
    memcpy(s.password, password, sizeof(password));
    return store_mount(&store, &w->chip.hal.hal.flash) == STORE_OK &&
           settings_save(&store, &batch, &s) == STORE_OK;
}

static bool build(struct world *w)
{
    struct virtual_out out = {w, me_frame_out, me_message_out, me_trace};
    struct lan_port port = {
        .ctx = w, .frame = me_frame_in, .sender = LAN_ME, .link = false, .group = PC_GROUP};
    struct device_config device = {.release = w->config.release,
                                   .oem = w->config.oem,
                                   .blind_to_dhcp = w->config.blind_to_dhcp,
                                   .eager_timers = w->config.eager_timers};
    uint64_t seed = w->config.seed;
    struct rng rng;

    identity_uuid(IDENTITY_UUID, device.uuid);
    identity_mac(IDENTITY_MAC, device.mac);
    clock_init(&w->clock);
    lan_init(&w->lan, &w->clock, seed);
    w->lan.tap = on_tap;
    w->lan.tap_ctx = w;
    w->lan.drop = filtered;
    w->lan.drop_ctx = w;
    rng_seed(&rng, seed, "me");
    if (!chip_init(&w->chip, &w->clock, &device, &out, rng_next(&rng)))
        return false;
    w->me_port = lan_attach(&w->lan, &port);
    oshost_init(&w->os, &w->lan, &w->clock, seed, device.mac, PC_GROUP);
    lan_set_link(&w->lan, w->os.port, false);
    dhcpd_init(&w->dhcpd, &w->lan, WORLD_DHCP_IP);
    w->dhcpd.first_ip = WORLD_POOL_IP;
    w->dhcpd.gateway = WORLD_DHCP_IP;
    w->dhcpd.dns = WORLD_DNS_IP;
    dnsd_init(&w->dnsd, &w->lan, WORLD_DNS_IP);
    w->cable = true;
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
    if (!build(w)) {
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
    chip_free(&w->chip);
    lan_free(&w->lan);
    clock_free(&w->clock);
    free(w);
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

static void show_link(struct world *w)
{
    bool up = w->ac && w->cable;

    lan_set_link(&w->lan, w->me_port, up);
    lan_set_link(&w->lan, w->os.port, up);
    w->chip.hal.link = up;
    chip_poll(&w->chip);
}

static void show_host(struct world *w)
{
    w->chip.hal.host = w->os.up ? HAL_HOST_UP : HAL_HOST_DOWN;
    chip_poll(&w->chip);
}

static void os_started(void *ctx)
{
    struct world *w = ctx;

    w->os_start = NULL;
    world_os(w, true);
}

static void watch_drain(struct world *w)
{
    if (!w->ac && !w->battery) {
        if (!w->drained_since_us)
            w->drained_since_us = w->clock.now_us + 1; /* never 0 */
        return;
    }
    if (w->drained_since_us && w->clock.now_us + 1 - w->drained_since_us >= CMOS_DRAIN_US)
        w->chip.hal.cmos_lost = true;
    w->drained_since_us = 0;
}

void world_ac(struct world *w, bool on)
{
    if (on == w->ac)
        return;
    w->ac = on;
    pc_did(w, on ? "AC on" : "AC off");
    watch_drain(w);
    if (w->os_start)
        clock_cancel(&w->clock, w->os_start);
    w->os_start = NULL;
    if (!on) {
        oshost_down(&w->os);
        w->chip.hal.host = HAL_HOST_DOWN;
        chip_power(&w->chip, false);
        show_link(w);
        return;
    }
    /* A world begins with a machine that has been running for a while. */
    if (w->clock.now_us == 0 && !w->config.no_os) {
        w->chip.hal.host = HAL_HOST_UP;
        chip_power(&w->chip, true);
        show_link(w);
        world_os(w, true);
        return;
    }
    chip_power(&w->chip, true);
    show_link(w);
    if (!w->config.no_os)
        w->os_start = clock_at(&w->clock, w->clock.now_us + OS_START_US, os_started, w);
}

void world_cmos(struct world *w, bool in)
{
    if (in == w->battery)
        return;
    w->battery = in;
    pc_did(w, in ? "CMOS battery in" : "CMOS battery out");
    watch_drain(w);
}

void world_link(struct world *w, bool up)
{
    if (up == w->cable)
        return;
    w->cable = up;
    pc_did(w, up ? "network cable in" : "network cable out");
    show_link(w);
}

void world_os(struct world *w, bool up)
{
    if (up == w->os.up || (up && !w->ac))
        return;
    pc_did(w, up ? "operating system up" : "operating system down");
    if (up) {
        /* The ME steps back before the operating system's first frame. */
        w->chip.hal.host = HAL_HOST_UP;
        chip_poll(&w->chip);
        oshost_up(&w->os);
    } else {
        oshost_down(&w->os);
    }
    show_host(w);
}

void world_os_renew(struct world *w)
{
    pc_did(w, "operating system renews its DHCP lease");
    oshost_renew(&w->os);
}

void world_host_reset(struct world *w)
{
    if (!w->ac)
        return;
    pc_did(w, "warm reboot of the host");
    if (w->os.up) {
        oshost_down(&w->os);
        show_host(w);
    }
    if (!w->os_start && !w->config.no_os)
        w->os_start = clock_at(&w->clock, w->clock.now_us + OS_START_US, os_started, w);
}

/* MEBx runs on the ME: the firmware's lwIP must be in place while it acts. */
static struct device *at_the_keyboard(struct world *w)
{
    if (!w->chip.powered)
        return NULL;
    lwip_image_enter(w->chip.image);
    return &w->chip.device;
}

static bool leave_keyboard(struct world *w, int result)
{
    chip_poll(&w->chip);
    return result == DEVICE_OK;
}

bool world_unprovision(struct world *w, bool full)
{
    struct device *d = at_the_keyboard(w);
    uint64_t now = chip_now_ms(&w->chip);

    if (!d)
        return false;
    pc_did(w, full ? "full unprovision in MEBx" : "partial unprovision in MEBx");
    return leave_keyboard(w, full ? device_mebx_full_unprovision(d, now)
                                  : device_mebx_partial_unprovision(d, now));
}

bool world_mebx_server(struct world *w, uint32_t ip, uint16_t port)
{
    struct device *d = at_the_keyboard(w);

    if (!d)
        return false;
    pc_did(w, "provisioning server entered in MEBx");
    return leave_keyboard(w, device_mebx_server(d, ip, port, chip_now_ms(&w->chip)));
}

bool world_mebx_domain(struct world *w, const char *domain)
{
    struct device *d = at_the_keyboard(w);

    if (!d)
        return false;
    pc_did(w, "domain entered in MEBx");
    return leave_keyboard(w, device_mebx_domain(d, domain, chip_now_ms(&w->chip)));
}

bool world_mebx_manual(struct world *w)
{
    struct device *d = at_the_keyboard(w);

    if (!d)
        return false;
    pc_did(w, "configured by hand in MEBx");
    return leave_keyboard(w, device_mebx_manual(d, chip_now_ms(&w->chip)));
}

void world_dhcp(struct world *w, bool on)
{
    w->dhcpd.enabled = on;
}

void world_lease_s(struct world *w, uint32_t seconds)
{
    w->dhcpd.lease_s = seconds;
}

bool world_option15(struct world *w, const char *suffix)
{
    size_t n = suffix ? strlen(suffix) : 0;

    if (n >= sizeof(w->dhcpd.option15))
        return false;
    memset(w->dhcpd.option15, 0, sizeof(w->dhcpd.option15));
    if (n > 0)
        memcpy(w->dhcpd.option15, suffix, n);
    return true;
}

bool world_dns_a(struct world *w, const char *name, uint32_t ip)
{
    return dnsd_set_a(&w->dnsd, name, ip);
}

bool world_dns_cname(struct world *w, const char *name, const char *target)
{
    return dnsd_set_cname(&w->dnsd, name, target);
}

bool world_dns_remove(struct world *w, const char *name)
{
    return dnsd_remove(&w->dnsd, name);
}

void world_dns_silent(struct world *w, bool silent)
{
    w->dnsd.silent = silent;
}

bool world_sca(struct world *w, uint32_t ip, enum world_sca_mode mode, uint16_t port)
{
    struct sca *sca = NULL;

    for (uint8_t i = 0; i < w->scas; i++)
        if (w->sca[i].ip == ip)
            sca = &w->sca[i];
    if (!sca) {
        if (w->scas == SCAS)
            return false;
        sca = &w->sca[w->scas];
        if (!sca_init(sca, &w->clock, &w->lan, w->config.seed, ip, &w->observer))
            return false;
        w->scas++;
    }
    sca_set(sca, mode, port);
    return true;
}

int world_amthi(struct world *w, const uint8_t *request, size_t len, uint8_t *response, size_t cap)
{
    uint64_t until = w->clock.now_us + ANSWER_US;

    if (!w->chip.powered || !virtual_message_in(&w->chip.hal, request, len))
        return 0;
    w->answered = false;
    chip_poll(&w->chip);
    while (!w->answered && clock_step(&w->clock, until))
        ;
    if (!w->answered || w->answer_len > cap)
        return 0;
    memcpy(response, w->answer, w->answer_len);
    return (int)w->answer_len;
}

static int agent_exchange(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                          size_t cap)
{
    int n = world_amthi(ctx, request, len, response, cap);

    return n > 0 ? n : -1;
}

static void agent_wait(void *ctx, uint32_t ms)
{
    struct world *w = ctx;

    clock_run(&w->clock, w->clock.now_us + (uint64_t)ms * 1000u);
}

static void agent_print(void *ctx, const char *line)
{
    struct world *w = ctx;
    struct world_event event = {.kind = WORLD_AGENT, .text = line};

    emit(w, &event);
}

void world_agent(struct world *w, const struct agent_options *options, struct agent_result *result)
{
    struct agent_io io = {w, agent_exchange, agent_wait, agent_print};

    agent_run(&io, options, result);
}

int world_state(struct world *w)
{
    static const uint8_t get_provisioning_state[] = {1, 1, 0, 0, 0x11, 0, 0, 4, 0, 0, 0, 0};
    uint8_t response[32];
    int n = world_amthi(w, get_provisioning_state, sizeof(get_provisioning_state), response,
                        sizeof(response));

    /* header, status 0, state */
    if (n != 20 || response[12] != 0)
        return -1;
    return response[16];
}
