# shellcheck shell=bash
# Sourced by the tests of the Debian package. build_package DAEMON DIRECTORY: configured there, around a daemon that is
# built already; pack DIRECTORY VERSION: the path of the package is in $package.

for tool in go-md2man dpkg-shlibdeps dpkg-deb python3; do
    command -v $tool >/dev/null || { echo "SKIPPED: $tool is not installed; the package was NOT built"; exit 77; }
done

build_package() { # DAEMON DIRECTORY
    local cmake=${CMAKE_COMMAND:-cmake} source
    source=${PROJECT_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}
    "$cmake" -S "$source" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=/usr \
        -DCANNEDD_PACKAGE=ON -DCANNEDD_TESTS=OFF -DCANNEDD_PREBUILT="$1" >"$2.log" 2>&1 &&
        "$cmake" --build "$2" --target cannedd_manual >>"$2.log" 2>&1 || { cat "$2.log"; exit 1; }
}

pack() { # DIRECTORY VERSION
    local cpack
    cpack=$(dirname "$(command -v "${CMAKE_COMMAND:-cmake}")")/cpack
    (cd "$1" && "$cpack" -G DEB -D CPACK_PACKAGE_VERSION="$2") >>"$1.log" 2>&1 || { cat "$1.log"; exit 1; }
    # shellcheck disable=SC2034 # the caller's
    package=$(echo "$1"/cannedd_"$2"_*.deb)
}
