// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_ARCH_CC_H
#define NET_ARCH_CC_H

#include <stdint.h>

/* Freestanding: no C library headers beyond the compiler's own and <string.h>. */
#define LWIP_NO_UNISTD_H 1
#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_INTTYPES_H 1
#define X8_F "02x"
#define U16_F "hu"
#define S16_F "hd"
#define X16_F "hx"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "zu"

/* lwIP takes what it is not told for little-endian. GCC, clang and lwIP number the orders alike. */
#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__
#endif

#define LWIP_PLATFORM_DIAG(x)                                                                      \
    do {                                                                                           \
    } while (0)
#define LWIP_PLATFORM_ASSERT(x) __builtin_trap()

uint32_t ip_stack_rand(void);
#define LWIP_RAND() ip_stack_rand()

#endif
