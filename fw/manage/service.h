#ifndef MANAGE_SERVICE_H
#define MANAGE_SERVICE_H

#include "fw/core/quota.h"
#include "fw/core/stream.h"
#include "fw/manage/digest.h"
#include "fw/manage/host.h"
#include "fw/manage/http.h"
#include "fw/manage/soap.h"
#include "fw/manage/wsman.h"

/* The configuration service: HTTP with digest authentication, and behind it the services of its
 * table. One connection at a time, whatever carries it. */

struct manage {
    struct manage_host host;
    struct digest digest;
    struct wsman wsman;
    struct pending pending; /* the owner empties it when it is done with */
    /* of the connection */
    struct stream stream;
    enum admission admission;
    bool open;
    struct quota refused; /* traces of strangers' requests */
    /* of the request */
    uint8_t auth;      /* enum digest_result */
    bool auth_seen;    /* a second header of that kind is refused */
    bool auth_waits;   /* the header is in the line still: it may not yet be checked */
    bool request_done; /* it has been answered; the next one waits for the carrier */
    struct http http;
    struct soap soap;
    bool last; /* the connection ends with this reply */
    /* of the reply, and before it what the request's blobs are read into; none is under way while
     * reply_len is 0 */
    uint16_t reply_len, reply_sent;
    char reply[LIMIT_MANAGE_REPLY];
};

void manage_init(struct manage *manage, const struct manage_host *host);
/* What a carrier calls. */
struct stream_service manage_service(struct manage *manage);

#endif
