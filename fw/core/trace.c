#include "fw/core/trace.h"

const char *const trace_words[TRACE_EVENTS] = {
    [TRACE_BOOT] = "boot",
    [TRACE_STATE] = "state",
    [TRACE_WINDOW_OPEN] = "window-open",
    [TRACE_WINDOW_CLOSED] = "window-closed",
    [TRACE_RESTORED] = "restored",
    [TRACE_NET_MODE] = "net-mode",
    [TRACE_LINK] = "link",
    [TRACE_ADDRESS] = "address",
    [TRACE_WITNESSED] = "witnessed",
    [TRACE_ATTEMPT] = "attempt",
    [TRACE_LOOKUP] = "lookup",
    [TRACE_LOOKUP_FAILED] = "lookup-failed",
    [TRACE_CONNECT] = "connect",
    [TRACE_CONNECT_FAILED] = "connect-failed",
    [TRACE_HELLO_DELIVERED] = "hello-delivered",
    [TRACE_ATTEMPT_FAILED] = "attempt-failed",
    [TRACE_AMTHI] = "amthi",
    [TRACE_AMTHI_STATUS] = "amthi-status",
    [TRACE_STORE_ERROR] = "store-error",
    [TRACE_NO_ENTROPY] = "no-entropy",
    [TRACE_DISABLED] = "disabled",
    [TRACE_NO_ADDRESS] = "no-address",
    [TRACE_REQUEST] = "request",
};

const char *trace_word(int event)
{
    return event < 0 || event >= TRACE_EVENTS ? "unknown" : trace_words[event];
}
