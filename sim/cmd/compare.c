// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // TIOCGWINSZ
#include "sim/cmd/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sim/cmd/play.h"
#include "sim/report/divergence.h"
#include "sim/report/transcript.h"

#define PATH_BYTES 1024

static void usage(void)
{
    fputs("usage: proviso compare FILE.scn --release A --release B [--release C...] [OPTION...]\n"
          "\n"
          "Plays a scenario once per release with the same seed, prints the transcripts (two "
          "side\n"
          "by side, more than two one after the other), the first difference that a rule of the\n"
          "firmware explains, with that rule, and what the scenario itself does on one side only.\n"
          "Two transcripts are as wide as the terminal (or $COLUMNS); else 138 characters.\n"
          "\n"
          "  --release R      a release to play, 2 to 8 of them\n"
          "  --oem NAME|F.oem ship the devices with this OEM profile in place of the scenario's\n"
          "  --seed N         same seed, same frames (default 1)\n"
          "  --trace F.jsonl  events of each release in F-R.jsonl\n"
          "  --pcap F.pcapng  frames of each release in F-R.pcapng\n"
          "  --all            list every difference, not only that one\n"
          "  --quiet          print no transcripts\n"
          "\n"
          "exit status: 0 all held, 1 an expectation failed, 2 bad usage or bad input\n",
          stdout);
}

/* "dir/out.pcapng" and "5.0.2" give "dir/out-5.0.2.pcapng". NULL stays NULL. */
static bool file_for(const char *path, const char *release, char out[PATH_BYTES],
                     const char **result)
{
    *result = NULL;
    if (!path)
        return true;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t stem = dot && dot != name ? (size_t)(dot - path) : strlen(path);
    int len = snprintf(out, PATH_BYTES, "%.*s-%s%s", (int)stem, path, release, path + stem);
    if (len >= PATH_BYTES) {
        cmd_error("compare", "file name too long: %s", path);
        return false;
    }
    *result = out;
    return true;
}

static bool play_all(const struct play_arguments *a, const struct scenario *scenario,
                     struct run *run)
{
    char pcap[PATH_BYTES], trace[PATH_BYTES];

    for (size_t i = 0; i < a->releases; i++) {
        struct run_options options = a->options;
        struct play_files files;

        options.release = a->release[i];
        if (!file_for(a->files.pcap, a->release[i]->name, pcap, &files.pcap) ||
            !file_for(a->files.trace, a->release[i]->name, trace, &files.trace) ||
            !play_scenario("compare", scenario, &options, &files, &run[i]))
            return false;
    }
    return true;
}

static void print_one(const struct run *run, const struct transcript *transcript)
{
    transcript_head(run, stdout);
    fputs("\n\n", stdout);
    transcript_print(transcript, stdout);
    fputc('\n', stdout);
}

/* As wide as fits on the terminal: COLUMNS goes before what it says of itself. */
static int column_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    char *end;

    if (!isatty(STDOUT_FILENO))
        return TRANSCRIPT_COLUMN;
    unsigned long line = columns ? strtoul(columns, &end, 10) : 0;
    if (line == 0 || *end != '\0')
        line = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    return line ? transcript_column(line) : TRANSCRIPT_COLUMN;
}

static void column_name(const struct run *run, char out[TRANSCRIPT_COLUMN + 1])
{
    snprintf(out, TRANSCRIPT_COLUMN + 1, "%.10s, OEM %.16s%s", run->release->name, run->oem_name,
             run->blind_to_dhcp ? ", blind to DHCP while closed" : "");
}

static bool print_transcripts(const struct run *run, size_t count)
{
    struct transcript transcript[PLAY_RELEASES];
    char left[TRANSCRIPT_COLUMN + 1], right[TRANSCRIPT_COLUMN + 1];
    bool good = true;

    for (size_t i = 0; i < count; i++)
        good = transcript_build(&run[i].recorder, &transcript[i]) && good;
    if (good && count == 2) {
        column_name(&run[0], left);
        column_name(&run[1], right);
        transcript_print_pair(&transcript[0], &transcript[1], left, right, column_width(), stdout);
        fputc('\n', stdout);
    } else if (good) {
        for (size_t i = 0; i < count; i++)
            print_one(&run[i], &transcript[i]);
    } else {
        cmd_error("compare", "out of memory");
    }
    for (size_t i = 0; i < count; i++)
        transcript_free(&transcript[i]);
    return good;
}

static bool print_divergence(const struct run *left, const struct run *right, bool all, bool only)
{
    struct divergences found;
    bool good = divergences_find(left, right, &found);

    divergence_print_inputs(left, right, stdout);
    if (!good)
        cmd_error("compare", "out of memory");
    else if (found.count)
        divergences_print(&found, stdout);
    else if (only)
        fputs("No divergence.\n", stdout);
    else
        printf("No divergence between %s and %s.\n", left->release->name, right->release->name);
    fputc('\n', stdout);
    if (good && all && found.count) {
        divergences_print_all(&found, stdout);
        fputc('\n', stdout);
    }
    divergences_free(&found);
    return good;
}

static bool print_divergences(const struct run *run, size_t count, bool all)
{
    for (size_t i = 1; i < count; i++)
        if (!print_divergence(&run[0], &run[i], all, count == 2))
            return false;
    for (size_t i = 0; i < count; i++) {
        printf("%s: ", run[i].release->name);
        play_summary(&run[i], stdout);
        fputc('\n', stdout);
    }
    return true;
}

static int compare(const struct play_arguments *a, const struct scenario *scenario, struct run *run)
{
    uint32_t failures = 0;

    if (!play_all(a, scenario, run))
        return CMD_USAGE;
    if (!a->quiet && !print_transcripts(run, a->releases))
        return CMD_USAGE;
    if (!print_divergences(run, a->releases, a->all))
        return CMD_USAGE;
    for (size_t i = 0; i < a->releases; i++) {
        play_report_failures(&run[i]);
        failures += run[i].failures;
    }
    int status = cmd_finish("compare");
    if (status == CMD_OK && (!play_judged("compare", run, a->releases) || failures))
        status = CMD_FAILED;
    return status;
}

int cmd_compare(int argc, char **argv)
{
    struct play_arguments a = {
        .command = "compare", .releases_max = PLAY_RELEASES, .options = {.seed = 1}};
    struct run run[PLAY_RELEASES] = {0};
    struct scenario scenario;

    if (!play_read_arguments(&a, argc, argv))
        return CMD_USAGE;
    if (a.help) {
        usage();
        return cmd_finish("compare");
    }
    if (a.releases < 2)
        return cmd_error("compare", "at least two releases are required: --release A --release B");
    if (!play_load(a.file, &scenario))
        return CMD_USAGE;
    int status = compare(&a, &scenario, run);
    for (size_t i = 0; i < a.releases; i++)
        run_free(&run[i]);
    scenario_free(&scenario);
    return status;
}
