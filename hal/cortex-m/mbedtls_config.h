/* mbedTLS as the ports use it: the hash of the entropy pool (seed.c). */
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER
