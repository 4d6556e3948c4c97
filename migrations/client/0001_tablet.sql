-- The tablet's store, first form. Never edited once released: a change is a new file.

-- Small values of the tablet itself: profile, preferences, cursor, view, device_seq, last_sync.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The catalogue: the newest version of every record, as JSON.
CREATE TABLE record (
    entity  TEXT NOT NULL CHECK (entity IN ('council', 'member', 'group', 'body', 'sitting')),
    id      BLOB NOT NULL CHECK (length(id) = 16),
    version INTEGER NOT NULL CHECK (version > 0),
    body    TEXT NOT NULL,
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

-- Papers of the sittings above, in their current version; derived from the records.
CREATE TABLE document (
    document  BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    sitting   BLOB NOT NULL,
    ordinal   INTEGER NOT NULL,
    title     TEXT NOT NULL,
    pdf       BLOB NOT NULL CHECK (length(pdf) = 32),
    bytes     INTEGER NOT NULL,
    starts_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX document_sitting ON document (sitting);
CREATE INDEX document_pdf ON document (pdf);

-- Papers that are whole and verified on the disk. Kept when no sitting names them any more: notes
-- stand on them.
CREATE TABLE paper (
    pdf     BLOB NOT NULL PRIMARY KEY CHECK (length(pdf) = 32),
    indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Entries of the log that this version cannot read, kept for one that can.
CREATE TABLE unread (
    seq INTEGER NOT NULL PRIMARY KEY,
    op  BLOB NOT NULL
) STRICT;

-- Notes documents: which PDF, whose, for whom; and whether the index below is up to date.
CREATE TABLE noted (
    doc        BLOB NOT NULL PRIMARY KEY CHECK (length(doc) = 16),
    pdf        BLOB NOT NULL CHECK (length(pdf) = 32),
    scope      BLOB NOT NULL,
    latest     INTEGER NOT NULL,
    indexed    INTEGER NOT NULL,
    unreadable INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX noted_pdf ON noted (pdf);

-- Pieces of notes documents in the order in which this tablet got them: every piece comes after
-- those it was made on. A draft is durable and not sealed, and has its changes as they were made; a
-- sealed piece is in the outbox; a logged one has its number; a refused one stays. All but drafts
-- have the whole operation as it travels, header and signature included.
CREATE TABLE piece (
    piece   INTEGER PRIMARY KEY AUTOINCREMENT,
    doc     BLOB NOT NULL REFERENCES noted (doc),
    state   TEXT NOT NULL CHECK (state IN ('draft', 'sealed', 'logged', 'refused')),
    changes BLOB,
    op      BLOB,
    op_hash BLOB UNIQUE CHECK (length(op_hash) = 32),
    seq     INTEGER UNIQUE,
    CHECK ((state = 'draft') = (changes IS NOT NULL)),
    CHECK ((state = 'draft') = (op IS NULL)),
    CHECK ((state = 'draft') = (op_hash IS NULL)),
    CHECK (state <> 'logged' OR seq IS NOT NULL)
) STRICT;
CREATE INDEX piece_doc ON piece (doc, piece);
CREATE INDEX piece_draft ON piece (doc, piece) WHERE state = 'draft';

CREATE TABLE snapshot (
    doc    BLOB NOT NULL PRIMARY KEY REFERENCES noted (doc),
    bytes  BLOB NOT NULL,
    covers INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sealed operations that the server has not answered, exactly as they travel.
CREATE TABLE outbox (
    device_seq INTEGER NOT NULL PRIMARY KEY CHECK (device_seq > 0),
    op         BLOB NOT NULL,
    op_hash    BLOB NOT NULL UNIQUE
) STRICT;

-- Operations that the server did not take. Nothing is deleted.
CREATE TABLE set_aside (
    device_seq INTEGER NOT NULL PRIMARY KEY,
    op         BLOB NOT NULL,
    answer     TEXT NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;

-- The notes as lists and search need them; derived from the pieces.
CREATE TABLE note (
    note        INTEGER PRIMARY KEY,
    annotation  BLOB NOT NULL CHECK (length(annotation) = 16),
    doc         BLOB NOT NULL REFERENCES noted (doc),
    owner       BLOB NOT NULL,
    pdf         BLOB NOT NULL,
    page        INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    words       TEXT NOT NULL,
    body        TEXT NOT NULL,
    strokes     BLOB,
    UNIQUE (doc, annotation)
) STRICT;
CREATE INDEX note_annotation ON note (annotation);
CREATE INDEX note_pdf ON note (pdf, page);
CREATE INDEX note_owner ON note (owner, modified_ms DESC);

CREATE VIRTUAL TABLE note_words USING fts5 (
    words, content = 'note', content_rowid = 'note',
    tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
CREATE TRIGGER note_added AFTER INSERT ON note BEGIN
    INSERT INTO note_words (rowid, words) VALUES (new.note, new.words);
END;
CREATE TRIGGER note_removed AFTER DELETE ON note BEGIN
    INSERT INTO note_words (note_words, rowid, words) VALUES ('delete', old.note, old.words);
END;
CREATE TRIGGER note_changed AFTER UPDATE OF words ON note BEGIN
    INSERT INTO note_words (note_words, rowid, words) VALUES ('delete', old.note, old.words);
    INSERT INTO note_words (rowid, words) VALUES (new.note, new.words);
END;

-- The text of the papers, folded for search. The prefix indexes cost 3 MB over 1,000 pages and make
-- the first letters of a word as quick as a whole one.
CREATE TABLE page (
    page_no INTEGER PRIMARY KEY,
    pdf     BLOB NOT NULL REFERENCES paper (pdf),
    page    INTEGER NOT NULL,
    words   TEXT NOT NULL,
    UNIQUE (pdf, page)
) STRICT;
CREATE VIRTUAL TABLE page_words USING fts5 (
    words, content = 'page', content_rowid = 'page_no',
    tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
CREATE TRIGGER page_added AFTER INSERT ON page BEGIN
    INSERT INTO page_words (rowid, words) VALUES (new.page_no, new.words);
END;
CREATE TRIGGER page_removed AFTER DELETE ON page BEGIN
    INSERT INTO page_words (page_words, rowid, words) VALUES ('delete', old.page_no, old.words);
END;

-- Where papers were last read.
CREATE TABLE reading (
    document BLOB NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL,
    page     INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
