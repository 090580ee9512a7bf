#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every source, script, scenario and part of the Makefile says its licence in its first line, or below "#!".
# once: it reads the sources
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# silent FOLDER...: the sources below that do not say it. What is only read as bytes by tests has no line for it.
silent() {
    find "$@" -type f ! -path '*/corpus/*' | LC_ALL=C sort | LC_ALL=C xargs awk '
        function judge() { if (file != "" && !said && (shebang || file ~ /(\.([ch]|js|lds|mk|sh|bash|pl|py|scn|oem)|\/man\/.*\.[15]|Makefile)$/)) print file }
        FNR == 1 { judge(); file = FILENAME; said = 0; shebang = /^#!/ }
        FNR == 1 || FNR == 2 && shebang { if (/SPDX-License-Identifier: BSD-3-Clause/) said = 1 }
        FNR == 2 { nextfile }
        END { judge() }'
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'int a;\n// SPDX-License-Identifier: BSD-3-Clause\n' >"$work/late.c"
printf '#!/bin/sh\n' >"$work/tool"
[[ $(silent "$work") == "$work/late.c"$'\n'"$work/tool" ]] || {
    echo "the check itself finds: $(silent "$work")"
    exit 1
}
[[ $(head -n 1 LICENSE) == 'BSD 3-Clause License' ]] || {
    echo "LICENSE is another one than the files say"
    exit 1
}
silent=$(silent fw hal sim tests tools Makefile)
[[ ! $silent ]] || {
    echo "no line with SPDX-License-Identifier:"
    echo "$silent"
    exit 1
}
