// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include "hal/linux/linux.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define WATCHED (3u + 2u * (LINUX_CLIENTS + 1u))

/* CLOCK_MONOTONIC and not CLOCK_BOOTTIME: while the machine is suspended the device does not run,
 * and its windows count the time during which it is on. */
static uint64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static uint64_t now_ms(void *ctx)
{
    const struct linux_hal *port = ctx;

    return clock_ms() - port->start_ms;
}

static void sleep_until(void *ctx, uint64_t wake_ms)
{
    struct linux_hal *port = ctx;
    struct pollfd watched[WATCHED];
    uint64_t now = now_ms(port), left = wake_ms > now ? wake_ms - now : 0;
    uint64_t answer = linux_hostbus_due_ms(&port->hostbus);
    struct timespec timeout;
    nfds_t count = 0;

    if (wake_ms == UINT64_MAX || answer < left)
        left = answer;
    timeout.tv_sec = (time_t)(left / 1000u);
    timeout.tv_nsec = (long)(left % 1000u) * 1000000;

    watched[count++] = (struct pollfd){.fd = port->options.stop_fd, .events = POLLIN};
    watched[count++] = (struct pollfd){.fd = port->tap.events, .events = POLLIN};
    if (port->powered)
        watched[count++] = (struct pollfd){.fd = port->tap.fd, .events = POLLIN};
    count += linux_hostbus_poll(&port->hostbus, watched + count);
    count += linux_socket_poll(&port->control, watched + count);
    ppoll(watched, count, left == UINT64_MAX ? NULL : &timeout, NULL);
    linux_tap_drain_events(&port->tap);
    linux_hostbus_service(&port->hostbus);
}

static int entropy_fill(void *ctx, void *out, size_t len)
{
    struct linux_hal *port = ctx;
    uint8_t *bytes = out;

    for (size_t i = 0; port->options.seeded && i < len; i++) {
        uint64_t z = port->entropy += 0x9E3779B97F4A7C15u; /* splitmix64 */

        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        bytes[i] = (uint8_t)((z ^ (z >> 31)) >> 24);
    }
    for (size_t done = 0; !port->options.seeded && done < len;) {
        ssize_t n = getrandom(bytes + done, len - done, GRND_NONBLOCK);

        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static enum hal_host power_host(void *ctx)
{
    (void)ctx;
    return HAL_HOST_ABSENT;
}

static bool power_cmos_lost(void *ctx)
{
    return ((const struct linux_hal *)ctx)->cmos_lost;
}

static void power_cmos_acknowledge(void *ctx)
{
    ((struct linux_hal *)ctx)->cmos_lost = false;
}

static bool open_parts(struct linux_hal *port, struct linux_error *error)
{
    const struct linux_options *o = &port->options;

    return linux_flash_open(&port->flash, o->state, error) &&
           (!o->host_socket || linux_socket_open(&port->hostbus.socket, o->host_socket, error)) &&
           (!o->control || linux_socket_open(&port->control, o->control, error)) &&
           linux_tap_open(&port->tap, o->tap, error);
}

bool linux_open(struct linux_hal *port, const struct linux_options *options,
                struct linux_error *error)
{
    memset(port, 0, sizeof(*port));
    port->options = *options;
    port->tap.fd = port->tap.events = port->flash.fd = -1;
    linux_hostbus_init(&port->hostbus);
    linux_socket_init(&port->control);
    port->entropy = options->seed;
    port->start_ms = clock_ms();
    if (!open_parts(port, error)) {
        linux_close(port);
        return false;
    }
    port->hal.clock = (struct hal_clock){port, now_ms, sleep_until};
    port->hal.trace = (struct hal_trace){options->ctx, options->trace};
    port->hal.entropy = (struct hal_entropy){.ctx = port, .fill = entropy_fill};
    port->hal.ether = linux_tap_hal(&port->tap);
    port->hal.flash = linux_flash_hal(&port->flash);
    port->hal.hostbus = linux_hostbus_hal(&port->hostbus);
    port->hal.power = (struct hal_power){port, power_host, power_cmos_lost, power_cmos_acknowledge};
    return true;
}

void linux_close(struct linux_hal *port)
{
    linux_socket_close(&port->hostbus.socket);
    linux_socket_close(&port->control);
    linux_tap_close(&port->tap);
    linux_flash_close(&port->flash);
}

void linux_power(struct linux_hal *port, bool on)
{
    port->powered = on;
    linux_hostbus_power(&port->hostbus, on);
    if (on)
        linux_tap_drain(&port->tap);
}
