#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The benchmark of instructions runs on this machine and prints its lines; what they say is nobody's limit.
# valgrind does not take programs with sanitizers: of these only that they play their stories.
# once: valgrind and the processor count what is built without sanitizers
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [[ $OBJ == *-san ]]; then
    for story in 'psk 0 1' 'psk 2 1' 'play tests/bench/provision.scn'; do
        # shellcheck disable=SC2086 # a story is several words
        said=$("$OBJ"/bench/instructions $story)
        [[ $said =~ ^([1-9][0-9]*|uncounted)$ ]] || {
            echo "instructions $story says: $said"
            exit 1
        }
    done
    exit
fi
said=$(tests/bench/instructions.sh host)
if [[ $said == 'host: cannot be counted: '* ]]; then
    echo "$said"
    exit 77
fi
for line in 'hand-shake, TLS 1.0, certificates' 'hand-shake, TLS 1.2, certificates' \
    'hand-shake, TLS 1.0, pre-shared key' 'hand-shake, TLS 1.2, pre-shared key' \
    "the device's own key of 1024 bits" 'provision.scn, all of it'; do
    grep -qE "^  $line +[1-9][0-9,]*\$" <<<"$said" || {
        printf 'no figure of "%s" in:\n%s\n' "$line" "$said"
        exit 1
    }
done
if ! tests/bench/instructions.sh host none.scn >/dev/null 2>&1; then exit; fi
echo "a scenario that is not there is counted"
exit 1
