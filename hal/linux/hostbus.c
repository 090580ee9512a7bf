// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "hal/linux/hostbus.h"

#include <string.h>
#include <time.h>

#define REQUEST_BYTES 17u
#define REPLY_BYTES 10u

/* 12F80028-B4B7-4B2D-ACA8-46E0FF65814C (LNX, RPC) */
static const uint8_t amthi_request[REQUEST_BYTES] = {'C',  0x28, 0x00, 0xF8, 0x12, 0xB7,
                                                     0xB4, 0x2D, 0x4B, 0xAC, 0xA8, 0x46,
                                                     0xE0, 0xFF, 0x65, 0x81, 0x4C};

void linux_hostbus_init(struct linux_hostbus *bus)
{
    memset(bus, 0, sizeof(*bus));
    linux_socket_init(&bus->socket);
    bus->amthi_client = -1;
    bus->latency_ms = LINUX_AMTHI_LATENCY_MS;
}

static uint64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* It may hold what the device tells its own host only. */
static void forget_answer(struct linux_hostbus *bus)
{
    explicit_bzero(bus->answer, sizeof(bus->answer));
    bus->answer_held = false;
}

static void drop(struct linux_hostbus *bus, uint32_t client)
{
    linux_socket_drop(&bus->socket, client);
    if (bus->amthi_client != (int)client)
        return;
    bus->amthi_client = -1;
    bus->request_waiting = false;
    bus->answer_due = false;
    forget_answer(bus);
}

static void drop_all(struct linux_hostbus *bus)
{
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        drop(bus, i);
}

void linux_hostbus_power(struct linux_hostbus *bus, bool on)
{
    bus->powered = on;
    if (!on)
        drop_all(bus);
}

static void reply(struct linux_hostbus *bus, uint32_t client, enum linux_connect status)
{
    const uint8_t bytes[REPLY_BYTES] = {
        'C', (uint8_t)status,       LINUX_MESSAGE_MAX & 0xFF, LINUX_MESSAGE_MAX >> 8, 0,
        0,   LINUX_PROTOCOL_VERSION};

    if (!linux_socket_send(&bus->socket, client, bytes, sizeof(bytes)) ||
        status != LINUX_CONNECT_OK)
        drop(bus, client);
}

static void handle_connect(struct linux_hostbus *bus, uint32_t client)
{
    uint8_t request[REQUEST_BYTES];
    size_t len = linux_socket_receive(&bus->socket, client, request, sizeof(request));

    if (len == 0)
        return;
    if (len != sizeof(request) || request[0] != 'C') {
        drop(bus, client);
    } else if (memcmp(request, amthi_request, sizeof(request)) != 0) {
        reply(bus, client, LINUX_CONNECT_UNKNOWN);
    } else if (bus->amthi_client >= 0 && clock_ms() - bus->heard_ms < LINUX_AMTHI_IDLE_MS) {
        reply(bus, client, LINUX_CONNECT_BUSY);
    } else {
        if (bus->amthi_client >= 0)
            drop(bus, (uint32_t)bus->amthi_client);
        bus->amthi_client = (int)client;
        bus->heard_ms = clock_ms();
        reply(bus, client, LINUX_CONNECT_OK);
    }
}

static void check_amthi_client(struct linux_hostbus *bus)
{
    struct pollfd p = {.events = POLLIN};

    if (bus->amthi_client < 0)
        return;
    p.fd = bus->socket.client[bus->amthi_client];
    if (poll(&p, 1, 0) <= 0)
        return;
    if (p.revents & (POLLHUP | POLLERR))
        drop(bus, (uint32_t)bus->amthi_client);
    else
        bus->request_waiting = true;
}

static bool hand_over(struct linux_hostbus *bus)
{
    bool sent;

    bus->heard_ms = clock_ms();
    sent =
        linux_socket_send(&bus->socket, (uint32_t)bus->amthi_client, bus->answer, bus->answer_len);
    forget_answer(bus);
    return sent;
}

uint64_t linux_hostbus_due_ms(const struct linux_hostbus *bus)
{
    uint64_t now_ms = clock_ms();

    if (!bus->answer_held)
        return UINT64_MAX;
    return bus->answer_ms > now_ms ? bus->answer_ms - now_ms : 0;
}

void linux_hostbus_service(struct linux_hostbus *bus)
{
    linux_socket_accept(&bus->socket, bus->amthi_client);
    if (!bus->powered) {
        drop_all(bus);
        return;
    }
    check_amthi_client(bus);
    if (linux_hostbus_due_ms(bus) == 0)
        hand_over(bus);
    for (uint32_t i = 0; i < LINUX_CLIENTS; i++)
        if (bus->amthi_client != (int)i)
            handle_connect(bus, i);
}

/* While the device is busy with one request it does not take the next one, which would then wake
 * it over and over. */
uint32_t linux_hostbus_poll(const struct linux_hostbus *bus, struct pollfd *out)
{
    uint32_t count = linux_socket_poll(&bus->socket, out);

    for (uint32_t i = 0; i < count && bus->amthi_client >= 0; i++)
        if (out[i].fd == bus->socket.client[bus->amthi_client] && bus->request_waiting)
            out[i].events = 0;
    return count;
}

static size_t receive(void *ctx, uint8_t *out, size_t cap)
{
    struct linux_hostbus *bus = ctx;
    size_t len;

    if (bus->answer_held)
        return 0;
    bus->request_waiting = false;
    if (bus->amthi_client < 0)
        return 0;
    len = linux_socket_receive(&bus->socket, (uint32_t)bus->amthi_client, out, cap);
    if (bus->socket.client[bus->amthi_client] < 0)
        drop(bus, (uint32_t)bus->amthi_client);
    if (len > 0) {
        bus->answer_due = true;
        bus->heard_ms = clock_ms();
    }
    return len;
}

static int send_answer(void *ctx, const uint8_t *message, size_t len)
{
    struct linux_hostbus *bus = ctx;
    bool answer_due = bus->answer_due;

    bus->request_waiting = false;
    bus->answer_due = false;
    /* Not asked: who asked is gone, and someone else has taken its place. */
    if (bus->amthi_client < 0 || !answer_due)
        return -1;
    if (len > sizeof(bus->answer))
        return -1;
    memcpy(bus->answer, message, len);
    bus->answer_len = len;
    bus->answer_ms = clock_ms() + bus->latency_ms;
    bus->answer_held = true;
    return bus->latency_ms > 0 || hand_over(bus) ? 0 : -1;
}

struct hal_hostbus linux_hostbus_hal(struct linux_hostbus *bus)
{
    return (struct hal_hostbus){.ctx = bus, .receive = receive, .send = send_answer};
}
