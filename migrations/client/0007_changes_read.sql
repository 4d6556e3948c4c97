-- What changed in a paper since it was last read: the version that was read when a newer one came (0 when
-- none was), and the newest version whose changes have been looked at.
ALTER TABLE reading ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reading ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
