-- Lists of devices and wrapped keys, which the server carries and does not read. SQLite does not change
-- a CHECK: the table is made anew. Foreign keys are off while migrations run.

CREATE TABLE new_entry (
    place          INTEGER PRIMARY KEY,
    device_no      INTEGER NOT NULL REFERENCES device (device_no),
    device_seq     INTEGER NOT NULL CHECK (device_seq > 0),
    kind           TEXT NOT NULL
                   CHECK (kind IN ('note', 'record', 'receipt', 'directory', 'keys')),
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
