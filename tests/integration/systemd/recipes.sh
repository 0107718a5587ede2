#!/usr/bin/env bash
# What daemon/README.md tells an operator to type, typed in a booted Debian 12 (machine.sh) with the package: nothing moves,
# rotate the secret, a second account's (etc/README.md), why is 17 not sent, move to another host, upgrade and go back, damaged
# file, disk full, metrics. Blocks are taken from the page.
# usage: recipes.sh DAEMON      (ctest sets CMAKE_COMMAND and PROJECT_SOURCE)
set -uo pipefail
daemon=$(realpath "${1:?usage: recipes.sh DAEMON}")
# shellcheck source=tests/integration/systemd/machine.sh
. "$(dirname "$0")/machine.sh"
# shellcheck source=tests/integration/systemd/build_package.sh
. "$(dirname "$0")/build_package.sh"

build_package "$daemon" "$work/build"
pack "$work/build" 1.0.0
old_package=$package
pack "$work/build" 1.1.0
depends=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' | sort | paste -sd ,)
make_root "$depends,curl,dbus,init-system-helpers,procps,systemd-sysv"
cp "$old_package" "$root/root/cannedd_1.0.0_amd64.deb"
dpkg-deb -R "$package" "$work/newer" # with another configuration file, about which dpkg would ask
sed -i '1i # of a newer version' "$work/newer/etc/cannedd/cannedd.yaml"
dpkg-deb -b "$work/newer" "$root/root/cannedd_1.1.0_amd64.deb" >/dev/null
echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/yes"
boot_machine

# HEADING NUMBER: that sh block below it
page=daemon/README.md
recipe() {
    awk -v heading="## $1" -v number="$2" '
        /^###? / { here = ($0 == heading || $0 == "#" heading) }
        /^```/ { if (printing) exit; if (here && $0 == "```sh" && --number == 0) { printing = 1; next } }
        printing' "$source/$page"
}
type_in() { # HEADING NUMBER [LINES, an address of sed]: standard input is what is pasted
    local commands
    commands=$(recipe "$1" "$2" | sed -n "${3:-1,\$}p")
    [[ -n $commands ]] && inside bash -euc "cd /root; $commands"
}
typed() { type_in "$@" </dev/null; }
queue=/var/lib/cannedd/queue.db
ask() { inside runuser -u cannedd -- sqlite3 -cmd '.timeout 5000' $queue "$1"; }
is_active() { [[ $(inside systemctl is-active cannedd) == active ]]; }
status() { [[ $(inside systemctl show -P StatusText cannedd) == *"$1"* ]]; }
version() { inside dpkg-query -W -f '${Version}' cannedd; }

ok "systemd has booted" await booted
inside dpkg -i /root/cannedd_1.0.0_amd64.deb >/dev/null 2>&1
inside sed -i 's/client_id: 0.*/client_id: 5b0e2d7a-0000-4000-8000-000000000001/' /etc/cannedd/cannedd.yaml

# --- rotate: the first secret comes in the same way
ok "a secret is pasted, and it starts" type_in "How do I rotate the secret?" 1 <<<"first-secret"
ok "it runs" await is_active
ask "INSERT INTO messages (conversation_id, text) VALUES ('11111111-2222-3333-4444-555555555555', 'hello')"
ok "another is pasted" type_in "How do I rotate the secret?" 1 <<<"second-secret"
is "it is in the file, for root alone" "$(inside sh -c 'stat -c "%a %U" /etc/cannedd/client_secret; cat /etc/cannedd/client_secret' | paste -sd ' ')" "600 root second-secret"
ok "and the daemon has it" inside systemctl reload cannedd

# --- a second account's secret
page=etc/README.md
shop=$(awk '/^### How does a second account/ { here = 1 } here && /^```yaml/ { getline; print; exit }' "$source/$page")
inside sed -i "/^accounts:/a\\$shop" /etc/cannedd/cannedd.yaml
(umask 077; echo shop-secret >"$root/etc/cannedd/shop_secret")
inside chown root:root /etc/cannedd/shop_secret
inside cannedd --doctor >"$work/doctor" 2>&1
ok "root reads a secret that the service may not: the doctor says so" \
    grep -q '^fail  secret shop  /etc/cannedd/shop_secret may not be read by cannedd' "$work/doctor"
ok "the secret that the unit delivers is well" grep -q '^ok    secret default  cannedd.service is given' "$work/doctor"
ok "the recipe is typed" type_in "How does a second account get its secret?" 1 <<<"shop-secret"
ok "the service runs with both" await is_active
inside cannedd --doctor >"$work/doctor" 2>&1
ok "and the doctor sees it" grep -q '^ok    secret shop  cannedd.service is given' "$work/doctor"
inside rm -r /etc/systemd/system/cannedd.service.d
inside sed -i '/^  shop: /d' /etc/cannedd/cannedd.yaml
inside systemctl daemon-reload
inside systemctl restart cannedd
page=daemon/README.md

# --- why is 17 not sent
ask "UPDATE messages SET status = 'held' WHERE id = 1"
told_by_hand() { inside journalctl --no-pager -o cat CANNEDD_MESSAGE=1 | grep -q 'message changed by an operator'; }
ok "what is asked of the journal is typed" typed "Why is 17 not sent?" 1
ok "what was changed by hand is in the story of the row" await told_by_hand
ask "UPDATE messages SET status = 'pending' WHERE id = 1"

# --- nothing moves
ok "the status is shown" typed "Nothing moves. What now?" 1 1
ok "so are warnings" typed "Nothing moves. What now?" 1 2
typed "Nothing moves. What now?" 1 3 >"$work/doctor" 2>&1
is "the doctor finds what fails" $? 1
ok "and says what: here the network" grep -q '^fail' "$work/doctor"

# --- metrics
ok "the daemon says that it is ready" await typed "What is to be watched?" 1 2
is "the series to watch are there" "$(typed "What is to be watched?" 1 1 | grep -c '^cannedd_')" 4

# --- upgrade, and back
ok "it is upgraded" typed "How do I upgrade, and go back?" 1 1
is "to the new version" "$(version) $(inside systemctl is-active cannedd)" "1.1.0 active"
ok "and goes back" typed "How do I upgrade, and go back?" 1 2
is "to the old one" "$(version) $(inside systemctl is-active cannedd)" "1.0.0 active"
is "the row is still there" "$(ask 'SELECT count(*) FROM messages')" 1
is "the configuration is the operator's" "$(inside grep -c '5b0e2d7a\|newer' /etc/cannedd/cannedd.yaml)" 1

# --- back from a newer schema, with what came in since
inside systemctl stop cannedd
ask "PRAGMA user_version = 2"
ask "INSERT INTO messages (conversation_id, text, not_before, expires_at)
     VALUES ('11111111-2222-3333-4444-555555555555', 'since', 4102444700000, 4102444800000)"
lines=$(recipe "How do I upgrade, and go back?" 2 | grep -n -- --requeue-unproven | cut -d: -f1)
ok "the older one copies every row" typed "How do I upgrade, and go back?" 2 "1,$((lines - 1))"
is "also those inserted since, ready to go" "$(ask "SELECT text, status FROM messages" | paste -sd ' ')" "hello|pending since|pending"
inside systemctl start cannedd # there is no Genesys here that could be asked before
ok "and it runs" await is_active
ask "DELETE FROM messages WHERE text = 'since'"
inside sh -c 'rm -r /var/lib/cannedd/aside-*'

# --- another host: this one, when nothing of the old is left
inside install -d -o cannedd -g cannedd -m 700 /var/lib/cannedd/private
inside install -o cannedd -g cannedd -m 600 /dev/null /var/lib/cannedd/private/token
inside mkdir -p /etc/systemd/system/cannedd.service.d
inside sh -c 'echo "NO_PROXY=example.org" >/etc/default/cannedd; printf "[Service]\nNice=5\n" >/etc/systemd/system/cannedd.service.d/own.conf'
ok "it is packed" typed "How do I move it to another host?" 1
is "for root alone" "$(inside stat -c '%a %U' /root/cannedd.tar)" "600 root"
is "the old one does not start again" "$(inside systemctl is-enabled cannedd)" masked
inside systemctl start cannedd >/dev/null 2>&1
is "by hand neither" "$(inside systemctl is-active cannedd)" inactive
inside dpkg -P cannedd >/dev/null 2>&1
inside systemctl unmask cannedd >/dev/null 2>&1 # it is another machine from here on
inside rm -rf /etc/default/cannedd /etc/systemd/system/cannedd.service.d
inside sh -c '! ls /etc/cannedd /var/lib/cannedd 2>/dev/null'
is "nothing of it is left" $? 0
inside dpkg -i /root/cannedd_1.0.0_amd64.deb >/dev/null 2>&1
ok "it is unpacked on the other, and starts" typed "How do I move it to another host?" 2
ok "it runs there" await is_active
is "drop-ins and its environment too" "$(inside systemctl show -P Nice cannedd) $(inside cat /etc/default/cannedd)" "5 NO_PROXY=example.org"
is "the row has come along" "$(ask 'SELECT count(*) FROM messages')" 1
is "owners and modes too" "$(inside stat -c '%a %U %G' /var/lib/cannedd /var/lib/cannedd/private/token $queue | paste -sd ' ')" \
    "2770 cannedd cannedd 600 cannedd cannedd 660 cannedd cannedd"

# --- a damaged file: an index makes no sense any more
ok "a backup is made" typed "How do I back up and restore?" 1
ask "INSERT INTO messages (conversation_id, text) VALUES ('11111111-2222-3333-4444-555555555555', 'since')"
root_page=$(ask "SELECT rootpage FROM sqlite_master WHERE name = 'messages_due'")
inside systemctl stop cannedd
inside sh -c "head -c 4096 /dev/zero | tr '\\0' Z | dd of=$queue bs=4096 seek=$((root_page - 1)) conv=notrunc 2>/dev/null"
inside cannedd --doctor >"$work/doctor" 2>&1
ok "the doctor finds the damage" grep -q '^fail  pages  the file is damaged' "$work/doctor"
ok "what can be read is copied" typed "The file is damaged" 1
is "the rows are held" "$(ask 'SELECT DISTINCT status FROM messages')" held
aside=$(inside sh -c 'ls -d /var/lib/cannedd/aside-*')
both() { inside bash -euc "aside=$aside; cd /root; $(recipe "The file is damaged" 2)"; }
ok "a backup gets what it lacks" both
is "which is the row since" "$(ask 'SELECT status, count(*) FROM messages GROUP BY 1')" "held|2"
ask "$(awk '/^## The file is damaged/ { here = 1 } here && /^```sql/ { printing = 1; next } printing && /^```/ { exit } printing' \
    "$source/daemon/README.md")" >"$work/held"
is "and let go" "$(wc -l <"$work/held") $(ask 'SELECT DISTINCT status FROM messages')" "2 pending"
ask "DELETE FROM messages WHERE text = 'since'"
ok "it starts again" typed "The file is damaged" 3 2,3
ok "and runs" await is_active
inside sh -c 'rm -r /var/lib/cannedd/aside-*'

# --- disk full
inside systemctl stop cannedd
inside sh -c 'mv /var/lib/cannedd /root/aside && mkdir /var/lib/cannedd && mount -t tmpfs -o size=4m disk /var/lib/cannedd &&
    cp -a /root/aside/. /var/lib/cannedd && chown cannedd:cannedd /var/lib/cannedd && chmod 2770 /var/lib/cannedd'
inside sed -i 's/^delivery:.*/delivery: {backoff: {base: 100ms, max: 1s}, breaker: {failures: 10000}}/' /etc/cannedd/cannedd.yaml
ask "UPDATE messages SET expires_at = 4102444800000"
inside systemctl start cannedd
told_or_ended() { # what the daemon sets free when it cuts its log is filled too
    inside sh -c 'cat /dev/zero >>/var/lib/cannedd/filler' 2>/dev/null
    status "database: " || ! is_active
}
ok "the disk is full, and it says so or ends" await told_or_ended
ok "the recipe is typed" typed "The disk is full" 1
is "which shows that it is full" "$(typed "The disk is full" 1 1 | grep -c ' 100% ')" 1
inside rm /var/lib/cannedd/filler
delivers() { is_active && ! status "database: "; }
ok "with space again it goes on by itself" await delivers
is "and has lost nothing" "$(ask 'SELECT count(*) FROM messages')" 1

# --- and when it is the queue itself, with nothing else on its file system
many="WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
      INSERT INTO messages (conversation_id, text) SELECT '11111111-2222-3333-4444-555555555555', hex(randomblob(1000)) FROM n"
inside systemctl stop cannedd
ask "$many; UPDATE messages SET status = 'cancelled' WHERE id > 1;
     INSERT INTO own_writes VALUES (1); UPDATE messages SET finished_at = 100000000000 WHERE id > 1; DELETE FROM own_writes"
inside systemctl start cannedd
until_full() { ! ask "$many" 2>/dev/null; }
ok "rows fill the disk" await until_full
waiting=$(ask "SELECT count(*) FROM messages WHERE status = 'pending'")
ok "it is made smaller elsewhere" typed "The disk is full" 2
ok "and goes on" await delivers
is "what ended long ago is gone, and nothing else" "$(ask "SELECT count(*), sum(status = 'pending') FROM messages")" "$waiting|$waiting"
ok "there is room again" ask "UPDATE messages SET status = 'cancelled' WHERE id = (SELECT max(id) FROM messages)"

end_machine
