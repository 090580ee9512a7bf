// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/usbkey/usbkey_apply.h"

#include <stddef.h>
#include <string.h>

#include "fw/core/address.h"
#include "fw/core/bytes.h"
#include "fw/core/password.h"
#include "fw/core/permits.h"
#include "fw/core/power.h"
#include "fw/core/psk.h"
#include "fw/core/wipe.h"

void usbkey_apply_begin(struct usbkey_apply *apply, const struct release *release,
                        const struct usbkey_file *file, struct settings *settings)
{
    memset(apply, 0, sizeof(*apply));
    apply->release = release;
    apply->settings = settings;
    apply->format = file->format;
}

bool usbkey_apply_seen(const struct usbkey_apply *apply, uint16_t module, uint16_t variable)
{
    return apply->seen[module] >> variable & 1u;
}

static bool is_variable(const struct usbkey_entry *entry, uint16_t module, uint16_t variable)
{
    return entry->module == module && entry->variable == variable;
}

/* One-touch requires the default password and replaces it: the new password is always the second
 * entry. */
static bool in_order(const struct usbkey_apply *apply, const struct usbkey_entry *entry)
{
    bool again = usbkey_apply_seen(apply, entry->module, entry->variable);

    if (apply->position == 0)
        return is_variable(entry, USBKEY_ME, USBKEY_PASSWORD_NOW);
    if (apply->position == 1)
        return is_variable(entry, USBKEY_ME, USBKEY_PASSWORD_NEW);
    if (is_variable(entry, USBKEY_ME, USBKEY_MANAGEABILITY))
        return apply->position == 2;
    if (is_variable(entry, USBKEY_CM, USBKEY_ADD_HASH))
        return apply->format >= USBKEY_V3 ||
               usbkey_apply_seen(apply, USBKEY_CM, USBKEY_USER_HASHES);
    if (is_variable(entry, USBKEY_CM, USBKEY_PKI_SUFFIX) ||
        is_variable(entry, USBKEY_CM, USBKEY_SERVER_FQDN) ||
        is_variable(entry, USBKEY_CM, USBKEY_SERVER_ADDRESS))
        return !again && !usbkey_apply_seen(apply, USBKEY_CM, USBKEY_SETUP_ACTIVE);
    return !again;
}

static uint16_t number_of(const struct usbkey_entry *entry, const uint8_t *value)
{
    return (uint16_t)(entry->length == 1 ? value[0] : value[0] | value[1] << 8);
}

/* Whether length and range are those of the list of variables. */
static bool is_in_range(const struct usbkey_variable *v, const struct usbkey_entry *entry,
                        const uint8_t *value)
{
    if (entry->length < v->shortest || entry->length > v->longest)
        return false;
    if (v->type == USBKEY_NUMBER)
        return number_of(entry, value) >= v->lowest && number_of(entry, value) <= v->limit;
    return v->type != USBKEY_TEXT || !memchr(value, 0, entry->length);
}

static int result_of(bool good)
{
    return good ? USBKEY_APPLIED : USBKEY_VALUE;
}

/* Fills all of out, so that equal settings have equal bytes. */
static bool copy_text(const struct usbkey_entry *entry, const uint8_t *value, char *out,
                      size_t size)
{
    if (entry->length >= size)
        return false;
    memset(out, 0, size);
    memcpy(out, value, entry->length);
    return true;
}

static bool copy_dns_name(const struct usbkey_entry *entry, const uint8_t *value, char *out,
                          size_t size)
{
    return copy_text(entry, value, out, size) && settings_dns_name_ok(out, (uint32_t)size - 1);
}

static int check_password(const struct settings *s, const struct usbkey_entry *entry,
                          const uint8_t *value)
{
    bool same = strlen(s->secret.password) == entry->length &&
                memcmp(s->secret.password, value, entry->length) == 0;

    return same ? USBKEY_APPLIED : USBKEY_PASSWORD;
}

static bool set_password(struct settings *s, const struct usbkey_entry *entry, const uint8_t *value)
{
    if (!copy_text(entry, value, s->secret.password, sizeof(s->secret.password)))
        return false;
    s->secret.password_default = false;
    return password_is_strong(s->secret.password);
}

static bool set_power_package(const struct usbkey_apply *apply, const uint8_t *guid)
{
    for (uint32_t i = 0; i < POWER_PACKAGES; i++) {
        if (memcmp(power_guids[i], guid, POWER_GUID_BYTES) != 0)
            continue;
        apply->settings->me.power_package = (uint8_t)i;
        return power_package_offered(apply->release, i);
    }
    return false;
}

static int apply_me(struct usbkey_apply *apply, const struct usbkey_entry *entry,
                    const uint8_t *value)
{
    struct settings *s = apply->settings;

    switch (entry->variable) {
    case USBKEY_PASSWORD_NOW:
        return check_password(s, entry, value);
    case USBKEY_PASSWORD_NEW:
        return result_of(set_password(s, entry, value));
    case USBKEY_MANAGEABILITY:
        s->me.manageability = value[0];
        return USBKEY_APPLIED;
    case USBKEY_POWER_PACKAGE:
        return result_of(set_power_package(apply, value));
    default: /* firmware update: has no effect here */
        return USBKEY_APPLIED;
    }
}

static bool set_psk(struct settings *s, const struct usbkey_entry *entry, const uint8_t *value)
{
    char as_written[LIMIT_PPS + 8];
    bool good = copy_text(entry, value, as_written, sizeof(as_written));

    if (good)
        good = entry->variable == USBKEY_PID ? psk_read_pid(as_written, s->secret.pid)
                                             : psk_read_pps(as_written, s->secret.pps);
    wipe(as_written, sizeof(as_written));
    return good;
}

/* Those that there are: what a newer firmware brings is not switched off, nor is it erased by an
 * unprovision (release->erases_inactive). */
static void set_builtin_hashes(struct usbkey_apply *apply, bool on)
{
    struct setup_settings *c = &apply->settings->config;

    c->hash_active =
        on ? UINT32_MAX : UINT32_MAX << (apply->release->roots.count + c->oem_roots.count);
}

static void set_user_hashes(struct settings *s, uint8_t what)
{
    if (what == USBKEY_HASHES_DELETE)
        memset(s->config.user_hash, 0, sizeof(s->config.user_hash));
    s->config.user_hash_active = 0;
    for (uint32_t i = 0; i < LIMIT_HASHES_USER; i++)
        if (what == USBKEY_HASHES_ENABLE && s->config.user_hash[i].algorithm)
            s->config.user_hash_active |= (uint8_t)(1u << i);
}

static bool is_printable(const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (name[i] < 32 || name[i] > 126)
            return false;
    return true;
}

/* The hash is active at once unless 2/7 has switched the user's hashes off (assumed). */
static bool add_hash(struct usbkey_apply *apply, const struct usbkey_entry *entry,
                     const uint8_t *value)
{
    struct settings *s = apply->settings;
    uint8_t bytes = cert_hash_bytes(value[0]);
    uint32_t slot = 0, name_len;

    if (bytes == 0 || (value[0] != CERT_HASH_SHA1 && apply->format < USBKEY_V3))
        return false;
    if (entry->length < 2u + bytes)
        return false;
    name_len = value[1 + bytes];
    if (name_len > LIMIT_HASH_NAME || entry->length != 2u + bytes + name_len ||
        !is_printable(value + 2 + bytes, name_len))
        return false;
    while (slot < LIMIT_HASHES_USER && s->config.user_hash[slot].algorithm)
        slot++;
    if (slot == LIMIT_HASHES_USER)
        return false;
    memset(&s->config.user_hash[slot], 0, sizeof(s->config.user_hash[slot]));
    s->config.user_hash[slot].algorithm = value[0];
    memcpy(s->config.user_hash[slot].bytes, value + 1, bytes);
    memcpy(s->config.user_hash[slot].name, value + 2 + bytes, name_len);
    if (!apply->user_hashes_off)
        s->config.user_hash_active |= (uint8_t)(1u << slot);
    return true;
}

/* 1.2.3.4 = 04 03 02 01: MC-bin's writer reverses the address, as a little-endian number. */
static uint32_t read_address(const uint8_t *p)
{
    return get_le32(p);
}

static bool is_none_or_host(uint32_t ip)
{
    return ip == 0 || address_is_host(ip);
}

static bool set_static_ipv4(struct static_address *fixed, const uint8_t *value)
{
    *fixed = (struct static_address){
        .ip = read_address(value),
        .mask = read_address(value + 4),
        .gateway = read_address(value + 8),
        .dns1 = read_address(value + 12),
        .dns2 = read_address(value + 16),
    };
    return address_is_host(fixed->ip) && address_is_mask(fixed->mask) &&
           is_none_or_host(fixed->gateway) && is_none_or_host(fixed->dns1) &&
           is_none_or_host(fixed->dns2);
}

static bool apply_text(struct settings *s, const struct usbkey_entry *entry, const uint8_t *value)
{
    switch (entry->variable) {
    case USBKEY_PKI_SUFFIX:
        return copy_dns_name(entry, value, s->config.pki_suffix, sizeof(s->config.pki_suffix));
    case USBKEY_SERVER_FQDN:
        return copy_dns_name(entry, value, s->config.server_fqdn, sizeof(s->config.server_fqdn));
    case USBKEY_HOST_NAME:
        return copy_dns_name(entry, value, s->config.host_name, sizeof(s->config.host_name)) &&
               !memchr(value, '.', entry->length);
    case USBKEY_DOMAIN:
        return copy_dns_name(entry, value, s->config.domain, sizeof(s->config.domain));
    case USBKEY_PID:
    case USBKEY_PPS:
        return set_psk(s, entry, value);
    default: /* nothing here depends on the others */
        return true;
    }
}

static void apply_number(struct usbkey_apply *apply, uint16_t variable, uint16_t n)
{
    struct settings *s = apply->settings;

    switch (variable) {
    case USBKEY_RCFG:
        s->config.rcfg_enabled = n;
        return;
    case USBKEY_BUILTIN_HASHES:
        set_builtin_hashes(apply, n);
        return;
    case USBKEY_USER_HASHES:
        apply->user_hashes_off = n == USBKEY_HASHES_DISABLE;
        set_user_hashes(s, (uint8_t)n);
        return;
    case USBKEY_REDIRECTION:
        s->config.redirection = (uint8_t)n;
        return;
    case USBKEY_DHCP:
        s->config.dhcp_enabled = n == USBKEY_DHCP_ON;
        return;
    case USBKEY_IDLE_TIMEOUT:
        s->me.idle_timeout_min = n;
        return;
    case USBKEY_MODE:
        s->config.mode = n == USBKEY_MODE_SMB ? MODE_SMB : MODE_ENTERPRISE;
        apply->manual |= n == USBKEY_MODE_SMB;
        return;
    case USBKEY_SERVER_PORT:
        s->config.server_port = n;
        return;
    case USBKEY_PASSWORD_POLICY:
        s->config.password_policy = (uint8_t)n;
        return;
    case USBKEY_SETUP_ACTIVE:
        apply->active = n;
        return;
    case USBKEY_MANUAL:
        apply->manual |= n == 1;
        return;
    default: /* nothing here depends on the others */
        return;
    }
}

static int apply_cm(struct usbkey_apply *apply, const struct usbkey_entry *entry, uint8_t type,
                    const uint8_t *value)
{
    struct settings *s = apply->settings;

    switch (type) {
    case USBKEY_TEXT:
        return result_of(apply_text(s, entry, value));
    case USBKEY_NUMBER:
        apply_number(apply, entry->variable, number_of(entry, value));
        return result_of(s->config.mode != MODE_SMB ||
                         permits_by_release(apply->release, MODE_SMB, ACT_SET_MODE));
    case USBKEY_HASH:
        return result_of(add_hash(apply, entry, value));
    case USBKEY_ADDRESS: /* 0: the server is looked up */
        s->config.server_ip = read_address(value);
        return result_of(is_none_or_host(s->config.server_ip));
    case USBKEY_IPV4:
        return result_of(set_static_ipv4(&s->config.fixed, value));
    default:
        return USBKEY_APPLIED;
    }
}

const struct usbkey_variable *usbkey_apply_known(const struct usbkey_apply *apply,
                                                 const struct usbkey_entry *entry)
{
    const struct usbkey_variable *v = usbkey_variable(entry->module, entry->variable);

    return v && v->format <= apply->format ? v : NULL;
}

int usbkey_apply_entry(struct usbkey_apply *apply, const struct usbkey_entry *entry,
                       const uint8_t *value)
{
    const struct usbkey_variable *v = usbkey_apply_known(apply, entry);

    if (!v && apply->position >= 2) {
        apply->position++;
        apply->ignored++;
        return entry->module > USBKEY_CM ? USBKEY_MALFORMED : USBKEY_APPLIED;
    }
    if (!v || !in_order(apply, entry))
        return USBKEY_ORDER;
    if (!is_in_range(v, entry, value))
        return USBKEY_VALUE;
    apply->position++;
    apply->seen[entry->module] |= (uint64_t)1 << entry->variable;
    return entry->module == USBKEY_ME ? apply_me(apply, entry, value)
                                      : apply_cm(apply, entry, v->type, value);
}

int usbkey_apply_end(const struct usbkey_apply *apply, struct usbkey_entry *entry)
{
    bool pid = usbkey_apply_seen(apply, USBKEY_CM, USBKEY_PID);
    bool pps = usbkey_apply_seen(apply, USBKEY_CM, USBKEY_PPS);

    entry->module = USBKEY_ME;
    if (apply->position < 2) {
        entry->variable = apply->position == 0 ? USBKEY_PASSWORD_NOW : USBKEY_PASSWORD_NEW;
        return USBKEY_ORDER;
    }
    if (pid != pps) {
        entry->module = USBKEY_CM;
        entry->variable = pid ? USBKEY_PPS : USBKEY_PID;
        return USBKEY_VALUE;
    }
    return USBKEY_APPLIED;
}
