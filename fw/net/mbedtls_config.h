// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_MBEDTLS_CONFIG_H
#define NET_MBEDTLS_CONFIG_H

#include "fw/core/limits.h"

/* mbedTLS's options for the firmware and its ports. Without TLS only hashes are needed: SHA-256 for
 * TCP's sequence numbers (isn.c) and a board's entropy pool (hal/cortex-m/seed.c), MD5 for HTTP
 * digest (fw/manage/md5.c). */
#if FW_SERVED
#define MBEDTLS_MD5_C
#endif
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER

#if FW_TLS

/* No heap and no C library: tls.c gives the allocator its buffer. */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_MEMORY_ALIGN_MULTIPLE 8
#if FW_TLS_TESTS
#define MBEDTLS_MEMORY_DEBUG
#else
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PLATFORM_SNPRINTF_ALT
#define MBEDTLS_PLATFORM_EXIT_ALT
#endif

/* The two key exchanges that the sources name (RTK, G-rflow): RSA key transport and pre-shared
 * keys. */
#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_SRV_C
#define MBEDTLS_KEY_EXCHANGE_RSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_PSK_ENABLED
#define MBEDTLS_PSK_MAX_LEN LIMIT_PPS
#if FW_TLS_VERSIONS & 1
#define MBEDTLS_SSL_PROTO_TLS1
#endif
#if FW_TLS_VERSIONS & 2
#define MBEDTLS_SSL_PROTO_TLS1_1
#endif
#if FW_TLS_VERSIONS & 4
#define MBEDTLS_SSL_PROTO_TLS1_2
#endif
#define MBEDTLS_SSL_IN_CONTENT_LEN LIMIT_TLS_IN
/* A client in the tests sends a chain of certificates. The device itself keeps to LIMIT_TLS_OUT. */
#define MBEDTLS_SSL_OUT_CONTENT_LEN (FW_TLS_TESTS ? LIMIT_TLS_IN : LIMIT_TLS_OUT)
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
/* Used with clients that offer them. */
#define MBEDTLS_SSL_ENCRYPT_THEN_MAC
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET

/* MD5 is for TLS 1.0; MD2 only to read roots that signed themselves with it. */
#define MBEDTLS_MD_C
#define MBEDTLS_MD2_C
#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_SHA512_SMALLER
#define MBEDTLS_CIPHER_C
#define MBEDTLS_CIPHER_MODE_CBC
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_GCM_C

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MPI_MAX_SIZE 512 /* 4096 bits, the longest key that a release accepts (SCCM12) */
#define MBEDTLS_MPI_WINDOW_SIZE 2
#define MBEDTLS_GENPRIME
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PK_WRITE_C
#define MBEDTLS_OID_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK /* for tls_chain_precompute_signer() */
/* Such chains have to be read, so that tls_chain.c can refuse them with a reason. */
#define MBEDTLS_X509_ALLOW_UNSUPPORTED_CRITICAL_EXTENSION
#define MBEDTLS_X509_CREATE_C
#define MBEDTLS_X509_CRT_WRITE_C
#define MBEDTLS_X509_REMOVE_INFO

/* The client's side, for tests, which read certificates from files. The simulator's set-up server
 * has OpenSSL. */
#if FW_TLS_TESTS
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_PEM_PARSE_C
#endif

#include <mbedtls/check_config.h>

#endif

#endif
