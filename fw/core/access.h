// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_ACCESS_H
#define CORE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Who gets in. A connection's carrier decides once how the peer was admitted. What the peer may
 * then do follows from that, the state and the settings alone. */

/* How a carrier has admitted a peer. */
enum admission {
    ADMITTED_NONE,
    ADMITTED_OPEN,  /* it has proved nothing */
    ADMITTED_PSK,   /* it holds the pre-shared key */
    ADMITTED_CHAIN, /* it holds the key of a trusted certificate (trust.h) */
};

/* Whom the device listens to. A connection ends when the policy under which it was accepted
 * ends. */
enum access_policy {
    ACCESS_NOBODY,
    ACCESS_SETUP,         /* a set-up server, by pre-shared key or certificates */
    ACCESS_OPERATION,     /* everybody, without TLS */
    ACCESS_OPERATION_TLS, /* everybody, over TLS without a client certificate */
    ACCESS_POLICIES
};

/* Bits of a set of ports (S3: 16992 to 16995 are the ME's). */
enum access_port {
    PORT_HTTP = 1 << 0,         /* 16992 */
    PORT_HTTPS = 1 << 1,        /* 16993, also set-up */
    PORT_REDIRECT = 1 << 2,     /* 16994 */
    PORT_REDIRECT_TLS = 1 << 3, /* 16995 */
};

/* state: enum setup_state; tls: settings_tls_on(). While the window is closed, nobody. */
enum access_policy access_policy_of(uint8_t state, bool window_open, bool tls);

/* PORT_ bits. S3: 16992 and 16994 in SMB mode, 16993 and 16995 with TLS; G-modes: set-up uses one
 * port only. */
uint8_t access_ports(enum access_policy policy);

/* Whose passwords are accepted; bits. */
enum account {
    ACCOUNT_ADMIN = 1 << 0, /* the administrator that a server has set (MC, WSM) */
    ACCOUNT_MEBX = 1 << 1,  /* "admin", with the MEBx password (S4) */
    ACCOUNT_EMPTY = 1 << 2, /* "admin" without a password: the server's certificate has proved its
                               identity (MC) */
};

/* ACCOUNT_ bits; 0: no password is accepted. An admission counts only under the policy under which
 * it was given: a set-up server has no account on a provisioned device, and a peer that has proved
 * nothing has none in set-up. */
uint8_t access_accounts(enum admission admission, uint8_t state, bool admin_set);

#endif
