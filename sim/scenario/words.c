#include "sim/scenario/words.h"

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

const char *const words_stage[SCA_STAGES] = {
    [SCA_STAGE_ORDER] = "order",
    [SCA_STAGE_FIRST] = "1",
    [SCA_STAGE_SECOND] = "2",
    [SCA_STAGE_OLD] = "old-credentials",
};

const char *state_word(int reported)
{
    if (reported < 0 || reported >= REPORTED_STATES)
        return "no answer";
    return words_state[reported];
}
