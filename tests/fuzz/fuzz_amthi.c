// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip hal/virtual/virtual.c
// runs: 2000
/* Messages from the host's operating system to a device of each kind, with time, the host's power
 * and the cable between them. The input is a list of acts: three bytes of head, then the message.
 * Promises: each message is answered at most once, with its own command, in the form and the length
 * of an answer; no answer holds a password or a pre-shared key; whatever came before, the next
 * right question is answered. */
#include "tests/fuzz/fuzz_wire.h"

enum deed { DEED_RIGHT, DEED_MESSAGE, DEED_RAW, DEED_PASS, DEED_HOST, DEEDS };

/* repair: a right head, for as much as there is. */
static void send(const uint8_t *bytes, size_t len, uint8_t command, bool repair)
{
    uint8_t message[2048];
    uint32_t answers = w.answers;

    if (len > sizeof(message) - 12)
        len = sizeof(message) - 12;
    if (repair) {
        memcpy(message, (const uint8_t[]){1, 1, 0, 0, command, 0, 0, 4}, 8);
        put_le32(message + 8, (uint32_t)len);
        memcpy(message + 12, bytes, len);
        len += 12;
    } else {
        memcpy(message, bytes, len);
    }
    if (!virtual_message_in(&w.hal, message, len))
        return;
    world_poll();
    promise(w.answers <= answers + 1, "a message is answered once");
    if (w.answers == answers || w.answer_len == 0)
        return;
    promise(!repair || w.answer[4] == command || w.answers > answers,
            "an answer is that of the command");
    promise(!world_holds_secret(w.answer, w.answer_len), "no answer holds a secret");
}

static void deed(struct input *in)
{
    /* What an agent sends. */
    static const uint8_t known[] = {
        0x06, 0x08, 0x10, 0x11, 0x1A, 0x1B, 0x1E, 0x25, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C,
        0x2D, 0x2E, 0x2F, 0x30, 0x36, 0x3A, 0x3B, 0x3E, 0x3F, 0x44, 0x45, 0x46, 0x47, 0x48,
        0x49, 0x4A, 0x4D, 0x4E, 0x50, 0x52, 0x56, 0x58, 0x5B, 0x5C, 0x5E, 0x62, 0x67};
    uint8_t what = take_byte(in) % DEEDS, value = take_byte(in);
    size_t len = take_byte(in), got;
    const uint8_t *bytes;

    switch (what) {
    case DEED_PASS:
        world_pass((uint64_t)value * value * (len % 16 + 1u));
        return;
    case DEED_HOST:
        w.hal.host = (enum hal_host)(value % 3);
        w.hal.link = value & 4;
        w.dhcp = value & 8;
        world_pass(len);
        return;
    default:
        bytes = take_bytes(in, what == DEED_RAW ? len * 20u : len + (value & 64 ? 60u : 0u), &got);
        send(bytes, got, what == DEED_RIGHT ? known[value % COUNT(known)] : value,
             what != DEED_RAW);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    enum world_kind kind = (enum world_kind)(take_byte(&in) % WORLDS);

    if (!world_moment[kind].variables) {
        world_prepare(kind, NULL);
        world_keep(kind);
    }
    world_enter(kind, data, size);
    for (int i = 0; i < 60 && in.left > 0; i++)
        deed(&in);
    w.hal.link = w.dhcp = true;
    world_state();
    return 0;
}
