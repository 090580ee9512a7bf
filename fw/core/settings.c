// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/settings.h"

#include <string.h>

#include "fw/core/hello.h"
#include "fw/core/setup_state.h"
#include "fw/core/text.h"
#include "fw/core/window.h"
#include "fw/core/wipe.h"

#define S_PER_HOUR 3600u

/* The release's roots and the OEM's; each has a bit in hash_active. */
static uint32_t built_in_count(const struct settings *s, const struct release *release)
{
    uint32_t count = (uint32_t)release->roots.count + s->config.oem_roots.count;

    return count < LIMIT_HASHES_BUILTIN ? count : LIMIT_HASHES_BUILTIN;
}

static void reset_network(struct settings *s)
{
    s->config.dhcp_enabled = true;
    memset(&s->config.fixed, 0, sizeof(s->config.fixed));
    s->config.redirection = REDIRECTION_ALL;
}

static void restore_defaults(struct settings *s, const struct release *release,
                             const struct oem_profile *oem, bool to_intel)
{
    uint32_t hours =
        to_intel ? release->intel_bmp_hours.value : release_oem_bmp_hours(release, oem);

    s->machine.setup_state = SETUP_FACTORY;
    s->machine.window_kind = WINDOW_CLOSED;
    s->machine.window_left_s = 0;
    s->machine.bmp_left_s = hours * S_PER_HOUR;
    s->config.mode = MODE_ENTERPRISE;
    s->config.rcfg_enabled = to_intel || oem->rcfg_enabled.value != 0;
    s->config.oem_roots = (struct root_set){.hash = oem->hash, .count = oem->hash_count};
    s->config.hash_active = UINT32_MAX;
    s->config.server_port = SERVER_PORT_DEFAULT;
    s->config.password_policy =
        PASSWORD_DEFAULT_ONLY; /* S4: 0x10 once it has been changed; the rest is assumed */
    reset_network(s);
}

static void set_default_password(struct settings *s)
{
    static const char admin[] = "admin"; /* S4, HP, Dell */

    text_fill(s->secret.password, sizeof(s->secret.password), admin, sizeof(admin));
    s->secret.password_default = true;
}

/* Erases PID/PPS, one-time password and administrator; the MEBx password stays. */
static void erase_secrets(struct secret_settings *s)
{
    struct secret_settings left = {.password_default = s->password_default};

    memcpy(left.password, s->password, sizeof(left.password));
    *s = left;
    wipe(&left, sizeof(left));
}

void settings_full_unprovision(struct settings *s, const struct release *release,
                               const struct oem_profile *oem, bool to_intel)
{
    uint32_t off = s->config.hash_erased | ~s->config.hash_active;

    memset(&s->config, 0, sizeof(s->config));
    erase_secrets(&s->secret);
    restore_defaults(s, release, oem, to_intel);
    if (release->erases_inactive.value)
        s->config.hash_erased = off;
}

void settings_partial_unprovision(struct settings *s)
{
    struct setup_settings *c = &s->config;

    c->user_hash_active = 0;
    memset(c->user_hash, 0, sizeof(c->user_hash));
    memset(c->pki_suffix, 0, sizeof(c->pki_suffix));
    memset(c->server_fqdn, 0, sizeof(c->server_fqdn));
#if FW_MANAGE
    c->tls_off = c->own_identity = false;
    c->redirect_service = 0;
#endif
#if FW_MACHINE
    wipe(&s->secret.users, sizeof(s->secret.users));
#endif
    wipe(s->secret.otp, sizeof(s->secret.otp));
    reset_network(s);
}

void settings_cmos_lost(struct settings *s, const struct release *release,
                        const struct oem_profile *oem, bool to_intel)
{
    settings_full_unprovision(s, release, oem, to_intel);
    set_default_password(s);
    s->me.manageability = MANAGEABILITY_AMT;
}

static void load_oem_key(struct settings *s, const struct oem_profile *oem)
{
    if (oem->pid[0] == '\0')
        return;
    memcpy(s->secret.pid, oem->pid, LIMIT_PID);
    memcpy(s->secret.pps, oem->pps, LIMIT_PPS);
}

void settings_factory(struct settings *s, const struct release *release,
                      const struct oem_profile *oem)
{
    memset(s, 0, sizeof(*s));
    s->config.hash_active = UINT32_MAX; /* none was switched off */
    settings_cmos_lost(s, release, oem, false);
    load_oem_key(s, oem);
    s->me.power_package = (uint8_t)release_oem_power_package(release, oem);
    s->me.idle_timeout_min = IDLE_TIMEOUT_DEFAULT_MIN;
}

/* Whether a hash of the release or the OEM is active, or with user_hashes any hash. */
static bool hash_active(const struct settings *s, const struct release *release, bool user_hashes)
{
    struct hash_view view;

    for (uint32_t i = 0; settings_find_hash(s, release, i, &view); i++)
        if (view.active && (view.is_default || user_hashes))
            return true;
    return false;
}

static enum credentials credentials(const struct settings *s, const struct release *release,
                                    bool user_hashes)
{
    bool pki = release->pki_bare_metal.value || release->pki_by_agent.value;

    if (s->secret.pid[0])
        return CREDENTIALS_PSK;
    return pki && s->config.rcfg_enabled && hash_active(s, release, user_hashes) ? CREDENTIALS_PKI
                                                                                 : CREDENTIALS_NONE;
}

enum credentials settings_credentials(const struct settings *s, const struct release *release)
{
    return credentials(s, release, true);
}

enum credentials settings_credentials_kept(const struct settings *s, const struct release *release)
{
    return credentials(s, release, false);
}

uint32_t settings_hash_count(const struct settings *s, const struct release *release)
{
    struct hash_view view;
    uint32_t count = 0;

    while (settings_find_hash(s, release, count, &view))
        count++;
    return count;
}

/* The bit of the nth built-in hash; built_in_count() = there are only *nth fewer. */
static uint32_t built_in_bit(const struct settings *s, uint32_t count, uint32_t *nth)
{
    uint32_t bit = 0;

    for (; bit < count; bit++)
        if (!(s->config.hash_erased >> bit & 1u) && (*nth)-- == 0)
            break;
    return bit;
}

/* The slot of the nth user hash; LIMIT_HASHES_USER = there are fewer. */
static uint32_t user_slot(const struct settings *s, uint32_t nth)
{
    uint32_t slot = 0;

    for (; slot < LIMIT_HASHES_USER; slot++)
        if (s->config.user_hash[slot].algorithm && nth-- == 0)
            break;
    return slot;
}

bool settings_find_hash(const struct settings *s, const struct release *release, uint32_t handle,
                        struct hash_view *out)
{
    uint32_t roots = release->roots.count, built_in = built_in_count(s, release);
    uint32_t bit = built_in_bit(s, built_in, &handle);

    out->is_default = bit < built_in;
    if (out->is_default) {
        const struct cert_hash *h =
            bit < roots ? &release->roots.hash[bit] : &s->config.oem_roots.hash[bit - roots];

        out->name = h->name;
        out->algorithm = h->algorithm;
        out->bytes = h->bytes;
        out->active = s->config.hash_active >> bit & 1u;
    } else {
        const struct user_hash *h;

        bit = user_slot(s, handle);
        if (bit == LIMIT_HASHES_USER)
            return false;
        h = &s->config.user_hash[bit];
        out->name = h->name;
        out->algorithm = h->algorithm;
        out->bytes = h->bytes;
        out->active = s->config.user_hash_active >> bit & 1u;
    }
    out->bit = (uint8_t)bit;
    return true;
}

static void add_active_hashes(const struct settings *s, const struct release *release,
                              struct hello *out)
{
    struct hash_view view;

    for (uint32_t i = 0; settings_find_hash(s, release, i, &view); i++) {
        if (!view.active)
            continue;
        out->hash[out->hash_count].algorithm = view.algorithm;
        out->hash[out->hash_count].bytes = view.bytes;
        out->hash_count++;
    }
}

bool settings_make_hello(const struct settings *s, const struct release *release,
                         const struct oem_profile *oem, const uint8_t uuid[LIMIT_UUID_BYTES],
                         uint32_t retry, struct hello *out)
{
    memset(out, 0, sizeof(*out));
    out->credentials_set = oem->localized_bios.value ? 0 : 1;
    out->retry = retry;
    memcpy(out->uuid, uuid, LIMIT_UUID_BYTES);
    switch (settings_credentials(s, release)) {
    case CREDENTIALS_PSK:
        out->version = HELLO_V2_PSK;
        memcpy(out->pid, s->secret.pid, LIMIT_PID);
        return true;
    case CREDENTIALS_PKI:
        out->version = HELLO_V3_PKI;
        add_active_hashes(s, release, out);
        return true;
    default:
        return false;
    }
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool settings_domain_ok(const char *name, uint32_t max)
{
    uint32_t label = 0, len = 0;

    for (; name[len]; len++) {
        if (len >= max)
            return false;
        if (name[len] == '.') {
            if (label == 0)
                return false;
            label = 0;
        } else if (!name_char(name[len]) || ++label > 63) {
            return false;
        }
    }
    return label > 0;
}

bool settings_dns_name_ok(const char *name, uint32_t max)
{
    for (uint32_t i = 0; i <= max && name[i]; i++)
        if (name[i] == '_')
            return false;
    return settings_domain_ok(name, max);
}
