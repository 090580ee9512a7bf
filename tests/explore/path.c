// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/path.h"

#include <string.h>

#include "tests/explore/acts.h"
#include "tests/explore/certificates.h"
#include "tests/explore/invariants.h"
#include "tests/explore/world.h"

void start_world(const struct start *start)
{
    world_begin(start->root, start->release, start->oem, start->absent);
}

uint32_t step(int act)
{
    invariants_before(act_at(act)->name, (enum actor)act_at(act)->actor, act_at(act)->traits);
    act_at(act)->run();
    invariants_after();
    return world.ghost.violations;
}

void path_print(FILE *out, const struct path *path)
{
    fprintf(out, "release %s\noem %s\nroot %s\n", path->start.release->name, path->start.oem->name,
            root_names[path->start.root]);
    if (path->start.absent)
        fprintf(out, "host absent\n");
    for (int i = 0; i < path->acts; i++)
        fprintf(out, "%s\n", act_at(path->act[i])->name);
}

static int find_root(const char *name)
{
    for (int i = 0; i < ROOTS; i++)
        if (strcmp(root_names[i], name) == 0)
            return i;
    return -1;
}

/* "release NAME" and the like; false: it is not one of them. */
static bool take_start(struct start *start, const char *line, bool *known)
{
    int root;

    *known = true;
    if (strncmp(line, "release ", 8) == 0) {
        start->release = release_find(line + 8);
        *known = start->release != NULL;
    } else if (strncmp(line, "oem ", 4) == 0) {
        start->oem = certificates_find_oem(line + 4);
        *known = start->oem != NULL;
    } else if (strncmp(line, "root ", 5) == 0) {
        root = find_root(line + 5);
        *known = root >= 0;
        start->root = *known ? (enum root)root : ROOT_FACTORY;
    } else if (strcmp(line, "host absent") == 0) {
        start->absent = true;
    } else {
        return false;
    }
    return true;
}

static bool take_line(struct path *path, const char *line)
{
    bool known;
    int act;

    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (take_start(&path->start, line, &known))
        return known;
    act = act_find(line);
    if (act < 0 || path->acts == PATH_ACTS)
        return false;
    path->act[path->acts++] = (uint8_t)act;
    return true;
}

bool path_read(const char *file, struct path *path, char *error, size_t cap)
{
    FILE *in = fopen(file, "r");
    char line[160];
    int number = 0;

    memset(path, 0, sizeof(*path));
    if (!in) {
        snprintf(error, cap, "%s: cannot be read", file);
        return false;
    }
    error[0] = '\0';
    while (!error[0] && fgets(line, sizeof(line), in)) {
        line[strcspn(line, "\n")] = '\0';
        number++;
        if (!take_line(path, line))
            snprintf(error, cap, "%s:%d: \"%s\" is neither a start nor an act (explore --list)",
                     file, number, line);
    }
    fclose(in);
    if (!error[0] && (!path->start.release || !path->start.oem))
        snprintf(error, cap, "%s: release and oem are needed", file);
    return !error[0];
}

uint32_t path_replay(const struct path *path, bool loud)
{
    uint32_t all = 0;

    world_loud = loud;
    start_world(&path->start);
    for (int i = 0; i < path->acts; i++) {
        const struct explore_act *act = act_at(path->act[i]);
        bool can = act->can();

        if (loud)
            printf("  %6llu.%03llu s  %s%s\n", (unsigned long long)world.now_ms / 1000,
                   (unsigned long long)world.now_ms % 1000, act->name, can ? "" : " (in vain)");
        if (can)
            all |= step(path->act[i]);
    }
    world_loud = false;
    return all;
}
