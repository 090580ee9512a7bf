#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "fw/core/config.h"

/* Every static limit of the firmware. What exceeds one gets a clear error, never a truncation. */

#define LIMIT_UUID_BYTES 16
#define LIMIT_MAC_BYTES 6
/* lwIP's struct netif; netif_of.h checks it. */
#define LIMIT_NETIF_BYTES (7 * sizeof(void *) + 24)
#define LIMIT_HASH_BYTES 48     /* SHA-384, the longest that a hello can carry (G-hello) */
#define LIMIT_HASH_NAME 32      /* friendly name (GetCertificateHashEntry, G-hash) */
#define LIMIT_HASHES_BUILTIN 20 /* G-roots: 20 built in ... */
#define LIMIT_HASHES_USER 3     /* ... and 3 entered by the user */
#define LIMIT_HASHES (LIMIT_HASHES_BUILTIN + LIMIT_HASHES_USER)
#define LIMIT_HELLO_HASHES 33 /* what the decoder accepts; newer firmware sends up to 33 (RPC) */
#define LIMIT_HELLO_BYTES (25 + LIMIT_HELLO_HASHES * (2 + LIMIT_HASH_BYTES))
#define LIMIT_HELLO_SENT (25 + LIMIT_HASHES * (2 + LIMIT_HASH_BYTES)) /* by this firmware */
#define LIMIT_PID 8                                                   /* G-cksum */
#define LIMIT_PPS 32                                                  /* G-cksum */
#define LIMIT_PASSWORD 32                                             /* HP, WSM */
#define LIMIT_ADMIN_USER 16                                           /* WSM */
#define LIMIT_DIGEST 32                                               /* digits of an MD5 */
#define LIMIT_OTP_MIN 8                                               /* G-otp */
#define LIMIT_OTP 32                                                  /* G-otp */
#define LIMIT_SUFFIX 223         /* SetPKIFQDNSuffix (G-setpki) */
#define LIMIT_DOMAIN 223         /* as the suffix: "ProvisionServer." + domain stays a legal name */
#define LIMIT_FQDN 253           /* a DNS name in text form without the final dot */
#define LIMIT_HOST_NAME 63       /* setup.bin 2/11; one DNS label */
#define LIMIT_HOST_LABEL 31      /* OEM-definable "ProvisionServer" (GAEL); a DNS label is <= 63 */
#define LIMIT_VERSION_TEXT 20    /* GetCodeVersions strings (G-codever) */
#define LIMIT_FRAME 1514         /* Ethernet without FCS */
#define LIMIT_FRAMES_PER_POLL 64 /* a flood must not keep the rest of the device waiting */
#define LIMIT_AMTHI_MESSAGE 5120 /* MEI max_msg_length for AMTHI, assumed */
#define LIMIT_AMTHI_REQUEST 316  /* the longest request of a known command has 268 bytes */
#define LIMIT_AMTHI_RESPONSE 640 /* GetCodeVersions: 12 + 4 + 65 + 4 + 12 entries of 44 bytes */
#define LIMIT_STORE_KEYS 27      /* the settings' 26, and one to spare */
#define LIMIT_STORE_VALUE 256
#define LIMIT_OWN_KEY 256          /* both primes of a key of 2048 bits */
#define LIMIT_OWN_CERTIFICATE 1152 /* DER; one of a company's CA has some 1000 bytes */

#define LIMIT_ATTEMPT_MS 45000u   /* one look-up, connect, hello; below the shortest interval */
#define LIMIT_BLIND_DHCP_MS 1500u /* StartConfiguration's own DHCP transaction, assumed */
/* A REQUEST and its answer: RFC 2131 4.1 lets a client ask again after 64 s at the latest, so that
 * a later answer is to a later request. */
#define LIMIT_DHCP_ANSWER_MS 64000u
#define LIMIT_CHECKPOINT_MS 600000u /* used window time is written to flash this often */

/* TLS on the set-up port (fw/net/tls.h). A record must hold a client's whole certificate chain:
 * four of 2048 bits with all that an authority writes into them take 5.0 KB, three of 4096
 * bits 5.4. */
#define LIMIT_TLS_IN 6144
#define LIMIT_TLS_OUT 2048
/* Of mbedTLS, with 32 bits a pointer. Least that goes well with such chains: 22,976 bytes with
 * three of 2048 bits (own key 1024), 24,640 with four, 28,608 with three of 4096 (own key 2048).
 * A key that waits for the commit takes 1.5 KB more. */
#define LIMIT_TLS_MEMORY (sizeof(void *) > 4 ? 64 * 1024 : 29 * 1024)

/* Connections of the service's port (fw/net/turns.h). One is served at a time; whoever waits has a
 * place, and there are few: a stranger must not keep the owner out, who logs in within 10 s. Three
 * bounds on a turn: alone; while another waits that has said something; and silence meanwhile. */
#define LIMIT_CONNECTIONS 4
#define LIMIT_HALF_OPEN 3 /* a SYN more, and the oldest goes: at ten a second each has 300 ms */
#define LIMIT_HANDSHAKE_MS 10000u
#define LIMIT_GREETING_WAITED_MS 800u /* a client's first message, which comes as a whole */
#define LIMIT_HANDSHAKE_WAITED_MS 2000u
#define LIMIT_HANDSHAKE_SILENT_MS 1000u
#define LIMIT_STRANGER_MS 10000u /* from the hand-shake to the first right password */
#define LIMIT_STRANGER_WAITED_MS 2000u
#define LIMIT_STRANGER_SILENT_MS 1000u
#define LIMIT_REQUEST_WAITED_MS 2000u /* a stranger's, without TLS */
#define LIMIT_REQUEST_SILENT_MS 500u
#define LIMIT_KNOWN_SILENT_MS 2000u /* of who has logged in, in a request or with a TLS session */
#define LIMIT_MUTE_MS 5000u         /* a connection of which nothing was ever heard */
#define LIMIT_WAIT_MS 30000u        /* in line, or between two requests without TLS */
#define LIMIT_PATIENCE_MS 3000u     /* who has said something is not sent away before */
#define LIMIT_SUSPECT_MS 300000u    /* whose turn came to nothing comes after others */
#define LIMIT_LINGER_MS 2000u       /* after our last word the peer may finish its own */
#define LIMIT_LINGER_FAST_MS 500u   /* while places are wanted */
/* The configuration service (fw/manage). A request is read as it comes, only what is wanted of it
 * is kept; a reply is held whole. All assumed. */
#define LIMIT_HTTP_LINE 512         /* request line, a header line */
#define LIMIT_HTTP_HEAD 4096        /* all lines of a request, with a chunked body's own */
#define LIMIT_HTTP_PATH 47          /* the longest one served has 30 */
#define LIMIT_HTTP_BODY 16384       /* a request with a certificate chain */
#define LIMIT_MANAGE_REPLY 3328     /* with a certificate; a request's key is read into it, too */
#define LIMIT_REPLY_LEAVES_MS 1000u /* the last reply, before the ports follow */
#define LIMIT_MANAGE_IDLE_MS 30000u /* from one reply to the end of the next request */
#define LIMIT_NONCES 8              /* with a right answer; others take no memory */
#define LIMIT_WRONG_FREE 3          /* wrong answers, before the next check waits */
#define LIMIT_WRONG_FIRST_MS 250u
#define LIMIT_WRONG_WAIT_MS 2000u /* 43,000 guesses a day; the owner waits no longer */
#define LIMIT_WRONG_FORGOTTEN_MS 30000u
#define LIMIT_TRACES_A_MINUTE 100 /* that a stranger can cause, of each kind */
#define LIMIT_NONCE_MS 600000u    /* a nonce is stale then */
#define LIMIT_ENUMERATIONS 4      /* begun and not pulled to the end */
#define LIMIT_XML_DEPTH 16
#define LIMIT_XML_NAME 47  /* a local name */
#define LIMIT_XML_ENTITY 8 /* between '&' and ';' */
#define LIMIT_SOAP_URI 127 /* action, class */
#define LIMIT_SOAP_ID 63   /* a message's */
#define LIMIT_SOAP_ARGUMENT 47
#define LIMIT_SOAP_TEXT 640 /* all that is kept of a request */

#endif
