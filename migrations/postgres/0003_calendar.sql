-- Calendars of members under an address that nobody can guess. The address itself stands nowhere: the
-- server makes it again from its own key and this count.
CREATE TABLE calendar (
    council_no bigint NOT NULL,
    member     bytea NOT NULL CHECK (length(member) = 16),
    -- How many addresses it has had; the last one is its address.
    addresses  bigint NOT NULL CHECK (addresses > 0),
    -- None once its member has left: whoever comes back is given another one.
    token_hash bytea UNIQUE CHECK (token_hash IS NULL OR length(token_hash) = 32),
    since_ms   bigint NOT NULL,
    PRIMARY KEY (council_no, member),
    FOREIGN KEY (council_no, member) REFERENCES member (council_no, id)
);
