// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_LWIPOPTS_H
#define NET_LWIPOPTS_H

#include "fw/core/limits.h"

/* lwIP's options for the firmware: raw API, IPv4, own timers (ip_stack.c), pools sized for one
 * hello at a time. Whatever is not set here is lwIP's default. */

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_RAW 0
#define LWIP_SINGLE_NETIF 1

/* For tests, pools and heap are counted, so that leaks are seen; the rest of lwIP's statistics is
 * off. */
#define LWIP_STATS FW_TLS_TESTS
#define LWIP_STATS_DISPLAY 0
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define SYS_STATS 0
#define MEM_STATS FW_TLS_TESTS
#define MEMP_STATS FW_TLS_TESTS

/* Ticks run only when they can have an effect: stock lwIP wakes 175,000 times a day. */
#define LWIP_TIMERS 1
#define LWIP_TIMERS_CUSTOM 1

#define MEM_ALIGNMENT __SIZEOF_POINTER__
/* Sent bytes are kept here until they are acknowledged: 3 KB for the one peer that is served, a
 * refusal of 400 bytes for each stranger, and as much for connections that linger, which give way
 * (turns.c). */
#define MEM_SIZE ((FW_SERVED ? 6 : 4) * 1024)
#define MEMP_NUM_UDP_PCB 4
/* The places, the newcomer for whom one is freed, half-open connections, and the hello's. The
 * hello's comes first, by its priority; those that only wait, as in TIME_WAIT, give way to any. */
#define MEMP_NUM_TCP_PCB (LIMIT_CONNECTIONS + 1 + LIMIT_HALF_OPEN + 1)
#define MEMP_NUM_TCP_PCB_LISTEN 2
/* For each half-open connection its SYN; for each stranger a reply and a FIN; the hello; and what
 * the served peer is being sent. */
#define MEMP_NUM_TCP_SEG (LIMIT_HALF_OPEN + 2 * LIMIT_CONNECTIONS + 2 + TCP_SND_QUEUELEN)
#define MEMP_NUM_PBUF 8
/* A connection keeps at most one buffer (connection.c), the newcomer's only until the next frame;
 * one more receives a frame, which is processed before the next. Nothing else keeps a buffer: an
 * answer that waits for ARP is on the heap, one for each entry of the table, or is not sent
 * (ip_stack.c). */
#define PBUF_POOL_SIZE (LIMIT_CONNECTIONS + 1 + 1)
#define PBUF_POOL_BUFSIZE 1536

#define LWIP_ARP 1
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
/* The gateway, a name server, an SCA; the connected peers; addresses that await an answer
 * (ip_stack.c). */
#define ARP_TABLE_SIZE (3 + LIMIT_CONNECTIONS + 3)
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_ICMP 1

/* A probe for the shared address would collide with the host's DHCP client on the same MAC, and
 * would delay the lease from milliseconds to 6.5 s. */
#define LWIP_ACD 0
#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0
/* T1, T2 and the end of a lease to the second (RFC 2131 4.4.5): lwIP rounds them to minutes, and
 * loses the address of a lease shorter than two. A lease of more than LIMIT_LEASE_S is renewed as
 * if it were that long, so that the ticks missed in a long sleep have a bound. */
#define DHCP_COARSE_TIMER_SECS 1
#define DHCP_TIMEOUT_SIZE_T u32_t
#define DHCP_DEFINE_CUSTOM_TIMEOUTS 1
#define DHCP_SET_TIMEOUT_FROM_OFFERED_T0_LEASE(to, dhcp)                                           \
    ((to) = LWIP_MIN((dhcp)->offered_t0_lease, LIMIT_LEASE_S))
#define DHCP_SET_TIMEOUT_FROM_OFFERED_T1_RENEW(to, dhcp)                                           \
    ((to) = LWIP_MIN((dhcp)->offered_t1_renew, LIMIT_LEASE_S / 2))
#define DHCP_SET_TIMEOUT_FROM_OFFERED_T2_REBIND(to, dhcp)                                          \
    ((to) = LWIP_MIN((dhcp)->offered_t2_rebind, LIMIT_LEASE_S / 8 * 7))
#define DHCP_NEXT_TIMEOUT_THRESHOLD 60
#define DHCP_REQUEST_BACKOFF_SEQUENCE(tries) (u16_t)(((tries) < 6 ? 1u << (tries) : 60u) * 1000u)
/* lwIP does not request DNS servers without a DNS client of its own, and no domain name; a server
 * that sends only what is requested (dnsmasq) would withhold them. */
#define DHCP_ADD_EXTRA_REQUEST_OPTIONS , 6, 15
/* lwIP's own options, those of ip_stack_dhcp_options(), the end. */
#define DHCP_OPTIONS_LEN (26 + 9 + (2 + LIMIT_HOST_NAME) + (2 + 255) + 1)

#define LWIP_DNS 0 /* resolver.h */

#define LWIP_TCP 1
#define TCP_MSS 1460
#define TCP_WND TCP_MSS /* all bytes in flight from a peer fit one buffer of the pool */
#define TCP_SND_BUF (2 * TCP_MSS)
#define TCP_SND_QUEUELEN 8
/* Segments out of order are not kept, since a stranger could fill memory with them: the peer sends
 * them again. */
#define TCP_QUEUE_OOSEQ 0
#define SO_REUSE 1 /* the hello always leaves from port 16994 */
/* For connections that are asked whether they are still there (connection.c); no others are. */
#define TCP_KEEPIDLE_DEFAULT LIMIT_BESIDE_QUIET_MS
#define TCP_KEEPINTVL_DEFAULT LIMIT_BESIDE_PROBE_MS
#define TCP_KEEPCNT_DEFAULT LIMIT_BESIDE_PROBES

#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_STATUS_CALLBACK 0
#define LWIP_CHECKSUM_ON_COPY 0
#define LWIP_CHKSUM_ALGORITHM 1     /* the smallest; frames are few */
#define LWIP_NETIF_TX_SINGLE_PBUF 1 /* a frame lies in memory in one piece, as the MAC takes it */

#define LWIP_HOOK_FILENAME "fw/net/hooks.h"
#define LWIP_HOOK_TCP_ISN ip_stack_isn
/* A RELEASE registers no name. */
#define LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, state, msg, type, len)                          \
    do {                                                                                           \
        if ((type) != DHCP_RELEASE)                                                                \
            *(len) = ip_stack_dhcp_options(netif, (msg)->options, *(len));                         \
    } while (0)

#endif
