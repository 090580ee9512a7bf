// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <string.h>

#include "fw/core/setup.h"
#include "sim/cmd/cmd.h"

#define NAME "statechart"

static const char help[] =
    "usage: proviso statechart [--format mermaid|dot|list] [--machine setup|attempt]\n"
    "\n"
    "The set-up state machine, drawn from the table that the firmware runs. For one state and\n"
    "event the first row whose guard holds fires; charts and list keep the table's order.\n"
    "  mermaid  a stateDiagram-v2, as code hosts draw it (the default)\n"
    "  dot      a Graphviz digraph\n"
    "  list     one line per row, with its reason and source\n"
    "The other machine is an attempt to say hello, which the first one begins:\n"
    "  attempt  one line per row: states, event, next state, what is done, and what came of it\n";

/* Draws one edge; `to` is a state, never SETUP_STAY. */
typedef void edge_printer(uint8_t from, uint8_t to, const struct setup_transition *row);

static void print_label(const struct setup_transition *row)
{
    fputs(setup_event_name(row->event), stdout);
    if (row->guard_name[0] != '\0')
        printf(" [%s]", row->guard_name);
}

/* One edge for every state that a row leaves from. */
static void print_edges(edge_printer *print)
{
    uint32_t count;
    const struct setup_transition *row = setup_transitions(&count);

    for (uint32_t i = 0; i < count; i++) {
        for (uint8_t from = 0; from < SETUP_STATES; from++) {
            if (row[i].from >> from & 1u)
                print(from, row[i].to == SETUP_STAY ? from : row[i].to, &row[i]);
        }
    }
}

/* A mermaid identifier holds no '-'. */
static void print_mermaid_id(uint8_t state)
{
    for (const char *p = setup_state_name(state); *p != '\0'; p++)
        putchar(*p == '-' ? '_' : *p);
}

static void print_mermaid_edge(uint8_t from, uint8_t to, const struct setup_transition *row)
{
    printf("    ");
    print_mermaid_id(from);
    printf(" --> ");
    print_mermaid_id(to);
    printf(" : ");
    print_label(row);
    putchar('\n');
}

static void print_mermaid(void)
{
    puts("stateDiagram-v2");
    for (uint8_t state = 0; state < SETUP_STATES; state++) {
        printf("    state \"%s\" as ", setup_state_name(state));
        print_mermaid_id(state);
        putchar('\n');
    }
    printf("    [*] --> ");
    print_mermaid_id(SETUP_FACTORY);
    putchar('\n');
    print_edges(print_mermaid_edge);
}

static void print_dot_edge(uint8_t from, uint8_t to, const struct setup_transition *row)
{
    printf("    \"%s\" -> \"%s\" [label=\"", setup_state_name(from), setup_state_name(to));
    print_label(row);
    puts("\"];");
}

static void print_dot(void)
{
    puts("digraph setup {\n"
         "    node [shape=box, style=rounded];\n"
         "    start [shape=point];");
    for (uint8_t state = 0; state < SETUP_STATES; state++)
        printf("    \"%s\";\n", setup_state_name(state));
    printf("    start -> \"%s\";\n", setup_state_name(SETUP_FACTORY));
    print_edges(print_dot_edge);
    puts("}");
}

static void print_from(uint8_t states)
{
    const char *separator = "";

    for (uint8_t state = 0; state < SETUP_STATES; state++) {
        if (states >> state & 1u) {
            printf("%s%s", separator, setup_state_name(state));
            separator = ", ";
        }
    }
}

static void print_list(void)
{
    uint32_t count;
    const struct setup_transition *row = setup_transitions(&count);

    for (uint32_t i = 0; i < count; i++) {
        print_from(row[i].from);
        printf(": ");
        print_label(&row[i]);
        printf(" -> %s: %s (%s)\n", row[i].to == SETUP_STAY ? "stays" : setup_state_name(row[i].to),
               row[i].reason, row[i].source);
    }
}

static void print_attempt(void)
{
    static const char *const does[] = {"", "looks a name up", "connects and says hello",
                                       "drops it"};
    uint32_t count;
    const struct attempt_transition *row = attempt_transitions(&count);

    for (uint32_t i = 0; i < count; i++) {
        const char *separator = "";

        for (uint8_t state = 0; state < ATTEMPT_STATES; state++) {
            if (row[i].from >> state & 1u) {
                printf("%s%s", separator, attempt_state_name(state));
                separator = ", ";
            }
        }
        printf(": %s -> %s", attempt_event_name(row[i].event), attempt_state_name(row[i].to));
        if (*does[row[i].action])
            printf(": %s", does[row[i].action]);
        if (row[i].outcome != ATTEMPT_GOES_ON)
            printf(": %s", row[i].failure ? row[i].failure : "delivered");
        putchar('\n');
    }
}

static int print_chart(const char *format)
{
    if (strcmp(format, "mermaid") == 0)
        print_mermaid();
    else if (strcmp(format, "dot") == 0)
        print_dot();
    else if (strcmp(format, "list") == 0)
        print_list();
    else
        return cmd_error(NAME, "unknown format \"%s\"; expected mermaid, dot or list", format);
    return cmd_finish(NAME);
}

int cmd_statechart(int argc, char **argv)
{
    static const struct cmd_option options[] = {{"--format", "mermaid, dot or list", false},
                                                {"--machine", "setup or attempt", false},
                                                {NULL, NULL, false}};
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    const char *format = NULL, *machine = "setup";

    for (int got; (got = cmd_next(&args, options)) != CMD_ARG_END;) {
        if (got == CMD_ARG_BAD)
            return CMD_USAGE;
        if (got == CMD_ARG_HELP) {
            fputs(help, stdout);
            return cmd_finish(NAME);
        }
        if (got == CMD_ARG_OPERAND)
            return cmd_error(NAME, "unexpected argument \"%s\"", args.value);
        if (got == 1)
            machine = args.value;
        else
            format = args.value;
    }
    if (strcmp(machine, "setup") == 0)
        return print_chart(format ? format : "mermaid");
    if (strcmp(machine, "attempt") != 0)
        return cmd_error(NAME, "unknown machine \"%s\"; expected setup or attempt", machine);
    if (format && strcmp(format, "list") != 0)
        return cmd_error(NAME, "format \"%s\" is not available for the attempt; expected list",
                         format);
    print_attempt();
    return cmd_finish(NAME);
}
