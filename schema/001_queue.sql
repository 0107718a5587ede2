-- The queue and what belongs to it. Whatever stands here runs in the producer's SQLite, so it keeps to what SQLite 3.31
-- knows, and each CHECK bears the sentence that its writer reads when it refuses a row. Where every write passes there is no
-- IN with more than two values: SQLite makes a table in memory for it, at each execution, which costs as much as a row.
-- Times are Unix milliseconds. Every length is bounded: a row that no UPDATE could load again would jam the queue.

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT
        CONSTRAINT "id is given by the queue: leave it out" CHECK (id > 0),
    account TEXT DEFAULT 'default'
        CONSTRAINT "account must be a name of 1 to 128 bytes"
        CHECK (typeof(account) = 'text' AND length(CAST(account AS BLOB)) BETWEEN 1 AND 128),
    route TEXT, -- checked by triggers: a CHECK could not be altered when there is one more
    conversation_id TEXT
        CONSTRAINT "conversation_id must be a UUID"
        CHECK (conversation_id IS NULL OR (typeof(conversation_id) = 'text'
            AND conversation_id GLOB '????????-????-????-????-????????????'
            AND length(CAST(conversation_id AS BLOB)) = 36
            AND length(replace(conversation_id, '-', '')) = 32
            AND replace(conversation_id, '-', '') NOT GLOB '*[^0-9a-fA-F]*')),
    agent_id TEXT
        CONSTRAINT "agent_id must be a UUID"
        CHECK (agent_id IS NULL OR (typeof(agent_id) = 'text'
            AND agent_id GLOB '????????-????-????-????-????????????'
            AND length(CAST(agent_id AS BLOB)) = 36
            AND length(replace(agent_id, '-', '')) = 32
            AND replace(agent_id, '-', '') NOT GLOB '*[^0-9a-fA-F]*')),
    customer_id TEXT
        CONSTRAINT "customer_id must be a UUID"
        CHECK (customer_id IS NULL OR (typeof(customer_id) = 'text'
            AND customer_id GLOB '????????-????-????-????-????????????'
            AND length(CAST(customer_id AS BLOB)) = 36
            AND length(replace(customer_id, '-', '')) = 32
            AND replace(customer_id, '-', '') NOT GLOB '*[^0-9a-fA-F]*')),
    text TEXT
        CONSTRAINT "text must be 1 to 4000 characters"
        CHECK (text IS NULL OR (typeof(text) = 'text' AND length(text) BETWEEN 1 AND 4000
            AND length(CAST(text AS BLOB)) <= 16000)),
    response TEXT
        CONSTRAINT "response must be the name of a canned response, 1 to 400 bytes"
        CHECK (response IS NULL OR (typeof(response) = 'text'
            AND length(CAST(response AS BLOB)) BETWEEN 1 AND 400)),
    variables TEXT DEFAULT '{}'
        CONSTRAINT "variables must be a JSON object as text, at most 65536 bytes, {} when there are none"
        CHECK (typeof(variables) = 'text' AND length(CAST(variables AS BLOB)) BETWEEN 2 AND 65536),
    priority INTEGER DEFAULT 0
        CONSTRAINT "priority must be a whole number from -100 to 100"
        CHECK (typeof(priority) = 'integer' AND priority BETWEEN -100 AND 100),
    not_before INTEGER
        CONSTRAINT "not_before must be Unix milliseconds"
        CHECK (not_before IS NULL OR (typeof(not_before) = 'integer' AND not_before BETWEEN 0 AND 253402300799999))
        CONSTRAINT "not_before must be Unix milliseconds, this looks like seconds"
        CHECK (not_before IS NULL OR not_before NOT BETWEEN 1 AND 99999999999),
    expires_at INTEGER
        CONSTRAINT "expires_at must be Unix milliseconds"
        CHECK (expires_at IS NULL OR (typeof(expires_at) = 'integer' AND expires_at BETWEEN 0 AND 253402300799999))
        CONSTRAINT "expires_at must be Unix milliseconds, this looks like seconds"
        CHECK (expires_at IS NULL OR expires_at NOT BETWEEN 1 AND 99999999999),
    dedup_key TEXT UNIQUE
        CONSTRAINT "dedup_key must be 1 to 400 bytes of text"
        CHECK (dedup_key IS NULL OR (typeof(dedup_key) = 'text'
            AND length(CAST(dedup_key AS BLOB)) BETWEEN 1 AND 400)),
    tag TEXT
        CONSTRAINT "tag must be text of at most 4000 bytes"
        CHECK (tag IS NULL OR (typeof(tag) = 'text' AND length(CAST(tag AS BLOB)) <= 4000)),
    created_at INTEGER DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER))
        CONSTRAINT "created_at must be Unix milliseconds: leave it out, and it is now"
        CHECK (typeof(created_at) = 'integer' AND created_at BETWEEN 0 AND 253402300799999)
        CONSTRAINT "created_at must be Unix milliseconds, this looks like seconds: leave it out, and it is now"
        CHECK (created_at NOT BETWEEN 1 AND 99999999999),
    status TEXT DEFAULT 'pending'
        CONSTRAINT "status must be pending, sending, sent, failed, expired, cancelled, held or unconfirmed"
        CHECK (status IS NOT NULL
            AND (status = 'pending' OR status = 'sending' OR status = 'sent' OR status = 'failed' OR status = 'expired'
                OR status = 'cancelled' OR status = 'held' OR status = 'unconfirmed')),
    due_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_text TEXT,
    -- What the first attempt said of a WhatsApp template, so that a later one says the same: it is sent by its parameters,
    -- not by its text. Means nothing while sent_text is NULL.
    sent_template TEXT,
    sent_at INTEGER,
    finished_at INTEGER,
    remote_message_id TEXT,
    remote_status TEXT,
    verified INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    error_detail TEXT,
    -- tries that did not count since the last one that did
    deferrals INTEGER NOT NULL DEFAULT 0,
    -- the conversation that was addressed, in lower case
    sent_to TEXT,
    -- what it is to become instead of being sent, or sent again: while it is being sent, nobody else can say so
    stop TEXT
        CONSTRAINT "stop must be cancelled or held"
        CHECK (stop IS NULL OR stop = 'cancelled' OR stop = 'held'),
    -- what tries that may have arrived said, before a replay began afresh
    said_before TEXT,
    -- whose turn a row waits for: its conversation's, or its agent's while nobody knows the conversation
    lane TEXT GENERATED ALWAYS AS (coalesce(lower(conversation_id), 'agent:' || lower(agent_id))) VIRTUAL,
    -- a row's place in its lane, together with id
    order_at INTEGER GENERATED ALWAYS AS (coalesce(not_before, created_at)) VIRTUAL,

    CONSTRAINT "give either text or response, exactly one of them" CHECK ((text IS NULL) <> (response IS NULL)),
    CONSTRAINT "expires_at lies before created_at, so it would never be sent: give a later one or leave it out"
        CHECK (expires_at IS NULL OR expires_at >= created_at),
    CONSTRAINT "name a conversation_id or an agent_id" CHECK (conversation_id IS NOT NULL OR agent_id IS NOT NULL)
);

CREATE UNIQUE INDEX messages_remote ON messages (remote_message_id) WHERE remote_message_id IS NOT NULL;
-- One in flight in a lane: the index would refuse a second one.
CREATE UNIQUE INDEX messages_sending ON messages (lane) WHERE status = 'sending';
-- Every row, so that no state of it touches the index: lanes have pages of their own in it, and a page that is written costs as
-- much as a row. What is over lies before lanes.from_at.
CREATE INDEX messages_lane ON messages (lane, order_at, id);
-- A row gets its due_at after it was inserted: not twice into the index.
CREATE INDEX messages_due ON messages (account, due_at) WHERE status = 'pending' AND due_at IS NOT NULL;
CREATE INDEX messages_retried ON messages (account, order_at) WHERE status = 'pending' AND (attempts > 0 OR deferrals > 0);
CREATE INDEX messages_expiry ON messages (expires_at, account) WHERE status IN ('pending', 'held');
-- For queue_status. A row that is sent and a row that is being sent never enter it: each state costs two writes.
CREATE INDEX messages_age ON messages (account, status, created_at)
    WHERE status <> 'sent' AND status <> 'sending';
CREATE INDEX messages_finished ON messages (account, status, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX messages_problem ON messages (id)
    WHERE status = 'failed' OR status = 'unconfirmed' OR status = 'held' OR status = 'expired'
       OR (status = 'sent' AND remote_status = 'delivery-failed');
-- What has been said in a conversation, for reading back, by rows that name only an agent: those of all others have it as lane.
CREATE INDEX messages_spoken ON messages (sent_to) WHERE status = 'sent' AND conversation_id IS NULL;
CREATE INDEX messages_followed ON messages (account, id) WHERE status = 'sent' AND remote_message_id IS NOT NULL
    AND coalesce(remote_status, '') NOT IN ('delivery-success', 'delivery-failed');

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    phase TEXT NOT NULL,
    http_status INTEGER,
    outcome TEXT NOT NULL,
    error TEXT,
    correlation_id TEXT,
    -- where the text was sent, so that it can be looked for after a crash
    route TEXT,
    conversation_id TEXT,
    communication_id TEXT,
    -- When it began, by the clock that stamps what is read back: Genesys's, as its answers told it, at the least. Ours
    -- may be set while a doubt lasts, also across a reboot. NULL: no answer had told it yet.
    started_at_server INTEGER
);

CREATE INDEX attempts_message ON attempts (message_id);
CREATE INDEX attempts_started ON attempts (started_at);

CREATE TABLE responses (
    name TEXT PRIMARY KEY
        CONSTRAINT "name must be 1 to 400 bytes of text"
        CHECK (typeof(name) = 'text' AND length(CAST(name AS BLOB)) BETWEEN 1 AND 400),
    text TEXT
        CONSTRAINT "text must be the response as text, at most 65536 bytes"
        CHECK (typeof(text) = 'text' AND length(CAST(text AS BLOB)) <= 65536),
    description TEXT
        CONSTRAINT "description must be text of at most 4000 bytes"
        CHECK (description IS NULL OR (typeof(description) = 'text' AND length(CAST(description AS BLOB)) <= 4000)),
    updated_at INTEGER DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER))
);

-- What limiter and breaker remember, and the operator's switch `paused`.
CREATE TABLE accounts (
    account TEXT PRIMARY KEY NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "paused must be 0 or 1" CHECK (typeof(paused) = 'integer' AND paused IN (0, 1)),
    paused_reason TEXT
        CONSTRAINT "paused_reason must be text of at most 4000 bytes"
        CHECK (paused_reason IS NULL
            OR (typeof(paused_reason) = 'text' AND length(CAST(paused_reason AS BLOB)) <= 4000)),
    tokens REAL,
    blocked_until INTEGER,
    breaker TEXT NOT NULL DEFAULT 'closed'
        CONSTRAINT "breaker must be closed, open or half_open" CHECK (breaker = 'closed' OR breaker = 'open' OR breaker = 'half_open'),
    requests_allowed INTEGER,
    requests_used INTEGER,
    window_resets_at INTEGER,
    expire_after_ms INTEGER,
    requests_per_minute INTEGER,
    -- of one conversation, messages
    conversation_per_minute INTEGER,
    -- steady times are of this boot
    boot_id TEXT NOT NULL DEFAULT '',
    saved_at_ms INTEGER NOT NULL DEFAULT 0,
    lease INTEGER NOT NULL DEFAULT 0,
    breaker_until INTEGER,
    breaker_failures INTEGER NOT NULL DEFAULT 0,
    breaker_cool_off_ms INTEGER NOT NULL DEFAULT 0,
    -- What has been learned of the server's rate window: without it a daemon that comes back takes a window that slides
    -- for a fixed one, and spends it twice. NULL: nothing has been learned.
    window_ms INTEGER,
    window_slides INTEGER NOT NULL DEFAULT 0,
    -- The wall clock when this was saved, beside saved_at_ms: how much of a pause was left must not depend on a clock
    -- that is set.
    saved_at INTEGER,
    -- One operation or more must wait while the token has room: conversations that are known go on.
    look_ups_blocked_until INTEGER
);

-- Whether the service was stopped, so that a view can say so: what waits looks the same.
CREATE TABLE service (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    stopped_at INTEGER -- NULL: it runs, or ended without a word
);

CREATE TRIGGER service_insert_guard BEFORE INSERT ON service
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'service is written by the daemon alone');
END;

CREATE TRIGGER service_update_guard BEFORE UPDATE ON service
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'service is written by the daemon alone');
END;

-- Answered requests in slices of steady time, for the sliding cap.
CREATE TABLE request_slices (
    account TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (account, at_ms)
) WITHOUT ROWID;

-- The books: the count of every status, and one row for each lane that has something to send. Triggers keep them after any
-- statement of any writer, whatever its recursive_triggers or foreign_keys say; the daemon keeps them for its own writes.

-- Holds a row only while a trigger corrects a row: that write is our own. The daemon's connection has triggers off.
CREATE TABLE own_writes (one INTEGER PRIMARY KEY CHECK (one = 1));

CREATE TABLE counters (
    account TEXT NOT NULL,
    status TEXT NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (account, status)
) WITHOUT ROWID;

-- A lane's head is the row that is being sent, else its first pending one; account, priority, due_at, tried (it was
-- tried before) and waits (its last try ended by waiting for somebody) are the head's. served_at is when the lane last
-- had its turn: among lanes of equal priority the longest waiting turn comes first. rests_until is the daemon's alone.
CREATE TABLE lanes (
    lane TEXT PRIMARY KEY NOT NULL,
    account TEXT NOT NULL,
    head_id INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    sending INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    waits INTEGER NOT NULL,
    served_at INTEGER NOT NULL DEFAULT 0,
    rests_until INTEGER NOT NULL DEFAULT 0,
    -- No pending row of the lane has an order_at before it: whoever looks for the next one begins there. While nothing is
    -- being sent it is the head's order_at.
    from_at INTEGER NOT NULL,
    -- max(due_at, rests_until), and max of that and served_at. Not generated: no index covers a query that names a
    -- generated column.
    ready_at INTEGER NOT NULL,
    turn_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX lanes_by_turn ON lanes (account, waits, priority DESC, turn_at, head_id, ready_at, sending) WHERE sending = 0;
CREATE INDEX lanes_young ON lanes (account, priority DESC, due_at, head_id, ready_at, sending, tried, served_at)
    WHERE sending = 0 AND tried = 0 AND served_at = 0;
CREATE INDEX lanes_resting ON lanes (rests_until) WHERE rests_until > 0;

CREATE VIEW wall_clock AS
SELECT CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER) AS now;

-- A procedure: INSERT INTO lane_refresh (lane, at) brings that lane's row up to date, after a change of a row whose order_at is
-- or was `at`.
CREATE VIEW lane_refresh AS SELECT lane, from_at AS at FROM lanes;

CREATE TRIGGER lane_refresh_run INSTEAD OF INSERT ON lane_refresh
BEGIN
    UPDATE lanes SET from_at = NEW.at WHERE lane = NEW.lane AND from_at > NEW.at;
    INSERT INTO lanes (lane, account, head_id, priority, due_at, sending, tried, waits, ready_at, turn_at, from_at)
    SELECT m.lane, m.account, m.id, m.priority, m.due_at, m.status = 'sending', m.attempts > 0 OR m.deferrals > 0,
           coalesce(m.error = 'agent_not_connected' OR m.error = 'no_active_conversation'
                    OR m.error = 'bot_in_conversation', 0),
           m.due_at, m.due_at, CASE m.status WHEN 'sending' THEN min(m.order_at, NEW.at) ELSE m.order_at END
      FROM messages AS m
     WHERE m.id = coalesce(
               (SELECT s.id FROM messages AS s WHERE s.lane = NEW.lane AND s.status = 'sending'),
               (SELECT p.id FROM messages AS p
                 WHERE p.lane = NEW.lane AND p.status = 'pending'
                   AND p.order_at >= coalesce((SELECT l.from_at FROM lanes AS l WHERE l.lane = NEW.lane), NEW.at)
                 ORDER BY p.order_at, p.id LIMIT 1))
    ON CONFLICT (lane) DO UPDATE
       SET account = excluded.account, head_id = excluded.head_id, priority = excluded.priority,
           due_at = excluded.due_at, sending = excluded.sending, tried = excluded.tried, waits = excluded.waits,
           ready_at = max(excluded.due_at, rests_until), turn_at = max(excluded.due_at, rests_until, served_at),
           -- While one is being sent, an earlier one may have come.
           from_at = CASE excluded.sending WHEN 1 THEN min(from_at, excluded.from_at) ELSE excluded.from_at END
     WHERE head_id <> excluded.head_id OR due_at <> excluded.due_at OR sending <> excluded.sending
        OR priority <> excluded.priority OR account <> excluded.account OR tried <> excluded.tried
        OR waits <> excluded.waits OR (excluded.sending = 0 AND from_at <> excluded.from_at);
    DELETE FROM lanes
     WHERE lane = NEW.lane
       AND NOT EXISTS (SELECT 1 FROM messages AS m
                        WHERE m.id = lanes.head_id AND m.lane = lanes.lane AND m.status IN ('pending', 'sending'));
END;

-- OR REPLACE deletes the row that has the dedup_key and fires no DELETE trigger for it. So what is there before the
-- INSERT is noted: if a row is inserted in spite of it, it was a replacement, and messages_inserted refuses it.
CREATE TABLE duplicate_key (message_id INTEGER PRIMARY KEY);

CREATE TRIGGER messages_duplicate BEFORE INSERT ON messages
WHEN EXISTS (SELECT 1 FROM duplicate_key) OR EXISTS (SELECT 1 FROM messages WHERE dedup_key = NEW.dedup_key)
BEGIN
    DELETE FROM duplicate_key
     WHERE message_id IS NOT (SELECT id FROM messages WHERE dedup_key = NEW.dedup_key);
    INSERT INTO duplicate_key (message_id)
    SELECT id FROM messages
     WHERE dedup_key = NEW.dedup_key AND NOT EXISTS (SELECT 1 FROM duplicate_key);
END;

CREATE TRIGGER messages_inserted AFTER INSERT ON messages
BEGIN
    SELECT RAISE(ABORT, 'OR REPLACE would delete a row of the queue: use ON CONFLICT(dedup_key) DO NOTHING')
     WHERE EXISTS (SELECT 1 FROM duplicate_key);
    INSERT INTO counters (account, status, messages) VALUES (NEW.account, NEW.status, 1)
        ON CONFLICT (account, status) DO UPDATE SET messages = messages + 1;
    UPDATE messages
       SET due_at = NEW.order_at,
           expires_at = coalesce(NEW.expires_at, min(253402300799999,
               NEW.created_at + (SELECT expire_after_ms FROM accounts WHERE account = NEW.account)))
     WHERE id = NEW.id;
    -- Not by lane_refresh, which costs a producer's row four times as much: the new row's id is the highest, so it is
    -- the head if there is none, or if its own time comes before the head's.
    INSERT INTO lanes (lane, account, head_id, priority, due_at, sending, tried, waits, ready_at, turn_at, from_at)
    SELECT NEW.lane, NEW.account, NEW.id, NEW.priority, NEW.order_at, 0, 0, 0, NEW.order_at, NEW.order_at, NEW.order_at
     WHERE NEW.status = 'pending'
    -- While one is being sent it stays the head: this one's turn comes when that has ended.
    ON CONFLICT (lane) DO UPDATE
       SET account = CASE sending WHEN 0 THEN excluded.account ELSE account END,
           head_id = CASE sending WHEN 0 THEN excluded.head_id ELSE head_id END,
           priority = CASE sending WHEN 0 THEN excluded.priority ELSE priority END,
           due_at = CASE sending WHEN 0 THEN excluded.due_at ELSE due_at END,
           tried = CASE sending WHEN 0 THEN 0 ELSE tried END, waits = CASE sending WHEN 0 THEN 0 ELSE waits END,
           ready_at = CASE sending WHEN 0 THEN max(excluded.due_at, rests_until) ELSE ready_at END,
           turn_at = CASE sending WHEN 0 THEN max(excluded.due_at, rests_until, served_at) ELSE turn_at END,
           from_at = excluded.from_at
     WHERE excluded.from_at < from_at;
END;

CREATE TRIGGER messages_counted AFTER UPDATE OF status, account ON messages
WHEN NEW.status <> OLD.status OR NEW.account <> OLD.account
BEGIN
    UPDATE counters SET messages = messages - 1 WHERE account = OLD.account AND status = OLD.status;
    INSERT INTO counters (account, status, messages) VALUES (NEW.account, NEW.status, 1)
        ON CONFLICT (account, status) DO UPDATE SET messages = messages + 1;
END;

CREATE TRIGGER messages_moved
AFTER UPDATE OF status, due_at, priority, not_before, created_at, account, conversation_id, agent_id, attempts, deferrals,
    error ON messages
WHEN OLD.due_at IS NOT NULL -- else messages_inserted does it
 AND (OLD.status IN ('pending', 'sending') OR NEW.status IN ('pending', 'sending'))
 AND (NEW.status <> OLD.status OR NEW.due_at IS NOT OLD.due_at OR NEW.priority <> OLD.priority
      OR NEW.order_at <> OLD.order_at OR NEW.account <> OLD.account OR NEW.lane <> OLD.lane
      OR NEW.attempts <> OLD.attempts OR NEW.deferrals <> OLD.deferrals OR NEW.error IS NOT OLD.error)
BEGIN
    INSERT INTO lane_refresh (lane, at) VALUES (NEW.lane, min(NEW.order_at, OLD.order_at));
    INSERT INTO lane_refresh (lane, at) SELECT OLD.lane, OLD.order_at WHERE OLD.lane <> NEW.lane;
END;

CREATE TRIGGER messages_deleted AFTER DELETE ON messages
BEGIN
    UPDATE counters SET messages = messages - 1 WHERE account = OLD.account AND status = OLD.status;
    INSERT INTO lane_refresh (lane, at) SELECT OLD.lane, OLD.order_at WHERE OLD.status IN ('pending', 'sending');
    DELETE FROM attempts WHERE message_id = OLD.id;
END;

-- Who may write what: everybody but the daemon is told, in words, what to do.

CREATE TRIGGER messages_insert_guard BEFORE INSERT ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'id was used before: leave it out, the queue gives one')
     WHERE NEW.id > 0
       AND (EXISTS (SELECT 1 FROM messages WHERE id = NEW.id)
            OR NEW.id <= (SELECT seq FROM sqlite_sequence WHERE name = 'messages')
            OR NEW.id > 9007199254740991);
    SELECT RAISE(ABORT, 'a new row is pending or held: the other states are the result of sending it')
     WHERE NEW.status = 'sending' OR NEW.status = 'sent' OR NEW.status = 'failed' OR NEW.status = 'expired'
        OR NEW.status = 'cancelled' OR NEW.status = 'unconfirmed';
    SELECT RAISE(ABORT, 'stop is for a row that is there: a new one that must not go is held')
     WHERE NEW.stop IS NOT NULL;
    SELECT RAISE(ABORT, 'due_at, attempts, sent_text, sent_template, sent_at, finished_at, remote_message_id, remote_status, verified, error, error_detail, deferrals, sent_to and said_before are written by the daemon: leave them out')
     WHERE NEW.due_at IS NOT NULL OR NEW.attempts IS NOT 0 OR NEW.sent_text IS NOT NULL
        OR NEW.sent_template IS NOT NULL OR NEW.sent_at IS NOT NULL
        OR NEW.finished_at IS NOT NULL OR NEW.remote_message_id IS NOT NULL OR NEW.remote_status IS NOT NULL
        OR NEW.verified IS NOT 0 OR NEW.error IS NOT NULL OR NEW.error_detail IS NOT NULL OR NEW.deferrals IS NOT 0
        OR NEW.sent_to IS NOT NULL OR NEW.said_before IS NOT NULL;
END;

CREATE TRIGGER messages_route_guard BEFORE INSERT ON messages
WHEN NEW.route <> 'message' AND NEW.route <> 'agentless' AND NEW.route <> 'chat' AND NEW.route <> 'tutorial'
BEGIN
    SELECT RAISE(ABORT, 'route must be message, agentless, chat or tutorial, or left out');
END;

CREATE TRIGGER messages_route_update_guard BEFORE UPDATE OF route ON messages
WHEN NEW.route <> 'message' AND NEW.route <> 'agentless' AND NEW.route <> 'chat' AND NEW.route <> 'tutorial'
BEGIN
    SELECT RAISE(ABORT, 'route must be message, agentless, chat or tutorial, or left out');
END;

-- Each name costs a row of counters and a place in the metrics for good: a producer that invents one for each message
-- would fill both. Before the daemon's first start no account is known, and nothing is refused.
CREATE TRIGGER messages_account_guard BEFORE INSERT ON messages
WHEN NOT EXISTS (SELECT 1 FROM accounts WHERE account = NEW.account)
 AND EXISTS (SELECT 1 FROM accounts)
 AND NOT EXISTS (SELECT 1 FROM counters WHERE account = NEW.account)
BEGIN
    SELECT RAISE(ABORT, 'rows name 1000 accounts that are not configured: correct account, or add it to the configuration and reload cannedd')
     WHERE (SELECT count(DISTINCT c.account) FROM counters AS c
             WHERE c.account NOT IN (SELECT account FROM accounts)) >= 1000;
END;

CREATE TRIGGER messages_account_update_guard BEFORE UPDATE OF account ON messages
WHEN NEW.account <> OLD.account AND NOT EXISTS (SELECT 1 FROM accounts WHERE account = NEW.account)
 AND EXISTS (SELECT 1 FROM accounts)
 AND NOT EXISTS (SELECT 1 FROM counters WHERE account = NEW.account)
BEGIN
    SELECT RAISE(ABORT, 'rows name 1000 accounts that are not configured: correct account, or add it to the configuration and reload cannedd')
     WHERE (SELECT count(DISTINCT c.account) FROM counters AS c
             WHERE c.account NOT IN (SELECT account FROM accounts)) >= 1000;
END;

-- No column list: UPDATE ... SET rowid would slip past one.
CREATE TRIGGER messages_id_guard BEFORE UPDATE ON messages
WHEN NEW.id <> OLD.id
BEGIN
    SELECT RAISE(ABORT, 'id never changes');
END;

CREATE TRIGGER messages_status_guard BEFORE UPDATE OF status ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes) AND NEW.status <> OLD.status
BEGIN
    SELECT RAISE(ABORT, 'the row is being sent: wait until the daemon has recorded how that ended. To have it not sent again if it did not arrive: stop = ''cancelled''')
     WHERE OLD.status = 'sending';
    SELECT RAISE(ABORT, 'the row was sent, and sent is final: to say it again, insert a new row')
     WHERE OLD.status = 'sent';
    SELECT RAISE(ABORT, 'only the daemon sets sending, expired and unconfirmed: to have a row sent, set pending')
     WHERE NEW.status = 'sending' OR NEW.status = 'expired' OR NEW.status = 'unconfirmed';
    SELECT RAISE(ABORT, 'only an unconfirmed row can be set to sent or failed by hand')
     WHERE NEW.status IN ('sent', 'failed') AND OLD.status <> 'unconfirmed';
    SELECT RAISE(ABORT, 'only a pending or held row can be cancelled')
     WHERE NEW.status = 'cancelled' AND OLD.status NOT IN ('pending', 'held');
    SELECT RAISE(ABORT, 'only a pending row can be held')
     WHERE NEW.status = 'held' AND OLD.status <> 'pending';
END;

CREATE TRIGGER messages_stop_guard BEFORE UPDATE OF stop ON messages
WHEN NEW.stop IS NOT OLD.stop AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'the row is over: only what is pending, held, being sent or unconfirmed can be stopped')
     WHERE NEW.stop IS NOT NULL AND OLD.status <> 'pending' AND OLD.status <> 'held' AND OLD.status <> 'sending'
       AND OLD.status <> 'unconfirmed';
END;

-- A row has no due_at while it is inserted, and at no other time: the UPDATE of messages_inserted is nobody's.
CREATE TRIGGER messages_daemon_guard
BEFORE UPDATE OF created_at, due_at, attempts, sent_text, sent_template, sent_at, finished_at, remote_message_id, remote_status,
    verified, error, error_detail, deferrals, sent_to, said_before ON messages
WHEN OLD.due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM own_writes)
 AND (NEW.created_at IS NOT OLD.created_at
      OR NEW.due_at IS NOT OLD.due_at
      OR NEW.attempts IS NOT OLD.attempts OR NEW.sent_text IS NOT OLD.sent_text
      OR NEW.sent_template IS NOT OLD.sent_template OR NEW.sent_at IS NOT OLD.sent_at
      OR NEW.finished_at IS NOT OLD.finished_at OR NEW.remote_message_id IS NOT OLD.remote_message_id
      OR NEW.remote_status IS NOT OLD.remote_status OR NEW.verified IS NOT OLD.verified OR NEW.error IS NOT OLD.error
      OR NEW.error_detail IS NOT OLD.error_detail OR NEW.deferrals IS NOT OLD.deferrals
      OR NEW.sent_to IS NOT OLD.sent_to OR NEW.said_before IS NOT OLD.said_before)
BEGIN
    SELECT RAISE(ABORT, 'created_at, due_at, attempts, sent_text, sent_template, sent_at, finished_at, remote_message_id, remote_status, verified, error, error_detail, deferrals, sent_to and said_before are written by the daemon: to try a row again, set its status to pending');
END;

CREATE TRIGGER messages_producer_guard
BEFORE UPDATE OF account, route, conversation_id, agent_id, customer_id, text, response, variables, dedup_key, tag ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
 AND (NEW.account IS NOT OLD.account OR NEW.route IS NOT OLD.route OR NEW.conversation_id IS NOT OLD.conversation_id
      OR NEW.agent_id IS NOT OLD.agent_id OR NEW.customer_id IS NOT OLD.customer_id OR NEW.text IS NOT OLD.text
      OR NEW.response IS NOT OLD.response OR NEW.variables IS NOT OLD.variables
      OR NEW.dedup_key IS NOT OLD.dedup_key OR NEW.tag IS NOT OLD.tag)
BEGIN
    SELECT RAISE(ABORT, 'the row has been tried, so what it says and where it goes are fixed: insert a new row')
     WHERE OLD.attempts > 0 OR OLD.sent_text IS NOT NULL OR OLD.status IN ('sending', 'sent', 'unconfirmed')
        OR EXISTS (SELECT 1 FROM attempts WHERE message_id = OLD.id);
    -- UPDATE OR REPLACE would delete the other row and fire no DELETE trigger for it.
    SELECT RAISE(ABORT, 'dedup_key belongs to another row')
     WHERE NEW.dedup_key IS NOT OLD.dedup_key
       AND EXISTS (SELECT 1 FROM messages WHERE dedup_key = NEW.dedup_key AND id <> OLD.id);
END;

CREATE TRIGGER messages_schedule_guard BEFORE UPDATE OF priority, not_before, expires_at ON messages
WHEN OLD.due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM own_writes)
 AND (NEW.priority IS NOT OLD.priority OR NEW.not_before IS NOT OLD.not_before OR NEW.expires_at IS NOT OLD.expires_at)
 AND OLD.status NOT IN ('pending', 'held') AND NEW.status <> 'pending'
 -- It may come back, and then outlive a pause as all others do.
 AND NOT (OLD.status = 'sending' AND NEW.priority = OLD.priority AND NEW.not_before IS OLD.not_before)
BEGIN
    SELECT RAISE(ABORT, 'priority, not_before and expires_at can change while the row is pending or held, or in the UPDATE that sets it to pending; expires_at also while it is being sent');
END;

CREATE TRIGGER messages_delete_guard BEFORE DELETE ON messages
WHEN OLD.status = 'sending' AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'the row is being sent: wait until the daemon has recorded how that ended');
END;

-- The operator's changes of status, completed.

CREATE TRIGGER messages_replayed AFTER UPDATE OF status ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
 AND NEW.status = 'pending' AND OLD.status IN ('held', 'failed', 'expired', 'cancelled', 'unconfirmed')
BEGIN
    INSERT INTO own_writes (one) VALUES (1);
    UPDATE messages
       SET stop = NULL,
           said_before = CASE
               WHEN sent_text IS NOT NULL AND sent_text IS NOT said_before
                AND (OLD.status = 'unconfirmed'
                     OR EXISTS (SELECT 1 FROM changes AS c WHERE c.message_id = NEW.id AND c.before = 'unconfirmed'))
               THEN coalesce(said_before || char(10), '') || sent_text
               ELSE said_before END,
           attempts = 0, deferrals = 0, error = NULL, error_detail = NULL, sent_text = NULL, sent_template = NULL, sent_to = NULL,
           sent_at = NULL, finished_at = NULL, remote_message_id = NULL, remote_status = NULL, verified = 0,
           due_at = max((SELECT now FROM wall_clock), coalesce(NEW.not_before, 0)),
           expires_at = CASE
               WHEN NEW.expires_at > (SELECT now FROM wall_clock)
                 OR (NEW.expires_at IS NOT NULL AND NEW.expires_at IS NOT OLD.expires_at)
               THEN NEW.expires_at
               ELSE min(253402300799999, (SELECT now FROM wall_clock)
                        + (SELECT expire_after_ms FROM accounts WHERE account = NEW.account))
               END
     WHERE id = NEW.id;
    DELETE FROM own_writes;
END;

CREATE TRIGGER messages_decided AFTER UPDATE OF status ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
 AND NEW.status IN ('sent', 'failed', 'cancelled') AND NEW.status <> OLD.status
BEGIN
    INSERT INTO own_writes (one) VALUES (1);
    UPDATE messages SET finished_at = (SELECT now FROM wall_clock), stop = NULL WHERE id = NEW.id;
    UPDATE messages
       SET sent_at = coalesce(sent_at, finished_at), error = NULL, error_detail = NULL
     WHERE id = NEW.id AND NEW.status = 'sent';
    DELETE FROM own_writes;
END;

-- What waits is stopped at once, what is being sent when it is known that it did not arrive (the daemon does that), what is
-- unconfirmed when a person has looked.
CREATE TRIGGER messages_stopped AFTER UPDATE OF stop ON messages
WHEN NEW.stop IS NOT NULL AND NEW.status <> 'sending' AND NEW.status <> 'unconfirmed'
BEGIN
    UPDATE messages SET status = NEW.stop, stop = NULL WHERE id = NEW.id;
END;

CREATE TRIGGER messages_stop_noted AFTER UPDATE OF stop ON messages
WHEN NEW.stop IS NOT OLD.stop AND NEW.status = 'sending'
BEGIN
    INSERT INTO changes (by_whom, account, message_id, before, after, reason)
    VALUES ('operator', NEW.account, NEW.id, 'sending', coalesce(NEW.stop, 'sending'), 'if it did not arrive');
END;

CREATE TRIGGER messages_rescheduled AFTER UPDATE OF not_before ON messages
WHEN NEW.not_before IS NOT OLD.not_before AND NEW.status IN ('pending', 'held')
 AND (NEW.status = OLD.status OR NEW.status = 'held')
 AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    INSERT INTO own_writes (one) VALUES (1);
    -- A retry's pause stays: the row is not due before it ends. One that was over before not_before came is none.
    UPDATE messages
       SET due_at = CASE WHEN (attempts = 0 AND deferrals = 0) OR due_at = OLD.not_before THEN order_at
                         ELSE max(due_at, coalesce(not_before, 0)) END
     WHERE id = NEW.id;
    DELETE FROM own_writes;
END;

CREATE TRIGGER messages_clock_set AFTER UPDATE OF expires_at, account ON messages
WHEN OLD.due_at IS NOT NULL AND NEW.expires_at IS NULL AND NEW.status IN ('pending', 'held') AND (NEW.status = OLD.status OR NEW.status = 'held')
 AND NOT EXISTS (SELECT 1 FROM own_writes)
 AND EXISTS (SELECT 1 FROM accounts WHERE account = NEW.account AND expire_after_ms IS NOT NULL)
BEGIN
    INSERT INTO own_writes (one) VALUES (1);
    UPDATE messages
       SET expires_at = min(253402300799999,
               created_at + (SELECT expire_after_ms FROM accounts WHERE account = NEW.account))
     WHERE id = NEW.id;
    DELETE FROM own_writes;
END;

-- The other tables.

CREATE TRIGGER attempts_insert_guard BEFORE INSERT ON attempts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'attempts is written by the daemon alone');
END;

CREATE TRIGGER attempts_update_guard BEFORE UPDATE ON attempts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'attempts is written by the daemon alone');
END;

CREATE TRIGGER attempts_delete_guard BEFORE DELETE ON attempts
WHEN NOT EXISTS (SELECT 1 FROM own_writes) AND EXISTS (SELECT 1 FROM messages WHERE id = OLD.message_id)
BEGIN
    SELECT RAISE(ABORT, 'attempts is written by the daemon alone: they go with their message');
END;

CREATE TRIGGER accounts_insert_guard BEFORE INSERT ON accounts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'accounts come from the configuration file: add it there, then reload cannedd');
END;

CREATE TRIGGER accounts_delete_guard BEFORE DELETE ON accounts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'the limiter remembers in this row what it has spent: to stop an account, set paused to 1');
END;

CREATE TRIGGER accounts_update_guard
BEFORE UPDATE OF account, tokens, blocked_until, breaker, requests_allowed, requests_used, window_resets_at,
    expire_after_ms, boot_id, saved_at_ms, lease, breaker_until, breaker_failures, breaker_cool_off_ms, window_ms,
    window_slides, saved_at, look_ups_blocked_until, conversation_per_minute ON accounts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'only paused and paused_reason of an account are yours to change');
END;

CREATE TRIGGER accounts_resumed AFTER UPDATE OF paused ON accounts
WHEN NEW.paused = 0 AND NEW.paused_reason IS NOT NULL
BEGIN
    UPDATE accounts SET paused_reason = NULL WHERE account = NEW.account;
END;

CREATE TRIGGER accounts_paused AFTER UPDATE OF paused ON accounts
WHEN NEW.paused = 1 AND NEW.paused_reason IS NULL
BEGIN
    UPDATE accounts SET paused_reason = 'paused by the operator' WHERE account = NEW.account;
END;

CREATE TRIGGER responses_updated AFTER UPDATE OF name, text, description ON responses
WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE responses SET updated_at = (SELECT now FROM wall_clock) WHERE name = NEW.name;
END;

-- What operators changed, for queue_changes; of accounts also what the daemon paused. Without texts: it outlives its rows.
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    changed_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER)),
    by_whom TEXT NOT NULL,
    account TEXT NOT NULL,
    message_id INTEGER,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reason TEXT
);

CREATE INDEX changes_message ON changes (message_id) WHERE message_id IS NOT NULL;
-- What may have been read although a person, or a rule, decided otherwise.
CREATE INDEX changes_doubted ON changes (before, message_id) WHERE before = 'unconfirmed';
CREATE INDEX changes_account ON changes (account) WHERE message_id IS NULL;
CREATE INDEX changes_made ON changes (changed_at);

CREATE TRIGGER messages_status_changed AFTER UPDATE OF status ON messages
WHEN NEW.status <> OLD.status AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    INSERT INTO changes (by_whom, account, message_id, before, after)
    VALUES ('operator', NEW.account, NEW.id, OLD.status, NEW.status);
END;

CREATE TRIGGER accounts_switched AFTER UPDATE OF paused ON accounts
WHEN NEW.paused <> OLD.paused
BEGIN
    INSERT INTO changes (by_whom, account, before, after, reason)
    VALUES ('operator', NEW.account, OLD.paused, NEW.paused, CASE NEW.paused WHEN 1 THEN NEW.paused_reason END);
END;

CREATE TRIGGER changes_update_guard BEFORE UPDATE ON changes
BEGIN
    SELECT RAISE(ABORT, 'what was changed stays written: changes is kept by triggers');
END;

CREATE TRIGGER changes_delete_guard BEFORE DELETE ON changes
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'changes is kept by triggers, and deleted by cannedd after retention.attempts');
END;

CREATE TRIGGER accounts_rate_guard BEFORE UPDATE OF requests_per_minute ON accounts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'requests_per_minute comes from the configuration file: change rate there, then reload cannedd');
END;
