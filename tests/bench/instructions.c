// SPDX-License-Identifier: BSD-3-Clause
// links: tests/bench/host/count.c @fw @sim @lwip
#include "tests/fixtures/tls.h"

#include <stdio.h>

#include "sim/run/runner.h"
#include "tests/bench/host/count.h"

/* Plays one story and counts the instructions that a device takes in it.
 *
 * usage: instructions pki FOLDER VERSION N   N hand-shakes, each of a connection of its own, of
 *                                            TLS 1.VERSION; FOLDER has key.der, leaf.der,
 * middle.der and root.der instructions psk VERSION N instructions play SCENARIO Prints the number,
 * or "uncounted". */

/* --- hand-shakes --- */

static struct der chain[3];
static struct der key;
static const char *const chain_file[] = {"leaf.der", "middle.der", "root.der"};

static void read_der(const char *folder, const char *name, struct der *out)
{
    char path[512];
    FILE *in;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    in = fopen(path, "rb");
    if (!in) {
        perror(path);
        exit(2);
    }
    out->len = fread(out->bytes, 1, sizeof(out->bytes), in);
    fclose(in);
}

static void trust_root(struct settings *s)
{
    const struct der *root = &chain[COUNT(chain) - 1];

    mbedtls_sha1_ret(root->bytes, root->len, s->config.user_hash[0].bytes);
}

static void show_chain(struct client *c)
{
    for (size_t i = 0; i < COUNT(chain); i++)
        assert_int_equal(mbedtls_x509_crt_parse_der(&c->chain, chain[i].bytes, chain[i].len), 0);
    assert_int_equal(mbedtls_pk_parse_key(&c->key, key.bytes, key.len, NULL, 0), 0);
    assert_int_equal(mbedtls_ssl_conf_own_cert(&c->config, &c->chain, &c->key), 0);
}

static void shake_hands(struct peer *p, const struct client_spec *spec)
{
    struct client c;

    assert_true(peer_connect(p));
    client_open(&c, p, spec);
    if (!spec->psk)
        show_chain(&c);
    assert_int_equal(client_shake(&c), 0);
    client_close(&c);
    peer_leave(p, false);
    peer_run(p, 50 * MS);
}

static int play_pki(const char *folder, int version, int count)
{
    struct client_spec spec = {.version = version + 1};
    struct peer *p;

    for (size_t i = 0; i < COUNT(chain); i++)
        read_der(folder, chain_file[i], &chain[i]);
    read_der(folder, "key.der", &key);
    p = tls_begin("5.0.2", "intel", "site1.example", trust_root);
    for (int i = 0; i < count; i++)
        shake_hands(p, &spec);
    tls_end(p);
    return 0;
}

static int play_psk(int version, int count)
{
    struct peer *p = tls_begin("5.0.3", "psk-loaded", "site1.example", NULL);
    struct client_spec spec = {
        .version = version + 1, .identity = "0000037M", .psk = p->b->chip.config.oem->pps};

    for (int i = 0; i < count; i++)
        shake_hands(p, &spec);
    tls_end(p);
    return 0;
}

/* --- a whole story --- */

static int play_scenario(const char *path)
{
    struct run_options options = {.seed = 1};
    struct scenario_error error = {.text = ""};
    struct scenario scenario;
    struct run run;
    int status = 1;

    if (!scenario_load(path, &scenario, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 2;
    }
    if (!run_play(&run, &scenario, &options, &error))
        fprintf(stderr, "%s\n", error.text);
    else if (run.failures)
        fprintf(stderr, "%s\n", run.failure[0]);
    else
        status = 0;
    run_free(&run);
    scenario_free(&scenario);
    return status;
}

static int number(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

int main(int argc, char **argv)
{
    int status = 2;

    count_open();
    if (argc == 5 && !strcmp(argv[1], "pki"))
        status = play_pki(argv[2], number(argv[3]), number(argv[4]));
    else if (argc == 4 && !strcmp(argv[1], "psk"))
        status = play_psk(number(argv[2]), number(argv[3]));
    else if (argc == 3 && !strcmp(argv[1], "play"))
        status = play_scenario(argv[2]);
    else
        fputs("usage: instructions pki FOLDER VERSION N | psk VERSION N | play SCENARIO\n", stderr);
    if (status == 0)
        count_print();
    return status;
}
