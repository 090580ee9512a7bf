#include "fw/core/power.h"

/* LMS-pp. "ME Wake" is an ME that sleeps and is woken by traffic; "/AC" is on mains only. */
static const struct power_package packages[] = {
    {
        .text = "Desktop: ON in S0",
        .guid = {0x94, 0x4F, 0x83, 0x12, 0xFB, 0x10, 0x4F, 0xDC, 0x96, 0x8E, 0x1E, 0x23, 0x2B, 0x0C,
                 0x90, 0x65},
    },
    {
        .text = "Desktop: ON in S0, S3",
        .guid = {0xA1, 0x86, 0x00, 0xAB, 0x9A, 0x7F, 0x4C, 0x42, 0xA6, 0xE6, 0xBB, 0x24, 0x3A, 0x29,
                 0x5D, 0x9E},
        .s3 = POWER_ME_ON,
    },
    {
        .text = "Desktop: ON in S0, S3, S4-5",
        .guid = {0x72, 0x86, 0xAB, 0xAC, 0x96, 0xB4, 0x48, 0xE2, 0x9B, 0x9E, 0x9B, 0x7D, 0xF9, 0x1C,
                 0x7F, 0xD4},
        .s3 = POWER_ME_ON,
        .s45 = POWER_ME_ON,
    },
    {
        .text = "Desktop: ON in S0, ME Wake in S3",
        .guid = {0x7B, 0x32, 0xCD, 0x4D, 0x6B, 0xBE, 0x43, 0x89, 0xA6, 0x2A, 0x4D, 0x7B, 0xD8, 0xDB,
                 0xD0, 0x26},
        .s3 = POWER_ME_WAKEABLE,
    },
    {
        .text = "Desktop: ON in S0, ME Wake in S3, S4-5",
        .guid = {0x73, 0x22, 0x73, 0x46, 0x23, 0xDC, 0x43, 0x2F, 0xA9, 0x8A, 0x13, 0xD3, 0x79, 0x82,
                 0xD8, 0x55},
        .s3 = POWER_ME_WAKEABLE,
        .s45 = POWER_ME_WAKEABLE,
    },
    {
        .text = "Desktop: ON in S0, S3, S4-5, OFF After Power Loss",
        .guid = {0xC5, 0x19, 0xA4, 0xBA, 0x6E, 0x6F, 0x8D, 0x4D, 0xB2, 0x27, 0x51, 0x7F, 0x7E, 0x45,
                 0x95, 0xDB},
        .s3 = POWER_ME_ON,
        .s45 = POWER_ME_ON,
        .off_after_power_loss = true,
    },
    {
        .text = "Desktop: ON in S0, ME Wake in S3, S4-5, OFF After Power Loss",
        .guid = {0xD6, 0x0B, 0xE3, 0xED, 0x04, 0xC5, 0x2C, 0x46, 0xB7, 0x72, 0xD1, 0x80, 0x18, 0xEE,
                 0x2F, 0xC4},
        .s3 = POWER_ME_WAKEABLE,
        .s45 = POWER_ME_WAKEABLE,
        .off_after_power_loss = true,
    },
    {
        .text = "Mobile: ON in S0",
        .guid = {0x76, 0x39, 0x97, 0x11, 0x0B, 0x56, 0x50, 0x43, 0x88, 0x70, 0x98, 0x12, 0xF3, 0x91,
                 0xB5, 0x60},
        .mobile = true,
    },
    {
        .text = "Mobile: ON in S0, S3/AC",
        .guid = {0x26, 0xD3, 0x1C, 0x76, 0x87, 0x08, 0xC7, 0x4B, 0xBB, 0x5F, 0x38, 0x74, 0x43, 0x15,
                 0xA5, 0xFF},
        .mobile = true,
        .s3 = POWER_ME_ON,
    },
    {
        .text = "Mobile: ON in S0, S3/AC, S4-5/AC",
        .guid = {0x53, 0x0E, 0x08, 0xDB, 0x6C, 0x0F, 0xD9, 0x48, 0xB2, 0xD2, 0x89, 0x58, 0xD3, 0xF1,
                 0x15, 0x6E},
        .mobile = true,
        .s3 = POWER_ME_ON,
        .s45 = POWER_ME_ON,
    },
    {
        .text = "Mobile: ON in S0, ME Wake in S3/AC",
        .guid = {0x05, 0x5D, 0xD5, 0xB6, 0x4C, 0xA4, 0x87, 0x4D, 0xA5, 0xA8, 0xB4, 0x7C, 0x14, 0xDE,
                 0xDA, 0x5F},
        .mobile = true,
        .s3 = POWER_ME_WAKEABLE,
    },
    {
        .text = "Mobile: ON in S0, ME Wake in S3/AC, S4-5/AC",
        .guid = {0x30, 0x80, 0x0D, 0xEE, 0x09, 0xC0, 0x78, 0x43, 0xAF, 0x28, 0x78, 0x68, 0xA2, 0xDB,
                 0xBE, 0x3A},
        .mobile = true,
        .s3 = POWER_ME_WAKEABLE,
        .s45 = POWER_ME_WAKEABLE,
    },
};

_Static_assert(sizeof(packages) / sizeof(packages[0]) == POWER_PACKAGES, "as the header counts");

const struct power_package *power_packages(uint32_t *count)
{
    *count = POWER_PACKAGES;
    return packages;
}

bool power_package_offered(const struct release *release, uint32_t index)
{
    return index < POWER_PACKAGES && (release_power_packages(release) >> index & 1u) != 0;
}

enum power_me power_me_state(const struct power_package *package, enum power_system system,
                             bool mains, bool booted)
{
    if (system == POWER_S0)
        return POWER_ME_ON;
    if (package->mobile && !mains)
        return POWER_ME_OFF;
    if (package->off_after_power_loss && !booted)
        return POWER_ME_OFF;
    return system == POWER_S3 ? package->s3 : package->s45;
}
