#include "fw/net/ports.h"

#include "lwip/tcp.h"

#if FW_TLS
#include "fw/net/tls.h"
#endif

#define FIRST_PORT 16992

/* arg: whose port it is; NULL = nobody's. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    if (err != ERR_OK || !pcb)
        return ERR_OK;
#if FW_TLS
    if (arg && tls_take(arg, pcb))
        return ERR_OK;
#else
    (void)arg;
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

static void give_to_owner(struct net *net, int i)
{
#if FW_TLS
    if (net->listener[i] && 1 << i == NET_PORT_HTTPS)
        tcp_arg(net->listener[i], net->tls);
#else
    (void)net;
    (void)i;
#endif
}

void net_listen(struct net *net, uint8_t ports)
{
    for (int i = 0; i < NET_LISTENERS; i++) {
        bool wanted = ports >> i & 1u;

        if (wanted && !net->listener[i]) {
            net->listener[i] = listen_on((uint16_t)(FIRST_PORT + i));
            give_to_owner(net, i);
        }
        if (!wanted && net->listener[i]) {
            tcp_close(net->listener[i]);
            net->listener[i] = NULL;
        }
    }
}
