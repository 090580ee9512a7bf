// SPDX-License-Identifier: BSD-3-Clause
#include "sim/world/world_internal.h"

static struct console *add_console(struct world *w, uint32_t ip)
{
    struct console *console = &w->console[w->consoles];

    for (uint8_t i = 0; i < w->scas; i++) {
        if (w->sca[i].ip != ip)
            continue;
        world_explain(w, "a set-up application has this address");
        return NULL;
    }
    if (w->consoles == WORLD_CONSOLES) {
        world_explain(w, "there are four consoles already");
        return NULL;
    }
    w->consoles++;
    if (console_init(console, &w->clock, &w->lan, w->config.seed, ip,
                     &(struct console_observer){w, world_console_event}))
        return console;
    world_explain(w, "the segment has no room for another console");
    return NULL;
}

static struct console *console_at(struct world *w, uint32_t ip)
{
    for (uint8_t i = 0; i < w->consoles; i++)
        if (w->console[i].station.ip == ip)
            return &w->console[i];
    return add_console(w, ip);
}

/* As an administrator knows it from the DHCP server. */
static uint32_t device_ip(const struct world *w)
{
    uint32_t ip = w->chip.device.net.facts.ip;

    return ip ? ip : w->dhcpd.first_ip;
}

static bool explain(struct world *w, const char *why)
{
    if (why)
        world_explain(w, why);
    return !why;
}

bool world_console_use(struct world *w, uint32_t ip, enum console_protocol protocol, bool tls)
{
    struct console *console = console_at(w, ip);

    if (console)
        console_use(console, protocol, tls);
    return console != NULL;
}

bool world_console_order(struct world *w, uint32_t ip, const struct console_order *order)
{
    struct console *console = console_at(w, ip);

    return console && explain(w, console_order(console, device_ip(w), order));
}

bool world_console_sol(struct world *w, uint32_t ip, const char *user, const char *password)
{
    struct console *console = console_at(w, ip);

    return console && explain(w, console_sol_open(console, device_ip(w), user, password));
}

bool world_console_sol_close(struct world *w, uint32_t ip)
{
    struct console *console = console_at(w, ip);

    return console && explain(w, console_sol_close(console));
}

bool world_console_type(struct world *w, uint32_t ip, const char *text)
{
    struct console *console = console_at(w, ip);

    return console && explain(w, console_type(console, text));
}
