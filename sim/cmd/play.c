// SPDX-License-Identifier: BSD-3-Clause
#include "sim/cmd/play.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "sim/cmd/cmd.h"
#include "sim/report/trace_json.h"

/* "5.0.2, 5.0.3" in out, cut if it does not fit. */
static void add_name(char *out, size_t cap, const char *name)
{
    size_t used = strlen(out);

    snprintf(out + used, cap - used, "%s%s", used ? ", " : "", name);
}

static bool parse_release(struct play_arguments *a, const char *name)
{
    const struct release *found = release_find(name);
    uint32_t count;
    const struct release *const *table = release_table(&count);
    char names[300] = "";

    for (uint32_t i = 0; i < count; i++)
        add_name(names, sizeof names, table[i]->name);
    if (!found) {
        cmd_error(a->command, "unknown release \"%s\"; expected one of %s", name, names);
        return false;
    }
    for (size_t i = 0; i < a->releases; i++) {
        if (a->release[i] == found) {
            cmd_error(a->command, "--release %s given more than once", name);
            return false;
        }
    }
    if (a->releases == a->releases_max) {
        cmd_error(a->command, "too many releases; expected at most %zu", a->releases_max);
        return false;
    }
    a->release[a->releases++] = found;
    return true;
}

static bool parse_oem(struct play_arguments *a, const char *name)
{
    char error[500];

    a->options.oem = oem_file_or_profile(name, &a->oem_file, error, sizeof error);
    if (!a->options.oem)
        cmd_error(a->command, "%s", error);
    return a->options.oem != NULL;
}

enum option {
    OPTION_RELEASE,
    OPTION_OEM,
    OPTION_SEED,
    OPTION_TRACE,
    OPTION_PCAP,
    OPTION_QUIET,
    OPTION_ALL,
};

static bool parse_option(struct play_arguments *a, int option, const char *value)
{
    switch (option) {
    case OPTION_RELEASE:
        return parse_release(a, value);
    case OPTION_OEM:
        return parse_oem(a, value);
    case OPTION_SEED:
        return cmd_number(a->command, "--seed", value, 0, UINT64_MAX, &a->options.seed);
    case OPTION_TRACE:
        a->files.trace = value;
        return true;
    case OPTION_PCAP:
        a->files.pcap = value;
        return true;
    case OPTION_ALL:
        a->all = true;
        return true;
    default:
        a->quiet = true;
        return true;
    }
}

static bool parse_file(struct play_arguments *a, const char *file)
{
    if (a->file) {
        cmd_error(a->command, "unexpected argument \"%s\"; expected one scenario file", file);
        return false;
    }
    a->file = file;
    return true;
}

bool play_read_arguments(struct play_arguments *arguments, int argc, char **argv)
{
    const struct cmd_option options[] = {
        [OPTION_RELEASE] = {"--release", "R", arguments->releases_max > 1},
        [OPTION_OEM] = {"--oem", "NAME|F.oem", false},
        [OPTION_SEED] = {"--seed", "N", false},
        [OPTION_TRACE] = {"--trace", "F.jsonl", false},
        [OPTION_PCAP] = {"--pcap", "F.pcapng", false},
        [OPTION_QUIET] = {"--quiet", NULL, false},
        /* of `compare` only; a table ends at its first option without a name */
        [OPTION_ALL] = {arguments->releases_max > 1 ? "--all" : NULL, NULL, false},
        {NULL, NULL, false},
    };
    struct cmd_args args = {.command = arguments->command, .options = {.argc = argc, .argv = argv}};
    int option;

    while ((option = cmd_next(&args, options)) != CMD_ARG_END) {
        if (option == CMD_ARG_BAD)
            return false;
        if (option == CMD_ARG_HELP) {
            arguments->help = true;
            return true;
        }
        if (option == CMD_ARG_OPERAND ? !parse_file(arguments, args.value)
                                      : !parse_option(arguments, option, args.value))
            return false;
    }
    if (!arguments->file)
        cmd_error(arguments->command, "a scenario file is required; see `proviso %s --help`",
                  arguments->command);
    return arguments->file != NULL;
}

bool play_load(const char *file, struct scenario *scenario)
{
    struct scenario_error error;

    if (scenario_load(file, scenario, &error))
        return true;
    fprintf(stderr, "%s\n", error.text);
    for (uint32_t i = 1; i < error.faults && i < SCENARIO_FAULTS; i++)
        fprintf(stderr, "%s\n", error.more[i - 1]);
    if (error.faults > SCENARIO_FAULTS)
        fprintf(stderr, "%s: %" PRIu32 " more faulty lines\n", file,
                error.faults - SCENARIO_FAULTS);
    return false;
}

/* What a run writes, while it is played. */
struct outputs {
    struct capture capture;
    bool captures;
    FILE *trace;
};

static void trace_event(void *ctx, const struct world_event *event)
{
    trace_json_event(ctx, event);
}

static bool close_files(const char *command, const struct play_files *files, struct outputs *o)
{
    bool good = true;

    if (o->captures && capture_close(&o->capture) != 0) {
        cmd_error(command, "cannot write %s: %s", files->pcap, strerror(errno));
        good = false;
    }
    if (o->trace) {
        bool failed = ferror(o->trace) != 0;

        if (fclose(o->trace) != 0 || failed) {
            cmd_error(command, "cannot write %s: %s", files->trace, strerror(errno));
            good = false;
        }
    }
    return good;
}

/* Fills in the options' capture and observer. */
static bool open_files(const char *command, const struct play_files *files, struct outputs *o,
                       struct run_options *options)
{
    if (files->pcap) {
        if (capture_open(&o->capture, files->pcap) != 0) {
            cmd_error(command, "cannot write %s: %s", files->pcap, strerror(errno));
            return false;
        }
        o->captures = true;
        options->capture = &o->capture;
    }
    if (files->trace) {
        o->trace = fopen(files->trace, "wb");
        if (!o->trace) {
            cmd_error(command, "cannot write %s: %s", files->trace, strerror(errno));
            close_files(command, files, o);
            return false;
        }
        options->extra_observer = (struct world_observer){o->trace, trace_event};
    }
    return true;
}

bool play_scenario(const char *command, const struct scenario *scenario,
                   const struct run_options *options, const struct play_files *files,
                   struct run *run)
{
    struct run_options with_files = *options;
    struct scenario_error error;
    struct outputs outputs = {.captures = false};

    memset(run, 0, sizeof(*run));
    if (!open_files(command, files, &outputs, &with_files))
        return false;
    bool played = run_play(run, scenario, &with_files, &error);
    bool closed = close_files(command, files, &outputs);
    if (!played)
        fprintf(stderr, "%s\n", error.text);
    return played && closed;
}

void play_report_failures(const struct run *run)
{
    fflush(stdout);
    for (uint32_t i = 0; i < run->failures; i++)
        fprintf(stderr, "%s\n", run->failure[i]);
}

bool play_judged(const char *command, const struct run *run, size_t runs)
{
    for (size_t i = 0; i < runs; i++)
        if (run[i].checks || run[i].judges_nothing)
            return true;
    cmd_error(command,
              "%s judges nothing: no expectation was reached; add a line like "
              "`at 5m expect state \"In process\"`, or, before the first at, `judges nothing`",
              run[0].scenario->file);
    return false;
}

void play_summary(const struct run *run, FILE *out)
{
    if (run->failures)
        fprintf(out, "%" PRIu32 " of %" PRIu32 " expectations failed", run->failures, run->checks);
    else if (run->checks)
        fprintf(out, "%" PRIu32 " expectation%s held", run->checks, run->checks == 1 ? "" : "s");
    else
        fputs("no expectation was judged", out);
}
