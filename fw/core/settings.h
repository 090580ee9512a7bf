// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/users.h"

/* All settings that survive a loss of power, as a value. fw/store stores it; the functions here
 * decide what each kind of reset keeps. Texts are NUL-terminated. */

enum provisioning_mode { /* GetProvisioningMode's numbering (RPC, LMS) */
                         MODE_NONE = 0,
                         MODE_ENTERPRISE = 1,
                         MODE_SMB = 2,
};

enum manageability { /* MEBx "manageability feature", setup.bin 1/3 */
                     MANAGEABILITY_NONE = 0,
                     MANAGEABILITY_AMT = 1,
};

enum password_policy { /* when a server may set the MEBx password (WSM, LMS-cim) */
                       PASSWORD_DEFAULT_ONLY = 0,
                       PASSWORD_DURING_SETUP = 1,
                       PASSWORD_ANYTIME = 2,
};

#define REDIRECTION_SOL 1u /* setup.bin 2/10 */
#define REDIRECTION_IDER 2u
#define REDIRECTION_USER 4u
#define REDIRECTION_LEGACY 8u /* "legacy redirection mode": from 6.0 on, in MEBx only (MEBX7) */

struct static_address { /* 1.2.3.4 = 0x01020304, 0 = none */
    uint32_t ip, mask, gateway, dns1, dns2;
};

struct user_hash {
    uint8_t algorithm; /* 0 = slot unused */
    uint8_t bytes[LIMIT_HASH_BYTES];
    char name[LIMIT_HASH_NAME + 1];
};

/* Small fields stand before long ones, within reach of the short load instructions. */

struct machine_settings { /* the state machine's, as last saved */
    uint8_t setup_state;
    uint8_t window_kind;
    uint32_t window_left_s;
    uint32_t bmp_left_s;
};

struct me_settings {           /* the ME's own, which no unprovision changes */
    uint8_t manageability;     /* enum manageability */
    uint8_t power_package;     /* index into power_packages() */
    uint16_t idle_timeout_min; /* after which a wakeable ME sleeps */
#if FW_MANAGE
    /* The version of the firmware that has made the self-signed certificate anew; "" = it is the
     * factory's. A new one is made by an unprovision of a provisioned device (CERT321). */
    char certificate_by[LIMIT_VERSION + 1];
#endif
};

struct setup_settings {       /* what set-up uses, and what it sets */
    uint8_t mode;             /* enum provisioning_mode */
    bool rcfg_enabled;        /* remote configuration, "zero touch" */
    bool dhcp_enabled;        /* otherwise the fixed address is used */
    uint8_t redirection;      /* REDIRECTION_ bits that are on */
    uint8_t password_policy;  /* enum password_policy */
    uint8_t user_hash_active; /* bit i: user hash i is active */
#if FW_MANAGE
    bool tls_off; /* provisioned in enterprise mode: ports 16992 and 16994, not 16993 and 16995 */
    bool own_identity; /* the store has a key and a certificate for TLS (settings_store.h) */
    uint32_t redirect_service; /* what an administrator has said of redirection (redirection.h) */
#endif
    uint16_t server_port; /* 9971 unless changed (S1, S2) */
    uint32_t server_ip;   /* 0 = look it up; 1.2.3.4 = 0x01020304 */
    uint32_t
        hash_active;      /* bit i: built-in hash i is active; the OEM's follow the release's. All
                             bits are set at first, so that the roots of a newer firmware are active */
    uint32_t hash_erased; /* bit i: it is gone for good (release->erases_inactive) */
    struct static_address fixed;
    /* Not stored: settings_factory() sets it before the stored settings are read over the rest. */
    struct root_set oem_roots; /* the OEM's own hashes; their bits follow the release's */
    char host_name[LIMIT_HOST_NAME + 1];
    char domain[LIMIT_DOMAIN + 1]; /* entered in MEBx, or set by a server */
    char pki_suffix[LIMIT_PKI_SUFFIX + 1];
    char server_fqdn[LIMIT_FQDN + 1]; /* configuration server */
    struct user_hash user_hash[LIMIT_HASHES_USER];
};

struct secret_settings {   /* never in any output; every copy is wiped */
    bool password_default; /* MEBx password still "admin" */
    char password[LIMIT_PASSWORD + 1];
    char pid[LIMIT_PID + 1]; /* "" = no pre-shared key loaded */
    char pps[LIMIT_PPS + 1];
    char otp[LIMIT_OTP_MAX + 1];
#if FW_MANAGE
    /* The network's administrator, once a server has set one; until then "admin" with the MEBx
     * password. The digest is HTTP's: MD5 of user:realm:password, 32 lower-case digits (MC). */
    char admin_user[LIMIT_ADMIN_USER + 1];
    char admin_digest[LIMIT_DIGEST_DIGITS + 1];
#endif
#if FW_MACHINE
    struct users users; /* beside the administrator */
#endif
};

struct settings {
    struct machine_settings machine;
    struct me_settings me;
    struct setup_settings config;
    struct secret_settings secret;
};

/* Whether a provisioned device's ports use TLS (S3). */
static inline bool settings_tls_on(const struct settings *s)
{
#if FW_MANAGE
    if (s->config.tls_off)
        return false;
#endif
    return s->config.mode == MODE_ENTERPRISE;
}

/* Whether a server has set an administrator (MC, WSM). */
static inline bool settings_has_admin(const struct settings *s)
{
#if FW_MANAGE
    return s->secret.admin_digest[0] != '\0';
#else
    (void)s;
    return false;
#endif
}

#define SERVER_PORT_DEFAULT 9971   /* S1-S4 */
#define IDLE_TIMEOUT_DEFAULT_MIN 1 /* assumed */
#define REDIRECTION_ALL (REDIRECTION_SOL | REDIRECTION_IDER | REDIRECTION_USER)

/* The settings of a device that leaves this OEM's factory, with its pre-loaded PID/PPS. */
void settings_factory(struct settings *s, const struct release *release,
                      const struct oem_profile *oem);

/* Full unprovision (behaviour: fw/DESIGN.md, "What a reset keeps"). The MEBx password and the ME's
 * own settings stay: power package, idle time-out, manageability. to_intel selects Intel's defaults
 * (bare-metal on, remote configuration on) instead of the OEM's. A key that the OEM loaded does not
 * come back (S4, G-restore). All built-in hashes become active, the OEM's among them (COMM1395),
 * unless the release erases those that were switched off. */
void settings_full_unprovision(struct settings *s, const struct release *release,
                               const struct oem_profile *oem, bool to_intel);

/* Partial unprovision keeps PID/PPS, names, server address, mode, password, the administrator and
 * the ME's own settings, and erases the other users (G-restore, WSM, DELL). What the sources do not
 * name is reset: redirection, fixed address. */
void settings_partial_unprovision(struct settings *s);

/* CMOS battery lost: like a full unprovision; besides, the MEBx password is "admin" again (S3) and
 * manageability is AMT. The power settings stay (DELL). */
void settings_cmos_lost(struct settings *s, const struct release *release,
                        const struct oem_profile *oem, bool to_intel);

enum credentials {
    CREDENTIALS_NONE,
    CREDENTIALS_PSK, /* PID/PPS are loaded; preferred when both are possible (assumed) */
    CREDENTIALS_PKI, /* remote configuration enabled and at least one active hash */
};

enum credentials settings_credentials(const struct settings *s, const struct release *release);
/* The credentials that would be left after a partial unprovision, which erases the user's
 * hashes. */
enum credentials settings_credentials_kept(const struct settings *s, const struct release *release);

/* Hash handles count from 0: the release's hashes, then the OEM's, then the user's slots in use. */
struct hash_view {
    const char *name;
    uint8_t algorithm;
    const uint8_t *bytes;
    uint8_t bit; /* its bit in hash_active; a user's hash: in user_hash_active, and its slot */
    bool is_default;
    bool active;
};

uint32_t settings_hash_count(const struct settings *s, const struct release *release);
bool settings_find_hash(const struct settings *s, const struct release *release, uint32_t handle,
                        struct hash_view *out); /* false: no such handle */

/* The hello of a device with these settings. uuid is in wire order; out's hashes point into the
 * release table, the OEM profile and the settings. False: no credentials to offer. */
struct hello;
bool settings_make_hello(const struct settings *s, const struct release *release,
                         const struct oem_profile *oem, const uint8_t uuid[LIMIT_UUID_BYTES],
                         uint32_t retry, struct hello *out);

/* As below, and with '_', which Active Directory allows in the name of a domain. */
bool settings_domain_ok(const char *name, uint32_t max);
/* Whether it is a DNS name: letters, digits, '-' and '.', labels of 1 to 63 characters, at most max
 * bytes (S4: an underscore makes provisioning fail). The empty text is not one. */
bool settings_dns_name_ok(const char *name, uint32_t max);

#endif
