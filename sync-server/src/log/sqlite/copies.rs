//! Copies of the database: taken while the server runs, and made fit to serve again.

use std::path::Path;

use domain::{CouncilId, Sha256};
use rusqlite::{Connection, params};

use super::columns::unsigned;
use super::post;
use super::schema::{self, OpenError};
use crate::codes::random;
use crate::log::LogError;

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
