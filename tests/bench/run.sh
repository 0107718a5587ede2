#!/bin/bash
# run.sh [--build FOLDER] [--install-peers] [--runs N] [--rows N] [--no-peers] [SECTION...]: measures, in one go, cannedd and
# its peers; README.md says what. `quick` is a small set. Without --build it builds build/release first. --install-peers
# installs Debian's redis-server and celery, and the peers of npm into the build directory.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/setup.sh
source "$here/../support/setup.sh"

build=
peers=
rest=()
while [[ $# -gt 0 ]]; do
    case $1 in
    --build) build=$2; shift 2 ;;
    --install-peers) peers=yes; shift ;;
    *) rest+=("$1"); shift ;;
    esac
done
if [[ -z $build ]]; then
    build=$project/build/release
    install_missing_packages
    say "building"
    (cd "$project" && cmake --preset release >/dev/null &&
        cmake --build --preset release --target cannedd bench_sink bench_bare_client bench_slow_sync --parallel "$(nproc)" >/dev/null)
fi

install_peers() {
    if ! command -v redis-server >/dev/null || ! /usr/bin/python3 -c 'import celery, redis, requests' 2>/dev/null; then
        install_packages redis-server celery python3-celery python3-redis python3-requests
    fi
    command -v npm >/dev/null || install_packages nodejs npm
    say "npm's peers, into $build/bench/peers"
    (cd "$build/bench/peers" && npm install --no-audit --no-fund --foreground-scripts >npm.log 2>&1) || tail "$build/bench/peers/npm.log"
}

mkdir -p "$build/bench/peers"
cp "$here"/peers/*.js "$here/peers/package.json" "$build/bench/peers/"
[[ -z $peers ]] || install_peers
exec /usr/bin/python3 -B "$here/measure.py" --build "$build" "${rest[@]}"
