// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_MANAGE_DEVICE_H
#define MANAGE_MANAGE_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include "fw/manage/pending.h"
#include "fw/manage/view.h"

/* The device, as the configuration service sees it: a state to read and commands to give. */

enum manage_command {
    MANAGE_COMMIT, /* store what is pending and complete set-up; DATA_MISSING if that is not
                      possible yet */
    MANAGE_UNPROVISION_FULL,    /* unprovision */
    MANAGE_UNPROVISION_PARTIAL, /* unprovision */
    MANAGE_EXTEND,              /* extend the provisioning period; value: hours from now on */
    MANAGE_SET_CLOCK,           /* value: seconds since 1970, now */
    MANAGE_CLEAR_IDENTITY,      /* make pending: no key and certificate for TLS */
#if FW_MACHINE
    MANAGE_SET_REDIRECTION, /* store value as config.redirect_service (redirection.h) */
    MANAGE_END_REDIRECTION, /* end the sessions that are open */
#endif
};

struct manage_device {
    void *ctx;
    void (*view)(void *ctx, struct manage_view *out);
    /* event: enum trace_event (fw/core/trace.h) */
    void (*trace)(void *ctx, int event, uint32_t value, const char *text);
    /* Carries out a command. Returns a PT_STATUS; *why may be set to a reason. */
    uint32_t (*run)(void *ctx, enum manage_command command, uint32_t value, const char **why);
    /* Makes pending: this key (PKCS #1) and this certificate (DER) for TLS. Either may be NULL: a
     * key alone waits for its certificate. Returns SUCCESS, INVALID_KEY, INVALID_CERT,
     * CERT_KEY_NOT_MATCH or NOT_ENOUGH_STORAGE. */
    uint32_t (*install_identity)(void *ctx, const uint8_t *key, size_t key_len,
                                 const uint8_t *certificate, size_t certificate_len);
#if FW_MACHINE
    /* Asks the view's machine for it, which must be permitted. False: it cannot. */
    bool (*control)(void *ctx, enum machine_command command, const struct boot_settings *boot);
    struct event_log *log;
    void (*wrong_password)(void *ctx); /* somebody gave one */
    /* For a provisioned device: a copy of its settings to be changed, which store() puts in effect
     * at once. `moves`: it gets another address, after the reply to this request, which is the
     * connection's last. Returns SUCCESS or INTERNAL_ERROR, and then nothing is changed. */
    struct settings *(*draft)(void *ctx);
    uint32_t (*store)(void *ctx, bool moves);
#endif
};

#endif
