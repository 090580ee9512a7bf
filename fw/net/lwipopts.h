#ifndef NET_LWIPOPTS_H
#define NET_LWIPOPTS_H

#include "fw/core/limits.h"

/* lwIP as the firmware uses it: raw API, IPv4, own timers (stack.c), pools sized for one hello at a
 * time. Every value here is a choice; the rest is lwIP's default. */

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_RAW 0

/* Where tests look, pools and heap are counted, so that a leak can be told; the rest of lwIP's
 * statistics is off. */
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

/* Ticks run when they can have an effect: a stock instance wakes 175,000 times a day. */
#define LWIP_TIMERS 1
#define LWIP_TIMERS_CUSTOM 1

#define MEM_ALIGNMENT __SIZEOF_POINTER__
/* What is sent lies here until it is acknowledged: of one peer that is served 3 KB, of each
 * stranger one refusal of 400 bytes, and as much of those that linger, who give way (turns.c). */
#define MEM_SIZE ((FW_SERVED ? 6 : 4) * 1024)
#define MEMP_NUM_UDP_PCB 4
/* Places and the newcomer that makes one free, half-open ones, and the hello's. It comes first, by
 * its priority; what has nothing to do but to wait, as in TIME_WAIT, gives way to any. */
#define MEMP_NUM_TCP_PCB (LIMIT_CONNECTIONS + 1 + LIMIT_HALF_OPEN + 1)
#define MEMP_NUM_TCP_PCB_LISTEN 2
/* Each half-open one's SYN, a stranger's reply and FIN, the hello, and what one is being told. */
#define MEMP_NUM_TCP_SEG (LIMIT_HALF_OPEN + 2 * LIMIT_CONNECTIONS + 2 + TCP_SND_QUEUELEN)
#define MEMP_NUM_PBUF 8
/* A connection keeps at most one buffer (line.c), of the newcomer's besides the places' the longest
 * until the next frame; one takes a frame in, which is done with before the next. Nothing else
 * keeps one: an answer that waits for ARP is on the heap, one for each entry of the table, or is
 * not sent (stack.c). */
#define PBUF_POOL_SIZE (LIMIT_CONNECTIONS + 1 + 1)
#define PBUF_POOL_BUFSIZE 1536

#define LWIP_ARP 1
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
/* The gateway, a name server, an SCA; who is connected; what waits for an answer (stack.c). */
#define ARP_TABLE_SIZE (3 + LIMIT_CONNECTIONS + 3)
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_ICMP 1

/* The host's DHCP client on the same MAC would collide with a probe for the shared address, and a
 * probe delays the lease from milliseconds to 6.5 s. */
#define LWIP_ACD 0
#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0
/* lwIP does not ask for the domain name by itself; a server that answers only what is asked for
 * (dnsmasq) then withholds it. */
#define DHCP_ADD_EXTRA_REQUEST_OPTIONS , 15

#define LWIP_DNS 1
#define DNS_TABLE_SIZE 2
#define DNS_MAX_SERVERS 2
#define DNS_MAX_NAME_LENGTH 256
/* Every attempt looks the SCA up again (S1: the steps are retried), so nothing is cached. */
#define DNS_MAX_TTL 0

#define LWIP_TCP 1
#define TCP_MSS 1460
#define TCP_WND TCP_MSS /* all that a peer may have sent fits one buffer of the pool */
#define TCP_SND_BUF (2 * TCP_MSS)
#define TCP_SND_QUEUELEN 8
/* Segments out of order are not kept for a stranger: they are sent again. */
#define TCP_QUEUE_OOSEQ 0
#define SO_REUSE 1 /* the hello always leaves from port 16994 */

#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_STATUS_CALLBACK 0
#define LWIP_CHECKSUM_ON_COPY 0
#define LWIP_NETIF_TX_SINGLE_PBUF 1 /* a frame goes to the MAC as it lies in memory */

#define LWIP_HOOK_FILENAME "fw/net/hooks.h"
#define LWIP_HOOK_TCP_ISN stack_isn

#endif
