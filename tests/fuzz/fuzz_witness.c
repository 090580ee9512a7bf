// SPDX-License-Identifier: BSD-3-Clause
// links: fw/net/dhcp_witness.c fw/net/packet.c fw/net/ip_filter.c @core
// runs: 200000
/* Frames that the DHCP witness and the filters before lwIP see: one of the host's own, and the
 * wire's answer to it. The input begins with a byte of flags and the length of the host's frame,
 * divided by four; each frame stands for itself, or is a DHCP message around which a right frame is
 * put. Promises: nothing is read outside a frame; without a request of the host's nothing is
 * witnessed; what is witnessed is the address that was asked for, one that a machine can have, for
 * a time that is not 0, with a domain that is a name; a second answer to the same request is not
 * taken. */
#include "fw/core/address.h"
#include "fw/core/bytes.h"
#include "fw/core/settings.h"
#include "fw/net/dhcp_witness.h"
#include "fw/net/ip_filter.h"
#include "tests/fuzz/fuzz.h"

#define RAW_REQUEST 1
#define RAW_ANSWER 2
#define NO_REQUEST 4

static const uint8_t mac[6] = {2, 0xA3, 0x7E, 0, 0, 1};

/* port: it comes from. */
static uint8_t *frame_of(const uint8_t *message, size_t len, uint8_t port, size_t *out_len)
{
    uint8_t head[42] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0,  0,  0, 0x99, 8,  0,
                        0x45, 0,    0,    0,    0,    0,    0, 0, 64, 17, 0, 0,    10, 0,
                        0,    1,    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0,  0,  0, 0,    0,  0};
    uint8_t *frame = malloc(sizeof(head) + len);
    uint32_t sum = 0;

    promise(frame != NULL, "memory for the test");
    head[16] = (uint8_t)((28 + len) >> 8);
    head[17] = (uint8_t)(28 + len);
    head[35] = port;
    head[37] = (uint8_t)(67 + 68 - port);
    head[38] = (uint8_t)((8 + len) >> 8);
    head[39] = (uint8_t)(8 + len);
    for (int i = 14; i < 34; i += 2)
        sum += get_be16(head + i);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = ~((sum & 0xFFFF) + (sum >> 16));
    head[24] = (uint8_t)(sum >> 8);
    head[25] = (uint8_t)sum;
    memcpy(frame, head, sizeof(head));
    if (len)
        memcpy(frame + sizeof(head), message, len);
    *out_len = sizeof(head) + len;
    return frame;
}

static void promise_witnessed(const struct witness_lease *seen,
                              const struct witness_request *request)
{
    promise(address_is_host(seen->address.ip), "an address is one that a machine can have");
    promise(seen->lease_s != 0, "a lease lasts");
    promise(!request->open, "a request is answered once");
    promise(memchr(seen->option15, '\0', sizeof(seen->option15)) != NULL, "option 15 ends");
    promise(seen->option15[0] == '\0' || settings_domain_ok(seen->option15, LIMIT_DOMAIN),
            "option 15 is a name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    uint8_t flags = take_byte(&in);
    size_t asked_len = take_byte(&in) * 4u, len, frame_len;
    const uint8_t *asked = take_bytes(&in, asked_len, &asked_len);
    struct witness_request request = {0}, before;
    struct witness_lease seen;
    uint8_t *frame;

    frame = flags & RAW_REQUEST ? exact_copy(asked, len = asked_len)
                                : frame_of(asked, asked_len, 68, &len);
    if (!(flags & NO_REQUEST))
        witness_host_frame(&request, frame, len, mac, 1000);
    free(frame);
    before = request;
    frame = flags & RAW_ANSWER ? exact_copy(in.at, frame_len = in.left)
                               : frame_of(in.at, in.left, 67, &frame_len);
    ip_filter_shared_may_send(frame, frame_len);
    ip_filter_shared_may_receive(frame, frame_len);
    memset(&seen, 0xA5, sizeof(seen));
    if (witness_server_frame(&request, frame, frame_len, mac, 1500, &seen) == WITNESS_ACK) {
        promise(before.open && seen.address.ip == before.ip, "only what was asked for is given");
        promise_witnessed(&seen, &request);
        promise(witness_server_frame(&request, frame, frame_len, mac, 1500, &seen) != WITNESS_ACK,
                "a second answer is not taken");
    }
    free(frame);
    return 0;
}
