// SPDX-License-Identifier: BSD-3-Clause
#include "fw/board/trace_line.h"

#include "fw/core/setup.h"
#include "fw/store/store.h"

#define FOR_EVER TRACE_EVENTS /* a window without an end */

static void put_time(const struct text_out *out, uint64_t now_ms)
{
    text_print(out, "%6u.%03u  ", (uint32_t)(now_ms / 1000u), (uint32_t)(now_ms % 1000u));
}

void trace_line(const struct text_out *out, uint64_t now_ms, int event, uint32_t value,
                const char *text, const char *source)
{
#define FORMAT(event, word, value) word value "\0"
    static const char formats[] = TRACE_LIST(FORMAT) "window-open\0";
#undef FORMAT
    const char *values = event == TRACE_STATE         ? setup_state_names
                         : event == TRACE_STORE_ERROR ? STORE_ERROR_NAMES
                                                      : "down\0up\0";

    put_time(out, now_ms);
    if (event == TRACE_WINDOW_OPEN && value == 0)
        event = FOR_EVER;
    text_print(out, text_item(formats, (uint32_t)event), value, values);
    if (text)
        text_print(out, ": %s", text);
    if (source)
        text_print(out, " [%s]", source);
    text_print(out, "\n");
}

void trace_note(const struct text_out *out, uint64_t now_ms, const char *who, const char *text)
{
    put_time(out, now_ms);
    text_print(out, "%s: %s\n", who, text);
}
