// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_HELLO_PORT_H
#define SIM_SERVER_HELLO_PORT_H

#include <stddef.h>
#include <stdint.h>

/* Where a set-up application hears hellos: a TCP port on its host's lwIP, whose variables must be
 * in place whenever it is called. */

#define HELLO_PORT_BYTES 2048 /* a longer message is cut and fails to decode */

enum sca_mode {
    SCA_LISTEN,       /* accepts, reads the hello to the end */
    SCA_REFUSE,       /* host is up, nothing listens: RST */
    SCA_FILTER,       /* SYNs are dropped without an answer */
    SCA_HANG,         /* accepts, never closes its side */
    SCA_RESET,        /* accepts, resets at once */
    SCA_CLOSES_FIRST, /* accepts, closes its side at once, and reads the hello to the end */
    SCA_MODES
};

struct hello_port_observer {
    void *ctx;
    /* text: "connection" or "connection reset". Address and port 0: of which one is not known. */
    void (*connection)(void *ctx, uint32_t peer_ip, uint16_t peer_port, const char *text);
    /* All that the peer has said before it closed its side. */
    void (*message)(void *ctx, uint32_t peer_ip, uint16_t peer_port, const uint8_t *bytes,
                    size_t len);
};

struct hello_port {
    enum sca_mode mode;
    struct hello_port_observer observer;
    void *listening; /* lwIP's struct tcp_pcb; NULL = nothing listens */
    uint8_t data[HELLO_PORT_BYTES];
    size_t len;
};

void hello_port_init(struct hello_port *port, const struct hello_port_observer *observer);
void hello_port_set(struct hello_port *port, enum sca_mode mode, uint16_t number);

#endif
