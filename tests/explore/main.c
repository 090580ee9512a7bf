// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/explore/acts.h"
#include "tests/explore/certificates.h"
#include "tests/explore/invariants.h"
#include "tests/explore/path.h"
#include "tests/explore/probe.h"
#include "tests/explore/search.h"
#include "tests/explore/snapshot.h"
#include "tests/explore/state.h"
#include "tools/options.h"

#define DIFFER_MOST 0.04 /* of the audit's steps */
#define PLAN_SECONDS 180 /* of processor time, for one root of the full plan */
#define SECONDS_MOST 86400

static const char usage[] =
    "usage: explore [--release NAME|all] [--oem NAME|all] [--root factory|smb|plain|tls|key]\n"
    "               [--absent] [--acts GROUP,...] [--depth N] [--seconds S] [--audit] "
    "[--no-probe] [--go-on]\n"
    "               [--save DIR]\n"
    "       explore --plan small|full [--seconds S] [--save DIR]\n"
    "       explore --replay FILE... [--verbose] [--probe]\n"
    "       explore --list\n"
    "Without a plan or a replay: one search, by default 5.0.3, bmp-off, smb, depth 6.\n"
    "  --root R          where it begins: factory; provisioned by hand (smb), without\n"
    "                    TLS (plain), with it (tls), with a key for the next set-up (key)\n"
    "  --absent          no host shares the wire\n"
    "  --acts GROUP,...  who acts; default time,owner,stranger,person. Others: long commit silent\n"
    "                    more second shake spoof menu power agent network faults entropy\n"
    "                    line users machine reader\n"
    "  --seconds S       of processor time, for one search (default 180)\n"
    "  --audit           walks at random and compares with what the search had\n"
    "  --no-probe        does not ask in every new state whether the owner gets in\n"
    "  --probe           with --replay: asks it where each path ends\n"
    "  --go-on           goes on from states in which something did not hold\n"
    "  --save DIR        keeps the path to each violation there\n"
    "  --list            every act\n"
    "  --certificates DIR  build/certificates, made by make check: adds that OEM profile\n"
    "exit status: 0 all held, 1 something did not, or the audit found too much, 2 bad usage\n";

/* What is explored without being asked for more: whose acts, from where, how deep. */
static const struct plan {
    enum root root;
    bool absent;
    bool every;      /* release and OEM profile; else 5.0.3 ... */
    const char *oem; /* ... as this one ships it */
    const char *groups;
    int small, full; /* depth */
} plans[] = {
    {ROOT_SMB, false, false, "bmp-off", "time,owner,stranger,person", 9, 80},
    {ROOT_SMB, false, false, "bmp-off", "time,owner,silent,stranger,second,person", 5, 9},
    {ROOT_SMB, false, false, "bmp-off", "time,owner,commit,stranger,more,second,person,spoof", 5,
     8},
    {ROOT_SMB, false, false, "bmp-off", "time,long,owner,commit,stranger,network", 4, 7},
    {ROOT_PLAIN, false, false, "bmp-off", "time,long,owner,commit,person,menu,power,faults", 4, 7},
    {ROOT_PLAIN, false, false, "bmp-off", "time,owner,person,menu,power,entropy", 5, 11},
    {ROOT_FACTORY, false, false, "bmp-off", "time,shake,person,menu,power,agent,network", 4, 7},
    {ROOT_FACTORY, false, false, "intel", "time,long,person,power,agent,faults", 5, 9},
    {ROOT_FACTORY, true, false, "bmp-off", "time,agent,network,power", 7, 40},
    {ROOT_TLS, false, false, "bmp-off", "time,owner,stranger,person", 5, 10},
    {ROOT_TLS, false, false, "bmp-off", "time,owner,more,stranger,second,shake,person", 3, 5},
    {ROOT_KEY, false, false, "bmp-off", "time,long,owner,commit,stranger,shake,person", 3, 5},
    {ROOT_TLS, false, false, "certificates", "time,owner,commit,stranger,person", 4, 7},
    {ROOT_SMB, false, false, "bmp-off", "time,line", 5, 9},
    {ROOT_SMB, false, false, "bmp-off", "time,owner,line,users,machine", 3, 6},
    {ROOT_SMB, false, false, "bmp-off", "time,owner,machine,reader", 4, 7},
    {ROOT_PLAIN, false, false, "bmp-off", "time,owner,line,users,person", 3, 6},
    {ROOT_SMB, false, true, NULL, "time,owner,stranger,person,power", 2, 6},
    {ROOT_FACTORY, false, true, NULL, "time,long,person,power,agent", 2, 8},
    {ROOT_PLAIN, false, true, NULL, "time,owner,person,menu,power", 2, 6},
};

struct arguments {
    const struct release *release; /* NULL: all */
    const struct oem_profile *oem;
    enum root root;
    bool absent, verbose, probe, help, lists, replays;
    const char *groups, *plan;
    struct search_options options;
    const char **files;
    int file_count;
};

static int fail(const char *what, const char *value)
{
    fprintf(stderr, "explore: %s \"%s\"; see explore --help\n", what, value);
    return 2;
}

static act_set alphabet(const char *groups)
{
    uint32_t bits = act_groups(groups);
    act_set all = 0;

    for (int i = 0; i < act_count(); i++)
        if (act_at(i)->group & bits)
            all |= act_bit(i);
    return all;
}

/* --- results --- */

struct total {
    uint64_t states, transitions, agree, differ, unknown;
    uint32_t searches, fixed_points, found, probes, longest_ms;
    double seconds;
};

static void add(struct total *t, const struct search_result *r)
{
    t->searches++;
    t->states += r->states;
    t->transitions += r->transitions;
    t->agree += r->agree;
    t->differ += r->differ;
    t->unknown += r->unknown;
    t->fixed_points += r->fixed_point;
    t->found |= r->found;
    t->probes += r->probes;
    t->longest_ms = r->longest_ms > t->longest_ms ? r->longest_ms : t->longest_ms;
    t->seconds += r->seconds;
}

static double share(uint64_t agree, uint64_t differ)
{
    return agree + differ ? (double)differ / (double)(agree + differ) : 0;
}

static void report(const struct start *start, const struct search_result *r)
{
    printf("%s %s %s%s: %u states, %llu transitions, depth %d%s, %.1f s", start->release->name,
           start->oem->name, root_names[start->root], start->absent ? " without a host" : "",
           r->states, (unsigned long long)r->transitions, r->depth,
           r->fixed_point ? " (fixed point)" : "", r->seconds);
    if (r->probes)
        printf("; %u log-ins, the longest after %u ms", r->probes, r->longest_ms);
    if (r->agree + r->differ)
        printf("; audit: %llu steps, %.2f %% differ, %.2f %% to where the search never was",
               (unsigned long long)r->agree + r->differ, 100 * share(r->agree, r->differ),
               100 * share(r->agree + r->differ - r->unknown, r->unknown));
    printf("\n");
    fflush(stdout);
}

static int conclude(const struct total *t)
{
    bool trusted = share(t->agree, t->differ) <= DIFFER_MOST;
    int found = 0;

    for (uint32_t bits = t->found; bits; bits &= bits - 1)
        found++;
    printf(
        "explored: %u roots, %u to a fixed point, %llu states, %llu transitions, %.1f s; "
        "%u log-ins, the longest after %u ms; audit: %llu steps, %.2f %% differ, %.2f %% to where "
        "the search never was; %d kinds of violation\n",
        t->searches, t->fixed_points, (unsigned long long)t->states,
        (unsigned long long)t->transitions, t->seconds, t->probes, t->longest_ms,
        (unsigned long long)t->agree + t->differ, 100 * share(t->agree, t->differ),
        100 * share(t->agree + t->differ - t->unknown, t->unknown), found);
    if (!trusted)
        printf("the abstraction is too coarse: more than %.0f %% of the audit's steps differ\n",
               100 * DIFFER_MOST);
    return found || !trusted;
}

/* --- searching --- */

static void search_one(const struct start *start, const struct search_options *options,
                       struct total *total)
{
    struct search_result result;

    search(start, options, &result);
    report(start, &result);
    add(total, &result);
}

/* release, oem NULL: each. */
static void search_all(const struct start *start, const struct search_options *options,
                       struct total *total)
{
    uint32_t releases, oems;
    const struct release *const *release = release_table(&releases);
    const struct oem_profile *const *oem = oem_table(&oems);

    for (uint32_t i = 0; i < releases; i++)
        for (uint32_t k = 0; k < (start->oem ? 1u : oems); k++) {
            struct start one = *start;

            if (start->release && start->release != release[i])
                continue;
            one.release = release[i];
            one.oem = start->oem ? start->oem : oem[k];
            search_one(&one, options, total);
        }
}

static int run_plan(const struct arguments *a)
{
    bool full = strcmp(a->plan, "full") == 0;
    struct total total = {0};

    if (!full && strcmp(a->plan, "small") != 0)
        return fail("unknown plan", a->plan);
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        const struct plan *p = &plans[i];
        struct search_options options = a->options;
        struct start start = {.release = p->every ? NULL : release_find("5.0.3"),
                              .oem = p->every ? NULL : certificates_find_oem(p->oem),
                              .root = p->root,
                              .absent = p->absent};

        options.alphabet = alphabet(p->groups);
        options.depth = full ? p->full : p->small;
        if (options.seconds <= 0)
            options.seconds = PLAN_SECONDS;
        options.audit = !p->every;
        options.loud = full && !p->every;
        if (!p->every && !start.oem)
            continue; /* without certificates */
        if (!p->every)
            printf("%s\n", p->groups);
        search_all(&start, &options, &total);
    }
    return conclude(&total);
}

static int run_search(struct arguments *a)
{
    struct start start = {
        .release = a->release, .oem = a->oem, .root = a->root, .absent = a->absent};
    struct total total = {0};

    if (a->options.seconds <= 0)
        a->options.seconds = PLAN_SECONDS;
    a->options.alphabet = alphabet(a->groups);
    if (!a->options.alphabet)
        return fail("unknown group in", a->groups);
    search_all(&start, &a->options, &total);
    return conclude(&total);
}

/* Where a path ends: does the owner get in, whatever else goes on? */
static uint32_t probe_all(bool loud)
{
    struct snapshot *here;
    uint32_t violations = 0;

    snapshot_root();
    here = snapshot_take();
    world_loud = loud;
    for (int i = 0; i < COMPANIES; i++) {
        int took = probe_owner((enum company)i);

        printf("  the owner gets in after %d ms (%s)\n", took, company_names[i]);
        violations |= world.ghost.violations;
        took = took >= 0 ? probe_line((enum company)i) : -1;
        if (took >= 0)
            printf("  and at the serial line after %d ms\n", took);
        violations |= world.ghost.violations;
        snapshot_restore(here);
    }
    world_loud = false;
    free(here);
    return violations;
}

static int replay(const struct arguments *a)
{
    int failed = 0;

    for (int i = 0; i < a->file_count; i++) {
        struct path path;
        char error[256];
        uint32_t violations;

        if (!path_read(a->files[i], &path, error, sizeof(error))) {
            fprintf(stderr, "explore: %s\n", error);
            return 2;
        }
        violations = path_replay(&path, a->verbose);
        if (a->probe)
            violations |= probe_all(a->verbose);
        printf("%s: %s\n", a->files[i], violations ? "violated" : "holds");
        for (int k = 0; k < VIOLATIONS; k++)
            if (violations >> k & 1u)
                printf("  %s\n", violation_names[k]);
        failed |= violations != 0;
    }
    return failed;
}

static int list(void)
{
    for (int i = 0; i < act_count(); i++)
        printf("%s\n", act_at(i)->name);
    return 0;
}

/* --- arguments --- */

static int take_root(struct arguments *a, const char *value)
{
    for (int i = 0; i < ROOTS; i++)
        if (strcmp(root_names[i], value) == 0) {
            a->root = (enum root)i;
            return 0;
        }
    return fail("unknown root", value);
}

static int take_release(struct arguments *a, const char *value)
{
    a->release = strcmp(value, "all") == 0 ? NULL : release_find(value);
    return a->release || strcmp(value, "all") == 0 ? 0 : fail("unknown release", value);
}

static int take_oem(struct arguments *a, const char *value)
{
    a->oem = strcmp(value, "all") == 0 ? NULL : certificates_find_oem(value);
    return a->oem || strcmp(value, "all") == 0 ? 0 : fail("unknown OEM profile", value);
}

static int take_certificates(const char *folder)
{
    char error[256];

    if (certificates_load(folder, error, sizeof(error)))
        return 0;
    fprintf(stderr, "explore: %s\n", error);
    return 2;
}

static int take_depth(struct arguments *a, const char *value)
{
    char *end;
    long depth = strtol(value, &end, 10);

    if (end == value || *end || depth < 1 || depth >= PATH_ACTS) {
        fprintf(stderr, "explore: --depth: expected a number from 1 to %d, not \"%s\"\n",
                PATH_ACTS - 1, value);
        return 2;
    }
    a->options.depth = (int)depth;
    return 0;
}

static int take_seconds(struct arguments *a, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);

    if (end == value || *end || !(seconds > 0 && seconds <= SECONDS_MOST)) {
        fprintf(stderr, "explore: --seconds: expected a number above 0, to %d, not \"%s\"\n",
                SECONDS_MOST, value);
        return 2;
    }
    a->options.seconds = seconds;
    return 0;
}

enum {
    OPTION_HELP,
    OPTION_LIST,
    OPTION_REPLAY,
    OPTION_RELEASE,
    OPTION_OEM,
    OPTION_ROOT,
    OPTION_CERTIFICATES,
    OPTION_ACTS,
    OPTION_PLAN,
    OPTION_DEPTH,
    OPTION_SECONDS,
    OPTION_SAVE,
    OPTION_ABSENT,
    OPTION_AUDIT,
    OPTION_PROBE,
    OPTION_NO_PROBE,
    OPTION_GO_ON,
    OPTION_VERBOSE,
    OPTIONS
};

static const struct options_known known[OPTIONS + 1] = {
    [OPTION_HELP] = {"--help", false},
    [OPTION_LIST] = {"--list", false},
    [OPTION_REPLAY] = {"--replay", false},
    [OPTION_RELEASE] = {"--release", true},
    [OPTION_OEM] = {"--oem", true},
    [OPTION_ROOT] = {"--root", true},
    [OPTION_CERTIFICATES] = {"--certificates", true},
    [OPTION_ACTS] = {"--acts", true},
    [OPTION_PLAN] = {"--plan", true},
    [OPTION_DEPTH] = {"--depth", true},
    [OPTION_SECONDS] = {"--seconds", true},
    [OPTION_SAVE] = {"--save", true},
    [OPTION_ABSENT] = {"--absent", false},
    [OPTION_AUDIT] = {"--audit", false},
    [OPTION_PROBE] = {"--probe", false},
    [OPTION_NO_PROBE] = {"--no-probe", false},
    [OPTION_GO_ON] = {"--go-on", false},
    [OPTION_VERBOSE] = {"--verbose", false},
};

/* 0, or an exit status. */
static int take_value(struct arguments *a, int option, const char *value)
{
    switch (option) {
    case OPTION_RELEASE:
        return take_release(a, value);
    case OPTION_OEM:
        return take_oem(a, value);
    case OPTION_ROOT:
        return take_root(a, value);
    case OPTION_CERTIFICATES:
        return take_certificates(value);
    case OPTION_DEPTH:
        return take_depth(a, value);
    case OPTION_SECONDS:
        return take_seconds(a, value);
    case OPTION_ACTS:
        a->groups = value;
        return 0;
    case OPTION_PLAN:
        a->plan = value;
        return 0;
    default:
        a->options.save = value;
        return 0;
    }
}

static void take_flag(struct arguments *a, int option)
{
    switch (option) {
    case OPTION_HELP:
        a->help = true;
        break;
    case OPTION_LIST:
        a->lists = true;
        break;
    case OPTION_REPLAY:
        a->replays = true;
        break;
    case OPTION_ABSENT:
        a->absent = true;
        break;
    case OPTION_AUDIT:
        a->options.audit = true;
        break;
    case OPTION_PROBE:
        a->probe = true;
        break;
    case OPTION_NO_PROBE:
        a->options.probe = false;
        break;
    case OPTION_GO_ON:
        a->options.go_on = true;
        break;
    default:
        a->verbose = true;
    }
}

/* 0, or an exit status. */
static int take(struct arguments *a, int got, const struct options *options)
{
    switch (got) {
    case OPTIONS_OPERAND:
        if (!a->replays)
            return fail("a file needs --replay before it:", options->value);
        a->files[a->file_count++] = options->value;
        return 0;
    case OPTIONS_UNKNOWN:
        return fail("unknown option", options->text);
    case OPTIONS_NEEDS_VALUE:
        return fail("a value is missing after", known[options->option].name);
    case OPTIONS_TAKES_NONE:
        return fail("no value is expected after", known[options->option].name);
    }
    if (known[got].takes_value)
        return take_value(a, got, options->value);
    take_flag(a, got);
    return 0;
}

static int act_on(struct arguments *a)
{
    if (a->help)
        return fputs(usage, stdout) < 0;
    if (a->lists)
        return list();
    if (a->replays && a->plan)
        return fail("--replay takes no", "--plan");
    if (a->replays && a->file_count == 0)
        return fail("a file is missing after", "--replay");
    if (a->replays)
        return replay(a);
    return a->plan ? run_plan(a) : run_search(a);
}

int main(int argc, char **argv)
{
    struct arguments a = {.release = release_find("5.0.3"),
                          .oem = oem_find("bmp-off"),
                          .root = ROOT_SMB,
                          .groups = "time,owner,stranger,person",
                          .options = {.depth = 6, .seconds = 0, .probe = true, .loud = true}};
    struct options options = {.argc = argc, .argv = argv};
    int status = 0;

    a.files = calloc((size_t)argc, sizeof(*a.files));
    if (!a.files)
        return fail("no memory for", "arguments");
    for (int got; !status && (got = options_next(&options, known)) != OPTIONS_END;)
        status = take(&a, got, &options);
    if (!status)
        status = act_on(&a);
    free(a.files);
    return status;
}
