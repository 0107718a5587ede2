#!/usr/bin/env bash
# The installed unit under a real systemd: boots Debian 12 as PID 1 of a throw-away container (systemd-nspawn, no network),
# installs the daemon and its units there, and looks at what an operator would look at.
# Needs root, systemd-nspawn, mmdebstrap, mount namespaces and a writable cgroup tree; says so and ends 77 without them.
# The root file system is made once and kept in .cache/. Nothing of the host is touched but one cgroup of our own.
# usage: boot.sh DAEMON      (ctest sets CMAKE_COMMAND and PROJECT_SOURCE)
set -uo pipefail
daemon=${1:?usage: boot.sh DAEMON}
cmake=${CMAKE_COMMAND:-cmake}
source=${PROJECT_SOURCE:-$(cd "$(dirname "$0")/../../.." && pwd)}
secret=s3cr3t-value-1234

skip() { echo "SKIPPED: $1; the service was NOT tried under systemd"; exit 77; }
[[ $(id -u) == 0 ]] || skip "this test needs root"
for tool in systemd-nspawn mmdebstrap nsenter unshare; do
    command -v $tool >/dev/null || skip "$tool is not installed (apt-get install systemd-container mmdebstrap)"
done
[[ -x $daemon ]] || skip "$daemon is not built"
unshare --mount --pid --fork true 2>/dev/null || skip "mount and pid namespaces are not allowed here"

cgroup=cannedd-test-$$
if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then hierarchies=(/sys/fs/cgroup); unified=1
else hierarchies=(/sys/fs/cgroup/systemd /sys/fs/cgroup/unified); unified=0; fi
for hierarchy in "${hierarchies[@]}"; do mkdir "$hierarchy/$cgroup" 2>/dev/null || skip "$hierarchy is not writable"; done

work=$(mktemp -d)
container=
clean_up() {
    [[ -n $container ]] && kill -KILL "$container" 2>/dev/null && wait "$container" 2>/dev/null
    for hierarchy in "${hierarchies[@]}"; do
        find "$hierarchy/$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null
    done
    rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# --- a root file system with the daemon in it ---------------------------------------------------------------------
packages=systemd,systemd-sysv,dbus,procps,sqlite3,ca-certificates
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

install -m 755 "$daemon" "$root/usr/sbin/cannedd"
ldd "$daemon" | awk '$3 ~ "^/" {print $3}' | while read -r library; do
    [[ -e $root$library ]] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
done
"$cmake" -S "$source" -B "$work/build" -DCMAKE_INSTALL_PREFIX=/usr -DCANNEDD_TESTS=OFF >"$work/install.log" 2>&1 &&
    DESTDIR=$root "$cmake" --install "$work/build" --component service >>"$work/install.log" 2>&1 ||
    { cat "$work/install.log"; exit 1; }
(umask 077; echo "$secret" >"$root/etc/cannedd/client_secret")
systemd-sysusers --root="$root" 2>/dev/null
systemd-tmpfiles --root="$root" --create cannedd.conf 2>/dev/null
mkdir -p "$root/etc/sysusers.d"
printf 'g shop -\nu shop - "a producer"\nm shop cannedd\n' >"$root/etc/sysusers.d/shop.conf"
systemd-sysusers --root="$root" shop.conf 2>/dev/null

wanted=$root/etc/systemd/system/multi-user.target.wants
mkdir -p "$wanted"
ln -s /lib/systemd/system/cannedd.service "$wanted/cannedd.service"
for unit in systemd-logind.service systemd-timesyncd.service getty.target console-getty.service apt-daily.timer \
    apt-daily-upgrade.timer e2scrub_all.timer dpkg-db-backup.timer systemd-networkd-wait-online.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

# --- boot -----------------------------------------------------------------------------------------------------------
await() { # COMMAND...: until the command succeeds; two minutes are for what never comes, and no measure of speed
    local end=$((SECONDS + 120))
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        read -rt 0.05 <> <(:) || true
    done
}

unshare --mount --propagation private bash -c '
    for hierarchy in "${@:4}"; do echo $$ >"$hierarchy/$3/cgroup.procs"; done
    [[ $2 == 1 ]] && export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
    exec systemd-nspawn -q --register=no --keep-unit --private-network -D "$1" --machine="$3" \
        --boot systemd.show_status=no' _ "$root" "$unified" "$cgroup" "${hierarchies[@]}" \
    </dev/null >"$work/console.log" 2>&1 &
container=$!

init=
find_init() { # PID 1 of the container is the child of systemd-nspawn
    init=$(pgrep -P "$container" -x systemd) && [[ -n $init ]]
}
found_or_gone() { find_init || ! kill -0 "$container" 2>/dev/null; }
await found_or_gone
[[ -n $init ]] || { tail "$work/console.log"; skip "systemd-nspawn could not boot here"; }
inside() { nsenter -t "$init" -m -u -i -n -p -C -r -w env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
property() { inside systemctl show -P "$1" cannedd.service; }
queue() { inside runuser -u "$1" -- sqlite3 -cmd '.timeout 5000' /var/lib/cannedd/queue.db "$2"; }

faults=0
ok() { # WHAT COMMAND...
    if "${@:2}" >/dev/null 2>&1; then echo "ok    $1"; else echo "FAIL  $1"; faults=$((faults + 1)); fi
}
is() { [[ $2 == "$3" ]] || { echo "FAIL  $1: is '$2', not '$3'"; faults=$((faults + 1)); return; }; echo "ok    $1"; }
active() { [[ $(property ActiveState) == active ]]; }
failed() { [[ $(property ActiveState) == failed ]]; }
refused() { inside runuser -u nobody true && ! inside runuser -u "$1" -- "${@:2}"; }
# Active, and another process than before.
started_anew() { local pid; pid=$(property MainPID); [[ $pid != 0 && $pid != "$1" ]] && active; }

# --- what an operator sees ----------------------------------------------------------------------------------------
booted() { [[ $(inside systemctl is-system-running) =~ running|degraded ]]; }
ok "systemd has booted" await booted
ok "the service is active: it read its secret as a credential and said READY=1" await active
is "the service is of Type=notify" "$(property Type)" notify
is "the state directory is setgid and the group's" "$(inside stat -c '%a %U %G' /var/lib/cannedd)" "2770 cannedd cannedd"
is "the database is the group's to write" "$(inside stat -c '%a %U %G' /var/lib/cannedd/queue.db)" "660 cannedd cannedd"
ok "a producer of the group enqueues" queue shop \
    "INSERT INTO messages(conversation_id, text) VALUES ('11111111-2222-3333-4444-555555555555', 'hello')"
ok "nobody else reads the queue" refused nobody sqlite3 /var/lib/cannedd/queue.db .tables
ok "nobody else reads the secret's file" refused shop cat /etc/cannedd/client_secret

pid=$(property MainPID)
ok "reload is taken by the same process" inside systemctl reload cannedd
is "reload is taken by the same process" "$(property MainPID)" "$pid"

status() { [[ $(property StatusText) == *"$1"* ]]; }
ok "the status is the queue, or what is wrong first" await status " waiting, "
inside sh -c 'echo "nonsense: 1" >>/etc/cannedd/cannedd.yaml'
not() { ! "$@"; }
ok "a reload that is refused has failed" not inside systemctl reload cannedd
is "and the process goes on" "$(property MainPID) $(property ActiveState)" "$pid active"
ok "the status says so" await status "the last reload was refused: /etc/cannedd/cannedd.yaml:"
inside sed -i '/^nonsense/d' /etc/cannedd/cannedd.yaml
ok "a reload of the mended file is taken" inside systemctl reload cannedd
ok "the status says that as well" await not status "the last reload"

story() { inside journalctl -q -o cat CANNEDD_MESSAGE=1 | grep -q 'message not sent'; }
ok "the journal tells the story of row 1" await story
is "and of no row that there is not" "$(inside journalctl -q -o cat CANNEDD_MESSAGE=2)" ""

inside kill -9 "$pid"
ok "killed, it is started again" await started_anew "$pid"
is "the row is still there" "$(queue shop 'SELECT count(*) FROM messages')" 1

inside mkdir -p /run/systemd/system/cannedd.service.d
inside sh -c 'printf "[Service]\nWatchdogSec=2\n" >/run/systemd/system/cannedd.service.d/watchdog.conf'
inside systemctl daemon-reload
inside systemctl restart cannedd
pid=$(property MainPID)
inside kill -STOP "$pid"
ok "hung, it is killed by the watchdog and started again" await started_anew "$pid"
ok "the journal says that it was the watchdog" await inside sh -c 'journalctl -b -o cat -u cannedd | grep -qi "watchdog timeout"'

ok "it stops when told to" inside systemctl stop cannedd
is "stopping was clean" "$(property Result) $(property ExecMainStatus)" "success 0"

inside sh -c 'echo "nonsense: 1" >>/etc/cannedd/cannedd.yaml'
inside systemctl start cannedd 2>/dev/null
ok "a faulty configuration is told" await inside sh -c 'journalctl -b -o cat -u cannedd | grep -q "nonsense: unknown key"'
is "a faulty configuration ends 78" "$(property ExecMainStatus)" 78
ok "a faulty configuration is not tried again and again" await failed
inside sed -i '/^nonsense/d' /etc/cannedd/cannedd.yaml

inside rm /etc/cannedd/client_secret
inside systemctl start cannedd 2>/dev/null
ok "a missing secret is not tried again and again" await failed

inside sh -c 'journalctl --sync; journalctl -b -o cat' >"$work/journal" 2>/dev/null
ok "the journal was read" grep -q cannedd "$work/journal"
is "the secret is not in the journal" "$(grep -c "$secret" "$work/journal")" 0

if ((faults > 0)); then inside journalctl -b --no-pager -o short-monotonic -u cannedd | tail -60; fi
inside systemctl poweroff 2>/dev/null
gone() { ! kill -0 "$init" 2>/dev/null; }
await gone
echo "$faults faults"
exit $((faults > 0))
