#!/usr/bin/env bash
# What `cmake --install` lays down is a service that systemd accepts: no complaint of `systemd-analyze verify`, paths that
# agree with the prefix, and little exposure. Needs systemd-analyze.
# usage: units.sh      (ctest sets CMAKE_COMMAND and PROJECT_SOURCE)
set -euo pipefail
cmake=${CMAKE_COMMAND:-cmake}
source=${PROJECT_SOURCE:-$(cd "$(dirname "$0")/../../.." && pwd)}
exposure_tenths_max=15

command -v systemd-analyze >/dev/null || { echo "SKIPPED: systemd-analyze is not installed; the units were NOT checked"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
check() { # WHAT COMMAND...
    local what=$1 output
    shift
    if output=$("$@" 2>&1) && [[ -z ${quiet_wanted:-} || -z $output ]]; then
        echo "ok    $what"
    else
        echo "FAIL  $what"; echo "$output"; faults=$((faults + 1))
    fi
}

install_to() { # PREFIX DESTDIR
    "$cmake" -S "$source" -B "$work/build" -DCMAKE_INSTALL_PREFIX="$1" -DCANNEDD_TESTS=OFF >"$work/log" 2>&1 &&
        DESTDIR=$2 "$cmake" --install "$work/build" --component service >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

# A prefix of its own, so that every path of the unit leads into the tree and can be looked at.
tree=$work/tree
install_to "$tree" ""
install -D -m 755 /dev/null "$tree/sbin/cannedd"
units=$tree/lib/systemd/system
ln -s cannedd@.service "$units/cannedd@shop.service"

for unit in cannedd.service cannedd@shop.service; do
    quiet_wanted=1 check "systemd-analyze verify $unit" systemd-analyze verify --man=no "$units/$unit"
    check "the first system call filter of $unit is an allow list" \
        sh -c "grep -m1 ^SystemCallFilter= '$units/$unit' | grep -qv =~"
    check "the exposure of $unit is at most $exposure_tenths_max tenths" systemd-analyze security --no-pager \
        --offline=true --threshold=$exposure_tenths_max "$units/$unit"
done
check "the unit starts the binary of its prefix with the configuration of its prefix" \
    grep -qxF "ExecStart=$tree/sbin/cannedd --config $tree/etc/cannedd/cannedd.yaml" "$units/cannedd.service"
check "an instance has a configuration and a secret of its own" \
    grep -qxF "LoadCredential=client_secret:$tree/etc/cannedd/%i.client_secret" "$units/cannedd@.service"

# Under /usr and /usr/local the configuration is where the daemon looks by default.
for prefix in /usr /usr/local; do
    install_to $prefix "$work/root$prefix"
    check "$prefix: the configuration is in /etc" test -f "$work/root$prefix/etc/cannedd/cannedd.yaml"
    check "$prefix: the unit names it" grep -qxF "ExecStart=$prefix/sbin/cannedd --config /etc/cannedd/cannedd.yaml" \
        "$work/root$prefix$prefix/lib/systemd/system/cannedd.service"
done

# A second install keeps what the operator wrote.
echo "# mine" >"$tree/etc/cannedd/cannedd.yaml"
install_to "$tree" ""
check "an install keeps the operator's configuration" grep -qx "# mine" "$tree/etc/cannedd/cannedd.yaml"

echo "$faults faults"
exit $((faults > 0))
