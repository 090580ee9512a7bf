// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "fw/core/psk.h"
#include "sim/scenario/reader.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DEFAULT_HOST "pc1"
#define DEFAULT_DOMAIN "corp.example"
#define DEFAULT_ADMIN "Adm1n!strator"
#define DEFAULT_MEBX "Mebx!Passw0rd"

static bool read_pem(struct reader *r, const char *what, struct pem_file *pem)
{
    const char *word;
    char error[300] = "out of memory";

    if (!reader_next_word(r, what, &word))
        return false;
    char *path = reader_path(r, word);
    pem_file_free(pem);
    bool good = path && pem_file_load(path, pem, error, sizeof error);
    free(path);
    return good || reader_fail(r, "%s", error);
}

/* As far as the server's side goes any text is a PID, and a wrong one is what a scenario is about.
 */
static bool read_key(struct reader *r, const char **pid, const char **pps)
{
    if (!reader_next_word(r, "PID", pid) || !reader_secret(r, "PPS", pps))
        return false;
    return (strlen(*pid) > 0 && strlen(*pps) > 0 && strlen(*pps) <= LIMIT_PPS) ||
           reader_fail(r,
                       "invalid PID or PPS; expected a PPS of 1 to %d characters, without dashes",
                       LIMIT_PPS);
}

static bool read_operation(struct reader *r, enum sca_protocol protocol, bool first_stage,
                           const struct sca_operation **operation)
{
    const char *name;

    if (!reader_next_word(r, "operation", &name))
        return false;
    *operation = sca_find_operation(protocol, first_stage, name);
    return *operation ||
           reader_fail(r, "unknown operation \"%s\"; expected one of %s like %s", name,
                       first_stage ? "the first stage" : "the server's", "CommitChanges");
}

static bool read_without(struct reader *r, struct sca_plan *plan)
{
    for (size_t i = 0; i < COUNT(plan->without); i++)
        if (!plan->without[i])
            return read_operation(r, plan->protocol, true, &plan->without[i]);
    return reader_fail(r, "too many operations left out; expected at most %zu",
                       COUNT(plan->without));
}

#define PLAN_WITHOUT 12 /* the one word that may be repeated */

/* Any text may be a name: what is legal, the device has to say. */
static bool read_text(struct reader *r, const char *what, const char **text)
{
    if (!reader_next_word(r, what, text))
        return false;
    return strlen(*text) <= LIMIT_FQDN ||
           reader_fail(r, "%s too long; expected at most %d characters", what, LIMIT_FQDN);
}

/* Of these the first stage is about; without one they say nothing. */
static bool check_plan(struct reader *r, const struct sca_plan *plan)
{
    if (plan->certificate.certificates && plan->pid)
        return reader_fail(r, "certificate and psk contradict each other; expected one of them");
    if (plan->idle && (plan->stop_before || plan->disconnect_after))
        return reader_fail(r, "an idle server walks no stage in which it could stop or disconnect; "
                              "expected either idle or that word");
    for (size_t i = 0; i < COUNT(plan->without); i++) {
        const struct sca_operation *left_out = plan->without[i];

        if (left_out && (left_out == plan->stop_before || left_out == plan->disconnect_after ||
                         left_out == plan->reset_at))
            return reader_fail(r, "%s is left out, and so never reached", left_out->name);
    }
    return true;
}

static bool read_plan_word(struct reader *r, uint32_t *seen, struct sca_plan *plan)
{
    static const char *const list[] = {
        "certificate",
        "psk",
        "device-certificate",
        "password",
        "admin-password",
        "mebx-password",
        "host-name",
        "domain-name",
        "idle",
        "stop-before",
        "disconnect-after",
        "reset-at",
        [PLAN_WITHOUT] = "without",
    };
    size_t index = 0;

    if (!reader_choose(r, "word after sca IP provision", list, COUNT(list), &index) ||
        (index != PLAN_WITHOUT && !reader_once(r, list[index], index, seen)))
        return false;
    switch (index) {
    case 0:
        return read_pem(r, "certificate file", &plan->certificate);
    case 1:
        return read_key(r, &plan->pid, &plan->pps);
    case 2:
        return read_pem(r, "file with the device's certificate", &plan->device_certificate);
    case 3:
        return reader_secret(r, "password", &plan->password);
    case 4:
        return reader_secret(r, "password of admin", &plan->admin_password);
    case 5:
        return reader_secret(r, "MEBx password", &plan->mebx_password);
    case 6:
        return read_text(r, "host name", &plan->host_name);
    case 7:
        return read_text(r, "domain name", &plan->domain_name);
    case 8:
        plan->idle = true;
        return true;
    case 9:
        return read_operation(r, plan->protocol, true, &plan->stop_before);
    case 10:
        return read_operation(r, plan->protocol, true, &plan->disconnect_after);
    case 11:
        return read_operation(r, plan->protocol, true, &plan->reset_at);
    default:
        return read_without(r, plan);
    }
}

bool reader_sca_provision(struct reader *r, struct step *step)
{
    static const char *const list[] = {
        [SCA_SOAP] = "soap", [SCA_WSMAN] = "wsman", [SCA_PROTOCOLS] = "off"};
    size_t index = 0;
    uint32_t seen = 0;

    step->kind = STEP_SCA_PLAN;
    if (!reader_choose(r, "protocol after provision", list, COUNT(list), &index))
        return false;
    if (index == SCA_PROTOCOLS)
        return true;
    step->plan = calloc(1, sizeof *step->plan);
    if (!step->plan)
        return reader_fail(r, "out of memory");
    *step->plan = (struct sca_plan){.protocol = (enum sca_protocol)index,
                                    .host_name = DEFAULT_HOST,
                                    .domain_name = DEFAULT_DOMAIN,
                                    .admin_password = DEFAULT_ADMIN,
                                    .mebx_password = DEFAULT_MEBX};
    while (reader_peek(r))
        if (!read_plan_word(r, &seen, step->plan))
            return false;
    return check_plan(r, step->plan);
}

/* The operation decides what must follow it. */
static bool read_arguments(struct reader *r, struct sca_order *order)
{
    uint64_t hours;

    for (int i = 0; i < SCA_PARAMETERS && order->operation->parameter[i].name; i++) {
        switch (order->operation->parameter[i].value) {
        case SCA_PID:
            if (!read_key(r, &order->pid, &order->pps))
                return false;
            break;
        case SCA_HOURS:
            if (!reader_number(r, "hours", 0, 1000, &hours))
                return false;
            order->hours = (uint32_t)hours;
            break;
        case SCA_HOST_NAME:
            if (!read_text(r, "host name", &order->host_name))
                return false;
            break;
        default:
            break;
        }
    }
    return true;
}

/* The plan above for the same server says which operations there are. */
static const struct sca_plan *plan_of(const struct reader *r, uint32_t ip)
{
    const struct sca_plan *plan = NULL;

    for (size_t i = 0; i < r->scenario->steps; i++)
        if (r->scenario->step[i].kind == STEP_SCA_PLAN && r->scenario->step[i].ip == ip)
            plan = r->scenario->step[i].plan;
    return plan;
}

bool reader_sca_ask(struct reader *r, struct step *step)
{
    const struct sca_plan *plan = plan_of(r, step->ip);

    step->kind = STEP_SCA_ASK;
    if (!r->timed)
        return reader_fail(r, "ask needs a time; expected `at TIME sca IP ask OPERATION`");
    if (!plan && r->faulty_plan)
        return false;
    if (!plan)
        return reader_fail(
            r, "this server has no set-up script; expected `sca IP provision ...` above");
    return read_operation(r, plan->protocol, false, &step->order.operation) &&
           read_arguments(r, &step->order);
}

static bool two_digits(const char *text, unsigned min, unsigned max, unsigned *out)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *out = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
    return *out >= min && *out <= max;
}

static bool leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970 to that day; 0: there is none such, or it is before 1970. */
static uint64_t days_to(unsigned year, unsigned month, unsigned day)
{
    static const unsigned in_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t days = 0;

    if (year < 1970 || day > in_month[month - 1] + (month == 2 && leap(year)))
        return 0;
    for (unsigned y = 1970; y < year; y++)
        days += 365u + leap(y);
    for (unsigned m = 1; m < month; m++)
        days += in_month[m - 1] + (m == 2 && leap(year));
    return days + day - 1;
}

/* "2009-01-14T13:00:00", UTC */
static bool utc(const char *text, uint64_t *out)
{
    static const char form[] = "0000-00-00T00:00:00";
    unsigned century, year, month, day, hour, minute, second;
    uint64_t days;

    if (strlen(text) != sizeof(form) - 1)
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] != '0' && text[i] != form[i])
            return false;
    if (!two_digits(text, 19, 99, &century) || !two_digits(text + 2, 0, 99, &year) ||
        !two_digits(text + 5, 1, 12, &month) || !two_digits(text + 8, 1, 31, &day) ||
        !two_digits(text + 11, 0, 23, &hour) || !two_digits(text + 14, 0, 59, &minute) ||
        !two_digits(text + 17, 0, 59, &second))
        return false;
    days = days_to(century * 100 + year, month, day);
    *out = days * 86400u + hour * 3600u + minute * 60u + second;
    return days > 0;
}

bool reader_sca_clock(struct reader *r, struct step *step)
{
    const char *word;

    step->kind = STEP_SCA_CLOCK;
    if (!reader_next_word(r, "date and time", &word))
        return false;
    return utc(word, &step->clock_s) ||
           reader_fail(
               r, "invalid date and time \"%s\"; expected one like 2009-01-14T13:00:00, in UTC",
               word);
}
