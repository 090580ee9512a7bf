#ifndef SIM_TRACE_TEXT_H
#define SIM_TRACE_TEXT_H

#include <stdio.h>

#include "fw/board/trace_line.h"

/* Lines of trace into a file. */
struct text_out trace_to_file(FILE *file);

#endif
