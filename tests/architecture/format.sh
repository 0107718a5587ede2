#!/bin/sh
# format.sh CLANG_FORMAT: every source of ours is formatted as .clang-format says. Without clang-format it is skipped, loudly.
cd "$(dirname "$0")/../.." || exit 1
if ! command -v "$1" >/dev/null; then
    echo "SKIPPED: clang-format is missing (apt-get install clang-format)"
    exit 77
fi
find daemon lib schema tests \( -name '*.hpp' -o -name '*.cpp' \) \
    -not -path 'tests/architecture/bad/*' -not -path 'tests/architecture/good/*' -print0 |
    xargs -0 "$1" --dry-run -Werror
