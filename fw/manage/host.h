#ifndef MANAGE_HOST_H
#define MANAGE_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "fw/manage/pending.h"
#include "fw/manage/view.h"

/* What the device does for the configuration service. */

enum manage_order {
    MANAGE_COMMIT,         /* what is pending, and set-up with it; DATA_MISSING if it cannot be */
    MANAGE_FULL,           /* unprovision */
    MANAGE_PARTIAL,        /* unprovision */
    MANAGE_EXTEND,         /* the provisioning period; value: hours from now on */
    MANAGE_CLOCK,          /* value: seconds since 1970, now */
    MANAGE_CLEAR_IDENTITY, /* pending: no key and certificate for TLS */
};

struct manage_host {
    void *ctx;
    void (*view)(void *ctx, struct manage_view *out);
    /* fw/core/trace.h */
    void (*trace)(void *ctx, int event, uint32_t value, const char *text);
    /* Returns a PT_STATUS; *why may be set to a reason. */
    uint32_t (*order)(void *ctx, enum manage_order order, uint32_t value, const char **why);
    /* Pending: this key (PKCS #1) and this certificate (DER) for TLS, of which either may be NULL:
     * a key alone waits for its certificate. INVALID_KEY, INVALID_CERT, CERT_KEY_NOT_MATCH,
     * NOT_ENOUGH_STORAGE. */
    uint32_t (*install)(void *ctx, const uint8_t *key, size_t key_len, const uint8_t *certificate,
                        size_t certificate_len);
};

#endif
