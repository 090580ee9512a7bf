#include "fw/net/ports.h"

#include "lwip/tcp.h"

#if FW_TLS
#include "fw/net/tls.h"
#endif

#define HTTP_PORT 16992
#define HTTPS_PORT 16993

/* arg: whose port it is; NULL = nobody's. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    if (err != ERR_OK || !pcb)
        return ERR_OK;
    (void)arg;
#if FW_MANAGE
    if (arg && pcb->local_port == HTTP_PORT)
        return (err_t)session_accept(arg, pcb);
#endif
#if FW_TLS
    if (arg && pcb->local_port == HTTPS_PORT && tls_take(arg, pcb))
        return ERR_OK;
#endif
    tcp_abort(pcb);
    return ERR_ABRT;
}

static void *listen_on(uint16_t port)
{
    struct tcp_pcb *pcb = tcp_new(), *listening;

    if (!pcb)
        return NULL;
    /* 16994 is also the hello's own port. */
    ip_set_option(pcb, SOF_REUSEADDR);
    if (tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK ||
        (listening = tcp_listen_with_backlog(pcb, 1)) == NULL) {
        tcp_abort(pcb);
        return NULL;
    }
    tcp_accept(listening, on_accept);
    return listening;
}

/* What on_accept() hands a connection to. */
static void give_to_owner(struct net *net, int i)
{
    (void)net;
#if FW_MANAGE
    if (net->listener[i] && HTTP_PORT + i == HTTP_PORT)
        tcp_arg(net->listener[i], &net->session);
#endif
#if FW_TLS
    if (net->listener[i] && HTTP_PORT + i == HTTPS_PORT)
        tcp_arg(net->listener[i], net->tls);
#endif
    (void)i;
}

void net_listen(struct net *net, uint8_t ports)
{
    for (int i = 0; i < NET_LISTENERS; i++) {
        bool wanted = ports >> i & 1u;

        if (wanted && !net->listener[i]) {
            net->listener[i] = listen_on((uint16_t)(HTTP_PORT + i));
            give_to_owner(net, i);
        }
        if (!wanted && net->listener[i]) {
            tcp_close(net->listener[i]);
#if FW_MANAGE
            if (HTTP_PORT + i == HTTP_PORT)
                session_end(&net->session);
#endif
            net->listener[i] = NULL;
        }
    }
}

void net_serve(struct net *net, enum access_policy policy)
{
    net_listen(net, access_ports(policy));
#if FW_TLS
    tls_allow(net->tls, policy == ACCESS_SETUP           ? TLS_USE_SETUP
                        : policy == ACCESS_OPERATION_TLS ? TLS_USE_OPERATION
                                                         : TLS_USE_NONE);
#endif
}

void net_last_reply(struct net *net, bool closes)
{
    (void)net;
    (void)closes;
}
