-- What happened at the council's doors and by whom: what migrations/server/0010_audit.sql says in SQLite.
CREATE TABLE audit (
    audit_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    council_no bigint NOT NULL REFERENCES council (council_no),
    at_ms      bigint NOT NULL,
    done       text NOT NULL CHECK (length(done) > 0),
    device     bytea CHECK (device IS NULL OR length(device) = 16),
    member     bytea CHECK (member IS NULL OR length(member) = 16),
    subject    bytea CHECK (subject IS NULL OR length(subject) = 16),
    detail     text NOT NULL
);
CREATE INDEX audit_of_council ON audit (council_no, audit_no);

CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'the audit log is never rewritten';
    END IF;
    -- Only what is older than a year (31,536,000,000 ms) before the newest line may be forgotten.
    IF OLD.at_ms > (SELECT max(at_ms) FROM audit) - 31536000000 THEN
        RAISE EXCEPTION 'the audit log is kept for a year';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
