// links: fw/net/witness.c fw/net/packet.c fw/net/stack_filter.c @core
// runs: 200000
/* A frame on the wire, as the DHCP witness and the filters before lwIP see it. The first byte of
 * the input says whether it stands for itself or for a DHCP message that is put into a right frame.
 * Promises: nothing is read outside the frame; what is witnessed is an address that a host can
 * have, a lease that lasts, and a name that is one. */
#include "fw/core/settings.h"
#include "fw/net/stack.h"
#include "fw/net/witness.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t mac[6] = {2, 0xA3, 0x7E, 0, 0, 1};

static uint8_t *frame_of(const uint8_t *message, size_t len, size_t *out_len)
{
    static const uint8_t head[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0,  0,  0,  0, 1, 8,  0,
                                   0x45, 0,    0,    0,    0,    0,    0, 0,  64, 17, 0, 0, 10, 0,
                                   0,    1,    0xFF, 0xFF, 0xFF, 0xFF, 0, 67, 0,  68, 0, 0, 0,  0};
    uint8_t *frame = malloc(sizeof(head) + len);

    promise(frame != NULL, "memory for the test");
    memcpy(frame, head, sizeof(head));
    if (len)
        memcpy(frame + sizeof(head), message, len);
    frame[16] = (uint8_t)((28 + len) >> 8);
    frame[17] = (uint8_t)(28 + len);
    frame[38] = (uint8_t)((8 + len) >> 8);
    frame[39] = (uint8_t)(8 + len);
    *out_len = sizeof(head) + len;
    return frame;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    bool whole = take_byte(&in) & 1;
    size_t len = in.left;
    uint8_t *frame = whole ? exact_copy(in.at, len) : frame_of(in.at, len, &len);
    struct witness seen;

    stack_shared_may_send(frame, len);
    stack_shared_may_receive(frame, len);
    memset(&seen, 0xA5, sizeof(seen));
    if (witness_dhcp_ack(frame, len, mac, &seen)) {
        promise(seen.address.ip != 0, "an address is witnessed");
        promise(memchr(seen.option15, '\0', sizeof(seen.option15)) != NULL, "option 15 ends");
        promise_printable(seen.option15);
    }
    free(frame);
    return 0;
}
