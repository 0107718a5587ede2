-- What triggers keep: the count of every status, and one row for each lane that has something to send. Both hold after
-- any statement of any writer, whatever its recursive_triggers or foreign_keys say.

-- Holds a row only inside a transaction of the daemon, or while a trigger corrects a row: these writes are our own.
CREATE TABLE own_writes (one INTEGER PRIMARY KEY CHECK (one = 1));

CREATE TABLE counters (
    account TEXT NOT NULL,
    status TEXT NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (account, status)
) WITHOUT ROWID;

-- A lane's head is the row that is being sent, else its first pending one; account, priority and due_at are the head's.
-- served_at is when the lane last had its turn: among lanes of equal priority the longest waiting turn comes first.
CREATE TABLE lanes (
    lane TEXT PRIMARY KEY NOT NULL,
    account TEXT NOT NULL,
    head_id INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    sending INTEGER NOT NULL,
    served_at INTEGER NOT NULL DEFAULT 0,
    turn_at INTEGER GENERATED ALWAYS AS (max(due_at, served_at)) VIRTUAL
) WITHOUT ROWID;

CREATE INDEX lanes_by_turn ON lanes (account, priority DESC, turn_at, head_id, due_at) WHERE sending = 0;
CREATE INDEX lanes_by_due ON lanes (account, priority DESC, due_at, head_id) WHERE sending = 0;

CREATE VIEW wall_clock AS
SELECT CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER) AS now;

-- A procedure: INSERT INTO lane_refresh (lane) brings that lane's row up to date.
CREATE VIEW lane_refresh AS SELECT lane FROM lanes;

CREATE TRIGGER lane_refresh_run INSTEAD OF INSERT ON lane_refresh
BEGIN
    INSERT INTO lanes (lane, account, head_id, priority, due_at, sending)
    SELECT m.lane, m.account, m.id, m.priority, m.due_at, m.status = 'sending'
      FROM messages AS m
     WHERE m.id = coalesce(
               (SELECT s.id FROM messages AS s WHERE s.lane = NEW.lane AND s.status = 'sending'),
               (SELECT p.id FROM messages AS p WHERE p.lane = NEW.lane AND p.status = 'pending'
                 ORDER BY p.order_at, p.id LIMIT 1))
    ON CONFLICT (lane) DO UPDATE
       SET account = excluded.account, head_id = excluded.head_id, priority = excluded.priority,
           due_at = excluded.due_at, sending = excluded.sending
     WHERE head_id <> excluded.head_id OR due_at <> excluded.due_at OR sending <> excluded.sending
        OR priority <> excluded.priority OR account <> excluded.account;
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
    -- Setting due_at brings the lane up to date as well (messages_moved).
    UPDATE messages
       SET due_at = NEW.order_at,
           expires_at = coalesce(NEW.expires_at, min(253402300799999,
               NEW.created_at + (SELECT expire_after_ms FROM accounts WHERE account = NEW.account)))
     WHERE id = NEW.id;
END;

CREATE TRIGGER messages_counted AFTER UPDATE OF status, account ON messages
WHEN NEW.status <> OLD.status OR NEW.account <> OLD.account
BEGIN
    UPDATE counters SET messages = messages - 1 WHERE account = OLD.account AND status = OLD.status;
    INSERT INTO counters (account, status, messages) VALUES (NEW.account, NEW.status, 1)
        ON CONFLICT (account, status) DO UPDATE SET messages = messages + 1;
END;

CREATE TRIGGER messages_moved
AFTER UPDATE OF status, due_at, priority, not_before, created_at, account, conversation_id, agent_id ON messages
WHEN (OLD.status IN ('pending', 'sending') OR NEW.status IN ('pending', 'sending'))
 AND (NEW.status <> OLD.status OR NEW.due_at IS NOT OLD.due_at OR NEW.priority <> OLD.priority
      OR NEW.order_at <> OLD.order_at OR NEW.account <> OLD.account OR NEW.lane <> OLD.lane)
BEGIN
    INSERT INTO lane_refresh (lane) VALUES (NEW.lane);
    INSERT INTO lane_refresh (lane) SELECT OLD.lane WHERE OLD.lane <> NEW.lane;
END;

CREATE TRIGGER messages_deleted AFTER DELETE ON messages
BEGIN
    UPDATE counters SET messages = messages - 1 WHERE account = OLD.account AND status = OLD.status;
    INSERT INTO lane_refresh (lane) SELECT OLD.lane WHERE OLD.status IN ('pending', 'sending');
    DELETE FROM attempts WHERE message_id = OLD.id;
END;
