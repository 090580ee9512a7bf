#include "fw/host/trace_line.h"

#include <string.h>

#include "fw/core/setup.h"
#include "fw/core/text.h"

#define SECONDS_WIDTH 6u

static void put(const struct trace_out *out, const char *text)
{
    out->write(out->ctx, text, strlen(text));
}

static void put_number(const struct trace_out *out, const char *before, uint32_t value,
                       const char *after)
{
    char text[TEXT_DECIMAL];

    put(out, before);
    put(out, text_decimal(text, value, 1));
    put(out, after);
}

static void put_hex(const struct trace_out *out, uint32_t value, uint32_t digits)
{
    char text[9];

    text_hex(text, value, digits);
    put(out, " 0x");
    put(out, text);
}

static void put_ip(const struct trace_out *out, uint32_t ip)
{
    char text[TEXT_ADDRESS];

    put(out, " ");
    put(out, ip ? text_address(text, ip) : "none");
}

static void put_time(const struct trace_out *out, uint64_t now_ms)
{
    char text[TEXT_DECIMAL];
    const char *seconds = text_decimal(text, (uint32_t)(now_ms / 1000u), 1);

    for (size_t len = strlen(seconds); len < SECONDS_WIDTH; len++)
        put(out, " ");
    put(out, seconds);
    put(out, ".");
    put(out, text_decimal(text, (uint32_t)(now_ms % 1000u), 3));
    put(out, "  ");
}

static void put_text(const struct trace_out *out, const char *text)
{
    for (; *text; text++)
        out->write(out->ctx, (uint8_t)*text < 0x20 || *text == 0x7F ? "?" : text, 1);
}

static void put_value(const struct trace_out *out, int event, uint32_t value)
{
    switch (event) {
    case TRACE_STATE:
        put(out, " ");
        put(out, setup_state_name((uint8_t)value));
        break;
    case TRACE_WINDOW_OPEN:
        if (value)
            put_number(out, " for ", value, " s");
        break;
    case TRACE_RESTORED:
        put_number(out, " bare-metal ", value, " h");
        break;
    case TRACE_LINK:
        put(out, value ? " up" : " down");
        break;
    case TRACE_ADDRESS:
    case TRACE_WITNESSED:
    case TRACE_CONNECT:
    case TRACE_CONNECT_FAILED:
        put_ip(out, value);
        break;
    case TRACE_ATTEMPT:
    case TRACE_HELLO_DELIVERED:
    case TRACE_ATTEMPT_FAILED:
        put_number(out, " retry ", value, "");
        break;
    case TRACE_AMTHI:
        put_hex(out, value, 8);
        break;
    case TRACE_AMTHI_STATUS:
        put_hex(out, value, 4);
        break;
    case TRACE_STORE_ERROR:
        put_number(out, " -", value, "");
        break;
    case TRACE_REQUEST:
        put_number(out, " ", value, "");
        break;
    default:
        break;
    }
}

void trace_line(const struct trace_out *out, uint64_t now_ms, int event, uint32_t value,
                const char *text, const char *source)
{
    put_time(out, now_ms);
    put(out, trace_word(event));
    put_value(out, event, value);
    if (text) {
        put(out, ": ");
        put_text(out, text);
    }
    if (source) {
        put(out, " [");
        put(out, source);
        put(out, "]");
    }
    put(out, "\n");
}

void trace_note(const struct trace_out *out, uint64_t now_ms, const char *who, const char *text)
{
    put_time(out, now_ms);
    put(out, who);
    put(out, ": ");
    put_text(out, text);
    put(out, "\n");
}
