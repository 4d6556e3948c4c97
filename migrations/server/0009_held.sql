-- Letters that a restored server holds back: the copy does not know whether they left after it was
-- taken. Until somebody who knows has released or dropped them, they stay.
CREATE TABLE post_hold (
    council_no INTEGER PRIMARY KEY REFERENCES council (council_no),
    -- What was written before this moment may have left already, Unix milliseconds.
    since_ms   INTEGER NOT NULL
) STRICT;

-- 'untold': held, and the log does not say so yet.
ALTER TABLE post ADD COLUMN held TEXT NOT NULL DEFAULT 'no' CHECK (held IN ('no', 'untold', 'told'));
CREATE INDEX post_untold ON post (post_no) WHERE held = 'untold' AND state = 'waiting';
