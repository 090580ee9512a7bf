// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_STATE_H
#define EXPLORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/device.h"
#include "hal/virtual/virtual.h"
#include "sim/server/http_reply.h"

/* The state of the virtual world around one device: nothing in it is on the heap, nothing moves, so
 * that a state of the whole is a copy of its bytes. world.h lets things happen in it. */

#define WORLD_ME_IP 0x0A000032u /* 10.0.0.50 */
#define WORLD_DHCP_IP 0x0A000001u
#define WORLD_DNS_IP 0x0A000002u
#define WORLD_SERVER_IP 0x0A000005u
#define WORLD_PEER_IP(who) (0x0A00005Au + (uint32_t)(who))
#define WORLD_DOMAIN "corp.example"
#define WORLD_PASSWORD "P@ssw0rd!X"
#define WORLD_REALM "Digest:0ECCEB04303EF2688B07446501853B9F" /* of world.c's UUID */
#define WORLD_PID "0000037M"                                  /* the guide's pair (G-cksum) */
#define WORLD_PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"

extern const uint8_t world_me_mac[6];

/* Who calls the device. */
enum who {
    OWNER,
    STRANGER,
    SECOND, /* another stranger */
    SHAKER, /* begins hand-shakes and does not go on */
    READER, /* a user who may read the event log */
    /* These two go to the serial line's port: a user who may, and somebody else. */
    CONSOLE,
    RIVAL,
    PEERS
};

/* How far a console has come. */
enum line_stage { LINE_NONE, LINE_STARTED, LINE_IN, LINE_SERIAL };

/* The accounts, as the device numbers them. */
enum line_account { LINE_OWNER, LINE_USER, LINE_READER, LINE_ACCOUNTS };
#define WORLD_USER "ann" /* may redirect, until the owner changes it */
#define WORLD_READER "eve"

enum peer_tcp { PEER_NONE, PEER_SYN_SENT, PEER_OPEN, PEER_OVER };

#define PEER_TX 4096u
#define PEER_RX 4608u

struct peer {
    uint8_t tcp;     /* enum peer_tcp */
    uint8_t policy;  /* who was let in when it connected: abstraction_policy() */
    bool secure;     /* this connection is one of secure.c's */
    bool deaf;       /* it takes nothing in any more */
    bool half;       /* half a request has been sent */
    bool sure;       /* the last request, or log-in, had the right credentials */
    bool refusable;  /* what was asked is not for the one who asks */
    uint8_t line;    /* enum line_stage */
    uint8_t account; /* enum line_account, of the log-in */
    uint32_t result; /* the last reply's PT_STATUS; UINT32_MAX = none was in it */
    uint8_t asked;   /* requests on this connection */
    uint8_t got;     /* replies to them */
    uint8_t orders;  /* those with right credentials that change things, not yet answered */
    uint16_t status;
    bool stale;
    uint16_t port, to_port;
    uint32_t una; /* first byte that is not acknowledged: tx[0] */
    uint32_t ack;
    uint16_t tx_len, tx_out; /* of tx: sent already */
    uint16_t rx_len;
    uint64_t asked_ms;     /* the oldest request that has no reply */
    uint32_t nonce_boot;   /* the device run that gave the nonce out */
    struct http_auth auth; /* outlives connections, as the device's nonces do */
    char tx[PEER_TX];
    char rx[PEER_RX];
};

/* What has to be remembered from one act to the next. */
struct ghost {
    uint32_t violations;   /* bits, of this act */
    char detail[96];       /* of the first of them */
    bool extended;         /* the owner has extended this window */
    bool default_password; /* the right one is "admin", by the factory, by a lost battery */
    bool restored;         /* traced in this act */
    bool unwritten;        /* the flash has refused, and does not hold what time has done */
    bool given_up; /* a person has told a locked device to begin anew, which the flash refused:
                      it may have been erased all the same */
    bool entropy_missed;  /* the device has asked for randomness in vain since it booted */
    bool window_opened;   /* traced in this act */
    bool booted;          /* in this act */
    uint64_t left_ms;     /* of the window, at the end of the last act; 0 = it has no end */
    uint64_t counted_ms;  /* when that was */
    uint64_t opened_ms;   /* the schedule was armed */
    uint64_t base_ms;     /* attempt 0; 0 = not yet */
    uint32_t slot;        /* the next attempt's */
    uint32_t replies;     /* to the owner, on whatever connection */
    uint32_t retry;       /* of the attempt under way */
    struct settings kept; /* what a boot has to find */
};

/* What the set-up server does with who connects. */
enum server {
    SERVER_LISTENS,
    SERVER_HANGS, /* accepts, and acknowledges nothing */
    SERVER_REFUSES,
    SERVER_SILENT,
    SERVERS
};

struct server_end { /* of the connection that was made last */
    uint32_t seq, ack;
    uint16_t port;
    uint16_t heard; /* bytes of the hello */
    uint8_t head[32];
};

/* The PC behind the device (machine.c). */
struct pc {
    uint8_t state;   /* enum machine_state */
    uint8_t says;    /* bytes that wait on its serial line */
    uint8_t heard;   /* whether it has been typed at */
    uint8_t ordered; /* commands in this act */
};

struct world {
    uint64_t now_ms;
    uint64_t wake_ms;            /* when the device wants to be polled; UINT64_MAX = never */
    struct device_config config; /* as of the next boot */
    struct device device;
    bool powered;
    uint32_t boots;
    bool bios_off; /* AMT is switched off in the BIOS */
    bool os_up;    /* of the host */
    bool host_absent;
    bool dhcp, dns; /* there are servers */
    bool flash_read_fails, flash_write_fails, entropy_fails;
    bool flash_spoiled; /* a byte of what is stored has another value */
    bool menu_open;     /* somebody is in MEBx */
    uint8_t server;     /* enum server */
    uint32_t xid;       /* of the operating system's last DHCP transaction */
    uint32_t polls;     /* in this act */
    uint16_t next_port;
    struct server_end server_end;
    struct pc pc;
    struct settings menu;          /* what the menu showed when it was opened */
    struct local_outcome *outcome; /* the menu's memory, while it is open */
    struct peer peer[PEERS];
    char heard[1024]; /* the owner's last request, as anybody on the segment can hear it */
    uint16_t heard_len;
    struct ghost ghost;
    /* Last: its queues of frames are empty between acts and are not kept. */
    struct virtual_hal hal;
};

extern struct world world;
extern bool world_loud; /* print traces and frames */

/* The device's last answer to the host. */
extern struct world_answer {
    size_t len;
    uint8_t bytes[LIMIT_AMTHI_RESPONSE];
} world_answer;

/* Where the exploration begins. */
enum root {
    ROOT_FACTORY, /* as it was shipped */
    ROOT_SMB,     /* provisioned in SMB mode: 16992 */
    ROOT_PLAIN,   /* provisioned in enterprise mode without TLS: 16992 */
    ROOT_TLS,     /* provisioned in enterprise mode: 16993 */
    ROOT_KEY,     /* the same, and the key for the next set-up is loaded */
    ROOTS
};
extern const char *const root_names[ROOTS];

static inline bool root_has_tls(enum root root)
{
    return root == ROOT_TLS || root == ROOT_KEY;
}

#endif
