#ifndef NET_SESSION_H
#define NET_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/net/stream.h"

/* TCP connections for the configuration service: one is served, a few wait for it to end, more are
 * reset. Between two replies a peer has LIMIT_MANAGE_IDLE_MS, however it sends its bytes. */

#define SESSION_CONNECTIONS (1 + LIMIT_MANAGE_WAITING)

struct net_session;

struct net_connection {
    struct net_session *session;
    void *pcb;  /* lwIP's struct tcp_pcb, NULL = free */
    void *held; /* lwIP's struct pbuf: received, not yet taken by the service */
    uint16_t held_at;
    uint32_t order; /* of arrival */
    bool closing;   /* the service has closed it */
    bool peer_closed;
    bool unwritten; /* the service has more to write than was taken */
};

struct net_session {
    struct stream_service service; /* without functions: everything is reset */
    const uint64_t *now_ms;
    uint64_t deadline_ms;
    struct net_connection *served; /* NULL = none */
    uint32_t arrivals;
    struct net_connection connection[SESSION_CONNECTIONS];
};

/* now_ms is read whenever lwIP calls. */
void session_init(struct net_session *session, const struct stream_service *service,
                  const uint64_t *now_ms);

/* From lwIP's accept callback, pcb being a struct tcp_pcb; returns its err_t. */
int session_accept(struct net_session *session, void *pcb);

/* Resets every connection. */
void session_end(struct net_session *session);

#endif
