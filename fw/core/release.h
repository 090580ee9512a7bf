#ifndef CORE_RELEASE_H
#define CORE_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* Release behaviour as data. One struct release per firmware line, one struct oem_profile per way
 * in which an OEM ships it. Every value carries its source: a key of the README's source list, or
 * a text that begins with "assumed". Adding a line is adding a row to release.c. */

struct rule {
    uint32_t value;
    const char *source;
};

/* A hello back-off: `count` intervals of `minutes` each, in order; the last step repeats until the
 * window closes. Attempt 0 is made when the schedule starts. */
struct hello_step {
    uint8_t count; /* 0 marks the end of the list; the last used step repeats */
    uint16_t minutes;
};

#define HELLO_STEPS 4

struct hello_schedule {
    const char *name;
    struct hello_step step[HELLO_STEPS];
    uint8_t retry_max; /* the retry field stays here once reached (G-hello: 0-14) */
    const char *source;
};

/* 'A' or 'B'; NULL for another letter. */
const struct hello_schedule *hello_schedule_find(char letter);

enum cert_hash_algorithm { /* the hello's numbering (G-hello) */
                           CERT_HASH_SHA1 = 1,
                           CERT_HASH_SHA256 = 2,
                           CERT_HASH_SHA384 = 3,
};

/* Bytes of a hash of that algorithm, 0 for an unknown one. */
uint8_t cert_hash_bytes(uint8_t algorithm);

struct cert_hash {
    const char *name; /* friendly name, <= LIMIT_HASH_NAME */
    uint8_t algorithm;
    uint8_t bytes[LIMIT_HASH_BYTES];
    const char *source;
};

struct root_set {
    const struct cert_hash *hash;
    uint8_t count; /* <= LIMIT_HASHES_BUILTIN */
};

enum unprovision_default { /* what a full unprovision or a lost CMOS battery returns to */
                           UNPROVISION_TO_INTEL,
                           UNPROVISION_TO_OEM,
};

struct release {
    const char *name; /* "5.0.2" */
    const struct hello_schedule *schedule;
    struct root_set roots;
    struct rule unprovision_to;     /* enum unprovision_default */
    struct rule intel_bmp_hours;    /* Intel's default bare-metal timer */
    struct rule bmp_hours_max;      /* what an OEM may set */
    struct rule commanded_hours;    /* window opened by agent, MEBx, key; 0 = no limit */
    struct rule pki_bare_metal;     /* 1: a bare-metal start may use certificate hashes */
    struct rule pki_by_agent;       /* 1: StartConfiguration may use certificate hashes */
    struct rule ac_reopens_window;  /* 1: a firmware reset re-opens an expired window */
    struct rule stop_configuration; /* 1: the host interface knows StopConfiguration */
    struct rule server_fqdn;        /* 1: a configuration-server FQDN is looked up first */
    struct rule sku;                /* GetCodeVersions "Sku", a bit map from 2.5 on */
    struct rule build;              /* GetCodeVersions "Build Number" */
};

/* How an OEM ships a board: the values a device has when it leaves the factory. */
struct oem_profile {
    const char *name;         /* "intel", "bmp-off" */
    struct rule bmp_hours;    /* 0 = bare-metal provisioning off; OEM_BMP_INTEL = release default */
    struct rule rcfg_enabled; /* remote configuration (zero touch) */
    struct rule localized_bios; /* 1: hello says admin credentials are not set (S1) */
    const char *default_domain; /* "" = none (S1: "this is an OEM option and may be blank") */
    const char *host_label;     /* "ProvisionServer" (GAEL: OEM-definable) */
};

#define OEM_BMP_INTEL UINT32_MAX

/* All rows, in order of release. */
const struct release *release_table(uint32_t *count);
const struct release *release_find(const char *name); /* NULL when unknown */
const struct oem_profile *oem_table(uint32_t *count);
const struct oem_profile *oem_find(const char *name); /* NULL when unknown */

/* Bare-metal hours of this release as shipped by this OEM. */
uint32_t release_oem_bmp_hours(const struct release *release, const struct oem_profile *oem);

#endif
