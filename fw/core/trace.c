// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/trace.h"

const char *const trace_words[TRACE_EVENTS] = {
#define WORD(event, word, value) [event] = (word),
    TRACE_LIST(WORD)
#undef WORD
};

const char *trace_word(int event)
{
    return event < 0 || event >= TRACE_EVENTS ? "unknown" : trace_words[event];
}
