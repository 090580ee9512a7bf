// SPDX-License-Identifier: BSD-3-Clause
// links: tools/ztcagent/agent.c @core
// runs: 200000
/* What a device answers to the local agent. The input is a list of answers, each behind its length
 * in two bytes; of most of them the head is put right.
 * Promises: the agent ends, says only printable lines, and exits with one of its statuses. */
#include "fw/core/bytes.h"
#include "tests/fuzz/fuzz.h"
#include "tools/ztcagent/agent.h"

static struct input answers;

static int exchange(void *ctx, const uint8_t *request, size_t len, uint8_t *response, size_t cap)
{
    uint32_t head = take_u16(&answers);
    size_t got;
    const uint8_t *bytes = take_bytes(&answers, head & 0x7FF, &got);

    (void)ctx;
    promise(len >= 12 && get_le32(request + 8) == len - 12, "the agent's request has its length");
    if (head & 0x8000 || (answers.left == 0 && got == 0))
        return -1;
    if (got > cap)
        got = cap;
    if (got)
        memcpy(response, bytes, got);
    if (head & 0x4000 || got < 12)
        return (int)got;
    memcpy(response, request, 8);
    response[6] |= 0x80;
    put_le32(response + 8, (uint32_t)(got - 12));
    if (got >= 16 && !(head & 0x2000))
        memset(response + 12, 0, 4);
    return (int)got;
}

static void wait_ms(void *ctx, uint32_t ms)
{
    (void)ctx;
    (void)ms;
}

static void print(void *ctx, const char *line)
{
    (void)ctx;
    promise_printable(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct agent_io io = {NULL, exchange, wait_ms, print};
    struct agent_options options = {0};
    struct agent_result result;
    uint8_t what;
    int status;

    answers = (struct input){data, size};
    what = take_byte(&answers);
    options.discovery = what & 1;
    options.activate = !options.discovery;
    options.otp = options.activate && what & 2 ? "12345678" : NULL;
    options.dns = options.activate && what & 4 ? "corp.example" : NULL;
    status = agent_run(&io, &options, &result);
    promise(status == AGENT_OK || status == AGENT_FAILED || status == AGENT_NO_DEVICE,
            "the agent exits with a status of its own");
    return 0;
}
