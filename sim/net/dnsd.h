// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_DNSD_H
#define SIM_DNSD_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/net/lan.h"

/* A recursive-looking DNS server: A and CNAME records (chains are followed, loops end in SERVFAIL),
 * NXDOMAIN for unknown names (with the chain that led there), NODATA for a known name of another
 * type, or silence. Names compare without case; the question is echoed as it was asked. Malformed
 * questions get FORMERR, other operations NOTIMP, other classes REFUSED. An answer over 512 bytes
 * is cut at a record and marked truncated. Also answers ARP for its own address. */

#define DNSD_RECORDS 32
#define DNSD_CHAIN 8     /* CNAMEs followed for one question */
#define DNSD_ADDRESSES 4 /* of one name */

struct dnsd_record {
    char name[256]; /* at most 253 characters */
    bool is_cname;
    uint32_t ip[DNSD_ADDRESSES]; /* in the order in which they are answered; 0 = none any more */
    char target[256];
};

struct dnsd {
    struct lan *lan;
    int port;
    uint8_t mac[6];
    uint32_t ip;
    uint32_t ttl_s;
    bool silent; /* no DNS answer at all (ARP still) */
    struct dnsd_record record[DNSD_RECORDS];
    uint8_t records;
};

/* MAC 02:00 and the four bytes of ip; TTL 300 s until the caller sets something else. */
void dnsd_init(struct dnsd *dnsd, struct lan *lan, uint32_t ip);
/* Replace or add; a name has one record, of one or more addresses. False, and nothing changed, when
 * the table is full or a name is not a legal DNS name: labels of 1 to 63 letters, digits, '-' and
 * '_', 253 characters in all, no dot at either end. */
bool dnsd_set_a(struct dnsd *dnsd, const char *name, uint32_t ip);
/* One more address for a name that has some. False: it has none, or DNSD_ADDRESSES. */
bool dnsd_add_a(struct dnsd *dnsd, const char *name, uint32_t ip);
bool dnsd_set_cname(struct dnsd *dnsd, const char *name, const char *target);
bool dnsd_remove(struct dnsd *dnsd, const char *name); /* false: no such name */

#endif
