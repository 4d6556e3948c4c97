-- Convocations and what happens to them, and the directory of devices. SQLite does not change a
-- CHECK: the two tables are made anew. Foreign keys are off while migrations run.

ALTER TABLE device ADD COLUMN carded INTEGER NOT NULL DEFAULT 0 CHECK (carded IN (0, 1, 2));
-- What the directory says of it: 0 nothing yet, 1 its key, 2 that it is shut out.

CREATE TABLE new_entry (
    place          INTEGER PRIMARY KEY,
    device_no      INTEGER NOT NULL REFERENCES device (device_no),
    device_seq     INTEGER NOT NULL CHECK (device_seq > 0),
    kind           TEXT NOT NULL CHECK (kind IN ('note', 'record', 'receipt')),
    owner          BLOB NOT NULL CHECK (length(owner) = 16),
    audience       TEXT NOT NULL
                   CHECK (audience IN ('private', 'group', 'council', 'administration', 'person')),
    -- The group of a group's audience, the member of a person's.
    audience_group BLOB CHECK (audience_group IS NULL OR length(audience_group) = 16),
    document       BLOB NOT NULL CHECK (length(document) = 16),
    epoch          INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
    made_ms        INTEGER NOT NULL,
    received_ms    INTEGER NOT NULL,
    -- The version a record got; 0 for everything else.
    record_version INTEGER NOT NULL CHECK ((kind = 'record') = (record_version > 0)),
    op_hash        BLOB NOT NULL CHECK (length(op_hash) = 32),
    signature      BLOB NOT NULL CHECK (length(signature) = 64),
    payload        BLOB NOT NULL,
    CHECK ((audience IN ('group', 'person')) = (audience_group IS NOT NULL))
) STRICT;
INSERT INTO new_entry SELECT * FROM entry;
DROP TABLE entry;
ALTER TABLE new_entry RENAME TO entry;
CREATE UNIQUE INDEX entry_of_device ON entry (device_no, device_seq);
CREATE INDEX entry_by_audience ON entry (place, audience, owner, audience_group);

CREATE TABLE new_record (
    council_no INTEGER NOT NULL REFERENCES council (council_no),
    entity     TEXT NOT NULL
               CHECK (entity IN ('council', 'member', 'group', 'body', 'sitting', 'device',
                                 'convocation')),
    id         BLOB NOT NULL CHECK (length(id) = 16),
    version    INTEGER NOT NULL CHECK (version > 0),
    place      INTEGER NOT NULL REFERENCES entry (place),
    shown      INTEGER NOT NULL CHECK (shown IN (0, 1)),
    PRIMARY KEY (council_no, entity, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_record SELECT * FROM record;
DROP TABLE record;
ALTER TABLE new_record RENAME TO record;

-- Proxies that stand for a sitting, so that nobody bears two (CGCT L2121-20, L3121-16).
CREATE TABLE proxy (
    council_no INTEGER NOT NULL REFERENCES council (council_no),
    sitting    BLOB NOT NULL CHECK (length(sitting) = 16),
    giver      BLOB NOT NULL CHECK (length(giver) = 16),
    bearer     BLOB NOT NULL CHECK (length(bearer) = 16),
    -- Whether its bearer refused it.
    declined   INTEGER NOT NULL DEFAULT 0 CHECK (declined IN (0, 1)),
    PRIMARY KEY (council_no, sitting, giver)
) STRICT, WITHOUT ROWID;
