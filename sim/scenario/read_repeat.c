// SPDX-License-Identifier: BSD-3-Clause
#include <inttypes.h>
#include <string.h>

#include "sim/scenario/reader.h"

/* `repeat N every TIME` ... `repeat end`: the lines between are read once, and their steps copied
 * for the other rounds. */

static bool begin(struct reader *r)
{
    static const char *const every[] = {"every"};
    size_t index = 0;

    r->faulty_repeat = true;
    if (!r->timed)
        return reader_fail(r, "repeat needs a time; expected `at TIME repeat N every TIME`");
    if (r->repeat_line)
        return reader_fail(r,
                           "a repetition inside that of line %" PRIu32 "; expected its "
                           "`repeat end` above",
                           r->repeat_line);
    if (!reader_number(r, "number of rounds", 2, SCENARIO_STEPS, &r->rounds) ||
        !reader_choose(r, "word after repeat N", every, 1, &index) ||
        !reader_time(r, "time between the rounds", &r->round_us) || !reader_line_end(r))
        return false;
    r->faulty_repeat = false;
    r->repeat_line = r->line;
    r->repeat_us = r->at_us;
    r->repeat_step = r->scenario->steps;
    return true;
}

static bool copy_round(struct reader *r, uint64_t round, size_t end)
{
    for (size_t i = r->repeat_step; i < end; i++) {
        struct step step = r->scenario->step[i];

        step.copy = true;
        step.at_us += round * r->round_us;
        if (!reader_add_step(r, &step))
            return false;
    }
    return true;
}

static bool end(struct reader *r)
{
    const uint64_t taken_us = r->at_us - r->repeat_us, later_us = (r->rounds - 1) * r->round_us;
    const size_t steps = r->scenario->steps;
    bool open = r->repeat_line != 0;
    char taken[32], round[32];

    r->repeat_line = 0;
    r->next_word++;
    if (!reader_line_end(r))
        return false;
    if (!open)
        return !r->faulty_repeat &&
               reader_fail(r, "no repetition to end; expected `repeat N every TIME` above");
    if (taken_us > r->round_us)
        return reader_fail(r, "a round takes %s; expected at most the %s between the rounds",
                           scenario_time_text(taken_us, taken),
                           scenario_time_text(r->round_us, round));
    if (later_us > SCENARIO_LAST_US - r->at_us)
        return reader_fail(r, "the last round is too late; expected it within %uh",
                           SCENARIO_LAST_H);
    for (uint64_t i = 1; i < r->rounds; i++)
        if (!copy_round(r, i, steps))
            return false;
    r->at_us += later_us;
    return true;
}

bool reader_repeat(struct reader *r)
{
    const char *word = reader_peek(r);

    return word && strcmp(word, "end") == 0 ? end(r) : begin(r);
}
