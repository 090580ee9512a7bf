#ifndef TESTS_SCA_BENCH_H
#define TESTS_SCA_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/trace.h"
#include "sim/oem_file.h"
#include "sim/world_internal.h"

/* A world in which a set-up server with certificates of tests/certificates calls the device back,
 * and what was seen of it. */

#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define SERVER_IP 0x0A000005u
#define CERTIFICATES "build/certificates/"
#define LOG_BYTES 32768

struct sca_bench {
    struct world *w;
    struct oem_file oem;
    struct sca_plan plan;
    size_t hellos;
    size_t operations; /* answered */
    const char *operation;
    uint32_t status;
    uint16_t http;
    enum sca_result result[SCA_STAGES];
    size_t stages[SCA_STAGES];
    uint32_t trace[TRACE_EVENTS];
    char log[LOG_BYTES]; /* every line with its end */
};

static struct sca_bench *sca_live; /* a failed test has left its own here */

static inline void sca_bench_event(void *ctx, const struct world_event *e)
{
    struct sca_bench *b = ctx;

    switch (e->kind) {
    case WORLD_HELLO:
        b->hellos++;
        break;
    case WORLD_DEVICE:
        b->trace[e->trace]++;
        break;
    case WORLD_SCA_LOG:
        assert_true(strlen(b->log) + strlen(e->text) + 2 < sizeof(b->log));
        strcat(b->log, e->text);
        strcat(b->log, "\n");
        break;
    case WORLD_SCA_OPERATION:
        b->operations++;
        b->operation = e->text;
        b->status = e->value;
        b->http = e->port;
        break;
    case WORLD_SCA_STAGE:
        b->stages[e->port]++;
        b->result[e->port] = (enum sca_result)e->value;
        break;
    default:
        break;
    }
}

static inline void sca_bench_free(struct sca_bench *b)
{
    world_free(b->w);
    pem_file_free(&b->plan.certificate);
    pem_file_free(&b->plan.device_certificate);
    free(b);
    sca_live = NULL;
}

static inline void sca_bench_load(struct pem_file *file, const char *path)
{
    char error[300];

    if (!pem_file_load(path, file, error, sizeof(error)))
        fail_msg("%s", error);
}

/* A 5.0.3 as Intel ships it, with the roots, in a world in which a minute of hellos has not begun.
 * AC is off. */
static inline struct sca_bench *sca_bench_new(enum sca_protocol protocol)
{
    struct sca_bench *b = calloc(1, sizeof(*b));
    struct world_config config = {.release = release_find("5.0.3"), .seed = 1, .no_os = true};
    struct world_observer observer = {b, sca_bench_event};
    char error[300];

    assert_non_null(b);
    if (sca_live)
        sca_bench_free(sca_live);
    sca_live = b;
    if (!oem_file_load(CERTIFICATES "certificates.oem", &b->oem, error, sizeof(error)))
        fail_msg("%s", error);
    config.oem = &b->oem.profile;
    b->w = world_new(&config, &observer);
    assert_non_null(b->w);
    b->plan = (struct sca_plan){.protocol = protocol,
                                .admin_password = "Adm1n!strator",
                                .mebx_password = "Mebx!Passw0rd",
                                .host_name = "pc1",
                                .domain_name = "corp.example"};
    sca_bench_load(&b->plan.certificate, CERTIFICATES "sha1/right.pem");
    sca_bench_load(&b->plan.device_certificate, CERTIFICATES "sha1/device.pem");
    assert_true(world_option15(b->w, "corp.example"));
    assert_true(world_dns_a(b->w, "provisionserver.corp.example", SERVER_IP));
    assert_true(world_sca_plan(b->w, SERVER_IP, &b->plan));
    return b;
}

static inline void sca_bench_run(struct sca_bench *b, uint64_t us)
{
    world_run_until(b->w, world_now_us(b->w) + us);
}

/* Up to the moment at which so many answers have come; false: they do not come within a minute. */
static inline bool sca_bench_until(struct sca_bench *b, size_t operations)
{
    uint64_t until = world_now_us(b->w) + MINUTE;

    while (b->operations < operations && clock_step(&b->w->clock, until))
        continue;
    return b->operations >= operations;
}

static inline bool sca_bench_logged(const struct sca_bench *b, const char *part)
{
    return strstr(b->log, part) != NULL;
}

#endif
