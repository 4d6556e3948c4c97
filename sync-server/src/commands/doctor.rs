//! `doctor`: looks for damage in a data directory and changes nothing. The server may run.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ring::signature::{Ed25519KeyPair, KeyPair};
use rusqlite::Connection;
use serde::Serialize;

use super::CommandError;
use crate::blobs::files::{digest_of, place};
use crate::config::{blobs_dir, database_file, key_file};
use crate::log::LogError;
use crate::log::sqlite::{OpenError, checkup, copies, schema};

/// What a restore works on before it gets its name.
const RESTORING: &str = "log.sqlite.restoring";

/// An upload that has not moved for this long, in milliseconds, will not be carried on.
const STALE_UPLOAD_MS: i64 = 24 * 3_600_000;

/// What the doctor found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// One sentence for each thing that is wrong.
    pub problems: Vec<String>,
}

/// Examines a data directory.
///
/// # Errors
/// There is nothing to examine, or a newer server made it. Damage is no error but a finding.
pub fn doctor(data: &Path, now_ms: i64) -> Result<Health, CommandError> {
    let database = database_file(data);
    if !database.exists() {
        return Err(CommandError::NoCouncil(data.to_owned()));
    }
    let mut problems = Vec::new();
    match examine_log(data, &database, &mut problems) {
        Ok(()) => {}
        Err(CommandError::Database(OpenError::Database(error))) => {
            problems.push(format!("The database cannot be read: {error}."));
        }
        Err(CommandError::Log(error @ (LogError::Failing(_) | LogError::Full))) => {
            problems.push(error.to_string());
        }
        Err(error) => return Err(error),
    }
    half_uploads(data, now_ms, &mut problems)?;
    if data.join(RESTORING).exists() {
        problems.push(format!(
            "A restore was cut short and left {RESTORING}; restore into an empty directory again."
        ));
    }
    Ok(Health { ok: problems.is_empty(), problems })
}

fn examine_log(
    data: &Path,
    database: &Path,
    problems: &mut Vec<String>,
) -> Result<(), CommandError> {
    let connection = schema::open_read_only(database)?;
    schema::check_version(&connection, database)?;
    // One moment for everything, while the server goes on writing.
    connection.execute_batch("BEGIN").map_err(OpenError::from)?;
    problems.extend(checkup::problems(&connection)?);
    problems.extend(checkup::papers_never_uploaded(&connection)?);
    own_key(data, &connection, problems)?;
    for paper in copies::papers(&connection)? {
        let path = place(&blobs_dir(data), paper.sha256);
        let name = paper.sha256;
        match digest_of(&path) {
            Ok(digest) if digest == name => {
                let length = std::fs::metadata(&path).map(|meta| meta.len());
                if length.is_ok_and(|length| length != paper.bytes) {
                    let bytes = paper.bytes;
                    problems.push(format!(
                        "The paper {name} is whole, but the database says {bytes} bytes."
                    ));
                }
            }
            Ok(_) => problems.push(format!("The paper {name} is damaged on the disk.")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                problems.push(format!("The paper {name} is missing."));
            }
            Err(error) => problems.push(format!("The paper {name} cannot be read: {error}.")),
        }
    }
    Ok(())
}

/// The key with which the office signs: there, nobody else's to read, and the one that the councils
/// know.
fn own_key(
    data: &Path,
    connection: &Connection,
    problems: &mut Vec<String>,
) -> Result<(), CommandError> {
    let path = key_file(data);
    let document = match std::fs::read(&path) {
        Ok(document) => document,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            problems.push(
                "The server's own key is missing: devices are not listed and nothing is sent; put \
                 server.key of a backup back."
                    .to_owned(),
            );
            return Ok(());
        }
        Err(error) => return Err(CommandError::at(path)(error)),
    };
    let mode = std::fs::metadata(&path).map_err(CommandError::at(&path))?.permissions().mode();
    if mode & 0o077 != 0 {
        problems.push(format!("{} can be read by others than its owner.", path.display()));
    }
    let Ok(key) = Ed25519KeyPair::from_pkcs8(&document) else {
        problems.push("The server's own key is damaged.".to_owned());
        return Ok(());
    };
    for (council, known) in checkup::offices(connection)? {
        let own: &[u8] = key.public_key().as_ref();
        if own != known.as_slice() {
            problems
                .push(format!("The server's own key is not the one that council {council} knows."));
        }
    }
    Ok(())
}

fn half_uploads(data: &Path, now_ms: i64, problems: &mut Vec<String>) -> Result<(), CommandError> {
    let dir = blobs_dir(data).join("partial");
    let entries = match std::fs::read_dir(&dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(CommandError::at(dir)(error)),
    };
    let mut stale = 0;
    for entry in entries {
        let modified = entry.and_then(|entry| entry.metadata()?.modified());
        let modified = modified.map_err(CommandError::at(&dir))?;
        let modified_ms =
            jiff::Timestamp::try_from(modified).map_or(i64::MAX, jiff::Timestamp::as_millisecond);
        if now_ms.saturating_sub(modified_ms) > STALE_UPLOAD_MS {
            stale += 1;
        }
    }
    if stale > 0 {
        problems.push(format!(
            "{stale} upload(s) were begun and never finished; the files in {} may be deleted.",
            dir.display()
        ));
    }
    Ok(())
}
