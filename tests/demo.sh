#!/usr/bin/env bash
# What cannedd does, as a story: from a bare Debian 12 it installs what is missing, builds, starts a simulated
# Genesys Cloud and the daemon on loopback, enqueues with sqlite3, and shows rows, views and what the customers read.
# Ends 0 only when every customer has read each text exactly once, in order. Nothing outside a temporary directory and
# build/release is changed (but for packages that are installed).
#   tests/demo.sh [BUILD_DIRECTORY]     with a directory: installs and builds nothing, shows what was built there
set -euo pipefail
# shellcheck source=tests/support/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/support/setup.sh"

# --- the stage

anna=a11a0000-0000-4000-8000-000000000001 # conversations, named after their customers
ben=b0b00000-0000-4000-8000-000000000002
clara=c1a40000-0000-4000-8000-000000000003
david=da51d000-0000-4000-8000-000000000004
emma=e33a0000-0000-4000-8000-000000000005
agent=5a3e0000-0000-4000-8000-00000000000a

simulator= # process ids, while they run
daemon=

finish() {
    local status=$? pid
    for pid in $daemon $simulator; do
        kill "$pid" || true
        wait "$pid" || true
    done
    if [[ $status -ne 0 && -n ${stage-} ]]; then
        printf '\nThe demo failed. The last lines of the daemon, and of the simulator:\n' >&2
        tail -n 20 "$stage"/daemon.*.log "$stage/simulator.log" >&2 || true
    fi
    [[ -z ${stage-} ]] || rm -rf "$stage"
}

fail() {
    printf '\nWRONG: %s\n' "$*" >&2
    exit 1
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds; it is asked 50 times a second.
wait_for() {
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < until)) || fail "waited in vain for $what"
        sleep 0.02
    done
}

tell() { printf '%s\n' "" "$@"; }

indent() { sed 's/^/    /'; }

# --- the queue, as any other program uses it: by sqlite3

value() { sqlite3 -batch -cmd '.timeout 5000' "$stage/queue.db" "$1"; }

holds() { [[ $(value "SELECT CASE WHEN $1 THEN 'yes' ELSE 'no' END") == yes ]]; }

wait_until() { wait_for 120 "$1" holds "$1"; }

expect() { holds "$1" || fail "this should hold: $1"; }

row_is() { echo "(SELECT status FROM messages WHERE tag = '$1') = '$2'"; }

show() { printf '\n%s\n' "$1" | sed -e '2s/^/    sqlite> /' -e '3,$s/^/       ...> /'; }

# Shows the SQL of standard input, runs it, shows what sqlite3 answers.
sql() {
    local statements
    statements=$(cat)
    show "$statements"
    printf '%s\n' "$statements" |
        sqlite3 -batch -init "$project/etc/sqliterc" -cmd '.mode box --wrap 50 --wordwrap on' "$stage/queue.db" 2>&1 | indent
}

# The same for SQL that must be refused.
refused_sql() {
    local statements answer
    statements=$(cat)
    show "$statements"
    if answer=$(sqlite3 -batch "$stage/queue.db" "$statements" 2>&1); then fail "this was not refused: $statements"; fi
    printf '%s\n' "$answer" | indent
}

# --- Genesys Cloud, simulated

control() {
    local method=$1 path=$2 body=${3-}
    curl --silent --show-error --fail-with-body --request "$method" "$control_url/__control/$path" --data "$body"
}

# times_read CONVERSATION TEXT: how often the customer there has read it.
times_read() {
    control GET "transcripts?conversation=$1" >"$stage/transcript.json"
    sqlite3 -batch :memory: "SELECT count(*) FROM json_each(readfile('$stage/transcript.json'))
        WHERE json_extract(value, '\$.text') = '$2'"
}

has_read_once() { [[ $(times_read "$1" "$2") == 1 ]]; }

begin_conversation() {
    local id=$1 name=$2 media=${3:-message}
    control POST conversations "{\"id\": \"$id\", \"media\": \"$media\", \"agent\": \"$agent\",
        \"customer\": {\"name\": \"$name\"}}" >/dev/null
}

# The next send whose text has WORDS goes wrong in the way of ACTION.
next_send_with() {
    control PUT faults "[{\"match\": {\"operation\": \"send\", \"text\": \"$1\", \"times\": 1}, \"do\": $2}]" >/dev/null
}

start_simulator() {
    cat >"$stage/plan.yaml" <<PLAN
legacy_chat: true
users: [{id: $agent, name: Sam}]
clients:
  - {id: 22222222-2222-4222-8222-222222222222, secret: desk-secret, name: desk, grants: [refresh_token],
     refresh_tokens: {first-refresh-token: $agent}}
PLAN
    "$build/tests/simulator/genesys-simulator" --plan "$stage/plan.yaml" --ca-out "$stage/ca.pem" --check-replies \
        >"$stage/simulator.log" 2>&1 &
    simulator=$!
    wait_for 120 "the simulator" grep -q '^ready ' "$stage/simulator.log"
    api_url=$(sed -n 's/^ready url=\([^ ]*\) .*/\1/p' "$stage/simulator.log")
    control_url=$(sed -n 's/^ready .* control=\([^ ]*\) .*/\1/p' "$stage/simulator.log")
}

# --- the daemon

write_configuration() {
    (
        umask 077
        echo simulator-secret >"$stage/client_secret"
        echo desk-secret >"$stage/desk_secret"
        echo first-refresh-token >"$stage/refresh_token"
    )
    cat >"$stage/responses.yaml" <<'RESPONSES'
greeting: "Hello {{customer_name}}, thank you for waiting. How can I help?"
RESPONSES
    cat >"$stage/cannedd.yaml" <<CONFIGURATION
database: queue.db
responses_file: responses.yaml
accounts:
  default:                          # a client's token: speaks by route agentless
    api_url: $api_url
    login_url: $api_url
    ca_file: ca.pem
    auth:
      grant: client_credentials
      client_id: 11111111-1111-4111-8111-111111111111
      client_secret_file: client_secret
  desk:                             # a user's token: speaks as that agent
    api_url: $api_url
    login_url: $api_url
    ca_file: ca.pem
    auth:
      grant: refresh_token
      client_id: 22222222-2222-4222-8222-222222222222
      client_secret_file: desk_secret
      refresh_token_file: refresh_token
delivery: {settle: 500ms}
metrics: {listen: ""}
CONFIGURATION
}

starts=0

start_daemon() {
    local log
    starts=$((starts + 1))
    log=$stage/daemon.$starts.log
    "$build/daemon/cannedd" --config "$stage/cannedd.yaml" 2>"$log" &
    daemon=$!
    wait_for 120 "the daemon" grep -q 'msg="ready"' "$log"
}

# daemon_ends: sets daemon_exit
daemon_ends() {
    daemon_exit=0
    wait "$daemon" 2>/dev/null || daemon_exit=$?
    daemon=
}

# --- the story

set_the_stage() {
    say "The stage: a simulated Genesys Cloud, an empty queue, a daemon"
    tell "Genesys Cloud is where a company's agents chat with its customers. cannedd puts messages of other programs" \
        "into those conversations: a program inserts a row into a SQLite file, cannedd sends its text through Genesys'" \
        "API and writes into the row what became of it. Here a simulator on this machine plays Genesys; everything that" \
        "is typed below is typed for real, and what follows it is what came back."
    stage=$(mktemp -d)
    start_simulator
    begin_conversation $anna Anna
    begin_conversation $ben Ben
    begin_conversation $clara Clara
    begin_conversation $david David
    begin_conversation $emma Emma chat
    write_configuration
    printf '\n    $ cannedd --check-config\n'
    "$build/daemon/cannedd" --config "$stage/cannedd.yaml" --check-config | indent
    start_daemon
    tell "Five customers are in live conversations with the agent Sam: Anna, Ben, Clara, David and Emma." \
        "cannedd has been started and waits for rows. Whoever can write SQL can send."
}

a_text() {
    say "1. An INSERT is all it takes"
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$anna', 'Your parcel is at the door.', 'parcel');
SQL
    wait_until "$(row_is parcel sent)"
    sql <<'SQL'
SELECT id, status, sent_text, sent_at - created_at AS ms_later, remote_message_id FROM messages;
SQL
    tell "The first one also pays for a TLS connection, an access token and a look-up of the conversation."
}

a_canned_response() {
    say "2. A canned response, filled in"
    sql <<SQL
INSERT INTO messages (conversation_id, response, variables, tag)
VALUES ('$anna', 'greeting', '{"customer_name": "Anna"}', 'hello'),
       ('$ben', 'greeting', '{}', 'nameless');
SQL
    wait_until "$(row_is hello sent) AND $(row_is nameless failed)"
    sql <<'SQL'
SELECT id, status, sent_text, sent_at - created_at AS ms_later, error
FROM messages WHERE response = 'greeting';
SQL
    tell "Ben's row lacks the name. Nobody ever reads {{customer_name}}: where a variable is missing, nothing is sent."
}

order() {
    say "3. Conversations side by side, each in its order"
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag) VALUES
    ('$anna', 'Anna 1', 'row'), ('$ben', 'Ben 1', 'row'),
    ('$anna', 'Anna 2', 'row'), ('$ben', 'Ben 2', 'row'),
    ('$anna', 'Anna 3', 'row'), ('$ben', 'Ben 3', 'row');
SQL
    wait_until "(SELECT count(*) FROM messages WHERE tag = 'row' AND status = 'sent') = 6"
    sql <<'SQL'
SELECT m.id, m.text, a.started_at % 100000 AS begins_ms, a.finished_at % 100000 AS ends_ms
FROM messages AS m JOIN attempts AS a ON a.message_id = m.id WHERE m.tag = 'row' ORDER BY a.started_at;
SQL
    expect "NOT EXISTS (SELECT 1 FROM messages AS m JOIN attempts AS a ON a.message_id = m.id
        JOIN messages AS n ON n.conversation_id = m.conversation_id AND n.id > m.id AND n.tag = 'row'
        JOIN attempts AS b ON b.message_id = n.id
        WHERE m.tag = 'row' AND b.started_at < a.finished_at)"
    tell "begins_ms and ends_ms tell when each request left and when its answer was there. Anna does not wait for Ben," \
        "but her second message leaves only after the first one was answered: what she reads is in order."
}

too_fast() {
    say "4. Genesys says 429: the row waits, and that costs it no attempt"
    tell "429 is 'too many requests, come back in 3 seconds'. A row has a few attempts before it is given up; being" \
        "told to wait uses none of them. queue_due shows what waits and why: here for the rate."
    next_send_with 'sale' '{"status": 429, "retry_after": 3}'
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$ben', 'The sale ends today.', 'sale');
SQL
    wait_until "EXISTS (SELECT 1 FROM attempts WHERE outcome = 'throttled')"
    sql <<'SQL'
SELECT id, due, why, says FROM queue_due;
SQL
    wait_until "$(row_is sale sent)"
    sql <<'SQL'
SELECT id, status, attempts FROM messages WHERE tag = 'sale';
SQL
    sql <<'SQL'
SELECT attempt, phase, http_status, outcome FROM queue_attempts
WHERE message_id = (SELECT id FROM messages WHERE tag = 'sale');
SQL
    tell "Two tries, the newest first, and one attempt: the second try is still number 1."
    expect "(SELECT attempts FROM messages WHERE tag = 'sale') = 1"
}

lost_answer() {
    say "5. The message was delivered, but the answer is lost"
    tell "Genesys cannot be told 'this is the same message again': whoever sends again now may say it twice. cannedd" \
        "reads the conversation back, finds the message there, and does not send it again (verified = 1)."
    next_send_with 'refund' '"process_then_close"'
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$clara', 'Your refund is on its way.', 'refund');
SQL
    wait_until "$(row_is refund sent)"
    sql <<'SQL'
SELECT id, status, verified, attempts, remote_message_id FROM messages WHERE tag = 'refund';
SQL
    sql <<'SQL'
SELECT attempt, phase, http_status, outcome, error FROM queue_attempts
WHERE message_id = (SELECT id FROM messages WHERE tag = 'refund');
SQL
    expect "(SELECT verified FROM messages WHERE tag = 'refund') = 1"
}

# killed TAG: the daemon dies while the row of this tag is being sent; another one starts.
killed() {
    local tag=$1
    sql <<SQL
SELECT id, status, text FROM messages WHERE tag = '$tag';
SQL
    printf '\n    $ kill -9 %s        # the daemon\n' "$daemon"
    kill -9 "$daemon"
    daemon_ends
    control DELETE faults >/dev/null
    start_daemon
    printf '    $ cannedd &           # a new one\n'
    wait_until "$(row_is "$tag" sent)"
    sql <<SQL
SELECT id, status, verified, attempts, text FROM messages WHERE tag = '$tag';
SQL
}

sudden_death() {
    say "6. kill -9 in mid-send"
    tell "The hardest moment to die: a request is on its way, and nobody will ever hear its answer. The row says" \
        "'sending', on disk, since before the first byte left; so the next daemon knows what it does not know."
    tell "First: Genesys has delivered the message, and the daemon dies before it reads the answer."
    next_send_with 'technician' '{"process_then_delay": 60000}'
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$clara', 'The technician comes at 14:00.', 'delivered');
SQL
    wait_until "$(row_is delivered sending)"
    wait_for 120 "Clara to read it" has_read_once $clara 'The technician comes at 14:00.'
    killed delivered
    expect "(SELECT verified FROM messages WHERE tag = 'delivered') = 1"

    tell "Second: Genesys has not looked at the request when the daemon dies."
    next_send_with 'raincoat' '"never_answer"'
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$clara', 'He brings a raincoat.', 'not-delivered');
SQL
    wait_until "$(row_is not-delivered sending)"
    killed not-delivered
    expect "(SELECT verified FROM messages WHERE tag = 'not-delivered') = 0"
    tell "Two rows in the same doubt; reading back told them apart."
}

ended_conversation() {
    say "7. A conversation that has ended"
    control POST conversations/$david/end >/dev/null
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag) VALUES
    ('$david', 'Are you still there?', 'late'),
    ('$david', 'Shall I call you?', 'late'),
    ('$david', 'Good bye.', 'late');
SQL
    wait_until "(SELECT count(*) FROM messages WHERE tag = 'late' AND status = 'failed') = 3"
    sql <<'SQL'
SELECT id, status, error, detail FROM queue_problems WHERE conversation_id LIKE 'da51d%';
SQL
    tell "David has left. One look at the conversation was enough for all three rows; none of them is tried for ever."
}

refusals() {
    say "8. Rows that cannot be meant are refused, in words"
    tell "By the database itself, so whatever program writes them and whether cannedd runs or not:"
    refused_sql <<SQL
INSERT INTO messages (conversation_id, text)
VALUES ('42', 'Hello');
SQL
    refused_sql <<SQL
INSERT INTO messages (conversation_id, text, response)
VALUES ('$anna', 'Hello', 'greeting');
SQL
    refused_sql <<SQL
UPDATE messages SET status = 'pending' WHERE tag = 'parcel';
SQL
    tell "A dedup_key makes an INSERT safe to repeat, for instance by a program that cannot know whether its first try" \
        "was committed:"
    sql <<SQL
INSERT INTO messages (conversation_id, text, dedup_key)
VALUES ('$ben', 'Invoice 4711 is paid.', 'invoice-4711') ON CONFLICT(dedup_key) DO NOTHING;
SQL
    sql <<SQL
INSERT INTO messages (conversation_id, text, dedup_key)
VALUES ('$ben', 'Invoice 4711 is paid.', 'invoice-4711') ON CONFLICT(dedup_key) DO NOTHING;
SQL
    sql <<'SQL'
SELECT count(*) AS messages FROM messages WHERE dedup_key = 'invoice-4711';
SQL
    wait_until "(SELECT status FROM messages WHERE dedup_key = 'invoice-4711') = 'sent'"
}

routes() {
    say "9. The other ways to speak: as the agent, into a legacy chat, through the tutorial's gateway"
    tell "So far cannedd spoke in its own name (route agentless). With a token of Sam's (the account desk) it can also" \
        "speak as Sam; and a row may name the route it wants."
    sql <<SQL
INSERT INTO messages (account, route, conversation_id, agent_id, text) VALUES
    ('desk', 'message', '$ben', '$agent', 'Sam here, in person.'),
    ('desk', 'chat', '$emma', '$agent', 'Sam here, in the old chat.'),
    ('default', 'tutorial', '$anna', '$agent', 'By the gateway.');
SQL
    wait_until "(SELECT count(*) FROM messages WHERE route IS NOT NULL AND status = 'sent') = 3"
    sql <<'SQL'
SELECT id, account, route, status, sent_text FROM messages WHERE route IS NOT NULL;
SQL
}

views() {
    say "10. What an operator looks at"
    tell "How much is where; what went wrong, with the SQL that has it tried again; and every single try, newest first:"
    sql <<'SQL'
SELECT * FROM queue_status;
SQL
    sql <<'SQL'
SELECT id, status, error, replay FROM queue_problems;
SQL
    sql <<'SQL'
SELECT message_id, attempt, started, took_ms, phase, http_status, outcome FROM queue_attempts LIMIT 5;
SQL
}

orderly_end() {
    say "11. SIGTERM: what is on its way arrives, the rest stays in the queue"
    next_send_with 'slow' '"process_then_hold"'
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$anna', 'A slow one.', 'slow');
SQL
    wait_until "$(row_is slow sending)"
    printf '\n    $ kill -TERM %s\n' "$daemon"
    kill -TERM "$daemon"
    wait_for 120 "the drain" grep -q stopping "$stage/daemon.$starts.log"
    sql <<SQL
INSERT INTO messages (conversation_id, text, tag)
VALUES ('$ben', 'For the next daemon.', 'rest');
SQL
    control DELETE faults >/dev/null # now the answer comes
    daemon_ends
    printf '\n    The daemon has ended with %s.\n' "$daemon_exit"
    [[ $daemon_exit == 0 ]] || fail "SIGTERM should end the daemon with 0"
    sql <<'SQL'
SELECT id, status, verified, text FROM messages WHERE tag IN ('slow', 'rest');
SQL
    expect "$(row_is slow sent) AND $(row_is rest pending)"
    printf '\n    $ cannedd --drain       # sends what is left, then ends by itself\n'
    "$build/daemon/cannedd" --config "$stage/cannedd.yaml" --drain 2>"$stage/daemon.drain.log"
    sql <<'SQL'
SELECT id, status, text FROM messages WHERE tag = 'rest';
SQL
    expect "$(row_is rest sent)"
}

# --- the judgement

what_should_be_read() {
    cat <<'READ'
Anna: Your parcel is at the door.
Anna: Hello Anna, thank you for waiting. How can I help?
Anna: Anna 1
Anna: Anna 2
Anna: Anna 3
Anna: By the gateway.
Anna: A slow one.
Ben: Ben 1
Ben: Ben 2
Ben: Ben 3
Ben: The sale ends today.
Ben: Invoice 4711 is paid.
Ben: Sam here, in person.
Ben: For the next daemon.
Clara: Your refund is on its way.
Clara: The technician comes at 14:00.
Clara: He brings a raincoat.
Emma: Sam here, in the old chat.
READ
}

what_was_read() {
    local customer id
    for customer in Anna Ben Clara David Emma; do
        id=${customer,,}
        control GET "transcripts?conversation=${!id}" >"$stage/transcript.json"
        sqlite3 -batch :memory: "SELECT '$customer: ' || json_extract(value, '\$.text')
            FROM json_each(readfile('$stage/transcript.json')) ORDER BY key"
    done
}

judgement() {
    say "What the customers have read, from Genesys' own transcripts"
    what_was_read >"$stage/read"
    indent <"$stage/read"
    what_should_be_read | diff --unified --label 'should be read' --label 'was read' - "$stage/read" ||
        fail "the customers have not read each text exactly once and in order"
    [[ $(control GET violations) == "[]" ]] || fail "the simulator saw invalid requests: $(control GET violations)"
    tell "That is what should be there: each text exactly once, each conversation in order, through a lost answer" \
        "and two kill -9. David's conversation had ended: he has read nothing, and three rows say why." \
        "" "To try it by hand: README.md, Five minutes."
}

build_what_is_shown() {
    install_missing_packages
    command -v curl >/dev/null || install_packages curl
    say "building"
    (cd "$project" && cmake --preset release >/dev/null &&
        cmake --build --preset release --parallel "$(nproc)" --target cannedd genesys-simulator)
}

build=${1:-$project/build/release}
[[ $# -gt 0 ]] || build_what_is_shown
trap finish EXIT
set_the_stage
a_text
a_canned_response
order
too_fast
lost_answer
sudden_death
ended_conversation
refusals
routes
views
orderly_end
judgement
