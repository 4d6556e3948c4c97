-- Counts the changes to who may come in and what they may do. A running server keeps in memory who
-- holds which session; it looks at this number after every commit, its own or another process's,
-- and forgets what it kept when the number has grown.
CREATE TABLE standing (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    changes INTEGER NOT NULL
) STRICT;
INSERT INTO standing (one, changes) VALUES (1, 0);

CREATE TRIGGER device_standing AFTER UPDATE OF standing ON device
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER device_gone AFTER DELETE ON device
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER member_standing AFTER UPDATE OF role, revoked_ms ON member
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER member_gone AFTER DELETE ON member
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER group_joined AFTER INSERT ON member_group
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER group_left AFTER DELETE ON member_group
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER council_begun_again AFTER UPDATE OF incarnation ON council
BEGIN UPDATE standing SET changes = changes + 1; END;
CREATE TRIGGER session_ended AFTER DELETE ON session
BEGIN UPDATE standing SET changes = changes + 1; END;
