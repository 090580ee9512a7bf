#ifndef TESTS_MEBX_BENCH_H
#define TESTS_MEBX_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/host/mebx.h"

/* A MEBx menu under test: keys in, what is on the screen, what came of it. */

/* G-cksum's own pair */
#define PID "0000-037M"
#define PPS "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ"
#define PPS_PLAIN "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"
#define OWN "Passw0rd!"
#define OTHER "N3w-secret?"

/* From the login with a password of one's own to a menu. */
#define LOGIN OWN "\r"
#define ME "2\r"
#define AMT "3\r"
#define TCPIP AMT "2\r"
#define SETUP AMT "4\r"
#define REMOTE SETUP "5\r"
#define HASHES REMOTE "3\r"
#define SOL AMT "5\r"
#define UNPROVISION AMT "7\r"
#define UP "0\r"
#define EXIT "4\ry\r"

#define SCREEN 400000
#define SHA1 "00112233445566778899AABBCCDDEEFF01234567"

static const struct release *r502, *r503;
static const struct oem_profile *intel;

struct bench {
    struct settings settings; /* what the caller of the menu holds */
    struct setup setup;
    struct mebx mebx;
    struct local_outcome outcome;
    bool left;
    size_t len;
    char screen[SCREEN];
};

static struct bench bench;

static inline void on_write(void *ctx, char c)
{
    struct bench *b = ctx;

    assert_true(b->len + 1 < sizeof(b->screen));
    b->screen[b->len++] = c;
    b->screen[b->len] = '\0';
}

static inline void set_text(char *field, const char *text)
{
    memcpy(field, text, strlen(text) + 1);
}

static inline int find_rows(void **state)
{
    (void)state;
    r502 = release_find("5.0.2");
    r503 = release_find("5.0.3");
    intel = oem_find("intel");
    return r502 && r503 && intel ? 0 : -1;
}

static inline void factory(const struct release *release)
{
    memset(&bench.setup, 0, sizeof(bench.setup));
    memset(&bench.settings, 0, sizeof(bench.settings));
    settings_factory(&bench.settings, release, intel);
}

/* A device whose password was changed in an earlier session. */
static inline void changed(const struct release *release)
{
    factory(release);
    set_text(bench.settings.secret.password, OWN);
    bench.settings.secret.password_default = false;
}

static inline void open_menu(const struct release *release)
{
    bench.len = 0;
    bench.left = false;
    mebx_open(&bench.mebx, &bench.outcome, &bench.settings, &bench.setup, release, intel,
              (struct text_out){on_write, &bench});
}

static inline void type_bytes(const char *keys, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bench.left = mebx_key(&bench.mebx, keys[i]);
}

static inline void type(const char *keys)
{
    type_bytes(keys, strlen(keys));
}

/* Types into a device in this state, password OWN, from the login on. */
static inline void walk(uint8_t state, const char *keys)
{
    bench.setup.state = state;
    open_menu(r502);
    type(LOGIN);
    type(keys);
}

static inline bool on_screen(const char *text)
{
    return strstr(bench.screen, text) != NULL;
}

#define shows(text)                                                                                \
    do {                                                                                           \
        if (!on_screen(text))                                                                      \
            fail_msg("not on the screen: %s\nbut: %s", text, bench.screen);                        \
    } while (0)

static inline const struct settings *now(void)
{
    return &bench.outcome.settings;
}

static inline void forget(void)
{
    bench.len = 0;
    bench.screen[0] = '\0';
}

struct entry {
    const char *keys;   /* from the item's question to its end, without the last CR */
    const char *reason; /* NULL = accepted */
};

/* Types each entry into the item that `path` and `number` lead to. */
static inline void try_all(const char *path, const char *number, const struct entry *entry,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        changed(r502);
        walk(SETUP_FACTORY, path);
        type(number);
        forget();
        type(entry[i].keys);
        type("\r");
        if (entry[i].reason) {
            shows("Refused: ");
            shows(entry[i].reason);
            assert_false(bench.mebx.changed);
        } else if (on_screen("Refused")) {
            fail_msg("%s: %s", entry[i].keys, bench.screen);
        }
    }
}

#define TRY(path, number, list) try_all(path, number, list, sizeof(list) / sizeof((list)[0]))
#endif
