#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The sources are laid out as clang-format lays them out (`make format`).
# once: it reads the sources
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
exec tools/format --dry-run -Werror
