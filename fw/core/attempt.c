// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/attempt.h"

#include <stddef.h>

#include "fw/core/text.h"

#define LOOKS_UP (1u << ATTEMPT_LOOKS_UP)
#define CONNECTS (1u << ATTEMPT_CONNECTS)
#define UNDER_WAY (LOOKS_UP | CONNECTS)

#define NOT_REACHED "no set-up application reached"

static const struct attempt_transition table[] = {
    {LOOKS_UP, ATTEMPT_EV_BEGIN_NAME, ATTEMPT_LOOKS_UP, ATTEMPT_DO_LOOK_UP, ATTEMPT_GOES_ON, NULL},
    {LOOKS_UP, ATTEMPT_EV_BEGIN_ADDRESS, ATTEMPT_CONNECTS, ATTEMPT_DO_CONNECT, ATTEMPT_GOES_ON,
     NULL},
    {LOOKS_UP, ATTEMPT_EV_FOUND, ATTEMPT_CONNECTS, ATTEMPT_DO_CONNECT, ATTEMPT_GOES_ON, NULL},
    {LOOKS_UP, ATTEMPT_EV_NOT_FOUND, ATTEMPT_LOOKS_UP, ATTEMPT_DO_LOOK_UP, ATTEMPT_GOES_ON, NULL},
    {LOOKS_UP, ATTEMPT_EV_NO_NAME, ATTEMPT_NONE, ATTEMPT_DO_NOTHING, ATTEMPT_HAS_FAILED,
     NOT_REACHED},
    {CONNECTS, ATTEMPT_EV_DELIVERED, ATTEMPT_NONE, ATTEMPT_DO_NOTHING, ATTEMPT_HAS_DELIVERED, NULL},
    {UNDER_WAY, ATTEMPT_EV_FAILED, ATTEMPT_NONE, ATTEMPT_DO_NOTHING, ATTEMPT_HAS_FAILED,
     NOT_REACHED},
    {UNDER_WAY, ATTEMPT_EV_LOST, ATTEMPT_NONE, ATTEMPT_DO_DROP, ATTEMPT_HAS_FAILED,
     "network changed"},
    {UNDER_WAY, ATTEMPT_EV_LATE, ATTEMPT_NONE, ATTEMPT_DO_DROP, ATTEMPT_HAS_FAILED,
     "no answer in time"},
};

const struct attempt_transition *attempt_transitions(uint32_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

const char *attempt_state_name(uint8_t state)
{
    static const char names[] = "none\0looks up\0connects\0";

    return state < ATTEMPT_STATES ? text_item(names, state) : "?";
}

const char *attempt_event_name(uint8_t event)
{
    static const char names[] = "begins with a name\0"
                                "begins with an address\0"
                                "found\0"
                                "not found\0"
                                "no more names\0"
                                "delivered\0"
                                "failed\0"
                                "network changed\0"
                                "too late\0";

    return event < ATTEMPT_EVENTS ? text_item(names, event) : "?";
}

void attempt_begin(struct attempt *attempt, uint32_t retry, uint64_t now_ms)
{
    *attempt = (struct attempt){
        .state = ATTEMPT_LOOKS_UP, .retry = retry, .deadline_ms = now_ms + LIMIT_ATTEMPT_MS};
}

void attempt_end(struct attempt *attempt)
{
    attempt->state = ATTEMPT_NONE;
}

const struct attempt_transition *attempt_step(struct attempt *attempt, uint8_t event)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const struct attempt_transition *row = &table[i];

        if (row->event != event || !(row->from >> attempt->state & 1u))
            continue;
        attempt->state = row->to;
        if (event == ATTEMPT_EV_NOT_FOUND)
            attempt->name++;
        return row;
    }
    return NULL;
}

/* Appends the text. False: too long for a name. */
static bool append(char out[LIMIT_FQDN + 1], size_t *len, const char *text)
{
    for (; *text; text++) {
        if (*len == LIMIT_FQDN)
            return false;
        out[(*len)++] = *text;
    }
    out[*len] = '\0';
    return true;
}

/* The label, followed by the domain if there is one. False: too long for a name. */
static bool join_name(char out[LIMIT_FQDN + 1], const char *label, const char *domain)
{
    size_t len = 0;

    return append(out, &len, label) && (!*domain || append(out, &len, ".")) &&
           append(out, &len, domain);
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

bool attempt_name(const struct settings *settings, const struct release *release,
                  const struct oem_profile *oem, const char *option15, uint32_t number,
                  char out[LIMIT_FQDN + 1])
{
    const struct setup_settings *s = &settings->config;
    const char *domain_set = s->domain[0] ? s->domain : oem->default_domain;

    if (release->server_fqdn.value && s->server_fqdn[0] && number-- == 0)
        return join_name(out, s->server_fqdn, "");
    if (join_name(out, oem->host_label, domain_set) && number-- == 0)
        return true;
    return number == 0 && option15[0] && !same(option15, domain_set) &&
           join_name(out, oem->host_label, option15);
}
