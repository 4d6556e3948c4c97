-- The post, when the log is in PostgreSQL: what migrations/server/0005_post.sql and 0006_messages.sql
-- say in SQLite. One server process carries it at a time, the one that holds the advisory lock.
CREATE TABLE post (
    post_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    council_no  bigint NOT NULL REFERENCES council (council_no),
    about       text NOT NULL CHECK (about IN ('convocation', 'message')),
    sitting     bytea NOT NULL CHECK (length(sitting) = 16),
    convocation bytea NOT NULL CHECK (length(convocation) = 16),
    member      bytea NOT NULL CHECK (length(member) = 16),
    channel     text NOT NULL CHECK (channel IN ('email', 'sms')),
    reminder    bigint NOT NULL CHECK (reminder >= 0),
    address     text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'leaving', 'sent', 'failed', 'dropped')),
    attempts    bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    queued_ms   bigint NOT NULL,
    next_ms     bigint NOT NULL,
    done_ms     bigint,
    answer      text NOT NULL DEFAULT '',
    witnessed   boolean NOT NULL DEFAULT false,
    CHECK ((state IN ('sent', 'failed')) = (done_ms IS NOT NULL)),
    UNIQUE (council_no, convocation, member, channel, reminder)
);
CREATE INDEX post_due ON post (next_ms) WHERE state IN ('waiting', 'leaving');
CREATE INDEX post_unwitnessed ON post (post_no) WHERE state IN ('sent', 'failed') AND NOT witnessed;
CREATE INDEX post_of_sitting ON post (council_no, sitting);

CREATE TABLE post_cursor (
    council_no bigint PRIMARY KEY REFERENCES council (council_no),
    seq        bigint NOT NULL
);
