-- When a device last opened a session: the clerk sees which tablets are in use.
ALTER TABLE device ADD COLUMN seen_ms INTEGER;
