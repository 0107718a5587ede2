-- What has been learned of the server's rate window: without it a daemon that comes back takes a window that slides for
-- a fixed one, and spends it twice. NULL: nothing has been learned.
ALTER TABLE accounts ADD COLUMN window_ms INTEGER;
ALTER TABLE accounts ADD COLUMN window_slides INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER accounts_window_guard BEFORE UPDATE OF window_ms, window_slides ON accounts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'only paused and paused_reason of an account are yours to change');
END;
