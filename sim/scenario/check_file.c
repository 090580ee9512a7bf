// SPDX-License-Identifier: BSD-3-Clause
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "sim/scenario/reader.h"

/* What no single line shows: words of several lines that contradict each other. */

/* A release that both lines concern; NULL: there is none. */
static const struct release *shared_release(const struct step *a, const struct step *b)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    for (uint32_t i = 0; i < count; i++)
        if (step_applies_to(a, release[i]) && step_applies_to(b, release[i]))
            return release[i];
    return NULL;
}

static bool is_dns_record(const struct step *step)
{
    return step->kind == STEP_DNS_A || step->kind == STEP_DNS_CNAME ||
           step->kind == STEP_DNS_REMOVE;
}

/* What both set can have one value only. Lines of the machine (`pc`) add up. */
static bool same_subject(const struct step *a, const struct step *b)
{
    if (is_dns_record(a) && is_dns_record(b))
        return strcasecmp(a->name, b->name) == 0;
    if (a->kind != b->kind)
        return false;
    if (a->kind == STEP_SCA || a->kind == STEP_SCA_PLAN || a->kind == STEP_SCA_CLOCK ||
        a->kind == STEP_CONSOLE_USE)
        return a->ip == b->ip;
    if (a->kind == STEP_FIREWALL)
        return a->port == b->port;
    return a->kind != STEP_PC && a->kind != STEP_JUDGES_NOTHING;
}

static bool devices_contradict(const struct device_words *a, const struct device_words *b)
{
    return (a->oem && b->oem && (a->file || b->file || a->oem != b->oem)) ||
           (a->bmp_hours != OEM_BMP_UNSET && b->bmp_hours != OEM_BMP_UNSET &&
            a->bmp_hours != b->bmp_hours) ||
           (a->domain && b->domain && strcmp(a->domain, b->domain) != 0) ||
           (a->unprovision_to && b->unprovision_to && a->unprovision_to != b->unprovision_to) ||
           (a->schedule && b->schedule && a->schedule != b->schedule) ||
           (a->certificate_s && b->certificate_s && a->certificate_s != b->certificate_s);
}

/* A line with `when` may make an exception from one without above it. */
static bool is_exception(const struct step *above, const struct step *below)
{
    return above->conditions == 0 && below->conditions > 0;
}

static bool same_value(const struct step *a, const struct step *b)
{
    switch (a->kind) {
    case STEP_DEVICE:
        return !devices_contradict(&a->device, &b->device);
    case STEP_FIREWALL:
    case STEP_LAN_NAK:
    case STEP_DNS_SILENT:
        return a->on == b->on; /* which is also written without it */
    default:
        return strcmp(a->text, b->text) == 0;
    }
}

static bool contradict(const struct step *above, const struct step *below)
{
    return same_subject(above, below) && !is_exception(above, below) && !same_value(above, below) &&
           shared_release(above, below) != NULL;
}

static void check_setup(struct reader *r, size_t at)
{
    const struct step *below = &r->scenario->step[at];

    for (size_t i = 0; i < at; i++) {
        const struct step *above = &r->scenario->step[i];

        if (!contradict(above, below))
            continue;
        r->line = below->line;
        reader_fail(r, "this contradicts line %" PRIu32 ", `%s`; expected one of the two%s",
                    above->line, above->text,
                    above->conditions || below->conditions ? " for a release"
                                                           : ", or `when RELEASE` behind this one");
        return;
    }
}

/* A scenario that says that it judges nothing has nothing to judge. */
static void check_judging(struct reader *r)
{
    const struct scenario *scenario = r->scenario;
    uint32_t nothing = 0;

    for (size_t i = 0; i < scenario->steps; i++) {
        const struct step *step = &scenario->step[i];

        if (step->kind == STEP_JUDGES_NOTHING && !step->conditions)
            nothing = step->line;
        if (!nothing || (step->kind != STEP_EXPECT && !step->refused))
            continue;
        r->line = step->line;
        reader_fail(r, "this judges, but line %" PRIu32 " says `judges nothing`", nothing);
        return;
    }
}

void reader_check_file(struct reader *r)
{
    for (size_t i = 0; i < r->scenario->steps && r->scenario->step[i].setup; i++)
        check_setup(r, i);
    check_judging(r);
}
