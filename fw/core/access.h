#ifndef CORE_ACCESS_H
#define CORE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Who gets in. The carrier of a connection says how its peer was let in, once; what the peer may
 * then do follows from that, the state and the settings, and from nothing else. */

/* How a carrier let a peer in. */
enum admission {
    ADMITTED_NONE,
    ADMITTED_OPEN,  /* it has shown nothing */
    ADMITTED_PSK,   /* it holds the pre-shared key */
    ADMITTED_CHAIN, /* it holds the key of a certificate that the policy trusts (trust.h) */
};

/* Whom the device listens to. A connection ends with the policy under which it was accepted. */
enum access_policy {
    ACCESS_NOBODY,
    ACCESS_SETUP,         /* a set-up server: with the pre-shared key, or with certificates */
    ACCESS_OPERATION,     /* everybody, without TLS */
    ACCESS_OPERATION_TLS, /* everybody, over TLS that asks for no certificate */
    ACCESS_POLICIES
};

/* Bits of a set of ports (S3: 16992 to 16995 are the ME's). */
enum access_port {
    PORT_HTTP = 1 << 0,         /* 16992 */
    PORT_HTTPS = 1 << 1,        /* 16993, also set-up */
    PORT_REDIRECT = 1 << 2,     /* 16994 */
    PORT_REDIRECT_TLS = 1 << 3, /* 16995 */
};

/* state: enum setup_state; tls: settings_tls(). A closed window listens to nobody. */
enum access_policy access_policy_of(uint8_t state, bool window_open, bool tls);

/* PORT_ bits. S3: 16992 and 16994 in SMB mode, 16993 and 16995 with TLS; G-modes: set-up has its
 * one port. */
uint8_t access_ports(enum access_policy policy);

/* Whose passwords count; bits. */
enum account {
    ACCOUNT_ADMIN = 1 << 0, /* the administrator whom a server has set (MC, WSM) */
    ACCOUNT_MEBX = 1 << 1,  /* "admin", with the MEBx password (S4) */
    ACCOUNT_EMPTY = 1 << 2, /* "admin", with none: over certificates the server has shown who it is
                               (MC) */
};

/* ACCOUNT_ bits; 0: nobody is let in, whatever the password. Each admission counts under the policy
 * that it was given under only: a peer of set-up has no account on a provisioned device, and who
 * has shown nothing has none in set-up. */
uint8_t access_accounts(enum admission admission, uint8_t state, bool admin_set);

#endif
