#include "fw/core/release.h"

#include <stddef.h>

#define HOST_LABEL "ProvisionServer"

/* The published table is lost. Five at one minute, five at ten, then hourly fills the six-hour
 * window and uses exactly the fifteen values of the retry field. */
static const struct hello_schedule schedule_a = {
    .name = "A",
    .step = {{5, 1}, {5, 10}, {5, 60}},
    .retry_max = 14,
    .source = "CUTLER; G-hello (retry 0-14); hourly after the 15th: assumed",
};

/* Said of 3.2.1 and later by ConfigMgr's documentation; selectable, used by no row. */
static const struct hello_schedule schedule_b = {
    .name = "B",
    .step = {{5, 1}, {12, 5}, {23, 60}},
    .retry_max = 14,
    .source = "SCCM (3.2.1 and later); retry field held at 14: assumed",
};

const struct hello_schedule *hello_schedule_find(char letter)
{
    if (letter == 'A')
        return &schedule_a;
    return letter == 'B' ? &schedule_b : NULL;
}

static const struct cert_hash roots_5_0[] = {
    {"VeriSign Class 3 Primary CA-G1",
     CERT_HASH_SHA1,
     {0x74, 0x2c, 0x31, 0x92, 0xe6, 0x07, 0xe4, 0x24, 0xeb, 0x45,
      0x49, 0x54, 0x2b, 0xe1, 0xbb, 0xc5, 0x3e, 0x61, 0x74, 0xe2},
     "G2LIST, VSFW; name assumed"},
    {"VeriSign Class 3 Primary CA-G3",
     CERT_HASH_SHA1,
     {0x13, 0x2d, 0x0d, 0x45, 0x53, 0x4b, 0x69, 0x97, 0xcd, 0xb2,
      0xd5, 0xc3, 0x39, 0xe2, 0x55, 0x76, 0x60, 0x9b, 0x5c, 0xc6},
     "G2LIST, VSFW; name assumed"},
    {"Go Daddy Class 2 CA",
     CERT_HASH_SHA1,
     {0x27, 0x96, 0xba, 0xe6, 0x3f, 0x18, 0x01, 0xe2, 0x77, 0x26,
      0x1b, 0xa0, 0xd7, 0x77, 0x70, 0x02, 0x8f, 0x20, 0xee, 0xe4},
     "G2LIST; name assumed"},
    {"Comodo AAA CA",
     CERT_HASH_SHA1,
     {0xd1, 0xeb, 0x23, 0xa4, 0x6d, 0x17, 0xd6, 0x8f, 0xd9, 0x25,
      0x64, 0xc2, 0xf1, 0xf1, 0x60, 0x17, 0x64, 0xd8, 0xe3, 0x49},
     "G2LIST; name assumed"},
    {"Starfield Class 2 CA",
     CERT_HASH_SHA1,
     {0xad, 0x7e, 0x1c, 0x28, 0xb0, 0x64, 0xef, 0x8f, 0x60, 0x03,
      0x40, 0x20, 0x14, 0xc3, 0xd0, 0xe3, 0x37, 0x0e, 0xb5, 0x8a},
     "S0"},
};

#define ROOTS(set)                                                                                 \
    {                                                                                              \
        (set), (uint8_t)(sizeof(set) / sizeof((set)[0]))                                           \
    }

static const struct release releases[] = {
    {
        .name = "5.0.2",
        .schedule = &schedule_a,
        .roots = ROOTS(roots_5_0),
        .unprovision_to = {UNPROVISION_TO_INTEL, "S0"},
        .intel_bmp_hours = {24, "S0; SYM68"},
        .bmp_hours_max = {255, "G-rflow; one byte: assumed"},
        .commanded_hours = {6, "S1; SYM68"},
        .pki_bare_metal = {1, "S3"},
        .pki_by_agent = {1, "S0"},
        .ac_reopens_window = {0, "S1; assumed against RCT, HPj"},
        .stop_configuration = {0, "assumed: LMS-old lists it for 6.x"},
        .server_fqdn = {1, "GAEL; G-usbver; place in the order assumed"},
        .sku = {14, "G-codever (bits iQST, ASF, AMT); value assumed"},
        .build = {1120, "assumed"},
    },
    {
        .name = "5.0.3",
        .schedule = &schedule_a,
        .roots = ROOTS(roots_5_0),
        .unprovision_to = {UNPROVISION_TO_OEM, "S0"},
        .intel_bmp_hours = {24, "S0; SYM68"},
        .bmp_hours_max = {255, "G-rflow; one byte: assumed"},
        .commanded_hours = {6, "S1; SYM68"},
        .pki_bare_metal = {1, "S3"},
        .pki_by_agent = {1, "S0"},
        .ac_reopens_window = {0, "S1; assumed against RCT, HPj"},
        .stop_configuration = {0, "assumed: LMS-old lists it for 6.x"},
        .server_fqdn = {1, "GAEL; G-usbver; place in the order assumed"},
        .sku = {14, "G-codever (bits iQST, ASF, AMT); value assumed"},
        .build = {1121, "assumed"},
    },
};

static const struct oem_profile oems[] = {
    {
        .name = "intel",
        .bmp_hours = {OEM_BMP_INTEL, "S0"},
        .rcfg_enabled = {1, "S3"},
        .localized_bios = {0, "S1"},
        .default_domain = "",
        .host_label = HOST_LABEL,
    },
    {
        .name = "bmp-off",
        .bmp_hours = {0, "S0; HPnb (timer 0)"},
        .rcfg_enabled = {1, "S0"},
        .localized_bios = {0, "S1"},
        .default_domain = "",
        .host_label = HOST_LABEL,
    },
    {
        .name = "localized",
        .bmp_hours = {OEM_BMP_INTEL, "S0"},
        .rcfg_enabled = {1, "S3"},
        .localized_bios = {1, "S1"},
        .default_domain = "",
        .host_label = HOST_LABEL,
    },
};

uint8_t cert_hash_bytes(uint8_t algorithm)
{
    switch (algorithm) {
    case CERT_HASH_SHA1:
        return 20;
    case CERT_HASH_SHA256:
        return 32;
    case CERT_HASH_SHA384:
        return 48;
    default:
        return 0;
    }
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const struct release *release_table(uint32_t *count)
{
    *count = sizeof(releases) / sizeof(releases[0]);
    return releases;
}

const struct release *release_find(const char *name)
{
    for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
        if (same(releases[i].name, name))
            return &releases[i];
    return NULL;
}

const struct oem_profile *oem_table(uint32_t *count)
{
    *count = sizeof(oems) / sizeof(oems[0]);
    return oems;
}

const struct oem_profile *oem_find(const char *name)
{
    for (size_t i = 0; i < sizeof(oems) / sizeof(oems[0]); i++)
        if (same(oems[i].name, name))
            return &oems[i];
    return NULL;
}

uint32_t release_oem_bmp_hours(const struct release *release, const struct oem_profile *oem)
{
    if (oem->bmp_hours.value == OEM_BMP_INTEL)
        return release->intel_bmp_hours.value;
    if (oem->bmp_hours.value > release->bmp_hours_max.value)
        return release->bmp_hours_max.value;
    return oem->bmp_hours.value;
}
