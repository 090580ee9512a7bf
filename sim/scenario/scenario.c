// SPDX-License-Identifier: BSD-3-Clause
#include "sim/scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_MS UINT64_C(1000)
#define US_PER_S (1000 * US_PER_MS)
#define US_PER_MIN (60 * US_PER_S)
#define US_PER_HOUR (60 * US_PER_MIN)

const char *const compare_op_names[OPS] = {"==", "!=", "<", "<=", ">", ">="};

bool compare_holds(enum compare_op op, uint64_t left, uint64_t right)
{
    switch (op) {
    case OP_EQ:
        return left == right;
    case OP_NE:
        return left != right;
    case OP_LT:
        return left < right;
    case OP_LE:
        return left <= right;
    case OP_GT:
        return left > right;
    case OP_GE:
        return left >= right;
    default:
        return false;
    }
}

static unsigned long release_part(const char **text)
{
    char *end;
    unsigned long value = strtoul(*text, &end, 10);

    *text = *end == '.' ? end + 1 : end;
    return value;
}

int release_compare(const char *a, const char *b)
{
    while (*a || *b) {
        unsigned long x = *a ? release_part(&a) : 0;
        unsigned long y = *b ? release_part(&b) : 0;

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

bool step_applies_to(const struct step *step, const struct release *release)
{
    bool bounded = false, within = true;

    for (uint8_t i = 0; i < step->conditions; i++) {
        const struct condition *c = &step->when[i];
        int order = release_compare(release->name, c->release);

        if (c->op == OP_EQ) {
            if (order == 0)
                return true;
            continue;
        }
        bounded = true;
        within = within && compare_holds(c->op, (uint64_t)order + 1, 1);
    }
    return step->conditions == 0 || (bounded && within);
}

struct unit {
    const char *name;
    uint64_t us;
};

static const struct unit units[] = {
    {"h", US_PER_HOUR}, {"m", US_PER_MIN}, {"s", US_PER_S}, {"ms", US_PER_MS}};

#define UNITS (sizeof units / sizeof units[0])

/* Takes one "90s"; the unit must be smaller than those before it. */
static bool time_part(const char **text, size_t *unit, uint64_t *total_us)
{
    const uint64_t last_us = SCENARIO_LAST_H * US_PER_HOUR;
    const char *p = *text;
    uint64_t value = 0;

    if (*p < '0' || *p > '9')
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (uint64_t)(*p - '0');
        if (value > last_us)
            return false;
    }
    size_t length = strspn(p, "hms");
    for (; *unit < UNITS; (*unit)++)
        if (strlen(units[*unit].name) == length && memcmp(units[*unit].name, p, length) == 0)
            break;
    if (*unit == UNITS || value > last_us / units[*unit].us)
        return false;
    *total_us += value * units[*unit].us;
    (*unit)++;
    *text = p + length;
    return *total_us <= last_us;
}

bool scenario_time(const char *text, uint64_t *time_us)
{
    uint64_t total_us = 0;
    size_t unit = 0;

    if (strcmp(text, "0") == 0) {
        *time_us = 0;
        return true;
    }
    do {
        if (!time_part(&text, &unit, &total_us))
            return false;
    } while (*text);
    *time_us = total_us;
    return true;
}

const char *scenario_time_text(uint64_t time_us, char out[32])
{
    size_t used = 0;

    for (size_t i = 0; i < UNITS; i++) {
        uint64_t value = time_us / units[i].us;

        time_us %= units[i].us;
        if (value)
            used += (size_t)snprintf(out + used, 32 - used, "%llu%s", (unsigned long long)value,
                                     units[i].name);
    }
    if (used == 0)
        snprintf(out, 32, "0s");
    return out;
}
