// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/visit.h"

#include "tests/explore/console.h"
#include "tests/explore/console_reader.h"
#include "tests/explore/peer.h"
#include "tests/explore/secure.h"
#include "tests/explore/world.h"

void visit_connect(enum who who)
{
    peer_connect(who);
    world_run();
}

void visit_shake(enum who who, const char *bytes, size_t len)
{
    peer_connect_bare(who, SECURE_PORT);
    world_run();
    peer_bytes(who, bytes, len);
    visit_push(who);
}

void visit_line(enum who who)
{
    peer_connect_bare(who, LINE_PORT);
    world_run();
    console_starts(who);
    visit_push(who);
}

void visit_push(enum who who)
{
    peer_push(who);
    world_run();
}

void visit_push_and_go_deaf(enum who who)
{
    peer_send_and_go_deaf(who);
    world_run();
}

void visit_close(enum who who, bool reset)
{
    peer_close(who, reset);
    world_run();
    world.peer[who].line = LINE_NONE; /* until now the device could not know */
}
