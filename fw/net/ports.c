#include "fw/net/ports.h"

#include "lwip/tcp.h"

#define FIRST_PORT 16992

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)arg;
    if (err != ERR_OK || !pcb)
        return ERR_OK;
#if FW_MANAGE
    if (pcb->local_port == FIRST_PORT)
        return (err_t)session_accept(arg, pcb);
#endif
    tcp_abort(pcb);
    return ERR_ABRT;
}

static void *listen_on(struct net *net, uint16_t port)
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
#if FW_MANAGE
    tcp_arg(listening, &net->session);
#endif
    (void)net;
    tcp_accept(listening, on_accept);
    return listening;
}

void net_listen(struct net *net, uint8_t ports)
{
    for (int i = 0; i < NET_LISTENERS; i++) {
        bool wanted = ports >> i & 1u;

        if (wanted && !net->listener[i])
            net->listener[i] = listen_on(net, (uint16_t)(FIRST_PORT + i));
        if (!wanted && net->listener[i]) {
            tcp_close(net->listener[i]);
#if FW_MANAGE
            if (i == 0)
                session_end(&net->session);
#endif
            net->listener[i] = NULL;
        }
    }
}
