#ifndef NET_LINE_H
#define NET_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One TCP connection of a port. lwIP's callbacks only note down here what has happened;
 * everything else is done later, outside lwIP (turns.h). What the peer sends lies in one buffer of
 * the pool, however many segments it comes in: the window is no larger. */

enum line_state {
    LINE_FREE,
    LINE_OPEN,
    LINE_LINGER, /* closed behind what was written; what still comes is thrown away */
};

struct carrier;

struct line {
    const struct carrier *carrier;
    uint8_t state;  /* enum line_state */
    bool heard;     /* it has said something */
    bool peer_done; /* it says no more */
    bool known;     /* it has given a right password; else it is a stranger's */
    bool asked;     /* it has had a reply */
    bool answers;   /* an answer of its waits until it may be checked */
    uint16_t own_port;
    uint16_t port;  /* the peer's, and its address: */
    uint32_t ip;    /* 1.2.3.4 = 0x01020304 */
    uint32_t order; /* of arrival */
    void *pcb;      /* lwIP's struct tcp_pcb; NULL = lwIP has ended it */
    void *held;     /* lwIP's struct pbuf: what has come and was not released */
    uint16_t taken; /* bytes of it, from the first */
    uint64_t came_ms;
    uint64_t since_ms;  /* it came, had its last turn, or lingers */
    uint64_t heard_ms;  /* bytes were taken from it or by it */
    uint64_t wrote_ms;  /* bytes were taken by it */
    uint64_t waits_ms;  /* it has had bytes for its next turn since then; 0 = it has none */
    uint64_t answer_ms; /* with answers: when it may be checked */
};

/* From lwIP's accept callback. pcb: its struct tcp_pcb. */
void line_open(struct line *line, void *accepted);

/* What has come and was not taken; returns how many bytes. */
size_t line_bytes(const struct line *line, const uint8_t **bytes);
void line_take(struct line *line, size_t len);
/* What was taken is not wanted again: the peer may send as much more. */
void line_release(struct line *line);
/* What was taken and not released has not been taken. */
void line_put_back(struct line *line);
/* So much has been taken and not released that the peer may not get on. */
bool line_is_full(const struct line *line);

/* Returns how many bytes, from the first, were taken. */
size_t line_write(struct line *line, const void *bytes, size_t len);
/* The peer could be sent more, if lwIP had memory for it. */
bool line_has_room(const struct line *line);
void line_flush(struct line *line);
/* The peer has everything, our end as well if there was one. */
bool line_all_acknowledged(const struct line *line);
/* lwIP has ended it, or needs nothing of us any more. */
bool line_has_ended(const struct line *line);

/* Closes behind what was written. */
void line_shut(struct line *line);
/* Ends it now, with a reset or without a word, and frees what it holds. state stays. */
void line_cut(struct line *line, bool reset);

#endif
