// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "fw/core/config.h"

/* The firmware's static limits, and beside them the times and counts by which it shares itself out
 * among its peers. A limit is a bound on what the device can hold: what exceeds it gets a clear
 * error, never a truncation. Where a macro is a policy instead, its section says so: another value
 * would work too. A name ends in its unit: _BYTES, _MS; a text's limit counts characters without
 * the NUL. */

/* --- sizes of the protocols' fields --- */

#define LIMIT_UUID_BYTES 16
#define LIMIT_MAC_BYTES 6
#define LIMIT_FRAME 1514        /* Ethernet without FCS, in bytes */
#define LIMIT_HASH_BYTES 48     /* SHA-384, the longest that a hello can carry (G-hello) */
#define LIMIT_HASH_NAME 32      /* friendly name (GetCertificateHashEntry, G-hash) */
#define LIMIT_HASHES_BUILTIN 20 /* G-roots: 20 built in ... */
#define LIMIT_HASHES_USER 3     /* ... and 3 entered by the user */
#define LIMIT_HASHES (LIMIT_HASHES_BUILTIN + LIMIT_HASHES_USER)
#define LIMIT_HELLO_HASHES 33 /* accepted by the decoder; newer firmware sends up to 33 (RPC) */
#define LIMIT_HELLO_BYTES (25 + LIMIT_HELLO_HASHES * (2 + LIMIT_HASH_BYTES)) /* decoded */
#define LIMIT_HELLO_SENT_BYTES (25 + LIMIT_HASHES * (2 + LIMIT_HASH_BYTES))  /* sent */
#define LIMIT_PID 8                                                          /* exactly (G-cksum) */
#define LIMIT_PPS 32                                                         /* exactly (G-cksum) */
#define LIMIT_PASSWORD 32                                                    /* HP, WSM */
#define LIMIT_ADMIN_USER 16                                                  /* WSM */
#define LIMIT_DIGEST_DIGITS 32 /* hexadecimal digits of an MD5 */
#define LIMIT_USER_NAME 16     /* LMS-cim */
#define LIMIT_USER_HASH 16     /* bytes: MD5 of user:realm:password (LMS-cim) */
#define LIMIT_SID 28           /* bytes of a Kerberos user's: five sub-authorities (LMS-cim) */
#define LIMIT_USERS 7          /* entries with a digest (SCS11) */
#define LIMIT_OTP_MIN 8        /* G-otp */
#define LIMIT_OTP_MAX 32       /* G-otp */
#define LIMIT_PKI_SUFFIX 223   /* SetPKIFQDNSuffix (G-setpki) */
#define LIMIT_DOMAIN 223       /* as the suffix: "ProvisionServer." + domain stays a legal name */
#define LIMIT_FQDN 253         /* a DNS name in text form without the final dot */
#define LIMIT_HOST_NAME 63     /* setup.bin 2/11; one DNS label */
#define LIMIT_HOST_LABEL 31    /* OEM-definable "ProvisionServer" (GAEL); a DNS label is <= 63 */
#define LIMIT_VERSION_TEXT 20  /* GetCodeVersions strings (G-codever) */
#define LIMIT_VERSION 7        /* a release's own version: "6.2.61" */

/* --- memory --- */

/* lwIP's struct netif; netif_of.h checks it. */
#define LIMIT_NETIF_BYTES (6 * sizeof(void *) + 24)
#define LIMIT_AMTHI_MESSAGE 5120 /* bytes: MEI's max_msg_length for AMTHI, assumed */
#define LIMIT_AMTHI_REQUEST 316  /* bytes; the longest request of a known command has 268 */
#define LIMIT_AMTHI_RESPONSE 640 /* bytes; GetCodeVersions: 12 + 4 + 65 + 4 + 12 entries of 44 */
/* Kerberos entries: 32 (SCS11), each 36 bytes in each of three copies of the settings. A board,
 * whose devices let nobody in by Kerberos, has as many as one value of its store holds. */
#if __SIZEOF_POINTER__ > 4
#define LIMIT_KERBEROS_USERS 32
#else
#define LIMIT_KERBEROS_USERS 7
#endif
#define LIMIT_USERS_A_VALUE 7 /* of LIMIT_STORE_VALUE bytes */
#define LIMIT_USER_VALUES                                                                          \
    ((LIMIT_USERS + LIMIT_KERBEROS_USERS + LIMIT_USERS_A_VALUE - 1) / LIMIT_USERS_A_VALUE)
/* The settings' 27 and the count of starts; those of the users. */
#define LIMIT_STORE_KEYS (28 + (FW_MACHINE ? LIMIT_USER_VALUES : 0))
#define LIMIT_STORE_VALUE 256      /* bytes of one key's value */
#define LIMIT_OWN_KEY 256          /* bytes: both primes of a key of 2048 bits */
#define LIMIT_OWN_CERTIFICATE 1152 /* bytes of DER; one from a company's CA has about 1000 */
/* A TLS record must hold a client's whole certificate chain: four certificates of 2048 bits, with
 * everything that an authority puts into them, take 5.0 KB, three of 4096 bits 5.4. */
#define LIMIT_TLS_IN 6144  /* bytes of a record received */
#define LIMIT_TLS_OUT 2048 /* bytes of a record sent */
/* Sessions that are open at once. With a machine to manage: a console over the serial line, one
 * that has the turn, and one that pauses. */
#define LIMIT_TLS_SESSIONS (FW_MACHINE ? 3 : 1)
/* mbedTLS's heap. With 32-bit pointers the least that suffices for such chains is 22,976 bytes with
 * three of 2048 bits (own key 1024), 24,640 with four, 28,608 with three of 4096 (own key 2048). A
 * key that waits for the commit takes 1.5 KB more, each further open session as much as
 * LIMIT_TLS_SESSION_MEMORY says. */
#define LIMIT_TLS_SESSION_MEMORY (sizeof(void *) > 4 ? 16 * 1024 : 9 * 1024)
#define LIMIT_TLS_MEMORY                                                                           \
    ((sizeof(void *) > 4 ? 64 * 1024 : 29 * 1024) +                                                \
     (LIMIT_TLS_SESSIONS - 1) * LIMIT_TLS_SESSION_MEMORY)
/* The configuration service (fw/manage) reads a request as it arrives and keeps only what it needs
 * of it; a reply is held whole. All assumed. */
#define LIMIT_HTTP_LINE 512       /* the request line, or a header line */
#define LIMIT_HTTP_HEAD 4096      /* all lines of a request, with those of a chunked body */
#define LIMIT_HTTP_PATH 47        /* the longest one served has 30 */
#define LIMIT_HTTP_BODY 16384     /* a request with a certificate chain */
#define LIMIT_MANAGE_REPLY 3328   /* one with a certificate; a request's key is read into it, too */
#define LIMIT_NONCES 8            /* nonces that have had a right answer; others take no memory */
#define LIMIT_ENUMERATIONS 4      /* WS-Man's, begun and not pulled to the end */
#define LIMIT_MEMORY_MODULES 8    /* of the machine, that are shown; so are ... */
#define LIMIT_DISKS 4             /* ... its drives */
#define LIMIT_XML_DEPTH 16        /* open elements */
#define LIMIT_XML_NAME 47         /* a local name */
#define LIMIT_XML_ENTITY 8        /* between '&' and ';' */
#define LIMIT_SOAP_URI 127        /* an action, a class */
#define LIMIT_SOAP_ID 63          /* a MessageID */
#define LIMIT_SOAP_ARGUMENT 47    /* a parameter or selector */
#define LIMIT_SOAP_TEXT 640       /* all that is kept of a request */
#define LIMIT_SELECTORS 8         /* WS-Man's, those within references included; a class has 6 */
#define LIMIT_REDIRECT_SESSIONS 2 /* one that runs, one that logs in or is told that it cannot */
#define LIMIT_REDIRECT_MESSAGE 256 /* bytes; a log-in by digest has 199 at most */
#define LIMIT_SOL_DATA 256         /* bytes of the serial line in one message */

/* Records of the event log: what a real one has (WSM); a board has less RAM. */
#define LIMIT_EVENTS (sizeof(void *) > 4 ? 390 : 96)

/* --- policy: times of the device's own --- */

#define LIMIT_FRAMES_PER_POLL 64 /* a flood must not keep the rest of the device waiting */
#define LIMIT_ATTEMPT_MS 45000u  /* a look-up, connection and hello; below the shortest interval */
#define LIMIT_LEASE_S 7776000u   /* 90 days: a DHCP lease that is longer is renewed as often */
/* A DHCP server's refusal makes lwIP ask anew at once, without end where it is always refused.
 * Between two that lwIP hears it repeats its request, less and less often. As after a DECLINE: RFC
 * 2131 3.1, 5. */
#define LIMIT_DHCP_REFUSAL_MS 10000u
#define LIMIT_BLIND_DHCP_MS 1500u /* StartConfiguration's own DHCP transaction, assumed */
/* From a REQUEST to its answer. RFC 2131 4.1 lets a client ask again after 64 s at the latest, so
 * that a later answer belongs to a later request. */
#define LIMIT_DHCP_ANSWER_MS 64000u
#define LIMIT_CHECKPOINT_MS 600000u /* from one write of the used window time to the next */
#define LIMIT_LAST_REPLY_MS 1000u   /* for the last reply to leave before the ports change */
#define LIMIT_PONGS_A_SECOND 10     /* answers to presence pings */
#define LIMIT_TRACES_A_MINUTE 100   /* records that strangers can cause, of each kind */

/* --- policy: turns and places on the service's ports (fw/net/turns.h) ---
 * One connection is served at a time; the others wait in few places. A stranger must not keep the
 * owner out, who logs in within 10 s. A turn has up to three bounds: its length when nobody waits;
 * _WAITED_MS, its length once another connection with something to say waits; _SILENT_MS, silence
 * while another waits. */

#define LIMIT_CONNECTIONS 4 /* places */
#define LIMIT_HALF_OPEN 3   /* one more SYN, and the oldest goes: at ten a second each has 300 ms */
#define LIMIT_HANDSHAKE_MS 10000u     /* TLS's hand-shake */
#define LIMIT_GREETING_WAITED_MS 800u /* a client's first message, which arrives as a whole */
#define LIMIT_HANDSHAKE_WAITED_MS 2000u
#define LIMIT_HANDSHAKE_SILENT_MS 1000u
#define LIMIT_STRANGER_MS 10000u /* from the hand-shake to the first right password */
#define LIMIT_STRANGER_WAITED_MS 2000u
#define LIMIT_STRANGER_SILENT_MS 1000u
#define LIMIT_REQUEST_WAITED_MS 700u /* a stranger's request without TLS */
#define LIMIT_REQUEST_SILENT_MS 500u
#define LIMIT_LOG_IN_WAITED_MS 700u /* a stranger's log-in to redirection without TLS */
#define LIMIT_LOG_IN_SILENT_MS 500u
#define LIMIT_AUTHENTICATED_SILENT_MS 2000u /* a peer that has given a right password */
#define LIMIT_MANAGE_IDLE_MS 30000u         /* from one reply to the end of the next request */
#define LIMIT_NEVER_HEARD_MS 5000u /* a connection over which nothing has ever been received */
#define LIMIT_IN_LINE_MS 30000u    /* waiting for a turn, or between two requests without TLS */
#define LIMIT_PLACE_KEPT_MS                                                                        \
    3000u /* a connection that has had a reply keeps its place so long ... */
#define LIMIT_PLACE_SILENT_MS 200u /* ... and a new one until its first bytes can be there */
#define LIMIT_TURN_CHEAP_MS 500u   /* a stranger's turn that takes longer is wasted */
#define LIMIT_REFUSALS 16          /* SYNs without an answer that are remembered ... */
#define LIMIT_REFUSAL_MS 8000u   /* ... which is until they have been repeated for the third time */
#define LIMIT_SUSPECT_MS 300000u /* an address that has wasted its turn comes after others */
#define LIMIT_LINGER_MS 2000u    /* after the last byte sent, for the peer to finish */
#define LIMIT_LINGER_WANTED_MS 500u /* the same while places are wanted */

/* --- policy: passwords (fw/manage/digest.h) --- */

#define LIMIT_WRONG_ANSWERS_FREE 3       /* wrong answers before the next check has to wait */
#define LIMIT_WRONG_ANSWER_FIRST_MS 250u /* the first wait; each is twice the last ... */
#define LIMIT_WRONG_ANSWER_WAIT_MS 2000u /* ... up to this: 43,000 guesses a day */
#define LIMIT_WRONG_ANSWERS_FORGOTTEN_MS 30000u /* without a wrong answer */
#define LIMIT_NONCE_MS 600000u                  /* the age at which a nonce is stale */

/* --- policy: redirection (fw/redirect) --- */

/* From the connection to the log-in, and from there to the start. */
#define LIMIT_REDIRECT_LOGIN_MS 10000u
/* A console that accepts nothing of what is written to it. */
#define LIMIT_REDIRECT_WRITE_MS 30000u
/* A console need not say anything (MCMD). Whether it is still there is asked of its TCP, which says
 * nothing to it: after so long without a segment of its, every so often, and so often; a minute in
 * all. */
#define LIMIT_BESIDE_QUIET_MS 30000u
#define LIMIT_BESIDE_PROBE_MS 5000u
#define LIMIT_BESIDE_PROBES 6u
/* Between messages that amtterm reads the next one away with. */
#define LIMIT_SOL_GAP_MS 50u
/* From one look at the machine's serial line to the next. */
#define LIMIT_SOL_POLL_MS 20u
/* For bytes that the machine does not take, unless the console says otherwise. */
#define LIMIT_SOL_STALL_MS 2000u

#endif
