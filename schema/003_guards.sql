-- Who may write what. The daemon's own transactions pass (own_writes); everybody else is told, in words, what to do.

CREATE TRIGGER messages_insert_guard BEFORE INSERT ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'id was used before: leave it out, the queue gives one')
     WHERE NEW.id > 0
       AND (EXISTS (SELECT 1 FROM messages WHERE id = NEW.id)
            OR NEW.id <= (SELECT seq FROM sqlite_sequence WHERE name = 'messages')
            OR NEW.id > 9007199254740991);
    SELECT RAISE(ABORT, 'a new row is pending or held: the other states are the result of sending it')
     WHERE NEW.status IN ('sending', 'sent', 'failed', 'expired', 'cancelled', 'unconfirmed');
    SELECT RAISE(ABORT, 'due_at, attempts, sent_text, sent_at, finished_at, remote_message_id, remote_status, verified, error, error_detail, deferrals and sent_to are written by the daemon: leave them out')
     WHERE NEW.due_at IS NOT NULL OR NEW.attempts IS NOT 0 OR NEW.sent_text IS NOT NULL OR NEW.sent_at IS NOT NULL
        OR NEW.finished_at IS NOT NULL OR NEW.remote_message_id IS NOT NULL OR NEW.remote_status IS NOT NULL
        OR NEW.verified IS NOT 0 OR NEW.error IS NOT NULL OR NEW.error_detail IS NOT NULL OR NEW.deferrals IS NOT 0
        OR NEW.sent_to IS NOT NULL;
END;

-- No column list: UPDATE ... SET rowid would slip past one.
CREATE TRIGGER messages_id_guard BEFORE UPDATE ON messages
WHEN NEW.id <> OLD.id
BEGIN
    SELECT RAISE(ABORT, 'id never changes');
END;

CREATE TRIGGER messages_status_guard BEFORE UPDATE OF status ON messages
WHEN NEW.status <> OLD.status AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'the row is being sent: wait until the daemon has recorded how that ended')
     WHERE OLD.status = 'sending';
    SELECT RAISE(ABORT, 'the row was sent, and sent is final: to say it again, insert a new row')
     WHERE OLD.status = 'sent';
    SELECT RAISE(ABORT, 'only the daemon sets sending, expired and unconfirmed: to have a row sent, set pending')
     WHERE NEW.status IN ('sending', 'expired', 'unconfirmed');
    SELECT RAISE(ABORT, 'only an unconfirmed row can be set to sent or failed by hand')
     WHERE NEW.status IN ('sent', 'failed') AND OLD.status <> 'unconfirmed';
    SELECT RAISE(ABORT, 'only a pending or held row can be cancelled')
     WHERE NEW.status = 'cancelled' AND OLD.status NOT IN ('pending', 'held');
    SELECT RAISE(ABORT, 'only a pending row can be held')
     WHERE NEW.status = 'held' AND OLD.status <> 'pending';
END;

CREATE TRIGGER messages_daemon_guard
BEFORE UPDATE OF created_at, due_at, attempts, sent_text, sent_at, finished_at, remote_message_id, remote_status,
    verified, error, error_detail, deferrals, sent_to ON messages
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
 AND (NEW.created_at IS NOT OLD.created_at
      OR (NEW.due_at IS NOT OLD.due_at AND OLD.due_at IS NOT NULL)
      OR NEW.attempts IS NOT OLD.attempts OR NEW.sent_text IS NOT OLD.sent_text OR NEW.sent_at IS NOT OLD.sent_at
      OR NEW.finished_at IS NOT OLD.finished_at OR NEW.remote_message_id IS NOT OLD.remote_message_id
      OR NEW.remote_status IS NOT OLD.remote_status OR NEW.verified IS NOT OLD.verified OR NEW.error IS NOT OLD.error
      OR NEW.error_detail IS NOT OLD.error_detail OR NEW.deferrals IS NOT OLD.deferrals
      OR NEW.sent_to IS NOT OLD.sent_to)
BEGIN
    SELECT RAISE(ABORT, 'created_at, due_at, attempts, sent_text, sent_at, finished_at, remote_message_id, remote_status, verified, error, error_detail, deferrals and sent_to are written by the daemon: to try a row again, set its status to pending');
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
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
 AND (NEW.priority IS NOT OLD.priority OR NEW.not_before IS NOT OLD.not_before OR NEW.expires_at IS NOT OLD.expires_at)
 AND OLD.status NOT IN ('pending', 'held') AND NEW.status <> 'pending'
BEGIN
    SELECT RAISE(ABORT, 'priority, not_before and expires_at can change while the row is pending or held, or in the UPDATE that sets it to pending');
END;

CREATE TRIGGER messages_delete_guard BEFORE DELETE ON messages
WHEN OLD.status = 'sending' AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'the row is being sent: wait until the daemon has recorded how that ended');
END;

-- The operator's changes of status, completed.

CREATE TRIGGER messages_replayed AFTER UPDATE OF status ON messages
WHEN NEW.status = 'pending' AND OLD.status IN ('held', 'failed', 'expired', 'cancelled', 'unconfirmed')
 AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    INSERT INTO own_writes (one) VALUES (1);
    UPDATE messages
       SET attempts = 0, deferrals = 0, error = NULL, error_detail = NULL, sent_text = NULL, sent_to = NULL,
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
WHEN NEW.status IN ('sent', 'failed', 'cancelled') AND NEW.status <> OLD.status
 AND NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    INSERT INTO own_writes (one) VALUES (1);
    UPDATE messages SET finished_at = (SELECT now FROM wall_clock) WHERE id = NEW.id;
    UPDATE messages
       SET sent_at = coalesce(sent_at, finished_at), error = NULL, error_detail = NULL
     WHERE id = NEW.id AND NEW.status = 'sent';
    DELETE FROM own_writes;
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
WHEN NEW.expires_at IS NULL AND NEW.status IN ('pending', 'held') AND (NEW.status = OLD.status OR NEW.status = 'held')
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
    expire_after_ms, boot_id, saved_at_ms, lease, breaker_until, breaker_failures, breaker_cool_off_ms ON accounts
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
