#ifndef NET_STACK_FILTER_H
#define NET_STACK_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which frames may pass where not all may. Any bytes are safe. */

struct stack_peer { /* of a TCP connection; 1.2.3.4 = 0x01020304 */
    uint32_t ip;
    uint16_t port, own_port;
};

/* While the host's operating system owns the address, only this may pass. */
bool stack_shared_may_send(const uint8_t *frame, size_t len);
bool stack_shared_may_receive(const uint8_t *frame, size_t len);
/* While only one peer is served, only this may leave. hop: where frames to it go. */
bool stack_only_may_send(const struct stack_peer *peer, uint32_t hop, const uint8_t *frame,
                         size_t len);

#endif
