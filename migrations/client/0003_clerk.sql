-- The clerk's desk: sittings that are being prepared, the files dropped for them; and, for everyone,
-- when the changes of a sitting were last looked at.

-- A draft is a line of states; `step` names the present one. A draft that was put away can be taken
-- back.
CREATE TABLE sitting_draft (
    sitting BLOB NOT NULL PRIMARY KEY CHECK (length(sitting) = 16),
    base    INTEGER NOT NULL CHECK (base >= 0),
    step    INTEGER NOT NULL,
    away    INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1)),
    at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sitting_draft_step (
    sitting BLOB NOT NULL REFERENCES sitting_draft (sitting) ON DELETE CASCADE,
    step    INTEGER NOT NULL,
    body    TEXT NOT NULL,
    UNIQUE (sitting, step)
) STRICT;

CREATE TABLE desk_file (
    place   INTEGER PRIMARY KEY,
    file    BLOB NOT NULL UNIQUE CHECK (length(file) = 16),
    sitting BLOB NOT NULL CHECK (length(sitting) = 16),
    body    TEXT NOT NULL
) STRICT;
CREATE INDEX desk_file_sitting ON desk_file (sitting, place);

CREATE TABLE changes_seen (
    sitting BLOB NOT NULL PRIMARY KEY CHECK (length(sitting) = 16),
    at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
