// SPDX-License-Identifier: BSD-3-Clause
#ifndef REDIRECT_SESSION_H
#define REDIRECT_SESSION_H

#include "fw/redirect/redirect.h"

/* The messages of redirection (AMTTERM, MCMD); numbers are little-endian. */
enum redirect_message {
    REDIRECT_START = 0x10,
    REDIRECT_START_REPLY = 0x11,
    REDIRECT_END = 0x12,
    REDIRECT_AUTHENTICATE = 0x13,
    REDIRECT_AUTHENTICATE_REPLY = 0x14,
    SOL_START = 0x20,
    SOL_START_REPLY = 0x21,
    SOL_END = 0x22,
    SOL_END_REPLY = 0x23,
    SOL_PING = 0x24,
    SOL_PONG = 0x25,
    SOL_CONTROLS_TO_HOST = 0x27,
    SOL_DATA_TO_HOST = 0x28,
    SOL_CONTROLS_FROM_HOST = 0x29,
    SOL_DATA_FROM_HOST = 0x2A,
    SOL_HEARTBEAT = 0x2B,
};

#define SOL_HEADER 8u       /* type, 3 zeros, u32 sequence number */
#define SOL_DATA_HEADER 10u /* and u16 length */

/* The log-in's: type, status, 2 zeros, kind of log-in, u32 length; then that many bytes. */
#define LOGIN_HEADER 9u
#define LOGIN_KIND_AT 4
#define LOGIN_LENGTH_AT 5

static inline bool session_is_known(const struct redirect_session *session)
{
    return session->stage >= REDIRECT_IDLE;
}

/* --- words.c --- */

/* Room for a message of that length, with its type and otherwise zeros, behind what is to be said
 * already; it leaves with session_flush(). */
uint8_t *session_say(struct redirect_session *session, enum redirect_message type, size_t len);
/* What is to be said leaves as far as it can; then the end, if it has come. */
void session_flush(struct redirect_session *session, uint64_t now_ms);
/* Ends the session after what is to be said; why: for the trace, NULL = the console wanted it. */
void session_end(struct redirect_session *session, const struct redirect_view *view,
                 const char *why);
/* Nothing of a session stays. */
void session_forget(struct redirect_session *session);
/* The session of somebody else who has shown who he is; NULL: there is none. */
const struct redirect_session *session_other(const struct redirect_session *session);
/* For a console that has shown who it is. False: another one has. */
bool session_accept(struct redirect_session *session, const struct redirect_view *view,
                    const struct redirect_account *account);

/* login.c: handles the log-in message in session->in, whose kind is a known one. False: it must be
 * handled later, as nothing may be checked yet. */
bool login_is_known(uint8_t kind);
bool login_handle(struct redirect_session *session, const struct redirect_view *view);
/* The answer that says no. */
void login_refuse(struct redirect_session *session, const struct redirect_view *view,
                  const char *why);

/* sol.c */
void sol_start(struct redirect_session *session, const struct redirect_view *view);
/* Bytes for the machine, as long as sol.data_left is not 0. Returns how many were taken. */
size_t sol_data(struct redirect_session *session, const struct redirect_view *view,
                const uint8_t *bytes, size_t len);
/* Does what is due, one message at most, and sets next_ms. */
void sol_poll(struct redirect_session *session, const struct redirect_view *view);

#endif
