// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

/* What is built in. Each macro can be set on the compiler's command line (-DFW_MANAGE=0). `make
 * BOARD=... TLS=1 MANAGE=1 TEXTS=0` sets them for a board; on the host the defaults apply. */

/* The configuration service on ports 16992 and 16993; without it they reset every connection.
 * Range: 0, 1. Default: 1. */
#ifndef FW_MANAGE
#define FW_MANAGE 1
#endif

/* The machine behind the ME is managed: its power and boot, its serial line, users, event log,
 * inventory. Needs the configuration service.
 * Range: 0, 1. Default: as FW_MANAGE. */
#ifndef FW_MACHINE
#define FW_MACHINE FW_MANAGE
#endif

/* TLS; without it the set-up port resets every connection.
 * Range: 0, 1. Default: 1. */
#ifndef FW_TLS
#define FW_TLS 1
#endif

/* The TLS versions that are built in: bits of enum tls_version without a gap. 1 is only the
 * protocol of the time; 4 leaves out what is unsafe today. A release offers those of its versions
 * that are built in. Range: 1, 2, 3, 4, 6, 7. Default: 7. */
#ifndef FW_TLS_VERSIONS
#define FW_TLS_VERSIONS 7
#endif

/* Texts that only the trace shows: names of statuses and commands, reasons and sources of rules.
 * Range: 0, 1. Default: 1. */
#ifndef FW_TEXTS
#define FW_TEXTS 1
#endif

/* What tests need: the client's side of TLS, files of certificates, memory counters of mbedTLS and
 * lwIP.
 * Range: 0, 1. Default: 0. */
#ifndef FW_TLS_TESTS
#define FW_TLS_TESTS 0
#endif

/* Whether any port has a carrier. Follows from the others. */
#define FW_SERVED (FW_MANAGE || FW_TLS)

#if (FW_MANAGE | FW_MACHINE | FW_TLS | FW_TEXTS | FW_TLS_TESTS) & ~1
#error "FW_MANAGE, FW_MACHINE, FW_TLS, FW_TEXTS and FW_TLS_TESTS are 0 or 1"
#endif
#if FW_MACHINE && !FW_MANAGE
#error "FW_MACHINE needs FW_MANAGE"
#endif
#if FW_TLS_VERSIONS < 1 || FW_TLS_VERSIONS > 7 || FW_TLS_VERSIONS == 5
#error "FW_TLS_VERSIONS is 1, 2, 3, 4, 6 or 7: bits of enum tls_version without a gap"
#endif

#endif
