// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/visit.h"

#include "tests/explore/peer.h"
#include "tests/explore/world.h"

void visit_connect(enum who who)
{
    peer_connect(who);
    world_run();
}

void visit_shake(enum who who, const char *bytes, size_t len)
{
    peer_connect_bare(who);
    world_run();
    peer_bytes(who, bytes, len);
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
}
