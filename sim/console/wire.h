// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CONSOLE_WIRE_H
#define SIM_CONSOLE_WIRE_H

#include "sim/server/tls_client.h"

/* One connection of a console's, with TLS or without. lwIP's variables are the station's. */

enum wire_state { WIRE_IDLE, WIRE_CONNECTING, WIRE_OPEN, WIRE_ENDED };

struct wire {
    bool tls;
    bool used;                /* there is a connection, or there was one that has ended */
    struct tls_client secure; /* its TCP connection is the plain one's, too */
};

/* The wire is all zero, or was closed. False: no memory. */
bool wire_open(struct wire *wire, bool tls, uint32_t ip, uint16_t port,
               const struct hal_entropy *entropy);
/* After each time that lwIP ran. */
enum wire_state wire_poll(struct wire *wire);
/* Both: how many bytes; 0 = none now. */
size_t wire_write(struct wire *wire, const void *bytes, size_t len);
size_t wire_read(struct wire *wire, void *out, size_t cap);
void wire_close(struct wire *wire);
/* Nothing is sent, lwIP is not asked. */
void wire_free(struct wire *wire);

#endif
