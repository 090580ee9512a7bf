// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_TEXT_FILE_H
#define SIM_TEXT_FILE_H

#include <stdio.h>

#include "fw/board/trace_line.h"

/* Lines of trace into a file. */
struct text_out text_to_file(FILE *file);

#endif
