#!/bin/sh
# shell.sh SHELLCHECK: every script of ours is free of what shellcheck knows. Without shellcheck it is skipped, loudly.
cd "$(dirname "$0")/../.." || exit 1
if ! command -v "$1" >/dev/null; then
    echo "SKIPPED: shellcheck is missing (apt-get install shellcheck)"
    exit 77
fi
{
    find daemon lib schema etc systemd tests .ci -type f -name '*.sh' -print0
    find .ci -type f -name run -print0
} | xargs -0 "$1" --external-sources --severity=warning
