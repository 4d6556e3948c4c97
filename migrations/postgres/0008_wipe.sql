-- Devices that are shut out and shall empty themselves: what migrations/server/0011_wipe.sql says in SQLite.
CREATE TABLE wipe (
    device_no  bigint PRIMARY KEY REFERENCES device (device_no),
    by_device  bytea NOT NULL CHECK (length(by_device) = 16),
    ordered_ms bigint NOT NULL,
    signature  bytea NOT NULL CHECK (length(signature) = 64),
    taken_ms   bigint NOT NULL,
    emptied_ms bigint
);
