# shellcheck shell=bash
# Sourced by tests of a booted system: Debian 12 as PID 1 of a throw-away container (systemd-nspawn, no network).
# Needs root, systemd-nspawn, mmdebstrap, mount namespaces and a writable cgroup tree; says so and ends 77 without them.
# Root file systems are made once and kept in .cache/. Nothing of the host is touched but one cgroup of our own.
# In order: make_root PACKAGE,... ; what the test does to $root; boot_machine; inside COMMAND...; end_machine.
# More machines: another $root and use_cgroup NAME before each boot_machine; $init says in which one `inside` is.
source=${PROJECT_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}

skip() { echo "SKIPPED: $1; the service was NOT tried under systemd"; exit 77; }
[[ $(id -u) == 0 ]] || skip "this test needs root"
for tool in systemd-nspawn mmdebstrap nsenter unshare; do
    command -v $tool >/dev/null || skip "$tool is not installed (apt-get install systemd-container mmdebstrap)"
done
unshare --mount --pid --fork true 2>/dev/null || skip "mount and pid namespaces are not allowed here"

if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then hierarchies=(/sys/fs/cgroup); unified=1
else hierarchies=(/sys/fs/cgroup/systemd /sys/fs/cgroup/unified); unified=0; fi
cgroups=()
use_cgroup() {
    local hierarchy
    cgroup=$1
    cgroups+=("$cgroup")
    for hierarchy in "${hierarchies[@]}"; do mkdir "$hierarchy/$cgroup" 2>/dev/null || skip "$hierarchy is not writable"; done
}
use_cgroup cannedd-test-$$

work=$(mktemp -d)
containers=()
clean_up() {
    local one hierarchy
    for one in "${containers[@]}"; do kill -KILL "$one" 2>/dev/null && wait "$one" 2>/dev/null; done
    for one in "${cgroups[@]}"; do
        for hierarchy in "${hierarchies[@]}"; do find "$hierarchy/$one" -depth -type d -exec rmdir {} + 2>/dev/null; done
    done
    rm -rf --one-file-system "$work"
}
trap clean_up EXIT

make_root() { # PACKAGE,...
    local packages=$1 mirror unit
    archive=$source/.cache/systemd-root-$(cksum <<<"$packages" | cut -d' ' -f1).tar
    if [[ ! -s $archive ]]; then
        mkdir -p "$source/.cache"
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$')
        mmdebstrap --variant=minbase --format=tar --include=$packages bookworm "$archive.part" "$mirror" \
            >"$work/mmdebstrap.log" 2>&1 || { tail -5 "$work/mmdebstrap.log"; skip "no Debian root file system could be made"; }
        mv "$archive.part" "$archive"
    fi
    root=$work/root
    mkdir "$root"
    tar -C "$root" -xf "$archive" --exclude='./dev/*'
    mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
    for unit in systemd-logind.service systemd-timesyncd.service getty.target console-getty.service apt-daily.timer \
        apt-daily-upgrade.timer e2scrub_all.timer dpkg-db-backup.timer systemd-networkd-wait-online.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
}

await() { # COMMAND...: until the command succeeds; two minutes are for what never comes, and no measure of speed
    local end=$((SECONDS + 120))
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        read -rt 0.05 <> <(:) || true
    done
}

init=
find_init() { # PID 1 of the container is the child of systemd-nspawn
    init=$(pgrep -P "$container" -x systemd) && [[ -n $init ]]
}
found_or_gone() { find_init || ! kill -0 "$container" 2>/dev/null; }

boot_machine() { # OPTION... of systemd-nspawn instead of --private-network
    NSPAWN_OPTIONS=${*:---private-network} unshare --mount --propagation private bash -c '
        for hierarchy in "${@:4}"; do echo $$ >"$hierarchy/$3/cgroup.procs"; done
        [[ $2 == 1 ]] && export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
        exec systemd-nspawn -q --register=no --keep-unit $NSPAWN_OPTIONS -D "$1" --machine="$3" \
            --boot systemd.show_status=no' _ "$root" "$unified" "$cgroup" "${hierarchies[@]}" \
        </dev/null >"$work/console.log" 2>&1 &
    container=$!
    containers+=("$container")
    init=
    await found_or_gone
    [[ -n $init ]] || { tail "$work/console.log"; skip "systemd-nspawn could not boot here"; }
}
inside() { nsenter -t "$init" -m -u -i -n -p -C -r -w env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

faults=0
ok() { # WHAT COMMAND...
    if "${@:2}" >/dev/null 2>&1; then echo "ok    $1"; else echo "FAIL  $1"; faults=$((faults + 1)); fi
}
is() { [[ $2 == "$3" ]] || { echo "FAIL  $1: is '$2', not '$3'"; faults=$((faults + 1)); return; }; echo "ok    $1"; }
booted() { [[ $(inside systemctl is-system-running) =~ running|degraded ]]; }

end_machine() { # and the test with it
    gone() { ! kill -0 "$init" 2>/dev/null; }
    if ((faults > 0)); then inside journalctl -b --no-pager -o short-monotonic -u cannedd | tail -60; fi
    inside systemctl poweroff 2>/dev/null
    await gone
    echo "$faults faults"
    exit $((faults > 0))
}
