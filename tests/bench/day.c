// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "sim/world/world.h"

/* One device through its bare-metal day: 24 hours of window and one hour behind it. Counts and
 * ratios; nothing here is asserted. */

#define HOURS 25u
#define US_PER_HOUR 3600000000ull
#define ROUNDS 20 /* unless told otherwise: `day ROUNDS`; the counts need one */

struct day {
    const char *name;
    bool dns, sca, eager;
};

struct figures {
    double seconds; /* the fastest of the rounds */
    unsigned long polls, frames, hellos;
};

static void on_event(void *ctx, const struct world_event *event)
{
    struct figures *f = ctx;

    if (event->kind == WORLD_FRAME)
        f->frames++;
    else if (event->kind == WORLD_HELLO)
        f->hellos++;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool play(const struct day *day, struct figures *f)
{
    struct world_config config = {.release = release_find("5.0.2"),
                                  .oem = oem_find("intel"),
                                  .seed = 1,
                                  .eager_timers = day->eager};
    struct world_observer observer = {f, on_event};
    double start = seconds(), took;
    struct world *world = world_new(&config, &observer);

    f->frames = f->hellos = 0;
    if (!world)
        return false;
    world_dhcp_option15(world, "corp.example");
    if (day->dns)
        world_dns_a(world, "provisionserver.corp.example", 0x0A000005);
    if (day->sca)
        world_sca(world, 0x0A000005, SCA_LISTEN, 0);
    world_ac(world, true);
    world_run_until(world, HOURS * US_PER_HOUR);
    f->polls = (unsigned long)world_device_polls(world);
    world_free(world);
    took = seconds() - start;
    if (f->seconds == 0 || took < f->seconds)
        f->seconds = took;
    return true;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS;
    static const struct day days[] = {
        {"no SCA in DNS", false, false, false},
        {"SCA in DNS, dead", true, false, false},
        {"SCA listens", true, true, false},
        {"no SCA, every tick", false, false, true},
    };
    struct rusage usage;

    printf("%u simulated hours of one 5.0.2 device (24 h bare-metal window), best of %d\n\n", HOURS,
           rounds);
    printf("%-20s %10s %14s %10s %8s %8s\n", "world", "CPU ms", "x real time", "wake-ups", "frames",
           "hellos");
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        struct figures f = {0};

        for (int round = 0; round < rounds; round++)
            if (!play(&days[i], &f))
                return 1;
        printf("%-20s %10.2f %14.0f %10lu %8lu %8lu\n", days[i].name, f.seconds * 1e3,
               HOURS * 3600.0 / f.seconds, f.polls, f.frames, f.hellos);
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("\npeak memory of the process: %ld KiB\n", usage.ru_maxrss);
    return 0;
}
