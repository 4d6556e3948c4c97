-- Convocations and what happens to them, and the directory of devices: what
-- migrations/server/0004_convocations.sql says in SQLite.

ALTER TABLE device ADD COLUMN carded bigint NOT NULL DEFAULT 0 CHECK (carded IN (0, 1, 2));

ALTER TABLE entry DROP CONSTRAINT entry_audience_check;
ALTER TABLE entry DROP CONSTRAINT entry_check;
ALTER TABLE entry ADD CONSTRAINT entry_audience_check
    CHECK (audience IN ('private', 'group', 'council', 'administration', 'person'));
ALTER TABLE entry ADD CONSTRAINT entry_check
    CHECK ((audience IN ('group', 'person')) = (audience_group IS NOT NULL));

CREATE TABLE proxy (
    council_no bigint NOT NULL REFERENCES council (council_no),
    sitting    bytea NOT NULL CHECK (length(sitting) = 16),
    giver      bytea NOT NULL CHECK (length(giver) = 16),
    bearer     bytea NOT NULL CHECK (length(bearer) = 16),
    declined   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (council_no, sitting, giver)
);
