-- The post: messages that the server sends, and how far each has come. One row is one message to one
-- person by one way; it leaves once, whatever happens in between.
CREATE TABLE post (
    post_no     INTEGER PRIMARY KEY,
    council_no  INTEGER NOT NULL REFERENCES council (council_no),
    sitting     BLOB NOT NULL CHECK (length(sitting) = 16),
    convocation BLOB NOT NULL CHECK (length(convocation) = 16),
    member      BLOB NOT NULL CHECK (length(member) = 16),
    channel     TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    -- 0 for the convocation, then the number of the reminder.
    reminder    INTEGER NOT NULL CHECK (reminder >= 0),
    address     TEXT NOT NULL,
    -- 'leaving': recorded before the message's last byte goes out. Found in that state after a crash,
    -- nobody knows whether the next hand has it: it is sent again under the same Message-ID.
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'leaving', 'sent', 'failed', 'dropped')),
    attempts    INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    queued_ms   INTEGER NOT NULL,
    next_ms     INTEGER NOT NULL,
    done_ms     INTEGER,
    -- What the next hand answered last.
    answer      TEXT NOT NULL DEFAULT '',
    -- Whether the log says what became of it.
    witnessed   INTEGER NOT NULL DEFAULT 0 CHECK (witnessed IN (0, 1)),
    CHECK ((state IN ('sent', 'failed')) = (done_ms IS NOT NULL)),
    UNIQUE (council_no, convocation, member, channel, reminder)
) STRICT;
CREATE INDEX post_due ON post (next_ms) WHERE state IN ('waiting', 'leaving');
CREATE INDEX post_unwitnessed ON post (post_no) WHERE state IN ('sent', 'failed') AND NOT witnessed;
CREATE INDEX post_of_sitting ON post (council_no, sitting);

-- How far each council's log has been looked through for what is to be sent.
CREATE TABLE post_cursor (
    council_no INTEGER PRIMARY KEY REFERENCES council (council_no),
    place      INTEGER NOT NULL
) STRICT;
