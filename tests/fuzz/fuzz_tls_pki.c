// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip hal/virtual/virtual.c sim/server/pem_file.c sim/server/openssl.c sim/base/lwip_world.c
// runs: 100
/* TLS records to a device in set-up that asks for a certificate: those of a right client, changed
 * as the input says (enum change): hello, chain, key exchange, proof of the key.
 * Promises: as fuzz_tls.h's tls_fuzz(): afterwards a right client is served, mbedTLS's memory and
 * lwIP's pools are given back. */
#include "tests/fuzz/fuzz_tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tls_fuzz(WORLD_SETUP_PKI, tls_server(), tls_trust, data, size);
    return 0;
}
