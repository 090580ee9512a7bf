// SPDX-License-Identifier: BSD-3-Clause
// links: hal/linux/hostbus.c hal/linux/socket.c hal/linux/error.c
#define _GNU_SOURCE

#include "hal/linux/hostbus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static const uint8_t amthi[] = {'C',  0x28, 0x00, 0xF8, 0x12, 0xB7, 0xB4, 0x2D, 0x4B,
                                0xAC, 0xA8, 0x46, 0xE0, 0xFF, 0x65, 0x81, 0x4C};

static char folder[64];
static char path[100];
static struct linux_hostbus bus;
static struct hal_hostbus hal;

static int set_up(void **state)
{
    struct linux_error error;

    (void)state;
    strcpy(folder, "/tmp/proviso-bus-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/host", folder);
    linux_hostbus_init(&bus);
    bus.latency_ms = 0; /* but in the test of the latency */
    if (!linux_socket_open(&bus.socket, path, &error))
        return -1;
    linux_hostbus_power(&bus, true);
    hal = linux_hostbus_hal(&bus);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    linux_socket_close(&bus.socket);
    /* Fails when the socket's file is still in it. */
    return rmdir(folder);
}

static int dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

    memcpy(address.sun_path, path, strlen(path));
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void say(int fd, const void *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static void hears(int fd, const void *bytes, size_t len)
{
    uint8_t got[64];

    assert_int_equal(recv(fd, got, sizeof(got), MSG_DONTWAIT), len);
    assert_memory_equal(got, bytes, len);
}

static void hears_nothing(int fd)
{
    uint8_t got[64];

    assert_int_equal(recv(fd, got, sizeof(got), MSG_DONTWAIT), -1);
}

static void was_hung_up_on(int fd)
{
    uint8_t got[64];

    assert_int_equal(recv(fd, got, sizeof(got), MSG_DONTWAIT), 0);
    close(fd);
}

static void hears_status(int fd, uint8_t status)
{
    const uint8_t reply[10] = {'C', status, 0x00, 0x14, 0, 0, 1, 0, 0, 0};

    hears(fd, reply, sizeof(reply));
}

static int dial_amthi(void)
{
    int fd = dial();

    say(fd, amthi, sizeof(amthi));
    linux_hostbus_service(&bus);
    hears_status(fd, 0);
    return fd;
}

/* What a sleep would wake up for. */
static int wakes(void)
{
    struct pollfd watched[LINUX_CLIENTS + 1];
    uint32_t count = linux_hostbus_poll(&bus, watched);

    return poll(watched, count, 0);
}

static size_t device_hears(const char *expected)
{
    uint8_t got[16];
    size_t len = hal.receive(hal.ctx, got, sizeof(got));

    assert_int_equal(len, strlen(expected));
    assert_memory_equal(got, expected, len);
    return len;
}

static int device_says(const char *text)
{
    return hal.send(hal.ctx, (const uint8_t *)text, strlen(text));
}

static void test_exchange(void **state)
{
    int fd = dial_amthi();

    (void)state;
    assert_int_equal(wakes(), 0);
    device_hears("");
    say(fd, "request", 7);
    assert_int_equal(wakes(), 1);
    linux_hostbus_service(&bus);
    device_hears("request");
    device_hears("");
    assert_int_equal(device_says("answer"), 0);
    hears(fd, "answer", 6);
    assert_int_equal(device_says("unasked"), -1);
    hears_nothing(fd);
    close(fd);
}

/* The answer is not there when the device has given it, and the next request waits until it is. */
static void test_latency(void **state)
{
    int fd = dial_amthi();

    (void)state;
    assert_true(linux_hostbus_due_ms(&bus) == UINT64_MAX);
    bus.latency_ms = 60000;
    say(fd, "first", 5);
    linux_hostbus_service(&bus);
    device_hears("first");
    assert_int_equal(device_says("to first"), 0);
    say(fd, "second", 6);
    linux_hostbus_service(&bus);
    hears_nothing(fd);
    device_hears("");
    assert_in_range(linux_hostbus_due_ms(&bus), 1, 60000);
    bus.answer_ms -= 60000;
    assert_int_equal(linux_hostbus_due_ms(&bus), 0);
    linux_hostbus_service(&bus);
    hears(fd, "to first", 8);
    assert_true(linux_hostbus_due_ms(&bus) == UINT64_MAX);
    device_hears("second");
    /* Who leaves meanwhile gets nothing, nor does the next one. */
    assert_int_equal(device_says("to second"), 0);
    close(fd);
    linux_hostbus_service(&bus);
    fd = dial_amthi();
    bus.answer_ms = 0;
    linux_hostbus_service(&bus);
    hears_nothing(fd);
    close(fd);
}

static void test_true_length(void **state)
{
    static uint8_t long_one[5120], cut[512];
    int fd = dial_amthi();

    (void)state;
    memset(long_one, 0x5A, sizeof(long_one));
    say(fd, long_one, sizeof(long_one));
    linux_hostbus_service(&bus);
    assert_int_equal(hal.receive(hal.ctx, cut, sizeof(cut)), 5120);
    assert_memory_equal(cut, long_one, sizeof(cut));
    device_hears("");
    close(fd);
}

static void test_refusals(void **state)
{
    uint8_t other[sizeof(amthi)];
    int first = dial_amthi(), second = dial(), unknown = dial();

    (void)state;
    memcpy(other, amthi, sizeof(other));
    other[16] ^= 1;
    say(second, amthi, sizeof(amthi));
    say(unknown, other, sizeof(other));
    linux_hostbus_service(&bus);
    hears_status(second, 2);
    was_hung_up_on(second);
    hears_status(unknown, 1);
    was_hung_up_on(unknown);
    say(first, "still there", 11);
    linux_hostbus_service(&bus);
    device_hears("still there");
    close(first);
    linux_hostbus_service(&bus);
    close(dial_amthi());
}

static void test_no_connect_request(void **state)
{
    uint8_t longer[sizeof(amthi) + 1] = {0};
    int shorter = dial(), too_long = dial(), letter = dial(), patient = dial();

    (void)state;
    memcpy(longer, amthi, sizeof(amthi));
    say(shorter, amthi, sizeof(amthi) - 1);
    say(too_long, longer, sizeof(longer));
    longer[0] = 'c';
    say(letter, longer, sizeof(amthi));
    linux_hostbus_service(&bus);
    was_hung_up_on(shorter);
    was_hung_up_on(too_long);
    was_hung_up_on(letter);
    hears_nothing(patient);
    say(patient, amthi, sizeof(amthi));
    linux_hostbus_service(&bus);
    hears_status(patient, 0);
    close(patient);
}

/* As many who say nothing as there are, the next one is served. */
static void crowd(uint32_t count)
{
    static int fd[200];

    for (uint32_t i = 0; i < count; i++) {
        fd[i] = dial();
        linux_hostbus_service(&bus);
    }
    close(dial_amthi());
    linux_hostbus_service(&bus);
    for (uint32_t i = 0; i < count; i++)
        close(fd[i]);
    linux_hostbus_service(&bus);
}

static void test_crowd(void **state)
{
    (void)state;
    crowd(LINUX_CLIENTS);
    crowd(20);
    crowd(200);
}

/* All at once, none of them taken in before: the one at the end has its turn. */
static void test_crowd_in_line(void **state)
{
    int fd[LINUX_CLIENTS + 1];

    (void)state;
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        fd[i] = dial();
    linux_hostbus_service(&bus);
    fd[LINUX_CLIENTS] = dial();
    say(fd[LINUX_CLIENTS], amthi, sizeof(amthi));
    linux_hostbus_service(&bus);
    linux_hostbus_service(&bus);
    hears_status(fd[LINUX_CLIENTS], 0);
    for (uint32_t i = 0; i <= LINUX_CLIENTS; i++)
        close(fd[i]);
}

static void test_who_goes(void **state)
{
    int talks = dial_amthi(), fd[LINUX_CLIENTS], asks;

    (void)state;
    for (uint32_t i = 1; i < LINUX_CLIENTS; i++) {
        fd[i] = dial();
        linux_hostbus_service(&bus);
    }
    /* The oldest of those without AMTHI, though it is not the first. */
    asks = dial();
    linux_hostbus_service(&bus);
    was_hung_up_on(fd[1]);
    hears_nothing(fd[2]);
    /* Whose request waits is not silent. */
    say(fd[2], "C", 1);
    fd[1] = dial();
    linux_socket_accept(&bus.socket, bus.amthi_client);
    was_hung_up_on(fd[3]);
    linux_hostbus_service(&bus);
    say(talks, "still there", 11);
    linux_hostbus_service(&bus);
    device_hears("still there");
    assert_int_equal(device_says("yes"), 0);
    hears(talks, "yes", 3);
    close(talks);
    close(asks);
    close(fd[1]);
    for (uint32_t i = 4; i < LINUX_CLIENTS; i++)
        close(fd[i]);
    was_hung_up_on(fd[2]);
}

/* Who asks all the time cannot keep others out. */
static void test_chatty_crowd(void **state)
{
    int fd[LINUX_CLIENTS], more;
    struct linux_socket *s = &bus.socket;
    char got[8];

    (void)state;
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++) {
        fd[i] = dial();
        linux_socket_accept(s, LINUX_KEEP_NONE);
        say(fd[i], "chatter", 7);
    }
    more = dial();
    say(more, "me", 2);
    linux_socket_accept(s, LINUX_KEEP_NONE);
    assert_int_equal(linux_socket_receive(s, 0, got, sizeof(got)), 2);
    assert_memory_equal(got, "me", 2);
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        close(fd[i]);
    close(more);
}

static void test_silent_holder(void **state)
{
    int holder = dial_amthi(), second = dial();

    (void)state;
    bus.heard_ms -= LINUX_AMTHI_IDLE_MS - 1000;
    say(second, amthi, sizeof(amthi));
    linux_hostbus_service(&bus);
    hears_status(second, 2);
    was_hung_up_on(second);
    bus.heard_ms -= 1000;
    second = dial_amthi();
    was_hung_up_on(holder);
    close(second);
}

/* The device works on a request for a while and takes no other one meanwhile. */
static void test_busy_device(void **state)
{
    int fd = dial_amthi();

    (void)state;
    say(fd, "first", 5);
    linux_hostbus_service(&bus);
    device_hears("first");
    say(fd, "second", 6);
    assert_int_equal(wakes(), 1);
    linux_hostbus_service(&bus);
    assert_int_equal(wakes(), 0);
    assert_int_equal(device_says("to first"), 0);
    assert_int_equal(wakes(), 1);
    linux_hostbus_service(&bus);
    device_hears("second");
    close(fd);
}

static void test_client_leaves(void **state)
{
    int first = dial_amthi(), second;

    (void)state;
    say(first, "first", 5);
    linux_hostbus_service(&bus);
    device_hears("first");
    close(first);
    assert_int_equal(wakes(), 1);
    linux_hostbus_service(&bus);
    assert_int_equal(wakes(), 0);
    second = dial_amthi();
    say(second, "second", 6);
    linux_hostbus_service(&bus);
    /* Late, and not for the one who is there now. */
    assert_int_equal(device_says("to first"), -1);
    hears_nothing(second);
    device_hears("second");
    assert_int_equal(device_says("to second"), 0);
    hears(second, "to second", 9);
    /* What nobody waits for any more is not carried out. */
    say(second, "third", 5);
    close(second);
    linux_hostbus_service(&bus);
    device_hears("");
    assert_int_equal(device_says("to nobody"), -1);
}

static void test_client_does_not_read(void **state)
{
    int fd = dial_amthi(), sent = 0, result;

    (void)state;
    do {
        say(fd, "more", 4);
        linux_hostbus_service(&bus);
        device_hears("more");
        result = device_says("answer");
    } while (result == 0 && ++sent < 100000);
    assert_int_equal(result, -1);
    close(fd);
}

static void test_power(void **state)
{
    int connected = dial_amthi(), waiting = dial(), late;

    (void)state;
    say(connected, "request", 7);
    linux_hostbus_service(&bus);
    linux_hostbus_power(&bus, false);
    device_hears("");
    assert_int_equal(device_says("answer"), -1);
    late = dial();
    linux_hostbus_service(&bus);
    was_hung_up_on(waiting);
    was_hung_up_on(late);
    /* A request that was not read makes it a reset. */
    assert_int_not_equal(recv(connected, &late, 1, MSG_DONTWAIT), 1);
    close(connected);
    linux_hostbus_power(&bus, true);
    close(dial_amthi());
}

static void test_socket_file(void **state)
{
    struct linux_socket second;
    struct linux_error error;
    struct stat info;
    char expected[160];

    (void)state;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_false(linux_socket_open(&second, path, &error));
    snprintf(expected, sizeof(expected), "socket %s is in use by another process", path);
    assert_string_equal(error.text, expected);
    assert_int_equal(stat(path, &info), 0);
    close(dial_amthi());
}

/* As a killed process leaves it. */
static void test_stale_socket_file(void **state)
{
    struct linux_error error;

    (void)state;
    close(bus.socket.listener);
    bus.socket.listener = -1;
    assert_true(linux_socket_open(&bus.socket, path, &error));
    close(dial_amthi());
}

/* Neither what a link leads to nor what has come into the socket's place is removed. */
static void test_foreign_files(void **state)
{
    struct linux_socket second;
    struct linux_error error;
    char name[120], expected[160];

    (void)state;
    snprintf(name, sizeof(name), "%s/link", folder);
    assert_int_equal(symlink(path, name), 0);
    assert_false(linux_socket_open(&second, name, &error));
    snprintf(expected, sizeof(expected), "%s exists and is not a socket", name);
    assert_string_equal(error.text, expected);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(symlink("nowhere", name), 0);
    assert_false(linux_socket_open(&second, name, &error));
    assert_string_equal(error.text, expected);
    assert_int_equal(unlink(name), 0);
    assert_true(linux_socket_open(&second, name, &error));
    assert_int_equal(unlink(name), 0);
    assert_int_equal(symlink(path, name), 0);
    linux_socket_close(&second);
    assert_int_equal(unlink(name), 0);
    close(dial_amthi());
    if (geteuid() != 0)
        return;
    assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
    assert_false(linux_socket_open(&second, path, &error));
    snprintf(expected, sizeof(expected), "socket %s belongs to another user", path);
    assert_memory_equal(error.text, expected, strlen(expected));
}

static void test_long_path(void **state)
{
    char name[109];
    struct linux_socket second;
    struct linux_error error;

    (void)state;
    memset(name, 'n', sizeof(name) - 1);
    name[108] = '\0';
    assert_false(linux_socket_open(&second, name, &error));
    assert_string_equal(error.text,
                        "invalid socket path \"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...\"; "
                        "expected 1 to 107 characters, not 108");
    assert_false(linux_socket_open(&second, "", &error));
    assert_string_equal(error.text,
                        "invalid socket path \"\"; expected 1 to 107 characters, not 0");
    /* The longest that there can be, in the folder that exists. */
    snprintf(name, sizeof(name), "%s/%0*d", folder, (int)(106 - strlen(folder)), 0);
    assert_int_equal(strlen(name), 107);
    assert_true(linux_socket_open(&second, name, &error));
    linux_socket_close(&second);
    assert_int_equal(access(name, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exchange, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_latency, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_true_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_connect_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crowd, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crowd_in_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_chatty_crowd, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_silent_holder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_busy_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_client_leaves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_client_does_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_power, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_socket_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stale_socket_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_path, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("linux_hostbus", tests, NULL, NULL);
}
