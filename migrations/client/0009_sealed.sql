-- Notes that are sealed for those who may read them, and the keys with which they open.

-- What a sealed piece carries once it is open; none for those that nothing closes.
ALTER TABLE piece ADD COLUMN opened BLOB CHECK (opened IS NULL OR op IS NOT NULL);

-- Notes of the log that do not open here: their key has not come yet, or the key that came does not
-- open them (`untrue`). The whole operation as it travels.
CREATE TABLE closed (
    op_hash BLOB NOT NULL PRIMARY KEY CHECK (length(op_hash) = 32),
    seq     INTEGER NOT NULL,
    op      BLOB NOT NULL,
    untrue  INTEGER NOT NULL DEFAULT 0 CHECK (untrue IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Lists of devices and wrapped keys, as they travel: of the log (with their number), on their way there
-- (in the outbox), refused, or lost with the end of a log. Never deleted but by erasing what may no
-- longer be seen: the keys that stand in them open the notes.
CREATE TABLE key_op (
    op_hash BLOB NOT NULL PRIMARY KEY CHECK (length(op_hash) = 32),
    seq     INTEGER,
    refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)),
    op      BLOB NOT NULL
) STRICT, WITHOUT ROWID;
