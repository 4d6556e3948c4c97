-- The server's store: one log per council, who may read and write it, and the papers each holds.
-- Identifiers are 16-byte UUIDs, times are Unix milliseconds of the server's clock.

-- A tenant and the end of its log.
CREATE TABLE council (
    council_no  INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    name        TEXT NOT NULL,
    -- Sequence number of the last entry. An entry's place is council_no << 40 | seq.
    head        INTEGER NOT NULL DEFAULT 0 CHECK (head BETWEEN 0 AND 1099511627775),
    -- Names this copy of the log; a restore draws another one, so that tablets that have seen more
    -- than the backup holds start again from the beginning.
    incarnation INTEGER NOT NULL
) STRICT;

-- What the server must know of a person; the rest stands in the person's record.
CREATE TABLE member (
    council_no INTEGER NOT NULL REFERENCES council (council_no),
    id         BLOB NOT NULL CHECK (length(id) = 16),
    role       TEXT NOT NULL CHECK (role IN ('clerk', 'official', 'guest')),
    revoked_ms INTEGER,
    PRIMARY KEY (council_no, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE member_group (
    council_no INTEGER NOT NULL,
    member     BLOB NOT NULL,
    grp        BLOB NOT NULL CHECK (length(grp) = 16),
    PRIMARY KEY (council_no, member, grp),
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    device_no   INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    council_no  INTEGER NOT NULL,
    member      BLOB NOT NULL,
    name        TEXT NOT NULL,
    signing_key BLOB NOT NULL CHECK (length(signing_key) = 32),
    enrolled_ms INTEGER NOT NULL,
    -- 'quarantined': it sent two different operations under one number (a copy of a tablet, or one
    -- put back to an older state); it reads on but writes no more until it is enrolled anew.
    standing    TEXT NOT NULL DEFAULT 'good'
                CHECK (standing IN ('good', 'quarantined', 'revoked')),
    -- Number of its last operation that was answered for good.
    last_seq    INTEGER NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
    -- Set by a restore: operations after the backup are lost here, so the next number it sends is
    -- taken whatever the distance.
    line_open   INTEGER NOT NULL DEFAULT 0 CHECK (line_open IN (0, 1)),
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
) STRICT;
CREATE INDEX device_of_member ON device (council_no, member);

-- The log. Never updated, never deleted from.
CREATE TABLE entry (
    place          INTEGER PRIMARY KEY,
    device_no      INTEGER NOT NULL REFERENCES device (device_no),
    device_seq     INTEGER NOT NULL CHECK (device_seq > 0),
    kind           TEXT NOT NULL CHECK (kind IN ('note', 'record')),
    owner          BLOB NOT NULL CHECK (length(owner) = 16),
    audience       TEXT NOT NULL
                   CHECK (audience IN ('private', 'group', 'council', 'administration')),
    audience_group BLOB CHECK (audience_group IS NULL OR length(audience_group) = 16),
    document       BLOB NOT NULL CHECK (length(document) = 16),
    epoch          INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
    made_ms        INTEGER NOT NULL,
    received_ms    INTEGER NOT NULL,
    -- The version a record got; 0 for notes.
    record_version INTEGER NOT NULL CHECK ((kind = 'record') = (record_version > 0)),
    op_hash        BLOB NOT NULL CHECK (length(op_hash) = 32),
    signature      BLOB NOT NULL CHECK (length(signature) = 64),
    payload        BLOB NOT NULL,
    -- A group's audience names its group and no other audience does.
    CHECK ((audience = 'group') = (audience_group IS NOT NULL))
) STRICT;
-- Idempotency: one operation per device and number.
CREATE UNIQUE INDEX entry_of_device ON entry (device_no, device_seq);
-- A pull passes over what its member may not see without reading the payloads.
CREATE INDEX entry_by_audience ON entry (place, audience, owner, audience_group);

-- Final answers that put nothing in the log, kept so that a repeat gets the same answer.
CREATE TABLE refusal (
    device_no  INTEGER NOT NULL REFERENCES device (device_no),
    device_seq INTEGER NOT NULL CHECK (device_seq > 0),
    op_hash    BLOB NOT NULL CHECK (length(op_hash) = 32),
    -- A conflict tells the version that stood then; a refusal its wire::ProblemCode.
    conflict_current INTEGER,
    problem    INTEGER,
    PRIMARY KEY (device_no, device_seq),
    CHECK ((conflict_current IS NULL) <> (problem IS NULL))
) STRICT, WITHOUT ROWID;

-- Where each record of the catalogue stands now.
CREATE TABLE record (
    council_no INTEGER NOT NULL REFERENCES council (council_no),
    entity     TEXT NOT NULL CHECK (entity IN ('council', 'member', 'group', 'body', 'sitting')),
    id         BLOB NOT NULL CHECK (length(id) = 16),
    version    INTEGER NOT NULL CHECK (version > 0),
    place      INTEGER NOT NULL REFERENCES entry (place),
    -- Whether everyone has been shown it; it cannot be hidden again.
    shown      INTEGER NOT NULL CHECK (shown IN (0, 1)),
    PRIMARY KEY (council_no, entity, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
    code_hash   BLOB PRIMARY KEY CHECK (length(code_hash) = 32),
    council_no  INTEGER NOT NULL,
    member      BLOB NOT NULL,
    expires_ms  INTEGER NOT NULL,
    -- The device it enrolled; a used invitation enrols no other.
    used_by     INTEGER REFERENCES device (device_no),
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    device_no  INTEGER NOT NULL REFERENCES device (device_no),
    -- The challenge it was opened with: unique, so that a challenge serves once.
    nonce      BLOB NOT NULL UNIQUE CHECK (length(nonce) = 32),
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_expiry ON session (expires_ms);

-- Which council holds which paper: a paper belongs to the councils that uploaded it whole.
CREATE TABLE paper (
    council_no  INTEGER NOT NULL REFERENCES council (council_no),
    sha256      BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes       INTEGER NOT NULL CHECK (bytes >= 0),
    uploaded_ms INTEGER NOT NULL,
    PRIMARY KEY (council_no, sha256)
) STRICT, WITHOUT ROWID;
