//! How often some things were changed since the store was opened, so that what follows from them is
//! worked out again only when they were. Counted by the database itself, within the transaction that
//! changes them; in memory, for this connection alone.

use std::sync::atomic::{AtomicI64, Ordering};

use client::ports::{SealedTally, StoreError};
use rusqlite::Connection;

use crate::error::Doing;

const DOING: &str = "looking at what has changed";

/// What is counted: how lists and letters stand, with whom the person agreed; notes that came closed;
/// and what may come that is to be erased.
const COUNTERS: &str = "
CREATE TEMP TABLE tally (
    what  TEXT NOT NULL PRIMARY KEY,
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TEMP TRIGGER tally_key_came AFTER INSERT ON main.key_op BEGIN
    UPDATE tally SET times = times + 1 WHERE what IN ('keys', 'sight');
END;
CREATE TEMP TRIGGER tally_key_changed AFTER UPDATE ON main.key_op
WHEN OLD.seq IS NOT NEW.seq OR OLD.refused <> NEW.refused OR OLD.op_hash <> NEW.op_hash BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'keys';
END;
CREATE TEMP TRIGGER tally_key_went AFTER DELETE ON main.key_op BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'keys';
END;
CREATE TEMP TRIGGER tally_key_left AFTER DELETE ON main.outbox
WHEN EXISTS (SELECT 1 FROM key_op WHERE op_hash = OLD.op_hash) BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'keys';
END;
CREATE TEMP TRIGGER tally_key_waits AFTER INSERT ON main.outbox
WHEN EXISTS (SELECT 1 FROM key_op WHERE op_hash = NEW.op_hash) BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'keys';
END;
CREATE TEMP TRIGGER tally_agreed AFTER INSERT ON main.setting WHEN NEW.name = 'agreed' BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'keys';
END;
CREATE TEMP TRIGGER tally_agreed_anew AFTER UPDATE ON main.setting WHEN NEW.name = 'agreed' BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'keys';
END;

CREATE TEMP TRIGGER tally_closed_came AFTER INSERT ON main.closed BEGIN
    UPDATE tally SET times = times + 1 WHERE what IN ('closed', 'sight');
END;
CREATE TEMP TRIGGER tally_document_came AFTER INSERT ON main.noted BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'sight';
END;
CREATE TEMP TRIGGER tally_unread_came AFTER INSERT ON main.unread BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'sight';
END;
CREATE TEMP TRIGGER tally_sitting_came AFTER INSERT ON main.record WHEN NEW.entity = 'sitting' BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'sight';
END;
CREATE TEMP TRIGGER tally_sitting_changed AFTER UPDATE ON main.record WHEN NEW.entity = 'sitting' BEGIN
    UPDATE tally SET times = times + 1 WHERE what = 'sight';
END;
";

/// Where the next connection begins to count: a store that is opened again in the life of one program
/// must not come to a number that stood for something else.
static BEGINS: AtomicI64 = AtomicI64::new(1);

/// Begins to count.
pub(crate) fn begin(db: &Connection) -> Result<(), StoreError> {
    let begins = BEGINS.fetch_add(1 << 32, Ordering::Relaxed);
    db.execute_batch(COUNTERS).doing(DOING)?;
    db.execute(
        "INSERT INTO tally (what, times) VALUES ('keys', ?1), ('closed', ?1), ('sight', ?1)",
        [begins],
    )
    .map(drop)
    .doing(DOING)
}

/// What sealing looks at.
pub(crate) fn sealed(db: &Connection) -> Result<SealedTally, StoreError> {
    Ok(SealedTally { keys: times(db, "keys")?, closed: times(db, "closed")? })
}

/// What [`crate::forget`] looks at.
pub(crate) fn sight(db: &Connection) -> Result<u64, StoreError> {
    times(db, "sight")
}

fn times(db: &Connection, what: &str) -> Result<u64, StoreError> {
    db.prepare_cached("SELECT times FROM temp.tally WHERE what = ?1")
        .and_then(|mut find| find.query_row([what], |row| row.get::<_, i64>(0)))
        .map(i64::unsigned_abs)
        .doing(DOING)
}
