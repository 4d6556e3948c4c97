-- Messages to members: what migrations/server/0006_messages.sql says in SQLite.
CREATE TABLE message (
    council_no bigint NOT NULL REFERENCES council (council_no),
    message    bytea NOT NULL CHECK (length(message) = 16),
    member     bytea NOT NULL CHECK (length(member) = 16),
    seq        bigint NOT NULL,
    PRIMARY KEY (council_no, message, member),
    FOREIGN KEY (council_no, seq) REFERENCES entry (council_no, seq)
);
