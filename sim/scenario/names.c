// SPDX-License-Identifier: BSD-3-Clause
#include "sim/scenario/names.h"

const char *const lan_sender_names[LAN_SENDERS] = {
    [LAN_ME] = "me", [LAN_HOST] = "host", [LAN_LAN] = "lan"};

const char *const frame_class_names[FRAME_CLASSES] = {
    [FRAME_ANY] = "any", [FRAME_ARP] = "arp", [FRAME_DHCP] = "dhcp", [FRAME_DNS] = "dns",
    [FRAME_TCP] = "tcp", [FRAME_SYN] = "syn", [FRAME_FIN] = "fin",   [FRAME_RST] = "rst",
};

const char *const reported_state_names[REPORTED_STATES] = {"Not started", "In process",
                                                           "Completed"};

const char *const tls_mode_names[TLS_MODES] = {"none", "psk", "pki"};

const char *const probe_result_names[PROBE_RESULTS] = {
    [PROBE_SILENT] = "silent", [PROBE_CLOSED] = "closed", [PROBE_OPEN] = "open"};

const char *const sca_stage_names[SCA_STAGES] = {
    [SCA_STAGE_ORDER] = "order",
    [SCA_STAGE_FIRST] = "1",
    [SCA_STAGE_SECOND] = "2",
    [SCA_STAGE_OLD] = "old-credentials",
};

const char *reported_state_name(int reported)
{
    if (reported < 0 || reported >= REPORTED_STATES)
        return "no answer";
    return reported_state_names[reported];
}
