#ifndef NET_MBEDTLS_CONFIG_H
#define NET_MBEDTLS_CONFIG_H

/* mbedTLS as the firmware and its ports use it: a hash, for TCP's sequence numbers (isn.c) and for
 * a board's entropy pool (hal/cortex-m/seed.c), and HTTP digest's (md5.c). */
#define MBEDTLS_MD5_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER

#endif
