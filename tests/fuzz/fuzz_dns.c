// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
// runs: 200000
/* A DNS server's message, behind the length of the question and the address that has failed.
 * Promises: an answer repeats the question, its address is one that a machine can have and is in
 * the message; one that failed is only used if there is no other. */
#include "fw/core/address.h"
#include "fw/core/bytes.h"
#include "fw/net/resolver.h"
#include "tests/fuzz/fuzz.h"

static bool has_address(const uint8_t *message, size_t len, uint32_t ip)
{
    for (size_t i = 0; i + 4 <= len; i++)
        if (get_be32(message + i) == ip)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    size_t query_bytes = RESOLVER_NAME_AT + 5u + take_byte(&in) % (LIMIT_FQDN + 2u), len;
    uint8_t failed[4], query[RESOLVER_QUERY_BYTES] = {0}, *message;
    uint32_t first, next;

    for (size_t i = 0; i < sizeof(failed); i++)
        failed[i] = take_byte(&in);
    len = in.left;
    message =
        malloc(len ? len : 1); /* of its very size, so that nothing behind it is read unseen */
    if (!message)
        return 0;
    memcpy(message, in.at, len);
    memcpy(query, message, len < query_bytes ? len : query_bytes);
    if (resolver_is_answer(query, query_bytes, message, len)) {
        promise(len >= query_bytes, "an answer repeats the question");
        first = resolver_address(message, len, query_bytes, 0);
        next = resolver_address(message, len, query_bytes, get_be32(failed));
        promise(first == 0 || (address_is_host(first) && has_address(message, len, first)),
                "an address is a machine's, and from the message");
        promise((next == 0) == (first == 0), "that one has failed takes none away");
        promise(next == 0 || (address_is_host(next) && has_address(message, len, next)),
                "the next address is a machine's, and from the message");
        promise(next == 0 || next != get_be32(failed) || next == first,
                "behind the address that failed comes another");
    }
    free(message);
    return 0;
}
