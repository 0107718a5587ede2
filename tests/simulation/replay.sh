#!/usr/bin/env bash
# replay.sh SIMULATION: a seed tells the same story to the last millisecond, in whatever process it runs.
set -euo pipefail
told() { "$1" --from 500 --seeds 30 --trace | grep -v ' seeds in '; }
first=$(told "$1")
second=$(told "$1")
[[ -n $first ]] || { echo "no trace" >&2; exit 1; }
cmp <(echo "$first") <(echo "$second")
echo "$(wc -l <<<"$first") lines, twice the same"
