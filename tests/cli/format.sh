#!/usr/bin/env bash
# The sources are laid out as clang-format lays them out (`make format`).
# once: it reads the sources
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
exec tools/format --dry-run -Werror
