// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
// runs: 12000
/* A scenario file.
 * Promises: it is read or refused; a refusal is a line without control characters for each fault,
 * with the file and a line number; all memory is given back. */
#include "sim/scenario/scenario.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scenario_error error;
    struct scenario scenario;
    uint8_t *text = exact_copy(data, size);

    memset(&error, 0, sizeof(error));
    if (scenario_read("file", (const char *)text, size, &scenario, &error)) {
        promise(scenario.steps <= SCENARIO_STEPS, "a scenario keeps to its limit");
        scenario_free(&scenario);
    } else {
        promise(memchr(error.text, '\0', sizeof(error.text)) != NULL, "a refusal ends");
        promise(strncmp(error.text, "file:", 5) == 0, "a refusal names the file");
        promise_no_controls(error.text);
        for (uint32_t i = 1; i < error.faults && i < SCENARIO_FAULTS; i++) {
            promise(memchr(error.more[i - 1], '\0', sizeof(error.more[0])) != NULL,
                    "a further fault ends");
            promise(strncmp(error.more[i - 1], "file:", 5) == 0, "a further fault names the file");
            promise_no_controls(error.more[i - 1]);
        }
    }
    free(text);
    return 0;
}
