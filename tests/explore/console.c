// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/console.h"

#include <string.h>

#include "tests/explore/peer.h"

#define SAY(who, text) peer_bytes(who, text, sizeof(text) - 1)

void console_starts(enum who who)
{
    SAY(who, "\x10\0\0\0SOL ");
}

static size_t put_text(char *to, const char *text)
{
    to[0] = (char)strlen(text);
    memcpy(to + 1, text, strlen(text));
    return 1 + strlen(text);
}

void console_logs_in(enum who who, enum line_account account, bool wrong, size_t part)
{
    static const char *const name[] = {"admin", WORLD_USER, WORLD_READER};
    char message[64] = {0x13, 0, 0, 0, 1};
    size_t len = 9;

    len += put_text(message + len, name[account]);
    len += put_text(message + len, wrong ? "Wr0ng!pass" : WORLD_PASSWORD);
    message[5] = (char)(len - 9);
    world.peer[who].account = (uint8_t)account;
    world.peer[who].sure = !wrong && part == 0;
    peer_bytes(who, message, part ? part : len);
}

/* As amtterm: left after ten seconds of silence, a heartbeat each five. */
void console_begins(enum who who)
{
    SAY(who, "\x20\0\0\0\0\0\0\0\xE8\3\x64\0\0\0\x10\x27\0\0\x88\x13\0\0\0\0");
}

void console_types(enum who who)
{
    SAY(who, "\x28\0\0\0\0\0\0\0\3\0ls\r");
}

void console_lives(enum who who)
{
    SAY(who, "\x2B\0\0\0\0\0\0\0");
}

void console_ends(enum who who)
{
    SAY(who, "\x12\0\0\0");
}
