// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CONSOLE_ORDER_H
#define SIM_CONSOLE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a console is told to do, and the requests that do it, as other people's consoles send them:
 * EOI as amttool does (AMTTOOL), WS-Man in MeshCommander's order (MC). */

enum console_protocol { CONSOLE_SOAP, CONSOLE_WSMAN };

enum console_task {
    CONSOLE_POWER,       /* command, source, options */
    CONSOLE_STATE,       /* reads the power state */
    CONSOLE_LOG,         /* reads the event log (WS-Man) */
    CONSOLE_REDIRECTION, /* opens or closes the listener: on (WS-Man) */
    CONSOLE_USER_ADD,    /* new_user, new_password, realms */
    CONSOLE_TASKS
};

enum console_command { CONSOLE_UP, CONSOLE_DOWN, CONSOLE_CYCLE, CONSOLE_RESET, CONSOLE_COMMANDS };

enum console_source {
    CONSOLE_BOOT_DEFAULT,
    CONSOLE_BOOT_PXE,
    CONSOLE_BOOT_DISK,
    CONSOLE_BOOT_CD,
    CONSOLE_BOOT_DIAGNOSTICS,
    CONSOLE_SOURCES
};

enum console_option { CONSOLE_OPTION_SOL = 1, CONSOLE_OPTION_SETUP = 2, CONSOLE_OPTION_PAUSE = 4 };

#define CONSOLE_USER "admin"
#define CONSOLE_PASSWORD "Provisi0n!" /* of a world that begins provisioned */

struct console_order {
    enum console_task task;
    enum console_command command;
    enum console_source source;
    uint8_t options; /* enum console_option */
    bool on;
    const char *user, *password; /* who asks */
    const char *new_user, *new_password;
    uint32_t realms; /* 1 << number (LMS-cim) */
};

#define ORDER_REQUEST 6144u

/* The nth request of an order, from 0. */
struct order_request {
    char path[64], action[128]; /* SOAPAction, "" = none */
    char body[ORDER_REQUEST];
    size_t len;
};

/* False: there is no nth request; none at all: this protocol cannot do it. realm: of the device's
 * challenge, "" before it. */
bool order_write(enum console_protocol protocol, const struct console_order *order, uint8_t nth,
                 const char *realm, struct order_request *out);
/* What the body of the answer says: its status, and a number where one was asked for (power state,
 * records of the log). False: it is no answer to this request. */
bool order_read(enum console_protocol protocol, const struct console_order *order, uint8_t nth,
                const char *body, uint32_t *status, uint32_t *value);

#endif
