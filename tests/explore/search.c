// SPDX-License-Identifier: BSD-3-Clause
#define _XOPEN_SOURCE 700

#include "tests/explore/search.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/explore/abstraction.h"
#include "tests/explore/acts.h"
#include "tests/explore/invariants.h"
#include "tests/explore/probe.h"
#include "tests/explore/snapshot.h"
#include "tests/explore/state.h"

#define WALK 40 /* acts */
#define AUDIT_SHARE 0.3
#define EXPLAINED 200 /* disagreements of which the audit looks for the field */
#define NAMES 32
#define STATE_SECONDS 10 /* for all acts of a state; a thousandth of it is much */

struct node {
    struct snapshot *state; /* until it is expanded */
    uint32_t parent;
    uint8_t act;
    uint8_t depth;
    bool expanded;
};

static struct tree {
    const struct start *start;
    const struct search_options *options;
    struct search_result *result;
    struct node *node;
    uint64_t (*successor)[ACTS_MAX]; /* hashes, for the audit; 0 = not possible */
    uint32_t count, room;
    uint64_t *hash; /* an open table, and whose it is */
    uint32_t *id;
    uint32_t cells;
    double begun;
    /* where the search is, for a crash */
    uint32_t at;
    int act;
} tree;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *need(void *memory)
{
    if (!memory) {
        fprintf(stderr, "explore: no memory\n");
        exit(2);
    }
    return memory;
}

/* --- the states that are known --- */

static uint32_t cell_of(uint64_t hash)
{
    uint32_t at = (uint32_t)(hash ^ hash >> 32) & (tree.cells - 1);

    while (tree.hash[at] && tree.hash[at] != hash)
        at = (at + 1) & (tree.cells - 1);
    return at;
}

static void grow_table(void)
{
    uint64_t *old = tree.hash;
    uint32_t *ids = tree.id, cells = tree.cells;

    tree.cells = cells ? cells * 2 : 1u << 14;
    tree.hash = need(calloc(tree.cells, sizeof(*tree.hash)));
    tree.id = need(calloc(tree.cells, sizeof(*tree.id)));
    for (uint32_t i = 0; i < cells; i++)
        if (old[i]) {
            uint32_t at = cell_of(old[i]);

            tree.hash[at] = old[i];
            tree.id[at] = ids[i];
        }
    free(old);
    free(ids);
}

static void grow_nodes(void)
{
    tree.room = tree.room ? tree.room * 2 : 1u << 12;
    tree.node = need(realloc(tree.node, tree.room * sizeof(*tree.node)));
    if (tree.options->audit)
        tree.successor = need(realloc(tree.successor, tree.room * sizeof(*tree.successor)));
}

/* The world as it is becomes a state, if it is a new one. */
static bool add(uint64_t hash, uint32_t parent, int act, int depth)
{
    uint32_t at = cell_of(hash);

    if (tree.hash[at])
        return false;
    if (tree.count == tree.room)
        grow_nodes();
    tree.hash[at] = hash;
    tree.id[at] = tree.count;
    tree.node[tree.count] = (struct node){.state = need(snapshot_take()),
                                          .parent = parent,
                                          .act = (uint8_t)act,
                                          .depth = (uint8_t)depth};
    if (tree.successor)
        memset(tree.successor[tree.count], 0, sizeof(tree.successor[0]));
    tree.result->bytes += snapshot_bytes(tree.node[tree.count].state);
    if (++tree.count > tree.cells / 2)
        grow_table();
    return true;
}

/* The acts that lead there, and one more (-1: none). */
static void path_to(uint32_t id, int act, struct path *path)
{
    uint8_t back[PATH_ACTS];
    int n = 0;

    *path = (struct path){.start = *tree.start};
    if (act >= 0)
        back[n++] = (uint8_t)act;
    for (; id != 0 && n < PATH_ACTS; id = tree.node[id].parent)
        back[n++] = tree.node[id].act;
    for (int i = 0; i < n; i++)
        path->act[i] = back[n - 1 - i];
    path->acts = n;
}

/* --- what is found --- */

static void save(const struct path *path, uint32_t kind)
{
    char name[512];
    FILE *out;

    snprintf(name, sizeof(name), "%s/%02u-%s-%s-%s.path", tree.options->save, kind,
             path->start.release->name, path->start.oem->name, root_names[path->start.root]);
    out = fopen(name, "w");
    if (!out) {
        fprintf(stderr, "explore: %s cannot be written\n", name);
        return;
    }
    fprintf(out, "# %s\n", violation_names[kind]);
    path_print(out, path);
    fclose(out);
}

static void tell(uint32_t violations, uint32_t id, int act)
{
    struct path path;

    path_to(id, act, &path);
    for (uint32_t kind = 0; kind < VIOLATIONS; kind++) {
        if (!(violations >> kind & 1u) || tree.result->found >> kind & 1u)
            continue;
        tree.result->found |= 1u << kind;
        printf("found after %.2f s, %u states, at depth %d: %s (%s)\n", seconds() - tree.begun,
               tree.count, path.acts, violation_names[kind], world.ghost.detail);
        path_print(stdout, &path);
        if (tree.options->save)
            save(&path, kind);
    }
    fflush(stdout);
}

/* The last act did not end. */
static void tell_end(uint32_t kind)
{
    struct path path;

    if (!tree.node)
        return;
    path_to(tree.at, tree.act, &path);
    printf("found after %.2f s, %u states, at depth %d: %s\n", seconds() - tree.begun, tree.count,
           path.acts, violation_names[kind]);
    path_print(stdout, &path);
    if (tree.options->save)
        save(&path, kind);
    fflush(stdout);
}

/* Of the sanitizers' run-time, where there is one. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void on_death(void)
{
    tell_end(V_CRASHED);
}

static void on_signal(int number)
{
    tell_end(number == SIGVTALRM ? V_BUSY : V_CRASHED);
    _exit(1);
}

static void watch(void)
{
    const struct itimerval limit = {.it_value = {.tv_sec = STATE_SECONDS}};

    setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

static void catch_signals(void)
{
    signal(SIGSEGV, on_signal);
    signal(SIGABRT, on_signal);
    signal(SIGVTALRM, on_signal);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(on_death);
}

/* --- the search --- */

static void note_probe(uint32_t id, int took)
{
    if (took >= 0)
        tree.result->probes++;
    if (took > (int)tree.result->longest_ms)
        tree.result->longest_ms = (uint32_t)took;
    if (world.ghost.violations)
        tell(world.ghost.violations, id, -1);
}

static void probe(uint32_t id)
{
    bool line = tree.options->alphabet & act_bit(act_find("console connects"));
    enum company company = (enum company)(id % COMPANIES);
    struct snapshot *here = need(snapshot_take());
    int took;

    probe_reports();
    if (world.ghost.violations)
        tell(world.ghost.violations, id, -1);
    snapshot_restore(here);
    took = probe_owner(company);
    note_probe(id, took);
    if (line && took >= 0)
        note_probe(id, probe_line(company));
    snapshot_restore(here);
    free(here);
}

static act_set possible(void)
{
    act_set can = 0;

    for (int i = 0; i < act_count(); i++)
        if (tree.options->alphabet >> i & 1u && act_at(i)->can())
            can |= act_bit(i);
    return can;
}

static void try(uint32_t id, int act)
{
    uint32_t violations;
    uint64_t hash;

    tree.act = act;
    violations = step(act);
    hash = abstraction_hash();
    tree.result->transitions++;
    if (tree.successor)
        tree.successor[id][act] = hash;
    if (violations)
        tell(violations, id, act);
    if (violations && !tree.options->go_on)
        return; /* what follows from a wrong state says little */
    if (add(hash, id, act, tree.node[id].depth + 1) && tree.options->probe)
        probe(tree.count - 1);
}

static void expand(uint32_t id)
{
    struct snapshot *state = tree.node[id].state;
    act_set can;

    tree.at = id;
    watch();
    snapshot_restore(state);
    can = possible();
    for (int act = 0; act < act_count(); act++) {
        if (!(can >> act & 1u))
            continue;
        snapshot_restore(state);
        try(id, act);
    }
    free(state);
    tree.node[id].state = NULL;
    tree.node[id].expanded = true;
}

/* False: time is up. */
static bool search_depth(int depth)
{
    uint32_t end = tree.count, first = end;

    while (first > 0 && tree.node[first - 1].depth == depth)
        first--;
    for (uint32_t id = first; id < end; id++) {
        if (seconds() - tree.begun > tree.options->seconds)
            return false;
        expand(id);
    }
    if (tree.options->loud)
        printf("  depth %2d: %8u states, %9llu transitions, %6.1f s\n", depth + 1, tree.count,
               (unsigned long long)tree.result->transitions, seconds() - tree.begun);
    fflush(stdout);
    return true;
}

static void run(void)
{
    struct search_result *r = tree.result;

    for (int depth = 0; depth < tree.options->depth && depth < PATH_ACTS - 1; depth++) {
        uint32_t before = tree.count;

        if (!search_depth(depth))
            return;
        r->depth = depth + 1;
        r->fixed_point = tree.count == before;
        if (r->fixed_point)
            return;
    }
}

/* --- how far it can be trusted --- */

static struct {
    const char *name;
    uint32_t count;
} blamed[NAMES];

static void blame(const char *name)
{
    int i = 0;

    while (i < NAMES - 1 && blamed[i].name && strcmp(blamed[i].name, name) != 0)
        i++;
    blamed[i].name = name;
    blamed[i].count++;
}

/* The first field in which the world as it is differs from the one that the search had. */
static void explain(uint32_t id, int act)
{
    static struct abstraction_field mine[ABSTRACTION_FIELDS], known[ABSTRACTION_FIELDS];
    unsigned count = abstraction_fields(mine), other;
    struct snapshot *here = need(snapshot_take());
    struct path path;

    path_to(id, act, &path);
    snapshot_restore(NULL);
    for (int i = 0; i < path.acts; i++)
        step(path.act[i]);
    other = abstraction_fields(known);
    for (unsigned i = 0; i < count && i < other; i++)
        if (strcmp(mine[i].name, known[i].name) != 0 || mine[i].value != known[i].value) {
            blame(mine[i].name);
            break;
        }
    snapshot_restore(here);
    free(here);
}

static uint64_t draw(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 16;
}

static void compare(uint64_t before, int act)
{
    struct search_result *r = tree.result;
    uint32_t at = cell_of(before), id = tree.id[at];
    uint64_t expected, hash = abstraction_hash();

    if (!tree.hash[at] || !tree.node[id].expanded)
        return;
    expected = tree.successor[id][act];
    if (expected == hash) {
        r->agree++;
        return;
    }
    r->unknown += tree.hash[cell_of(hash)] == 0;
    if (r->differ++ < EXPLAINED && expected)
        explain(id, act);
}

static void walk(void)
{
    snapshot_restore(NULL);
    for (int i = 0; i < WALK; i++) {
        act_set can = possible();
        uint64_t before = abstraction_hash();
        int act;

        if (!can)
            return;
        do
            act = (int)(draw() % (uint64_t)act_count());
        while (!(can >> act & 1u));
        if (step(act))
            return;
        compare(before, act);
    }
}

static void audit(void)
{
    double end = seconds() + AUDIT_SHARE * (seconds() - tree.begun);

    memset(blamed, 0, sizeof(blamed));
    while (seconds() < end) {
        watch();
        walk();
    }
    for (int i = 0; i < NAMES && blamed[i].name && tree.options->loud; i++)
        printf("  audit: the first difference is in \"%s\": %u\n", blamed[i].name, blamed[i].count);
}

void search(const struct start *start, const struct search_options *options,
            struct search_result *result)
{
    memset(result, 0, sizeof(*result));
    tree = (struct tree){.start = start, .options = options, .result = result};
    catch_signals();
    start_world(start);
    snapshot_root();
    tree.begun = seconds();
    grow_table();
    add(abstraction_hash(), 0, 0, 0);
    if (options->probe)
        probe(0);
    run();
    result->states = tree.count;
    result->seconds = seconds() - tree.begun;
    if (options->audit)
        audit();
    for (uint32_t i = 0; i < tree.count; i++)
        free(tree.node[i].state);
    free(tree.node);
    free(tree.successor);
    free(tree.hash);
    free(tree.id);
    tree.node = NULL;
}
