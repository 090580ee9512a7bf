#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"

/* All that survives power loss, as a value. fw/store writes it; the functions here say what each
 * kind of reset keeps. Texts are NUL-terminated. */

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

struct static_address { /* 1.2.3.4 = 0x01020304, 0 = none */
    uint32_t ip, mask, gateway, dns1, dns2;
};

struct user_hash {
    uint8_t algorithm; /* 0 = slot unused */
    uint8_t bytes[LIMIT_HASH_BYTES];
    char name[LIMIT_HASH_NAME + 1];
};

/* What is small stands before what is long, within reach of the short instructions. */

struct machine_settings { /* where the state machine stood */
    uint8_t setup_state;
    uint8_t window_kind;
    uint32_t window_left_s;
    uint32_t bmp_left_s;
};

struct me_settings {           /* the ME's own: no unprovision touches them */
    uint8_t manageability;     /* enum manageability */
    uint8_t power_package;     /* index into power_packages() */
    uint16_t idle_timeout_min; /* before a wakeable ME sleeps */
};

struct setup_settings {       /* what set-up goes by, and what it leaves behind */
    uint8_t mode;             /* enum provisioning_mode */
    bool rcfg_enabled;        /* remote configuration, "zero touch" */
    bool dhcp_enabled;        /* else the fixed address is used */
    uint8_t redirection;      /* REDIRECTION_ bits that are on */
    uint8_t password_policy;  /* enum password_policy */
    uint8_t user_hash_active; /* bit i: user hash i is active */
#if FW_MANAGE
    bool tls_off;      /* provisioned in enterprise mode: 16992 and 16994, not 16993 and 16995 */
    bool own_identity; /* the store has a key and a certificate for TLS (settings_store.h) */
#endif
    uint16_t server_port; /* 9971 unless changed (S1, S2) */
    uint32_t server_ip;   /* 0 = look it up; 1.2.3.4 = 0x01020304 */
    uint32_t hash_active; /* bit i: built-in hash i is active, the release's then the OEM's */
    struct static_address fixed;
    /* Not stored: settings_factory() sets it before a stored state is read over the rest. */
    struct root_set oem_roots; /* the OEM's own hashes; their bits follow the release's */
    char host_name[LIMIT_HOST_NAME + 1];
    char domain[LIMIT_DOMAIN + 1]; /* entered in MEBx, or set by a server */
    char pki_suffix[LIMIT_SUFFIX + 1];
    char server_fqdn[LIMIT_FQDN + 1]; /* configuration server */
    struct user_hash user_hash[LIMIT_HASHES_USER];
};

struct secret_settings {   /* in no output, and wiped where a copy of them ends */
    bool password_default; /* MEBx password still "admin" */
    char password[LIMIT_PASSWORD + 1];
    char pid[LIMIT_PID + 1]; /* "" = no pre-shared key loaded */
    char pps[LIMIT_PPS + 1];
    char otp[LIMIT_OTP + 1];
#if FW_MANAGE
    /* The network's administrator, once a server has set one: else "admin", with the MEBx password.
     * Digest as HTTP's: MD5 of user:realm:password, 32 small digits (MC). */
    char admin_user[LIMIT_ADMIN_USER + 1];
    char admin_digest[LIMIT_DIGEST + 1];
#endif
};

struct settings {
    struct machine_settings machine;
    struct me_settings me;
    struct setup_settings config;
    struct secret_settings secret;
};

/* A provisioned device's ports, or those it would have, are those with TLS (S3). */
static inline bool settings_tls(const struct settings *s)
{
#if FW_MANAGE
    if (s->config.tls_off)
        return false;
#endif
    return s->config.mode == MODE_ENTERPRISE;
}

/* A server has set an administrator of its own (MC, WSM). */
static inline bool settings_admin(const struct settings *s)
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

/* A device as it leaves this OEM's factory, its pre-loaded PID/PPS included. */
void settings_factory(struct settings *s, const struct release *release,
                      const struct oem_profile *oem);

/* What full unprovision erases and restores (behaviour: fw/DESIGN.md, "What a reset keeps"). The
 * ME's own settings stay: MEBx password, power package, idle time-out, manageability. to_intel
 * selects Intel's default (bare-metal on, remote configuration on, no pre-shared key) instead of
 * the OEM's (with the key that the OEM loaded: assumed). All built-in hashes become active, the
 * OEM's among them (COMM1395). */
void settings_full_unprovision(struct settings *s, const struct release *release,
                               const struct oem_profile *oem, bool to_intel);

/* Partial unprovision keeps PID/PPS, names, server address, mode, password and what MEBx says of
 * the ME (G-restore, WSM, DELL). What the text does not name is reset: redirection, fixed address.
 */
void settings_partial_unprovision(struct settings *s);

/* CMOS battery lost: as full unprovision, the MEBx password is "admin" again (S3) and manageability
 * is AMT; the power settings stay (DELL). */
void settings_cmos_lost(struct settings *s, const struct release *release,
                        const struct oem_profile *oem, bool to_intel);

enum credentials {
    CREDENTIALS_NONE,
    CREDENTIALS_PSK, /* PID/PPS loaded; wins when both are possible (assumed) */
    CREDENTIALS_PKI, /* remote configuration enabled and at least one active hash */
};

enum credentials settings_credentials(const struct settings *s, const struct release *release);
/* The same once a partial unprovision has erased the user's hashes. */
enum credentials settings_credentials_kept(const struct settings *s, const struct release *release);

/* Hash handles count 0.. : the release's, then the OEM's, then user slots in use. */
struct hash_view {
    const char *name;
    uint8_t algorithm;
    const uint8_t *bytes;
    uint8_t bit; /* in hash_active; of a user's hash in user_hash_active, and its slot */
    bool is_default;
    bool active;
};

uint32_t settings_hash_count(const struct settings *s, const struct release *release);
bool settings_hash(const struct settings *s, const struct release *release, uint32_t handle,
                   struct hash_view *out); /* false: no such handle */

/* The hello that a device with these settings sends. uuid is in wire order; out's hashes point into
 * the release table, the OEM profile and the settings. False when there are no credentials to
 * offer. */
struct hello;
bool settings_hello(const struct settings *s, const struct release *release,
                    const struct oem_profile *oem, const uint8_t uuid[LIMIT_UUID_BYTES],
                    uint32_t retry, struct hello *out);

/* Letters, digits, '-' and '.', labels of 1 to 63, at most max bytes (S4: an underscore makes
 * provisioning fail). The empty text is not a name. */
bool settings_dns_name_ok(const char *name, uint32_t max);

#endif
