#!/bin/bash
# run.sh [--build FOLDER] [--runs N] [--rows N] [SECTION...]: measures, in one go, cannedd and its peers; README.md says
# what. `quick` is a small set. Without --build it builds build/release first.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/setup.sh
source "$here/../support/setup.sh"

build=
rest=()
while [[ $# -gt 0 ]]; do
    case $1 in
    --build) build=$2; shift 2 ;;
    *) rest+=("$1"); shift ;;
    esac
done
if [[ -z $build ]]; then
    build=$project/build/release
    install_missing_packages
    say "building"
    (cd "$project" && cmake --preset release >/dev/null &&
        cmake --build --preset release --target cannedd bench_sink bench_bare_client --parallel "$(nproc)" >/dev/null)
fi
exec /usr/bin/python3 -B "$here/measure.py" --build "$build" "${rest[@]}"
