-- Notes of several audiences: what was refused stands apart, what is erased leaves no trace, and what
-- can be taken back outlives the app.

-- Refused pieces whose notes were kept as private ones: they are no longer part of their document.
ALTER TABLE piece ADD COLUMN apart INTEGER NOT NULL DEFAULT 0 CHECK (apart IN (0, 1));

-- When a note came to be on this tablet as it stands; 0 for those that were here before.
ALTER TABLE note ADD COLUMN arrived_ms INTEGER NOT NULL DEFAULT 0;

-- Notes that were to be shared and are private: whom they were meant for.
CREATE TABLE unshared (
    annotation BLOB NOT NULL PRIMARY KEY CHECK (length(annotation) = 16),
    audience   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Edits of a paper that can be taken back, or done again (`undone`), as the client writes them.
CREATE TABLE history (
    entry    INTEGER PRIMARY KEY AUTOINCREMENT,
    document BLOB NOT NULL CHECK (length(document) = 16),
    undone   INTEGER NOT NULL CHECK (undone IN (0, 1)),
    steps    BLOB NOT NULL
) STRICT;
CREATE INDEX history_document ON history (document, undone, entry);

-- The words of a note that leaves this tablet leave its index too.
INSERT INTO note_words (note_words, rank) VALUES ('secure-delete', 1);
