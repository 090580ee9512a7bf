// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "fw/core/limits.h"
#include "sim/net/dnsd.h"
#include "sim/scenario/reader.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool read_lan_dhcp(struct reader *r, struct step *step)
{
    static const char *const list[] = {"off", "on", "nak", "slow"};
    size_t index = 0;

    if (!reader_choose(r, "word after lan dhcp", list, COUNT(list), &index))
        return false;
    switch (index) {
    case 2:
        step->kind = STEP_LAN_NAK;
        step->on = true;
        return !reader_peek(r) || reader_on_off(r, "state after lan dhcp nak", &step->on);
    case 3:
        step->kind = STEP_LAN_SLOW;
        return reader_time(r, "delay of the DHCP server", &step->delay_us);
    default:
        step->kind = STEP_LAN_DHCP;
        step->on = index == 1;
        return true;
    }
}

static bool read_option15(struct reader *r, struct step *step)
{
    step->kind = STEP_LAN_OPTION15;
    if (!reader_next_word(r, "option 15", &step->name))
        return false;
    if (!*step->name || strlen(step->name) > UINT8_MAX)
        return reader_fail(r, "invalid option 15; expected a text of 1 to 255 bytes, or none");
    if (strcmp(step->name, "none") == 0)
        step->name = NULL;
    return true;
}

static bool read_lease(struct reader *r, struct step *step)
{
    uint64_t time_us;

    step->kind = STEP_LAN_LEASE;
    if (!reader_time(r, "lease time", &time_us))
        return false;
    if (time_us < 10000000 || time_us % 1000000)
        return reader_fail(r, "invalid lease time; a lease lasts whole seconds, at least 10s");
    step->seconds = (uint32_t)(time_us / 1000000);
    return true;
}

static bool read_suffix(struct reader *r, const char *after, struct step *step)
{
    static const char *const list[] = {"option15"};
    size_t index = 0;

    return reader_choose(r, after, list, COUNT(list), &index) &&
           reader_name(r, "option 15", &step->name);
}

static bool read_rogue(struct reader *r, struct step *step)
{
    const char *word = reader_peek(r);

    step->kind = STEP_LAN_ROGUE;
    step->on = !word || strcmp(word, "off") != 0;
    if (!step->on) {
        r->next_word++;
        return true;
    }
    return reader_ip(r, "address of the rogue DHCP server", &step->ip) &&
           read_suffix(r, "word after lan rogue-dhcp IP", step);
}

static bool read_spoof(struct reader *r, struct step *step)
{
    static const char *const list[] = {"ack"};
    size_t index = 0;

    step->kind = STEP_LAN_SPOOF;
    if (!r->timed)
        return reader_fail(r, "lan spoof needs a time; expected `at TIME lan spoof ...`");
    return reader_choose(r, "word after lan spoof", list, COUNT(list), &index) &&
           read_suffix(r, "word after lan spoof ack", step);
}

bool reader_lan(struct reader *r, struct step *step)
{
    static const char *const list[] = {"option15", "dhcp", "lease", "pool", "rogue-dhcp", "spoof"};
    size_t index = 0;

    if (!reader_choose(r, "word after lan", list, COUNT(list), &index))
        return false;
    switch (index) {
    case 0:
        return read_option15(r, step);
    case 1:
        return read_lan_dhcp(r, step);
    case 2:
        return read_lease(r, step);
    case 4:
        return read_rogue(r, step);
    case 5:
        return read_spoof(r, step);
    default:
        step->kind = STEP_LAN_POOL;
        return reader_ip(r, "first address of the pool", &step->ip);
    }
}

/* Servers and names are counted here so that a legal scenario cannot fill the world's tables. */
static bool check_names(struct reader *r, const char *name)
{
    const struct scenario *scenario = r->scenario;
    const char *known[DNSD_RECORDS];
    size_t count = 0;

    for (size_t i = 0; i <= scenario->steps; i++) {
        const struct step *step = i < scenario->steps ? &scenario->step[i] : NULL;
        size_t k = 0;

        if (step && step->kind != STEP_DNS_A && step->kind != STEP_DNS_CNAME)
            continue;
        const char *candidate = step ? step->name : name;
        while (k < count && strcmp(known[k], candidate) != 0)
            k++;
        if (k < count)
            continue;
        if (count == DNSD_RECORDS)
            return reader_fail(r, "too many DNS names; expected at most %d", DNSD_RECORDS);
        known[count++] = candidate;
    }
    return true;
}

static bool read_addresses(struct reader *r, struct step *step)
{
    if (!reader_ip(r, "address", &step->ip))
        return false;
    for (size_t i = 0; reader_peek(r); i++) {
        if (i == DNSD_ADDRESSES - 1)
            return reader_fail(r, "too many addresses; expected at most %d", DNSD_ADDRESSES);
        if (!reader_ip(r, "further address", &step->more_ip[i]))
            return false;
    }
    return true;
}

/* Ports, too. */
static bool check_ports(struct reader *r, uint16_t port)
{
    const struct scenario *scenario = r->scenario;
    uint16_t known[SCENARIO_PORTS];
    size_t count = 0;

    for (size_t i = 0; i <= scenario->steps; i++) {
        const struct step *step = i < scenario->steps ? &scenario->step[i] : NULL;
        uint16_t candidate = step ? step->port : port;
        size_t k = 0;

        if (step && step->kind != STEP_FIREWALL)
            continue;
        while (k < count && known[k] != candidate)
            k++;
        if (k < count)
            continue;
        if (count == SCENARIO_PORTS)
            return reader_fail(r, "too many ports of the firewall; expected at most %u",
                               SCENARIO_PORTS);
        known[count++] = candidate;
    }
    return true;
}

bool reader_dns(struct reader *r, struct step *step)
{
    const char *word;

    step->kind = STEP_DNS_SILENT;
    step->on = true;
    if (!reader_name(r, "DNS name", &step->name))
        return false;
    if (strcmp(step->name, "silent") == 0)
        return !reader_peek(r) || reader_on_off(r, "state after dns silent", &step->on);
    word = reader_peek(r);
    if (word && strcmp(word, "remove") == 0) {
        step->kind = STEP_DNS_REMOVE;
        r->next_word++;
        return true;
    }
    if (!check_names(r, step->name))
        return false;
    if (word && strcmp(word, "cname") == 0) {
        step->kind = STEP_DNS_CNAME;
        r->next_word++;
        return reader_name(r, "target of the cname", &step->target);
    }
    step->kind = STEP_DNS_A;
    if (!word)
        return reader_fail(r, "missing word after dns NAME; expected an IPv4 address, cname or "
                              "remove");
    if (word[0] < '0' || word[0] > '9')
        return reader_fail(r,
                           "unknown word \"%s\" after dns NAME; expected an IPv4 address, cname "
                           "or remove",
                           word);
    return read_addresses(r, step);
}

bool reader_firewall(struct reader *r, struct step *step)
{
    step->kind = STEP_FIREWALL;
    step->on = true;
    return reader_port(r, &step->port) &&
           (!reader_peek(r) || reader_on_off(r, "state after firewall PORT", &step->on)) &&
           check_ports(r, step->port);
}

static bool check_servers(struct reader *r, uint32_t ip)
{
    const struct scenario *scenario = r->scenario;
    uint32_t known[SCENARIO_SERVERS];
    size_t count = 0;

    for (size_t i = 0; i <= scenario->steps; i++) {
        const struct step *step = i < scenario->steps ? &scenario->step[i] : NULL;
        size_t k = 0;

        if (step && step->kind != STEP_SCA && step->kind != STEP_SCA_PLAN &&
            step->kind != STEP_SCA_CLOCK)
            continue;
        uint32_t candidate = step ? step->ip : ip;
        while (k < count && known[k] != candidate)
            k++;
        if (k < count)
            continue;
        if (count == SCENARIO_SERVERS)
            return reader_fail(r, "too many SCA addresses; expected at most %u", SCENARIO_SERVERS);
        known[count++] = candidate;
    }
    return true;
}

bool reader_sca(struct reader *r, struct step *step)
{
    static const char *const list[] = {
        [SCA_LISTEN] = "listen",
        [SCA_REFUSE] = "refuse",
        [SCA_FILTER] = "filter",
        [SCA_HANG] = "hang",
        [SCA_RESET] = "reset",
        [SCA_CLOSES_FIRST] = "closes-first",
        "provision",
        "ask",
        "clock",
    };
    static bool (*const read[])(struct reader *, struct step *) = {
        reader_sca_provision, reader_sca_ask, reader_sca_clock};
    size_t index = 0;

    step->kind = STEP_SCA;
    if (!reader_ip(r, "SCA address", &step->ip) || !check_servers(r, step->ip) ||
        !reader_choose(r, "SCA mode", list, COUNT(list), &index))
        return false;
    if (index >= SCA_MODES)
        return read[index - SCA_MODES](r, step);
    step->mode = (enum sca_mode)index;
    return !reader_peek(r) || reader_port(r, &step->port);
}
