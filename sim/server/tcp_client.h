// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_TCP_CLIENT_H
#define SIM_SERVER_TCP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/net/lwipopts.h"

/* One connection over a station's own lwIP, for the TLS client above it. lwIP's variables must be
 * the station's whenever it is called; its callbacks only note down what has happened. It can be
 * copied out and in together with them. */

struct tcp_client {
    bool connected, peer_closed, peer_reset; /* as lwIP said */
    void *pcb;                               /* lwIP's struct tcp_pcb; NULL = none any more */
    uint8_t rx[TCP_WND];
    size_t rx_len, rx_at;
};

/* False: no memory. The client is all zero. */
bool tcp_client_connect(struct tcp_client *client, uint32_t ip, uint16_t port);
/* How many bytes were taken; 0: none fit now, or there is no connection. */
size_t tcp_client_write(struct tcp_client *client, const void *bytes, size_t len);
/* How many bytes have come; 0: none. */
size_t tcp_client_read(struct tcp_client *client, void *out, size_t cap);
/* Everything was read, and nothing more will come. */
bool tcp_client_is_at_end(const struct tcp_client *client);
void tcp_client_flush(struct tcp_client *client);
/* All that was written is on its way. */
bool tcp_client_has_sent(const struct tcp_client *client);
/* Ends the connection, in order or by a reset. */
void tcp_client_close(struct tcp_client *client, bool reset);

#endif
