#ifndef USBKEY_WHOLE_H
#define USBKEY_WHOLE_H

#include <string.h>

#include "fw/core/power.h"
#include "fw/core/psk.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/host/local.h"

/* Whether the outcome of a key that was applied is complete and valid, whatever was in the file;
 * NULL, or what is wrong. */

static inline const char *usbkey_names_wrong(const struct settings *s)
{
    if (s->config.pki_suffix[0] && !settings_dns_name_ok(s->config.pki_suffix, LIMIT_SUFFIX))
        return "PKI suffix";
    if (s->config.server_fqdn[0] && !settings_dns_name_ok(s->config.server_fqdn, LIMIT_FQDN))
        return "server FQDN";
    if (s->config.domain[0] && !settings_dns_name_ok(s->config.domain, LIMIT_DOMAIN))
        return "domain";
    if (s->config.host_name[0] && (!settings_dns_name_ok(s->config.host_name, LIMIT_HOST_NAME) ||
                                   strchr(s->config.host_name, '.')))
        return "host name";
    return NULL;
}

static inline const char *usbkey_hashes_wrong(const struct settings *s,
                                              const struct release *release)
{
    if (s->config.hash_active >> release->roots.count)
        return "built-in hashes";
    for (uint32_t i = 0; i < LIMIT_HASHES_USER; i++) {
        const struct user_hash *h = &s->config.user_hash[i];

        if (h->algorithm && !cert_hash_bytes(h->algorithm))
            return "hash algorithm";
        if (memchr(h->name, 0, sizeof(h->name)) == NULL)
            return "hash name";
        if (!h->algorithm && s->config.user_hash_active >> i & 1)
            return "a hash that is not there is active";
    }
    return s->config.user_hash_active >> LIMIT_HASHES_USER ? "user hashes" : NULL;
}

static inline const char *usbkey_outcome_wrong(const struct local_outcome *outcome,
                                               const struct release *release)
{
    const struct settings *s = &outcome->settings;
    char pid[LIMIT_PID + 1], pps[LIMIT_PPS + 1];

    if (outcome->change < LOCAL_SETTINGS || outcome->change > LOCAL_MANUAL)
        return "outcome";
    if (s->secret.password_default || !password_is_strong(s->secret.password))
        return "password";
    if ((s->secret.pid[0] || s->secret.pps[0]) &&
        (!psk_read_pid(s->secret.pid, pid) || !psk_read_pps(s->secret.pps, pps)))
        return "PID and PPS";
    if (outcome->change == LOCAL_KEY_ENTERED && !s->secret.pid[0])
        return "key entered without a key";
    if (s->config.mode != MODE_ENTERPRISE && s->config.mode != MODE_SMB)
        return "mode";
    if (s->config.mode == MODE_SMB && outcome->change != LOCAL_MANUAL)
        return "mode and outcome";
    if (s->me.manageability > MANAGEABILITY_AMT || s->config.redirection > REDIRECTION_ALL ||
        s->config.password_policy > PASSWORD_ANYTIME || s->config.server_port == 0 ||
        s->me.idle_timeout_min == 0)
        return "number";
    if (!power_package_offered(release, s->me.power_package))
        return "power package";
    return usbkey_names_wrong(s) ? usbkey_names_wrong(s) : usbkey_hashes_wrong(s, release);
}

#endif
