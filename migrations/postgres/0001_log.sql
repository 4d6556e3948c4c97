-- The server's store on PostgreSQL: what migrations/server says in SQLite, in one form. Identifiers
-- are 16-byte UUIDs, times are Unix milliseconds of the server's clock. The row of a council is locked
-- by whoever appends to its log, so that sequence numbers follow commit order within a council while
-- councils run beside each other. A sequence would not do: its numbers commit out of order, and a
-- reader would pass over rows.

CREATE TABLE council (
    council_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          bytea NOT NULL UNIQUE CHECK (length(id) = 16),
    name        text NOT NULL,
    head        bigint NOT NULL DEFAULT 0 CHECK (head >= 0),
    incarnation bigint NOT NULL
);

CREATE TABLE member (
    council_no bigint NOT NULL REFERENCES council (council_no),
    id         bytea NOT NULL CHECK (length(id) = 16),
    role       text NOT NULL CHECK (role IN ('clerk', 'official', 'guest')),
    revoked_ms bigint,
    PRIMARY KEY (council_no, id)
);

CREATE TABLE member_group (
    council_no bigint NOT NULL,
    member     bytea NOT NULL,
    grp        bytea NOT NULL CHECK (length(grp) = 16),
    PRIMARY KEY (council_no, member, grp),
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
);

CREATE TABLE device (
    device_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          bytea NOT NULL UNIQUE CHECK (length(id) = 16),
    council_no  bigint NOT NULL,
    member      bytea NOT NULL,
    name        text NOT NULL,
    signing_key bytea NOT NULL CHECK (length(signing_key) = 32),
    enrolled_ms bigint NOT NULL,
    standing    text NOT NULL DEFAULT 'good'
                CHECK (standing IN ('good', 'quarantined', 'revoked')),
    last_seq    bigint NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
    line_open   boolean NOT NULL DEFAULT false,
    seen_ms     bigint,
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
);
CREATE INDEX device_of_member ON device (council_no, member);

CREATE TABLE entry (
    council_no     bigint NOT NULL REFERENCES council (council_no),
    seq            bigint NOT NULL CHECK (seq > 0),
    device_no      bigint NOT NULL REFERENCES device (device_no),
    device_seq     bigint NOT NULL CHECK (device_seq > 0),
    kind           text NOT NULL,
    owner          bytea NOT NULL CHECK (length(owner) = 16),
    audience       text NOT NULL
                   CHECK (audience IN ('private', 'group', 'council', 'administration')),
    audience_group bytea CHECK (length(audience_group) = 16),
    document       bytea NOT NULL CHECK (length(document) = 16),
    epoch          bigint NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
    made_ms        bigint NOT NULL,
    received_ms    bigint NOT NULL,
    record_version bigint NOT NULL CHECK (record_version >= 0),
    op_hash        bytea NOT NULL CHECK (length(op_hash) = 32),
    signature      bytea NOT NULL CHECK (length(signature) = 64),
    payload        bytea NOT NULL,
    PRIMARY KEY (council_no, seq),
    CHECK ((audience = 'group') = (audience_group IS NOT NULL))
);
CREATE UNIQUE INDEX entry_of_device ON entry (device_no, device_seq);

CREATE TABLE refusal (
    device_no        bigint NOT NULL REFERENCES device (device_no),
    device_seq       bigint NOT NULL CHECK (device_seq > 0),
    op_hash          bytea NOT NULL CHECK (length(op_hash) = 32),
    conflict_current bigint,
    problem          bigint,
    PRIMARY KEY (device_no, device_seq),
    CHECK ((conflict_current IS NULL) <> (problem IS NULL))
);

CREATE TABLE record (
    council_no bigint NOT NULL REFERENCES council (council_no),
    entity     text NOT NULL,
    id         bytea NOT NULL CHECK (length(id) = 16),
    version    bigint NOT NULL CHECK (version > 0),
    seq        bigint NOT NULL,
    shown      boolean NOT NULL,
    PRIMARY KEY (council_no, entity, id),
    FOREIGN KEY (council_no, seq) REFERENCES entry (council_no, seq)
);

CREATE TABLE invitation (
    code_hash  bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    council_no bigint NOT NULL,
    member     bytea NOT NULL,
    expires_ms bigint NOT NULL,
    used_by    bigint REFERENCES device (device_no),
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
);

CREATE TABLE session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    device_no  bigint NOT NULL REFERENCES device (device_no),
    nonce      bytea NOT NULL UNIQUE CHECK (length(nonce) = 32),
    expires_ms bigint NOT NULL
);
CREATE INDEX session_by_expiry ON session (expires_ms);

CREATE TABLE paper (
    council_no  bigint NOT NULL REFERENCES council (council_no),
    sha256      bytea NOT NULL CHECK (length(sha256) = 32),
    bytes       bigint NOT NULL CHECK (bytes >= 0),
    uploaded_ms bigint NOT NULL,
    PRIMARY KEY (council_no, sha256)
);
