// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_RELEASE_H
#define CORE_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* Release behaviour as data: one struct release for each firmware line, one struct oem_profile for
 * each way in which OEMs ship it. Every value carries its source: a key of SOURCES.md, or a text
 * with "assumed", where no source gives all of it. "against" names a source that says otherwise.
 * Without FW_TEXTS (config.h) an image holds the values only. To add a
 * line, add a row to release.c. */

struct rule {
    uint16_t value;
#if FW_TEXTS
    const char *source;
#endif
};

/* The intervals between hellos: `count` intervals of `minutes` each, step by step; the last step
 * repeats until the window closes. Attempt 0 is made when the schedule starts. */
struct hello_step {
    uint8_t count; /* 0 ends the list; the step before it repeats */
    uint8_t minutes;
};

#define HELLO_STEPS 4

struct hello_schedule {
    struct hello_step step[HELLO_STEPS];
    uint8_t retry_max; /* the retry field stays at this once it is reached (G-hello: 0-14) */
#if FW_TEXTS
    const char *source;
#endif
};

/* 'A' or 'B'; NULL for another letter. */
const struct hello_schedule *hello_schedule_find(char letter);

/* Numbered as in the hello (G-hello). */
enum cert_hash_algorithm {
    CERT_HASH_SHA1 = 1,
    CERT_HASH_SHA256 = 2,
    CERT_HASH_SHA384 = 3,
};

/* Bytes of a hash of that algorithm, 0 for an unknown one. */
uint8_t cert_hash_bytes(uint8_t algorithm);

struct cert_hash {
    const char *name; /* friendly name, <= LIMIT_HASH_NAME */
    const uint8_t *bytes;
    uint8_t algorithm;
#if FW_TEXTS
    const char *source;
#endif
};

struct root_set {
    const struct cert_hash *hash;
    uint8_t count; /* <= LIMIT_HASHES_BUILTIN */
#if FW_TEXTS
    const char *source; /* for which hashes there are; each hash has its own source for its bytes */
#endif
};

/* AMTHI commands that a generation added to those of 2.0. */
enum amthi_generation {
    AMTHI_GEN_AGENT = 1 << 0,         /* 29..30, 36, 3B: remote configuration (2.2, 2.6, 3.0) */
    AMTHI_GEN_ENVIRONMENT = 1 << 1,   /* 3E, 3F: environment detection (3.0) */
    AMTHI_GEN_REMOTE_ACCESS = 1 << 2, /* 44..46, 4D (4.0) */
    AMTHI_GEN_AUDIT = 1 << 3,         /* 50 (5.1) */
    AMTHI_GEN_6_0 = 1 << 4,           /* 52, 56, 58, 5B, 5E, 62, 67 */
};

/* How the name in the SCA's certificate is compared with the reference domain. Under both rules it
 * may be the domain itself, or a wildcard of it (MC). */
enum suffix_rule {
    SUFFIX_EQUAL,           /* the CN's domain part equals it (2.2, 3.0: COMM1395) */
    SUFFIX_LAST_TWO_LABELS, /* in .com and .net the last two labels decide (2.6 on: COMM1395, S4) */
};

#define PROTOCOL_EOI 1u
#define PROTOCOL_WSMAN 2u

/* setup.bin formats, bit per format (G-usbver) */
#define SETUP_BIN_V1 1u
#define SETUP_BIN_V2_0 2u
#define SETUP_BIN_V2_1 4u
#define SETUP_BIN_V3 8u
#define SETUP_BIN_V4 16u

/* TLS versions, bit per version; also those of FW_TLS_VERSIONS (config.h) */
enum tls_version {
    TLS_VERSION_1_0 = 1 << 0,
    TLS_VERSION_1_1 = 1 << 1,
    TLS_VERSION_1_2 = 1 << 2,
};

enum platform { PLATFORM_DESKTOP, PLATFORM_MOBILE, PLATFORM_BOTH };

/* What a full unprovision or a lost CMOS battery resets to; 0 in an OEM profile: as the release
 * says */
enum unprovision_default { UNPROVISION_TO_INTEL = 1, UNPROVISION_TO_OEM };

/* Small-business (SMB) mode, and the unprovisions that end it */
enum small_business {
    SMALL_BUSINESS_FULL, /* only the full one */
    SMALL_BUSINESS_BOTH, /* the partial one, too */
    SMALL_BUSINESS_NONE, /* MEBx does not offer a choice of mode */
};

/* Presence pings (RMCP): from none on each says more than the one before */
enum presence {
    PRESENCE_NONE,        /* not answered */
    PRESENCE_ENTITY,      /* when provisioned; DASH among the entities */
    PRESENCE_INTERACTION, /* DASH among the interactions */
    PRESENCE_STATE,       /* with port, release and state */
    PRESENCE_EARLY,       /* before, too, while the interface is open and the host leases */
};

/* Classes of WS-Man that came with a later release, bits */
enum later_class {
    LATER_OPT_IN = 1,           /* IPS_OptInService */
    LATER_HOST_BASED_SETUP = 2, /* IPS_HostBasedSetupService */
    LATER_KVM = 4               /* CIM_KVMRedirectionSAP */
};

struct release {
#if FW_TEXTS
    const char *name; /* what it is called here: "5.0.2", "2.5" */
#endif
    const char *version; /* as the device says it, always three parts: "5.0.2", "2.5.0" */
    struct root_set roots;
    struct rule bare_metal_schedule; /* its letter; while the bare-metal window is open */
    struct rule commanded_schedule;  /* in every other window */
    struct rule unprovision_to;      /* enum unprovision_default */
    struct rule small_business;      /* enum small_business */
    struct rule key_in_setup;        /* 1: a USB key is applied after set-up has begun, too */
    struct rule erases_inactive;     /* 1: a full unprovision erases hashes that are switched off */
    struct rule intel_bmp_hours;     /* Intel's default bare-metal timer */
    struct rule bmp_hours_max;       /* the most that an OEM may set */
    struct rule commanded_hours;     /* window opened by agent, MEBx, USB key; 0 = no limit */
    struct rule pki_bare_metal;      /* 1: a bare-metal start may use certificate hashes */
    struct rule pki_by_agent;        /* 1: StartConfiguration may use certificate hashes */
    struct rule ac_reopens_window;   /* 1: a firmware reset re-opens an expired window */
    struct rule server_fqdn;         /* 1: a configuration-server FQDN is looked up first */
    struct rule platform;            /* enum platform: decides which power packages are offered */
    struct rule amthi;               /* enum amthi_generation bits */
    struct rule protocols;           /* PROTOCOL_ bits */
    struct rule setup_bin;           /* SETUP_BIN_ bits */
    struct rule suffix;              /* enum suffix_rule */
    struct rule key_bits_max;        /* of the SCA certificate chain */
    struct rule tls_versions;        /* enum tls_version bits that the set-up port offers */
    struct rule own_key_bits;        /* RSA key of the self-signed set-up certificate */
#if FW_MANAGE
    struct rule commit_host_name; /* 1: with DHCP, CommitChanges needs a host name */
    struct rule digest_repeats; /* 1: on a TLS connection an answer to a challenge is good again */
    struct rule old_certificate_invalid; /* 1: servers read a self-signed certificate that an older
                                            firmware has made as invalid */
    struct rule presence;                /* enum presence */
#endif
#if FW_MACHINE
    struct rule later_classes; /* enum later_class bits */
#endif
    struct rule sku;   /* GetCodeVersions "Sku"; a bit map from 2.5 on, before a number */
    struct rule build; /* GetCodeVersions "Build Number" */
};

/* How an OEM ships a board: a device's values when it leaves the factory. */
struct oem_profile {
    const char *name;         /* "intel", "bmp-off" */
    struct rule bmp_hours;    /* 0 = bare-metal provisioning off; OEM_BMP_INTEL = release default */
    struct rule rcfg_enabled; /* remote configuration (zero touch) */
    struct rule localized_bios;   /* 1: the hello says that admin credentials are not set (S1) */
    struct rule power_package;    /* index into power_packages() */
    struct rule unprovision_to;   /* enum unprovision_default, 0 = the release's */
    const char *pid, *pps;        /* pre-loaded key, "" = none; 8 and 32 characters */
    const struct cert_hash *hash; /* added by the OEM to the release's, with the same status */
    uint8_t hash_count;           /* with any release's roots <= LIMIT_HASHES_BUILTIN */
    const char *default_domain;   /* "" = none (S1: "this is an OEM option and may be blank") */
    const char *host_label;       /* "ProvisionServer" (GAEL: OEM-definable) */
};

#define OEM_BMP_INTEL UINT16_MAX

/* Each row is an object of its own, so that a board's image holds only the one that it uses. */
extern const struct release release_2_0, release_2_1, release_2_2, release_2_5, release_2_6,
    release_3_0, release_3_2_1, release_3_2_2, release_4_0, release_5_0_2, release_5_0_3,
    release_5_1, release_5_2, release_6_0, release_6_1, release_6_2;
extern const struct oem_profile oem_intel, oem_bmp_off, oem_localized, oem_hp_timer_0,
    oem_psk_loaded, oem_own_domain, oem_own_hashes;

/* All rows, in order of release. */
const struct release *const *release_table(uint32_t *count);
#if FW_TEXTS
const struct release *release_find(const char *name); /* NULL when unknown */
#endif
const struct oem_profile *const *oem_table(uint32_t *count);
const struct oem_profile *oem_find(const char *name); /* NULL when unknown */

/* Bare-metal hours of this release as shipped by this OEM. */
uint32_t release_oem_bmp_hours(const struct release *release, const struct oem_profile *oem);

/* Bit i: this release's menu offers power_packages()[i]. */
uint32_t release_power_packages(const struct release *release);
/* The package with which this OEM ships this release; the first one offered if the OEM's is not
 * offered. */
uint32_t release_oem_power_package(const struct release *release, const struct oem_profile *oem);

#endif
