-- Letters that are held back after the database was brought back to an earlier moment: what
-- migrations/server/0009_held.sql says in SQLite.
CREATE TABLE post_hold (
    council_no bigint PRIMARY KEY REFERENCES council (council_no),
    since_ms   bigint NOT NULL
);

ALTER TABLE post ADD COLUMN held text NOT NULL DEFAULT 'no' CHECK (held IN ('no', 'untold', 'told'));
CREATE INDEX post_untold ON post (post_no) WHERE held = 'untold' AND state = 'waiting';
