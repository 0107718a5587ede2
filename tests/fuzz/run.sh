#!/usr/bin/env bash
# Searches with libFuzzer: builds the targets with clang, in build/fuzz, and runs each for SECONDS, as many at a time as there
# are processors. Prints executions and edges covered of each; fails when one found something.
#   tests/fuzz/run.sh [SECONDS [TARGET...]]     5 seconds, all targets
set -euo pipefail
# shellcheck source=tests/support/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/../support/setup.sh"

build=$project/build/fuzz
export build project seconds=${1-5}
shift || true
if [[ ! $seconds =~ ^[0-9]+$ ]]; then
    echo "usage: tests/fuzz/run.sh [SECONDS [TARGET...]]" >&2
    exit 64
fi

if ! compgen -G '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a' >/dev/null || ! command -v clang++ >/dev/null; then
    install_packages clang libclang-rt-14-dev
fi

# search TARGET: what is new goes into build/fuzz/corpus/TARGET, and is the next run's beginning.
search() {
    local target=$1 log=$build/$1.log found=$build/found/$1 status=0
    local folders=("$build/corpus/$target" "$project/tests/fuzz/corpus/$target")
    [[ -d $project/tests/fuzz/found/$target ]] && folders+=("$project/tests/fuzz/found/$target")
    mkdir -p "${folders[0]}" "$found"
    "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$found/" \
        "${folders[@]}" </dev/null >"$log" 2>&1 || status=$?
    printf '%-12s %10s executions, %6s edges\n' "$target" \
        "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
        "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)"
    ((status == 0)) && return
    echo "$target has found something. Keep the input in tests/fuzz/found/$target, under a name that says what it is, and mend:"
    grep -aE 'does not hold|seen:|runtime error|ERROR|SUMMARY|Test unit written' "$log"
    return 1
}
export -f search

set_launcher=()
command -v ccache >/dev/null && set_launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
say "building for libFuzzer"
cmake -S "$project" -B "$build" -G Ninja -DCANNEDD_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_UNITY_BUILD=ON \
    "${set_launcher[@]}" >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target fuzz

targets=("$@")
[[ $# -gt 0 ]] || mapfile -t targets < <(ls "$project/tests/fuzz/corpus")
say "fuzzing, $seconds s each"
printf '%s\n' "${targets[@]}" | xargs --max-procs="$(nproc)" -I{} bash -c 'search {}'
