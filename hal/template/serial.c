// SPDX-License-Identifier: BSD-3-Clause
/* For images with MACHINE=1: the second UART, which leads to the machine behind the ME. */
#include "hal/board.h"

void board_serial_start(void)
{
}

/* From a ring that the UART's interrupt handler fills, as that of the console. */
size_t board_serial_read(uint8_t *out, size_t cap)
{
    (void)out;
    (void)cap;
    return 0;
}

/* As many as the UART has room for now. */
size_t board_serial_write(const uint8_t *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    return 0;
}
