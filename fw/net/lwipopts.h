#ifndef NET_LWIPOPTS_H
#define NET_LWIPOPTS_H

/* lwIP as the firmware uses it: raw API, IPv4, own timers (stack.c), pools sized for one hello at a
 * time. Every value here is a choice; the rest is lwIP's default. */

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_RAW 0

/* Pools and heap are counted, so that a leak can be told; the rest of lwIP's statistics is off. */
#define LWIP_STATS 1
#define LWIP_STATS_DISPLAY 0
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define SYS_STATS 0
#define MEM_STATS 1
#define MEMP_STATS 1

/* Ticks run when they can have an effect: a stock instance wakes 175,000 times a day. */
#define LWIP_TIMERS 1
#define LWIP_TIMERS_CUSTOM 1

#define MEM_ALIGNMENT __SIZEOF_POINTER__
#define MEM_SIZE (4 * 1024)
#define MEMP_NUM_UDP_PCB 4
#define MEMP_NUM_TCP_PCB 5
#define MEMP_NUM_TCP_PCB_LISTEN 2
#define MEMP_NUM_TCP_SEG 16
#define MEMP_NUM_PBUF 8
/* A frame is taken in and done with before the next one; only an answer that waits for an ARP reply
 * keeps its buffer, at most one per entry of the ARP table. */
#define PBUF_POOL_SIZE 6
#define PBUF_POOL_BUFSIZE 1536

#define LWIP_ARP 1
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
#define ARP_TABLE_SIZE 4 /* the gateway, a name server, an SCA, and one to spare */
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
#define TCP_WND (2 * TCP_MSS)
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
