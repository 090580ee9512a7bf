#ifndef SIM_WORDS_H
#define SIM_WORDS_H

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

extern const char *const words_sender[LAN_SENDERS];    /* "me", "host", "lan" */
extern const char *const words_frame[FRAME_CLASSES];   /* "any", "arp", ... */
extern const char *const words_state[REPORTED_STATES]; /* "Not started" (S0), ... */
extern const char *const words_tls_mode[TLS_MODES];    /* "none", "psk", "pki" */
extern const char *const words_probe[PROBE_RESULTS];   /* "silent", "closed", "open" */
extern const char *const words_stage[SCA_STAGES];      /* "order", "1", "2", "old-credentials" */

const char *state_word(int reported); /* "no answer" for anything but 0..2 */

#endif
