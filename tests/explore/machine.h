// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_MACHINE_H
#define EXPLORE_MACHINE_H

#include "tests/explore/state.h"

/* The PC behind the device: world.pc. It does what it is told at once, and takes whatever is typed.
 */

extern const struct hal_machine machine;

#endif
