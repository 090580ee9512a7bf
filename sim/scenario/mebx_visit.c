// SPDX-License-Identifier: BSD-3-Clause
#include "sim/scenario/mebx_visit.h"

#include <stddef.h>
#include <string.h>

#include "fw/core/address.h"
#include "fw/core/password.h"
#include "fw/core/power.h"
#include "fw/core/psk.h"
#include "fw/core/wipe.h"
#include "fw/host/mebx/mebx.h"
#include "sim/world/world.h"

static void set_text(char *field, size_t size, const char *text)
{
    memset(field, 0, size);
    memcpy(field, text, strlen(text));
}

static bool set_name(char *field, uint32_t max, const char *name)
{
    if (name && !settings_dns_name_ok(name, max))
        return false;
    set_text(field, max + 1u, name ? name : "");
    return true;
}

static bool set_password(struct settings *s, const char *password)
{
    if (!password_is_strong(password))
        return false;
    set_text(s->secret.password, sizeof(s->secret.password), password);
    s->secret.password_default = false;
    return true;
}

/* MEBx does not let anyone keep the default password (DELL, HP), and a key alone is no set-up. */
static bool enter_key(struct settings *s, const struct mebx_visit *visit)
{
    if (visit->password && !set_password(s, visit->password))
        return false;
    return !s->secret.password_default && s->machine.setup_state != SETUP_PROVISIONED &&
           psk_read_pid(visit->text, s->secret.pid) && psk_read_pps(visit->pps, s->secret.pps);
}

static bool has_pki(const struct release *release)
{
    return release->pki_bare_metal.value || release->pki_by_agent.value;
}

static bool switch_hash(struct settings *s, const struct release *release,
                        const struct mebx_visit *visit)
{
    struct hash_view view;

    if (!settings_find_hash(s, release, visit->hash - 1, &view))
        return false;
    if (view.is_default) {
        s->config.hash_active &= ~(1u << view.bit);
        s->config.hash_active |= (uint32_t)visit->on << view.bit;
    } else {
        s->config.user_hash_active &= (uint8_t) ~(1u << view.bit);
        s->config.user_hash_active |= (uint8_t)((uint32_t)visit->on << view.bit);
    }
    return true;
}

/* G-usbver: the longer hashes came with 6.0, as the third setup.bin format did. */
static bool add_hash(struct settings *s, const struct release *release,
                     const struct mebx_visit *visit)
{
    bool long_ones = release->setup_bin.value & SETUP_BIN_V3;

    if (visit->algorithm != CERT_HASH_SHA1 && !long_ones)
        return false;
    for (uint32_t i = 0; i < LIMIT_HASHES_USER; i++) {
        struct user_hash *hash = &s->config.user_hash[i];

        if (hash->algorithm)
            continue;
        memset(hash, 0, sizeof(*hash));
        hash->algorithm = visit->algorithm;
        memcpy(hash->bytes, visit->bytes, sizeof(hash->bytes));
        set_text(hash->name, sizeof(hash->name), visit->text);
        s->config.user_hash_active |= (uint8_t)(1u << i);
        return true;
    }
    return false;
}

/* What a server configured waits for an unprovision, as in the menu. */
static bool change_remote(struct settings *s, const struct release *release,
                          const struct mebx_visit *visit)
{
    if (!has_pki(release) || s->machine.setup_state == SETUP_PROVISIONED)
        return false;
    switch (visit->change) {
    case VISIT_RCFG:
        s->config.rcfg_enabled = visit->on;
        return true;
    case VISIT_HASH_SWITCH:
        return switch_hash(s, release, visit);
    case VISIT_HASH_ADD:
        return add_hash(s, release, visit);
    case VISIT_SUFFIX:
        return release->server_fqdn.value &&
               set_name(s->config.pki_suffix, LIMIT_PKI_SUFFIX, visit->text);
    default:
        return release->server_fqdn.value &&
               set_name(s->config.server_fqdn, LIMIT_FQDN, visit->text);
    }
}

static bool set_mode(struct settings *s, const struct release *release, uint8_t mode)
{
    s->config.mode = mode;
    return permits_by_release(release, mode, ACT_SET_MODE) &&
           s->machine.setup_state == SETUP_FACTORY &&
           (mode != MODE_SMB || !s->secret.password_default);
}

static bool set_power(struct settings *s, const struct release *release, uint8_t package)
{
    s->me.power_package = package;
    return power_package_offered(release, package);
}

/* A host name is one label. */
static bool set_host(struct settings *s, const char *name)
{
    return (!name || !strchr(name, '.')) && set_name(s->config.host_name, LIMIT_HOST_NAME, name);
}

/* As in the menu. */
static bool set_fixed(struct settings *s, const struct static_address *fixed)
{
    s->config.fixed = *fixed;
    return address_is_mask(fixed->mask) && address_is_host(fixed->ip) &&
           address_is_host(fixed->gateway) && address_is_host(fixed->dns1);
}

static bool change_settings(struct settings *s, const struct release *release,
                            const struct mebx_visit *visit)
{
    switch (visit->change) {
    case VISIT_PSK:
        return enter_key(s, visit);
    case VISIT_PASSWORD:
        return set_password(s, visit->password);
    case VISIT_MODE:
        return set_mode(s, release, visit->mode);
    case VISIT_POWER:
        return set_power(s, release, visit->package);
    case VISIT_AMT:
        s->me.manageability = visit->on ? MANAGEABILITY_AMT : MANAGEABILITY_NONE;
        return true;
    case VISIT_DHCP:
        s->config.dhcp_enabled = visit->on;
        return true;
    case VISIT_ADDRESS:
        return set_fixed(s, &visit->fixed);
    case VISIT_HOST:
        return set_host(s, visit->text);
    default:
        return change_remote(s, release, visit);
    }
}

static enum local_change change_on_leaving(const struct settings *s, const struct mebx_visit *visit)
{
    bool amt = s->me.manageability == MANAGEABILITY_AMT;

    if (amt && visit->change == VISIT_MODE && s->config.mode == MODE_SMB)
        return LOCAL_MANUAL;
    if (amt && visit->change == VISIT_PSK && s->config.mode == MODE_ENTERPRISE)
        return LOCAL_KEY_ENTERED;
    return LOCAL_SETTINGS;
}

/* Why change_settings() said no, from the settings before. */
static const char *remote_refusal(const struct settings *s, const struct release *release,
                                  const struct mebx_visit *visit)
{
    if (!has_pki(release))
        return "this release has no remote configuration";
    if (s->machine.setup_state == SETUP_PROVISIONED)
        return "the device is provisioned";
    switch (visit->change) {
    case VISIT_HASH_SWITCH:
        return "there is no such hash in the list";
    case VISIT_HASH_ADD:
        return "the release does not know this kind of hash, or its list is full";
    default:
        return release->server_fqdn.value ? "not a DNS name" : "this release has no such item";
    }
}

static const char *key_refusal(const struct settings *s, const struct mebx_visit *visit)
{
    if (s->secret.password_default && !visit->password)
        return "MEBx takes no key while the password is the default one";
    if (s->machine.setup_state == SETUP_PROVISIONED)
        return "the device is provisioned";
    return "the PID or the PPS is not a right one";
}

static const char *refusal(const struct settings *s, const struct release *release,
                           const struct mebx_visit *visit)
{
    if (visit->password && !password_is_strong(visit->password))
        return "the new password is not as MEBx wants it";
    switch (visit->change) {
    case VISIT_PSK:
        return key_refusal(s, visit);
    case VISIT_MODE:
        return s->machine.setup_state != SETUP_FACTORY
                   ? "the mode can only be changed before set-up"
                   : "MEBx does not offer this mode, or wants another password first";
    case VISIT_POWER:
        return "this release does not offer this power package";
    case VISIT_ADDRESS:
        return "not a mask, or not an address that a machine can have";
    case VISIT_HOST:
        return "not a host name";
    default:
        return remote_refusal(s, release, visit);
    }
}

static const char *visit_text(enum visit_change change)
{
    static const char *const text[] = {
        [VISIT_PSK] = "PID and PPS entered in MEBx",
        [VISIT_PASSWORD] = "password changed in MEBx",
        [VISIT_RCFG] = "remote configuration switched in MEBx",
        [VISIT_HASH_SWITCH] = "certificate hash switched in MEBx",
        [VISIT_HASH_ADD] = "certificate hash entered in MEBx",
        [VISIT_SUFFIX] = "PKI suffix entered in MEBx",
        [VISIT_FQDN] = "configuration server's name entered in MEBx",
        [VISIT_MODE] = "provisioning mode chosen in MEBx",
        [VISIT_POWER] = "power package chosen in MEBx",
        [VISIT_AMT] = "manageability feature chosen in MEBx",
        [VISIT_DHCP] = "DHCP switched in MEBx",
        [VISIT_ADDRESS] = "address entered in MEBx",
        [VISIT_HOST] = "host name entered in MEBx",
    };

    return text[change];
}

bool mebx_visit_apply(struct world *world, const struct release *release,
                      const struct mebx_visit *visit)
{
    const struct settings *shown = world_settings(world);
    struct local_outcome outcome;
    bool done;

    if (!shown) {
        world_explain(world, "the ME has no power");
        return false;
    }
    outcome.settings = *shown;
    done = change_settings(&outcome.settings, release, visit);
    if (done) {
        outcome.change = change_on_leaving(&outcome.settings, visit);
        done = world_mebx_leave(world, &outcome, visit_text(visit->change));
    } else {
        world_explain(world, refusal(shown, release, visit));
    }
    wipe(&outcome, sizeof(outcome));
    return done;
}

static void no_screen(void *ctx, char c)
{
    (void)ctx;
    (void)c;
}

bool mebx_visit_type(struct world *world, const struct release *release,
                     const struct oem_profile *oem, const char *keys)
{
    const struct settings *shown = world_settings(world);
    struct setup setup;
    struct local_outcome outcome;
    struct mebx mebx;
    bool left = false;

    if (!shown) {
        world_explain(world, "the ME has no power");
        return false;
    }
    setup_restore(&setup, shown, 0);
    mebx_open(&mebx, &outcome, shown, &setup, release, oem, (struct text_out){no_screen, NULL});
    for (; *keys && !left; keys++)
        left = mebx_input(&mebx, *keys);
    if (!left)
        world_explain(world, "the keys do not leave the menu");
    else if (*keys)
        world_explain(world, "the menu was left before the last key");
    else if (outcome.change == LOCAL_NONE)
        world_explain(world, "the menu was left without a change");
    left = left && !*keys && outcome.change != LOCAL_NONE &&
           world_mebx_leave(world, &outcome, "MEBx used at the keyboard");
    wipe(&mebx, sizeof(mebx));
    wipe(&outcome, sizeof(outcome));
    return left;
}
