// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/state.h"

const uint8_t world_me_mac[6] = {0x02, 0xa3, 0x7e, 0, 0, 1};
const char *const root_names[ROOTS] = {"factory", "smb", "plain", "tls", "key"};

struct world world;
bool world_loud;
struct world_answer world_answer;
