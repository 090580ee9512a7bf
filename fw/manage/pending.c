// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/pending.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/password.h"
#include "fw/core/permits.h"
#include "fw/core/psk.h"
#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"

#define FILL(field, text) text_fill(field, sizeof(field), text, strlen(text))

uint32_t pending_set_host_name(struct pending *p, const char *name)
{
    if (!settings_dns_name_ok(name, LIMIT_HOST_NAME) || strchr(name, '.'))
        return PT_STATUS_INVALID_NAME;
    FILL(p->host_name, name);
    p->has_host_name = true;
    return PT_STATUS_SUCCESS;
}

uint32_t pending_set_domain(struct pending *p, const char *domain)
{
    if (!settings_dns_name_ok(domain, LIMIT_DOMAIN))
        return PT_STATUS_INVALID_DOMAIN_NAME;
    FILL(p->domain, domain);
    p->has_domain = true;
    return PT_STATUS_SUCCESS;
}

uint32_t pending_set_password(struct pending *p, const struct settings *s,
                              const struct release *release, enum situation situation,
                              const char *password)
{
    if (!permits_password((enum password_policy)s->config.password_policy,
                          s->secret.password_default, settings_credentials(s, release), situation))
        return PT_STATUS_NOT_PERMITTED;
    if (strlen(password) > LIMIT_PASSWORD || !password_is_strong(password))
        return PT_STATUS_INVALID_PASSWORD;
    FILL(p->password, password);
    p->has_password = true;
    return PT_STATUS_SUCCESS;
}

/* A user name that HTTP digest can carry: printable, without blanks, quotes, colons and
 * backslashes. */
static bool user_ok(const char *user)
{
    size_t len = strlen(user);

    for (size_t i = 0; i < len; i++)
        if (user[i] <= ' ' || user[i] > '~' || strchr(":\"\\", user[i]))
            return false;
    return len > 0 && len <= LIMIT_ADMIN_USER;
}

size_t pending_read_base64(const char *text, uint8_t *out, size_t max)
{
    uint32_t bits = 0, count = 0;
    size_t n = 0, len = strlen(text);

    if (len == 0 || len % 4 != 0)
        return 0;
    for (int i = 0; i < 2 && text[len - 1] == '='; i++)
        len--;
    for (size_t i = 0; i < len; i++) {
        int digit = text_base64_digit(text[i]);

        if (digit < 0 || (count >= 2 && n == max))
            return 0;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[n++] = (uint8_t)(bits >> count);
        }
    }
    return n;
}

bool pending_read_digest(const char *text, uint8_t out[LIMIT_USER_HASH])
{
    return (strlen(text) == LIMIT_DIGEST_DIGITS && hex_read(text, out, LIMIT_USER_HASH)) ||
           pending_read_base64(text, out, LIMIT_USER_HASH) == LIMIT_USER_HASH;
}

uint32_t pending_set_admin(struct pending *p, const char *user, const char *digest)
{
    uint8_t bytes[LIMIT_USER_HASH];
    bool good = user_ok(user) && pending_read_digest(digest, bytes);

    if (good) {
        FILL(p->admin_user, user);
        hex_write(p->admin_digest, bytes, sizeof(bytes));
        p->has_admin = true;
    }
    wipe(bytes, sizeof(bytes)); /* as good as the password */
    return good ? PT_STATUS_SUCCESS : PT_STATUS_INVALID_PARAMETER;
}

uint32_t pending_set_psk(struct pending *p, const char *pid, const char *pps)
{
    char new_pid[LIMIT_PID + 1], new_pps[LIMIT_PPS + 1];

    if (!psk_read_pid(pid, new_pid))
        return PT_STATUS_INVALID_PID_FORMAT;
    if (!psk_read_pps(pps, new_pps))
        return PT_STATUS_INVALID_PPS_FORMAT;
    memcpy(p->pid, new_pid, sizeof(new_pid));
    memcpy(p->pps, new_pps, sizeof(new_pps));
    wipe(new_pps, sizeof(new_pps));
    p->has_psk = true;
    return PT_STATUS_SUCCESS;
}

void pending_set_tls(struct pending *p, bool on, bool mutual)
{
    p->tls_off = !on;
    p->mutual = on && mutual;
    p->has_tls = true;
}

bool pending_tls_off(const struct pending *p, const struct settings *s)
{
    return p->has_tls ? p->tls_off : s->config.tls_off;
}

/* What is missing for a commit; NULL = nothing. */
static const char *missing(const struct pending *p, const struct settings *s,
                           const struct release *release, const struct pending_facts *facts)
{
    bool named = p->has_host_name || s->config.host_name[0] != '\0';

    if (s->config.mode == MODE_SMB)
        return NULL;
    if (facts->needs_admin && !p->has_admin && !settings_has_admin(s))
        return "the BIOS is localized, and nobody has set an administrator";
    if (!pending_tls_off(p, s) && !facts->identity)
        return "TLS is on, without a key and a certificate";
    if (p->mutual)
        return "mutual authentication is on, without a trusted root";
    if (release->commit_host_name.value && s->config.dhcp_enabled && !named)
        return "DHCP is on, without a host name";
    if (!facts->clock)
        return "nobody has set the clock";
    return facts->rng_ready ? NULL : "there is no RNG seed";
}

uint32_t pending_check(const struct pending *p, const struct settings *s,
                       const struct release *release, const struct pending_facts *facts,
                       const char **why)
{
    *why = missing(p, s, release, facts);
    return *why ? PT_STATUS_DATA_MISSING : PT_STATUS_SUCCESS;
}

static void apply_admin(const struct pending *p, struct settings *s)
{
    memcpy(s->secret.admin_user, p->admin_user, sizeof(s->secret.admin_user));
    memcpy(s->secret.admin_digest, p->admin_digest, sizeof(s->secret.admin_digest));
}

void pending_move_admin(struct pending *p, struct settings *s)
{
    apply_admin(p, s);
    p->has_admin = false;
    wipe(p->admin_digest, sizeof(p->admin_digest));
}

void pending_apply(const struct pending *p, struct settings *s)
{
    if (p->has_host_name)
        memcpy(s->config.host_name, p->host_name, sizeof(s->config.host_name));
    if (p->has_domain)
        memcpy(s->config.domain, p->domain, sizeof(s->config.domain));
    if (p->has_password) {
        memcpy(s->secret.password, p->password, sizeof(s->secret.password));
        s->secret.password_default = false;
    }
    if (p->has_admin)
        apply_admin(p, s);
    if (p->has_psk) {
        memcpy(s->secret.pid, p->pid, sizeof(s->secret.pid));
        memcpy(s->secret.pps, p->pps, sizeof(s->secret.pps));
    }
    s->config.tls_off = pending_tls_off(p, s);
    wipe(s->secret.otp, sizeof(s->secret.otp));
}
