// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/setup_session.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "sim/net/packet.h"

#define DEVICE_PORT 16993

void setup_session_init(struct setup_session *s, const struct hal_entropy *entropy,
                        const struct setup_observer *observer)
{
    memset(s, 0, sizeof(*s));
    s->entropy = entropy;
    s->observer = *observer;
    s->clock_s = SCA_CLOCK_DEFAULT_S;
}

__attribute__((format(printf, 2, 3))) static void say(struct setup_session *s, const char *format,
                                                      ...)
{
    char line[2 * SCA_LINE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    s->observer.log(s->observer.ctx, line);
}

/* The device as the log calls it. */
static const char *device(const struct setup_session *s, char out[2 * LIMIT_FQDN])
{
    const struct sca_plan *p = s->plan;

    snprintf(out, 2 * LIMIT_FQDN, "%s%s%s", p->host_name, p->domain_name[0] ? "." : "",
             p->domain_name);
    return out;
}

/* --- one stage --- */

static const char *stage_name(enum sca_stage stage)
{
    static const char *const name[SCA_STAGES] = {"an operation", "1st stage provision",
                                                 "2nd stage provision", "trial of old credentials"};

    return name[stage];
}

/* Of the passwords that may be right in set-up, the nth; NULL: no further. MeshCentral's is empty
 * (MC), ConfigMgr has a list (S4); a MEBx password that was set counts for the rest of set-up. */
static const char *setup_password(const struct sca_plan *p, uint8_t nth)
{
    if (nth == 0 && p->password)
        return p->password;
    if (nth == 0)
        return p->protocol == SCA_WSMAN && !p->pid ? "" : SCA_PASSWORD_DEFAULT;
    return nth == 1 ? p->mebx_password : NULL;
}

/* The one in turn; NULL when all were tried. */
static const char *password(const struct setup_session *s)
{
    if (s->stage == SCA_STAGE_OLD)
        return s->account == s->old_account ? setup_password(s->plan, s->account) : NULL;
    if (s->committed)
        return s->account == 0 ? s->plan->admin_password : NULL;
    return setup_password(s->plan, s->account);
}

/* In set-up the device must learn who calls; afterwards it asks for a password only. */
static struct tls_client_identity identity(const struct setup_session *s)
{
    const struct sca_plan *p = s->plan;

    if (s->committed)
        return (struct tls_client_identity){NULL, NULL, NULL};
    return (struct tls_client_identity){
        p->pid || p->certificate.certificates == 0 ? NULL : &p->certificate, p->pid, p->pps};
}

static void wait_for(struct setup_session *s, enum sca_stage stage, uint64_t ms)
{
    s->state = SETUP_SESSION_WAITING;
    s->stage = stage;
    s->deadline_ms = s->now_ms + ms;
}

static void go_idle(struct setup_session *s)
{
    s->state = SETUP_SESSION_IDLE;
    if (s->orders > 0)
        wait_for(s, SCA_STAGE_ORDER, 0);
}

static void end_stage(struct setup_session *s, enum sca_result result, bool reset)
{
    enum sca_stage stage = s->stage;

    tls_client_close(&s->tls, reset);
    if (stage == SCA_STAGE_ORDER)
        memmove(s->order, s->order + 1, --s->orders * sizeof(s->order[0]));
    s->observer.stage(s->observer.ctx, stage, result);
    go_idle(s);
}

static void give_up(struct setup_session *s, enum sca_result result, const char *why)
{
    char name[2 * LIMIT_FQDN];

    if (s->stage == SCA_STAGE_OLD && result == SCA_REFUSED)
        say(s, "Old credentials are refused by AMT device %s: %s.", device(s, name), why);
    else
        say(s, "Failed %s on AMT device %s: %s.", stage_name(s->stage), device(s, name), why);
    end_stage(s, result, false);
}

static const struct sca_operation *first_operation(const struct setup_session *s)
{
    enum sca_protocol protocol = s->plan->protocol;

    switch (s->stage) {
    case SCA_STAGE_FIRST:
        return sca_next_operation(protocol, 1, NULL);
    case SCA_STAGE_ORDER:
        return s->order[0].operation;
    default:
        return sca_next_operation(protocol, 2, NULL);
    }
}

static void take_order(struct setup_session *s)
{
    const struct sca_order *order = &s->order[0];

    s->facts.pid = order->pid;
    s->facts.pps = order->pps;
    s->facts.hours = order->hours;
    s->facts.host_name = order->host_name ? order->host_name : s->plan->host_name;
}

static void connect_device(struct setup_session *s)
{
    struct tls_client_identity who = identity(s);

    s->state = SETUP_SESSION_CONNECTING;
    s->deadline_ms = s->now_ms + SCA_PATIENCE_MS;
    if (!tls_client_open(&s->tls, s->device_ip, DEVICE_PORT, &who, s->entropy))
        give_up(s, SCA_FAILED, "out of memory");
}

static void begin_stage(struct setup_session *s)
{
    const struct sca_plan *p = s->plan;
    char name[2 * LIMIT_FQDN];

    s->facts.host_name = p->host_name;
    s->facts.domain_name = p->domain_name;
    s->facts.admin_password = p->admin_password;
    s->facts.mebx_password = p->mebx_password;
    s->facts.device_certificate =
        p->device_certificate.certificates ? &p->device_certificate : NULL;
    if (s->stage == SCA_STAGE_ORDER)
        take_order(s);
    else if (s->stage != SCA_STAGE_OLD)
        say(s, "Start %s on AMT device %s. (%s)", stage_name(s->stage), device(s, name),
            p->protocol == SCA_SOAP ? "SOAP" : "WSMAN");
    s->op = first_operation(s);
    s->pull = false;
    s->account = s->stage == SCA_STAGE_OLD ? s->old_account : 0;
    s->account_tried = false;
    OPENSSL_cleanse(&s->auth, sizeof(s->auth));
    connect_device(s);
}

/* After the first stage the device's certificate is the one it was given. */
static bool shows_new_certificate(const struct setup_session *s)
{
    const struct pem_file *given = &s->plan->device_certificate;

    return s->stage != SCA_STAGE_SECOND || s->plan->protocol != SCA_SOAP ||
           given->certificates == 0 ||
           (s->tls.peer_len == given->certificate[0].len &&
            memcmp(s->tls.peer, given->certificate[0].der, s->tls.peer_len) == 0);
}

/* --- one operation --- */

static bool left_out(const struct sca_plan *p, const struct sca_operation *op)
{
    for (size_t i = 0; i < sizeof(p->without) / sizeof(p->without[0]); i++)
        if (op && p->without[i] == op)
            return true;
    return false;
}

/* False: the body does not fit. */
static bool write_request(struct setup_session *s)
{
    char path[64], action[160], auth[HTTP_AUTH_HEADER], body[SCA_BODY], ip[16];
    enum sca_protocol protocol = s->plan->protocol;
    uint8_t cnonce[8];
    size_t len;
    int head;

    s->facts.now_s = s->clock_s + s->now_ms / 1000u;
    if (!sca_body(protocol, s->op, s->pull, ++s->message, &s->facts, body, &len) ||
        s->entropy->fill(s->entropy->ctx, cnonce, sizeof(cnonce)) != 0)
        return false;
    sca_path(protocol, s->op, path);
    sca_soap_action(protocol, s->op, action);
    http_auth_header(&s->auth, SCA_ADMIN_USER, password(s), "POST", path, cnonce, auth);
    s->account_tried = auth[0] != '\0';
    ip_text(s->device_ip, ip);
    head = snprintf(s->request, sizeof(s->request),
                    "POST %s HTTP/1.1\r\nHost: %s:%d\r\n%s%s%s%sContent-Length: %zu\r\n\r\n", path,
                    ip, DEVICE_PORT, auth,
                    action[0] ? "Content-Type: text/xml; charset=utf-8\r\nSOAPAction: \"" : "",
                    action, action[0] ? "\"\r\n" : "", len);
    memcpy(s->request + head, body, len);
    s->request_len = (size_t)head + len;
    s->request_sent = 0;
    return true;
}

static void ask(struct setup_session *s)
{
    const struct sca_plan *p = s->plan;
    bool first = s->stage == SCA_STAGE_FIRST;

    while (first && left_out(p, s->op))
        s->op = sca_next_operation(p->protocol, 1, s->op);
    if (first && p->stop_before && p->stop_before == s->op) {
        say(s, "Stopped before %s.", s->op->name);
        end_stage(s, SCA_FAILED, false);
        return;
    }
    if (!s->op || !write_request(s)) {
        give_up(s, SCA_FAILED, "nothing is left to ask");
        return;
    }
    http_reply_begin(&s->reply);
    s->state = SETUP_SESSION_ASKING;
    s->deadline_ms = s->now_ms + SCA_PATIENCE_MS;
}

/* After a challenge: over a new connection if the device ends this one. */
static void ask_again(struct setup_session *s)
{
    if (!s->reply.close) {
        ask(s);
        return;
    }
    tls_client_close(&s->tls, false);
    connect_device(s);
}

/* The stage has done all it had to. */
static void succeed(struct setup_session *s)
{
    enum sca_stage stage = s->stage;
    char name[2 * LIMIT_FQDN];

    device(s, name);
    if (stage == SCA_STAGE_ORDER)
        s->committed = s->committed && !s->op->undoes;
    if (stage == SCA_STAGE_FIRST)
        say(s,
            "Finished 1st stage provision on AMT device %s. Sleep 5 seconds for 2nd stage "
            "provision.",
            name);
    if (stage == SCA_STAGE_SECOND)
        say(s, "Finished 2nd stage provision on AMT device %s.", name);
    if (stage == SCA_STAGE_OLD)
        say(s, "Old credentials are accepted by AMT device %s.", name);
    end_stage(s, SCA_ACCEPTED, false);
    if (stage == SCA_STAGE_FIRST) {
        s->committed = true;
        s->old_account = s->account;
        wait_for(s, SCA_STAGE_SECOND, SCA_SECOND_STAGE_MS);
    }
    if (stage == SCA_STAGE_SECOND)
        wait_for(s, SCA_STAGE_OLD, 0);
}

static void next_operation(struct setup_session *s)
{
    const struct sca_plan *p = s->plan;
    const struct sca_operation *op = s->op;

    if (op->verb == SCA_ENUMERATE && !s->pull) {
        s->pull = true;
        ask(s);
        return;
    }
    if (s->stage == SCA_STAGE_FIRST && p->disconnect_after == op) {
        say(s, "Disconnected after %s.", op->name);
        end_stage(s, SCA_FAILED, false);
        return;
    }
    s->pull = false;
    if (s->stage == SCA_STAGE_ORDER || s->stage == SCA_STAGE_OLD ||
        !sca_next_operation(p->protocol, op->stage, op)) {
        succeed(s);
        return;
    }
    s->op = sca_next_operation(p->protocol, op->stage, op);
    ask(s);
}

/* A refusal ends the script, unless the script can live with it. */
static void on_answer(struct setup_session *s)
{
    const struct sca_operation *op = s->op;
    uint16_t http = s->reply.status;
    uint32_t status = 0;
    char line[SCA_LINE];
    bool read = http == 200 &&
                sca_read_reply(s->plan->protocol, op, s->pull, s->reply.body, &s->facts, &status);

    if (s->stage == SCA_STAGE_OLD && http != 401) {
        next_operation(s);
        return;
    }
    sca_log_line(op, s->pull, http, status, line);
    say(s, "%s", line);
    s->observer.done(s->observer.ctx, op, http, status);
    if (op->tolerated && status == op->tolerated)
        say(s, "%s", op->remark);
    if (http == 401) {
        give_up(s, SCA_REFUSED, "no password is right");
    } else if (read && (status == 0 || status == op->tolerated || op->tolerant)) {
        next_operation(s);
    } else if (op->tolerant && op->verb != SCA_CALL && http == 400) {
        s->pull = true; /* there is nothing */
        next_operation(s);
    } else {
        give_up(s, SCA_REFUSED,
                http == 200 && !read ? "the answer is none to what was asked"
                                     : "the device refuses");
    }
}

static void on_reply(struct setup_session *s)
{
    if (s->reply.status == 401 && http_auth_challenge(&s->auth, s->reply.challenge)) {
        if (s->account_tried && !s->auth.stale)
            s->account++;
        if (password(s)) {
            ask_again(s);
            return;
        }
    }
    on_answer(s);
}

static void read_reply(struct setup_session *s)
{
    enum http_reply_result result = HTTP_REPLY_MORE;
    uint8_t bytes[512];
    size_t n;

    while (s->state == SETUP_SESSION_ASKING &&
           (n = tls_client_read(&s->tls, bytes, sizeof(bytes))) > 0) {
        for (size_t i = 0; i < n && result == HTTP_REPLY_MORE; i++)
            result = http_reply_feed(&s->reply, bytes[i]);
        if (result == HTTP_REPLY_MORE)
            continue;
        if (result == HTTP_REPLY_DONE)
            on_reply(s);
        else
            give_up(s, SCA_FAILED, "the answer is no HTTP");
        return;
    }
}

static void send_request(struct setup_session *s)
{
    s->request_sent +=
        tls_client_write(&s->tls, s->request + s->request_sent, s->request_len - s->request_sent);
    if (s->request_sent == s->request_len && s->stage == SCA_STAGE_FIRST && s->account_tried &&
        s->plan->reset_at == s->op && tls_client_has_sent(&s->tls)) {
        say(s, "Reset the connection at %s.", s->op->name);
        end_stage(s, SCA_FAILED, true);
    }
}

/* --- from outside --- */

void setup_session_plan(struct setup_session *s, const struct sca_plan *plan)
{
    tls_client_close(&s->tls, true);
    s->plan = plan;
    s->state = SETUP_SESSION_IDLE;
    s->orders = 0;
}

void setup_session_hello(struct setup_session *s, uint32_t device_ip, uint64_t now_ms)
{
    s->now_ms = now_ms;
    if (s->state != SETUP_SESSION_IDLE)
        return;
    s->device_ip = device_ip;
    /* It would not say hello if it were provisioned. */
    s->committed = false;
    if (s->plan && !s->plan->idle)
        wait_for(s, SCA_STAGE_FIRST, SCA_CALL_BACK_MS);
}

bool setup_session_ask(struct setup_session *s, const struct sca_order *order, uint64_t now_ms)
{
    s->now_ms = now_ms;
    if (!s->plan || s->device_ip == 0 || s->orders == SCA_ORDERS)
        return false;
    s->order[s->orders++] = *order;
    if (s->state == SETUP_SESSION_IDLE)
        go_idle(s);
    return true;
}

static void run_out(struct setup_session *s)
{
    if (s->state == SETUP_SESSION_WAITING) {
        begin_stage(s);
        return;
    }
    give_up(s, SCA_FAILED, s->state == SETUP_SESSION_CONNECTING ? "no connection" : "no answer");
}

void setup_session_run(struct setup_session *s, uint64_t now_ms)
{
    s->now_ms = now_ms;
    if (s->state != SETUP_SESSION_IDLE && now_ms >= s->deadline_ms)
        run_out(s);
    if (s->state != SETUP_SESSION_CONNECTING && s->state != SETUP_SESSION_ASKING)
        return;
    tls_client_poll(&s->tls);
    if (s->state == SETUP_SESSION_CONNECTING && s->tls.state == TLS_CLIENT_OPEN) {
        if (shows_new_certificate(s))
            ask(s);
        else
            give_up(s, SCA_FAILED, "it shows another certificate than it was given");
    }
    while (s->state == SETUP_SESSION_ASKING) {
        size_t message = s->message;

        send_request(s);
        read_reply(s);
        if (s->message == message)
            break;
    }
    if ((s->state == SETUP_SESSION_CONNECTING || s->state == SETUP_SESSION_ASKING) &&
        s->tls.state == TLS_CLIENT_ENDED)
        give_up(s, s->tls.refused ? SCA_REFUSED : SCA_FAILED, s->tls.error);
}

uint64_t setup_session_next_ms(const struct setup_session *s)
{
    return s->state == SETUP_SESSION_IDLE ? UINT64_MAX : s->deadline_ms;
}

void setup_session_free(struct setup_session *s)
{
    tls_client_free(&s->tls);
    OPENSSL_cleanse(s, sizeof(*s)); /* passwords and keys are in it */
}
