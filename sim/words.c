#include "sim/words.h"

const char *const words_trace[TRACE_EVENTS] = {
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
};

const char *const words_sender[LAN_SENDERS] = {
    [LAN_ME] = "me", [LAN_HOST] = "host", [LAN_LAN] = "lan"};

const char *const words_frame[FRAME_CLASSES] = {
    [FRAME_ANY] = "any", [FRAME_ARP] = "arp", [FRAME_DHCP] = "dhcp", [FRAME_DNS] = "dns",
    [FRAME_TCP] = "tcp", [FRAME_SYN] = "syn", [FRAME_FIN] = "fin",   [FRAME_RST] = "rst",
};

const char *const words_state[REPORTED_STATES] = {"Not started", "In process", "Completed"};

const char *const words_tls_mode[TLS_MODES] = {"none", "psk", "pki"};

const char *const words_probe[PROBE_RESULTS] = {
    [PROBE_SILENT] = "silent", [PROBE_CLOSED] = "closed", [PROBE_OPEN] = "open"};

const char *trace_word(int event)
{
    if (event < 0 || event >= TRACE_EVENTS)
        return "unknown";
    return words_trace[event];
}

const char *state_word(int reported)
{
    if (reported < 0 || reported >= REPORTED_STATES)
        return "no answer";
    return words_state[reported];
}
