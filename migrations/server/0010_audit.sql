-- What happened at the council's doors and by whom: for its clerks, who can read it, and against
-- everybody who would rather it had not been written. No code, key, token, address or text of anybody.
CREATE TABLE audit (
    audit_no   INTEGER PRIMARY KEY,
    council_no INTEGER NOT NULL REFERENCES council (council_no),
    at_ms      INTEGER NOT NULL,
    -- A word of `log::audit::Done`; a new one needs no new table.
    done       TEXT NOT NULL CHECK (length(done) > 0),
    -- The device that did it and its member; neither when it was the operator or the server itself.
    device     BLOB CHECK (device IS NULL OR length(device) = 16),
    member     BLOB CHECK (member IS NULL OR length(member) = 16),
    -- What it was done to: a member, a device, a sitting.
    subject    BLOB CHECK (subject IS NULL OR length(subject) = 16),
    -- A role, a device's name, a number, the name of an account.
    detail     TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_council ON audit (council_no, audit_no);

CREATE TRIGGER audit_is_never_rewritten BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never rewritten');
END;
-- Only what is older than a year (31,536,000,000 ms) before the newest line may be forgotten.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at_ms > (SELECT max(at_ms) FROM audit) - 31536000000
BEGIN
    SELECT RAISE(ABORT, 'the audit log is kept for a year');
END;
