// SPDX-License-Identifier: BSD-3-Clause
#include "sim/run/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/setup.h"
#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "sim/net/packet.h"

static const char *hours_text(uint32_t seconds, char out[32])
{
    if (seconds == 0 || seconds == UINT32_MAX)
        return "without limit";
    if (seconds % 3600 == 0)
        snprintf(out, 32, "for %" PRIu32 " h", seconds / 3600);
    else
        snprintf(out, 32, "for %" PRIu32 ":%02" PRIu32 ":%02" PRIu32, seconds / 3600,
                 seconds / 60 % 60, seconds % 60);
    return out;
}

/* "10.0.0.50, option 15 "corp.example"" */
static const char *lease_text(const struct world_event *event, char out[LINE_TEXT])
{
    char ip[16];

    ip_text(event->value, ip);
    if (event->text)
        snprintf(out, LINE_TEXT, "%s, option 15 \"%s\"", ip, event->text);
    else
        snprintf(out, LINE_TEXT, "%s, no option 15", ip);
    return out;
}

const char *line_said(const struct world_event *event)
{
    return event->text ? event->text : "";
}

static const char *mode_text(const char *mode)
{
    if (strcmp(mode, "closed") == 0)
        return "network closed: sends nothing";
    if (strcmp(mode, "active") == 0)
        return "network active: leases an address itself";
    if (strcmp(mode, "passive") == 0)
        return "network passive: follows the OS's address";
    if (strcmp(mode, "fixed") == 0)
        return "network fixed: uses the address set in MEBx";
    return mode;
}

static bool is_news(int trace)
{
    return trace == TRACE_BOOT || trace == TRACE_WINDOW_OPEN || trace == TRACE_RESTORED ||
           trace == TRACE_NET_MODE || trace == TRACE_ADDRESS;
}

/* What the firmware did apart from attempts. Returns false for what no transcript shows. */
bool line_of_device(const struct world_event *event, char text[LINE_TEXT], enum entry_kind *kind)
{
    char part[LINE_TEXT], hours[32];
    const char *said = line_said(event);

    *kind = is_news(event->trace) ? ENTRY_NEWS : ENTRY_EVENT;
    switch (event->trace) {
    case TRACE_BOOT:
        snprintf(text, LINE_TEXT, "firmware %s starts", said);
        return true;
    case TRACE_STATE:
        snprintf(text, LINE_TEXT, "state %s", setup_state_name((uint8_t)event->value));
        return true;
    case TRACE_WINDOW_OPEN:
        snprintf(text, LINE_TEXT, "window open %s", hours_text(event->value, hours));
        return true;
    case TRACE_WINDOW_CLOSED:
        snprintf(text, LINE_TEXT, "window closed");
        return true;
    case TRACE_RESTORED:
        snprintf(text, LINE_TEXT, "restored to %s: bare-metal provisioning %" PRIu32 " h", said,
                 event->value);
        return true;
    case TRACE_NET_MODE:
        snprintf(text, LINE_TEXT, "%s", mode_text(said));
        return true;
    case TRACE_LINK:
        snprintf(text, LINE_TEXT, "link %s", event->value ? "up" : "down");
        return true;
    case TRACE_ADDRESS:
        if (event->value)
            snprintf(text, LINE_TEXT, "address %.500s", lease_text(event, part));
        else
            snprintf(text, LINE_TEXT, "no address any more");
        return true;
    case TRACE_WITNESSED:
        snprintf(text, LINE_TEXT, "witnessed the OS's lease: %.480s", lease_text(event, part));
        *kind = ENTRY_REPEAT;
        return true;
    case TRACE_OPTION15:
        if (event->value)
            snprintf(text, LINE_TEXT, "option 15 is now %s", *said ? said : "missing");
        else
            snprintf(text, LINE_TEXT, "option 15 is refused: not a domain's name");
        return true;
    case TRACE_STORE_ERROR:
        snprintf(text, LINE_TEXT, "flash error: %s", said);
        return true;
    case TRACE_NO_ENTROPY:
        snprintf(text, LINE_TEXT, "no source of randomness");
        return true;
    case TRACE_DISABLED:
        snprintf(text, LINE_TEXT, "AMT is disabled in %s",
                 strcmp(said, "BIOS") ? said : "the BIOS");
        return true;
    case TRACE_NO_ADDRESS:
        snprintf(text, LINE_TEXT, "no address: %s", said);
        return true;
    case TRACE_OPERATION: /* that it went well the request says */
        snprintf(text, LINE_TEXT, "status 0x%" PRIX32 ": %s", event->value, said);
        return event->value != PT_STATUS_SUCCESS;
    case TRACE_REQUEST:
        snprintf(text, LINE_TEXT, "answers HTTP request%s%s: %" PRIu32, *said ? " " : "", said,
                 event->value);
        return true;
    case TRACE_REDIRECTION:
        snprintf(text, LINE_TEXT, "redirection: %s, account %" PRIu32, said, event->value / 100);
        return true;
    case TRACE_REDIRECTION_REFUSED:
        snprintf(text, LINE_TEXT, "redirection refused: %s", said);
        return true;
    default:
        return false;
    }
}

/* A client on the set-up port. */
bool line_of_tls(const struct world_event *event, char text[LINE_TEXT])
{
    const char *said = line_said(event);
    char ip[16];

    ip_text(event->value, ip);
    switch (event->trace) {
    case TRACE_TLS_ACCEPTED:
        snprintf(text, LINE_TEXT, "TLS client %s accepted%s%s", ip, *said ? ": " : "", said);
        return true;
    case TRACE_TLS_REFUSED:
        snprintf(text, LINE_TEXT, "TLS client %s refused: %s", ip, said);
        return true;
    case TRACE_TLS_FAILED:
        snprintf(text, LINE_TEXT, "no TLS session with %s: %s", ip, said);
        return true;
    default:
        return false;
    }
}

/* A step of an attempt to say hello. */
bool line_of_attempt(const struct world_event *event, char text[LINE_TEXT])
{
    const char *said = line_said(event);
    char ip[16];

    switch (event->trace) {
    case TRACE_LOOKUP:
        snprintf(text, LINE_TEXT, "looks up %s", said);
        return true;
    case TRACE_LOOKUP_FAILED:
        snprintf(text, LINE_TEXT, "no address for %s", said);
        return true;
    case TRACE_CONNECT_FAILED:
        ip_text(event->value, ip);
        snprintf(text, LINE_TEXT, "no connection to %s: %s", ip, said);
        return true;
    case TRACE_ATTEMPT_FAILED:
        snprintf(text, LINE_TEXT, "attempt failed: %s", said);
        return true;
    default:
        return false;
    }
}
