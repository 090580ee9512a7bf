#include "fw/net/packet.h"

#define NO_FRAGMENT 0x3FFFu /* more fragments, and the offset: neither */

const uint8_t *packet_transport(const uint8_t *frame, size_t len)
{
    const uint8_t *ip = frame + PACKET_IP_AT;
    size_t header;

    if (len < PACKET_IP_AT + 20 || get_be16(frame + PACKET_TYPE_AT) != PACKET_IPV4 ||
        ip[0] >> 4 != 4)
        return NULL;
    header = (size_t)(ip[0] & 15u) * 4u;
    if (header < 20 || len < PACKET_IP_AT + header + 8 || (get_be16(ip + 6) & NO_FRAGMENT) != 0)
        return NULL;
    return ip + header;
}
