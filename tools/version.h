// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_VERSION_H
#define TOOLS_VERSION_H

/* What `--version` prints; the newest heading of CHANGELOG.md is the same. */
#define PROVISO_VERSION "0.1.0"

#endif
