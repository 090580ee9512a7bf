// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/service.h"

#include <string.h>

#include "fw/core/trace.h"
#include "fw/core/users.h"
#include "fw/core/wipe.h"
#include "fw/manage/accounts.h"
#include "fw/manage/eoi.h"
#include "fw/manage/page.h"

#define HEAD_ROOM 448 /* the longest head, a 401's, has about 350 bytes */
#define EVENT_TEXT 96

/* The services by path. */
static const struct service {
    const char *path;
    uint8_t protocol; /* PROTOCOL_ bit: the release must have it */
    uint8_t eoi;      /* for PROTOCOL_EOI: enum eoi_service */
    /* Offset in the reply's memory from which on a request's blobs are decoded: the reply to such a
     * request is short and fits before it. */
    uint16_t blobs;
} services[] = {
    {"/wsman", PROTOCOL_WSMAN, 0, 2048},
    {"/SecurityAdministrationService", PROTOCOL_EOI, EOI_SECURITY_ADMINISTRATION, 960},
    {"/NetworkAdministrationService", PROTOCOL_EOI, EOI_NETWORK_ADMINISTRATION, 960},
    {"/NetworkTimeService", PROTOCOL_EOI, EOI_NETWORK_TIME, 960},
    {"/RemoteControlService", PROTOCOL_EOI, EOI_REMOTE_CONTROL, 960},
#if FW_MACHINE
    {"/RedirectionService", PROTOCOL_EOI, EOI_REDIRECTION, 960},
    {"/EventManagerService", PROTOCOL_EOI, EOI_EVENT_MANAGER, 960},
#endif
};

static void begin_request(struct manage *m)
{
    wipe(m->reply, sizeof(m->reply)); /* it may hold a private key or a one-time password */
    http_begin(&m->http);
    soap_begin(&m->soap);
    m->last_reply = false;
    m->auth = DIGEST_REFUSED;
#if FW_MACHINE
    m->realms = 0;
#endif
    m->auth_seen = false;
    m->auth_waits = false;
    m->interim = false;
    m->reply_len = 0;
}

static struct manage_view view_of(const struct manage *m)
{
    struct manage_view view;

    m->device.view(m->device.ctx, &view);
#if FW_MACHINE
    view.realms = m->realms;
#endif
    return view;
}

/* NULL: nothing is served at this path, or the release does not have that protocol (G16). */
static const struct service *find_service(const struct manage *m, const struct manage_view *view)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        if (strcmp(services[i].path, m->http.path) == 0)
            return view->release->protocols.value & services[i].protocol ? &services[i] : NULL;
    return NULL;
}

static enum digest_result check_answer(struct manage *m)
{
    struct digest_account account[ACCOUNTS];
    struct manage_view view = view_of(m);
    bool may_repeat = m->stream.tls && view.release->digest_repeats.value;
    uint32_t *kept = m->stream.kept; /* the latest answer that was accepted on this connection */
    struct digest_used answered = {kept[0], kept[1]};
    char realm[DIGEST_REALM];
    uint8_t account_answered = 0;
    struct digest_expected expected = {
        .realm = realm,
        .account = account,
        .accounts = accounts_list(view.settings, m->admission, view.setup_state, account),
        .answered = &account_answered,
        .method = http_method_name(&m->http),
        .path = m->http.path,
        .now_ms = view.now_ms,
        .repeats = may_repeat ? &answered : NULL,
    };
    enum digest_result result;

    digest_realm(view.uuid, realm);
    result = digest_check(&m->digest, &expected, http_value(&m->http));
    kept[0] = answered.number;
    kept[1] = answered.count;
#if FW_MACHINE
    m->realms = result == DIGEST_OK ? account[account_answered].realms : 0;
#endif
    return result;
}

#if FW_MACHINE
#if FW_TEXTS
#define WHY_KERBEROS "log-in by Kerberos is not there"
#else
#define WHY_KERBEROS NULL
#endif

/* Whether a text begins with that word, in whatever letters. */
static bool begins(const char *text, const char *word)
{
    while (*word && (*text | 0x20) == *word) {
        text++;
        word++;
    }
    return *word == '\0';
}

/* Kerberos' ticket, alone or wrapped (RFC 4559); it is longer than a line that is read. */
static bool is_kerberos(const char *value)
{
    while (*value == ' ' || *value == '\t')
        value++;
    return begins(value, "negotiate ") || begins(value, "kerberos ");
}

/* Of a line that is too long: it is answered like any other log-in that is refused. */
static void explain_kerberos(struct manage *m)
{
    static const char name[] = "authorization:";
    struct http *h = &m->http;

    h->line[h->line_len] = '\0';
    if (h->status == 431 && begins(h->line, name) && is_kerberos(h->line + sizeof(name) - 1)) {
        h->status = 401;
        h->why = WHY_KERBEROS;
    }
}
#endif

static enum password_result result_of(const struct manage *m, enum digest_result result)
{
    if (result != DIGEST_OK)
        return PASSWORD_WRONG;
#if FW_MACHINE
    return m->realms & REALM_BIT(REALM_ADMINISTRATION) ? PASSWORD_OWNERS : PASSWORD_USERS;
#else
    (void)m;
    return PASSWORD_OWNERS;
#endif
}

/* The Authorization header is complete. A second one is not checked. */
static void check_authorization(struct manage *m)
{
    enum digest_result result = m->auth_seen ? DIGEST_REFUSED : check_answer(m);

#if FW_MACHINE
    if (is_kerberos(http_value(&m->http)))
        m->http.why = WHY_KERBEROS;
#endif
    m->auth_waits = result == DIGEST_WAIT;
    if (m->auth_waits)
        return;
    m->auth = (uint8_t)result;
    m->auth_seen = true;
    if (result == DIGEST_OK || result == DIGEST_WRONG)
        m->stream.password_checked(m->stream.ctx, result_of(m, result));
#if FW_MACHINE
    if (result == DIGEST_WRONG)
        m->device.wrong_password(m->device.ctx);
#endif
}

/* --- replies */

static void write_reply(struct manage *m)
{
    const struct stream *s = &m->stream;

    m->reply_sent = (uint16_t)(m->reply_sent + s->write(s->ctx, m->reply + m->reply_sent,
                                                        m->reply_len - (size_t)m->reply_sent));
    if (m->reply_sent < m->reply_len)
        return;
    if (m->interim) { /* the body comes now */
        m->interim = false;
        m->reply_len = 0;
        return;
    }
    if (m->http.close || m->last_reply) {
        m->open = false;
        s->close(s->ctx);
    }
    begin_request(m);
    m->request_done = true;
}

/* Form: RPS. The nonce is in digits without '=', at which MeshCentral would cut it off (MC). */
static bool write_challenge(struct manage *m, const struct manage_view *view, struct out *o)
{
    char realm[DIGEST_REALM], nonce[DIGEST_HEX + 1];

    digest_realm(view->uuid, realm);
    if (!digest_offer(&m->digest, view->entropy, view->now_ms, nonce))
        return false;
    out_text(o, "WWW-Authenticate: Digest realm=\"");
    out_text(o, realm);
    out_text(o, "\", nonce=\"");
    out_text(o, nonce);
    out_text(o, m->auth == DIGEST_STALE ? "\",stale=\"true\",qop=\"auth\"\r\n"
                                        : "\",stale=\"false\",qop=\"auth\"\r\n");
    return true;
}

static void write_status(struct out *o, uint16_t status)
{
    out_text(o, "HTTP/1.1 ");
    out_print(o, "%u", (uint32_t)status);
    out_text(o, " ");
    out_text(o, http_reason(status));
    out_text(o, "\r\n");
}

static void write_server(struct out *o, const struct manage_view *view)
{
    out_text(o, "Server: Intel(R) Active Management Technology "); /* RTK, MC */
    out_text(o, view->release->version);
    out_text(o, "\r\n");
}

static void send_reply(struct manage *m, const struct out *o)
{
    m->reply_len = (uint16_t)o->len;
    m->reply_sent = 0;
    write_reply(m);
}

/* A reply without a body. Never with both Content-Length and "Connection: close": MeshCentral then
 * skips the body (MC). */
static void reply_empty(struct manage *m, const struct manage_view *view, uint16_t status)
{
    struct out o = {m->reply, sizeof(m->reply), 0, false};

    write_status(&o, status);
    write_server(&o, view);
    if (status == 405)
        out_text(&o, page_find(m->http.path, view) ? "Allow: GET, HEAD\r\n" : "Allow: POST\r\n");
    out_text(&o, m->http.close ? "Connection: close\r\n\r\n" : "Content-Length: 0\r\n\r\n");
    send_reply(m, &o);
}

/* To the byte as real devices answer (MC-scan), also to HTTP/1.0 (NMAP). */
static void reply_see_logon(struct manage *m, const struct manage_view *view)
{
    struct out o = {m->reply, sizeof(m->reply), 0, false};

    write_status(&o, 303);
    out_text(&o, "Location: " PAGE_LOGON_PATH "\r\nContent-Length: 0\r\n");
    write_server(&o, view);
    out_text(&o, m->http.close && !m->http.http_1_0 ? "Connection: close\r\n\r\n" : "\r\n");
    send_reply(m, &o);
}

/* Puts the body, which is at HEAD_ROOM, behind the head. A HEAD is answered without. */
static void append_body(const struct manage *m, struct out *o, size_t len)
{
    if (m->http.method == HTTP_HEAD)
        len = 0;
    memmove(o->text + o->len, m->reply + HEAD_ROOM, len);
    o->cap = sizeof(m->reply);
    o->len += len;
}

/* It ends the connection, and says so: MeshCommander waits for the end, MeshCmd would use the
 * connection again (MCMD). The order and the page are those of later releases (RPS, HONEY). */
static void reply_unauthorized(struct manage *m, const struct manage_view *view)
{
    struct out page = {m->reply + HEAD_ROOM, sizeof(m->reply) - HEAD_ROOM, 0, false};
    struct out o = {m->reply, HEAD_ROOM, 0, false};

    m->http.close = true;
    page_write(PAGE_NONE, view, &page);
    write_status(&o, 401);
    if (!write_challenge(m, view, &o)) {
        reply_empty(m, view, 500);
        return;
    }
    out_text(&o, "Content-Type: text/html\r\n");
    write_server(&o, view);
    out_text(&o, "Content-Length: ");
    out_print(&o, "%u", (uint32_t)page.len);
    out_text(&o, "\r\nConnection: close\r\n\r\n");
    append_body(m, &o, page.len);
    send_reply(m, &o);
}

/* The body is at HEAD_ROOM; the head is written before it. Chunks and fixed headers: RTK, HONEY.
 * HTTP/1.0 has no chunks: there the end of the connection ends the body. */
static void reply_body(struct manage *m, const struct manage_view *view, uint16_t status,
                       const char *type, size_t body_len)
{
    struct out o = {m->reply, HEAD_ROOM, 0, false};

    bool chunked = !m->http.http_1_0 && m->http.method != HTTP_HEAD;

    write_status(&o, status);
    write_server(&o, view);
    out_text(&o, "Content-Type: ");
    out_text(&o, type);
    out_text(&o, "; charset=UTF-8\r\nCache-Control: no-cache\r\n"
                 "Expires: Thu, 26 Oct 1995 00:00:00 GMT\r\n");
    if (!m->http.http_1_0)
        out_text(&o, "Transfer-Encoding: chunked\r\n");
    if (m->http.close)
        out_text(&o, "Connection: close\r\n");
    out_text(&o, "\r\n");
    if (chunked) {
        out_print(&o, "%4X", (uint32_t)body_len);
        out_text(&o, "\r\n");
    }
    append_body(m, &o, body_len);
    if (chunked)
        out_text(&o, "\r\n0\r\n\r\n");
    send_reply(m, &o);
}

/* --- requests */

static void event_text(char text[EVENT_TEXT], const char *between, const char *part)
{
    size_t at = strlen(text);

    for (; at > 0 && part[0] && *between && at < EVENT_TEXT - 1; between++)
        text[at++] = *between;
    for (; *part && *part != '?' && at < EVENT_TEXT - 1; part++)
        text[at++] = *part > 0x1F && *part < 0x7F ? *part : '.';
    text[at] = '\0';
}

/* To be called before the reply is sent: then the request's texts are wiped. */
static void trace_request(const struct manage *m, const struct service *service, uint16_t status)
{
    const struct soap_request *r = &m->soap.request;
    const struct http *h = &m->http;
    char text[EVENT_TEXT] = "";

    if (service && service->protocol == PROTOCOL_WSMAN && soap_has(r, SOAP_ACTION)) {
        event_text(text, "", wsman_last_part(soap_text(r, SOAP_ACTION)));
        event_text(text, " ", wsman_last_part(soap_text(r, SOAP_RESOURCE)));
    } else if (service && r->method[0]) {
        event_text(text, "", r->method);
    } else {
        event_text(text, "", h->path);
    }
    if (h->why)
        event_text(text, ": ", h->why);
    else if (h->status == 0 && !h->has_host && !h->http_1_0)
        event_text(text, ", ", "without Host");
    m->device.trace(m->device.ctx, TRACE_REQUEST, status, text[0] ? text : NULL);
}

/* What is answered without a right password can be asked by anybody, without end. */
static void trace_stranger(struct manage *m, const struct service *service,
                           const struct manage_view *view, uint16_t status)
{
    char before[QUOTA_TEXT];
    bool said = m->auth == DIGEST_OK || quota_take(&m->refused, view->now_ms, before);

    if (m->auth != DIGEST_OK && before[0])
        m->device.trace(m->device.ctx, TRACE_REQUEST, status, before);
    if (said)
        trace_request(m, service, status);
}

static void refuse(struct manage *m, const struct service *service, const struct manage_view *view,
                   uint16_t status)
{
    trace_stranger(m, service, view, status);
    if (status == 401)
        reply_unauthorized(m, view);
    else
        reply_empty(m, view, status);
}

static void serve_request(struct manage *m, const struct service *service,
                          const struct manage_view *view)
{
    /* The end of the chunk must fit after the body. */
    size_t end = m->soap.blobs_len > 0 ? service->blobs : sizeof(m->reply) - 8;
    struct out body = {m->reply + HEAD_ROOM, end - HEAD_ROOM, 0, false};
    enum soap_state state = soap_end(&m->soap);
    struct operation_call call = {
        .device = &m->device,
        .pending = &m->pending,
        .view = view,
#if FW_MACHINE
        .boot = &m->boot,
#endif
        .request = &m->soap.request,
        .out = &body
    };
    bool wsman = service->protocol == PROTOCOL_WSMAN;
    uint16_t status =
        wsman ? wsman_reply(&m->wsman, state, &call) : eoi_reply(service->eoi, state, &call);

    m->last_reply = call.last_reply;
#if FW_MACHINE
    if (call.accounts_changed)
        m->stream.kept[0] = m->stream.kept[1] = 0;
#endif
    if (body.full) {
        refuse(m, service, view, 500);
        return;
    }
    trace_request(m, service, status);
    reply_body(m, view, status, wsman ? "application/soap+xml" : "text/xml", body.len);
}

/* Whether the page is there for who asks. */
static bool is_page(const struct manage *m, enum page page)
{
    bool reads = m->http.method == HTTP_GET || m->http.method == HTTP_HEAD;

    return reads && page &&
           (m->auth == DIGEST_OK || (page != PAGE_INDEX && m->auth != DIGEST_WRONG));
}

/* The status with which the request is refused whatever its body is; 0 = it is not. Without a right
 * password nobody learns what there is (HONEY). */
static uint16_t refusal(const struct manage *m, const struct service *service, enum page page)
{
#if FW_MACHINE
    if (page == PAGE_INDEX && m->auth == DIGEST_OK && !realms_open(m->realms, ACT_READ))
        return 403;
#endif
    if (is_page(m, page))
        return 0;
    if (m->auth != DIGEST_OK)
        return 401;
    if (page)
        return 405;
    if (!service)
        return 404;
    return m->http.method == HTTP_POST ? 0 : 405;
}

static void serve_page(struct manage *m, enum page page, const struct manage_view *view)
{
    struct out body = {m->reply + HEAD_ROOM, sizeof(m->reply) - 8 - HEAD_ROOM, 0, false};

    trace_stranger(m, NULL, view, page == PAGE_ROOT ? 303 : 200);
    if (page == PAGE_ROOT) {
        reply_see_logon(m, view);
        return;
    }
    page_write(page, view, &body);
    reply_body(m, view, 200, "text/html", body.len);
}

static void respond(struct manage *m)
{
    struct manage_view view = view_of(m);
    const struct service *service = find_service(m, &view);
    enum page page = page_find(m->http.path, &view);
    uint16_t status = refusal(m, service, page);

    if (status)
        refuse(m, service, &view, status);
    else if (service)
        serve_request(m, service, &view);
    else
        serve_page(m, page, &view);
}

/* The client waits before it sends the body: it is told to, or, as the body would not be read, gets
 * its reply at once; whether the body follows then nobody knows, so the connection ends. */
static void respond_early(struct manage *m)
{
    static const char proceed[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct manage_view view = view_of(m);
    struct out o = {m->reply, sizeof(m->reply), 0, false};

    if (refusal(m, find_service(m, &view), page_find(m->http.path, &view))) {
        m->http.close = true;
        respond(m);
        return;
    }
    out_text(&o, proceed);
    m->interim = true;
    send_reply(m, &o);
}

/* The body of a stranger's request is not read, nor that of a request to an unknown path. */
static void read_body(struct manage *m, uint8_t byte)
{
    struct manage_view view;
    const struct service *service;

    if (m->auth != DIGEST_OK)
        return;
    if (!m->soap.blobs) {
        view = view_of(m);
        service = find_service(m, &view);
        if (!service)
            return;
        soap_set_blob_memory(&m->soap, m->reply + service->blobs,
                             sizeof(m->reply) - service->blobs);
    }
    soap_feed(&m->soap, byte);
}

static void feed(struct manage *m, uint8_t byte)
{
    int event = http_feed(&m->http, byte);
    struct manage_view view;

    if (event & HTTP_BAD) {
#if FW_MACHINE
        explain_kerberos(m);
#endif
        view = view_of(m);
        refuse(m, NULL, &view, m->http.status);
        return;
    }
    if ((event & HTTP_HEADER) && strcmp(http_name(&m->http), "authorization") == 0)
        check_authorization(m);
    if (event & HTTP_BODY)
        read_body(m, byte);
    if (event & HTTP_WAITS)
        respond_early(m);
    if (event & HTTP_DONE)
        respond(m);
}

static void *on_opened(void *ctx, const struct stream *stream, enum admission admission)
{
    struct manage *m = ctx;

    m->stream = *stream;
    m->admission = admission;
    m->open = true;
    begin_request(m);
    return m;
}

/* Up to the end of one request: then the carrier decides whose turn it is. */
static size_t on_input(void *ctx, const uint8_t *bytes, size_t len)
{
    struct manage *m = ctx;
    size_t n = 0;

    if (m->auth_waits)
        check_authorization(m);
    m->request_done = false;
    while (n < len && m->open && m->reply_len == 0 && !m->auth_waits && !m->request_done)
        feed(m, bytes[n++]);
    return m->open ? n : len; /* bytes after the last request are ignored */
}

static void on_writable(void *ctx)
{
    struct manage *m = ctx;

    if (m->open && m->reply_len > 0)
        write_reply(m);
}

static void on_closed(void *ctx)
{
    struct manage *m = ctx;

    m->open = false;
    begin_request(m);
}

static enum stream_state on_state(const void *ctx, uint64_t *until_ms)
{
    const struct manage *m = ctx;

    if (m->auth_waits) {
        *until_ms = digest_check_from_ms(&m->digest);
        return STREAM_ANSWER_WAITS;
    }
    if (m->reply_len > 0 || m->auth_seen || !http_in_head(&m->http))
        return STREAM_REQUEST;
    return http_nothing_read(&m->http) ? STREAM_BETWEEN_REQUESTS : STREAM_HEAD;
}

void manage_init(struct manage *m, const struct manage_device *device)
{
    memset(m, 0, sizeof(*m));
    m->device = *device;
}

struct stream_service manage_service(struct manage *m)
{
    return (struct stream_service){m, on_opened, on_input, on_writable, on_closed, on_state};
}
