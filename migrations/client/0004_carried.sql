-- Where notes of earlier versions of a paper stand on later ones; derived from the pieces.
CREATE TABLE carried (
    doc        BLOB NOT NULL REFERENCES noted (doc),
    annotation BLOB NOT NULL CHECK (length(annotation) = 16),
    body       TEXT NOT NULL,
    PRIMARY KEY (doc, annotation)
) STRICT, WITHOUT ROWID;

-- What another tablet carried may be among pieces that were read before this table was there: every
-- notes document is read once more.
UPDATE noted SET indexed = 0;
