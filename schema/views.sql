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
    next_lanes (lane, account, priority, head_id, ready_at, turn_at, sending) AS (
        SELECT l.lane, l.account, l.priority, l.head_id, l.ready_at, l.turn_at, l.sending
          FROM ranks AS r
          JOIN lanes AS l ON l.lane IN (
                SELECT n.lane FROM lanes AS n
                 WHERE n.account = r.account AND n.waits = r.waits AND n.priority = r.priority AND n.sending = 0
                 ORDER BY n.turn_at, n.head_id LIMIT 100)
        UNION ALL
        SELECT l.lane, l.account, l.priority, l.head_id, l.ready_at, l.turn_at, l.sending
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
        SELECT p.id FROM messages AS p WHERE p.lane = h.lane AND p.status = 'pending'
         ORDER BY p.order_at, p.id LIMIT 10)
  LEFT JOIN accounts AS a ON a.account = h.account
 ORDER BY h.ready_at > w.now, h.priority DESC, h.turn_at, h.head_id, m.order_at, m.id;

CREATE VIEW queue_problems AS
SELECT m.id, m.account, m.status, m.error, m.error_detail AS detail, m.conversation_id, m.agent_id, m.attempts,
       datetime(m.created_at / 1000, 'unixepoch') AS created,
       datetime(m.finished_at / 1000, 'unixepoch') AS finished,
       'UPDATE messages SET status = ''pending'' WHERE id = ' || m.id || ';' AS replay
  FROM messages AS m
 WHERE m.status = 'failed' OR m.status = 'unconfirmed' OR m.status = 'held'
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

-- How old what waits is, like Postfix's qshape.
CREATE VIEW queue_shape AS
SELECT c.account, count(*) AS pending,
       sum(w.now - m.created_at < 60000) AS under_1m,
       sum(w.now - m.created_at >= 60000 AND w.now - m.created_at < 300000) AS under_5m,
       sum(w.now - m.created_at >= 300000 AND w.now - m.created_at < 900000) AS under_15m,
       sum(w.now - m.created_at >= 900000 AND w.now - m.created_at < 3600000) AS under_1h,
       sum(w.now - m.created_at >= 3600000 AND w.now - m.created_at < 21600000) AS under_6h,
       sum(w.now - m.created_at >= 21600000 AND w.now - m.created_at < 86400000) AS under_1d,
       sum(w.now - m.created_at >= 86400000) AS older
  FROM counters AS c
 CROSS JOIN wall_clock AS w
  JOIN messages AS m ON m.account = c.account AND m.status = 'pending'
 WHERE c.status = 'pending' AND c.messages > 0
 GROUP BY c.account;

-- Backlog over what was sent in the last 5 minutes.
CREATE VIEW queue_eta AS
SELECT b.account, b.pending, b.sent_5m / 5.0 AS sent_per_minute,
       CASE WHEN b.pending = 0 THEN 0 WHEN b.sent_5m > 0 THEN (b.pending * 300 + b.sent_5m - 1) / b.sent_5m END
           AS seconds,
       CASE WHEN b.pending = 0 THEN datetime(b.now / 1000, 'unixepoch')
            WHEN b.sent_5m > 0 THEN datetime(b.now / 1000 + b.pending * 300 / b.sent_5m, 'unixepoch') END AS empty_at
  FROM (SELECT c.account, c.messages AS pending, w.now,
               (SELECT count(*) FROM messages AS m
                 WHERE m.account = c.account AND m.status = 'sent' AND m.finished_at > w.now - 300000) AS sent_5m
          FROM counters AS c CROSS JOIN wall_clock AS w
         WHERE c.status = 'pending') AS b
 ORDER BY b.account;
