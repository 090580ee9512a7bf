#include "sim/trace_text.h"

#include <ctype.h>
#include <inttypes.h>

#include "fw/core/setup.h"
#include "sim/packet.h"
#include "sim/words.h"

static void put_time(FILE *out, uint64_t now_ms)
{
    fprintf(out, "%6" PRIu64 ".%03u  ", now_ms / 1000u, (unsigned)(now_ms % 1000u));
}

/* Names come from the network: they must not break their line. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc(iscntrl((unsigned char)*text) ? '?' : *text, out);
}

static void put_value(FILE *out, int event, uint32_t value)
{
    char ip[16];

    switch (event) {
    case TRACE_STATE:
        fprintf(out, " %s", setup_state_name((uint8_t)value));
        break;
    case TRACE_WINDOW_OPEN:
        if (value)
            fprintf(out, " for %" PRIu32 " s", value);
        break;
    case TRACE_RESTORED:
        fprintf(out, " bare-metal %" PRIu32 " h", value);
        break;
    case TRACE_LINK:
        fputs(value ? " up" : " down", out);
        break;
    case TRACE_ADDRESS:
    case TRACE_WITNESSED:
    case TRACE_CONNECT:
    case TRACE_CONNECT_FAILED:
        ip_text(value, ip);
        fprintf(out, " %s", value ? ip : "none");
        break;
    case TRACE_ATTEMPT:
    case TRACE_HELLO_DELIVERED:
    case TRACE_ATTEMPT_FAILED:
        fprintf(out, " retry %" PRIu32, value);
        break;
    case TRACE_AMTHI:
        fprintf(out, " 0x%08" PRIX32, value);
        break;
    case TRACE_AMTHI_STATUS:
        fprintf(out, " 0x%04" PRIX32, value);
        break;
    case TRACE_STORE_ERROR:
        fprintf(out, " -%" PRIu32, value);
        break;
    default:
        break;
    }
}

void trace_text(FILE *out, uint64_t now_ms, int event, uint32_t value, const char *text,
                const char *source)
{
    put_time(out, now_ms);
    fputs(trace_word(event), out);
    put_value(out, event, value);
    if (text) {
        fputs(": ", out);
        put_text(out, text);
    }
    if (source)
        fprintf(out, " [%s]", source);
    fputc('\n', out);
}

void trace_text_note(FILE *out, uint64_t now_ms, const char *who, const char *text)
{
    put_time(out, now_ms);
    fprintf(out, "%s: ", who);
    put_text(out, text);
    fputc('\n', out);
}
