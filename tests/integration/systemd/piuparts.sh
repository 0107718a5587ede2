#!/usr/bin/env bash
# The Debian package in a bare Debian 12 by piuparts: installed, removed and purged, nothing is left or changed. Needs root, the
# packages piuparts and mmdebstrap, and a mirror; takes two minutes, so ctest does not run it.
# systemd is in the root beforehand: what it leaves of its own is not ours. usage: piuparts.sh DAEMON
set -euo pipefail
daemon=$(realpath "${1:?usage: piuparts.sh DAEMON}")
# shellcheck source=tests/integration/systemd/build_package.sh
. "$(dirname "$0")/build_package.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build_package "$daemon" "$work/build"
pack "$work/build" 0.1.0
# shellcheck disable=SC2016 # apt's own variables
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$')
mmdebstrap --quiet --variant=minbase --include=adduser,systemd bookworm "$work/root.tar.gz" "$mirror"
piuparts --basetgz="$work/root.tar.gz" --distribution=bookworm --mirror="$mirror main" --no-eatmydata \
    --log-file="$work/log" "${package:?}" >/dev/null || { grep -E 'ERROR|FAIL' "$work/log"; exit 1; }
grep -o 'PASS: .*' "$work/log" | sort -u
