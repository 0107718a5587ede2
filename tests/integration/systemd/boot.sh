#!/usr/bin/env bash
# The installed unit under a real systemd: installs the daemon and its units in a booted Debian 12 (machine.sh), and looks
# at what an operator would look at.
# usage: boot.sh DAEMON      (ctest sets CMAKE_COMMAND and PROJECT_SOURCE)
set -uo pipefail
daemon=${1:?usage: boot.sh DAEMON}
cmake=${CMAKE_COMMAND:-cmake}
secret=s3cr3t-value-1234
# shellcheck source=tests/integration/systemd/machine.sh
. "$(dirname "$0")/machine.sh"
[[ -x $daemon ]] || skip "$daemon is not built"

# --- a root file system with the daemon in it ---------------------------------------------------------------------
make_root systemd,systemd-sysv,dbus,procps,sqlite3,ca-certificates
install -m 755 "$daemon" "$root/usr/sbin/cannedd"
ldd "$daemon" | awk '$3 ~ "^/" {print $3}' | while read -r library; do
    [[ -e $root$library ]] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
done
"$cmake" -S "$source" -B "$work/build" -DCMAKE_INSTALL_PREFIX=/usr -DCANNEDD_TESTS=OFF >"$work/install.log" 2>&1 &&
    DESTDIR=$root "$cmake" --install "$work/build" --component service >>"$work/install.log" 2>&1 ||
    { cat "$work/install.log"; exit 1; }
(umask 077; echo "$secret" >"$root/etc/cannedd/client_secret")
sed -i 's/client_id: 0.*/client_id: 5b0e2d7a-0000-4000-8000-000000000001/' "$root/etc/cannedd/cannedd.yaml" # zeros are refused
systemd-sysusers --root="$root" 2>/dev/null
systemd-tmpfiles --root="$root" --create cannedd.conf 2>/dev/null
mkdir -p "$root/etc/sysusers.d"
printf 'g shop -\nu shop - "a producer"\nm shop cannedd\n' >"$root/etc/sysusers.d/shop.conf"
systemd-sysusers --root="$root" shop.conf 2>/dev/null

ln -s /lib/systemd/system/cannedd.service "$root/etc/systemd/system/multi-user.target.wants/cannedd.service"
boot_machine
property() { inside systemctl show -P "$1" cannedd.service; }
queue() { inside runuser -u "$1" -- sqlite3 -cmd '.timeout 5000' /var/lib/cannedd/queue.db "$2"; }

active() { [[ $(property ActiveState) == active ]]; }
failed() { [[ $(property ActiveState) == failed ]]; }
refused() { inside runuser -u nobody true && ! inside runuser -u "$1" -- "${@:2}"; }
# Active, and another process than before.
started_anew() { local pid; pid=$(property MainPID); [[ $pid != 0 && $pid != "$1" ]] && active; }

# --- what an operator sees ----------------------------------------------------------------------------------------
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
[[ $pid -gt 1 ]] || { inside journalctl -b -o cat -u cannedd; exit 1; } # kill 0 would end whoever runs this test
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

# A secret is rotated as daemon/README.md says.
rotate() { (umask 077; echo "another-$secret" >"$root/etc/cannedd/client_secret"); }
rotate
ok "after a rotation a reload fails" not inside systemctl reload cannedd
ok "and the status says what to do" await status "a restart is needed: /etc/cannedd/client_secret was written since"
ok "restarted, it has the new secret" inside systemctl restart cannedd
ok "and a reload is taken" inside systemctl reload cannedd
pid=$(property MainPID)
[[ $pid -gt 1 ]] || exit 1

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
[[ $pid -gt 1 ]] || exit 1
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
ok "and is told in words" await inside sh -c 'journalctl -b -o cat -u cannedd | grep -q "client_secret_file: the secret is missing"'
not_protocol_error() { not inside sh -c 'journalctl -b -o cat -u cannedd | grep -q "Protocol error"'; }
ok "not as an error of some protocol" not_protocol_error
inside sh -c '(echo "database: /var/lib/cannedd/shop/queue.db"; sed "/^database:/d" /etc/cannedd/cannedd.yaml) >/etc/cannedd/shop.yaml'
(umask 077; echo "$secret" >"$root/etc/cannedd/shop.client_secret")
inside chown root:root /etc/cannedd/shop.client_secret
ok "the check finds the secret of an instance" inside cannedd --config /etc/cannedd/shop.yaml --check-config
ok "and so does the instance" inside systemctl start cannedd@shop
inside sh -c '(umask 077; echo new >/etc/cannedd/shop.client_secret)'
ok "which tells of a rotation too" not inside systemctl reload cannedd@shop

inside sh -c 'journalctl --sync; journalctl -b -o cat' >"$work/journal" 2>/dev/null
ok "the journal was read" grep -q cannedd "$work/journal"
is "the secret is not in the journal" "$(grep -c "$secret" "$work/journal")" 0

end_machine
