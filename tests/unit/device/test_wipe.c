// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
// plain: an emulator, and the sanitizers of newer compilers, have stacks elsewhere
#define _XOPEN_SOURCE 700

#include "fw/core/wipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#include <cmocka.h>

#include "fw/core/psk.h"
#include "fw/core/settings.h"
#include "fw/device_internal.h"
#include "fw/host/mebx/mebx.h"
#include "fw/manage/digest.h"
#include "fw/manage/pending.h"
#include "fw/store/settings_store.h"
#include "tests/fixtures/flash_model.h"
#include "tests/fixtures/usbkey.h"

/* What secrets a function leaves behind on its stack: it runs on one of its own, which is searched
 * when it has returned. The optimiser is this build's. */

#define STACK_BYTES (512u * 1024u)
#define TRACE 8u /* so many bytes of a secret in a row give it away */

#define PPS_DASHES "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ"

static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));
static ucontext_t here, there;

static void run(void (*function)(void))
{
    memset(stack, 0, sizeof(stack));
    assert_int_equal(getcontext(&there), 0);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof(stack);
    there.uc_link = &here;
    makecontext(&there, function, 0);
    assert_int_equal(swapcontext(&here, &there), 0);
}

static bool holds(const void *place, size_t size, const char *secret)
{
    const uint8_t *at = place;
    size_t len = strlen(secret);

    assert_true(len >= TRACE);
    for (size_t i = 0; i + TRACE <= size; i++)
        for (size_t j = 0; j + TRACE <= len; j++)
            if (memcmp(at + i, secret + j, TRACE) == 0)
                return true;
    return false;
}

static void leaves_nothing(void (*function)(void), const char *secret)
{
    run(function);
    assert_false(holds(stack, sizeof(stack), secret));
}

/* --- wipe() itself, and that the search finds what is there --- */

static const char *source = "0ne-time-Passw0rd"; /* not const: the compiler does not know it */
static size_t seen;

static void use(const char *text)
{
    seen += strlen(text);
    __asm__ volatile("" : : "r"(text) : "memory");
}

static void __attribute__((noinline)) keep(void)
{
    char copy[64];

    strcpy(copy, source);
    use(copy);
}

static void __attribute__((noinline)) clear(void)
{
    char copy[64];

    strcpy(copy, source);
    use(copy);
    wipe(copy, sizeof(copy));
}

static void what_is_wiped_is_gone(void **state)
{
    uint8_t bytes[4] = {1, 2, 3, 4};

    (void)state;
    run(keep);
    assert_true(holds(stack, sizeof(stack), source));
    leaves_nothing(clear, source);
    wipe(bytes + 1, 2);
    assert_memory_equal(bytes, ((uint8_t[]){1, 0, 0, 4}), 4);
    wipe(bytes, 0);
    assert_int_equal(bytes[0], 1);
}

/* --- functions that hold a secret for a while --- */

static char pps[LIMIT_PPS + 1], pid[LIMIT_PID + 1];
static bool read_well;

static void read_pps(void)
{
    read_well = psk_read_pps(PPS_DASHES, pps);
}

static void a_pps_that_was_read(void **state)
{
    (void)state;
    leaves_nothing(read_pps, PPS);
    assert_true(read_well);
    assert_string_equal(pps, PPS);
}

static void read_pid_for_pps(void)
{
    read_well = psk_read_pps(PPS_DASHES "X", pps) || psk_read_pid(PPS_DASHES, pid);
}

static void a_pps_that_was_refused(void **state)
{
    (void)state;
    leaves_nothing(read_pid_for_pps, PPS);
    assert_false(read_well);
}

/* RFC 2617 3.5; H(A1) by Digest::MD5. */
#define HA1 "939e7578ed9e3c518a452acee763bce9"

static uint8_t answer[MD5_BYTES];

static void answer_challenge(void)
{
    digest_response(&(struct digest_input){.user = "Mufasa",
                                           .realm = "testrealm@host.com",
                                           .password = "Circle Of Life",
                                           .method = "GET",
                                           .uri = "/dir/index.html",
                                           .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                                           .nonce_len = 34,
                                           .count = "00000001",
                                           .count_len = 8,
                                           .cnonce = "0a4f113b",
                                           .cnonce_len = 8},
                    answer);
}

static void the_digest_of_a_password(void **state)
{
    static const uint8_t right[MD5_BYTES] = {0x66, 0x29, 0xfa, 0xe4, 0x93, 0x93, 0xa0, 0x53,
                                             0x97, 0x45, 0x09, 0x78, 0x50, 0x7c, 0x4e, 0xf1};
    static const char bytes[] = "\x93\x9e\x75\x78\xed\x9e\x3c\x51\x8a\x45\x2a\xce\xe7\x63\xbc\xe9";

    (void)state;
    leaves_nothing(answer_challenge, HA1);
    assert_false(holds(stack, sizeof(stack), bytes));
    assert_memory_equal(answer, right, sizeof(right));
}

static struct pending pending;

static void set_psk(void)
{
    read_well = pending_set_psk(&pending, "0000-037M", PPS_DASHES) == 0;
}

static void set_admin(void)
{
    read_well = pending_set_admin(&pending, "root", HA1) == 0;
}

static void what_a_server_sets(void **state)
{
    (void)state;
    leaves_nothing(set_psk, PPS);
    assert_true(read_well);
    assert_true(holds(&pending, sizeof(pending), PPS));
    leaves_nothing(set_admin, HA1);
    assert_true(read_well);
    assert_true(holds(&pending, sizeof(pending), HA1));
}

static struct stick stick;
static struct settings before;
static struct local_outcome outcome;
static struct usbkey_report report;
static const struct release *release;
static struct hal_usb usb;

static void read_key(void)
{
    usbkey_read(&usb, release, &before, 0, &outcome, &report);
}

static void use_a_stick(void)
{
    release = release_find("5.0.3");
    settings_factory(&before, release, oem_find("intel"));
    stick_passwords(&stick, HEADER_2_0);
    entry_text(&stick, 2, 1, PID);
    entry_text(&stick, 2, 2, PPS_DASHES);
    usb = stick_usb(&stick);
}

static void a_usb_key(void **state)
{
    (void)state;
    use_a_stick();
    run(read_key);
    assert_int_equal(report.result, USBKEY_APPLIED);
    assert_true(holds(&outcome, sizeof(outcome), PPS));
    assert_false(holds(stack, sizeof(stack), PPS));
    assert_false(holds(stack, sizeof(stack), STRONG));
    assert_false(holds(stack, sizeof(stack), "NKLD-G5DC-RRNQ"));
}

static struct flash_model flash;
static struct store store;
static struct settings loaded;

static void save(void)
{
    read_well = settings_save(&store, &outcome.settings) == STORE_OK;
}

static void load(void)
{
    read_well = settings_load(&store, &loaded) == STORE_OK;
}

static void settings_on_flash(void **state)
{
    (void)state;
    use_a_stick();
    read_key();
    model_begin(&flash, 4096, 2, 4);
    assert_int_equal(store_mount(&store, &flash.hal), STORE_OK);
    leaves_nothing(save, PPS);
    assert_true(read_well);
    assert_false(holds(stack, sizeof(stack), STRONG));
    leaves_nothing(load, PPS);
    assert_true(read_well);
    assert_true(holds(&loaded, sizeof(loaded), PPS));
    assert_false(holds(stack, sizeof(stack), STRONG));
}

static struct device device;
static struct redirect_account account;

static void look_account_up(void)
{
    const struct redirect_device *owner = &device.redirect.device;

    read_well =
        owner->account(owner->ctx, "Digest:A40500000000000000000000000000A4", "root", 4, &account);
}

static void who_logs_in_for_redirection(void **state)
{
    static const char bytes[] = "\x93\x9e\x75\x78\xed\x9e\x3c\x51\x8a\x45\x2a\xce\xe7\x63\xbc\xe9";

    (void)state;
    settings_factory(&device.settings, release_find("5.0.3"), oem_find("intel"));
    strcpy(device.settings.secret.admin_user, "root");
    strcpy(device.settings.secret.admin_digest, HA1);
    device.setup.state = SETUP_PROVISIONED;
    device_redirect_start(&device);
    leaves_nothing(look_account_up, HA1);
    assert_true(read_well);
    assert_memory_equal(account.ha1, bytes, sizeof(account.ha1));
    assert_false(holds(stack, sizeof(stack), bytes));
}

static struct mebx mebx;

static void no_screen(void *ctx, char c)
{
    (void)ctx;
    (void)c;
}

static void type_password(void)
{
    struct setup setup;

    setup_restore(&setup, &before, 0);
    mebx_open(&mebx, &outcome, &before, &setup, release, oem_find("intel"),
              (struct text_out){no_screen, NULL});
    for (const char *key = "admin\r" STRONG "\r" STRONG; *key; key++)
        mebx_input(&mebx, *key);
    read_well = holds(&mebx, sizeof(mebx), STRONG);
    mebx_input(&mebx, 3);
}

static void a_menu_that_was_left(void **state)
{
    (void)state;
    use_a_stick();
    type_password();
    assert_true(read_well);
    assert_false(holds(&mebx, sizeof(mebx), STRONG));
    assert_false(holds(&outcome, sizeof(outcome), STRONG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wiped_is_gone),  cmocka_unit_test(a_pps_that_was_read),
        cmocka_unit_test(a_pps_that_was_refused), cmocka_unit_test(the_digest_of_a_password),
        cmocka_unit_test(what_a_server_sets),     cmocka_unit_test(a_usb_key),
        cmocka_unit_test(settings_on_flash),      cmocka_unit_test(who_logs_in_for_redirection),
        cmocka_unit_test(a_menu_that_was_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
