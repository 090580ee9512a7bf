// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/release.h"

#include <stddef.h>

#if FW_TEXTS
#define RULE(value, text)                                                                          \
    {                                                                                              \
        value, text                                                                                \
    }
#define SOURCE(text) , .source = text
#define RELEASE(text, three_parts) .name = TEXT(text), .version = TEXT(three_parts)
#else
#define RULE(value, text)                                                                          \
    {                                                                                              \
        value                                                                                      \
    }
#define SOURCE(text)
#define RELEASE(text, three_parts) .version = TEXT(three_parts)
#endif

/* Makes a text an object of its own, so that an image without its row does not hold it: the linker
 * can drop a file's string literals only all together. */
#define TEXT(text) ((const char[]){text})

#define HOST_LABEL TEXT("ProvisionServer")
#define POWER_MOBILE_WAKE 11 /* "Mobile: ON in S0, ME Wake in S3/AC, S4-5/AC" */

/* The published table is lost. Five hellos a minute apart, five ten minutes apart, then one an hour
 * fill the six-hour window and use exactly the fifteen values of the retry field. */
static const struct hello_schedule schedule_a = {
    .step = {{5, 1}, {5, 10}, {5, 60}},
    .retry_max = 14 SOURCE("CUTLER; G-hello (retry 0-14); hourly after the 15th: RTK"),
};

/* "On first startup", by ConfigMgr's documentation: its forty hellos fill the day of the bare-metal
 * window. */
static const struct hello_schedule schedule_b = {
    .step = {{5, 1}, {12, 5}, {23, 60}},
    .retry_max = 14 SOURCE("SCCM; G-hello (retry 0-14)"),
};

const struct hello_schedule *hello_schedule_find(char letter)
{
    if (letter == 'A')
        return &schedule_a;
    return letter == 'B' ? &schedule_b : NULL;
}

#define SHA1_ROOT(text, from, ...)                                                                 \
    {                                                                                              \
        TEXT(text), (const uint8_t[]){__VA_ARGS__}, CERT_HASH_SHA1 SOURCE(from)                    \
    }

/* Oldest first: each release has some number of them, from the first on (VSFW, G2LIST). */
#define ROOTS_UNTIL_G2                                                                             \
    SHA1_ROOT("VeriSign Class 3 Primary CA-G1", "G2LIST; VSFW; names: MESHCMD81, X230", 0x74,      \
              0x2c, 0x31, 0x92, 0xe6, 0x07, 0xe4, 0x24, 0xeb, 0x45, 0x49, 0x54, 0x2b, 0xe1, 0xbb,  \
              0xc5, 0x3e, 0x61, 0x74, 0xe2),                                                       \
        SHA1_ROOT("VeriSign Class 3 Primary CA-G3", "G2LIST; VSFW; names: MESHCMD81, X230", 0x13,  \
                  0x2d, 0x0d, 0x45, 0x53, 0x4b, 0x69, 0x97, 0xcd, 0xb2, 0xd5, 0xc3, 0x39, 0xe2,    \
                  0x55, 0x76, 0x60, 0x9b, 0x5c, 0xc6),                                             \
        SHA1_ROOT("Go Daddy Class 2 CA", "G2LIST; names: MESHCMD81, X230", 0x27, 0x96, 0xba, 0xe6, \
                  0x3f, 0x18, 0x01, 0xe2, 0x77, 0x26, 0x1b, 0xa0, 0xd7, 0x77, 0x70, 0x02, 0x8f,    \
                  0x20, 0xee, 0xe4),                                                               \
        SHA1_ROOT("Comodo AAA CA", "G2LIST; names: MESHCMD81, X230", 0xd1, 0xeb, 0x23, 0xa4, 0x6d, \
                  0x17, 0xd6, 0x8f, 0xd9, 0x25, 0x64, 0xc2, 0xf1, 0xf1, 0x60, 0x17, 0x64, 0xd8,    \
                  0xe3, 0x49),                                                                     \
        SHA1_ROOT("Starfield Class 2 CA", "S0; G2LIST", 0xad, 0x7e, 0x1c, 0x28, 0xb0, 0x64, 0xef,  \
                  0x8f, 0x60, 0x03, 0x40, 0x20, 0x14, 0xc3, 0xd0, 0xe3, 0x37, 0x0e, 0xb5, 0x8a),   \
        SHA1_ROOT("VeriSign Class 3 Primary CA-G2", "G2LIST; VSFW; names: MESHCMD81, X230", 0x85,  \
                  0x37, 0x1c, 0xa6, 0xe5, 0x50, 0x14, 0x3d, 0xce, 0x28, 0x03, 0x47, 0x1b, 0xde,    \
                  0x3a, 0x09, 0xe8, 0xf8, 0x77, 0x0f),
#define ROOT_G5                                                                                    \
    SHA1_ROOT("VeriSign Class 3 Primary CA-G5", "G2LIST; VSFW; names: MESHCMD81, X230", 0x4e,      \
              0xb6, 0xd5, 0x78, 0x49, 0x9b, 0x1c, 0xcf, 0x5f, 0x58, 0x1e, 0xad, 0x56, 0xbe, 0x3d,  \
              0x9b, 0x67, 0x44, 0xa5, 0xe5)

static const struct cert_hash roots[] = {ROOTS_UNTIL_G2};
/* Of 6.1 (VSFW: also of 2.6.40, 4.2.30, 5.2.30); an array of its own, as an image holds whole ones.
 */
static const struct cert_hash roots_of_6_1[] = {ROOTS_UNTIL_G2 ROOT_G5};
static const struct cert_hash added_by_oem[] = {ROOT_G5};

#define NO_ROOTS .roots = {NULL, 0 SOURCE("S3 (no remote configuration)")}
/* G2LIST counts Starfield's root among the original ones; S2 and other lists of the time do not. */
#define ROOTS_TO_STARFIELD .roots = {roots, 5 SOURCE("VSFW; G2LIST, with Starfield against S2")}
#define ROOTS_TO_G2                                                                                \
    .roots = {roots, 6 SOURCE("VSFW (G2 from 5.1.10 and in 6.x); the older ones: MESHCMD81")}

/* CUTLER's of 2007 is the only schedule before 3.2.1. */
#define ALWAYS_A                                                                                   \
    .bare_metal_schedule = RULE('A', "CUTLER"), .commanded_schedule = RULE('A', "CUTLER")
/* Both are right: A's sum is that of the commanded window, B's that of the bare-metal day. */
#define FIRST_DAY_ON_B                                                                             \
    .bare_metal_schedule = RULE('B', "SCCM; against CUTLER"),                                      \
    .commanded_schedule = RULE('A', "CUTLER; against SCCM")

#define ROOTS_TO_G5                                                                                \
    .roots = {roots_of_6_1, 7 SOURCE("VSFW (G5 from 6.1); the older ones: MESHCMD81")}

/* What a row shares with others of its time, as one or more `.field = value`. A row does not set a
 * field again that one of its macros sets: what differs within a group is left to the rows. */

/* 2.0, 2.1, 2.5: pre-shared keys only; no limit other than the hellos' 24 hours. */
#define KEYS_ONLY                                                                                  \
    ALWAYS_A, NO_ROOTS,                                                                            \
        .intel_bmp_hours = RULE(24, "S2; RCT; a loaded key starts by itself: assumed"),            \
        .bmp_hours_max = RULE(24, "assumed: no OEM timer before 3.0"),                             \
        .commanded_hours = RULE(24, "S2; RCT; no shorter limit is stated (S1)"),                   \
        .pki_bare_metal = RULE(0, "S3"), .pki_by_agent = RULE(0, "S3"),                            \
        .ac_reopens_window = RULE(1, "RCT; HPj; S3"), .amthi = RULE(0, "G-start (from 2.2)"),      \
        .suffix = RULE(SUFFIX_EQUAL, "assumed; without remote configuration not used")

/* 2.2, 2.6: the same boards with remote configuration. */
#define REMOTE_CONFIGURATION                                                                       \
    ALWAYS_A, .bmp_hours_max = RULE(6, "assumed: no OEM timer before 3.0"),                        \
              .commanded_hours = RULE(6, "S1"), .pki_by_agent = RULE(1, "S3; S1"),                 \
              .ac_reopens_window = RULE(0, "S1; against RCT, HPj"),                                \
              .amthi = RULE(AMTHI_GEN_AGENT, "G-start (from 2.2)")

/* What all of 2.x have in common, however set-up starts. */
#define GENERATION_2                                                                               \
    TO_INTEL, FULL_ENDS_SMB, INACTIVE_STAY,                                                        \
        .key_in_setup = RULE(0, "CUTLER"), .server_fqdn = RULE(0, "GAEL; G-usbver (from 3.0)"),    \
        EOI_ONLY, .setup_bin = RULE(SETUP_BIN_V1, "G-usbver; USBFILE; MCMD"), KEYS_TO_2048

/* 3.0 on: bare-metal provisioning by certificate hashes, an OEM timer, a server FQDN. */
#define BARE_METAL                                                                                 \
    .intel_bmp_hours = RULE(24, "S0; SYM68"),                                                      \
    .bmp_hours_max = RULE(255, "G-rflow; one byte: assumed"),                                      \
    .commanded_hours = RULE(6, "S1; SYM68"), .pki_bare_metal = RULE(1, "S3"),                      \
    .ac_reopens_window = RULE(0, "S1; against RCT, HPj"),                                          \
    .server_fqdn = RULE(1, "GAEL; G-usbver; place in the order assumed"),                          \
    .key_in_setup = RULE(1, "S0; DELL (755); HP5")

/* 5.x desktops. */
#define GENERATION_5                                                                               \
    EOI_AND_WSMAN, BOTH_END_SMB,                                                                   \
        .setup_bin = RULE(SETUP_BIN_V1 | SETUP_BIN_V2_0 | SETUP_BIN_V2_1,                          \
                          "G-usbver; MCMD; 2.1 on 5.x: assumed"),                                  \
        LAST_TWO_LABELS, KEYS_TO_2048, SKU_DESKTOP, INACTIVE_STAY

/* 6.x, desktops and mobiles alike. */
#define GENERATION_6                                                                               \
    BARE_METAL, FIRST_DAY_ON_B, TO_OEM, BY_AGENT, BOTH_PROTOCOLS(1), LAST_TWO_LABELS,              \
        TLS_1_0_AND_LATER, SKU_6,                                                                  \
        .small_business = RULE(SMALL_BUSINESS_NONE, "G-restore"),                                  \
        .erases_inactive = RULE(1, "G-restore"), .platform = RULE(PLATFORM_BOTH, "HP6; HPnb"),     \
        .amthi = RULE(AMTHI_6_0, AMTHI_SOURCE),                                                    \
        .setup_bin = RULE(SETUP_BIN_V1 | SETUP_BIN_V2_0 | SETUP_BIN_V2_1 | SETUP_BIN_V3,           \
                          "G-usbver; USBFILE; MCMD"),                                              \
        .key_bits_max = RULE(4096, "SCCM12"),                                                      \
        .own_key_bits = RULE(2048, "assumed") OLD_CERTIFICATE(0, "CERT321 (3.2.1 only)")

#define TO_INTEL                                                                                   \
    .unprovision_to = RULE(UNPROVISION_TO_INTEL, "assumed: S0 gives no release of this line")
#define TO_OEM .unprovision_to = RULE(UNPROVISION_TO_OEM, "S0; later than 5.0.3: assumed")
#define FULL_ENDS_SMB .small_business = RULE(SMALL_BUSINESS_FULL, "DELL (745c, 755)")
#define BOTH_END_SMB                                                                               \
    .small_business = RULE(SMALL_BUSINESS_BOTH, "assumed: DELL says otherwise of 2.x, 3.x only")
#define INACTIVE_STAY .erases_inactive = RULE(0, "G-restore (6.x and 7.x)")
#define BY_AGENT .pki_by_agent = RULE(1, "S1; SYM68")
#if FW_MANAGE
#define COMMIT_HOST_NAME(value, source) , .commit_host_name = RULE(value, source)
#define DIGEST_REPEATS(value) , .digest_repeats = RULE(value, "G-auth (6.0 and later)")
/* A note in CERT321 names 3.2.2 as the cure. */
#define OLD_CERTIFICATE(value, source) , .old_certificate_invalid = RULE(value, source)
#define PINGED(value, source) .presence = RULE(value, source),
#else
#define COMMIT_HOST_NAME(value, source)
#define DIGEST_REPEATS(value)
#define OLD_CERTIFICATE(value, source)
#define PINGED(value, source)
#endif
#if FW_MACHINE
#define LATER(value) .later_classes = RULE(value, "G-kvm; G-hbs; G-optin"),
#define NO_LATER , .later_classes = RULE(0, "G-kvm; G-hbs; G-optin")
#else
#define LATER(value)
#define NO_LATER
#endif
#define NOT_PINGED PINGED(PRESENCE_NONE, "G-ping")
/* Devices of the later kind have been set up by a server that sets no host name (MC). */
#define EOI_ONLY                                                                                   \
    .protocols = RULE(PROTOCOL_EOI, "S4 (WS-Man from 3.2.1)") COMMIT_HOST_NAME(1, "WSM; S4")       \
        DIGEST_REPEATS(0) NO_LATER
#define BOTH_PROTOCOLS(repeats)                                                                    \
    .protocols = RULE(PROTOCOL_EOI | PROTOCOL_WSMAN, "S4; MC")                                     \
        COMMIT_HOST_NAME(0, "MC; against WSM") DIGEST_REPEATS(repeats)
#define EOI_AND_WSMAN BOTH_PROTOCOLS(0) NO_LATER
#define EQUAL_DOMAIN .suffix = RULE(SUFFIX_EQUAL, "COMM1395")
#define LAST_TWO_LABELS .suffix = RULE(SUFFIX_LAST_TWO_LABELS, "COMM1395; S4")
#define KEYS_TO_2048 .key_bits_max = RULE(2048, "S4")
#define TLS_1_0_AND_LATER                                                                          \
    .tls_versions = RULE(TLS_VERSION_1_0 | TLS_VERSION_1_1 | TLS_VERSION_1_2,                      \
                         "G-tls; RTK (1.0); 1.1 and 1.2 for servers of today: assumed")
#define OWN_KEY_1024                                                                               \
    .own_key_bits = RULE(1024, "assumed") OLD_CERTIFICATE(0, "CERT321 (3.2.1 only)")
#define SKU_BEFORE_2_5 .sku = RULE(0, "G-codever (0 = AMT, ASF and iQST)")
#define SKU_DESKTOP .sku = RULE(14, "G-codever (bits iQST, ASF, AMT); value assumed")
#define SKU_MOBILE .sku = RULE(12, "G-codever (bits ASF, AMT); MEINFO25 for 2.5; later: assumed")
/* Bits 13 and 14 are in no list. */
#define SKU_6 .sku = RULE(0x6008, "MC3576 (6.2.61)")

/* Commands by generation; with which generation each came is partly assumed. */
#define AMTHI_3_0 (AMTHI_GEN_AGENT | AMTHI_GEN_ENVIRONMENT)
#define AMTHI_4_0 (AMTHI_3_0 | AMTHI_GEN_REMOTE_ACCESS)
#define AMTHI_5_1 (AMTHI_4_0 | AMTHI_GEN_AUDIT)
#define AMTHI_6_0 (AMTHI_5_1 | AMTHI_GEN_6_0)
#define AMTHI_SOURCE "PTHI.h; LMS-old; RPC; by release: assumed"

const struct release release_2_0 = {
    RELEASE("2.0", "2.0.0"),
    KEYS_ONLY,
    GENERATION_2,
    .platform = RULE(PLATFORM_DESKTOP, "S3"),
    SKU_BEFORE_2_5,
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    NOT_PINGED.build = RULE(1014, "assumed"),
};

const struct release release_2_1 = {
    RELEASE("2.1", "2.1.0"),
    KEYS_ONLY,
    GENERATION_2,
    .platform = RULE(PLATFORM_DESKTOP, "S3"),
    SKU_BEFORE_2_5,
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    NOT_PINGED.build = RULE(1032, "assumed"),
};

const struct release release_2_2 = {
    RELEASE("2.2", "2.2.0"),
    REMOTE_CONFIGURATION,
    .roots = {roots, 5 SOURCE("assumed: as 2.6")},
    GENERATION_2,
    .intel_bmp_hours = RULE(6, "S1; a loaded key starts by itself: assumed"),
    .pki_bare_metal = RULE(0, "LANDESK; against S3"),
    .platform = RULE(PLATFORM_DESKTOP, "S3"),
    EQUAL_DOMAIN,
    SKU_BEFORE_2_5,
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    NOT_PINGED.build = RULE(1045, "assumed"),
};

const struct release release_2_5 = {
    RELEASE("2.5", "2.5.0"),
    KEYS_ONLY,
    GENERATION_2,
    .platform = RULE(PLATFORM_MOBILE, "S3"),
    .sku = RULE(12, "MEINFO25; G-codever (bits ASF, AMT)"),
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    NOT_PINGED.build = RULE(1084, "MEINFO25"),
};

const struct release release_2_6 = {
    RELEASE("2.6", "2.6.0"),
    REMOTE_CONFIGURATION,
    ROOTS_TO_STARFIELD,
    GENERATION_2,
    .intel_bmp_hours = RULE(6, "S1; against S2, S3 (24 hours)"),
    .pki_bare_metal = RULE(1, "S3; ACT08; against LANDESK"),
    .platform = RULE(PLATFORM_MOBILE, "S3"),
    LAST_TWO_LABELS,
    SKU_MOBILE,
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    NOT_PINGED.build = RULE(1092, "assumed"),
};

const struct release release_3_0 = {
    RELEASE("3.0", "3.0.0"),
    BARE_METAL,
    .bare_metal_schedule = RULE('A', "assumed: SCCM speaks of 3.2.1 and later"),
    .commanded_schedule = RULE('A', "CUTLER"),
    ROOTS_TO_STARFIELD,
    TO_INTEL,
    INACTIVE_STAY,
    FULL_ENDS_SMB,
    BY_AGENT,
    .platform = RULE(PLATFORM_DESKTOP, "HP3"),
    .amthi = RULE(AMTHI_3_0, AMTHI_SOURCE),
    EOI_ONLY,
    .setup_bin = RULE(SETUP_BIN_V1 | SETUP_BIN_V2_0, "G-usbver; USBFILE; MCMD"),
    EQUAL_DOMAIN,
    KEYS_TO_2048,
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    SKU_DESKTOP,
    NOT_PINGED.build = RULE(1070, "assumed"),
};

#define LINE_3_2                                                                                   \
    BARE_METAL, FIRST_DAY_ON_B, ROOTS_TO_STARFIELD, TO_INTEL, INACTIVE_STAY, FULL_ENDS_SMB,        \
        BY_AGENT, .platform = RULE(PLATFORM_DESKTOP, "HP3"),                                       \
                  .amthi = RULE(AMTHI_3_0, AMTHI_SOURCE), EOI_AND_WSMAN,                           \
                  .setup_bin = RULE(SETUP_BIN_V1 | SETUP_BIN_V2_0, "G-usbver; USBFILE; MCMD"),     \
                  LAST_TWO_LABELS, KEYS_TO_2048, TLS_1_0_AND_LATER, SKU_DESKTOP

const struct release release_3_2_1 = {
    RELEASE("3.2.1", "3.2.1"),
    LINE_3_2,
    .own_key_bits = RULE(1024, "assumed") OLD_CERTIFICATE(1, "CERT321; S4"),
    NOT_PINGED.build = RULE(1083, "assumed"),
};

const struct release release_3_2_2 = {
    RELEASE("3.2.2", "3.2.2"),
    LINE_3_2,
    OWN_KEY_1024,
    NOT_PINGED.build = RULE(1085, "assumed"),
};

const struct release release_4_0 = {
    RELEASE("4.0", "4.0.0"),
    BARE_METAL,
    FIRST_DAY_ON_B,
    ROOTS_TO_STARFIELD,
    TO_INTEL,
    INACTIVE_STAY,
    BOTH_END_SMB,
    BY_AGENT,
    .platform = RULE(PLATFORM_MOBILE, "assumed: Montevina"),
    .amthi = RULE(AMTHI_4_0, AMTHI_SOURCE),
    EOI_AND_WSMAN,
    .setup_bin = RULE(SETUP_BIN_V1 | SETUP_BIN_V2_0 | SETUP_BIN_V2_1, "G-usbver; USBFILE; MCMD"),
    LAST_TWO_LABELS,
    KEYS_TO_2048,
    SKU_MOBILE,
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    PINGED(PRESENCE_ENTITY, "G-ping; G-pong").build = RULE(1096, "assumed"),
};

const struct release release_5_0_2 = {
    RELEASE("5.0.2", "5.0.2"),
    BARE_METAL,
    FIRST_DAY_ON_B,
    GENERATION_5,
    .roots = {roots, 5 SOURCE("S0; VSFW")},
    .unprovision_to = RULE(UNPROVISION_TO_INTEL, "S0"),
    .pki_by_agent = RULE(1, "S0"),
    .platform = RULE(PLATFORM_DESKTOP, "HP5; HP52"),
    .amthi = RULE(AMTHI_4_0, AMTHI_SOURCE),
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    PINGED(PRESENCE_ENTITY, "G-ping; G-pong").build = RULE(1120, "assumed"),
};

const struct release release_5_0_3 = {
    RELEASE("5.0.3", "5.0.3"),
    BARE_METAL,
    FIRST_DAY_ON_B,
    GENERATION_5,
    .roots = {roots, 5 SOURCE("S0; VSFW")},
    .unprovision_to = RULE(UNPROVISION_TO_OEM, "S0"),
    .pki_by_agent = RULE(1, "S0"),
    .platform = RULE(PLATFORM_DESKTOP, "HP5; HP52"),
    .amthi = RULE(AMTHI_4_0, AMTHI_SOURCE),
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    PINGED(PRESENCE_ENTITY, "G-ping; G-pong").build = RULE(1121, "assumed"),
};

const struct release release_5_1 = {
    RELEASE("5.1", "5.1.0"),
    BARE_METAL,
    FIRST_DAY_ON_B,
    GENERATION_5,
    ROOTS_TO_STARFIELD,
    TO_OEM,
    BY_AGENT,
    .platform = RULE(PLATFORM_DESKTOP, "HP5; HP52"),
    .amthi = RULE(AMTHI_5_1, AMTHI_SOURCE),
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    PINGED(PRESENCE_INTERACTION, "G-ping; G-pong").build = RULE(1132, "assumed"),
};

const struct release release_5_2 = {
    RELEASE("5.2", "5.2.0"),
    BARE_METAL,
    FIRST_DAY_ON_B,
    GENERATION_5,
    ROOTS_TO_G2,
    TO_OEM,
    BY_AGENT,
    .platform = RULE(PLATFORM_DESKTOP, "HP5; HP52"),
    .amthi = RULE(AMTHI_5_1, AMTHI_SOURCE),
    TLS_1_0_AND_LATER,
    OWN_KEY_1024,
    PINGED(PRESENCE_INTERACTION, "G-ping; G-pong").build = RULE(1144, "assumed"),
};

const struct release release_6_0 = {
    RELEASE("6.0", "6.0.0"),
    GENERATION_6,
    ROOTS_TO_G2,
    LATER(LATER_KVM) PINGED(PRESENCE_STATE, "G-ping; G-pong").build = RULE(1184, "PT332"),
};

const struct release release_6_1 = {
    RELEASE("6.1", "6.1.0"),
    GENERATION_6,
    ROOTS_TO_G5,
    LATER(LATER_KVM | LATER_HOST_BASED_SETUP) PINGED(PRESENCE_EARLY, "G-ping; G-pong").build =
        RULE(1200, "assumed"),
};

const struct release release_6_2 = {
    RELEASE("6.2", "6.2.61"),
    GENERATION_6,
    ROOTS_TO_G5,
    LATER(LATER_KVM | LATER_HOST_BASED_SETUP | LATER_OPT_IN)
        PINGED(PRESENCE_EARLY, "G-ping; G-pong")
            .build = RULE(3535, "MC3576"),
};

static const struct release *const releases[] = {
    &release_2_0,   &release_2_1,   &release_2_2, &release_2_5,   &release_2_6,   &release_3_0,
    &release_3_2_1, &release_3_2_2, &release_4_0, &release_5_0_2, &release_5_0_3, &release_5_1,
    &release_5_2,   &release_6_0,   &release_6_1, &release_6_2,
};

#define NO_KEY .pid = "", .pps = ""
#define BMP_INTEL .bmp_hours = RULE(OEM_BMP_INTEL, "S0")
#define BMP_OFF .bmp_hours = RULE(0, "S0; HPnb (timer 0)")
#define RCFG_ON .rcfg_enabled = RULE(1, "S3")
#define OWN_BIOS .localized_bios = RULE(0, "S1")
/* S0: every line got the OEM's default at some version; which ones is not published. */
#define AS_RELEASE .unprovision_to = RULE(0, "S0")
/* A mobile release has an S0 package of its own: release_oem_power_package(). */
#define S0_ONLY .power_package = RULE(0, "HP5")

const struct oem_profile oem_intel = {
    .name = TEXT("intel"),
    BMP_INTEL,
    RCFG_ON,
    AS_RELEASE,
    OWN_BIOS,
    S0_ONLY,
    NO_KEY,
    .default_domain = "",
    .host_label = HOST_LABEL,
};

const struct oem_profile oem_bmp_off = {
    .name = TEXT("bmp-off"),
    BMP_OFF,
    .rcfg_enabled = RULE(1, "S0"),
    AS_RELEASE,
    OWN_BIOS,
    S0_ONLY,
    NO_KEY,
    .default_domain = "",
    .host_label = HOST_LABEL,
};

const struct oem_profile oem_localized = {
    .name = TEXT("localized"),
    BMP_INTEL,
    RCFG_ON,
    AS_RELEASE,
    .localized_bios = RULE(1, "S1"),
    S0_ONLY,
    NO_KEY,
    .default_domain = "",
    .host_label = HOST_LABEL,
};

const struct oem_profile oem_hp_timer_0 = {
    .name = TEXT("hp-timer-0"),
    .bmp_hours = RULE(0, "HPnb"),
    RCFG_ON,
    AS_RELEASE,
    OWN_BIOS,
    .power_package = RULE(POWER_MOBILE_WAKE, "assumed"),
    NO_KEY,
    .default_domain = "",
    .host_label = HOST_LABEL,
};

const struct oem_profile oem_psk_loaded = {
    .name = TEXT("psk-loaded"),
    BMP_INTEL,
    RCFG_ON,
    AS_RELEASE,
    OWN_BIOS,
    S0_ONLY,
    .pid = TEXT("0000037M"), /* the guide's pair (G-cksum) */
    .pps = TEXT("NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"),
    .default_domain = "",
    .host_label = HOST_LABEL,
};

const struct oem_profile oem_own_domain = {
    .name = TEXT("own-domain"),
    BMP_INTEL,
    RCFG_ON,
    AS_RELEASE,
    OWN_BIOS,
    S0_ONLY,
    NO_KEY,
    .default_domain = TEXT("oem.example"),
    .host_label = HOST_LABEL,
};

const struct oem_profile oem_own_hashes = {
    .name = TEXT("own-hashes"),
    BMP_INTEL,
    RCFG_ON,
    AS_RELEASE,
    OWN_BIOS,
    S0_ONLY,
    NO_KEY,
    .hash = added_by_oem,
    .hash_count = 1,
    .default_domain = "",
    .host_label = HOST_LABEL,
};

static const struct oem_profile *const oems[] = {
    &oem_intel,      &oem_bmp_off,    &oem_localized,  &oem_hp_timer_0,
    &oem_psk_loaded, &oem_own_domain, &oem_own_hashes,
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

const struct release *const *release_table(uint32_t *count)
{
    *count = sizeof(releases) / sizeof(releases[0]);
    return releases;
}

#if FW_TEXTS
const struct release *release_find(const char *name)
{
    for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
        if (same(releases[i]->name, name))
            return releases[i];
    return NULL;
}
#endif

const struct oem_profile *const *oem_table(uint32_t *count)
{
    *count = sizeof(oems) / sizeof(oems[0]);
    return oems;
}

const struct oem_profile *oem_find(const char *name)
{
    for (size_t i = 0; i < sizeof(oems) / sizeof(oems[0]); i++)
        if (same(oems[i]->name, name))
            return oems[i];
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

uint32_t release_power_packages(const struct release *release)
{
    /* HP5: a 5.0 desktop offers the seven desktop packages; DELL: from 6.0 on two for each kind of
     * machine. */
    static const uint16_t offered[] = {
        [PLATFORM_DESKTOP] = 0x07F,
        [PLATFORM_MOBILE] = 0xF80,
        [PLATFORM_BOTH] = 1u << 0 | 1u << 4 | 1u << 7 | 1u << POWER_MOBILE_WAKE,
    };

    return offered[release->platform.value];
}

uint32_t release_oem_power_package(const struct release *release, const struct oem_profile *oem)
{
    uint32_t offered = release_power_packages(release), index = oem->power_package.value;

    if (index < 32 && offered >> index & 1u)
        return index;
    for (index = 0; !(offered >> index & 1u); index++)
        ;
    return index;
}
