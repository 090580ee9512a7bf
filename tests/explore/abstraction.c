// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/abstraction.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"

#include "fw/core/hex.h"
#include "fw/core/redirection.h"
#include "fw/core/status.h"
#include "fw/core/users.h"
#include "fw/store/settings_store.h"
#include "sim/server/openssl.h"
#include "tests/explore/secure.h"

#define FIRST_PORT 16992u
#define KNOWN 512u

static uint64_t stir(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t of_bytes(const void *bytes, size_t len)
{
    const uint8_t *b = bytes;
    uint64_t hash = len, word;

    for (; len >= sizeof(word); len -= sizeof(word), b += sizeof(word)) {
        memcpy(&word, b, sizeof(word));
        hash = stir(hash, word);
    }
    for (word = 0; len > 0; len--)
        word = word << 8 | *b++;
    return stir(hash, word);
}

/* --- settings --- */

struct field {
    const char *name;
    uint16_t at, bytes;
    uint8_t erased_by; /* enum erasure bits */
};

#define FIELD(part, member, erased_by)                                                             \
    {                                                                                              \
#part "." #member, (uint16_t)offsetof(struct settings, part.member),                       \
            (uint16_t)sizeof(((struct settings *)0)->part.member), erased_by                       \
    }
#define BATTERY ERASURE_BATTERY
#define FULL (ERASURE_FULL | ERASURE_BATTERY)
#define ALL (ERASURE_PARTIAL | ERASURE_FULL | ERASURE_BATTERY)

static const struct field fields[] = {
    FIELD(me, manageability, BATTERY),
    FIELD(me, power_package, 0),
    FIELD(me, idle_timeout_min, 0),
    FIELD(config, mode, FULL),
    FIELD(config, rcfg_enabled, FULL),
    FIELD(config, dhcp_enabled, ALL),
    FIELD(config, redirection, ALL),
    FIELD(config, password_policy, FULL),
    FIELD(config, user_hash_active, ALL),
    FIELD(config, tls_off, ALL),
    FIELD(config, own_identity, ALL),
    FIELD(config, redirect_service, ALL),
    FIELD(config, server_port, FULL),
    FIELD(config, server_ip, FULL),
    FIELD(config, hash_active, FULL),
    FIELD(config, hash_erased, 0),
    FIELD(config, fixed, ALL),
    FIELD(config, host_name, FULL),
    FIELD(config, domain, FULL),
    FIELD(config, pki_suffix, ALL),
    FIELD(config, server_fqdn, ALL),
    FIELD(config, user_hash, ALL),
    FIELD(secret, password_default, BATTERY),
    FIELD(secret, password, BATTERY),
    FIELD(secret, pid, FULL),
    FIELD(secret, pps, FULL),
    FIELD(secret, otp, ALL),
    FIELD(secret, admin_user, FULL),
    FIELD(secret, admin_digest, FULL),
    FIELD(secret, users, ALL),
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static bool same(const struct field *f, const struct settings *a, const struct settings *b)
{
    return memcmp((const char *)a + f->at, (const char *)b + f->at, f->bytes) == 0;
}

const char *abstraction_difference(const struct settings *a, const struct settings *b)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (!same(&fields[i], a, b))
            return fields[i].name;
    return NULL;
}

/* What erasing leaves: the profile's values, or Intel's. */
static void fresh(struct settings *out)
{
    const struct release *release = world.config.release;

    settings_factory(out, release, world.config.oem);
    memset(out->secret.pid, 0, sizeof(out->secret.pid));
    memset(out->secret.pps, 0, sizeof(out->secret.pps));
    if (release->unprovision_to.value == UNPROVISION_TO_INTEL)
        out->config.rcfg_enabled = true;
}

const char *abstraction_wrongly_erased(enum erasure erasure, const struct settings *before,
                                       const struct settings *after)
{
    struct settings clean;

    fresh(&clean);
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *f = &fields[i];

        if (!same(f, f->erased_by & erasure ? &clean : before, after))
            return f->name;
    }
    return NULL;
}

static void put_text(char *to, size_t cap, const char *text)
{
    memset(to, 0, cap);
    memcpy(to, text, strlen(text));
}

static void hash_of(const char *name, uint8_t hash[LIMIT_USER_HASH])
{
    char hex[OPENSSL_MD5_HEX];

    if (!openssl_md5((const char *const[]){name, ":" WORLD_REALM ":", WORLD_PASSWORD}, 3, hex) ||
        !hex_read(hex, hash, LIMIT_USER_HASH))
        abort();
}

static void add_user(struct settings *s, const char *name, enum realm realm)
{
    uint8_t hash[LIMIT_USER_HASH];
    uint32_t handle;

    hash_of(name, hash);
    if (users_add(
            &s->secret.users,
            &(struct user_values){
                .name = name, .hash = hash, .access = USER_ACCESS_ANY, .realms = REALM_BIT(realm)},
            "admin", &handle) != PT_STATUS_SUCCESS)
        abort();
}

#define PUT(member, text) put_text(member, sizeof(member), text)

void abstraction_provision(struct settings *s, enum root root)
{
    s->machine.setup_state = SETUP_PROVISIONED;
    s->machine.window_kind = WINDOW_OPERATIONAL;
    s->machine.bmp_left_s = 0;
    s->me.idle_timeout_min = 7;
    s->config.mode = root == ROOT_SMB ? MODE_SMB : MODE_ENTERPRISE;
    s->config.tls_off = root == ROOT_PLAIN;
    s->config.redirection = REDIRECTION_SOL | REDIRECTION_USER;
    s->config.password_policy = PASSWORD_DURING_SETUP;
    s->config.server_ip = WORLD_SERVER_IP;
    s->config.user_hash_active = 1;
    s->config.user_hash[0].algorithm = CERT_HASH_SHA1;
    memset(s->config.user_hash[0].bytes, 0x5A, 20);
    PUT(s->config.user_hash[0].name, "mine");
    PUT(s->config.host_name, "amt1");
    PUT(s->config.domain, WORLD_DOMAIN);
    PUT(s->config.pki_suffix, WORLD_DOMAIN);
    s->secret.password_default = false;
    PUT(s->secret.password, WORLD_PASSWORD);
    add_user(s, WORLD_USER, REALM_REDIRECTION);
    add_user(s, WORLD_READER, REALM_EVENT_LOG_READER);
    if (root != ROOT_KEY)
        return;
    PUT(s->secret.pid, WORLD_PID);
    PUT(s->secret.pps, WORLD_PPS);
}

const struct settings *abstraction_settings(void)
{
    return &world.device.settings;
}

static bool read_store(struct settings *out)
{
    struct store store;
    bool fails = world.flash_read_fails, read;

    world.flash_read_fails = false; /* it is we who look */
    settings_factory(out, world.config.release, world.config.oem);
    read = store_mount(&store, &world.hal.hal.flash) == STORE_OK &&
           settings_load(&store, out) == STORE_OK;
    world.flash_read_fails = fails;
    return read;
}

/* The same few contents are looked at again and again. */
bool abstraction_stored(struct settings *out)
{
    static struct known {
        uint64_t flash;
        bool read;
        struct settings settings;
    } known[KNOWN];
    uint64_t flash = stir(of_bytes(world.hal.flash, sizeof(world.hal.flash)),
                          (uint64_t)(uintptr_t)world.config.release ^
                              (uint64_t)(uintptr_t)world.config.oem << 20);
    struct known *k = &known[flash % KNOWN];

    if (k->flash != flash) {
        k->flash = flash;
        k->read = read_store(&k->settings);
    }
    *out = k->settings;
    return k->read;
}

/* In the middle of the bank in use, which begins with what was stored at once. */
void abstraction_spoil_flash(void)
{
    const struct store *store = &world.device.store;

    world.hal.flash[store->bank * store->bank_bytes + store->end / 2] ^= 0x10;
}

/* --- what the invariants look at --- */

bool abstraction_is_provisioned(void)
{
    return world.device.setup.state == SETUP_PROVISIONED;
}

bool abstraction_is_enabled(void)
{
    return !world.device.config.bios_disabled &&
           world.device.settings.me.manageability == MANAGEABILITY_AMT;
}

static uint8_t listeners(const struct device *d)
{
    uint8_t bits = 0;

    for (int i = 0; i < PORTS; i++)
        bits |= (uint8_t)((d->net.ports.listener[i] != NULL) << i);
    return bits;
}

void abstraction_view(struct view *out)
{
    const struct device *d = &world.device;

    *out = (struct view){
        .state = d->setup.state,
        .open = window_is_open(&d->setup.window),
        .last_reply = d->setup.reply_until_ms != 0,
        .starting = window_is_probing(&d->setup.window),
        .interface = d->net.mode != NET_CLOSED,
        .attempting = attempt_is_under_way(&d->setup.attempt),
        .attempt_runs = resolver_waits(&d->net.stack.resolver) || d->net.hello.connection,
        .address = d->net.facts.ip != 0,
        .menu = d->in_menu,
        .kind = d->setup.window.kind,
        .listeners = listeners(d),
        .log_frozen = d->log.frozen,
        .log_count = d->log.count,
        .end_ms = window_end_ms(&d->setup.window),
        .lease_ip = d->net.lease.address.ip,
        .option15 = d->net.lease.option15,
    };
}

uint16_t abstraction_orphan(void)
{
    uint8_t there = listeners(&world.device);

    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
        uint16_t i = (uint16_t)(pcb->local_port - FIRST_PORT);
        /* Of these the device has let go: lwIP only says its last words. The hello's own port is
         * one of the four, but it goes to the server's. */
        bool open = pcb->state == ESTABLISHED || pcb->state == SYN_RCVD;

        if (i < PORTS && open && !(there >> i & 1u) &&
            ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip)) != lwip_htonl(WORLD_SERVER_IP))
            return pcb->local_port;
    }
    return 0;
}

static int who_at(uint32_t ip)
{
    return ip >= WORLD_PEER_IP(0) && ip < WORLD_PEER_IP(PEERS) ? (int)(ip - WORLD_PEER_IP(0)) : -1;
}

static int peer_of(const struct tcp_pcb *pcb)
{
    return who_at(lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip))));
}

bool abstraction_is_connected(enum who who)
{
    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
        if (peer_of(pcb) == (int)who && pcb->state == ESTABLISHED &&
            (world.peer[who].secure || pcb->remote_port == world.peer[who].port))
            return true;
    return false;
}

unsigned abstraction_policy(void)
{
    const struct device *d = &world.device;

    if (!window_is_open(&d->setup.window))
        return 0;
    if (d->setup.state != SETUP_PROVISIONED)
        return 1;
    return settings_tls_on(&d->settings) ? 2 : 3;
}

int abstraction_line_user(void)
{
    return redirect_user(&world.device.redirect);
}

/* A user of the root's, with the root's password. */
static bool may_redirect(const struct user *u)
{
    static uint8_t hash[LIMIT_USER_HASH];
    static bool known;

    if (!known)
        hash_of(WORLD_USER, hash);
    known = true;
    return memcmp(u->hash, hash, sizeof(hash)) == 0 &&
           u->flags == (USER_ENABLED | USER_ACCESS_ANY) && u->realms[0] & 1u; /* realm 2 */
}

bool abstraction_redirects(int account)
{
    const struct settings *s = &world.device.settings;
    bool by_hand = s->config.mode == MODE_SMB; /* before 6.0 */
    bool set = s->config.redirect_service & REDIRECT_STATE_SET;

    if (world.device.setup.state != SETUP_PROVISIONED || !(s->config.redirection & REDIRECTION_SOL))
        return false;
    if (set ? !(s->config.redirect_service & REDIRECTION_SOL) : !by_hand)
        return false;
    if (!by_hand && !(s->config.redirect_service & REDIRECT_LISTENS))
        return false;
    return account == LINE_OWNER || may_redirect(&s->secret.users.entry[account - 1]);
}

bool abstraction_pools_agree(void)
{
    const struct tcp_pcb *const lists[] = {tcp_active_pcbs, tcp_tw_pcbs, tcp_bound_pcbs};
    unsigned count = 0, most = MEMP_NUM_TCP_PCB;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        for (const struct tcp_pcb *pcb = lists[i]; pcb && count <= most; pcb = pcb->next)
            count++;
    return count == lwip_stats.memp[MEMP_TCP_PCB]->used;
}

/* --- the hash --- */

static struct sink {
    uint64_t hash;
    struct abstraction_field *out;
    unsigned count;
} sink;

static void put(const char *name, uint64_t value)
{
    sink.hash = stir(sink.hash, value);
    if (sink.out && sink.count < ABSTRACTION_FIELDS)
        sink.out[sink.count++] = (struct abstraction_field){name, value};
}

static uint64_t of_settings(const struct settings *s)
{
    uint64_t hash = 3;

    for (size_t i = 0; i < FIELDS; i++)
        hash = stir(hash, of_bytes((const char *)s + fields[i].at, fields[i].bytes));
    return hash;
}

/* How far away: by classes, the more finely the nearer. */
static uint64_t away(uint64_t at_ms)
{
    static const uint64_t classes[] = {250, 1000, 5000, 31000, 600000, 3600000};
    uint64_t class = 0;

    if (at_ms == UINT64_MAX)
        return 99;
    if (at_ms <= world.now_ms)
        return 0;
    while (class < sizeof(classes) / sizeof(classes[0]) && at_ms - world.now_ms > classes[class])
        class ++;
    return 1 + class;
}

static uint64_t deadline(uint64_t at_ms)
{
    return at_ms == 0 ? 98 : away(at_ms);
}

static uint64_t amount(uint64_t left_ms)
{
    return left_ms == 0 ? 0 : away(world.now_ms + left_ms);
}

static void put_world(void)
{
    put("power", world.powered);
    put("BIOS", world.bios_off);
    put("operating system", world.os_up);
    put("servers", world.dhcp | world.dns << 1 | world.server << 2);
    put("cable", world.hal.link);
    put("machine", (uint64_t)(world.pc.state | (world.pc.says > 0) << 4 | world.pc.heard << 5));
    put("battery", world.hal.cmos_lost);
    put("faults", (uint64_t)(world.flash_read_fails | world.flash_write_fails << 1 |
                             world.entropy_fails << 2 | world.flash_spoiled << 3));
    put("menu", world.menu_open ? of_settings(&world.menu) : 0);
    put("window is extended", world.ghost.extended);
    put("default password", world.ghost.default_password);
    put("faults: their past", (uint64_t)(world.ghost.entropy_missed | world.ghost.unwritten << 1 |
                                         world.ghost.given_up << 2));
}

static void put_peers(void)
{
    for (int i = 0; i < PEERS; i++) {
        const struct peer *p = &world.peer[i];

        put("peer: connection", (uint64_t)(p->tcp | p->policy << 4));
        put("peer: half a request", (uint64_t)(p->half | p->deaf << 1));
        put("peer: replies owed", (uint64_t)(p->asked - p->got));
        put("peer: bytes to send", p->tx_len > 0);
        put("peer: orders", p->orders);
        put("peer: TLS", secure_state((enum who)i));
        put("peer: has a nonce", p->auth.nonce[0] != '\0');
        put("peer: serial line", (uint64_t)(p->line | p->account << 4));
    }
    put("a request was heard", world.heard_len > 0);
}

static uint64_t of_connection(const struct tcp_pcb *pcb)
{
    uint64_t hash = stir(5, (uint64_t)peer_of(pcb) + 1);

    hash = stir(hash, pcb->local_port);
    hash = stir(hash, (uint64_t)pcb->state);
    return stir(hash, (uint64_t)((pcb->unsent != NULL) | (pcb->unacked != NULL) << 1 |
                                 (pcb->refused_data != NULL) << 2));
}

/* Of a peer's older connections it only counts how many lwIP still keeps. */
static void put_connections(void)
{
    uint64_t sum = 0, old = 0; /* in whatever order lwIP has them */

    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
        int who = peer_of(pcb);

        if (who >= 0 && !world.peer[who].secure && world.peer[who].port != pcb->remote_port)
            old++;
        else
            sum += of_connection(pcb);
    }
    put("connections", sum);
    put("connections: older ones", old);
}

/* How long it has been so: by classes that the limits of turns.h lie between. */
static uint64_t ago(uint64_t since_ms)
{
    static const uint64_t classes[] = {0, 500, 1000, 2000, 3000, 5000, 10000, 30000};
    uint64_t class = 0;

    if (since_ms == 0)
        return 98;
    while (class < sizeof(classes) / sizeof(classes[0]) && world.now_ms - since_ms > classes[class])
        class ++;
    return class;
}

/* Only connections of secure.c repeat their SYN. */
static bool is_remembered(const struct refusal *r)
{
    int who = who_at(r->ip);

    return r->since_ms && world.now_ms - r->since_ms < LIMIT_REFUSAL_MS && who >= 0 &&
           world.peer[who].secure && world.peer[who].tcp == PEER_SYN_SENT;
}

static uint64_t older_refusals(const struct turns *t, uint64_t than_ms)
{
    uint64_t n = 0;

    for (int i = 0; i < LIMIT_REFUSALS; i++) {
        const struct refusal *r = &t->places.refusal[i];

        n += is_remembered(r) && r->since_ms < than_ms;
    }
    return n;
}

static void put_line(const struct turns *t, const struct connection *l)
{
    int who = who_at(l->peer_ip);

    put("line: whose",
        (uint64_t)(who + 1) | (uint64_t)(who >= 0 && world.peer[who].port == l->peer_port) << 8);
    put("line: state", (uint64_t)(l->state | (l->pcb != NULL) << 2 | (l->received != NULL) << 3 |
                                  (l->consumed > 0) << 4 | (t->places.served == l) << 5 |
                                  (t->places.last_reply_to == l) << 6));
    put("line: said",
        (uint64_t)(l->has_sent | l->peer_finished << 1 | l->authenticated << 2 |
                   l->answer_waits << 3 | l->whole << 4 | l->beside << 5 | l->aside << 6));
    put("line: tried after", older_refusals(t, l->tried_ms));
    put("line: times",
        ago(l->waiting_since_ms) | (t->places.served == l ? 0 : ago(l->idle_since_ms)) << 8);
    put("line: answer", l->answer_waits ? away(l->answer_ms) : 0);
    put("line: aside", l->aside ? ago(l->aside_ms) : 0);
}

static void put_turns(const struct turns *t)
{
    uint32_t arrival = 0;

    for (int n = 0; n <= LIMIT_CONNECTIONS; n++) { /* in the order of their arrival */
        const struct connection *next = NULL;

        for (int i = 0; i <= LIMIT_CONNECTIONS; i++) {
            const struct connection *l = &t->places.connection[i];

            if (l->state != CONNECTION_FREE && l->arrival + 1 > arrival &&
                (!next || l->arrival < next->arrival))
                next = l;
        }
        if (!next)
            break;
        arrival = next->arrival + 2;
        put_line(t, next);
    }
    for (int i = 0; i < LIMIT_REFUSALS; i++) {
        const struct refusal *r = &t->places.refusal[i];

        if (is_remembered(r))
            put("refusal", (uint64_t)(who_at(r->ip) + 1) | ago(r->since_ms) << 8);
    }
    put("turn",
        (uint64_t)(t->stage | t->busy << 4 | t->last_reply << 5 | (t->places.served != NULL) << 6));
    put("turn: times", t->places.served ? ago(t->began_ms) : 0);
    put("turn: since", t->places.served ? ago(t->turn_ms) : 0);
    for (int i = 0; i < REPUTATION_SUSPECTS; i++) {
        const struct suspect *s = &t->places.reputation.suspect[i];

        if (s->until_ms > world.now_ms)
            put("suspect", (uint64_t)(who_at(s->ip) + 1) | (uint64_t)s->wrong_answers << 4 |
                               away(s->until_ms) << 8);
    }
    for (int i = 0; i < REPUTATION_OWNERS; i++)
        if (t->places.reputation.owner_ip[i])
            put("owner's address",
                (uint64_t)(who_at(t->places.reputation.owner_ip[i]) + 1) | (uint64_t)i << 8);
}

static uint32_t hex_le32(const char *hex)
{
    uint32_t value = 0;

    for (int i = 7; i >= 0; i--) { /* the digits of a byte come in their order */
        char c = hex[i ^ 1];

        value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
}

/* Of a nonce the first four bytes are the second in which it was given out, the next its number. */
static void put_nonce(const struct digest *d, const struct peer *p)
{
    uint64_t given_ms = hex_le32(p->auth.nonce) * UINT64_C(1000);
    uint32_t number = hex_le32(p->auth.nonce + 8);
    bool used = false;

    for (int i = 0; i < LIMIT_NONCES; i++)
        used |= d->used[i].number == number;
    put("nonce", (uint64_t)(2 | (number <= d->forgotten) | used << 2 |
                            (world.now_ms < given_ms + LIMIT_NONCE_MS) << 3));
}

/* With so many wrong answers the next check waits as long as it ever does. */
#define WRONG_WAITS_MOST (LIMIT_WRONG_ANSWERS_FREE + 4)

static void put_service(const struct manage *m)
{
    const struct digest *d = &m->digest;

    put("service: open", m->open);
    if (m->open) {
        put("service: admission", (uint64_t)m->admission);
        put("service: log-in", (uint64_t)(m->auth | m->auth_seen << 4 | m->auth_waits << 5));
        put("service: request",
            (uint64_t)(m->http.state | m->request_done << 8) | (uint64_t)m->http.line_len << 16);
        put("service: reply", (uint64_t)((m->reply_len > 0) | m->last_reply << 1));
    }
    put("pending", of_bytes(&m->pending, sizeof(m->pending)));
    for (int i = 0; i < PEERS; i++)
        if (!world.peer[i].auth.nonce[0] || world.peer[i].nonce_boot != world.boots)
            put("nonce", world.peer[i].auth.nonce[0] != '\0');
        else
            put_nonce(d, &world.peer[i]);
    if (d->wrong > 0)
        put("wrong passwords",
            (uint64_t)(d->wrong < WRONG_WAITS_MOST ? d->wrong : WRONG_WAITS_MOST) |
                deadline(d->check_from_ms) << 8 |
                away(d->wrong_ms + LIMIT_WRONG_ANSWERS_FORGOTTEN_MS) << 16);
}

static void put_redirection(const struct device *d)
{
    put("event log", (uint64_t)(d->log.frozen | (d->log.count > 0) << 1));
    for (int i = 0; i < LIMIT_REDIRECT_SESSIONS; i++) {
        const struct redirect_session *s = &d->redirect.session[i];

        if (s->stage == REDIRECT_FREE)
            continue;
        put("redirection: session", (uint64_t)(s->stage | s->closing << 4 | s->waits << 5 |
                                               s->stuck << 6 | s->ended << 7 | s->account << 8));
        put("redirection: times",
            ago(s->heard_ms) |
                (s->stage == REDIRECT_SOL ? away(s->sol.heartbeat_due_ms) : away(s->limit_ms))
                    << 8);
        put("redirection: message", (uint64_t)(s->in_len | (uint64_t)s->sol.told << 16));
    }
}

static void put_link(const struct tls_link *l)
{
    put("TLS: state", (uint64_t)l->state);
    if (l->state == TLS_IDLE)
        return;
    put("TLS: way", (uint64_t)l->auth);
    put("TLS: session", (uint64_t)(l->serving | l->closing << 1 | l->unwritten << 2 |
                                   l->broken << 3 | (l->held_len > 0) << 4));
    put("TLS: client", l->peer_ip);
}

static void put_tls(const struct tls *t)
{
    put("TLS: identity", (uint64_t)((t->keys.identity != NULL) | (t->keys.pending != NULL) << 1));
    for (int i = 0; i < LIMIT_TLS_SESSIONS; i++)
        put_link(&t->link[i]);
}

static void put_machine(const struct device *d)
{
    const struct setup *s = &d->setup;

    put("state", s->state);
    put("schedule", (uint64_t)(s->started | (s->slot > 2 ? 3u : s->slot) << 1));
    put("attempt", (uint64_t)(s->attempt.state | s->attempt.name << 4));
    put("attempt: deadline", away(attempt_late_ms(&s->attempt)));
    put("window: kind", (uint64_t)(s->window.kind | s->window.bmp_runs << 4));
    put("window: end", away(window_end_ms(&s->window)));
    put("window: bare-metal time", amount(s->window.bmp_left_ms));
    put("settings", of_settings(&d->settings));
    put("last reply", deadline(s->reply_until_ms));
    put("start", (uint64_t)((s->start_command != 0) | s->start_remembered << 1));
    put("menu: device", (uint64_t)(d->in_menu | (d->change_count != d->menu_change_count) << 1));
    put("store", (uint64_t)(d->store_lost | d->rng_ready << 1));
}

static void put_network(const struct net *n)
{
    put("net: mode", (uint64_t)n->mode);
    put("net: policy", (uint64_t)(n->ports.policy | net_last_reply_done(n) << 4));
    put("net: one peer only", n->stack.only_peer.ip);
    put("net: link", n->facts.link);
    put("net: address", n->facts.ip);
    put("net: option 15", of_bytes(n->lease.option15, strlen(n->lease.option15)));
    put("net: witnessed", n->lease.address.ip);
    put("net: clock is set", world.device.clock_base_s != 0);
    put("net: listeners", listeners(&world.device));
}

/* What is in flash and is the future's: after a power cut, a reload. */
static void put_stored(void)
{
    struct settings s;

    if (!abstraction_stored(&s)) {
        put("stored", 0);
        return;
    }
    put("stored", of_settings(&s));
    put("stored: machine", (uint64_t)(s.machine.setup_state | s.machine.window_kind << 8));
    put("stored: window", amount(s.machine.window_left_s * UINT64_C(1000)));
    put("stored: bare-metal time", amount(s.machine.bmp_left_s * UINT64_C(1000)));
}

/* When it wants to be polled says a good deal of what is not looked into. */
static void put_wake(void)
{
    put("wake-up", away(world.wake_ms));
}

static void put_phase(const struct setup *s)
{
    if (s->state == SETUP_SETUP || s->state == SETUP_IN_PROCESS)
        put("schedule: phase", ago(s->started ? s->base_ms : s->opened_ms));
}

static void put_all(void)
{
    const struct device *d = &world.device;

    put_world();
    put_stored();
    put_peers();
    if (!world.powered)
        return;
    put_machine(d);
    put_network(&d->net);
    put_connections();
    put_turns(&d->net.ports.turns);
    put_service(&d->manage);
    put_tls(&d->tls);
    put_redirection(d);
    put_wake();
    put_phase(&d->setup);
}

uint64_t abstraction_hash(void)
{
    sink = (struct sink){.hash = 0x1234};
    put_all();
    return sink.hash ? sink.hash : 1;
}

unsigned abstraction_fields(struct abstraction_field out[ABSTRACTION_FIELDS])
{
    sink = (struct sink){.hash = 0x1234, .out = out};
    put_all();
    return sink.count;
}
