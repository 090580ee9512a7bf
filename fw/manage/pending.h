#ifndef MANAGE_PENDING_H
#define MANAGE_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"

/* What a set-up server has asked for and not yet committed. It is lost with power; nothing of it is
 * in flash before CommitChanges (WSM). The functions that take a value over check it first and
 * return a PT_STATUS; on another than SUCCESS nothing is changed. */

struct pending {
    /* Which of the values below are there. */
    bool has_host_name, has_domain, has_password, has_admin, has_psk, has_tls;
    bool tls_off, mutual;
    char host_name[LIMIT_HOST_NAME + 1];
    char domain[LIMIT_DOMAIN + 1];
    char password[LIMIT_PASSWORD + 1];
    char admin_user[LIMIT_ADMIN_USER + 1];
    char admin_digest[LIMIT_DIGEST_DIGITS + 1];
    char pid[LIMIT_PID + 1], pps[LIMIT_PPS + 1];
};

/* INVALID_NAME, INVALID_DOMAIN_NAME: no DNS name (S4: an underscore makes provisioning fail; the
 * statuses are assumed). An empty one is refused alike. */
uint32_t pending_set_host_name(struct pending *p, const char *name);
uint32_t pending_set_domain(struct pending *p, const char *domain);

/* The MEBx password, where the policy of the menu allows it (WSM, LMS-cim): NOT_PERMITTED if not,
 * and INVALID_PASSWORD for a weak one. */
uint32_t pending_set_password(struct pending *p, const struct settings *s,
                              const struct release *release, enum situation situation,
                              const char *password);

/* digest: MD5 of user:realm:password, as 32 digits (MC) or in base 64 (WSM). INVALID_PARAMETER
 * (assumed). */
uint32_t pending_set_admin(struct pending *p, const char *user, const char *digest);

/* The key for the next set-up (HP3). INVALID_PID_FORMAT, INVALID_PPS_FORMAT. */
uint32_t pending_set_psk(struct pending *p, const char *pid, const char *pps);

void pending_set_tls(struct pending *p, bool on, bool mutual);
/* Whether TLS would be off after a commit. */
bool pending_tls_off(const struct pending *p, const struct settings *s);

struct pending_facts {
    bool identity; /* TLS would have a key and a certificate */
    bool clock;    /* somebody has set it */
    bool rng_ready;
};

/* Whether that much can be committed: SUCCESS, or DATA_MISSING (WSM; the number: assumed), and then
 * *why says what is missing. */
uint32_t pending_check(const struct pending *p, const struct settings *s,
                       const struct release *release, const struct pending_facts *facts,
                       const char **why);

/* Takes everything over. The one-time password has served (assumed). */
void pending_apply(const struct pending *p, struct settings *s);

#endif
