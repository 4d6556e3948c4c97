//! Copies of the database: taken while the server runs, and made fit to serve again.

use std::path::Path;

use domain::{Ark, CouncilId, Sha256};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::columns::{role_text, unsigned};
use super::post;
use super::schema::{self, OpenError};
use crate::codes::random;
use crate::log::{LogError, rules};

/// Name of a device whose own name was lost with the server.
const READMITTED: &str = "?";

/// Copies the database as it stands at this moment to a new file. Writers are not held up.
///
/// # Errors
/// [`OpenError`]; the new file must not exist.
pub fn snapshot(database: &Path, copy: &Path) -> Result<(), OpenError> {
    let connection = schema::open_read_only(database)?;
    schema::check_version(&connection, database)?;
    connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
    Ok(())
}

/// A paper that a council holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The paper.
    pub sha256: Sha256,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Every paper that some council holds, each once.
///
/// # Errors
/// The database cannot be read.
pub fn papers(connection: &Connection) -> Result<Vec<Held>, LogError> {
    let mut statement =
        connection.prepare("SELECT DISTINCT sha256, bytes FROM paper ORDER BY sha256")?;
    let papers = statement
        .query_map([], |row| {
            Ok(Held { sha256: Sha256::from_bytes(row.get(0)?), bytes: unsigned(row, 1)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(papers)
}

/// Makes a restored copy fit to serve. Whatever came after the backup is lost here, but not on the
/// tablets: each council gets a new incarnation, so that tablets start again from the beginning
/// instead of trusting a cursor of another log; each device's line is opened, so that its next
/// number is taken; nobody stays logged in; the post holds what may have left after the backup. The
/// answer is the councils, and how many messages of the queue are held.
///
/// # Errors
/// The database cannot be written.
pub fn begin_again(
    connection: &Connection,
    now_ms: i64,
) -> Result<(Vec<CouncilId>, u64), LogError> {
    let councils: Vec<(i64, [u8; 16])> = connection
        .prepare("SELECT council_no, id FROM council ORDER BY council_no")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (council_no, _) in &councils {
        let incarnation =
            i64::from_be_bytes(random().map_err(|error| LogError::Failing(error.to_string()))?)
                & i64::MAX;
        connection.execute(
            "UPDATE council SET incarnation = ?1 WHERE council_no = ?2",
            params![incarnation, council_no],
        )?;
    }
    connection.execute("UPDATE device SET line_open = 1", [])?;
    connection.execute("DELETE FROM session", [])?;
    let held = post::hold(connection, now_ms)?;
    Ok((councils.into_iter().map(|(_, id)| CouncilId::from_bytes(id)).collect(), held))
}

/// Lets in the devices of an ark that this log does not know, with their members; how many. None when
/// the ark is another council's. Their lines are open: nobody knows here how far they had come.
///
/// # Errors
/// The database cannot be written.
pub fn readmit(
    connection: &mut Connection,
    ark: &Ark,
    now_ms: i64,
) -> Result<Option<usize>, LogError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let council_no: Option<i64> = transaction
        .query_row(
            "SELECT council_no FROM council WHERE id = ?1",
            [ark.council.id.to_bytes()],
            |r| r.get(0),
        )
        .optional()?;
    let Some(council_no) = council_no else { return Ok(None) };
    let mut added = 0;
    for member in &ark.members {
        // Who has left comes in no more; the record says so, or will again.
        if member.left.is_some() {
            continue;
        }
        let (role, _) = rules::rights(member);
        transaction.execute(
            "INSERT OR IGNORE INTO member (council_no, id, role) VALUES (?1, ?2, ?3)",
            params![council_no, member.id.to_bytes(), role_text(role)],
        )?;
        let devices = ark.devices.iter().filter(|card| card.member == member.id);
        for card in devices.filter(|card| card.revoked.is_none()) {
            added += transaction.execute(
                "INSERT OR IGNORE INTO device (id, council_no, member, name, signing_key,
                                               enrolled_ms, line_open)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)",
                params![
                    card.id.to_bytes(),
                    council_no,
                    member.id.to_bytes(),
                    READMITTED,
                    card.signing_key.as_bytes(),
                    now_ms
                ],
            )?;
        }
    }
    transaction.commit()?;
    Ok(Some(added))
}
