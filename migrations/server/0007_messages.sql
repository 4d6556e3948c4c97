-- Messages to members: whose copies the log holds, so that each is taken once and its receipts find it.
CREATE TABLE message (
    council_no INTEGER NOT NULL REFERENCES council (council_no),
    message    BLOB NOT NULL CHECK (length(message) = 16),
    member     BLOB NOT NULL CHECK (length(member) = 16),
    place      INTEGER NOT NULL REFERENCES entry (place),
    PRIMARY KEY (council_no, message, member)
) STRICT, WITHOUT ROWID;

-- The queue carries them as well. A message's row has its identifier in both columns, sitting and
-- convocation.
ALTER TABLE post ADD COLUMN about TEXT NOT NULL DEFAULT 'convocation'
    CHECK (about IN ('convocation', 'message'));
