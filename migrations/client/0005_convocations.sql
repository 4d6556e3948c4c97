-- Convocations and what happens to them, and the directory of devices.

-- SQLite does not change a CHECK: the table is made anew.
CREATE TABLE new_record (
    entity  TEXT NOT NULL
            CHECK (entity IN ('council', 'member', 'group', 'body', 'sitting', 'device',
                              'convocation')),
    id      BLOB NOT NULL CHECK (length(id) = 16),
    version INTEGER NOT NULL CHECK (version > 0),
    body    TEXT NOT NULL,
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_record SELECT * FROM record;
DROP TABLE record;
ALTER TABLE new_record RENAME TO record;

-- Signed operations kept whole, so that they can be shown to others: convocations and receipts (with
-- their sitting), cards of the directory (without one). Without a place in the log: this tablet's
-- own, which the server has not taken yet, or not taken at all.
CREATE TABLE evidence (
    evidence    INTEGER PRIMARY KEY AUTOINCREMENT,
    op_hash     BLOB NOT NULL UNIQUE CHECK (length(op_hash) = 32),
    sitting     BLOB CHECK (sitting IS NULL OR length(sitting) = 16),
    seq         INTEGER UNIQUE,
    received_ms INTEGER,
    refused     INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)),
    op          BLOB NOT NULL,
    CHECK ((seq IS NULL) = (received_ms IS NULL))
) STRICT;
CREATE INDEX evidence_sitting ON evidence (sitting);
