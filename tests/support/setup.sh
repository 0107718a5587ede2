# shellcheck shell=bash
# Sourced by tests/run.sh and tests/demo.sh: makes a bare Debian 12 ready, and builds. Needs root or sudo only when a
# package is missing.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root or sudo: $*" >&2
        return 1
    fi
}

# The packages of tests/packages.txt that dpkg does not know as installed.
missing_packages() {
    local package
    while read -r package; do
        [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done < <(grep -v '^#' "$project/tests/packages.txt")
}

install_missing_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    # The conformance test drives the official SDK; a node that is there already, from wherever, is good.
    command -v npm >/dev/null || missing+=(nodejs npm)
    [[ ${#missing[@]} -eq 0 ]] && return
    say "installing ${missing[*]}"
    install_packages "${missing[@]}"
}

install_packages() {
    as_root apt-get update --quiet=2
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --quiet=2 --yes --no-install-recommends "$@" >/dev/null
}

# configure_and_build PRESET [CMAKE ARGUMENT...]
configure_and_build() {
    local preset=$1
    shift
    if command -v ccache >/dev/null; then
        set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
    fi
    say "building $preset"
    (cd "$project" && cmake --preset "$preset" "$@" >/dev/null && cmake --build --preset "$preset" --parallel "$(nproc)")
}
