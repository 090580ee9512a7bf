// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/hello_port.h"

#include <string.h>

#include "lwip/tcp.h"

static uint32_t peer_ip(const struct tcp_pcb *pcb)
{
    return lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip)));
}

static err_t on_data(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct hello_port *port = arg;
    size_t room = sizeof(port->data) - port->len;

    (void)err;
    if (!p) {
        /* The device has closed: what it said is complete. */
        port->observer.message(port->observer.ctx, peer_ip(pcb), pcb->remote_port, port->data,
                               port->len);
        port->len = 0;
        if (port->mode == SCA_HANG)
            return ERR_OK;
        tcp_recv(pcb, NULL);
        tcp_err(pcb, NULL);
        return tcp_close(pcb);
    }
    port->len += pbuf_copy_partial(p, port->data + port->len,
                                   (u16_t)(p->tot_len < room ? p->tot_len : room), 0);
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static void on_error(void *arg, err_t err)
{
    const struct hello_port *port = arg;

    (void)err;
    port->observer.connection(port->observer.ctx, 0, 0, "connection reset");
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct hello_port *port = arg;

    if (err != ERR_OK || !pcb)
        return ERR_OK;
    port->observer.connection(port->observer.ctx, peer_ip(pcb), pcb->remote_port, "connection");
    if (port->mode == SCA_RESET) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    port->len = 0;
    tcp_arg(pcb, port);
    tcp_recv(pcb, on_data);
    tcp_err(pcb, on_error);
    if (port->mode == SCA_CLOSES_FIRST)
        tcp_shutdown(pcb, 0, 1);
    return ERR_OK;
}

static void listen_on(struct hello_port *port, uint16_t number)
{
    struct tcp_pcb *pcb = tcp_new();

    if (!pcb)
        return;
    /* An earlier connection that was never closed must not keep the port. */
    ip_set_option(pcb, SOF_REUSEADDR);
    if (tcp_bind(pcb, IP_ADDR_ANY, number) != ERR_OK) {
        tcp_abort(pcb);
        return;
    }
    pcb = tcp_listen(pcb);
    port->listening = pcb;
    if (!pcb)
        return;
    tcp_arg(pcb, port);
    tcp_accept(pcb, on_accept);
}

void hello_port_init(struct hello_port *port, const struct hello_port_observer *observer)
{
    memset(port, 0, sizeof(*port));
    port->observer = *observer;
}

void hello_port_set(struct hello_port *port, enum sca_mode mode, uint16_t number)
{
    if (port->listening)
        tcp_close(port->listening);
    port->listening = NULL;
    port->mode = mode;
    if (mode != SCA_REFUSE)
        listen_on(port, number);
}
