#!/usr/bin/env bash
# Two hosts, one queue: etc/ha/cannedd.crm under corosync and pacemaker, in two booted containers (machine.sh). The active
# host is killed in the middle of a send; the other takes over; each customer has read each text once, in order.
# usage: takeover.sh DAEMON SIMULATOR      (root; about two minutes; no part of ctest)
# Proved: the resources, their order and limits, fencing before a takeover, what cannedd does with the file that it finds.
# Not proved: DRBD (a block device that both see stands for it; what the kernel had not written yet is not lost with the
# host: that is tests/integration/powercut), a real fence (here it is: the container is ended).
set -uo pipefail
daemon=$(realpath "${1:?usage: takeover.sh DAEMON SIMULATOR}") simulator=$(realpath "${2:?usage: takeover.sh DAEMON SIMULATOR}")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/systemd/machine.sh
. "$here/../integration/systemd/machine.sh"
make_root systemd,systemd-sysv,dbus,procps,sqlite3,ca-certificates,pacemaker,corosync,crmsh,resource-agents,iproute2,psmisc
if [[ -z ${OWN_NETWORK-} ]]; then # links and addresses as we like; they go with it
    OWN_NETWORK=1 unshare --net "$0" "$daemon" "$simulator"
    exit
fi
rows=120 killed_at=60 talks=4
user=5a3e0000-0000-4000-8000-00000000000a client=22222222-2222-4222-8222-222222222222
api=https://localhost:8443 # by /etc/hosts: another address, under the name of the simulator's certificate
database='file:/var/lib/cannedd/queue.db?mode=rw'
declare -A init_of container_of address_of=([alice]=10.99.0.1 [bob]=10.99.0.2)
simulator_pid='' fencer_pid='' loop=''

finish() {
    local pid
    for pid in $simulator_pid $fencer_pid; do kill "$pid" && wait "$pid"; done 2>/dev/null
    for pid in "${containers[@]}"; do kill -KILL "$pid" && wait "$pid"; done 2>/dev/null
    [[ -z $loop ]] || losetup --detach "$loop"
    clean_up
}
trap finish EXIT

# --- one root file system for both hosts: cannedd, its configuration, a cluster's -----------------------------------

install_cannedd() {
    install -m 755 "$daemon" "$root/usr/sbin/cannedd"
    ldd "$daemon" | awk '$3 ~ "^/" {print $3}' | while read -r library; do
        [[ -e $root$library ]] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
    done
    "${CMAKE_COMMAND:-cmake}" -S "$source" -B "$work/build" -DCMAKE_INSTALL_PREFIX=/usr -DCANNEDD_TESTS=OFF >"$work/install.log" 2>&1 &&
        DESTDIR=$root cmake --install "$work/build" --component service >>"$work/install.log" 2>&1 ||
        { cat "$work/install.log"; exit 1; }
    systemd-sysusers --root="$root" 2>/dev/null
    (umask 077; echo ha-secret >"$root/etc/cannedd/client_secret"; echo first-token >"$root/etc/cannedd/refresh_token")
    mkdir -p "$root/etc/systemd/system/cannedd.service.d" "$root/var/lib/cannedd"
    printf '[Service]\nLoadCredential=refresh_token:/etc/cannedd/refresh_token\n' >"$root/etc/systemd/system/cannedd.service.d/token.conf"
    cp "$work/ca.pem" "$root/etc/cannedd/ca.pem"
    cat >"$root/etc/cannedd/cannedd.yaml" <<YAML
database: /var/lib/cannedd/queue.db
accounts:
  default:
    api_url: $api
    login_url: $api
    ca_file: /etc/cannedd/ca.pem
    route: message
    auth: {grant: refresh_token, client_id: $client, client_secret_file: client_secret, refresh_token_file: refresh_token}
    conversation_rate: {messages_per_minute: 6000, burst: 100}
metrics: {listen: ''}
YAML
}

install_cluster() {
    cat >"$root/etc/corosync/corosync.conf" <<'CONF'
totem {
    version: 2
    cluster_name: cannedd
    transport: udpu
    token: 2000
}
nodelist {
    node {
        ring0_addr: 10.99.0.1
        name: alice
        nodeid: 1
    }
    node {
        ring0_addr: 10.99.0.2
        name: bob
        nodeid: 2
    }
}
quorum {
    provider: corosync_votequorum
    two_node: 1
}
system {
    sched_rr: no
    move_to_root_cgroup: no
}
logging {
    to_syslog: yes
}
CONF
    install -m 755 "$here/fence_container" "$root/usr/sbin/fence_container"
    ln -s /bin/true "$root/usr/sbin/modprobe" # the agent for file systems asks for it
    rm -f "$root"/etc/systemd/system/multi-user.target.wants/{corosync,pacemaker}.service
    # What an operator loads, but for the device (no DRBD) and the fence.
    sed -e ':join' -e '/\\$/N; s/\\\n */ /; t join' "$source/etc/ha/cannedd.crm" |
        grep -Ev '^(primitive cannedd-disk|clone|colocation|order) ' |
        sed -E 's/stonith:fence_ipmilan (.*pcmk_host_list=[a-z]+) .*lanplus=1/stonith:fence_container \1/; s#device=\S+#device=/dev/queue-disk#' \
            >"$root/root/cannedd.crm"
    printf '127.0.0.1 me\n10.99.0.254 localhost\n10.99.0.1 alice\n10.99.0.2 bob\n' >"$root/etc/hosts"
}

# --- the machinery --------------------------------------------------------------------------------------------------

start_simulator() {
    ip link set lo up
    ip link add queue-net type bridge && ip address add 10.99.0.254/24 dev queue-net && ip link set queue-net up ||
        skip "no network of bridges and veth here"
    cat >"$work/plan.yaml" <<PLAN
users: [{id: $user, name: Sam}]
clients: [{id: $client, secret: ha-secret, name: ha, grants: [refresh_token], rotate: true, refresh_tokens: {first-token: $user}}]
PLAN
    "$simulator" --plan "$work/plan.yaml" --listen 10.99.0.254:8443 --ca-out "$work/ca.pem" --transcript "$work/transcript" \
        </dev/null >"$work/simulator.log" 2>&1 &
    simulator_pid=$!
    await grep -q '^ready ' "$work/simulator.log"
    control=$(sed -n 's/^ready .* control=\([^ ]*\) .*/\1/p' "$work/simulator.log")/__control
}
control() { curl -sS --fail-with-body -X "$1" "$control/$2" -d "${3-}" >/dev/null; }

talk() { printf 'c0000000-0000-4000-8000-%012d' "$(($1 % talks))"; }
boot_host() { # NAME
    local name=$1
    root=$work/$name
    echo "$name" >"$root/etc/hostname"
    use_cgroup "cannedd-test-$$-$name-${#containers[@]}"
    ip link add "if-$name" type veth peer name "br-$name" && ip link set "br-$name" master queue-net up
    boot_machine "--private-network --bind=$work/fence:/fence"
    init_of[$name]=$init container_of[$name]=$container
    ip link set "if-$name" netns "$init"
    await booted
    on "$name" ip address add "${address_of[$name]}/24" dev "if-$name"
    on "$name" ip link set "if-$name" up
    on "$name" mknod -m 600 /dev/queue-disk b 7 "${loop#/dev/loop}"
}
on() { init=${init_of[$1]} inside "${@:2}"; }
end_host() { # NAME: as a power switch does; true when nothing of it runs any more
    kill -KILL "${init_of[$1]}" "${container_of[$1]}" 2>/dev/null
    wait "${container_of[$1]}" 2>/dev/null
    await host_is_gone "${init_of[$1]}"
}
host_is_gone() { ! kill -0 "$1" 2>/dev/null; }

fencer() { # the power switch of both: ends the host that is asked for, then says so
    local asked
    while read -rt 0.05 <> <(:) || true; do
        for asked in "$work"/fence/off.*; do
            [[ -e $asked ]] || continue
            kill -KILL "${init_of[${asked##*.}]}" "${container_of[${asked##*.}]}" 2>/dev/null
            await host_is_gone "${init_of[${asked##*.}]}" && rm "$asked" && touch "$work/fence/done.${asked##*.}"
        done
    done
}

# --- what is asked and done -----------------------------------------------------------------------------------------

runs_on() { [[ $(on "$1" systemctl is-active cannedd) == active ]]; }
ask() { on "$1" runuser -u cannedd -- sqlite3 -cmd '.timeout 5000' "$database" "$2"; }
put() { # NUMBER: on the host that has the queue; again with the same key when nobody knows whether it was written
    local host insert
    insert="INSERT INTO messages (conversation_id, text, dedup_key) VALUES ('$(talk "$1")', '#$1', 'n$1')
        ON CONFLICT(dedup_key) DO NOTHING"
    for host in alice bob; do ask "$host" "$insert" && return; done
    return 1
}
read_by_customer() { grep -q "\"#$1\"" "$work/transcript"; }
all_sent() { [[ $(ask bob "SELECT count(*) FROM messages WHERE status = 'sent'") == "$rows" ]]; }
fenced_before_taken_over() {
    local taken_over
    taken_over=$(date -d "$(on bob systemctl show -P ExecMainStartTimestamp cannedd)" +%s)
    [[ $(stat -c %Y "$work/fence/done.alice") -le $taken_over ]]
}
transcript_is_right() {
    python3 - "$work/transcript" "$rows" <<'PYTHON'
import json, sys
read = [json.loads(line) for line in open(sys.argv[1])]
numbers = [int(line['text'][1:]) for line in read]
last = {}
for line, number in zip(read, numbers):
    assert last.get(line['conversation'], 0) < number, f'{number} came after {last[line["conversation"]]}'
    last[line['conversation']] = number
assert sorted(numbers) == list(range(1, int(sys.argv[2]) + 1)), 'not each text once'
PYTHON
}

for tool in losetup mkfs.ext4 curl python3; do command -v $tool >/dev/null || skip "$tool is not installed"; done
start_simulator
install_cannedd
install_cluster
mkdir "$work/fence"
truncate -s 64M "$work/disk.img" && mkfs.ext4 -q "$work/disk.img" && loop=$(losetup --find --show "$work/disk.img") || skip "no loop devices here"
cp -a "$root" "$work/alice" && mv "$root" "$work/bob"
boot_host alice
boot_host bob
fencer &
fencer_pid=$!
for number in $(seq 0 $((talks - 1))); do control POST conversations "{\"id\": \"$(talk "$number")\", \"media\": \"message\", \"agent\": \"$user\"}"; done

both_online() { [[ $(on alice crm_node -p | tr ' ' '\n' | sort | paste -sd ' ') == *"alice bob" ]]; }
join() { on "$1" systemctl start corosync pacemaker && await both_online; }
for host in alice bob; do on $host systemctl start corosync pacemaker || { on $host journalctl -b --no-pager | tail -40; skip "corosync and pacemaker do not start here"; }; done
ok "two hosts are one cluster" await both_online
ok "the configuration is taken" on alice crm -F configure load update /root/cannedd.crm
ok "and crm_verify finds no fault in it" await on alice crm_verify --live-check
prefer() { on alice crm_resource --move -r cannedd-queue -N alice; }
ok "alice is asked to run it" await prefer
ok "alice runs it" await runs_on alice
ok "bob does not" sh -c "! nsenter -t ${init_of[bob]} -m -u -i -n -p -C -r -w systemctl is-active -q cannedd"
on alice crm_resource --clear -r cannedd-queue

# Both live, and do not hear each other.
process=$(on alice systemctl show -P MainPID cannedd)
ip link set br-bob down
ok "the wire is cut: the one without the queue is fenced" await test -e "$work/fence/done.bob"
end_host bob
rm "$work/fence/done.bob"
is "the other runs on" "$(on alice systemctl show -P MainPID cannedd)" "$process"
boot_host bob
ok "and is joined again" join bob

control PUT faults "[{\"match\": {\"operation\": \"send\", \"text\": \"#$killed_at\\\"\"}, \"do\": \"process_then_hold\"}]"
for number in $(seq 1 $killed_at); do await put "$number"; done
ok "a customer reads a message whose answer does not come" await read_by_customer $killed_at
end_host alice
echo "----  alice is dead, in the middle of a send"
control DELETE faults
for number in $(seq $((killed_at + 1)) $rows); do await put "$number"; done
ok "bob runs it" await runs_on bob
ok "alice was fenced before bob took over" fenced_before_taken_over
ok "every row is sent" await all_sent
ok "each customer has read each text once, in order" transcript_is_right
is "what alice had sent was found in the conversation" "$(ask bob "SELECT verified FROM messages WHERE text = '#$killed_at'")" 1

# Without fencing: alice comes back, knows nothing of a cluster, and starts it on the same disk.
cp -a "$work/alice" "$work/again" && rm -rf --one-file-system "$work/alice" && mv "$work/again" "$work/alice"
boot_host alice
on alice mount /dev/queue-disk /var/lib/cannedd
on alice systemctl start cannedd
is "two alive: the lock refuses the second, with 69" "$(on alice systemctl show -P ExecMainStatus cannedd)" 69
ok "and the first goes on" runs_on bob

if ((faults > 0)); then
    on bob journalctl -b --no-pager -o short-monotonic | tail -80
    on bob crm_mon -1rf
    tail -5 "$work/transcript"
fi
echo "$faults faults"
exit $((faults > 0))
