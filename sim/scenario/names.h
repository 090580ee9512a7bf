// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_NAMES_H
#define SIM_NAMES_H

#include "fw/core/trace.h"
#include "sim/net/lan.h"
#include "sim/net/probe.h"
#include "sim/server/setup_session.h"

/* Names that the scenario language, the transcript and the trace file share. */

enum frame_class { /* what `expect frames` can ask for; one frame may count in several */
                   FRAME_ANY,
                   FRAME_ARP,
                   FRAME_DHCP,
                   FRAME_DNS,
                   FRAME_TCP,
                   FRAME_SYN, /* opens a connection: SYN without ACK */
                   FRAME_FIN,
                   FRAME_RST,
                   FRAME_CLASSES
};

#define REPORTED_STATES 3
#define TLS_MODES 3 /* GetProvisioningTLSMode's numbering */

extern const char *const lan_sender_names[LAN_SENDERS];         /* "me", "host", "lan" */
extern const char *const frame_class_names[FRAME_CLASSES];      /* "any", "arp", ... */
extern const char *const reported_state_names[REPORTED_STATES]; /* "Not started" (S0), ... */
extern const char *const tls_mode_names[TLS_MODES];             /* "none", "psk", "pki" */
extern const char *const probe_result_names[PROBE_RESULTS];     /* "silent", "closed", "open" */
extern const char *const sca_stage_names[SCA_STAGES]; /* "order", "1", "2", "old-credentials" */

const char *reported_state_name(int reported); /* "no answer" for anything but 0..2 */

#endif
