-- For people: times as YYYY-MM-DD HH:MM:SS UTC. Recreated whenever their text here changes; nothing of ours reads them.

-- oldest and newest by created_at; of what was sent, those that were sent first and last.
CREATE VIEW queue_status AS
SELECT c.account, c.status, c.messages,
       datetime(CASE c.status
           WHEN 'sent' THEN (SELECT m.created_at FROM messages AS m INDEXED BY messages_finished
                              WHERE m.account = c.account AND m.status = 'sent' AND m.finished_at IS NOT NULL
                              ORDER BY m.finished_at LIMIT 1)
           WHEN 'sending' THEN (SELECT min(m.created_at) FROM messages AS m INDEXED BY messages_sending
                                 WHERE m.status = 'sending' AND m.account = c.account)
           ELSE (SELECT min(m.created_at) FROM messages AS m INDEXED BY messages_age
                  WHERE m.account = c.account AND m.status = c.status
                    AND m.status <> 'sent' AND m.status <> 'sending')
           END / 1000, 'unixepoch') AS oldest,
       datetime(CASE c.status
           WHEN 'sent' THEN (SELECT m.created_at FROM messages AS m INDEXED BY messages_finished
                              WHERE m.account = c.account AND m.status = 'sent' AND m.finished_at IS NOT NULL
                              ORDER BY m.finished_at DESC LIMIT 1)
           WHEN 'sending' THEN (SELECT max(m.created_at) FROM messages AS m INDEXED BY messages_sending
                                 WHERE m.status = 'sending' AND m.account = c.account)
           ELSE (SELECT max(m.created_at) FROM messages AS m INDEXED BY messages_age
                  WHERE m.account = c.account AND m.status = c.status
                    AND m.status <> 'sent' AND m.status <> 'sending')
           END / 1000, 'unixepoch') AS newest
  FROM counters AS c
 WHERE c.messages > 0
 ORDER BY c.account, c.status;

-- What goes next, in that order, and why it waits. For each account and priority the first 100 lanes, of each the
-- first 10 rows, so that it answers at once however long the queue is.
CREATE VIEW queue_due AS
WITH RECURSIVE
    ranks (account, waits, priority) AS (
        SELECT a.account, k.waits, (SELECT max(l.priority) FROM lanes AS l
                                     WHERE l.account = a.account AND l.waits = k.waits AND l.sending = 0)
          FROM (SELECT DISTINCT account FROM counters) AS a CROSS JOIN (SELECT 0 AS waits UNION ALL SELECT 1) AS k
        UNION
        SELECT r.account, r.waits, (SELECT max(l.priority) FROM lanes AS l
                                     WHERE l.account = r.account AND l.waits = r.waits AND l.sending = 0
                                       AND l.priority < r.priority)
          FROM ranks AS r WHERE r.priority IS NOT NULL
    ),
    next_lanes (lane, account, priority, head_id, ready_at, turn_at, sending, from_at) AS (
        SELECT l.lane, l.account, l.priority, l.head_id, l.ready_at, l.turn_at, l.sending, l.from_at
          FROM ranks AS r
          JOIN lanes AS l ON l.lane IN (
                SELECT n.lane FROM lanes AS n
                 WHERE n.account = r.account AND n.waits = r.waits AND n.priority = r.priority AND n.sending = 0
                 ORDER BY n.turn_at, n.head_id LIMIT 100)
        UNION ALL
        SELECT l.lane, l.account, l.priority, l.head_id, l.ready_at, l.turn_at, l.sending, l.from_at
          FROM messages AS s JOIN lanes AS l ON l.lane = s.lane
         WHERE s.status = 'sending'
    )
SELECT m.id, m.account, m.conversation_id, m.agent_id, m.priority, m.attempts,
       datetime(m.due_at / 1000, 'unixepoch') AS due,
       CASE WHEN m.id <> h.head_id THEN 'behind ' || h.head_id
            WHEN h.ready_at > w.now THEN 'scheduled'
            WHEN a.paused = 1 THEN 'paused'
            WHEN a.breaker = 'open' AND coalesce(a.breaker_until, w.now + 1) > w.now THEN 'breaker'
            WHEN a.blocked_until > w.now OR a.tokens < 1 THEN 'rate'
            ELSE 'due' END AS why,
       coalesce(m.text, m.response) AS says,
       datetime(m.expires_at / 1000, 'unixepoch') AS expires,
       CASE WHEN m.expires_at <= m.due_at THEN 'expires before it is due: set a later expires_at' END AS warning
  FROM next_lanes AS h
 CROSS JOIN wall_clock AS w
  JOIN messages AS m ON m.id IN (
        SELECT p.id FROM messages AS p WHERE p.lane = h.lane AND p.order_at >= h.from_at AND p.status = 'pending'
         ORDER BY p.order_at, p.id LIMIT 10)
  LEFT JOIN accounts AS a ON a.account = h.account
 ORDER BY h.ready_at > w.now, h.priority DESC, h.turn_at, h.head_id, m.order_at, m.id;

-- What a replay would meet again. The one list of it; what_next and queue_problems are flattened into who asks.
CREATE VIEW hopeless AS
SELECT m.*,
       -- The daemon's sentence names pending, too: not of what a person has stopped.
       CASE WHEN m.stop IS NULL THEN m.error_detail
            ELSE replace(replace(m.error_detail, '''sent'', ''failed'' or ''pending''', '''sent'' or ''failed'', for a person has stopped it'),
                         'sent, failed or (to send it, perhaps again) pending', 'sent or failed, for a person has stopped it') END AS advised,
       -- A person, or `unconfirmed: resend`, decided; nobody proved that it did not arrive.
       EXISTS (SELECT 1 FROM changes AS c
                WHERE c.message_id = m.id AND c.before = 'unconfirmed' AND c.after <> 'sent') AS was_in_doubt,
       'INSERT INTO messages (account, route, conversation_id, agent_id, customer_id, text, response, variables, tag, dedup_key) '
       || 'SELECT account, route, conversation_id, agent_id, customer_id, text, response, variables, tag, ''again-' || m.id
       || ''' FROM messages WHERE id = ' || m.id || ' ON CONFLICT (dedup_key) DO NOTHING;' AS once_more,
       coalesce(m.error IN ('conversation_ended', 'conversation_not_found', 'ambiguous_conversation', 'bad_variables',
                                 'bad_text', 'bad_request', 'text_too_long', 'too_large', 'no_contact'), 0) AS is_hopeless
  FROM messages AS m;

-- Of a row that ended or waits for a person: the one thing to do. replay: only what can be run for all of them without a look.
CREATE VIEW what_next AS
SELECT m.*,
       CASE WHEN m.status = 'unconfirmed' AND m.stop IS NOT NULL
            THEN 'it was to be ' || m.stop || ' if it did not arrive: look into the conversation. It is there: '
                || 'UPDATE messages SET status = ''sent'' WHERE id = ' || m.id || '; It is not: '
                || 'UPDATE messages SET status = ''failed'' WHERE id = ' || m.id || ';'
            WHEN m.status = 'unconfirmed' AND m.error = 'sent_elsewhere'
            THEN 'it was said, in the conversation that the detail names. That will do: '
                || 'UPDATE messages SET status = ''sent'' WHERE id = ' || m.id || '; To say it once more here: '
                || 'UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';'
            WHEN m.status = 'unconfirmed' AND instr(coalesce(m.error_detail, ''), 'it cannot be read back (forbidden)') = 1
            THEN 'give the role conversation:message:view, or what else the detail says is missing: then others are read back. '
                || 'This one you must look for. It is there: UPDATE messages SET status = ''sent'' WHERE id = '
                || m.id || '; It is not: UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';'
            WHEN m.status = 'unconfirmed'
            THEN 'look into the conversation. It is there: UPDATE messages SET status = ''sent'' WHERE id = '
                || m.id || '; It is not: UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';'
            WHEN m.status = 'sent'
            THEN 'Genesys took it and could not deliver it. To say it once more, in a new row: ' || m.once_more
            WHEN m.error = 'conversation_ended' THEN 'nothing: the conversation is over; a new one has another id'
            WHEN m.is_hopeless
            THEN 'a replay would end the same way: insert a new row, with the wrong part of the SELECT put right: ' || m.once_more
            WHEN m.error = 'missing_variable'
            THEN 'mend the response, then: UPDATE messages SET status = ''pending'' WHERE id = ' || m.id
                || '; Or a new row, with the value in the place of variables: ' || m.once_more
            WHEN m.was_in_doubt AND m.status <> 'held'
            THEN 'an earlier try may have been read (queue_told): look into the conversation. To say it, perhaps again: '
                || 'UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';'
            WHEN m.status = 'cancelled' OR (m.error IS NULL AND (m.status = 'held' OR m.status = 'expired'))
            THEN 'to send it after all: UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';'
            ELSE 'when that is mended: UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';' END AS what_to_do,
       CASE WHEN m.status <> 'unconfirmed' AND m.status <> 'sent' AND coalesce(m.error, '') <> 'missing_variable'
                 AND NOT m.is_hopeless AND NOT m.was_in_doubt
            THEN 'UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';' END AS replay
  FROM hopeless AS m;

-- What needs a person. Each is told by the condition of messages_problem, in its words, so that the index answers.
CREATE VIEW queue_problems AS
SELECT m.id, m.account, m.status, coalesce(m.error, CASE m.status WHEN 'sent' THEN m.remote_status END) AS error,
       m.advised AS detail, m.conversation_id, m.agent_id, m.attempts,
       datetime(m.created_at / 1000, 'unixepoch') AS created,
       datetime(m.finished_at / 1000, 'unixepoch') AS finished,
       m.what_to_do, m.replay, m.tag
  FROM what_next AS m
 WHERE m.status = 'failed' OR m.status = 'unconfirmed' OR m.status = 'held' OR m.status = 'expired'
    OR (m.status = 'sent' AND m.remote_status = 'delivery-failed')
 ORDER BY m.id DESC;

CREATE VIEW queue_recent AS
SELECT m.id, m.account, m.status, m.conversation_id, m.agent_id, m.attempts, m.error,
       datetime(m.created_at / 1000, 'unixepoch') AS created,
       datetime(m.sent_at / 1000, 'unixepoch') AS sent,
       datetime(m.finished_at / 1000, 'unixepoch') AS finished,
       coalesce(m.sent_text, m.text, m.response) AS says
  FROM messages AS m
 ORDER BY m.id DESC
 LIMIT 100;

CREATE VIEW queue_attempts AS
SELECT a.message_id, a.attempt, m.account, m.status,
       datetime(a.started_at / 1000, 'unixepoch') AS started,
       a.finished_at - a.started_at AS took_ms,
       a.phase, a.http_status, a.outcome, a.error, a.correlation_id
  FROM attempts AS a LEFT JOIN messages AS m ON m.id = a.message_id
 ORDER BY a.id DESC;

-- How old what waits is, like Postfix's qshape. A backlog that came at once lies in one bucket: of those with many rows the oldest is
-- not counted but what the others leave. LIMIT -1 OFFSET 0 here and below: SQLite would work each column out again wherever it
-- is named.
CREATE VIEW queue_shape AS
WITH
    buckets (bucket, from_ms, to_ms) AS (
        VALUES (1, -9000000000000000, 60000), (2, 60000, 300000), (3, 300000, 900000), (4, 900000, 3600000),
               (5, 3600000, 21600000), (6, 21600000, 86400000), (7, 86400000, 9000000000000000)),
    tasted AS (
        SELECT c.account, c.messages AS pending, w.now, b.bucket, b.from_ms, b.to_ms,
               (SELECT count(*) FROM (SELECT 1 FROM messages AS m INDEXED BY messages_age
                 WHERE m.account = c.account AND m.status = 'pending' AND m.status <> 'sent' AND m.status <> 'sending'
                   AND m.created_at > w.now - b.to_ms AND m.created_at <= w.now - b.from_ms LIMIT 50001)) AS some
          FROM counters AS c CROSS JOIN wall_clock AS w CROSS JOIN buckets AS b
         WHERE c.status = 'pending' AND c.messages > 0
         LIMIT -1 OFFSET 0),
    counted AS (
        SELECT t.account, t.pending, t.bucket,
               CASE WHEN t.some <= 50000 THEN t.some
                    WHEN t.bucket = max(CASE WHEN t.some > 50000 THEN t.bucket END) OVER (PARTITION BY t.account) THEN NULL
                    ELSE (SELECT count(*) FROM messages AS m INDEXED BY messages_age
                           WHERE m.account = t.account AND m.status = 'pending' AND m.status <> 'sent' AND m.status <> 'sending'
                             AND m.created_at > t.now - t.to_ms AND m.created_at <= t.now - t.from_ms) END AS messages
          FROM tasted AS t
         LIMIT -1 OFFSET 0),
    shaped AS (
        SELECT c.account, c.pending, c.bucket,
               coalesce(c.messages, c.pending - coalesce(sum(c.messages) OVER (PARTITION BY c.account), 0)) AS messages
          FROM counted AS c)
SELECT s.account, s.pending,
       sum(s.messages) FILTER (WHERE s.bucket = 1) AS under_1m,
       sum(s.messages) FILTER (WHERE s.bucket = 2) AS under_5m,
       sum(s.messages) FILTER (WHERE s.bucket = 3) AS under_15m,
       sum(s.messages) FILTER (WHERE s.bucket = 4) AS under_1h,
       sum(s.messages) FILTER (WHERE s.bucket = 5) AS under_6h,
       sum(s.messages) FILTER (WHERE s.bucket = 6) AS under_1d,
       sum(s.messages) FILTER (WHERE s.bucket = 7) AS older
  FROM shaped AS s
 GROUP BY s.account
 ORDER BY s.account;

-- When an account last showed that its service runs and can write: what the limiter remembers is written with each result, and
-- what lets it rest is known. patience_ms: rows that are due for longer than that, and no sign, mean that something stands still.
CREATE VIEW last_signs AS
SELECT a.account,
       max(coalesce(a.saved_at, 0), coalesce(a.blocked_until, 0), coalesce(a.breaker_until, 0),
           coalesce(a.look_ups_blocked_until, 0), coalesce((SELECT max(t.started_at) FROM attempts AS t), 0),
           coalesce((SELECT max(c.changed_at) FROM changes AS c
                      WHERE c.account = a.account AND c.message_id IS NULL), 0)) AS seen_at,
       60000 + 120000 / max(1, coalesce(a.requests_per_minute, 60)) AS patience_ms
  FROM accounts AS a;

-- When what is due now is sent: that, and what is on its way, over what is really sent, and at most over what the rate allows.
-- Measured since the backlog became due, over 5 minutes at most; one that is due for less than 10 s shows no pace yet. Nothing sent for a minute of backlog, a paused account, an
-- API that fails, or a service that stands still: no time can be told. An account that is throttled sends all of it after its
-- pause. What is planned for later is told beside it, without what expires first.
CREATE VIEW queue_eta AS
WITH
    backlogs AS (
        SELECT c.account, c.messages AS pending, w.now, a.paused, a.requests_per_minute AS allowed, a.breaker, a.breaker_until,
               max(0, coalesce(a.blocked_until, 0) - w.now) AS blocked_ms, a.blocked_until,
               (SELECT min(m.due_at) FROM messages AS m
                 WHERE m.account = c.account AND m.status = 'pending' AND m.due_at IS NOT NULL) AS first_due,
               (SELECT count(*) FROM (SELECT 1 FROM messages AS m
                 WHERE m.account = c.account AND m.status = 'pending' AND m.due_at > w.now LIMIT 10001)) AS ahead,
               coalesce((SELECT s.messages FROM counters AS s
                          WHERE s.account = c.account AND s.status = 'sending'), 0) AS flying,
               (SELECT count(*) FROM (SELECT 1 FROM messages AS m
                 WHERE m.account = c.account AND m.status = 'pending' AND m.due_at > w.now
                   AND (m.expires_at IS NULL OR m.expires_at > m.due_at) LIMIT 10000)) AS planned,
               (SELECT m.id FROM messages AS m
                 WHERE m.account = c.account AND m.status = 'pending' AND m.due_at > w.now
                   AND (m.expires_at IS NULL OR m.expires_at > m.due_at) ORDER BY m.due_at DESC LIMIT 1) AS last_id,
               (SELECT g.seen_at FROM last_signs AS g WHERE g.account = c.account) AS seen_at,
               (SELECT g.patience_ms FROM last_signs AS g WHERE g.account = c.account) AS patience_ms,
               (SELECT s.stopped_at FROM service AS s WHERE s.one = 1) AS stopped_at,
               (SELECT count(*) FROM messages AS s
                 WHERE s.status = 'sending' AND s.account = c.account
                   AND (SELECT t.finished_at FROM attempts AS t WHERE t.message_id = s.id ORDER BY t.id DESC LIMIT 1) IS NOT NULL) AS doubts,
               coalesce(a.breaker_failures, 0) AS failures, a.conversation_per_minute AS pace,
               -- One conversation's rows go one after the other. In a long backlog of many that decides nothing.
               CASE WHEN c.messages <= 5000 THEN (SELECT max((SELECT count(*) FROM (SELECT 1 FROM messages AS p
                                                   WHERE p.lane = n.lane AND p.order_at >= n.from_at AND p.status = 'pending'
                                                     AND p.due_at <= w.now LIMIT 2000)))
                  FROM (SELECT * FROM (SELECT l.lane, l.from_at FROM lanes AS l WHERE l.account = c.account AND l.sending = 0 LIMIT 60)
                        UNION ALL
                        SELECT * FROM (SELECT l.lane, l.from_at FROM messages AS s JOIN lanes AS l ON l.lane = s.lane
                                        WHERE s.status = 'sending' AND s.account = c.account LIMIT 60)) AS n
               ) ELSE 0 END AS longest
          FROM counters AS c CROSS JOIN wall_clock AS w LEFT JOIN accounts AS a ON a.account = c.account
         WHERE c.status = 'pending'
         LIMIT -1 OFFSET 0
    ),
    watched AS (
        SELECT b.*, max(b.now - 300000, min(coalesce(b.first_due, 0), b.now - 10000)) AS since,
               -- A backlog is not counted row by row; what is planned seldom is as long.
               CASE WHEN b.ahead <= 10000 THEN b.pending - b.ahead
                    ELSE (SELECT count(*) FROM messages AS d
                           WHERE d.account = b.account AND d.status = 'pending' AND d.due_at <= b.now) END AS due,
               m.due_at AS last_due, coalesce(m.error, '') AS last_error,
               coalesce(b.seen_at < b.now - b.patience_ms
                   AND EXISTS (SELECT 1 FROM lanes AS l WHERE l.account = b.account AND l.sending = 0
                                AND l.ready_at < b.now - b.patience_ms), 0) AS stands_still
          FROM backlogs AS b LEFT JOIN messages AS m ON m.id = b.last_id
         LIMIT -1 OFFSET 0
    ),
    counted AS (
        SELECT t.*, (SELECT count(*) FROM messages AS m
                      WHERE m.account = t.account AND m.status = 'sent' AND m.finished_at > t.since) AS sent
          FROM watched AS t
         LIMIT -1 OFFSET 0
    ),
    measured AS (
        SELECT g.*, g.sent * 60000.0 / (g.now - g.since) AS per_minute
          FROM counted AS g
         LIMIT -1 OFFSET 0
    ),
    paced AS (
        SELECT h.*, max(h.in_turn_ms, CAST((h.due + h.flying) * 60000.0 / CASE
                   WHEN coalesce(h.first_due, h.now) > h.now - 10000 THEN h.allowed
                   WHEN h.sent > 0 THEN min(h.per_minute, coalesce(h.allowed, h.per_minute))
                   WHEN coalesce(h.first_due, h.now) > h.now - 60000 THEN h.allowed END AS INTEGER)) AS lasts_ms
          FROM (SELECT u.*, CASE WHEN u.longest > 5 THEN u.longest * 60000 / max(1, coalesce(u.pace, 60)) ELSE 0 END AS in_turn_ms
                  FROM measured AS u LIMIT -1 OFFSET 0) AS h
         LIMIT -1 OFFSET 0
    ),
    told AS (
        SELECT d.*, CASE WHEN d.pending + d.flying = 0 THEN 0
                         WHEN d.paused = 1 OR d.breaker <> 'closed' OR d.stands_still OR d.lasts_ms IS NULL
                           OR d.stopped_at IS NOT NULL OR d.failures > 2 THEN NULL
                         WHEN d.due + d.flying = 0 THEN (max(d.blocked_ms, d.last_due - d.now) + 999) / 1000
                         ELSE (d.blocked_ms + d.lasts_ms + 999) / 1000 END AS seconds
          FROM paced AS d
         LIMIT -1 OFFSET 0
    ),
    noted AS (
        SELECT f.*, CASE
            WHEN f.pending + f.flying = 0 THEN 'empty'
            WHEN f.stopped_at IS NOT NULL THEN 'the service was stopped at ' || datetime(f.stopped_at / 1000, 'unixepoch')
                || ': systemctl start cannedd'
            WHEN f.paused = 1 THEN 'paused: no time can be told'
            WHEN f.breaker <> 'closed' THEN 'API or network failed, one request tries them '
                || CASE WHEN f.breaker_until > f.now THEN 'at ' || datetime(f.breaker_until / 1000, 'unixepoch') ELSE 'now' END
                || ': no time can be told before it is answered'
            WHEN f.stands_still THEN 'nothing has been sent for ' || ((f.now - max(f.seen_at, f.first_due)) / 60000)
                || ' min although rows are due: see systemctl status cannedd'
            WHEN f.failures > 2 THEN 'API or network failed ' || f.failures
                || ' times in a row: no time can be told; see systemctl status cannedd'
            WHEN f.lasts_ms IS NULL AND f.blocked_ms > 0 THEN 'the API lets nothing pass before '
                || datetime(f.blocked_until / 1000, 'unixepoch') || ': no time can be told'
            WHEN f.lasts_ms IS NULL THEN 'nothing was sent lately: SELECT * FROM queue_due'
            WHEN f.seconds IS NULL THEN 'all that wait expire before their time'
            WHEN f.due + f.flying = 0 AND f.last_error <> ''
                THEN 'at the soonest: the last one is tried again at that time (' || f.last_error || ')'
            WHEN f.due + f.flying = 0 AND f.planned = 1 THEN 'it is planned for that time'
            WHEN f.due + f.flying = 0 THEN 'all ' || f.planned || CASE f.planned WHEN 10000 THEN ' and more' ELSE '' END
                || ' are planned, the last for that time'
            WHEN f.blocked_ms > 0 THEN 'at the soonest: the API lets nothing pass before '
                || datetime(f.blocked_until / 1000, 'unixepoch')
            WHEN f.sent = 0 THEN 'at the soonest: nothing was sent yet'
            WHEN f.due > 0 AND f.lasts_ms > f.in_turn_ms AND f.first_due > f.now - 10000
                THEN 'at the soonest: due for less than 10 s, which shows no pace'
            WHEN f.doubts > 0 THEN 'at the soonest: ' || f.doubts || CASE f.doubts WHEN 1 THEN ' is' ELSE ' are' END
                || ' in doubt and read back first; what is behind in the same conversation waits'
            WHEN f.lasts_ms = f.in_turn_ms AND f.due > 0 THEN f.longest || ' wait for one conversation, which takes ' || f.pace
                || ' a minute' END AS base,
               CASE WHEN f.seconds IS NOT NULL AND f.due + f.flying > 0 AND f.planned > 0
                    THEN CASE f.planned WHEN 1 THEN '1 more is planned, for '
                                        WHEN 10000 THEN '10000 or more are planned, the last for '
                                        ELSE f.planned || ' more are planned, the last for ' END
                        || datetime(f.last_due / 1000, 'unixepoch')
                        || CASE f.last_error WHEN '' THEN '' ELSE ' (tried again: ' || f.last_error || ')' END END AS later
          FROM told AS f
         LIMIT -1 OFFSET 0
    )
SELECT e.account, e.pending, round(e.per_minute, 1) AS sent_per_minute, e.allowed AS at_most_per_minute, e.seconds,
       datetime(e.now / 1000 + e.seconds, 'unixepoch') AS empty_at,
       coalesce(e.base || '; ' || e.later, e.base, e.later) AS note
  FROM noted AS e
 ORDER BY e.account;

-- Of each row that was not sent: what it waits for or how it ended, since when, and the one thing to do.
CREATE VIEW queue_why AS
SELECT k.id, k.account, k.status,
       CASE k.reason
           WHEN 'no account' THEN 'its account is not configured'
           WHEN 'paused' THEN 'paused: ' || coalesce(k.paused_reason, '')
           WHEN 'scheduled' THEN 'scheduled for ' || datetime(k.not_before / 1000, 'unixepoch')
           WHEN 'behind' THEN 'behind ' || k.head_id || CASE
               WHEN k.head_status = 'sending' THEN ', which is being sent'
               WHEN k.head_due > k.now AND k.head_expires <= k.head_due THEN ', which expires at '
                   || datetime(k.head_expires / 1000, 'unixepoch') || coalesce(' (' || k.head_error || ')', '')
               WHEN k.head_due > k.now THEN ', which goes at ' || datetime(k.head_due / 1000, 'unixepoch')
                   || coalesce(' (' || k.head_error || ')', '')
               ELSE '' END
           WHEN 'breaker' THEN 'breaker: API or network failed, one request tries them at '
               || coalesce(datetime(k.breaker_until / 1000, 'unixepoch'), 'once')
           WHEN 'rate' THEN k.tried_before || 'rate: nothing leaves before ' || datetime(k.blocked_until / 1000, 'unixepoch')
           WHEN 'retry' THEN CASE WHEN k.expires_at <= k.due_at
               THEN 'it expires at ' || datetime(k.expires_at / 1000, 'unixepoch') || ', before it would be tried again'
               ELSE 'tried again at ' || datetime(k.due_at / 1000, 'unixepoch') END || coalesce(': ' || k.error, '')
               || CASE WHEN k.blocked_until > k.due_at
                  THEN '; nothing leaves before ' || datetime(k.blocked_until / 1000, 'unixepoch') ELSE '' END
           WHEN 'look-ups' THEN 'the API lets look-ups wait until ' || datetime(k.look_ups_blocked_until / 1000, 'unixepoch')
               || '; conversations that are known go on'
           WHEN 'pace' THEN 'its conversation rests until ' || datetime(k.rests_until / 1000, 'unixepoch')
               || ': its rate, or what the last answer told'
           WHEN 'stopped' THEN 'the service was stopped at ' || datetime(k.stopped_at / 1000, 'unixepoch')
               || CASE k.status WHEN 'sending' THEN ': in doubt, and read back when it runs'
                                ELSE coalesce('; tried before: ' || k.error, '') END
           WHEN 'silent' THEN 'nothing has been sent for ' || ((k.now - max(k.seen_at, k.ready_at)) / 60000)
               || ' min although it is due: see systemctl status cannedd' || coalesce('; tried before: ' || k.error, '')
           WHEN 'spent' THEN k.tried_before || 'rate: the budget is spent and comes back all the time'
           WHEN 'due' THEN CASE WHEN k.due_at < k.now - 60000
               THEN 'due, and not taken for ' || ((k.now - k.due_at) / 1000) || ' s: the service does not run, or others go first'
               ELSE 'due' END || coalesce(', tried before: ' || k.error, '')
           WHEN 'doubt' THEN 'in doubt: ' || coalesce(k.tried_error, 'no certain answer') || ', it is read back'
               || coalesce('; ' || k.stop || ' if it did not arrive', '') || CASE WHEN k.paused = 1 THEN ' when its account goes on; paused: ' || coalesce(k.paused_reason, '') ELSE '' END
           WHEN 'sending' THEN CASE WHEN k.started_at < k.now - 60000
               THEN 'being sent, and no end of it was recorded: the service does not run, or cannot write'
               ELSE 'being sent' END || coalesce('; ' || k.stop || ' if it did not arrive', '')
           WHEN 'undelivered' THEN 'sent: accepted, and not delivered'
           ELSE k.status || coalesce(': ' || CASE k.error WHEN k.status THEN 'nobody can tell whether it was delivered'
                                                          ELSE k.error END, CASE WHEN k.status = 'held' THEN ' by a person' END, '') END AS why,
       datetime(CASE k.reason
           WHEN 'paused' THEN coalesce(
               (SELECT max(c.changed_at) FROM changes AS c
                 WHERE c.account = k.account AND c.message_id IS NULL AND c.after = '1'), k.order_at)
           WHEN 'scheduled' THEN k.created_at
           WHEN 'stopped' THEN k.stopped_at
           WHEN 'undelivered' THEN k.sent_at
           WHEN 'retry' THEN coalesce(k.tried_at, k.created_at)
           WHEN 'doubt' THEN k.tried_at
           WHEN 'sending' THEN k.started_at
           WHEN 'ended' THEN coalesce(k.finished_at,
               (SELECT max(c.changed_at) FROM changes AS c WHERE c.message_id = k.id AND c.after = k.status),
               k.tried_at, k.created_at)
           ELSE min(k.now, k.due_at) END / 1000, 'unixepoch') AS since,
       CASE k.reason
           WHEN 'no account' THEN 'add the account to accounts: in cannedd.yaml and reload, or correct the row: '
               || 'UPDATE messages SET account = ''default'' WHERE id = ' || k.id || ';'
           WHEN 'paused' THEN 'when that is mended: UPDATE accounts SET paused = 0 WHERE account = ' || quote(k.account) || ';'
           WHEN 'doubt' THEN CASE WHEN k.paused = 1
               THEN 'when that is mended: UPDATE accounts SET paused = 0 WHERE account = ' || quote(k.account) || ';'
               ELSE 'nothing: it goes on by itself' END
           WHEN 'scheduled' THEN CASE WHEN k.expires_at <= k.not_before
               THEN 'it expires before that: UPDATE messages SET expires_at = not_before + 3600000 WHERE id = ' || k.id || ';'
               ELSE 'nothing; to send it now: UPDATE messages SET not_before = NULL WHERE id = ' || k.id || ';' END
           WHEN 'behind' THEN 'SELECT * FROM queue_why WHERE id = ' || k.head_id || ';'
           WHEN 'due' THEN CASE WHEN k.due_at < k.now - 60000
               THEN 'systemctl status cannedd; if it does not run: systemctl start cannedd; if it does: SELECT * FROM queue_eta;'
               ELSE 'nothing: it goes within seconds; if it stays: systemctl status cannedd' END
           WHEN 'stopped' THEN 'systemctl start cannedd'
           WHEN 'silent' THEN 'systemctl status cannedd: if it does not run, systemctl start cannedd; '
               || 'else its line says what stands in the way: a full disk, a database that cannot be written'
           WHEN 'sending' THEN CASE WHEN k.started_at < k.now - 60000
               THEN 'systemctl status cannedd; if it does not run: systemctl start cannedd, then it is read back'
               ELSE 'nothing: it goes on by itself' END
           WHEN 'retry' THEN CASE WHEN k.expires_at <= k.due_at
               THEN 'to have it tried again: UPDATE messages SET expires_at = ' || (k.due_at + 3600000) || ' WHERE id = ' || k.id || ';'
               ELSE 'nothing, or what the detail says' END
           WHEN 'ended' THEN (SELECT n.what_to_do FROM what_next AS n WHERE n.id = k.id)
           WHEN 'undelivered' THEN (SELECT n.what_to_do FROM what_next AS n WHERE n.id = k.id)
           -- One after the other: the service must see the first.
           ELSE 'nothing: it goes on by itself' || CASE WHEN k.reason IN ('rate', 'breaker')
               THEN '; to let one request try sooner: UPDATE accounts SET paused = 1 WHERE account = ' || quote(k.account)
                   || '; and 2 s later: UPDATE accounts SET paused = 0 WHERE account = ' || quote(k.account) || ';'
               ELSE '' END END AS what_to_do,
       CASE WHEN k.status = 'pending' AND k.error IS NOT NULL AND k.tried_at IS NOT NULL
            THEN 'last try ' || datetime(k.tried_at / 1000, 'unixepoch') || coalesce(': ' || k.detail, '') ELSE k.detail END AS detail,
       k.conversation_id, k.agent_id, k.tag
  FROM (SELECT i.id, i.account, i.status, w.now, l.ready_at, g.seen_at, v.stopped_at, m.stop, m.sent_at,
               CASE WHEN m.due_at > w.now OR coalesce(m.error, 'throttled') = 'throttled' THEN ''
                    ELSE 'to be tried again since ' || datetime(m.due_at / 1000, 'unixepoch')
                   || ' (' || m.error || '); ' END AS tried_before, m.not_before, m.due_at, m.order_at, m.created_at, m.finished_at,
               m.expires_at, m.error, CASE WHEN m.stop IS NULL THEN m.error_detail ELSE (SELECT n.advised FROM hopeless AS n WHERE n.id = m.id) END AS detail,
               m.conversation_id, m.agent_id, m.tag, l.head_id, l.rests_until,
               h.status AS head_status, h.due_at AS head_due, h.expires_at AS head_expires, h.error AS head_error, a.paused, a.paused_reason, a.breaker_until,
               a.blocked_until, a.look_ups_blocked_until, t.started_at, t.finished_at AS tried_at, t.error AS tried_error,
               CASE WHEN m.status = 'sent' THEN 'undelivered'
                    WHEN m.status = 'sending' AND v.stopped_at IS NOT NULL THEN 'stopped'
                    WHEN m.status = 'sending' THEN CASE WHEN t.finished_at IS NULL THEN 'sending' ELSE 'doubt' END
                    WHEN m.status <> 'pending' THEN 'ended'
                    WHEN a.account IS NULL AND EXISTS (SELECT 1 FROM accounts) THEN 'no account'
                    WHEN a.paused = 1 THEN 'paused'
                    WHEN m.not_before > w.now AND (m.id = l.head_id OR m.not_before > l.ready_at) THEN 'scheduled'
                    WHEN m.id <> l.head_id THEN 'behind'
                    WHEN v.stopped_at IS NOT NULL THEN 'stopped'
                    WHEN a.breaker = 'open' AND coalesce(a.breaker_until, w.now + 1) > w.now THEN 'breaker'
                    WHEN m.due_at > w.now AND m.error <> 'throttled' THEN 'retry'
                    WHEN a.blocked_until > w.now THEN 'rate'
                    WHEN m.error = 'throttled' AND a.look_ups_blocked_until > w.now THEN 'look-ups'
                    WHEN m.due_at > w.now THEN 'retry'
                    WHEN l.rests_until > w.now AND a.look_ups_blocked_until > w.now THEN 'look-ups'
                    WHEN l.rests_until > w.now THEN 'pace'
                    WHEN max(l.ready_at, g.seen_at) < w.now - g.patience_ms THEN 'silent'
                    WHEN a.tokens < 1 THEN 'spent'
                    ELSE 'due' END AS reason
          -- Three arms, so that each is answered from an index and a WHERE on these three columns reaches it.
          FROM (SELECT s.id, s.account, s.status FROM messages AS s WHERE s.status = 'sending'
                UNION ALL
                SELECT o.id, o.account, o.status FROM messages AS o WHERE o.status <> 'sent' AND o.status <> 'sending'
                UNION ALL
                SELECT u.id, u.account, u.status FROM messages AS u
                 WHERE (u.status = 'failed' OR u.status = 'unconfirmed' OR u.status = 'held' OR u.status = 'expired'
                        OR (u.status = 'sent' AND u.remote_status = 'delivery-failed')) AND u.status = 'sent') AS i
         CROSS JOIN wall_clock AS w
          JOIN messages AS m ON m.id = i.id
          LEFT JOIN lanes AS l ON l.lane = m.lane
          LEFT JOIN messages AS h ON h.id = l.head_id
          LEFT JOIN accounts AS a ON a.account = i.account
          LEFT JOIN last_signs AS g ON g.account = i.account
          LEFT JOIN service AS v ON v.one = 1
          LEFT JOIN attempts AS t ON t.id = (SELECT max(x.id) FROM attempts AS x WHERE x.message_id = i.id)) AS k;

-- Who was told what, when and whether once: what was sent, and what may have been. A result that was found later than it
-- was sent bears the start of the try that was in doubt. Three arms: the first is answered for a conversation by two indexes; in
-- the last is what a person, or a rule, decided without a proof, and what then ended otherwise.
CREATE VIEW queue_told AS
SELECT m.id, m.account, i.conversation,
       datetime(coalesce(
           CASE WHEN m.verified = 1
                  OR EXISTS (SELECT 1 FROM changes AS c WHERE c.message_id = m.id AND c.after = 'sent')
                THEN (SELECT t.started_at FROM attempts AS t
                       WHERE t.message_id = m.id AND t.outcome = 'indeterminate' ORDER BY t.id DESC LIMIT 1) END,
           m.sent_at) / 1000, 'unixepoch') AS told_at,
       CASE WHEN EXISTS (SELECT 1 FROM changes AS c
                          WHERE c.message_id = m.id AND c.before = 'unconfirmed' AND c.after <> 'sent')
            THEN CASE WHEN m.remote_status = 'delivery-failed' THEN 'in doubt' ELSE 'perhaps twice' END
            WHEN m.remote_status = 'delivery-failed' THEN 'not delivered'
            ELSE 'once' END AS times,
       CASE WHEN EXISTS (SELECT 1 FROM changes AS c WHERE c.message_id = m.id AND c.after = 'sent') THEN 'by hand'
            WHEN m.verified = 1 THEN 'read back'
            ELSE 'answered' END AS how,
       coalesce(m.sent_text, m.text, m.response) AS text, m.tag, nullif(m.said_before, m.sent_text) AS said_before
  FROM (SELECT n.id, n.lane AS conversation FROM messages AS n WHERE n.status = 'sent' AND n.conversation_id IS NOT NULL
        UNION ALL
        SELECT s.id, s.sent_to FROM messages AS s WHERE s.status = 'sent' AND s.conversation_id IS NULL) AS i
  JOIN messages AS m ON m.id = i.id
UNION ALL
SELECT m.id, m.account, coalesce(m.sent_to, lower(m.conversation_id)),
       datetime(t.started_at / 1000, 'unixepoch'), 'in doubt', NULL, coalesce(m.sent_text, m.text, m.response), m.tag,
       nullif(m.said_before, m.sent_text)
  FROM (SELECT s.id FROM messages AS s INDEXED BY messages_sending WHERE s.status = 'sending'
        UNION ALL
        SELECT u.id FROM counters AS c CROSS JOIN messages AS u INDEXED BY messages_age
         WHERE c.status = 'unconfirmed' AND c.messages > 0 AND u.account = c.account AND u.status = 'unconfirmed'
           AND u.status <> 'sent' AND u.status <> 'sending') AS i
  JOIN messages AS m ON m.id = i.id
  LEFT JOIN attempts AS t ON t.id = (SELECT max(x.id) FROM attempts AS x WHERE x.message_id = i.id)
 WHERE m.status = 'unconfirmed' OR t.finished_at IS NOT NULL
UNION ALL
SELECT m.id, m.account, coalesce(m.sent_to, lower(m.conversation_id)),
       datetime((SELECT t.started_at FROM attempts AS t
                  WHERE t.message_id = m.id AND t.outcome = 'indeterminate' ORDER BY t.id DESC LIMIT 1) / 1000, 'unixepoch'),
       'in doubt', CASE c.by_whom WHEN 'operator' THEN 'by hand' END, coalesce(m.sent_text, m.said_before, m.text, m.response),
       m.tag, CASE WHEN m.sent_text IS NOT NULL THEN nullif(m.said_before, m.sent_text) END
  FROM changes AS c
  JOIN messages AS m ON m.id = c.message_id
 WHERE c.before = 'unconfirmed' AND c.after <> 'sent'
   AND m.status <> 'sent' AND m.status <> 'unconfirmed' AND m.status <> 'sending'
   AND NOT EXISTS (SELECT 1 FROM changes AS l WHERE l.message_id = c.message_id AND l.id > c.id AND l.before = 'unconfirmed');

-- What operators changed, and what paused an account: the newest first.
CREATE VIEW queue_changes AS
SELECT datetime(c.changed_at / 1000, 'unixepoch') AS changed, c.by_whom, c.account, c.message_id,
       CASE WHEN c.message_id IS NULL THEN 'paused' ELSE 'status' END AS what, c.before, c.after, c.reason
  FROM changes AS c
 ORDER BY c.id DESC;
