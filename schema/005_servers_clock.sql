-- When an attempt began, by the clock that stamps what is read back: Genesys's, as its answers told it, at the least. Ours may
-- be set while a doubt lasts, also across a reboot. NULL: no answer had told it yet. boot_id and steady_ms, which it
-- replaces, are written no more; DROP COLUMN would need SQLite 3.35.
ALTER TABLE attempts ADD COLUMN started_at_server INTEGER;
