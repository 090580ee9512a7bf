// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/power.h"

/* LMS-pp. "ME Wake": the ME sleeps until traffic wakes it; "/AC": on mains only. */
static const struct power_package packages[] = {
    {.mobile = false},
    {.s3 = POWER_ME_ON},
    {.s3 = POWER_ME_ON, .s45 = POWER_ME_ON},
    {.s3 = POWER_ME_WAKEABLE},
    {.s3 = POWER_ME_WAKEABLE, .s45 = POWER_ME_WAKEABLE},
    {.s3 = POWER_ME_ON, .s45 = POWER_ME_ON, .off_after_power_loss = true},
    {.s3 = POWER_ME_WAKEABLE, .s45 = POWER_ME_WAKEABLE, .off_after_power_loss = true},
    {.mobile = true},
    {.mobile = true, .s3 = POWER_ME_ON},
    {.mobile = true, .s3 = POWER_ME_ON, .s45 = POWER_ME_ON},
    {.mobile = true, .s3 = POWER_ME_WAKEABLE},
    {.mobile = true, .s3 = POWER_ME_WAKEABLE, .s45 = POWER_ME_WAKEABLE},
};

_Static_assert(sizeof(packages) / sizeof(packages[0]) == POWER_PACKAGES, "as the header counts");

const struct power_package *power_packages(uint32_t *count)
{
    *count = POWER_PACKAGES;
    return packages;
}

void power_print(const struct text_out *out, uint32_t index)
{
    const struct power_package *p = &packages[index];
    const char *mains = p->mobile ? "/AC" : "";

    text_print(out, "%s: ON in S0", p->mobile ? "Mobile" : "Desktop");
    if (p->s3)
        text_print(out, p->s3 == POWER_ME_ON ? ", S3%s" : ", ME Wake in S3%s", mains);
    if (p->s45)
        text_print(out, ", S4-5%s", mains);
    if (p->off_after_power_loss)
        text_print(out, ", OFF After Power Loss");
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
