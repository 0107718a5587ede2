#!/usr/bin/env bash
# Conformance by ctest: run.mjs, where there is node to run it. Exit code 77 is "skipped".
#   run.sh SIMULATOR DAEMON FOLDER
set -euo pipefail

for program in node npm; do
    if ! command -v "$program" >/dev/null; then
        printf '\n*** SKIPPED: conformance was NOT checked, for there is no %s here: apt-get install nodejs npm ***\n' "$program" >&2
        exit 77
    fi
done
exec node "$(dirname "${BASH_SOURCE[0]}")/run.mjs" "$@"
