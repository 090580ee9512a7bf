#!/usr/bin/env bash
# The sources are laid out as clang-format lays them out (`make format`).
# once: it reads the sources
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v clang-format >/dev/null || {
    echo "clang-format is not installed"
    exit 77
}
find fw hal sim tests tools -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror
