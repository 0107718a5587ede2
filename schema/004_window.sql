-- What has been learned of the server's rate window: without it a daemon that comes back takes a window that slides for
-- a fixed one, and spends it twice. NULL: nothing has been learned.
ALTER TABLE accounts ADD COLUMN window_ms INTEGER;
ALTER TABLE accounts ADD COLUMN window_slides INTEGER NOT NULL DEFAULT 0;
-- The wall clock when this was saved, beside saved_at_ms: how much of a pause was left must not depend on a clock that is set.
ALTER TABLE accounts ADD COLUMN saved_at INTEGER;

CREATE TRIGGER accounts_window_guard BEFORE UPDATE OF window_ms, window_slides, saved_at ON accounts
WHEN NOT EXISTS (SELECT 1 FROM own_writes)
BEGIN
    SELECT RAISE(ABORT, 'only paused and paused_reason of an account are yours to change');
END;
