// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_PENDING_H
#define MANAGE_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"

/* What a set-up server has set and not yet committed. It is lost with power; nothing of it is
 * stored before CommitChanges (WSM). The functions that set a value check it first and return a
 * PT_STATUS; unless that is SUCCESS nothing is changed. */

struct pending {
    /* Which of the values below are set. */
    bool has_host_name, has_domain, has_password, has_admin, has_psk, has_tls;
    bool tls_off, mutual;
    char host_name[LIMIT_HOST_NAME + 1];
    char domain[LIMIT_DOMAIN + 1];
    char password[LIMIT_PASSWORD + 1];
    char admin_user[LIMIT_ADMIN_USER + 1];
    char admin_digest[LIMIT_DIGEST_DIGITS + 1];
    char pid[LIMIT_PID + 1], pps[LIMIT_PPS + 1];
};

/* INVALID_NAME, INVALID_DOMAIN_NAME: not a DNS name (S4: an underscore makes provisioning fail; the
 * statuses are assumed). An empty one is refused, too. */
uint32_t pending_set_host_name(struct pending *p, const char *name);
uint32_t pending_set_domain(struct pending *p, const char *domain);

/* The MEBx password. NOT_PERMITTED: the menu's password policy does not allow it (WSM, LMS-cim).
 * INVALID_PASSWORD: it is weak. */
uint32_t pending_set_password(struct pending *p, const struct settings *s,
                              const struct release *release, enum situation situation,
                              const char *password);

/* Reads base64 with its padding. Returns how many bytes; 0: it is none, or more than max. */
size_t pending_read_base64(const char *text, uint8_t *out, size_t max);
/* A digest's bytes, of 32 digits (MC) or of base64 (WSM, LMS-cim). They are to be wiped. */
bool pending_read_digest(const char *text, uint8_t out[LIMIT_USER_HASH]);

/* The administrator. digest: MD5 of user:realm:password, as 32 digits (MC) or in base64 (WSM).
 * INVALID_PARAMETER (assumed). */
uint32_t pending_set_admin(struct pending *p, const char *user, const char *digest);

/* The key for the next set-up (HP3). INVALID_PID_FORMAT, INVALID_PPS_FORMAT. */
uint32_t pending_set_psk(struct pending *p, const char *pid, const char *pps);

void pending_set_tls(struct pending *p, bool on, bool mutual);
/* Whether TLS will be off after a commit. */
bool pending_tls_off(const struct pending *p, const struct settings *s);

struct pending_facts {
    bool identity; /* TLS will have a key and a certificate */
    bool clock;    /* the clock has been set */
    bool rng_ready;
    bool needs_admin; /* S1: a localized BIOS, whose hello says so */
};

/* Whether this can be committed: SUCCESS; or DATA_MISSING (WSM; the number: assumed), and then *why
 * says what is missing. */
uint32_t pending_check(const struct pending *p, const struct settings *s,
                       const struct release *release, const struct pending_facts *facts,
                       const char **why);

/* Applies the administrator alone, who is then no longer pending. */
void pending_move_admin(struct pending *p, struct settings *s);

/* Applies everything to *s. The one-time password is erased, since it has served its purpose
 * (assumed). */
void pending_apply(const struct pending *p, struct settings *s);

#endif
