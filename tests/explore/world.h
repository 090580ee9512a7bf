// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include "fw/device.h"
#include "hal/virtual/virtual.h"
#include "tests/explore/invariants.h"
#include "tests/explore/peer.h"

/* The virtual world around one device: nothing in it is on the heap, nothing moves, so that a state
 * of the whole is a copy of its bytes. The wire has no latency; what happens at a moment happens in
 * world_run() until nobody has anything to say. */

#define WORLD_ME_IP 0x0A000032u /* 10.0.0.50 */
#define WORLD_DHCP_IP 0x0A000001u
#define WORLD_DNS_IP 0x0A000002u
#define WORLD_SERVER_IP 0x0A000005u
#define WORLD_PEER_IP(who) (0x0A00005Au + (uint32_t)(who))
#define WORLD_DOMAIN "corp.example"
#define WORLD_PASSWORD "P@ssw0rd!X"
#define WORLD_PID "0000037M" /* the guide's pair (G-cksum) */
#define WORLD_PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"

extern const uint8_t world_me_mac[6];

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

/* Power is on and the first second has passed. absent: no host shares the wire. */
void world_begin(enum root root, const struct release *release, const struct oem_profile *oem,
                 bool absent);

/* Everything that happens at this moment. */
void world_run(void);
/* Time passes up to then; the device is polled whenever it wants to be. */
void world_advance(uint64_t to_ms);
/* Time passes and nobody polls: a process that was stopped. */
void world_stall(uint64_t for_ms);
/* When something happens next by itself; UINT64_MAX = never. */
uint64_t world_next_ms(void);

void world_boot(void);
void world_power_off(void);
/* The operating system comes up, leases an address and announces itself; or it goes down. */
void world_set_os(bool up);

/* A frame for the device; lost while it has no link or no power. */
void world_send(const uint8_t *frame, size_t len);
/* A frame that the operating system sends: it passes the device on its way. */
void world_host_sends(const uint8_t *frame, size_t len);

#endif
