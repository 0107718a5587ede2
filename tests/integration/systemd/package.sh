#!/usr/bin/env bash
# The Debian package: built, judged by lintian, and complete: units, conffiles, manual pages and a completion that know
# every option of the binary. Needs go-md2man and dpkg-dev; lintian where it is there.
# usage: package.sh DAEMON      (ctest sets CMAKE_COMMAND and PROJECT_SOURCE)
set -euo pipefail
daemon=${1:?usage: package.sh DAEMON}
# shellcheck source=tests/integration/systemd/build_package.sh
. "$(dirname "$0")/build_package.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
check() { # WHAT COMMAND...
    local what=$1 output
    shift
    if output=$("$@" 2>&1); then echo "ok    $what"; else echo "FAIL  $what"; echo "$output"; faults=$((faults + 1)); fi
}

build_package "$daemon" "$work/build"
pack "$work/build" 0.1.0
tree=$work/tree
dpkg-deb -x "$package" "$tree"
dpkg-deb -e "$package" "$work/control"

if command -v lintian >/dev/null; then
    # Warnings too; running as root is what containers do.
    check "lintian has nothing to say" lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$package"
else
    echo "SKIPPED: lintian is not installed; the package was NOT judged by it"
fi
for script in postinst prerm postrm; do check "$script is a shell script" sh -n "$work/control/$script"; done
if command -v shellcheck >/dev/null; then check "shellcheck" shellcheck "$work"/control/p*; fi
check "what an operator edits is a conffile" diff <(sort "$work/control/conffiles") \
    <(find "$tree/etc" -type f -printf '/etc/%P\n' | sort)
check "the binary is stripped" sh -c "! readelf -S '$tree/usr/sbin/cannedd' | grep -q '\.symtab'"

text_of() { # MANUAL PAGE: without its markup
    zcat "$tree/usr/share/man/man${1##*.}/$1.gz" | sed 's/\\fB\|\\fI\|\\fP\|\\fR\|\\//g'
}
for page in cannedd.8 cannedd.yaml.5 cannedd-queue.7; do text_of $page >"$work/$page"; done
while read -r option; do
    check "cannedd(8) tells $option" grep -q -- "$option" "$work/cannedd.8"
done < <("$daemon" --help | grep -oE -- '--[a-z-]+' | grep -v -- --config | sort -u)
check "cannedd(8) tells the errors" grep -q missing_variable "$work/cannedd.8"
check "cannedd.yaml(5) tells the keys" grep -q requests_per_minute "$work/cannedd.yaml.5"
check "cannedd-queue(7) tells the columns" grep -q dedup_key "$work/cannedd-queue.7"
completed() {
    PATH=$tree/usr/sbin:$PATH bash -c '. "$1"; COMP_WORDS=(cannedd --dr); COMP_CWORD=1; _cannedd; echo "${COMPREPLY[*]}"' _ \
        "$tree/usr/share/bash-completion/completions/cannedd"
}
check "bash completes the options" test "$(completed)" = "--drain --drain-wait"

echo "$faults faults"
exit $((faults > 0))
