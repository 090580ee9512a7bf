// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_SERVICE_H
#define MANAGE_SERVICE_H

#include "fw/core/quota.h"
#include "fw/core/stream.h"
#include "fw/manage/digest.h"
#include "fw/manage/http.h"
#include "fw/manage/manage_device.h"
#include "fw/manage/soap.h"
#include "fw/manage/wsman.h"

#if FW_MACHINE
#include "fw/core/machine.h"
#endif

/* The configuration service: HTTP with digest authentication, the services of its table and the
 * pages for a browser. One connection at a time, by whatever carrier. */

struct manage {
    struct manage_device device;
    struct digest digest;
    struct wsman wsman;
    struct pending pending; /* the owner wipes it after a commit or a reset */
#if FW_MACHINE
    struct machine_boot boot; /* the owner clears it when the device is unprovisioned */
#endif
    /* the connection's */
    struct stream stream;
    enum admission admission;
    bool open;
    bool interim;         /* the reply that is under way is "100 Continue" */
    struct quota refused; /* limits the trace records of refused requests */
    /* the request's */
    uint8_t auth; /* enum digest_result */
#if FW_MACHINE
    uint32_t realms; /* of the account whose password was right */
#endif
    bool auth_seen;    /* an Authorization header was checked; a second one is refused */
    bool auth_waits;   /* the header is kept in http.line: it may not be checked yet */
    bool request_done; /* it has been answered; the carrier decides when the next is read */
    struct http http;
    struct soap soap;
    bool last_reply; /* the connection ends after this reply */
    /* the reply's memory; before that, the request's blobs are decoded into it. No reply is under
     * way while reply_len is 0 */
    uint16_t reply_len, reply_sent;
    char reply[LIMIT_MANAGE_REPLY];
};

void manage_init(struct manage *manage, const struct manage_device *device);
/* The functions for a carrier. */
struct stream_service manage_service(struct manage *manage);

#endif
