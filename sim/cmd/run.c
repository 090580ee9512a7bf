// SPDX-License-Identifier: BSD-3-Clause
#include "sim/cmd/cmd.h"

#include "sim/cmd/play.h"
#include "sim/report/transcript.h"

static void usage(void)
{
    fputs("usage: proviso run FILE.scn [OPTION...]\n"
          "\n"
          "Plays a scenario in the virtual world, prints what happens and checks what it expects.\n"
          "\n"
          "  --release R      play this release in place of the scenario's\n"
          "  --oem NAME|F.oem ship the device with this OEM profile in place of the scenario's\n"
          "  --seed N         same seed, same frames (default 1)\n"
          "  --trace F.jsonl  every event as a JSON object on a line of its own\n"
          "  --pcap F.pcapng  every frame; the ME, the host and the rest as three interfaces\n"
          "  --quiet          print failed expectations only\n"
          "\n"
          "exit status: 0 all held, 1 an expectation failed, 2 bad usage or bad input\n",
          stdout);
}

static bool print_run(const struct run *run)
{
    struct transcript transcript;
    bool good = transcript_build(&run->recorder, &transcript);

    if (good) {
        printf("%s: ", run->scenario->file);
        transcript_head(run, stdout);
        fputs("\n\n", stdout);
        transcript_print(&transcript, stdout);
        fputc('\n', stdout);
        play_summary(run, stdout);
        fputc('\n', stdout);
    } else {
        cmd_error("run", "out of memory");
    }
    transcript_free(&transcript);
    return good;
}

int cmd_run(int argc, char **argv)
{
    struct play_arguments a = {.command = "run", .releases_max = 1, .options = {.seed = 1}};
    struct scenario scenario;
    struct run run;

    if (!play_read_arguments(&a, argc, argv))
        return CMD_USAGE;
    if (a.help) {
        usage();
        return cmd_finish("run");
    }
    if (!play_load(a.file, &scenario))
        return CMD_USAGE;
    int status = CMD_USAGE;
    a.options.release = a.release[0];
    if (play_scenario("run", &scenario, &a.options, &a.files, &run) && (a.quiet || print_run(&run)))
        status = cmd_finish("run");
    play_report_failures(&run);
    if (status == CMD_OK && (!play_judged("run", &run, 1) || run.failures))
        status = CMD_FAILED;
    run_free(&run);
    scenario_free(&scenario);
    return status;
}
