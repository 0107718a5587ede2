-- The queue and what belongs to it. Whatever stands here runs in the producer's SQLite, so it keeps to what SQLite 3.31
-- knows, and each CHECK bears the sentence that its writer reads when it refuses a row.
-- Times are Unix milliseconds. Every length is bounded: a row that no UPDATE could load again would jam the queue.

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT
        CONSTRAINT "id is given by the queue: leave it out" CHECK (id > 0),
    account TEXT DEFAULT 'default'
        CONSTRAINT "account must be a name of 1 to 128 bytes"
        CHECK (typeof(account) = 'text' AND length(CAST(account AS BLOB)) BETWEEN 1 AND 128),
    route TEXT
        CONSTRAINT "route must be message, agentless, chat or tutorial, or left out"
        CHECK (route IS NULL OR route IN ('message', 'agentless', 'chat', 'tutorial')),
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
        CHECK (not_before IS NULL OR (typeof(not_before) = 'integer' AND not_before BETWEEN 0 AND 253402300799999)),
    expires_at INTEGER
        CONSTRAINT "expires_at must be Unix milliseconds"
        CHECK (expires_at IS NULL OR (typeof(expires_at) = 'integer' AND expires_at BETWEEN 0 AND 253402300799999)),
    dedup_key TEXT UNIQUE
        CONSTRAINT "dedup_key must be 1 to 400 bytes of text"
        CHECK (dedup_key IS NULL OR (typeof(dedup_key) = 'text'
            AND length(CAST(dedup_key AS BLOB)) BETWEEN 1 AND 400)),
    tag TEXT
        CONSTRAINT "tag must be text of at most 4000 bytes"
        CHECK (tag IS NULL OR (typeof(tag) = 'text' AND length(CAST(tag AS BLOB)) <= 4000)),
    created_at INTEGER DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER))
        CONSTRAINT "created_at must be Unix milliseconds: leave it out, and it is now"
        CHECK (typeof(created_at) = 'integer' AND created_at BETWEEN 0 AND 253402300799999),
    status TEXT DEFAULT 'pending'
        CONSTRAINT "status must be pending, sending, sent, failed, expired, cancelled, held or unconfirmed"
        CHECK (status IS NOT NULL AND status IN
            ('pending', 'sending', 'sent', 'failed', 'expired', 'cancelled', 'held', 'unconfirmed')),
    due_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_text TEXT,
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
    -- whose turn a row waits for: its conversation's, or its agent's while nobody knows the conversation
    lane TEXT GENERATED ALWAYS AS (coalesce(lower(conversation_id), 'agent:' || lower(agent_id))) VIRTUAL,
    -- a row's place in its lane, together with id
    order_at INTEGER GENERATED ALWAYS AS (coalesce(not_before, created_at)) VIRTUAL,

    CONSTRAINT "give either text or response, exactly one of them" CHECK ((text IS NULL) <> (response IS NULL)),
    CONSTRAINT "name a conversation_id or an agent_id" CHECK (conversation_id IS NOT NULL OR agent_id IS NOT NULL)
);

CREATE UNIQUE INDEX messages_remote ON messages (remote_message_id) WHERE remote_message_id IS NOT NULL;
-- One in flight in a lane: the index would refuse a second one.
CREATE UNIQUE INDEX messages_sending ON messages (lane) WHERE status = 'sending';
CREATE INDEX messages_pending ON messages (lane, order_at, id) WHERE status = 'pending';
CREATE INDEX messages_due ON messages (account, due_at) WHERE status = 'pending';
CREATE INDEX messages_expiry ON messages (expires_at) WHERE status IN ('pending', 'held');
CREATE INDEX messages_without_expiry ON messages (account) WHERE expires_at IS NULL AND status IN ('pending', 'held');
CREATE INDEX messages_age ON messages (account, status, created_at);
CREATE INDEX messages_finished ON messages (account, status, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX messages_problem ON messages (id) WHERE status IN ('failed', 'unconfirmed', 'held');
CREATE INDEX messages_unnamed ON messages (sent_to) WHERE status = 'sent' AND remote_message_id IS NULL;
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
    -- when it began by a clock that nobody sets: comparable within one boot
    boot_id TEXT,
    steady_ms INTEGER
);

CREATE INDEX attempts_message ON attempts (message_id);

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
        CONSTRAINT "breaker must be closed, open or half_open" CHECK (breaker IN ('closed', 'open', 'half_open')),
    requests_allowed INTEGER,
    requests_used INTEGER,
    window_resets_at INTEGER,
    expire_after_ms INTEGER,
    -- steady times are of this boot
    boot_id TEXT NOT NULL DEFAULT '',
    saved_at_ms INTEGER NOT NULL DEFAULT 0,
    lease INTEGER NOT NULL DEFAULT 0,
    breaker_until INTEGER,
    breaker_failures INTEGER NOT NULL DEFAULT 0,
    breaker_cool_off_ms INTEGER NOT NULL DEFAULT 0
);

-- Answered requests in slices of steady time, for the sliding cap.
CREATE TABLE request_slices (
    account TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (account, at_ms)
) WITHOUT ROWID;
