#!/usr/bin/env bash
# The life of the Debian package in a booted Debian 12 (machine.sh): installed, configured, upgraded with a row pending and
# a schema that is to be migrated, removed, installed again, purged.
# usage: package_life.sh DAEMON      (ctest sets CMAKE_COMMAND and PROJECT_SOURCE)
set -uo pipefail
daemon=${1:?usage: package_life.sh DAEMON}
# shellcheck source=tests/integration/systemd/machine.sh
. "$(dirname "$0")/machine.sh"
# shellcheck source=tests/integration/systemd/build_package.sh
. "$(dirname "$0")/build_package.sh"

build_package "$daemon" "$work/build"
pack "$work/build" 1.0.0
depends=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' | sort | paste -sd ,)
make_root "$depends,dbus,init-system-helpers,procps,systemd-sysv"
cp "$package" "$root/root/old.deb"
# The new one says that it migrates; the daemon in it does not.
sed -i 's/^schema=.*/schema=1000/' "$work/build/etc/debian/postinst"
pack "$work/build" 1.1.0
cp "$package" "$root/root/new.deb"
boot_machine

is_active() { [[ $(inside systemctl is-active cannedd) == active ]]; }
is_inactive() { ! is_active; }
queue=/var/lib/cannedd/queue.db
ask() { inside runuser -u cannedd -- sqlite3 -cmd '.timeout 5000' "${2:-$queue}" "$1"; }
dpkg_in() { inside dpkg "$@"; }

ok "systemd has booted" await booted
ok "it is installed: all it depends on is declared" dpkg_in -i /root/old.deb
is "it is enabled" "$(inside systemctl is-enabled cannedd)" enabled
ok "it does not start without a secret" is_inactive
is "the directory is the group's" "$(inside stat -c '%a %U %G' /var/lib/cannedd)" "2770 cannedd cannedd"
ok "nothing that systemd starts is failed" sh -c "[ -z \"$(inside systemctl list-units --failed --plain --no-legend)\" ]"

inside sh -c '(umask 077; echo s3cr3t-value-1234 >/etc/cannedd/client_secret)'
inside sh -c 'echo "# mine" >>/etc/cannedd/responses.yaml'
inside sed -i 's/client_id: 0.*/client_id: 5b0e2d7a-0000-4000-8000-000000000001/' /etc/cannedd/cannedd.yaml
ok "two lines of configuration and it starts" inside systemctl start cannedd
ask "INSERT INTO messages (conversation_id, text) VALUES ('11111111-2222-3333-4444-555555555555', 'hello')"

old_process=$(inside systemctl show -P MainPID cannedd)
ok "it is upgraded" dpkg_in -i --force-confold /root/new.deb
ok "it runs again" is_active
[[ $(inside systemctl show -P MainPID cannedd) != "$old_process" ]]
is "as another process" $? 0
is "the row is still there" "$(ask 'SELECT count(*) FROM messages')" 1
copy=$queue.before-upgrade-from-1.0.0
is "a copy was kept, for its owner alone" "$(inside stat -c '%a %U' $copy)" "600 cannedd"
is "the copy is whole" "$(ask 'PRAGMA integrity_check; SELECT count(*) FROM messages' "file:$copy?mode=ro&immutable=1" | paste -sd ' ')" "ok 1"
is "no file of root's is beside it" "$(inside find /var/lib/cannedd -user root)" ""
is "what the operator wrote is still there" "$(inside tail -n 1 /etc/cannedd/responses.yaml)" "# mine"

inside systemctl stop cannedd
ok "stopped by a person, it is upgraded" dpkg_in -i --force-confold /root/new.deb
ok "and stays stopped" is_inactive
is "of the copies the newest stays" "$(inside sh -c 'ls /var/lib/cannedd | grep before')" "queue.db.before-upgrade-from-1.1.0"
inside systemctl start cannedd

ok "it is removed" dpkg_in -r cannedd
ok "it was stopped" is_inactive
ok "the queue and the secret stay" inside test -s $queue -a -s /etc/cannedd/client_secret
ok "it is installed again" dpkg_in -i /root/new.deb
ok "and runs again" is_active
ok "it is purged" dpkg_in -P cannedd
is "nothing of it is left" "$(inside find /etc /var/lib /run /usr -name '*cannedd*' -not -path '/var/lib/systemd/*')" ""

end_machine
