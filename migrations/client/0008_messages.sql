-- Messages to members and what happened to them, kept as signed operations like convocations, by the
-- member whose copy they are about. What has neither a sitting nor a message is a card of the
-- directory.
ALTER TABLE evidence ADD COLUMN message BLOB CHECK (message IS NULL OR length(message) = 16);
ALTER TABLE evidence ADD COLUMN member BLOB CHECK ((member IS NULL) = (message IS NULL));
CREATE INDEX evidence_message ON evidence (member, message) WHERE message IS NOT NULL;
