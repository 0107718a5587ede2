#!/usr/bin/env bash
# Every test, from a bare Debian 12: installs what is missing, builds with warnings as errors, once for release and once with
# the address and undefined-behaviour sanitizers, and runs ctest in both. The last lines are ctest's summary of the
# run that failed, or of the release build's, which has all the tests.
#   tests/run.sh [--tidy]     --tidy: clang-tidy over lib and daemon first (slow; installs it when missing)
set -euo pipefail
# shellcheck source=tests/support/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/support/setup.sh"

tidy() {
    command -v run-clang-tidy >/dev/null || install_packages clang-tidy
    say "clang-tidy"
    run-clang-tidy -quiet -p "$project/build/release" -extra-arg=-Wno-unknown-warning-option "$project/(lib|daemon)/"
}

run_tests() {
    local preset=$1
    shift
    say "testing $preset" # more at a time than there are processors: many of them wait most of the time
    (cd "$project" && ctest --preset "$preset" --parallel $((2 * $(nproc))) --no-label-summary "$@")
}

# Most tests wait for the disk, and prove nothing about it: their files lie in memory where there is room. What judges a
# disk, measures it or boots a system stays on one (TMPDIR=unset: in the CMakeLists.txt).
use_memory_for_files() {
    local needed_kib=$((4 * 1024 * 1024))
    [[ -z ${TMPDIR-} && -w /dev/shm ]] || return 0
    [[ $(df --output=avail /dev/shm | tail -1) -ge $needed_kib ]] || return 0
    TMPDIR=$(mktemp -d /dev/shm/cannedd-tests-XXXXXX)
    export TMPDIR
    chmod 1777 "$TMPDIR" # some tests are other users
    trap 'rm -rf "$TMPDIR"' EXIT
}

case ${1-} in
"" | --tidy) ;;
*)
    echo "usage: tests/run.sh [--tidy]" >&2
    exit 64
    ;;
esac

install_missing_packages
configure_and_build release -DCANNEDD_WERROR=ON
configure_and_build sanitize -DCANNEDD_WERROR=ON
[[ ${1-} == --tidy ]] && tidy
export UBSAN_OPTIONS=print_stacktrace=1
use_memory_for_files
# With the sanitizers runs whatever starts the daemon, some of it smaller (CANNEDD_SANITIZE in the CMakeLists.txt); a leak
# at shutdown is an exit code other than 0. Left out is what would prove nothing of memory: the power cut judges what
# is on the disk, conformance what is on the wire, the booted system where files lie, and its root has no sanitizer.
release_only='integration_powercut|integration/(conformance|systemd)'
run_tests sanitize --label-exclude '^(architecture|bench)$' --exclude-regex "$release_only"
# The package's life in a booted system takes a root of its own and some minutes more than all of this may take:
# ctest --preset release -R package_life
run_tests release --exclude-regex package_life
